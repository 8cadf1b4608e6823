"""The loop that says whether Slack can reach this process, and ends the process when it cannot for long.

A process that listens and is deaf looks alive to every supervisor. So it says in the store what it is, for Home and
``doctor`` to see, as long as that is so; and then it ends, with a status that makes a supervisor start it again.
"""

import logging
import time
from collections.abc import Callable
from threading import Event
from typing import Final

from bot import logs
from bot.doors import Door
from bot.errors import SlackUnreached, StoreUnavailable
from bot.store.store import RequestStore
from bot.store.switches import REACHED, UNREACHED

EVERY: Final = 2.0
"""Seconds between two looks."""

HEARTBEAT: Final = 10.0
"""Seconds for which a look counts."""


class Reach:
    """Look at one process's door until asked to stop; ``limit`` is in seconds."""

    def __init__(
        self,
        store: RequestStore,
        door: Door,
        *,
        name: str,
        stopping: Event,
        limit: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._door = door
        self._name = name
        self._stopping = stopping
        self._limit = limit
        self._clock = clock
        self._reached_at = clock()

    def run(self) -> None:
        """Go round until ``stopping`` is set; raise SlackUnreached when Slack could not reach the door for too long."""
        while not self._stopping.wait(EVERY):
            self.turn()

    def turn(self) -> None:
        """Look once, and say it."""
        why = self._door.unreached()
        if not why:
            self._reached_at = self._clock()
        elif not self._stopping.is_set():
            self._complain(why)
        self._beat(UNREACHED if why else REACHED)

    def _complain(self, why: str) -> None:
        seconds = self._clock() - self._reached_at
        logs.write("slack_cannot_reach", level=logging.WARNING, seconds=round(seconds), why=why)
        if self._door.lost or seconds > self._limit:
            raise SlackUnreached(f"Slack has not reached this process for {seconds:.0f} s, so it ends: {why}")

    def _beat(self, role: str) -> None:
        try:
            self._store.beat(self._name, role, seconds=HEARTBEAT)
        except StoreUnavailable as error:
            logs.write("store_unavailable", why=str(error))
