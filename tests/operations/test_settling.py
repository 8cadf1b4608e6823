"""What became of a leg whose outcome is unknown: evidence, then a person's word, written down once."""

from datetime import datetime, timedelta

import pytest
from operations.bench import Bench

from bot.domain.content import Platform
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


# Evidence ----------------------------------------------------------------------------------------------------------


def test_a_task_that_mpaas_lists_is_shown_with_its_id(bench: Bench) -> None:
    request = unknown(bench)
    (task,) = [task for task in bench.mpaas.tasks() if task.push.task_name == request.legs[0].task_name]
    found = settling.evidence(bench.context, request)
    assert found == {ANDROID: f"mPaaS lists a task of this name: {task.task_id}. It went out."}


def test_a_task_that_is_not_listed_proves_nothing_before_the_signature_is_dead(bench: Bench) -> None:
    request = unknown(bench, executed=False)
    (sentence,) = settling.evidence(bench.context, request).values()
    attempted = request.legs[0].attempted_at
    assert attempted is not None
    assert f"proves nothing before {attempted + timedelta(minutes=17):%H:%M} UTC" in sentence


def test_of_a_leg_that_was_never_attempted_it_is_enough_that_mpaas_lists_none(bench: Bench) -> None:
    request = bench.commit(bench.approved(), epoch="another:life")
    held = tend(bench.context, request.id).request
    assert set(settling.evidence(bench.context, held).values()) == {"mPaaS lists no task of this name."}
    settling.settle(bench.context, held.id, ANDROID, sent=False, by=BO.id, team_id=TEAM)
    assert settling.settle(bench.context, held.id, IOS, sent=False, by=BO.id, team_id=TEAM).state is State.FAILED


def test_an_mpaas_that_does_not_answer_is_no_evidence(bench: Bench) -> None:
    request = unknown(bench)
    bench.mpaas.misbehave(Misbehaviour(kind="status", action="QueryPushAnalysisTaskList"))
    (sentence,) = settling.evidence(bench.context, request).values()
    assert sentence.startswith("mPaaS could not be asked: ")
