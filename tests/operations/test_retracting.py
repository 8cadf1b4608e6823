"""Take back what mPaaS has: what it confirms is written down, what it does not stays."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from operations.bench import DRAFT, Bench

from bot.domain.calendar import today_in_shanghai
from bot.domain.delivery import Scheduled
from bot.domain.outcome import Accepted, Declined, SendOutcome
from bot.domain.request import BroadcastRequest, Leg
from bot.domain.states import LegState, State
from bot.errors import IllegalTransition, Refused
from bot.mpaas.client import PushClient
from bot.mpaas.readings import NOT_CANCELLED, ScheduledTask
from bot.operations.retracting import LISTED_WITHIN, cancel, recall
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
        bench.commit(bench.now(request), legs=tuple(earlier(one) for one in bench.now(request).legs))
    assert verb(bench.context, request.id, ANA.id, team_id=TEAM).state is after


# A cancellation whose answer was lost -------------------------------------------------------------------------------


def earlier(leg: Leg, by: timedelta = LISTED_WITHIN) -> Leg:
    """Let a leg be as if it had been handed to mPaaS some time ago."""
    assert leg.attempted_at is not None
    return leg.model_copy(update={"attempted_at": leg.attempted_at - by})


def cancelled_unheard(bench: Bench, request: BroadcastRequest, **changes: object) -> BroadcastRequest:
    """Let mPaaS cancel a request without the bot hearing of it."""
    ids = [leg.outcome.task_id for leg in request.legs if isinstance(leg.outcome, Accepted)]
    bench.context.clients["live"].cancel_scheduled(ids)
    legs = tuple(earlier(leg) for leg in request.legs)
    return bench.commit(request, **{"legs": legs, **changes})


def test_what_mpaas_cancelled_at_an_earlier_press_is_cancelled_also_when_it_recurs(bench: Bench) -> None:
    today = today_in_shanghai(bench.store.now())
    often = {"when": "recurring", "cycle": "daily", "time": time(9), "first": today, "last": today + timedelta(days=9)}
    request = bench.approved(DRAFT.model_copy(update=often))
    for _ in request.legs:
        tend(bench.context, request.id)
    cancelled_unheard(bench, bench.now(request))
    assert cancel(bench.context, request.id, ANA.id, team_id=TEAM).state is State.CANCELLED


def test_a_task_so_new_that_mpaas_may_not_list_it_yet_is_not_taken_for_cancelled(bench: Bench) -> None:
    request = cancelled_unheard(bench, scheduled(bench))
    young = tuple(earlier(leg, timedelta(minutes=-1)) for leg in request.legs)
    bench.commit(request, legs=young)
    with pytest.raises(Refused, match="mPaaS did not cancel it"):
        cancel(bench.context, request.id, ANA.id, team_id=TEAM)


def test_a_task_whose_time_has_come_may_have_gone_out_and_is_not_taken_for_cancelled(bench: Bench) -> None:
    request = scheduled(bench)
    past = Scheduled(at=(bench.store.now() - timedelta(seconds=1)).replace(microsecond=0))
    cancelled_unheard(bench, request, content=request.content.model_copy(update={"delivery": past}))
    with pytest.raises(Refused, match="mPaaS did not cancel it"):
        cancel(bench.context, request.id, ANA.id, team_id=TEAM)


def test_without_the_list_of_what_waits_nothing_is_taken_for_cancelled(bench: Bench) -> None:
    request = cancelled_unheard(bench, scheduled(bench))
    bench.mpaas.misbehave(Misbehaviour(kind="reset", action="QueryPushSchedulerList", times=None))
    with pytest.raises(Refused, match="mPaaS did not cancel it"):
        cancel(bench.context, request.id, ANA.id, team_id=TEAM)


def test_what_mpaas_refuses_to_cancel_and_still_lists_is_not_taken_for_cancelled(bench: Bench) -> None:
    request = scheduled(bench)
    bench.commit(request, legs=tuple(earlier(leg) for leg in request.legs))
    client = Stubborn(bench)
    with pytest.raises(Refused, match="mPaaS did not cancel it"):
        cancel(replace(bench.context, quick_clients={"live": client}), request.id, ANA.id, team_id=TEAM)


class Stubborn(PushClient):
    """Refuse to cancel what waits, and list it as the real client does."""

    def __init__(self, bench: Bench) -> None:
        self._client = bench.context.quick_clients["live"]

    def cancel_scheduled(self, unique_ids: Iterable[str]) -> dict[str, SendOutcome]:
        return {one: Declined(code=NOT_CANCELLED, message="mPaaS did not cancel it.") for one in unique_ids}

    def scheduled_tasks(self, start: datetime, end: datetime, *, unique_id: str = "") -> tuple[ScheduledTask, ...]:
        return self._client.scheduled_tasks(start, end, unique_id=unique_id)


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
