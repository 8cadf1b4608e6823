"""The audit trail in the store, and what is remembered about telling people of it.

Commits write it (``lua/trail.lua``); here it is read, and judged by ``bot.domain.trail``. An entry's id in the stream
only says where it stands: what counts is in the entry, and sealed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from bot.domain.content import RequestId
from bot.domain.request import BroadcastRequest, Step
from bot.domain.trail import Entry, Head, Standing, is_chain
from bot.domain.value import Value
from bot.errors import Conflict, UnknownRequest
from bot.store.connection import answering
from bot.store.keys import KEEP_SECONDS
from bot.store.records import FIELDS, Record, read_record
from bot.store.room import Room
from bot.store.scripts import milliseconds

AT_ONCE: Final = 1000
"""Entries read in one round trip."""

ALARM_LASTS: Final = 60 * 60
"""Seconds after which people are told once more of a record that is still broken."""

Place = str
"""The id of an entry in the stream."""

START: Final[Place] = "-"

_Found = Any  # redis-py types an answer as everything that any server and setting may give


@dataclass(frozen=True)
class Kept:
    """Everything that is kept of one request at one moment, and the entries that were new then."""

    record: Record | None
    lines: tuple[str, ...]
    """A commit id, a blank, and the line, each."""
    entries: list[tuple[Place, Entry | None]]


class PostedHead(Value):
    """Which entry was the newest when it was posted, and on which day."""

    day: str
    head: str


class Trail(Room):
    """Read the audit trail, and remember what was told of it."""

    _so_far: tuple[Standing, Place] = Standing(RequestId("")), START
    """What was read last of one request, and up to where."""

    def trail_entries(self, place: Place = START) -> Iterator[tuple[Place, Entry | None]]:
        """Read the trail from a place on, oldest first; None is an entry that has not the shape of one."""
        while True:
            with answering():
                found: _Found = self._client.xrange(self._keys.audit, place, "+", count=AT_ONCE)
            yield from (_read(one) for one in found)
            if len(found) < AT_ONCE:
                return
            place = f"({found[-1][0]}"

    def trail_head(self) -> Head:
        """Name the newest entry."""
        newest = self._newest(1)
        return newest[-1].head if newest and newest[-1] else Head()

    def trail_health(self, count: int) -> tuple[int, bool]:
        """Say how many entries there are, and whether the newest ``count`` are a chain."""
        with answering():
            length = int(self._client.xlen(self._keys.audit))
        newest = self._newest(count)
        entries = [entry for entry in newest if entry is not None]
        return length, len(entries) == len(newest) and is_chain(entries, self.sealer)

    def _newest(self, count: int) -> list[Entry | None]:
        with answering():
            found: _Found = self._client.xrevrange(self._keys.audit, "+", "-", count=count)
        return [_read(one)[1] for one in reversed(found)]

    def trail_complaint(self, request: BroadcastRequest) -> str:
        """Say what the audit trail has against a request as it is stored; empty: nothing."""
        return self._standing(request.id, anew=True).complaint(version=request.version, line=request.head)

    def head_under(self, step: Step, *, commit_id: str) -> Head:
        """Name the newest entry; raise Conflict when the trail has anything against the version that the step follows.

        Only what came after the last reading for this request is read. Raise UnknownRequest when there is no such
        request. That this very commit stands there already is no complaint: the script says that it is repeated.
        """
        request_id = step.request.id
        standing = self._standing(request_id, anew=False)
        with answering():
            if not standing.own and not self._client.exists(self._keys.request(request_id)):
                raise UnknownRequest(request_id)
        complaint = standing.complaint(version=step.expected_version, line=step.line.previous)
        if complaint and not any(entry.commit == commit_id for entry in standing.own):
            raise Conflict(complaint)
        return Head() if standing.last is None else standing.last.head

    def _standing(self, request_id: RequestId, *, anew: bool) -> Standing:
        """Read what the trail says of a request: all of it, or what is new since it was read last."""
        standing, place = self._so_far
        if anew or standing.request_id != request_id:
            standing, place = Standing(request_id), START
        if place == START:
            with answering():
                first = self._client.hget(self._keys.request(request_id), "entry")
            found = list(self.trail_entries(str(first))) if _is_place(first) else []
        else:
            found = list(self.trail_entries(f"({place}"))
        standing = standing.read_on((entry for _, entry in found), self.sealer)
        self._so_far = standing, found[-1][0] if found else place
        return standing

    def request_ids(self) -> list[RequestId]:
        """Name every request of which anything is kept, in the order in which they were made."""
        ids: dict[str, None] = {}
        with answering():
            for pattern in self._keys.of_requests():
                for key in self._client.scan_iter(pattern, count=AT_ONCE):
                    ids[str(key).rpartition(":")[2]] = None
            asked = self._client.pipeline(transaction=False)
            for one in ids:
                asked.hget(self._keys.request(RequestId(one)), "created")
            made = dict(zip(ids, asked.execute(), strict=True))
        return [RequestId(one) for one in sorted(ids, key=lambda one: (_number(made[one]), one))]

    def kept(self, request_id: RequestId, *, after: Place = START) -> Kept:
        """Read everything that is kept of a request, and the trail's entries after a place, all at one moment."""
        with answering():
            asked = self._client.pipeline(transaction=True)
            asked.hmget(self._keys.request(request_id), FIELDS)
            asked.lrange(self._keys.history(request_id), 0, -1)
            asked.xrange(self._keys.audit, after if after == START else f"({after}", "+")
            fields, lines, entries = asked.execute()
        record = read_record(request_id, fields, sealer=self.sealer) if any(fields) else None
        return Kept(record, tuple(map(str, lines)), [_read(one) for one in entries])

    def posted_heads(self) -> dict[str, PostedHead]:
        """Say, for each channel, which head was posted there last."""
        with answering():
            stored = self._client.hgetall(self._keys.audit_posted)
        return {str(channel): PostedHead.model_validate_json(text) for channel, text in stored.items()}

    def reserve_head(self, *, by: str, seconds: int) -> bool:
        """Take the right to post the day's head; False while somebody else has it."""
        with answering():
            return bool(self._client.set(self._keys.audit_posting, by, nx=True, ex=seconds))

    def remember_head(self, channel: str, head: Head, *, day: str) -> None:
        """Remember that a head was posted in a channel, or that there was nothing new to post."""
        posted = PostedHead(day=day, head=str(head))
        with answering():
            both = self._client.pipeline()
            both.hset(self._keys.audit_posted, channel, posted.model_dump_json())
            both.expire(self._keys.audit_posted, KEEP_SECONDS)
            both.execute()

    def sound_alarm(self, request_id: RequestId) -> bool:
        """Have the worker and the announcer look at a broken record at once; False: that was done lately.

        The record as it was found is kept in its hash, the first one wins. That it was done is remembered in the same
        stroke: whoever dies here leaves it to the next. Two at the same moment do it twice, which harms nobody.
        """
        key = self._keys.request(request_id)
        with answering():
            if self._client.exists(self._keys.alarm(request_id)):
                return False
            found: Any = self._client.hget(key, "document")
            all_of_it = self._client.pipeline()
            all_of_it.set(self._keys.alarm(request_id), "1", ex=ALARM_LASTS)
            if found is not None:
                all_of_it.hsetnx(key, "found", found)
            all_of_it.zadd(self._keys.due, {request_id: milliseconds(self._server_now())})
            all_of_it.xadd(self._keys.alarms, {"request": request_id, "kind": "card", "state": "held"})
            all_of_it.execute()
        return True


def _read(entry: tuple[Any, dict[str, str]]) -> tuple[Place, Entry | None]:
    place, fields = entry
    return str(place), Entry.read(fields or {})


def _is_place(text: object) -> bool:
    return isinstance(text, str) and text.replace("-", "", 1).isdecimal()


def _number(text: object) -> int:
    return int(text) if isinstance(text, str) and text.isascii() and text.isdecimal() else 0
