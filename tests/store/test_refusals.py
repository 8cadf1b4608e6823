"""A refusal of the server has the server's word and a sentence."""

import pytest
import redis

from bot.store.refusals import is_refusal, told, word_of


@pytest.mark.parametrize(
    ("error", "word", "sentence"),
    [
        (redis.exceptions.NoPermissionError("User bot may not"), "NOPERM", "give the bot's user that right"),
        (redis.ReadOnlyError("You can't write"), "READONLY", "the address of its primary"),
        (redis.OutOfMemoryError("command not allowed"), "OOM", "give it more"),
        (redis.exceptions.NoScriptError("No matching script."), "NOSCRIPT", "SCRIPT LOAD"),
        (redis.AuthenticationError("Authentication required."), "NOAUTH", "user and password"),
        (redis.exceptions.ClusterDownError("The cluster is down"), "CLUSTERDOWN", "The cluster has no server"),
        (redis.ResponseError("NOREPLICAS Not enough good replicas to write."), "NOREPLICAS", "Fewer replicas"),
        (redis.ResponseError("MISCONF Errors writing to the AOF file"), "MISCONF", "look at its disk"),
        (redis.ResponseError("BUSY Valkey is busy"), "BUSY", "a script of somebody"),
        (redis.ResponseError("DB index is out of range"), "DB index is out of range", "REDIS_URL names a database"),
        (redis.ResponseError("ERR unknown command 'EVALSHA'"), "unknown command", "rename-command"),
        (redis.ResponseError("unknown command 'EVALSHA'"), "unknown command", "rename-command"),
    ],
)
def test_each_refusal_has_its_sentence_beside_the_servers_word(
    error: redis.RedisError, word: str, sentence: str
) -> None:
    assert is_refusal(error)
    assert word_of(error) == word
    assert word in told(error)
    assert str(error).rstrip(".") in told(error)
    assert sentence in told(error)


@pytest.mark.parametrize("error", [redis.ConnectionError("gone"), redis.TimeoutError(), redis.BusyLoadingError("x")])
def test_silence_is_no_refusal(error: redis.RedisError) -> None:
    assert not is_refusal(error)
    assert told(error) == (str(error) or "TimeoutError")


def test_a_word_that_nobody_knows_is_told_as_it_is() -> None:
    assert told(redis.ResponseError("WRONGTYPE Operation against a key")) == "WRONGTYPE Operation against a key"
