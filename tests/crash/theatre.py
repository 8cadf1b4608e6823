"""One push after the other on one stage, with one kill in each: who plays, where it is killed, what was found."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from crash.findings import findings, is_quiet
from crash.people import Somebody, Unanswered
from crash.relayed import RelayedStage
from crash.watch import Point, Strike, Watch

from bot.domain.content import RequestId
from bot.domain.states import LegState, State
from bot.mpaas.exchange import Timeouts
from bot.operations.pace import Pace
from bot.playground.cast import ANA, BO
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.store.store import RequestStore

FAST: Final = Pace(
    calls=Timeouts(connect=0.5, write=0.5, read=1.0, total=1.5),
    slowest_start=1.5,
    lease=5.0,
    look_again=0.5,
    after_fault=1.0,
    slack_call=1,
    reserved=3,
    take_over=1.0,
)
"""A pace at which a crash is over in seconds; every relation of production's pace holds in it."""

COMMAND: Final = (
    "outage city=Berlin time=18:00 --target live --to android,ios --audience attached --within 60d --expires 3h"
)
VETO, AFTER_VETO = "60s", 61.0
PATIENCE, LOOK = 30.0, 0.05
"""Seconds until everything that can happen after a crash has happened, and between two looks."""

MISSED = 2.0
"""Seconds in which a point must have been met when everything else is over."""

SCENARIOS: Final[dict[str, tuple[Misbehaviour, ...]]] = {
    "accepts": (),
    "acts and hangs up": (Misbehaviour(kind="reset", action="PushBroadcast", when="after"),),
    "throttles": (Misbehaviour(kind="throttle", action="PushBroadcast"),),
}
"""How mPaaS behaves at the first push of a story."""


@dataclass
class Ending:
    """Say how one story ended: ``hit`` tells whether the kill happened, ``seconds`` what it took."""

    strike: Strike | None
    state: str = ""
    legs: tuple[str, ...] = ()
    hit: bool = False
    seconds: float = 0.0
    found: list[str] = field(default_factory=list)
    recorded: list[Point] = field(default_factory=list)


