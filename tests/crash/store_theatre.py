"""The theatre in which the store is killed instead of a process: SIGKILL to its server at a call of a whole push.

The server is started again on the same data, by nobody the bot knows. What is demanded at the end is weaker in one way
than after a killed process: a store of another life may have forgotten a send, so what it had approved is held.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import redis
from crash.relayed import RelayedStage
from crash.theatre import VETO, Scenario, Theatre
from crash.watch import Strike
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from bot.domain.content import RequestId
from bot.domain.states import LegState
from bot.store.store import RequestStore

_AGAIN, _OFTEN = 0.05, 400
"""Seconds between two tries to read from a store that is being started, and how many."""

MAY_END = frozenset(LegState) - {LegState.WAITING, LegState.SENDING, LegState.DECLINED}
"""How a leg may end when the store died on the way; whether it is true, mPaaS's journal says."""


class StoreTheatre(Theatre):
    """Kill and start the store where the theatre would kill a process. ``down`` is for how many seconds it is away."""

    def __init__(self, stage: RelayedStage, store: RequestStore, *, down: float = 0.0) -> None:
        super().__init__(stage, store)
        self._down, self.kills = down, 0

    def _kill(self, name: str) -> None:  # noqa: ARG002 - whoever asked, it is the store that dies
        self._all_up.clear()
        self.stage.kill_store()
        self.kills += 1
        thread = threading.Thread(target=self._start_again, daemon=True)
        self._revivals.append(thread)
        thread.start()

    def _start_again(self) -> None:
        threading.Event().wait(self._down)
        try:
            self.stage.start_store()
        except BaseException as error:  # noqa: BLE001 - raised again by `check`
            self._failures.append(error)
        finally:
            self._all_up.set()

    def _is_sending(self, request_id: RequestId) -> bool:  # noqa: ARG002 - as the theatre asks it
        """Let leases end by themselves: nobody who holds one was killed."""
        return False

    def _expected(self, request_id: RequestId, strike: Strike | None, scenario: Scenario) -> Iterator[str]:  # noqa: ARG002 - as the theatre asks it
        """Hold the story against what it would be without a kill; on a store of another life, people decide."""
        request = self.store.get(request_id)
        if request.epoch == self.store.epoch():
            yield from super()._expected(request_id, None, scenario)
        for leg in request.legs:
            if leg.state not in MAY_END:
                yield f"lost: {leg.platform} ends as {leg.state}"

    def _until(self, condition: Callable[[], object], seconds: float) -> bool:
        return super()._until(lambda: self._all_up.is_set() and condition(), seconds)


def patient(url: str) -> redis.Redis:
    """Connect to a store that is killed and started now and then: reads are tried again until it is back."""
    return redis.Redis.from_url(
        url,
        decode_responses=True,
        protocol=2,
        socket_timeout=5.0,
        retry=Retry(ConstantBackoff(_AGAIN), _OFTEN),
    )


@contextmanager
def store_theatre(*, down: float = 0.0) -> Iterator[StoreTheatre]:
    """Put up a theatre whose people read the store with patience."""
    stage = RelayedStage(processes=(("slack", "--http", "0"), ("worker",)), veto=VETO)
    with stage, patient(stage.store_url) as client:
        yield StoreTheatre(stage, RequestStore(client, sealer=stage.sealer(), ahead=lambda: stage.ahead), down=down)
