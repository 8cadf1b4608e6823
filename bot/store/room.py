"""What every room of the store has: a client, the names of keys, and the scripts."""

from datetime import UTC, datetime

import redis

from bot.store.connection import answering
from bot.store.keys import DEFAULT_PREFIX, Keys
from bot.store.scripts import Scripts


class Room:
    """Hold what the store's methods share; nothing is asked of the server when it is made.

    ``client`` comes from ``bot.store.connection.connect``; ``prefix`` begins every key and holds one hash tag.
    """

    def __init__(self, client: redis.Redis, *, prefix: str = DEFAULT_PREFIX) -> None:
        self._client = client
        self._keys = Keys(prefix)
        self._scripts = Scripts(client, self._keys)

    def now(self) -> datetime:
        """Read the store's clock: the only one that decides what is due."""
        with answering():
            seconds, microseconds = self._client.time()
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds)
