"""What the server says when it answers, and does not do what it was asked: its word, and a sentence for it.

Whoever is refused must not be told that the store did not answer: they would press again, and an operator would look at
the network.
"""

from typing import Final

import redis

_LONGEST_REASON: Final = 200

# redis-py takes the word off the errors that it has a class for.
_WORDS: Final = (
    (redis.exceptions.NoPermissionError, "NOPERM"),
    (redis.ReadOnlyError, "READONLY"),
    (redis.OutOfMemoryError, "OOM"),
    (redis.exceptions.NoScriptError, "NOSCRIPT"),
    (redis.AuthenticationError, "NOAUTH"),
    (redis.exceptions.AuthenticationWrongNumberOfArgsError, "NOAUTH"),
    (redis.exceptions.AskError, "MOVED"),  # a MovedError is one too
    (redis.exceptions.ClusterDownError, "CLUSTERDOWN"),
    (redis.exceptions.ClusterCrossSlotError, "CROSSSLOT"),
)

_SENTENCES: Final = {
    "NOPERM": "The server's ACL forbids it: give the bot's user that right, on the keys that begin with {broadcast}.",
    "READONLY": "The server is a read-only replica: put the address of its primary into REDIS_URL.",
    "NOREPLICAS": "Fewer replicas follow the server than min-replicas-to-write asks for: it takes no writes without "
    "them.",
    "OOM": "The server has used up its maxmemory, and takes no writes: give it more.",
    "MISCONF": "The server could not write to its disk, and takes no writes: look at its disk and its log.",
    "NOSCRIPT": "The server forgets the scripts that it was given: let the bot's user run SCRIPT LOAD.",
    "NOAUTH": "The server does not take the user and password in REDIS_URL.",
    "MOVED": "The server is a node of a cluster that does not keep the bot's keys.",
    "CLUSTERDOWN": "The cluster has no server for a part of its keys.",
    "BUSY": "The server is busy with a script of somebody that does not end.",
    "DB index is out of range": "REDIS_URL names a database that the server does not have.",
    "unknown command": "The server does not know this command, or was told to hide it (rename-command).",
}


def is_refusal(error: redis.RedisError) -> bool:
    """Tell whether the server answered, and said no."""
    return isinstance(error, redis.ResponseError | redis.AuthenticationError | redis.exceptions.AuthorizationError)


def word_of(error: redis.RedisError) -> str:
    """Give the word by which the server names a refusal, such as NOPERM; "" when there is none that we know."""
    known = next((word for kind, word in _WORDS if isinstance(error, kind)), "")
    text = str(error)
    return known or next((word for word in _SENTENCES if text.startswith((word, f"ERR {word}"))), "")


def told(error: redis.RedisError) -> str:
    """Say what went wrong in the server's words, cut, and what they mean where we know it."""
    word, text = word_of(error), str(error)[:_LONGEST_REASON] or type(error).__name__
    said = f"{word} {text}" if word and not text.startswith(word) and word.isupper() else text
    return f"{said.rstrip('.')}. {_SENTENCES[word]}" if word else said
