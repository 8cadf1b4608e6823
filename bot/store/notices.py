"""Notices: what the announcer must still say, at least once.

They are a stream with a consumer group. Commits write them; an announcer takes some, says them, and finishes each.
What it does not finish, because Slack refused or because it died, is delivered again after a while, to any announcer;
what has to wait for longer is postponed by itself. Notices of requests with an alarm have a stream of their own, which
is looked at first: no backlog stands before an alarm.
"""

import math
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import redis
from pydantic import ValidationError

from bot.domain.content import RequestId
from bot.domain.request import Notice, NoticeKind
from bot.domain.states import State
from bot.store.connection import TIMEOUT, answering, apart
from bot.store.room import Ahead, Room, not_ahead

GROUP: Final = "announcers"

TAKE_OVER_MS: Final = 30_000
"""A notice that was delivered so long ago, in real time, and is not finished is delivered again."""

_OF_AN_ALARM: Final = "alarm:"
"""Begins the names of entries in the stream of alarms: two streams may give out the same id."""

_START: Final = "0-0"

_Entry = tuple[str, dict[str, str]]


@dataclass(frozen=True)
class PendingNotice:
    """A notice that was delivered and is not finished."""

    entry_id: str
    request_id: RequestId
    notice: Notice
    times_delivered: int
    ahead: Ahead = field(default=not_ahead, repr=False, compare=False)

    @property
    def delivery(self) -> str:
        """Name this delivery, unlike every other one of this notice or of another."""
        return f"{self.entry_id}.{self.times_delivered}"

    @property
    def written_at(self) -> datetime:
        """Say when the notice was committed: a stream's ids begin with the server's time.

        It is as far ahead as the store's clock is now, so that the time between the two is the time that has really
        passed: a message that Slack does not take is tried for a real day, however far the clock was moved.
        """
        milliseconds = self.entry_id.removeprefix(_OF_AN_ALARM).partition("-")[0]
        return datetime.fromtimestamp(int(milliseconds) / 1000, UTC) + self.ahead()


