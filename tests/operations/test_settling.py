"""What became of a leg whose outcome is unknown: a person's word, written down once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from operations.bench import Bench

from bot.domain import sending
from bot.domain.content import Platform
from bot.domain.evidence import Evidence
from bot.domain.outcome import Accepted, NotSent
from bot.domain.request import BroadcastRequest
from bot.domain.states import LegState, State
from bot.errors import IllegalTransition, Refused
from bot.operations import settling
from bot.operations.tending import tend
from bot.playground.cast import ANA, BO, DANA, TEAM
from bot.playground.mpaas.misbehaviour import Misbehaviour

ANDROID, IOS = Platform.ANDROID, Platform.IOS


def unknown(bench: Bench, *, executed: bool = True, minutes_ago: float = 0) -> BroadcastRequest:
    """Lose the answer for android; ios is accepted."""
    request = bench.approved()
    when = "after" if executed else "before"
    bench.mpaas.misbehave(Misbehaviour.model_validate({"kind": "reset", "when": when, "action": "PushBroadcast"}))
    for _ in request.legs:
        tend(bench.context, request.id)
    lost = bench.now(request)
    assert lost.state is State.OUTCOME_UNKNOWN
    if not minutes_ago:
        return lost
    android, ios = lost.legs
    earlier = android.model_copy(update={"attempted_at": bench.store.now() - timedelta(minutes=minutes_ago)})
    return bench.commit(lost, legs=(earlier, ios))


@pytest.mark.parametrize("by", [ANA.id, BO.id])
def test_a_leg_that_was_found_sent_settles_the_request(bench: Bench, by: str) -> None:
    request = unknown(bench)
    settled = settling.settle(bench.context, request.id, ANDROID, sent=True, by=by, team_id=TEAM, task_id="20842863")
    leg = settled.legs[0]
    assert (settled.state, leg.settled_by) == (State.SENT, by)
    assert leg.outcome == Accepted(task_id="20842863")
    assert bench.store.history(request.id)[-1].actor == by


def test_that_it_did_not_go_out_is_believed_only_when_it_cannot_arrive_any_more(bench: Bench) -> None:
    fresh = unknown(bench, executed=False, minutes_ago=16)
    with pytest.raises(Refused, match="too early to say") as refused:
        settling.settle(bench.context, fresh.id, ANDROID, sent=False, by=BO.id, team_id=TEAM)
    assert refused.value.code == "too_early"
    android, ios = bench.now(fresh).legs
    attempted: datetime | None = android.attempted_at
    assert attempted is not None
    older = bench.commit(
        fresh, legs=(android.model_copy(update={"attempted_at": attempted - timedelta(minutes=2)}), ios)
    )
    settled = settling.settle(bench.context, older.id, ANDROID, sent=False, by=BO.id, team_id=TEAM)
    assert (settled.state, settled.legs[0].state) == (State.PARTLY_SENT, LegState.NOT_SENT)
    assert isinstance(settled.legs[0].outcome, NotSent)


def test_a_leg_is_settled_once(bench: Bench) -> None:
    request = unknown(bench)
    settling.settle(bench.context, request.id, ANDROID, sent=True, by=BO.id, team_id=TEAM)
    with pytest.raises(IllegalTransition, match="There is nothing to settle for android"):
        settling.settle(bench.context, request.id, ANDROID, sent=True, by=ANA.id, team_id=TEAM)
    assert bench.now(request).legs[0].settled_by == BO.id


@pytest.mark.parametrize("sent", [True, False])
def test_a_leg_that_is_known_needs_no_settling(bench: Bench, sent: bool) -> None:
    request = unknown(bench)
    with pytest.raises(IllegalTransition, match="nothing to settle for ios"):
        settling.settle(bench.context, request.id, IOS, sent=sent, by=BO.id, team_id=TEAM)


def test_a_platform_the_request_does_not_have_is_named(bench: Bench) -> None:
    request = unknown(bench)
    with pytest.raises(Refused, match="no leg for harmonyos; it has android, ios"):
        settling.settle(bench.context, request.id, Platform.HARMONYOS, sent=True, by=BO.id, team_id=TEAM)


def test_somebody_who_is_not_involved_settles_nothing(bench: Bench) -> None:
    request = unknown(bench)
    with pytest.raises(Refused, match="or an approver of live"):
        settling.settle(bench.context, request.id, ANDROID, sent=True, by=DANA.id, team_id=TEAM)
    assert bench.now(request) == request


def test_an_operators_word_counts_and_says_whose_it_was(bench: Bench) -> None:
    request = unknown(bench)
    settled = settling.settle_as_operator(bench.context, request.id, ANDROID, sent=True, operator="ops", task_id="1")
    assert settled.legs[0].settled_by == "operator:ops"
    assert bench.store.history(request.id)[-1].actor == "operator:ops"


def test_a_request_of_which_everything_is_known_has_nothing_to_settle(bench: Bench) -> None:
    settling.check_unsettled(unknown(bench))
    with pytest.raises(IllegalTransition, match=r"There is nothing to settle\. It still waits for approval"):
        settling.check_unsettled(bench.submitted())


# By one press ------------------------------------------------------------------------------------------------------


def record(bench: Bench, request: BroadcastRequest, platform: Platform = ANDROID, **said: Any) -> BroadcastRequest:
    seen: dict[str, Any] = {"by": BO.id, "team_id": TEAM, "revision": 1, "digest": request.short_digest}
    return settling.record(bench.context, request.id, platform, **seen | said)


def found(bench: Bench, *task_ids: str, **more: Any) -> BroadcastRequest:
    """Lose the answer for android, and write down what the bot found at mPaaS."""
    lost, now = unknown(bench), bench.store.now()
    android, ios = lost.legs
    evidence = Evidence(since=now, looked_at=now, task_ids=task_ids, **more)
    return bench.commit(lost, legs=(android.model_copy(update={"evidence": evidence}), ios))


def test_what_the_bot_found_is_recorded_with_the_task_that_is_written_down(bench: Bench) -> None:
    settled = record(bench, found(bench, "4711"))
    assert settled.state is State.SENT
    assert settled.legs[0].outcome == Accepted(task_id="4711")
    assert settled.legs[0].settled_by == bench.store.history(settled.id)[-1].actor == BO.id


@pytest.mark.parametrize("task_ids", [(), ("1", "2"), ("",)])
def test_nothing_and_several_tasks_are_not_recorded_by_one_press(bench: Bench, task_ids: tuple[str, ...]) -> None:
    request = found(bench, *task_ids)
    with pytest.raises(Refused, match="does not list exactly one task") as refused:
        record(bench, request)
    assert refused.value.code == "not_one_task"
    assert bench.now(request) == request


def test_before_the_bot_has_looked_nothing_is_recorded_by_one_press(bench: Bench) -> None:
    with pytest.raises(Refused, match="does not list exactly one task"):
        record(bench, unknown(bench))


def test_what_was_recorded_is_not_recorded_again_and_whose_word_it_was_is_said(bench: Bench) -> None:
    request = found(bench, "4711")
    record(bench, request, by=ANA.id)
    with pytest.raises(IllegalTransition, match="nothing to settle for android: <@U01ANA> did it already"):
        record(bench, request)
    assert bench.now(request).legs[0].settled_by == ANA.id


def test_a_leg_that_is_known_and_one_that_is_not_there_are_not_recorded(bench: Bench) -> None:
    request = found(bench, "4711")
    with pytest.raises(IllegalTransition, match="nothing to settle for ios"):
        record(bench, request, IOS)
    with pytest.raises(Refused, match="no leg for harmonyos"):
        record(bench, request, Platform.HARMONYOS)


def test_an_older_card_records_nothing(bench: Bench) -> None:
    request = found(bench, "4711")
    for seen in ({"revision": 2}, {"digest": "0" * 12}):
        with pytest.raises(Refused, match="an older version"):
            record(bench, request, **seen)


def test_somebody_who_is_not_involved_records_nothing(bench: Bench) -> None:
    request = found(bench, "4711")
    with pytest.raises(Refused, match="or an approver of live"):
        record(bench, request, by=DANA.id)
    assert bench.now(request) == request


def test_a_late_answer_after_the_bot_looked_is_taken_in(bench: Bench) -> None:
    request = found(bench, "4711")
    attempt = request.legs[0].attempt
    step = sending.report(request, ANDROID, attempt=attempt, outcome=Accepted(), now=bench.store.now())
    assert bench.store.commit(step, commit_id="late").state is State.SENT
    with pytest.raises(IllegalTransition, match="nothing to settle for android"):
        record(bench, request)
