"""The loop that wakes requests: expire, claim and send, give up as lost.

It decides nothing: ``operations.tending`` does one thing for one request at a time, and the store says which are due.
Any number of workers may run. Asked to stop, it finishes the leg in hand and takes no other.
"""

from datetime import timedelta
from threading import Event

from bot import logs
from bot.domain.content import RequestId
from bot.errors import StoreUnavailable
from bot.operations.context import Context
from bot.operations.tending import NOTHING_DUE, UNDER_WAY, tend

IDLE = 0.25
"""Seconds between two looks at what is due when nothing is: two cheap reads of the store."""

TROUBLE = 1.0
"""Seconds to wait when the store does not answer."""

HEARTBEAT = 10
"""Seconds for which a beat counts; the loop beats at every turn."""

AT_ONCE = 20
"""How many due requests are fetched in one turn."""


class Worker:
    """Tend due requests until asked to stop."""

    def __init__(self, context: Context, *, name: str, stopping: Event) -> None:
        self._context = context
        self._name = name
        self._stopping = stopping

    def run(self) -> None:
        """Go round until ``stopping`` is set."""
        while not self._stopping.is_set():
            try:
                tended = self.turn()
            except StoreUnavailable as error:
                logs.write("store_unavailable", why=str(error))
                self._stopping.wait(TROUBLE)
                continue
            if not tended:
                self._stopping.wait(IDLE)

    def turn(self) -> int:
        """Beat, and tend what is due; return how many requests that was, without those in other hands."""
        self._context.store.beat(self._name, role="worker", seconds=HEARTBEAT)
        tended = 0
        for request_id in self._context.store.due(AT_ONCE):
            if self._stopping.is_set():
                break
            tended += self._tend(request_id)
        return tended

    def _tend(self, request_id: RequestId) -> bool:
        """Tend one request; say whether it was in this worker's hands at all."""
        try:
            with logs.operation("tend", request=request_id) as facts:
                tended = tend(self._context, request_id)
                facts.update(state=tended.request.state, code=tended.event)
        except StoreUnavailable:
            raise
        except Exception:  # noqa: BLE001 - logged with its trace by `operation`; one request must not stop the others
            self._leave_alone(request_id)
        else:
            if tended.event == NOTHING_DUE:
                self._leave_alone(request_id)
            return tended.event != UNDER_WAY
        return True

    def _leave_alone(self, request_id: RequestId) -> None:
        """Keep a request that cannot be tended from spinning, and from stopping the others."""
        later = timedelta(seconds=self._context.pace.after_fault)
        self._context.store.postpone(request_id, self._context.store.now() + later)
