"""What tests share: a real store, the desk of conversations, and a guard that keeps connections on this machine."""

import sys
from collections.abc import Iterator
from datetime import datetime

import clock
import pytest
import redis
from builders import SEALER
from desk import Desk, Office
from hypothesis import settings
from loopback_only import stay_here

from bot.store.connection import connect
from bot.store.embedded import EmbeddedValkey
from bot.store.store import RequestStore

settings.register_profile("project", deadline=None)
settings.load_profile("project")
# Hypothesis judges answers here, not speed: on a shared machine one example may take any time.


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run begin at another moment, such as the last minute of a year."""
    told = "the moment at which the tests' clock begins, with its offset (default: %(default)s)"
    parser.addoption("--begin", type=datetime.fromisoformat, default=clock.BEGIN, metavar="MOMENT", help=told)
    told = "a number: tests that try a part of something large try another part with each (default: 0)"
    parser.addoption("--turn", type=int, default=0, metavar="N", help=told)


def pytest_configure(config: pytest.Config) -> None:
    """Set the clock, and refuse every connection that leaves the machine, whichever library makes it."""
    clock.begin_at(config.getoption("--begin"))
    sys.addaudithook(stay_here)


@pytest.fixture(scope="session")
def turn(pytestconfig: pytest.Config) -> int:
    """Say which part of something large is tried, or with which dice: the same again for the same number."""
    return int(pytestconfig.getoption("--turn"))


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run one embedded Valkey, set up as in production, for all tests of a session."""
    server = EmbeddedValkey(tmp_path_factory.mktemp("valkey"))
    yield server.ensure()
    server.stop()


@pytest.fixture
def redis_client(redis_url: str) -> Iterator[redis.Redis]:
    """Connect to the session's server, emptied for this test."""
    with connect(redis_url) as client:
        client.flushdb()
        yield client


@pytest.fixture
def store(redis_client: redis.Redis) -> RequestStore:
    """Give an empty store."""
    return RequestStore(redis_client, sealer=SEALER, ahead=clock.ahead)


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
