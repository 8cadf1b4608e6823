"""The log as a feed: lines that are new or have changed, each made once, however many pages follow along.

What a line says is ``log``'s business. What cannot change any more is not looked at again.
"""

import itertools
from collections import deque
from collections.abc import Iterator

from bot.playground.mpaas.sim import MpaasSim
from bot.playground.page import log
from bot.playground.page.bell import Bell
from bot.playground.slack.schema import Json
from bot.playground.slack.sim import SlackSim

KEPT = 2 * log.KEPT
"""Lines that a page gets when it is opened, and changes that are remembered for pages that are behind."""


class Feed:
    """Number every new or changed line; not for two threads at once."""

    def __init__(self, slack: SlackSim, mpaas: MpaasSim, bell: Bell) -> None:
        self._slack, self._mpaas, self._bell = slack, mpaas, bell
        self._lines: dict[str, Json] = {}
        self._changes: deque[Json] = deque(maxlen=KEPT)
        self._count = 0
        self._seq = 0
        self._heard = -1
        self._number = 0
        self._unfinished: set[int] = set()

    def all(self) -> tuple[list[Json], int]:
        """List the latest lines, oldest first, and tell how far the feed is."""
        self._read()
        return sorted(self._lines.values(), key=lambda line: str(line["at"])), self._count

    def after(self, count: int) -> tuple[list[Json], int]:
        """List what changed since the feed was that far, and tell how far it is.

        Whoever is too far behind gets all lines again.
        """
        self._read()
        behind = self._count - count
        if behind > len(self._changes):
            return self.all()
        return list(itertools.islice(self._changes, len(self._changes) - behind, None)), self._count

    def _read(self) -> None:
        """Take what happened since the last time; the first time, that is all that is remembered."""
        for line in sorted([*self._from_slack(), *self._from_mpaas()], key=lambda line: str(line["at"])):
            self._lines[str(line["id"])] = line
            self._changes.append(line)
            self._count += 1
        while len(self._lines) > KEPT:
            del self._lines[next(iter(self._lines))]

    def _from_slack(self) -> Iterator[Json]:
        world = self._slack.world
        with world.lock:
            entries = list(itertools.takewhile(lambda entry: entry.seq > self._seq, reversed(world.journal)))
            happened = list(itertools.takewhile(lambda one: one.seq > self._seq, reversed(world.happenings)))
            self._seq = world.seq
        yield from (log.slack_line(entry, world) for entry in entries[: log.KEPT])
        yield from (log.event_line(one) for one in happened if one.kind in log.EVENTS)

    def _from_mpaas(self) -> Iterator[Json]:
        heard = self._bell.rung("mpaas")
        if heard == self._heard:
            return
        self._heard = heard
        for entry in self._mpaas.journal.entries()[-log.KEPT :]:
            if entry.number > self._number or entry.number in self._unfinished:
                self._number = max(self._number, entry.number)
                (self._unfinished.discard if entry.finished else self._unfinished.add)(entry.number)
                line = log.mpaas_line(entry)
                if self._lines.get(str(line["id"])) != line:
                    yield line
