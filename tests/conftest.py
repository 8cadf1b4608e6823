"""What all tests share: a real store, and a guard that keeps every connection on this machine."""

import ipaddress
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import redis

from bot.store.connection import connect
from bot.store.embedded import EmbeddedValkey
from bot.store.store import RequestStore


class LeftTheMachine(BaseException):
    """A test tried to reach another machine. No code under test can mistake this for a failed connection."""


def is_loopback(address: Any) -> bool:
    """Tell whether an address of a socket is on this machine: a path, or a loopback host."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0]).partition("%")[0]
    try:
        return host in {"localhost", ""} or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _stay_here(event: str, arguments: tuple[Any, ...]) -> None:
    if event in {"socket.connect", "socket.sendto"} and not is_loopback(arguments[1]):
        raise LeftTheMachine(f"{event} to {arguments[1]}")


def pytest_configure() -> None:
    """Refuse every connection that leaves the machine, whichever library makes it."""
    sys.addaudithook(_stay_here)


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
    return RequestStore(redis_client)
