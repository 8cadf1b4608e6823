"""What every room of the store has: a client, the names of keys, the scripts, and the clock.

There is one clock for what people decide about (``Room.now``): the server's, and as far ahead of it as ``ahead`` says.
What guards against crashes and delays of this very moment (heartbeats, reservations, deliveries that are taken over,
remembered groups and drafts, how long records are kept) goes by the server's own time, however far ahead the clock is.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import redis

from bot.domain.seals import Sealer
from bot.store.connection import answering
from bot.store.keys import DEFAULT_PREFIX, Keys
from bot.store.scripts import Scripts

Ahead = Callable[[], timedelta]
"""How far the clock is ahead of the real one, right now; it never goes back."""


def not_ahead() -> timedelta:
    """Say that the clock is the real one."""
    return timedelta(0)


class Room:
    """Hold what the store's methods share; nothing is asked of the server when it is made.

    ``client`` comes from ``bot.store.connection.connect``; ``prefix`` begins every key and holds one hash tag;
    ``sealer`` seals what is written and checks what is read; ``ahead`` moves the clock.
    """

    def __init__(
        self, client: redis.Redis, *, sealer: Sealer, prefix: str = DEFAULT_PREFIX, ahead: Ahead = not_ahead
    ) -> None:
        self._client = client
        self.sealer = sealer
        self._ahead = ahead
        self._keys = Keys(prefix)
        self._scripts = Scripts(client, self._keys, sealer)

    def now(self) -> datetime:
        """Read the store's clock: the only one that decides what is due."""
        with answering():
            return self._moved(self._client.time())

    def _moved(self, time: tuple[int, int]) -> datetime:
        """Move what TIME says (seconds, microseconds) as far ahead as the clock is."""
        return _moment(time) + self._ahead()

    def _server_now(self) -> datetime:
        """Read the server's own clock, which nothing moves."""
        with answering():
            return _moment(self._client.time())


def _moment(time: tuple[int, int]) -> datetime:
    seconds, microseconds = time
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds)
