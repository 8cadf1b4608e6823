"""Clients of Redis with short timeouts, and their errors as the house knows them.

Slack waits 3 seconds for an answer, and redis-py by default repeats a command ten times, with pauses: it would outlast
Slack, and run every script again. So timeouts and retries are always said here. One quick repeat is allowed where a
repeat is harmless, after a connection broke; every commit carries an id by which the store knows it again. A silent
server is not asked twice, and all questions of one listener together have a limit too.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from bot.domain.store_address import StoreAddress, read_address
from bot.errors import StoreRefused, StoreUnavailable
from bot.store.refusals import is_refusal, told

TIMEOUT: Final = 1.0
"""Seconds to connect, and to wait for an answer."""

PATIENCE: Final = 1.7
"""Seconds that everything may take that one request of Slack asks of the store; with one answer more it is 2.7."""

HEALTH_CHECK: Final = 30
"""A connection that was idle for so many seconds is asked for a PING first: firewalls drop idle ones silently."""

_LOST: Final = (redis.ConnectionError, redis.TimeoutError)


def connect(url: str) -> redis.Redis:
    """Make a client for ``redis://``, ``rediss://`` or ``unix://``; it connects when it is first used.

    Raises StoreUnavailable when the address cannot be read. The address, which may hold a password, is never repeated.
    """
    try:
        address = read_address(url)
    except ValueError as error:
        raise StoreUnavailable(f"REDIS_URL {error}.") from None
    return redis.Redis(
        **_place(address),
        username=address.username or None,
        password=address.password or None,
        db=address.db,
        client_name=address.client_name or None,
        decode_responses=True,
        socket_timeout=TIMEOUT,
        socket_connect_timeout=TIMEOUT,
        health_check_interval=HEALTH_CHECK,
        retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),  # a silent server is asked once
        protocol=2,
    )


def _place(address: StoreAddress) -> dict[str, Any]:
    """Say where to connect, and by which certificates, in redis-py's names."""
    if address.path:
        return {"unix_socket_path": address.path}
    return {
        "host": address.host,
        "port": address.port,
        "ssl": address.tls,
        "ssl_ca_certs": address.ssl_ca_certs or None,
        "ssl_ca_path": address.ssl_ca_path or None,
        "ssl_certfile": address.ssl_certfile or None,
        "ssl_keyfile": address.ssl_keyfile or None,
        "ssl_check_hostname": address.ssl_check_hostname,
        "ssl_cert_reqs": address.ssl_cert_reqs,
    }


@contextmanager
def apart(client: redis.Redis, *, timeout: float = TIMEOUT) -> Iterator[redis.Redis]:
    """Open a client of its own to the same server, on one fresh connection that repeats nothing by itself.

    ``timeout`` is in seconds and counts for each answer.
    """
    pool = client.connection_pool
    said: dict[str, Any] = pool.connection_kwargs | {"retry": Retry(NoBackoff(), 0), "socket_timeout": timeout}
    own = redis.ConnectionPool(connection_class=pool.connection_class, max_connections=1, **said)
    try:
        yield redis.Redis(connection_pool=own)
    finally:
        own.disconnect()


def facts(client: redis.Redis, *sections: str) -> dict[str, Any]:
    """Ask the server about itself (INFO), all sections in one answer."""
    return dict(client.execute_command("INFO", *sections))  # type: ignore[no-untyped-call]  # redis-py leaves it untyped


@dataclass
class _Allowance:
    """Count the seconds that are left."""

    left: float


_allowance: ContextVar[_Allowance | None] = ContextVar("allowance", default=None)


@contextmanager
def spending_at_most(seconds: float) -> Iterator[None]:
    """Give the block so many seconds for all that it asks of the store; then the store counts as silent.

    Somebody waits in Slack for 3 seconds, however many questions an answer needs. For loops nobody waits.
    """
    before = _allowance.set(_Allowance(seconds))
    try:
        yield
    finally:
        _allowance.reset(before)


@contextmanager
def answering(*, lost: type[StoreUnavailable] = StoreUnavailable) -> Iterator[None]:
    """Turn every error of the Redis client into StoreUnavailable: nothing outside ``bot.store`` knows redis-py.

    StoreRefused says that the server answered, and said no; ``lost`` is raised where no answer came, so that what was
    asked for may have been done. Nothing is asked when the time for the store is spent (``spending_at_most``).
    """
    allowance, began = _allowance.get(), time.monotonic()
    if allowance is not None and allowance.left <= 0:
        raise StoreUnavailable("The store answers too slowly for somebody who waits in Slack.")
    try:
        yield
    except redis.RedisError as error:
        raise _kind_of(error, lost)(f"The store did not do what it was asked: {told(error)}") from error
    finally:
        if allowance is not None:
            allowance.left -= time.monotonic() - began


def _kind_of(error: redis.RedisError, lost: type[StoreUnavailable]) -> type[StoreUnavailable]:
    if is_refusal(error):
        return StoreRefused
    return lost if isinstance(error, _LOST) and not isinstance(error, redis.BusyLoadingError) else StoreUnavailable
