"""What every page shows alike, made once for all of them: mPaaS's side, backstage, and the log.

A part is made again when something that it depends on has rung since, or a second has passed.
"""

import json
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from bot.playground.page.backstage import Backstage
from bot.playground.page.bell import Bell
from bot.playground.page.feed import Feed
from bot.playground.page.other_side import other_side
from bot.playground.slack.schema import Json
from bot.playground.stage import Stage

T = TypeVar("T")

LOOK = 1.0
"""Seconds after which is looked at what changes by itself, such as statistics that grow and the clock."""


class Shared:
    """Make each part at most once per change; may be asked from any thread, but not from one that holds a lock."""

    def __init__(self, stage: Stage, backstage: Backstage, bell: Bell) -> None:
        self._stage, self._backstage, self._bell = stage, backstage, bell
        self._lock = threading.Lock()
        self._made: dict[str, tuple[object, Any]] = {}
        self._feed = Feed(stage.slack, stage.mpaas, bell)

    def mpaas(self) -> dict[str, str]:
        """Give the parts of mPaaS's side, as JSON by their names."""

        def parts() -> dict[str, str]:
            return {name: as_json(part) for name, part in other_side(self._stage.mpaas).items()}

        return self._once("mpaas", ("mpaas", "stage"), parts)

    def backstage(self) -> str:
        """Give what is backstage, as JSON."""
        return self._once("backstage", (), lambda: as_json(self._backstage.shown()))

    def _once(self, name: str, what: tuple[str, ...], make: Callable[[], T]) -> T:
        with self._lock:
            version = (self._bell.rung(*what), int(time.monotonic() / LOOK))
            if self._made.get(name, (None, None))[0] != version:
                self._made[name] = (version, make())
            made: T = self._made[name][1]
        return made

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
