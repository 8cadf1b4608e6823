"""What every page shows alike, made once for all of them: mPaaS's side, backstage, and the log.

A part is made again when something that it depends on has rung since, or a second has passed.
"""

import json
import threading
import time
from collections.abc import Callable
from typing import Any

from bot.playground.page.backstage import Backstage
from bot.playground.page.bell import Bell
from bot.playground.page.feed import Feed
from bot.playground.page.other_side import other_side
from bot.playground.slack.schema import Json
from bot.playground.stage import Stage

LOOK = 1.0
"""Seconds after which is looked at what changes by itself, such as statistics that grow and the clock."""


class Shared:
    """Make each part at most once per change; may be asked from any thread, but not from one that holds a lock."""

    def __init__(self, stage: Stage, backstage: Backstage, bell: Bell) -> None:
        self._stage, self._backstage, self._bell = stage, backstage, bell
        self._lock = threading.Lock()
        self._made: dict[str, tuple[object, str]] = {}
        self._feed = Feed(stage.slack, stage.mpaas, bell)

    def wholes(self) -> dict[str, str]:
        """Give the parts that are told whole, as JSON by their names."""
        bell, tick = self._bell, int(time.monotonic() / LOOK)
        with self._lock:
            return {
                "mpaas": self._once(
                    "mpaas", (bell.rung("mpaas", "stage"), tick), lambda: other_side(self._stage.mpaas)
                ),
                "backstage": self._once("backstage", (bell.rung(), tick), self._backstage.shown),
            }

    def _once(self, name: str, version: object, make: Callable[[], Any]) -> str:
        if self._made.get(name, (None, ""))[0] != version:
            self._made[name] = (version, as_json(make()))
        return self._made[name][1]

    def lines(self) -> tuple[list[Json], int]:
        """List the lines of the log, oldest first, and tell how far it is."""
        with self._lock:
            return self._feed.all()

    def lines_after(self, count: int) -> tuple[list[Json], int]:
        """List the lines that are new or changed since the log was that far, and tell how far it is."""
        with self._lock:
            return self._feed.after(count)


def as_json(value: object) -> str:
    """Write a value as JSON in ASCII: half a surrogate pair, which a person can send, has no UTF-8."""
    return json.dumps(value)
