"""What is wrong with how the server is set up, in sentences that say what to change.

``doctor`` and the worker's start refuse a store with complaints. This is advice; the guard that holds when nobody
listens is in ``claims``.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import redis

from bot.store.connection import facts
from bot.store.rights import missing

OLDEST: Final = (7, 2)
"""Redis 7.2, and every Valkey: it says so in ``redis_version`` for as long as it is compatible."""

KEEPS_ALL: Final = "noeviction"
"""The one ``maxmemory-policy`` under which nothing that was stored is thrown away."""

Facts = Mapping[str, Any]


def complaints(client: redis.Redis, key: str) -> Iterator[str]:
    """Say everything that is wrong with the server; ``key`` is the bot's own for trying what it may do."""
    try:
        about = facts(client, "everything")
    except redis.ResponseError:
        about = {}
    if not {"run_id", "master_replid", "redis_version", "role"} <= about.keys():
        yield "The server hides INFO, so a restart or fail-over could not be noticed: allow the bot's user to run INFO."
        return
    yield from version_complaints(about)
    yield from (elsewhere := [*_role(about), *_slot(client, key)])
    if not elsewhere:
        yield from missing(client, key)
    yield from _memory(about)
    yield from disk_complaints(client, about)
    yield from _partition(client, int(about.get("connected_slaves", 0)))


def version_complaints(about: Facts) -> Iterator[str]:
    """Say whether the server is too old, by what INFO says of it."""
    version = str(about["redis_version"])
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
        yield f"The server is Redis {version}: use Redis 7.2 or newer, or Valkey."


def _role(about: Facts) -> Iterator[str]:
    if about["role"] != "master":
        yield "The server is a read-only replica: put the address of its primary into REDIS_URL."


def _slot(client: redis.Redis, key: str) -> Iterator[str]:
    try:
        client.exists(key)
    except redis.exceptions.NoPermissionError:
        return  # that is told with all that is forbidden
    except redis.exceptions.MovedError as error:
        yield (
            "The server is a node of a cluster that does not keep the bot's keys: put the address of "
            f"{error.host}:{error.port}, which keeps slot {error.slot_id}, into REDIS_URL."
        )


def _memory(about: Facts) -> Iterator[str]:
    policy = about.get("maxmemory_policy", "hidden")
    if policy != KEEPS_ALL:
        yield f"maxmemory-policy is {policy}, so records may be thrown away: set it to {KEEPS_ALL}."


def disk_complaints(client: redis.Redis, about: Facts) -> Iterator[str]:
    """Say whether the server may forget what it answered, by what INFO says of it and what it is asked."""
    if not int(about.get("aof_enabled", 0)):
        yield "The server keeps no append-only file, so a restart forgets: set appendonly yes."
    elif not int(about.get("connected_slaves", 0)):
        yield from _sync(client)
    if about.get("aof_last_write_status", "ok") != "ok":
        yield "The server could not write its append-only file: look at its disk and its log."


def _partition(client: redis.Redis, replicas: int) -> Iterator[str]:
    """Ask what keeps the server from going on without one of several replicas, which could take over; see 0014."""
    if replicas <= 1:
        return  # it notices itself that it lost its only one
    needed = _setting(client, "min-replicas-to-write")
    if needed is None:
        yield "The server has several replicas and hides min-replicas-to-write: let the bot's user run CONFIG GET."
    elif int(needed) < replicas:
        yield (
            f"The server goes on when one of its {replicas} replicas is cut off, which may then take over and forget a "
            f"send: set min-replicas-to-write to {replicas} on every server, not {needed}."
        )


def _setting(client: redis.Redis, name: str) -> str | None:
    """Read a setting; None when the server hides it."""
    try:
        return str(client.config_get(name).get(name))
    except redis.ResponseError:
        return None


def _sync(client: redis.Redis) -> Iterator[str]:
    """Ask when the file is written. With replicas it does not matter: they confirm each claim."""
    said = _setting(client, "appendfsync")
    if said is None:
        yield "The server has no replica and hides appendfsync: let the bot's user run CONFIG GET, or add a replica."
    elif said != "always":
        yield f"appendfsync is {said}, so a power cut may forget a send: set it to always, or add a replica."
