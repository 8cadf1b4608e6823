"""Take back what mPaaS has: what it confirms is written down, what it does not stays."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from operations.bench import DRAFT, Bench

from bot.domain.request import BroadcastRequest
from bot.domain.states import LegState, State
from bot.errors import IllegalTransition, Refused
from bot.operations.retracting import cancel, recall
from bot.operations.tending import tend
from bot.playground.cast import ANA, BO, DANA, TEAM
from bot.playground.mpaas.misbehaviour import Misbehaviour

Verb = Callable[..., BroadcastRequest]


def went_out(bench: Bench) -> BroadcastRequest:
    request = bench.approved()
    for _ in request.legs:
        tend(bench.context, request.id)
    return bench.now(request)


def scheduled(bench: Bench) -> BroadcastRequest:
    at = (bench.store.now() + timedelta(days=1)).replace(microsecond=0)
    request = bench.approved(DRAFT.model_copy(update={"when": "scheduled", "at": at}))
    for _ in request.legs:
        tend(bench.context, request.id)
    return bench.now(request)


BOTH = pytest.mark.parametrize(
    ("prepare", "verb", "after", "leg", "action"),
    [
        (scheduled, cancel, State.CANCELLED, LegState.CANCELLED, "CancelPushScheduler"),
        (went_out, recall, State.RECALLED, LegState.RECALLED, "RevokePushTask"),
    ],
    ids=["cancel", "recall"],
)


@BOTH
@pytest.mark.parametrize("user", [ANA.id, BO.id])
def test_the_requester_or_an_approver_takes_all_legs_back(
    bench: Bench,
    prepare: Callable[[Bench], BroadcastRequest],
    verb: Verb,
    after: State,
    leg: LegState,
    action: str,
    user: str,
) -> None:
    request = prepare(bench)
    taken = verb(bench.context, request.id, user, team_id=TEAM)
    assert (taken.state, set(bench.legs(request).values())) == (after, {leg})
    assert bench.now(request) == taken
    assert all(entry.executed for entry in bench.mpaas.journal.entries(action))
    assert bench.mpaas.scheduled() == []
    assert all(task.revoked_at for task in bench.mpaas.tasks())
    with pytest.raises(IllegalTransition, match=f"It was already {after} by <@{user}>"):
        verb(bench.context, request.id, user, team_id=TEAM)


@BOTH
def test_nobody_else_takes_anything_back(
    bench: Bench,
    prepare: Callable[[Bench], BroadcastRequest],
    verb: Verb,
    after: State,
    leg: LegState,
    action: str,
) -> None:
    request = prepare(bench)
    with pytest.raises(Refused, match=f"Only <@{ANA.id}> or an approver"):
        verb(bench.context, request.id, DANA.id, team_id=TEAM)
    assert bench.mpaas.journal.entries(action) == []
    assert (after, leg) != (bench.now(request).state, bench.legs(request)["ios"])


@BOTH
@pytest.mark.parametrize("kind", ["reset", "rubbish", "status"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_what_mpaas_does_not_confirm_stays_and_a_second_press_takes_it_back(
    bench: Bench,
    prepare: Callable[[Bench], BroadcastRequest],
    verb: Verb,
    after: State,
    leg: LegState,
    action: str,
    kind: str,
    when: str,
) -> None:
    request = prepare(bench)
    bench.mpaas.misbehave(Misbehaviour.model_validate({"kind": kind, "when": when, "action": action}))
    with pytest.raises(Refused, match="mPaaS did not confirm it for every platform") as refused:
        verb(bench.context, request.id, ANA.id, team_id=TEAM)
    assert refused.value.code == "not_confirmed"
    assert leg not in bench.legs(request).values()
    if action == "CancelPushScheduler" and when == "after":
        return  # mPaaS no longer knows the task, so it will not confirm: people look at the console
    assert verb(bench.context, request.id, ANA.id, team_id=TEAM).state is after


def test_a_recall_that_is_confirmed_for_one_platform_is_written_down_for_it(bench: Bench) -> None:
    request = went_out(bench)
    bench.mpaas.misbehave(Misbehaviour(kind="slow", action="RevokePushTask", seconds=0.0))  # the first one works
    bench.mpaas.misbehave(Misbehaviour(kind="reset", action="RevokePushTask"))
    with pytest.raises(Refused, match="ios"):
        recall(bench.context, request.id, ANA.id, team_id=TEAM)
    assert bench.legs(request) == {"android": LegState.RECALLED, "ios": LegState.ACCEPTED}
    assert bench.now(request).state is State.SENT
    assert recall(bench.context, request.id, ANA.id, team_id=TEAM).state is State.RECALLED
    assert [entry.parameters["TaskId"] for entry in bench.mpaas.journal.entries("RevokePushTask")][-1:] == [
        task.task_id for task in bench.mpaas.tasks() if task.push.task_name == request.legs[1].task_name
    ]


def test_a_task_that_mpaas_does_not_list_yet_is_recalled_later(bench: Bench) -> None:
    request = went_out(bench)
    bench.mpaas.delay_listing(60)
    with pytest.raises(Refused, match="does not list the task"):
        recall(bench.context, request.id, ANA.id, team_id=TEAM)
    assert bench.now(request).state is State.SENT
    bench.mpaas.delay_listing(0)
    assert recall(bench.context, request.id, ANA.id, team_id=TEAM).state is State.RECALLED


def test_tasks_that_mpaas_does_not_show_are_a_refusal_with_the_reason(bench: Bench) -> None:
    request = went_out(bench)
    bench.mpaas.misbehave(Misbehaviour(kind="rubbish", action="QueryPushAnalysisTaskList"))
    with pytest.raises(Refused, match="mPaaS did not show its tasks"):
        recall(bench.context, request.id, ANA.id, team_id=TEAM)
    assert bench.mpaas.journal.entries("RevokePushTask") == []


def test_only_what_was_accepted_is_taken_back(bench: Bench) -> None:
    request = bench.approved()
    bench.mpaas.misbehave(Misbehaviour(kind="result", code="3028", action="PushBroadcast"))
    for _ in request.legs:
        tend(bench.context, request.id)
    assert bench.now(request).state is State.PARTLY_SENT
    assert recall(bench.context, request.id, BO.id, team_id=TEAM).state is State.RECALLED
    assert bench.legs(request) == {"android": LegState.DECLINED, "ios": LegState.RECALLED}


@pytest.mark.parametrize("verb", [cancel, recall])
def test_what_was_not_sent_yet_is_not_taken_back_but_withdrawn(bench: Bench, verb: Verb) -> None:
    request = bench.submitted()
    with pytest.raises(IllegalTransition, match="It still waits for approval"):
        verb(bench.context, request.id, ANA.id, team_id=TEAM)


def test_what_was_sent_cannot_be_cancelled_and_what_waits_not_recalled(bench: Bench) -> None:
    sent, waiting = went_out(bench), scheduled(bench)
    with pytest.raises(IllegalTransition, match=r"approved by .* and sent"):
        cancel(bench.context, sent.id, ANA.id, team_id=TEAM)
    with pytest.raises(IllegalTransition, match="is scheduled at mPaaS"):
        recall(bench.context, waiting.id, ANA.id, team_id=TEAM)
