"""What the bot asks of a server all day, tried once before it starts: a right that is missing shows there and then.

Nothing of meaning is written: one key that goes away within a minute. The scripts are tried by a script.
"""

from collections.abc import Iterator
from typing import Final

import redis
from redis.client import Pipeline

from bot.store.connection import apart
from bot.store.refusals import told, word_of
from bot.store.scripts import source

KEPT_MS: Final = 60_000
"""Milliseconds that the probe's key stays."""

_KEY: Final = "KEY"
_GROUP: Final = "probe"
_FORBIDDEN: Final = frozenset({"NOPERM", "unknown command"})

# Every command of the store and of its Lua scripts, with as little in it as it takes. DEL stands between the types.
TRIED: Final[tuple[tuple[str, ...], ...]] = (
    ("PING",), ("TIME",), ("SCAN", "0", "MATCH", _KEY, "COUNT", "1"), ("DEL", _KEY), ("EXISTS", _KEY),
    ("SET", _KEY, "1", "PX", str(KEPT_MS)), ("GET", _KEY), ("PTTL", _KEY), ("PERSIST", _KEY), ("INCR", _KEY),
    ("MGET", _KEY), ("EXPIRE", _KEY, "60"), ("PEXPIRE", _KEY, str(KEPT_MS)), ("GETDEL", _KEY),
    ("HSET", _KEY, "a", "1"), ("HSETNX", _KEY, "a", "1"), ("HGET", _KEY, "a"), ("HMGET", _KEY, "a"), ("HGETALL", _KEY),
    ("DEL", _KEY), ("RPUSH", _KEY, "a"), ("LRANGE", _KEY, "0", "-1"), ("LINDEX", _KEY, "0"),
    ("DEL", _KEY), ("ZADD", _KEY, "1", "a"), ("ZRANGE", _KEY, "0", "0"), ("ZRANGEBYSCORE", _KEY, "0", "0"),
    ("ZINTERCARD", "1", _KEY), ("ZREM", _KEY, "a"), ("ZREMRANGEBYSCORE", _KEY, "0", "0"),
    ("DEL", _KEY), ("XADD", _KEY, "1-1", "a", "1"), ("XLEN", _KEY), ("XRANGE", _KEY, "-", "+", "COUNT", "1"),
    ("XREVRANGE", _KEY, "+", "-", "COUNT", "1"), ("XGROUP", "CREATE", _KEY, _GROUP, "0"),
    ("XREADGROUP", "GROUP", _GROUP, _GROUP, "COUNT", "1", "STREAMS", _KEY, ">"),
    ("XAUTOCLAIM", _KEY, _GROUP, _GROUP, "0", "0-0", "COUNT", "1"), ("XPENDING", _KEY, _GROUP),
    ("XCLAIM", _KEY, _GROUP, _GROUP, "0", "1-1"),
    ("XACK", _KEY, _GROUP, "1-1"), ("XDEL", _KEY, "1-1"), ("XTRIM", _KEY, "MAXLEN", "0"), ("DEL", _KEY),
    ("WAIT", "0", "1"), ("SCRIPT", "EXISTS", "0" * 40),
)  # fmt: skip


def missing(client: redis.Redis, key: str) -> Iterator[str]:
    """Say what the server does not let the bot do; ``key`` is this probe's alone, as others may start just now."""
    with apart(client) as line:
        refused = {words[0]: error for words, error in _refusals(line, key) if word_of(error) in _FORBIDDEN}
        if refused:
            yield f"The bot needs {', '.join(refused)}: {told(next(iter(refused.values())))}"
        yield from _transaction(line, key)
        yield from _script(line, key)


def _refusals(line: redis.Redis, key: str) -> Iterator[tuple[tuple[str, ...], redis.ResponseError]]:
    """Try everything in one write, so that no end of this process leaves half of it."""
    asked = line.pipeline(transaction=False)
    for words in TRIED:
        asked.execute_command(*(key if word == _KEY else word for word in words))  # type: ignore[no-untyped-call]  # redis-py's
    for words, answer in zip(TRIED, asked.execute(raise_on_error=False), strict=True):
        if isinstance(answer, redis.ResponseError):
            yield words, answer


def _transaction(line: redis.Redis, key: str) -> Iterator[str]:
    """Read and write in one transaction, as a halt is taken back."""

    def look(asked: Pipeline) -> None:
        asked.multi()
        asked.exists(key)

    try:
        line.transaction(look, key)
    except redis.ResponseError as error:
        yield f"The bot needs WATCH, MULTI and EXEC, together: {told(error)}"


def _script(line: redis.Redis, key: str) -> Iterator[str]:
    """Run a script that writes, as every step of a request does: all that a server can say of a write shows here."""
    try:
        known = line.script_load(source("probe.lua"))  # not only when the server forgot it
        line.evalsha(known, 1, key, KEPT_MS)
    except redis.ResponseError as error:
        yield f"The bot's scripts (EVALSHA, SCRIPT LOAD) do not run: {told(error)}"