class Theatre:
    """Play stories on one relayed stage with short waits; whoever is killed in one is started again at once."""

    def __init__(self, stage: RelayedStage, store: RequestStore) -> None:
        self.stage, self.store = stage, store
        self._all_up = threading.Event()
        self._all_up.set()
        self._revivals: list[threading.Thread] = []
        self._failures: list[BaseException] = []

    def play(self, strike: Strike | None = None, *, scenario: str = "accepts") -> Ending:
        """Play one story from the command to the result, and compare everything at its end."""
        ending, begun = Ending(strike), time.monotonic()
        watch = Watch(kill=self._kill, read=lambda: self.store, strike=strike)
        self.stage.mpaas.journal.clear()
        before = self._ids()
        for misbehaviour in SCENARIOS[scenario]:
            self.stage.mpaas.misbehave(misbehaviour)
        self.stage.lie(watch)
        try:
            request_id = self._story(watch, ending)
            ending.found += findings(self.stage, self.store, request_id)
            ending.found += self._expected(request_id, strike, scenario)
            ending.found += [f"wrong: {more} was asked for too" for more in self._ids() - before - {request_id}]
        except (Unanswered, TimeoutError) as error:
            ending.found.append(f"lost: {error}")
        self.stage.mpaas.faults.clear()
        ending.found += [f"wrong: {sentence}" for sentence in watch.unbacked]
        ending.hit, ending.recorded = watch.hit.is_set(), watch.recorded
        ending.seconds = time.monotonic() - begun
        self.check()
        return ending

    def _story(self, watch: Watch, ending: Ending) -> RequestId:
        ana, bo = (Somebody(self.stage, one, self.store, calm=self.calm) for one in (ANA, BO))
        request_id = ana.asks(COMMAND)
        bo.approves(request_id, typing="live")
        self._until(lambda: self.store.get(request_id).state is not State.PENDING_APPROVAL, PATIENCE)
        self.stage.advance(AFTER_VETO)
        self._converge(request_id, watch)
        ending.found += [f"wrong: {sentence}" for sentence in (*ana.wrong, *bo.wrong)]
        after = self.store.get(request_id)
        ending.state, ending.legs = after.state.value, tuple(leg.state.value for leg in after.legs)
        return request_id

    def _converge(self, request_id: RequestId, watch: Watch) -> None:
        """Wait until nothing is left to do; a lease that nobody holds any more is over at once."""
        patient = False

        def over() -> bool:
            nonlocal patient
            if not self._all_up.is_set():
                return False
            if watch.hit.is_set() and not patient and self._is_sending(request_id):
                patient = True
                self.stage.advance(FAST.lease + 1)
            return is_quiet(self.stage, self.store, request_id)

        self._until(over, PATIENCE)
        if watch.strikes:
            self._until(watch.hit.is_set, MISSED)
            self._until(over, PATIENCE)

    def _is_sending(self, request_id: RequestId) -> bool:
        return self.store.get(request_id).state is State.SENDING

    def _expected(self, request_id: RequestId, strike: Strike | None, scenario: str) -> Iterator[str]:
        """Hold the story against what it would be without a kill: only the leg in hand may be another."""
        request = self.store.get(request_id)
        doubtful = int(scenario == "acts and hangs up") + int(strike is not None and strike.point.process == "worker")
        other = [leg for leg in request.legs if leg.state is not LegState.ACCEPTED]
        if len(other) > doubtful or any(leg.state is not LegState.UNKNOWN for leg in other):
            yield f"lost: {request.state}, {', '.join(f'{leg.platform} {leg.state}' for leg in request.legs)}"

    def _ids(self) -> set[RequestId]:
        return {request.id for request in self.store.list_requests(limit=10)}

    def _until(self, condition: Callable[[], object], seconds: float) -> bool:
        """Look again and again, at most so long; return what was seen last."""
        deadline, never = time.monotonic() + seconds, threading.Event()
        while not (so := bool(condition())) and time.monotonic() < deadline:
            never.wait(LOOK)
        return so

    # Killing and reviving ---------------------------------------------------------------------------------------------

    def _kill(self, name: str) -> None:
        self._all_up.clear()
        self.stage.kill(name)
        thread = threading.Thread(target=self._revive, args=(name,), daemon=True)
        self._revivals.append(thread)
        thread.start()

    def _revive(self, name: str) -> None:
        try:
            self.stage.revive(name)
        except BaseException as error:  # noqa: BLE001 - raised again by `check`
            self._failures.append(error)
        finally:
            self._all_up.set()

    def calm(self) -> None:
        """Wait until whoever was killed is there again."""
        self._all_up.wait(PATIENCE)

    def check(self) -> None:
        """Raise what went wrong behind the scenes."""
        for thread in self._revivals:
            thread.join(PATIENCE)
        self._revivals.clear()
        for failure in [*self._failures, *self.stage.mpaas.failures]:
            raise failure


@contextmanager
def theatre(stage: RelayedStage | None = None) -> Iterator[Theatre]:
    """Put up a theatre: one process that listens to Slack over HTTP, one worker, a relay in every way."""
    usual = RelayedStage(processes=(("slack", "--http", "0"), ("worker",)), veto=VETO, pace=FAST)
    with (stage or usual) as put_up, put_up.store() as store:
        yield Theatre(put_up, store)


def points_of(*endings: Ending) -> list[Point]:
    """List the points that every one of some stories met, in the order of the first."""
    common = set.intersection(*(set(ending.recorded) for ending in endings))
    return [point for point in dict.fromkeys(endings[0].recorded) if point in common]


def strikes_at(points: Sequence[Point]) -> list[Strike]:
    """Make both kills of every point."""
    return [Strike(point, side) for point in points for side in ("before", "after")]
