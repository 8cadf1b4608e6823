"""What becomes of a claimed leg, however mPaaS behaves: the right state, and never a second execution."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import clock
import pytest
from operations.bench import ACCESS_KEY, Bench
from operations.tended import MINUTE, SECOND

from bot.domain import sending
from bot.domain.outcome import Accepted, Declined, NotSent, Unknown
from bot.domain.request import BroadcastRequest
from bot.domain.states import LegState, State
from bot.errors import Refused
from bot.mpaas.exchange import Timeouts
from bot.operations.context import Context
from bot.operations.pace import USUAL
from bot.operations.tending import tend
from bot.playground.mpaas.misbehaviour import Misbehaviour


@dataclass(frozen=True)
class Case:
    """One way in which mPaaS answers a push, and what is known afterwards."""

    kind: str
    known: LegState
    executed: int
    options: dict[str, Any]

    def __str__(self) -> str:
        return "-".join([self.kind, *(str(value) for value in self.options.values())])


def case(kind: str, known: LegState, executed: int, **options: Any) -> Case:
    return Case(kind, known, executed, options)


UNKNOWN, ACCEPTED, DECLINED, NOT_SENT = LegState.UNKNOWN, LegState.ACCEPTED, LegState.DECLINED, LegState.NOT_SENT
CASES = [
    *(
        case(kind, UNKNOWN, executed, when=when)
        for kind in ("reset", "close", "half", "rubbish")
        for when, executed in (("before", 0), ("after", 1))
    ),
    *(
        case("status", UNKNOWN, executed, when=when, status=status)
        for status in (500, 502, 503, 504)
        for when, executed in (("before", 0), ("after", 1))
    ),
    case("result", UNKNOWN, 0, when="before", code="9000"),
    case("result", UNKNOWN, 1, when="after", code="9000"),
    case("result", UNKNOWN, 0, when="before", code="4711"),
    case("result", UNKNOWN, 1, when="after", code="100"),
    case("result", DECLINED, 0, when="before", code="3028"),
    case("result", DECLINED, 0, when="before", code="-1"),
    case("throttle", ACCEPTED, 1, retry_after_ms=20),
    case("throttle", ACCEPTED, 1, retry_after_ms=20, times=2),
    case("throttle", NOT_SENT, 0, retry_after_ms=20, times=None),
    case("throttle", NOT_SENT, 0, retry_after_ms=600_000),
    case("slow", ACCEPTED, 1, seconds=0.05, when="before"),
    case("slow", ACCEPTED, 1, seconds=0.05, when="after"),
    case("wrong_date", ACCEPTED, 1, seconds=-3600, when="after"),
]


def send_first_leg(bench: Bench, request: BroadcastRequest, context: Context | None = None) -> LegState:
    tend(context or bench.context, request.id)
    return bench.now(request).legs[0].state


@pytest.mark.parametrize("one", CASES, ids=str)
def test_each_answer_leads_to_what_it_proves_and_to_one_execution_at_most(bench: Bench, one: Case) -> None:
    request = bench.approved()
    bench.mpaas.misbehave(
        Misbehaviour.model_validate({"kind": one.kind, "action": "PushBroadcast", **one.options}),
    )
    assert send_first_leg(bench, request) is one.known
    first = request.legs[0].msgkey
    assert bench.executed().get(first, 0) == one.executed
    tend(bench.context, request.id)  # the other leg, and nothing of the first
    assert bench.executed().get(first, 0) == one.executed
    assert bench.now(request).state is not State.SENDING


@pytest.mark.parametrize("execute", [True, False], ids=["and arrives late", "and is lost"])
def test_a_call_that_hangs_on_its_way_is_unknown(bench: Bench, execute: bool) -> None:
    request = bench.approved()
    bench.mpaas.misbehave(Misbehaviour(kind="hang", action="PushBroadcast"))
    assert send_first_leg(bench, request, bench.hasty()) is LegState.UNKNOWN
    bench.mpaas.let_go(execute=execute)
    assert bench.mpaas.journal.wait(lambda entries: entries[-1].finished or not execute)
    tend(bench.context, request.id)
    assert bench.executed().get(request.legs[0].msgkey, 0) == execute
    assert bench.now(request).state is State.OUTCOME_UNKNOWN


def test_a_call_whose_answer_hangs_is_unknown(bench: Bench) -> None:
    request = bench.approved()
    bench.mpaas.misbehave(Misbehaviour(kind="hang", action="PushBroadcast", when="after"))
    assert send_first_leg(bench, request, bench.hasty()) is LegState.UNKNOWN
    assert bench.executed() == {request.legs[0].msgkey: 1}


def between_gates_and_call(context: Context, event: Callable[[], None]) -> Context:
    """Let something happen just after the gates were passed: the first reading of the stopwatch is then."""
    readings: list[float] = []

    def stopwatch() -> float:
        if not readings:
            event()
        readings.append(time.monotonic())
        return readings[-1]

    return replace(context, stopwatch=stopwatch)


def test_an_mpaas_that_stops_listening_at_the_last_moment_was_not_sent_to(bench: Bench) -> None:
    request = bench.approved()
    assert send_first_leg(bench, request, between_gates_and_call(bench.context, bench.mpaas.refuse)) is NOT_SENT
    assert bench.pushes() == []
    bench.mpaas.accept()
    tend(bench.context, request.id)
    assert bench.legs(request) == {"android": NOT_SENT, "ios": ACCEPTED}
    assert bench.now(request).state is State.PARTLY_SENT


def test_an_mpaas_that_is_back_in_a_moment_is_tried_again_inside_the_claim(bench: Bench) -> None:
    request = bench.approved()
    context = between_gates_and_call(bench.context, lambda: bench.mpaas.refuse(0.1))
    assert send_first_leg(bench, request, context) is ACCEPTED
    assert bench.executed() == {request.legs[0].msgkey: 1}
    assert bench.mpaas.reopened()


def test_every_retry_is_signed_afresh(bench: Bench) -> None:
    request = bench.approved()
    bench.mpaas.misbehave(Misbehaviour(kind="throttle", action="PushBroadcast", retry_after_ms=20, times=2))
    tend(bench.context, request.id)
    nonces = [dict(entry.headers)["x-acs-signature-nonce"] for entry in bench.pushes()]
    assert len(set(nonces)) == len(nonces) == 3


def test_a_push_is_dated_when_its_gates_were_asked_however_late_it_is_signed(bench: Bench) -> None:
    request, before = bench.approved(), bench.store.now()
    later = bench.client(now=lambda: clock.now() + 10 * MINUTE)
    clients = dict(bench.context.clients)
    context = replace(bench.context, clients=clients)
    tend(between_gates_and_call(context, lambda: clients.update(live=later)), request.id)
    (push,) = bench.pushes()
    date = datetime.fromisoformat(dict(push.headers)["x-acs-date"])
    assert before - SECOND < date <= bench.store.now()


def test_a_wrong_secret_is_a_refusal_with_what_to_change(bench: Bench) -> None:
    request = bench.approved()
    wrong = bench.client(Timeouts(), secret=f"not-{ACCESS_KEY[1]}")
    clients = dict(bench.context.clients)
    context = replace(bench.context, clients=clients)
    # Only the push meets the wrong key: as if it had been changed in the moment after the gates.
    tend(between_gates_and_call(context, lambda: clients.update(live=wrong)), request.id)
    outcome = bench.now(request).legs[0].outcome
    assert isinstance(outcome, Declined)
    assert outcome.code == "SignatureDoesNotMatch"
    assert ACCESS_KEY[1] not in bench.store.get(request.id).model_dump_json()


def test_a_process_that_was_paused_after_its_claim_does_not_call(bench: Bench) -> None:
    request = bench.approved()
    readings = iter([0.0, USUAL.slowest_start + 0.1])
    tend(replace(bench.context, stopwatch=lambda: next(readings)), request.id)
    leg = bench.now(request).legs[0]
    assert leg.state is NOT_SENT
    assert isinstance(leg.outcome, NotSent)
    assert "paused" in leg.outcome.why
    assert bench.pushes() == []


def test_a_process_that_was_slow_but_not_too_slow_calls(bench: Bench) -> None:
    request = bench.approved()
    readings = iter([0.0, USUAL.slowest_start])
    tend(replace(bench.context, stopwatch=lambda: next(readings)), request.id)
    assert bench.now(request).legs[0].state is ACCEPTED


# A worker that is lost ---------------------------------------------------------------------------------------------


def claimed(bench: Bench, *, seconds_left: float) -> BroadcastRequest:
    """Claim the first leg as a worker would that is then never heard of again."""
    request, now = bench.approved(), bench.store.now()
    until = now + timedelta(seconds=USUAL.lease)
    claim = sending.claim(request, request.legs[0].platform, attempt="lost", lease_until=until, now=now)
    sent = bench.store.claim(claim, commit_id="claim", epoch=request.epoch)
    (android, ios) = sent.legs
    lease = android.model_copy(update={"lease_until": now + timedelta(seconds=seconds_left)})
    return bench.commit(sent, legs=(lease, ios), wake_at=lease.lease_until)


def test_while_the_lease_runs_nobody_touches_the_request(bench: Bench) -> None:
    request = claimed(bench, seconds_left=19)
    assert tend(bench.context, request.id).event == "under_way"
    assert bench.now(request) == request


def test_when_the_lease_is_over_the_leg_is_unknown_and_the_next_one_is_sent(bench: Bench) -> None:
    request = claimed(bench, seconds_left=-1)
    tend(bench.context, request.id)
    assert bench.legs(request) == {"android": UNKNOWN, "ios": LegState.WAITING}
    tend(bench.context, request.id)
    assert bench.now(request).state is State.OUTCOME_UNKNOWN
    assert bench.executed() == {request.legs[1].msgkey: 1}
    tend(bench.context, request.id)
    assert bench.executed() == {request.legs[1].msgkey: 1}


class Sender(threading.Thread):
    """Tend a request in another thread, and keep what came of it."""

    def __init__(self, context: Context, request: BroadcastRequest) -> None:
        super().__init__(daemon=True)
        self._context, self._request = context, request
        self.refused: Refused | None = None

    def run(self) -> None:
        try:
            tend(self._context, self._request.id)
        except Refused as refused:
            self.refused = refused

    def ended(self) -> bool:
        self.join(10)
        return not self.is_alive()


def lost_while_it_hangs(bench: Bench, request: BroadcastRequest, context: Context) -> Sender:
    """Let the call hang until another worker has given the leg up."""
    bench.mpaas.misbehave(Misbehaviour(kind="hang", action="PushBroadcast"))
    sender = Sender(context, request)
    sender.start()
    assert bench.mpaas.journal.wait(lambda entries: entries[-1].action == "PushBroadcast")
    fresh = bench.now(request)
    lost = sending.lose(fresh, now=fresh.legs[0].lease_until or fresh.created_at)
    bench.store.commit(lost, commit_id="another-worker-later")
    assert bench.legs(request)["android"] is UNKNOWN
    return sender


def test_a_report_that_comes_after_the_leg_was_given_up_is_taken_in(bench: Bench) -> None:
    request = bench.approved()
    sender = lost_while_it_hangs(bench, request, bench.context)
    bench.mpaas.let_go()
    assert sender.ended()
    leg = bench.now(request).legs[0]
    assert (leg.state, type(leg.outcome)) == (ACCEPTED, Accepted)
    assert bench.executed() == {leg.msgkey: 1}


def test_a_late_report_that_knows_nothing_changes_nothing(bench: Bench) -> None:
    request = bench.approved()
    sender = lost_while_it_hangs(bench, request, bench.hasty())
    assert sender.ended()
    assert sender.refused is not None
    assert sender.refused.code == "nothing_new"
    leg = bench.now(request).legs[0]
    assert (leg.state, type(leg.outcome)) == (UNKNOWN, Unknown)
