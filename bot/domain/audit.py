"""What a store must look like if nobody changed it outside the bot, and every sentence about what does not.

``Audit`` is given the whole trail in order, and then what is kept of each request. It asks nobody; whoever reads the
store (``bot.operations.auditing``) brings it everything that was written until that moment.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from bot.domain.content import RequestId
from bot.domain.request import BroadcastRequest, HistoryLine, hash_of
from bot.domain.seals import Sealer
from bot.domain.trail import Entry, Head


@dataclass(frozen=True)
class Finding:
    """Say one thing, and of which entry, request and version; it is ``right`` only at the end, as the sum of it all."""

    says: str
    entry: int = 0
    request: str = ""
    version: int = 0
    right: bool = False

    def __str__(self) -> str:
        where = [
            f"entry {self.entry}" if self.entry else "",
            f"request {self.request}" if self.request else "",
            f"version {self.version}" if self.version else "",
        ]
        place = ", ".join(part for part in where if part)
        return f"{place}: {self.says}" if place else self.says


@dataclass(frozen=True)
class Kept:
    """What is kept of one request: its record, judged by its seal, and its history as it is stored."""

    request_id: RequestId
    there: bool
    """Whether there is a record at all."""
    request: BroadcastRequest | None
    complaint: str
    lines: Sequence[str]
    """A commit id, a blank, and the line, each."""


class Audit:
    """Find what was changed; ``oldest`` is the moment before which entries and records may be gone."""

    def __init__(self, sealer: Sealer, *, oldest: datetime, posted: Iterable[Head] = ()) -> None:
        self._sealer = sealer
        self._oldest = oldest
        self._posted = {head: False for head in posted if head.n}
        self._first: Entry | None = None
        self._last: Entry | None = None
        self._entries = 0
        self._of: defaultdict[RequestId, list[Entry]] = defaultdict(list)

    @property
    def requests(self) -> Sequence[RequestId]:
        """Name every request that the trail knows."""
        return tuple(self._of)

    def link(self, entry: Entry | None) -> Iterator[Finding]:
        """Take the next entry of the trail; None is one that can't be read."""
        self._entries += 1
        last = self._last
        if entry is None:
            yield Finding("An entry after this one can't be read.", entry=last.n if last else 0)
            return
        if not entry.holds(self._sealer):
            yield _of(entry, "Its seal is broken.")
        if last is None:
            yield from self._begin(entry)
        elif (entry.n, entry.previous) != (last.n + 1, last.mac):
            yield _of(entry, f"It does not follow entry {last.n}: entries were removed, put in or moved.")
        self._first, self._last = self._first or entry, entry
        self._of[entry.request].append(entry)
        if entry.head in self._posted:
            self._posted[entry.head] = True

    def _begin(self, entry: Entry) -> Iterator[Finding]:
        if entry.n == 1 and entry.previous:
            yield _of(entry, "It is the first, and yet follows another.")
        if entry.n != 1 and entry.time > self._oldest:
            yield _of(entry, "The trail begins here, though what came before is not old enough to be gone.")

    def request(self, kept: Kept) -> Iterator[Finding]:
        """Check everything that is kept of a request, when the trail was given up to that moment."""
        entries = self._of.get(kept.request_id, [])
        if not kept.there and not kept.lines and entries and entries[-1].time <= self._oldest:
            return  # its time of keeping is over
        yield from self._record(kept, entries)
        yield from self._history(kept, entries)

    def _record(self, kept: Kept, entries: Sequence[Entry]) -> Iterator[Finding]:
        about, request = kept.request_id, kept.request
        if not kept.there:
            yield Finding("Its record is gone.", entry=entries[-1].n if entries else 0, request=about)
            return
        if kept.complaint:
            yield Finding(f"Its record was changed. {kept.complaint}", request=about)
        elif request is not None and request.alarm:
            yield Finding("Its record was changed outside the bot, and still says what was found then.", request=about)
        if request is None:
            return
        if request.version != len(kept.lines):
            says = f"Its record is at version {request.version}, and its history has {len(kept.lines)} lines."
            yield Finding(says, request=about)
        elif request.head != hash_of(_text(kept.lines[-1])):
            yield Finding("Its record does not name this line as the newest.", request=about, version=request.version)
        for vote in request.votes:
            if not self._sealer.vote_holds(about, vote):
                yield Finding(f"The vote of {vote.approver} does not carry the bot's seal.", request=about)

    def _history(self, kept: Kept, entries: Sequence[Entry]) -> Iterator[Finding]:
        known: dict[int, Entry] = {}
        for entry in entries:
            if entry.version in known:
                yield _of(entry, "The trail knows this version twice: an older record was put back.")
            known[entry.version] = entry
        before = ""
        for version, line in enumerate(kept.lines, start=1):
            yield from self._line(kept.request_id, version, line, before=before, entry=known.pop(version, None))
            before = hash_of(_text(line))
        for entry in known.values():
            yield _of(entry, "The trail knows this line, and the history does not.")

    def _line(
        self, request_id: RequestId, version: int, kept: str, *, before: str, entry: Entry | None
    ) -> Iterator[Finding]:
        number = entry.n if entry else 0

        def found(says: str) -> Finding:
            return Finding(says, entry=number, request=request_id, version=version)

        commit, text = kept.partition(" ")[0], _text(kept)
        line = read_line(text)
        if line is None:
            yield found("Its line of history can't be read.")
        elif line.version != version:
            yield found(f"Its line of history says that it is of version {line.version}.")
        elif line.previous != before:
            yield found("Its line of history does not follow the line before.")
        if entry is None:
            if line is None or not self._may_be_gone(line.at):
                yield found("The trail does not know its line of history.")
        elif (entry.line, entry.commit) != (hash_of(text), commit):
            yield found("Its line of history is not the one that the trail knows.")

    def _may_be_gone(self, at: datetime) -> bool:
        """Tell whether an entry of that time may have been thrown away because of its age."""
        first = self._first
        return first is not None and first.n > 1 and at <= min(first.time, self._oldest)

    def end(self) -> Iterator[Finding]:
        """Say which posted heads are not in the trail, and how much was checked."""
        first = self._first.n if self._first else 1
        for head, found in self._posted.items():
            if not found and head.n >= first:
                yield Finding("The head that was posted in Slack is not in the trail.", entry=head.n)
        yield Finding(f"{self._entries} entries of {len(self._of)} requests were checked.", right=True)


def read_line(text: str) -> HistoryLine | None:
    """Read a stored line of history, or None when it is none."""
    try:
        return HistoryLine.model_validate_json(text)
    except ValidationError:
        return None


def _text(kept: str) -> str:
    return kept.partition(" ")[2]


def _of(entry: Entry, says: str) -> Finding:
    return Finding(says, entry=entry.n, request=entry.request, version=entry.version)
