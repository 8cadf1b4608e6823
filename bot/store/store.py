"""The store of requests: load one, commit a step, find those that are due or in a state.

All rooms of the store meet in ``RequestStore``. No rule about requests belongs here: steps are decided in the domain,
and committed if nobody was faster. Every method raises StoreUnavailable when Redis does not answer in time.
"""

import secrets
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

from bot.domain.content import RequestId, UserId
from bot.domain.request import BroadcastRequest, HistoryLine, Step
from bot.domain.states import State
from bot.errors import AnswerLost, StoreUnavailable, UnknownRequest
from bot.store.claims import Claims, raise_unless_stored
from bot.store.connection import answering
from bot.store.fitness import complaints
from bot.store.keepsakes import Keepsakes
from bot.store.notices import Notices
from bot.store.records import FIELDS, Record, read_line, read_record
from bot.store.scripts import milliseconds
from bot.store.switches import Switches
from bot.store.tallies import Tallies

_AT_ONCE: Final = 50
"""Documents read in one round trip when requests are listed."""


class RequestStore(Claims, Notices, Switches, Keepsakes, Tallies):
    """Keep requests and everything around them in Redis."""

    def get(self, request_id: RequestId) -> BroadcastRequest:
        """Load a request as it is now; raise UnknownRequest when there is none, SealBroken when it was changed."""
        return self.record(request_id).sound()

    def record(self, request_id: RequestId) -> Record:
        """Look at a stored record, whether or not it can be trusted; raise UnknownRequest when there is none."""
        with answering():
            fields: list[Any] = self._client.hmget(self._keys.request(request_id), FIELDS)
        return self._read(request_id, fields)

    def _read(self, request_id: RequestId, fields: Sequence[Any]) -> Record:
        """Read a record; whoever meets one that was changed outside the bot calls the people who see to it."""
        if not any(fields):
            raise UnknownRequest(request_id)
        record = read_record(request_id, fields, sealer=self.sealer)
        if record.complaint:
            # A store that takes no write must not hide what is wrong; the next one who looks calls again.
            with suppress(StoreUnavailable):
                self.sound_alarm(request_id)
        return record

    def commit(self, step: Step, *, commit_id: str) -> BroadcastRequest:
        """Store a step, all of it or nothing, if its version is next; return the request that is stored by it.

        The same ``commit_id`` again is answered as the first time, so whoever got no answer may ask again. Raises
        Conflict when another commit came first (for a new request: when its id is taken), and UnknownRequest;
        AnswerLost when it may be stored and nobody knows.
        """
        with answering(lost=AnswerLost):
            reply = self._scripts.commit(step, commit_id=commit_id)
        raise_unless_stored(reply, step)
        return step.request

    def history(self, request_id: RequestId) -> list[HistoryLine]:
        """Read what happened to a request, oldest first; raise UnknownRequest when nothing did."""
        with answering():
            entries = self._client.lrange(self._keys.history(request_id), 0, -1)
        if not entries:
            raise UnknownRequest(request_id)
        return [read_line(str(entry)) for entry in entries]

    def due(self, limit: int) -> list[RequestId]:
        """Name up to ``limit`` requests whose wake-up time has come by the store's clock, the longest due first."""
        now = milliseconds(self.now())
        with answering():
            found = self._client.zrangebyscore(self._keys.due, "-inf", now, start=0, num=limit)
        return [RequestId(str(one)) for one in found]

    def postpone(self, request_id: RequestId, until: datetime) -> None:
        """Look at a due request again no sooner than ``until``; never sooner than it would be, and never anew."""
        with answering():
            self._client.zadd(self._keys.due, {request_id: milliseconds(until)}, xx=True, gt=True)

    def next_wake(self) -> datetime | None:
        """Say when the next request is due, or None when nothing waits."""
        with answering():
            first = self._client.zrange(self._keys.due, 0, 0, withscores=True)
        return None if not first else datetime.fromtimestamp(float(first[0][1]) / 1000, UTC)

    def list_requests(
        self,
        *,
        states: Collection[State] = tuple(State),
        requester: UserId | None = None,
        limit: int = _AT_ONCE,
    ) -> list[BroadcastRequest]:
        """List up to ``limit`` requests in these states, of one person or of all, by creation, newest first.

        Records that were changed outside the bot are left out; ``records`` has them.
        """
        ids = self._ids_in(states, limit=limit) if requester is None else self._ids_of(requester)
        trusted = (one.request for one in self._loaded(ids) if not one.complaint and one.request is not None)
        return list(islice((request for request in trusted if request.state in states), limit))

    def records(self, states: Collection[State], *, limit: int) -> list[Record]:
        """List up to ``limit`` records that are kept as being in these states, newest first, sound or not."""
        return list(islice(self._loaded(self._ids_in(states, limit=limit)), limit))

    def count_requests(self, requester: UserId, *, states: Collection[State]) -> int:
        """Count a person's requests in these states."""
        with answering():
            asked = self._client.pipeline(transaction=False)
            for state in states:
                asked.zintercard(2, [self._keys.requester(requester), self._keys.state(state)])
            return sum(map(int, asked.execute()))

    def fitness(self) -> list[str]:
        """Say what is wrong with how the server is set up, one sentence each; nothing when it is fit."""
        with answering():
            return list(complaints(self._client, self._keys.probe(secrets.token_hex(8))))

    def _ids_in(self, states: Collection[State], *, limit: int) -> list[RequestId]:
        with answering():
            asked = self._client.pipeline(transaction=False)
            for state in states:
                asked.zrange(self._keys.state(state), 0, limit - 1, desc=True, withscores=True)
            found = [(score, one) for rows in asked.execute() for one, score in rows]
        return [RequestId(one) for _, one in sorted(found, reverse=True)]

    def _ids_of(self, requester: UserId) -> list[RequestId]:
        with answering():
            found = self._client.zrange(self._keys.requester(requester), 0, -1, desc=True)
        return [RequestId(str(one)) for one in found]

    def _loaded(self, ids: Sequence[RequestId]) -> Iterator[Record]:
        """Load records in slices; an index may still name one whose time of keeping is over."""
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            with answering():
                asked = self._client.pipeline(transaction=False)
                for request_id in some:
                    asked.hmget(self._keys.request(request_id), FIELDS)
                found = asked.execute()
            yield from (self._read(one, fields) for one, fields in zip(some, found, strict=True) if any(fields))
