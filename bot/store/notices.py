"""Notices: what the announcer must still say, at least once.

They are one stream with one consumer group. Commits write them; an announcer takes some, says them, and finishes each.
What it does not finish, because Slack refused or because it died, is delivered again after a while, to any announcer.
"""

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
        return datetime.fromtimestamp(int(self.entry_id.partition("-")[0]) / 1000, UTC) + self.ahead()


class Notices(Room):
    """Deliver notices and finish them."""

    def next_notices(
        self, consumer: str, *, count: int, block_ms: int, idle_ms: int = TAKE_OVER_MS
    ) -> list[PendingNotice]:
        """Take up to ``count`` notices: first those that somebody left unfinished for ``idle_ms``, then new ones.

        Waits up to ``block_ms`` for a new one when there is nothing at all; 0 does not wait. ``consumer`` names the
        announcer: two that run at once need two names. Entries this version cannot read are left to one that can.
        """
        with answering():
            try:
                entries = self._take(consumer, count=count, block_ms=block_ms, idle_ms=idle_ms)
            except redis.ResponseError as error:
                if not str(error).startswith("NOGROUP"):
                    raise
                self._found_group()
                entries = self._take(consumer, count=count, block_ms=block_ms, idle_ms=idle_ms)
            counts = self._deliveries(entries)
        read = [_read(entry, times, self._ahead) for entry, times in zip(entries, counts, strict=True)]
        return [notice for notice in read if notice is not None]

    def finish_notice(self, entry_id: str) -> None:
        """Strike a notice off: it was said, or there is nothing to say. Finishing twice changes nothing."""
        key = self._keys.notices
        with answering():
            both = self._client.pipeline()
            both.xack(key, GROUP, entry_id)
            both.xdel(key, entry_id)
            both.execute()

    def notices_waiting(self) -> int:
        """Count the notices that are not finished, delivered or not."""
        with answering():
            return int(self._client.xlen(self._keys.notices))

    def _take(self, consumer: str, *, count: int, block_ms: int, idle_ms: int) -> list[_Entry]:
        entries = self._unfinished(consumer, count=count, idle_ms=idle_ms)
        if len(entries) < count:
            wait = 0 if entries else block_ms
            entries += self._new(consumer, count=count - len(entries), block_ms=wait)
        return entries

    def _unfinished(self, consumer: str, *, count: int, idle_ms: int) -> list[_Entry]:
        entries: list[_Entry] = []
        cursor = _START
        while len(entries) < count:
            cursor, found, _ = self._client.xautoclaim(
                self._keys.notices, GROUP, consumer, idle_ms, start_id=cursor, count=count - len(entries)
            )
            entries += found
            if cursor == _START:
                break
        return entries

    def _new(self, consumer: str, *, count: int, block_ms: int) -> list[_Entry]:
        streams: dict[Any, Any] = {self._keys.notices: ">"}
        # A long wait would look like a dead server to the shared client: it gets a connection of its own.
        with apart(self._client, timeout=TIMEOUT + block_ms / 1000) as line:
            found: Any = line.xreadgroup(GROUP, consumer, streams, count=count, block=block_ms or None)
        return [entry for _, entries in found for entry in entries]

    def _deliveries(self, entries: list[_Entry]) -> list[int]:
        asked = self._client.pipeline(transaction=False)
        for entry_id, _ in entries:
            asked.xpending_range(self._keys.notices, GROUP, entry_id, entry_id, 1)
        return [rows[0]["times_delivered"] if rows else 1 for rows in asked.execute()]

    def _found_group(self) -> None:
        try:
            self._client.xgroup_create(self._keys.notices, GROUP, id="0", mkstream=True)
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