class Notices(Room):
    """Deliver notices, finish them, or leave them for later."""

    def next_notices(
        self, consumer: str, *, count: int, block_ms: int, idle_ms: int = TAKE_OVER_MS
    ) -> list[PendingNotice]:
        """Take up to ``count`` notices, beside new alarms: alarms, then what was left for ``idle_ms``, then new ones.

        What was left is at most half of them, so that many that Slack does not take hold up no new one. Waits up to
        ``block_ms`` for a new one when there is nothing at all; 0 does not wait. ``consumer`` names the announcer: two
        that run at once need two names. Entries this version cannot read are left to one that can.
        """
        with answering():
            try:
                entries = self._take(consumer, count=count, block_ms=block_ms, idle_ms=idle_ms)
            except redis.ResponseError as error:
                if not str(error).startswith("NOGROUP"):
                    raise
                self._found_groups()
                entries = self._take(consumer, count=count, block_ms=block_ms, idle_ms=idle_ms)
            counts = self._deliveries(entries)
        read = [_read(entry, times, self._ahead) for entry, times in zip(entries, counts, strict=True)]
        return [notice for notice in read if notice is not None]

    def finish_notice(self, entry_id: str) -> None:
        """Strike a notice off: it was said, or there is nothing to say. Finishing twice changes nothing."""
        key, entry = self._place(entry_id)
        with answering():
            both = self._client.pipeline()
            both.xack(key, GROUP, entry)
            both.xdel(key, entry)
            both.delete(self._keys.waiting(entry_id))
            both.execute()

    def postpone_notice(self, entry_id: str, consumer: str, *, seconds: int, idle_ms: int = TAKE_OVER_MS) -> None:
        """Have a notice delivered again in so many real seconds; ``idle_ms`` is that with which it was taken."""
        key, entry = self._place(entry_id)
        idle = max(0, idle_ms - seconds * 1000)
        with answering():
            both = self._client.pipeline()
            both.xclaim(key, GROUP, consumer, 0, [entry], idle=idle, justid=True)
            if seconds * 1000 > idle_ms:
                both.set(self._keys.waiting(entry_id), "1", ex=seconds)
            both.execute()

    def notices_waiting(self) -> int:
        """Count the notices that are not finished, delivered or not."""
        with answering():
            both = self._client.pipeline(transaction=False)
            both.xlen(self._keys.alarms)
            both.xlen(self._keys.notices)
            return sum(map(int, both.execute()))

    def _place(self, entry_id: str) -> tuple[str, str]:
        """Name an entry's stream, and its id there."""
        entry = entry_id.removeprefix(_OF_AN_ALARM)
        return (self._keys.notices if entry == entry_id else self._keys.alarms), entry

    def _take(self, consumer: str, *, count: int, block_ms: int, idle_ms: int) -> list[_Entry]:
        entries = self._unfinished(self._keys.alarms, consumer, count=count, idle_ms=idle_ms)
        if len(entries) < count:
            left = math.ceil((count - len(entries)) / 2)
            entries += self._unfinished(self._keys.notices, consumer, count=left, idle_ms=idle_ms)
        if len(entries) < count:
            wait = 0 if entries else block_ms
            entries += self._new(consumer, count=count - len(entries), block_ms=wait)
        return sorted(entries, key=lambda entry: not entry[0].startswith(_OF_AN_ALARM))

    def _unfinished(self, key: str, consumer: str, *, count: int, idle_ms: int) -> list[_Entry]:
        """Take over what was left for long enough, and does not have to wait."""
        entries: list[_Entry] = []
        cursor = _START
        while len(entries) < count:
            cursor, found, _ = self._client.xautoclaim(
                key, GROUP, consumer, idle_ms, start_id=cursor, count=count - len(entries)
            )
            entries += self._ready(self._named(key, found))
            if cursor == _START:
                break
        return entries

    def _ready(self, entries: list[_Entry]) -> list[_Entry]:
        """Leave out those that were postponed: they are looked at again when they were left for long enough."""
        waiting = self._client.mget([self._keys.waiting(entry_id) for entry_id, _ in entries]) if entries else []
        return [entry for entry, waits in zip(entries, waiting, strict=True) if waits is None]

    def _new(self, consumer: str, *, count: int, block_ms: int) -> list[_Entry]:
        streams: dict[Any, Any] = {self._keys.alarms: ">", self._keys.notices: ">"}
        # A long wait would look like a dead server to the shared client: it gets a connection of its own.
        with apart(self._client, timeout=TIMEOUT + block_ms / 1000) as line:
            found: Any = line.xreadgroup(GROUP, consumer, streams, count=count, block=block_ms or None)
        return [entry for key, entries in found for entry in self._named(str(key), entries)]

    def _named(self, key: str, entries: list[_Entry]) -> list[_Entry]:
        begins = _OF_AN_ALARM if key == self._keys.alarms else ""
        return [(f"{begins}{entry_id}", fields) for entry_id, fields in entries]

    def _deliveries(self, entries: list[_Entry]) -> list[int]:
        asked = self._client.pipeline(transaction=False)
        for entry_id, _ in entries:
            key, entry = self._place(entry_id)
            asked.xpending_range(key, GROUP, entry, entry, 1)
        return [rows[0]["times_delivered"] if rows else 1 for rows in asked.execute()]

    def _found_groups(self) -> None:
        for key in (self._keys.alarms, self._keys.notices):
            try:
                self._client.xgroup_create(key, GROUP, id="0", mkstream=True)
            except redis.ResponseError as error:
                if not str(error).startswith("BUSYGROUP"):
                    raise


def _read(entry: _Entry, times: int, ahead: Ahead) -> PendingNotice | None:
    entry_id, fields = entry
    try:
        notice = Notice(kind=NoticeKind(fields["kind"]), state=State(fields["state"]))
    except (ValueError, KeyError, ValidationError):
        return None
    return PendingNotice(entry_id, RequestId(fields["request"]), notice, times, ahead)
