"""Check the whole store against its seals and chains, and read its history for others, while the bot may be running."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.domain.audit import Audit, Finding, Kept, read_line
from bot.domain.content import RequestId
from bot.domain.request import hash_of
from bot.domain.trail import Entry, Head
from bot.store.keys import KEEP_SECONDS
from bot.store.store import RequestStore
from bot.store.trail import START

Row = dict[str, str | int]

COLUMNS: Final = (
    "entry", "request", "version", "at", "event", "actor", "before", "after", "detail", "previous", "hash", "commit",
    "seal",
)  # fmt: skip
"""What is said of each line of history: its place in the audit trail, the line, and what chains it."""

_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - full-width ones count
"""What makes a spreadsheet take a cell for a formula (OWASP, CSV injection)."""


def verify(store: RequestStore, *, posted: Iterable[Head] = ()) -> Iterator[Finding]:
    """Yield everything that was changed outside the bot; the last finding is right, and says how much was checked.

    ``posted`` are heads that somebody read in Slack; those that the store remembers to have posted are added.
    """
    remembered = (Head.read(each.head) for each in store.posted_heads().values())
    heads = [*posted, *(head for head in remembered if head is not None)]
    audit = Audit(store.sealer, oldest=store.now() - timedelta(seconds=KEEP_SECONDS), posted=heads)
    place = START
    for place, entry in store.trail_entries():  # noqa: B007 - where the trail ended when it was read
        yield from audit.link(entry)
    waiting, seen = list(store.request_ids()), set[RequestId]()
    while waiting:
        for request_id in waiting:
            kept = store.kept(request_id, after=place)
            for place, entry in kept.entries:  # noqa: B007 - likewise
                yield from audit.link(entry)
            record = kept.record
            complaint = record.complaint if record else ""
            request = record.request if record else None
            yield from audit.request(Kept(request_id, record is not None, request, complaint, kept.lines))
        seen |= set(waiting)
        waiting = [request_id for request_id in audit.requests if request_id not in seen]
    yield from audit.end()


def rows(store: RequestStore, *, since: datetime | None = None, only: RequestId | None = None) -> Iterator[Row]:
    """Yield every line of history, request by request as they were made, in order of versions."""
    place, entries = START, dict[tuple[RequestId, int, str], Entry]()
    for place, entry in store.trail_entries():  # noqa: B007 - where the trail ended when it was read
        if entry is not None and only in {None, entry.request}:
            entries[entry.request, entry.version, entry.line] = entry
    for request_id in [only] if only else store.request_ids():
        for version, kept in enumerate(store.kept(request_id, after=place).lines, start=1):
            row, at = _row(request_id, version, kept, entries)
            if since is None or at is None or at >= since:
                yield row


def _row(
    request_id: RequestId, version: int, kept: str, entries: dict[tuple[RequestId, int, str], Entry]
) -> tuple[Row, datetime | None]:
    commit, _, text = kept.partition(" ")
    line, fingerprint = read_line(text), hash_of(text)
    entry = entries.get((request_id, version, fingerprint))
    if line is None:  # changed by hand; `audit verify` says so, and an export hides nothing
        said: Row = {"event": "unreadable", "detail": text}
    else:
        said = line.model_dump(mode="json", include={"at", "event", "actor", "before", "after", "detail", "previous"})
    chained: Row = {"entry": entry.n if entry else "", "request": request_id, "version": version}
    sealed: Row = {"hash": fingerprint, "commit": commit, "seal": entry.mac if entry else ""}
    whole = chained | said | sealed
    return {name: whole.get(name, "") for name in COLUMNS}, line.at if line else None


def as_json_lines(found: Iterable[Row]) -> Iterator[str]:
    """Write rows as JSON, one a line, with the line's end."""
    yield from (json.dumps(row, ensure_ascii=False) + "\n" for row in found)


def as_csv(found: Iterable[Row]) -> Iterator[str]:
    """Write rows as CSV (RFC 4180), with a header; no cell is a formula to a spreadsheet."""
    yield _csv_line(COLUMNS)
    for row in found:
        yield _csv_line([_harmless(row[name]) for name in COLUMNS])


def _csv_line(cells: Sequence[str | int]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()


def _harmless(cell: str | int) -> str | int:
    """Put an apostrophe before what a spreadsheet would calculate: it shows the text then."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULAS) else cell
