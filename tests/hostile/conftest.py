"""The desk at which every test of a conversation sits; see ``desk``."""

from collections.abc import Iterator

import pytest
import redis
from desk import Desk, Office


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory, redis_url: str) -> Iterator[Office]:
    """Build the bot once for all tests of a session."""
    built = Office(tmp_path_factory.mktemp("office"), redis_url)
    yield built
    built.close()


@pytest.fixture
def desk(office: Office, redis_client: redis.Redis) -> Iterator[Desk]:
    """Give an empty store, a fresh Slack and a fresh mPaaS, and the bot between them."""
    assert redis_client.dbsize() == 0
    with Desk(office) as sitting:
        yield sitting
