"""One push after the other on one stage, with one kill in each: who plays, where it is killed, what was found."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from crash.findings import Journals, findings, is_quiet
from crash.people import Somebody, Unanswered
from crash.relayed import FAST, RelayedStage
from crash.watch import SIDES, Act, Point, Strike, Watch

from bot.domain.content import RequestId
from bot.domain.states import LegState, State
from bot.playground.cast import ANA, BO, ONCALL
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.store.connection import connect
from bot.store.keys import Keys
from bot.store.store import RequestStore

COMMAND: Final = (
    "outage city=Berlin time=18:00 --target live --to android,ios --audience attached --within 60d --expires 3h"
)
VETO, AFTER_VETO = "60s", 61.0
AFTER_A_WHILE = 3 * 60.0
"""Seconds after the send at which people take something back: mPaaS lists everything by then."""

SOON = timedelta(seconds=5)
"""Within which the worker does not look again while somebody presses."""

PATIENCE, LOOK = 30.0, 0.05
"""Seconds until everything that can happen after a crash has happened, and between two looks."""

MISSED = 2.0
"""Seconds in which a point must have been met when everything else is over."""


@dataclass(frozen=True)
class Scenario:
    """Say how a story differs: how mPaaS behaves at its first push, what more is typed, what is pressed at its end.

    Only the points of the act in which it differs are tried.
    """

    fault: Misbehaviour | None = None
    more: str = ""
    at_the_end: str = ""
    act: Act | None = None
    ends: LegState = LegState.ACCEPTED
    doubtful: int = 0
    """Legs that are unknown without a kill."""


LOST_ANSWER = Misbehaviour(kind="reset", action="PushBroadcast", when="after")
BOTH_LOST = LOST_ANSWER.model_copy(update={"times": 2})
THROTTLED = Misbehaviour(kind="throttle", action="PushBroadcast")

SCENARIOS: Final = {
    "sent": Scenario(),
    "mPaaS acts and hangs up": Scenario(LOST_ANSWER, act="send", doubtful=1),
    "mPaaS throttles": Scenario(THROTTLED, act="send"),
    "scheduled, then cancelled": Scenario(more='--at "in 2h"', at_the_end="Cancel", act="end", ends=LegState.CANCELLED),
    "sent, then recalled": Scenario(at_the_end="Recall", act="end", ends=LegState.RECALLED),
    "unknown, then settled": Scenario(BOTH_LOST, at_the_end="Settle", act="end"),
}


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
    heard: set[Point] = field(default_factory=set)


REPEATED = frozenset({"HMGET request", "GET halt", "HGETALL posts", "chat.update", "MULTI,XACK,XDEL,EXEC notices"})
"""What the announcer does again when a request has moved on while it was shown."""

SPARE = 2
"""Calls of a kind that are not counted on when its number differs from story to story."""


class Theatre:
    """Play stories on one relayed stage with short waits; whoever is killed in one is started again at once."""

    def __init__(self, stage: RelayedStage, store: RequestStore) -> None:
        self.stage, self.store = stage, store
        self._all_up = threading.Event()
        self._all_up.set()
        self._revivals: list[threading.Thread] = []
        self._failures: list[BaseException] = []

    def play(self, strike: Strike | None = None, *, scenario: Scenario = SCENARIOS["sent"]) -> Ending:
        """Play one story from the command to the result, and compare everything at its end."""
        ending, begun = Ending(strike), time.monotonic()
        watch = Watch(kill=self._kill, read=lambda: self.store, strike=strike)
        self.stage.mpaas.journal.clear()
        self._forget_earlier_ones()
        before = self._ids()
        if scenario.fault:
            self.stage.mpaas.misbehave(scenario.fault)
        self.stage.lie(watch)
        try:
            request_id = self._story(watch, ending, scenario)
            ending.found += findings(Journals.of(self.stage), self.store, request_id)
            ending.found += self._expected(request_id, strike, scenario)
            ending.found += [f"wrong: {more} was asked for too" for more in self._ids() - before - {request_id}]
        except (Unanswered, TimeoutError) as error:
            ending.found.append(f"lost: {error}")
        self.stage.mpaas.faults.clear()
        ending.found += [f"wrong: {sentence}" for sentence in watch.unbacked]
        ending.hit, ending.recorded, ending.heard = watch.hit.is_set(), watch.recorded, watch.heard
        ending.seconds = time.monotonic() - begun
        self.check()
        return ending

    def _story(self, watch: Watch, ending: Ending, scenario: Scenario) -> RequestId:
        ana, bo = (Somebody(self.stage, one, self.store, calm=self.calm) for one in (ANA, BO))
        request_id = ana.asks(f"{COMMAND} {scenario.more}")
        bo.approves(request_id, typing="live")
        self._until(lambda: self._all_up.is_set() and self._is_approved(request_id), PATIENCE)
        watch.begin("send")
        self.stage.advance(AFTER_VETO)
        self._converge(request_id, watch)
        if scenario.at_the_end:
            watch.begin("end")
            self.stage.advance(AFTER_A_WHILE)
            self._until(self._is_looked_for, PATIENCE)
            self._take_back(ana, request_id, scenario.at_the_end)
            self._converge(request_id, watch)
        if watch.strikes and not self._until(watch.hit.is_set, MISSED):
            return request_id
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

    def _take_back(self, person: Somebody, request_id: RequestId, label: str) -> None:
        if label == "Settle":
            person.settles(request_id)
        else:
            person.takes_back(request_id, label)

    def _is_approved(self, request_id: RequestId) -> bool:
        """Tell whether it is approved, and that is said."""
        return self.store.get(request_id).state is State.APPROVED and not self.store.notices_waiting()

    def _is_looked_for(self) -> bool:
        """Tell whether the worker has looked at mPaaS, so that people look when it does not."""
        wake = self.store.next_wake()
        return wake is None or wake > self.store.now() + SOON

    def _is_sending(self, request_id: RequestId) -> bool:
        return self.store.get(request_id).state is State.SENDING

    def _expected(self, request_id: RequestId, strike: Strike | None, scenario: Scenario) -> Iterator[str]:
        """Hold the story against what it would be without a kill: only the leg in hand may be another."""
        request = self.store.get(request_id)
        doubtful = scenario.doubtful + int(strike is not None and strike.point.process == "worker")
        other = [leg for leg in request.legs if leg.state is not scenario.ends]
        if len(other) > doubtful or any(leg.state is not LegState.UNKNOWN for leg in other):
            yield f"lost: {request.state}, {', '.join(f'{leg.platform} {leg.state}' for leg in request.legs)}"

    def _forget_earlier_ones(self) -> None:
        """Let every story be as the first: who the approvers are is asked, and no earlier push is looked for."""
        with connect(self.stage.store_url) as client:
            client.delete(Keys().members(ONCALL.id), Keys().due)

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
def theatre(kind: type[RelayedStage] = RelayedStage) -> Iterator[Theatre]:
    """Put up a theatre: one process that listens to Slack over HTTP, one worker, a relay in every way."""
    processes = (("slack", "--http", "0"), ("worker",))
    with kind(processes=processes, veto=VETO) as stage, stage.store() as store:
        yield Theatre(stage, store)


def points_of(*endings: Ending) -> list[Point]:
    """List the points that every one of some stories met, in the order of the first.

    A worker's two loops overtake each other while it sends: of a call that they made a different number of times, the
    last ones may be missing in the next story too, and are no points.
    """
    met = [Counter(replace(one, occurrence=1) for one in ending.recorded) for ending in endings]
    least = {kind: min(counts[kind] for counts in met) for kind in set().union(*met)}
    moving = {kind for kind in least if kind.act == "send" and kind.label in REPEATED}
    moving |= {kind for kind in least if len({counts[kind] for counts in met}) > 1}
    kept = {kind: count - SPARE if kind in moving else count for kind, count in least.items()}
    return [one for one in endings[0].recorded if one.occurrence <= kept[replace(one, occurrence=1)]]


def strikes_at(points: Sequence[Point], *endings: Ending) -> list[Strike]:
    """Make both kills of every point; of one that was not answered in every one of some stories, the first."""
    both = [Strike(point, side) for point in points for side in SIDES]
    return [one for one in both if one.side == "before" or all(one.point in ending.heard for ending in endings)]
