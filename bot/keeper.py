"""The loop that brings the embedded store back when its server was killed, while the bot runs on.

Every process that uses the server has one. They need not agree: whoever comes first starts it, under a lock, and the
others find it running (``bot.store.embedded``). Whether it lives is asked through its socket, as everybody reaches it.
A server that lives and is slow is left alone; one whose socket was removed is ended by its guard, and started again
here. The new server has a new epoch, so what was approved before is held.
"""

import logging
from threading import Event

from bot import logs
from bot.errors import StoreUnavailable
from bot.store.embedded import EmbeddedValkey

EVERY = 2.0
"""Seconds between two looks, and so between two starts."""

TRIES = 5
"""Starts that may fail one after the other; then the data cannot be read, and people have to look."""

SILENT = (
    "The embedded store runs and does not answer: it is stopped or very busy, or its socket was removed; then it is "
    "started again."
)


class Keeper:
    """Look after the embedded server until asked to stop."""

    def __init__(self, server: EmbeddedValkey, *, stopping: Event, every: float = EVERY) -> None:
        self._server = server
        self._stopping = stopping
        self._every = every
        self._failures = 0

    def run(self) -> None:
        """Go round until ``stopping`` is set; raise StoreUnavailable when the server cannot be started any more."""
        while not self._stopping.wait(self._every):
            self.turn()

    def turn(self) -> None:
        """Start the server again if it has ended; one that lives and does not answer is told, and gets no rival."""
        try:
            if self._server.answers():
                self._failures = 0
                return
            if self._server.lives():
                logs.write("store_silent", level=logging.WARNING, why=SILENT)
                return
            self._server.ensure()
        except StoreUnavailable as error:
            self._failures += 1
            logs.write("store_not_started", level=logging.ERROR, attempt=self._failures, of=TRIES, why=str(error))
            if self._failures == TRIES:
                raise
        else:
            self._failures = 0
            logs.write("store_started_again", level=logging.WARNING)
