"""The audit trail: one chain over the history lines of all requests, each link sealed.

An entry names one history line by its hash and seals the entry before it, so a link cannot be changed, left out, put
in or moved without the key. Each request's own lines are a second chain (``HistoryLine.previous``), and its newest hash
is in the sealed record. How the trail is stored is ``bot.store.trail``'s; what a whole store must be, ``audit``'s.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Self

from bot.domain.content import RequestId
from bot.domain.request import HistoryLine
from bot.domain.seals import Sealer


@dataclass(frozen=True)
class Head:
    """Name the newest entry: its number and seal; nothing was written yet when the number is 0."""

    n: int = 0
    mac: str = ""

    def __str__(self) -> str:
        return f"{self.n}:{self.mac}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read ``N:MAC`` as it was posted, or None."""
        n, _, mac = text.strip().partition(":")
        return cls(int(n), mac.strip()) if n.isdecimal() and mac.strip() else None


@dataclass(frozen=True)
class Entry:
    """One link: the history line it stands for, its number, and its seal over all of it and the seal before."""

    n: int
    request: RequestId
    version: int
    commit: str
    """The id of the commit that wrote the line."""
    line: str
    """The line's hash."""
    at: int
    """The line's time in milliseconds since 1970."""
    previous: str
    """The seal of the entry before; empty for the first."""
    mac: str

    @property
    def head(self) -> Head:
        """Name this entry as the newest one."""
        return Head(self.n, self.mac)

    @property
    def time(self) -> datetime:
        """Say when the line was written."""
        return datetime.fromtimestamp(self.at / 1000, UTC)

    def holds(self, sealer: Sealer) -> bool:
        """Tell whether the seal is right."""
        return sealer.holds(self.mac, "audit entry", *self._covered())

    def _covered(self) -> tuple[str | int, ...]:
        return self.previous, self.n, self.request, self.version, self.commit, self.line, self.at

    @classmethod
    def after(cls, head: Head, line: HistoryLine, *, request_id: RequestId, commit: str, sealer: Sealer) -> Self:
        """Make the entry of a line that follows the newest one."""
        at = int(line.at.timestamp() * 1000)
        draft = cls(head.n + 1, request_id, line.version, commit, line.fingerprint, at, head.mac, "")
        return cls(**(vars(draft) | {"mac": sealer.seal("audit entry", *draft._covered())}))

    @classmethod
    def read(cls, fields: Mapping[str, str]) -> Self | None:
        """Read a stored entry, or None when it does not have the shape of one."""
        try:
            numbers = {name: int(fields[name]) for name in ("n", "version", "at")}
            entry = cls(**{**fields, **numbers})  # type: ignore[arg-type]  # the numbers are read
        except (KeyError, TypeError, ValueError):
            return None
        return entry if entry.written() == dict(fields) else None

    def written(self) -> dict[str, str]:
        """Write the entry as it is stored."""
        return {name: str(value) for name, value in vars(self).items()}


def is_chain(entries: Sequence[Entry], sealer: Sealer) -> bool:
    """Tell whether entries follow each other without a gap, and each seal is right."""
    follows = all((after.n, after.previous) == (before.n + 1, before.mac) for before, after in pairwise(entries))
    return follows and all(entry.holds(sealer) for entry in entries)


@dataclass(frozen=True)
class Standing:
    """What the trail says of one request, as far as it was read: from the request's first entry on, piece by piece."""

    request_id: RequestId
    own: tuple[Entry, ...] = ()
    last: Entry | None = None
    is_whole: bool = True

    def read_on(self, entries: Iterable[Entry | None], sealer: Sealer) -> Self:
        """Take in the next piece; None is an entry that has not the shape of one."""
        found = [entry for entry in entries if entry is not None]
        own = tuple(entry for entry in found if entry.request == self.request_id)
        joined = found if self.last is None else [self.last, *found]
        return replace(
            self,
            own=self.own + own,
            last=joined[-1] if joined else None,
            is_whole=self.is_whole and is_chain(joined, sealer),
        )

    def complaint(self, *, version: int, line: str) -> str:
        """Say what speaks against a version whose newest line has this hash; empty: nothing does.

        The trail must know every version up to this one, in order, and none after: a sealed record of yesterday is a
        forgery today.
        """
        if len(self.own) > version:
            return "The audit trail knows a later version of this request than the one that is stored."
        if [entry.version for entry in self.own] != list(range(1, version + 1)) or self.own[-1].line != line:
            return "The audit trail does not know this version of the request."
        return "" if self.is_whole else "The audit trail was changed outside the bot."
