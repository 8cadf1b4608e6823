"""Look at mPaaS for what is unknown: what it shows is written down, and a person decides."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from operations.bench import DRAFT, Bench
from operations.tended import MINUTE, SECOND, tend_all

from bot.domain.content import Platform
from bot.domain.delivery import Cycle
from bot.domain.draft import Draft
from bot.domain.evidence import Evidence
from bot.domain.request import BroadcastRequest, NoticeKind
from bot.domain.states import LegState, State
from bot.errors import Refused
from bot.operations import evidence, settling
from bot.operations.tending import NOTHING_DUE, tend
from bot.playground.cast import BO, TEAM
from bot.playground.mpaas.misbehaviour import Misbehaviour

ANDROID, IOS = Platform.ANDROID, Platform.IOS
ANDROID_ALONE = DRAFT.model_copy(update={"platforms": ("android",)})
TASK_LIST, CALENDAR = "QueryPushAnalysisTaskList", "QueryPushSchedulerList"


def lost(bench: Bench, draft: Draft = ANDROID_ALONE, *, executed: bool = True) -> BroadcastRequest:
    """Send a push, and lose mPaaS's answer for its first leg."""
    request = bench.approved(draft)
    when = "after" if executed else "before"
    bench.mpaas.misbehave(Misbehaviour.model_validate({"kind": "reset", "when": when, "action": "PushBroadcast"}))
    request = tend_all(bench, request)
    assert request.state is State.OUTCOME_UNKNOWN
    return request


def held(bench: Bench, draft: Draft = ANDROID_ALONE) -> BroadcastRequest:
    """Approve a push in a store that is another one now."""
    return tend_all(bench, bench.commit(bench.approved(draft), epoch="another:life"))


def look(bench: Bench, request: BroadcastRequest) -> Evidence:
    """Let the worker look, and give what it wrote down of the first leg."""
    assert tend(bench.context, request.id).event == request.state
    after = bench.now(request)
    assert [leg.state for leg in after.legs] == [leg.state for leg in request.legs]
    assert after.legs[0].evidence is not None
    return after.legs[0].evidence


def later(bench: Bench, request: BroadcastRequest, by: timedelta) -> BroadcastRequest:
    """Let everything about a request have happened earlier, so that it is due again."""
    legs = []
    for leg in bench.now(request).legs:
        seen = leg.evidence
        moved = seen and seen.model_copy(update={"since": seen.since - by, "looked_at": seen.looked_at - by})
        at = leg.attempted_at and leg.attempted_at - by
        legs.append(leg.model_copy(update={"attempted_at": at, "evidence": moved}))
    return bench.commit(bench.now(request), legs=tuple(legs), wake_at=bench.store.now())


def asked(bench: Bench, action: str) -> int:
    return len(bench.mpaas.journal.entries(action))


def tasks_named(bench: Bench, request: BroadcastRequest) -> Sequence[str]:
    return [task.task_id for task in bench.mpaas.tasks() if task.push.task_name == request.legs[0].task_name]


# What the worker writes down ---------------------------------------------------------------------------------------


def test_what_is_unknown_is_looked_for_at_once_and_the_task_is_written_down(bench: Bench) -> None:
    request = lost(bench)
    assert bench.store.due(1) == [request.id]
    found = look(bench, request)
    assert (found.task_ids, found.in_calendar, found.looks) == (tuple(tasks_named(bench, request)), False, 1)
    line = bench.store.history(request.id)[-1]
    assert (line.event, line.detail) == ("look", f"android: mPaaS lists task {found.task_id}")


def test_a_look_is_read_only_and_sends_nothing(bench: Bench) -> None:
    request = lost(bench, executed=False)
    bench.mpaas.journal.clear()
    look(bench, request)
    assert {entry.action for entry in bench.mpaas.journal.entries()} == {TASK_LIST}


def test_after_a_look_nothing_is_due_for_ten_seconds(bench: Bench) -> None:
    request = lost(bench, executed=False)
    before = bench.store.now()
    assert look(bench, request).task_ids == ()
    next_wake = bench.store.next_wake()
    assert next_wake is not None
    assert 9 * SECOND < next_wake - before < 12 * SECOND
    assert tend(bench.context, request.id).event == NOTHING_DUE


def test_a_look_redraws_the_card_and_tells_nobody_else(bench: Bench) -> None:
    request = lost(bench)
    while bench.store.notices_waiting():
        bench.announcer().turn()
    look(bench, request)
    (pending,) = bench.store.next_notices("reader", count=10, block_ms=1)
    assert pending.notice.kind is NoticeKind.CARD


def test_a_task_that_is_listed_late_is_found_later(bench: Bench) -> None:
    bench.mpaas.vendor.listing_delay = timedelta(hours=1)
    request = lost(bench)
    assert look(bench, request).task_ids == ()
    bench.mpaas.vendor.listing_delay = timedelta()
    assert look(bench, later(bench, request, 10 * SECOND)).task_ids == tuple(tasks_named(bench, request))


def test_a_held_leg_is_looked_for_too(bench: Bench) -> None:
    request = held(bench, DRAFT)
    found = look(bench, request)
    assert (found.task_ids, found.failure) == ((), "")
    assert bench.now(request).wake_at is not None


def test_an_mpaas_that_does_not_answer_is_asked_once_for_all_legs_and_is_no_evidence(bench: Bench) -> None:
    request = held(bench, DRAFT)
    before = asked(bench, TASK_LIST)
    bench.mpaas.misbehave(Misbehaviour(kind="status", action=TASK_LIST, times=None))
    assert "503" in look(bench, request).failure
    assert asked(bench, TASK_LIST) == before + 1
    assert [leg.evidence and bool(leg.evidence.failure) for leg in bench.now(request).legs] == [True, True]


def test_two_tasks_of_one_name_are_two_pushes(bench: Bench) -> None:
    request = lost(bench)
    (task,) = [task for task in bench.mpaas.tasks() if task.push.task_name == request.legs[0].task_name]
    with bench.mpaas.vendor.lock:
        (house,) = [house for house in bench.mpaas.vendor.houses.values() if task in house.ledger.tasks]
        house.ledger.add(task.push, task.created_at)
    found = look(bench, request)
    assert (len(found.task_ids), found.task_id) == (2, "")


def test_of_a_target_that_is_gone_nothing_can_be_found(bench: Bench) -> None:
    request = lost(bench)
    tend(replace(bench.context, clients={}), request.id)
    (leg,) = bench.now(request).legs
    assert leg.evidence is not None
    assert leg.evidence.failure == "There is no target 'live' in broadcast.toml any more."


def test_whoever_settles_while_the_bot_looks_is_first(bench: Bench) -> None:
    request = lost(bench)
    settle = {"sent": True, "by": BO.id, "team_id": TEAM}

    class Settling(dict[str, Any]):
        """Let somebody settle in the moment in which the worker takes its client."""

        def get(self, name: str, default: Any = None) -> Any:
            settling.settle(bench.context, request.id, ANDROID, **settle)
            return super().get(name, default)

    clients = Settling(bench.context.clients)
    assert tend(replace(bench.context, clients=clients), request.id).event == "changed_elsewhere"
    assert bench.now(request).state is State.SENT


def test_what_shows_an_absence_already_is_looked_at_without_a_word_until_something_changes(bench: Bench) -> None:
    request = later(bench, lost(bench, executed=False), 17 * MINUTE)
    for looks in range(1, 4):
        found = look(bench, request)
        assert (found.conclusive, found.shows_absence) == (looks, looks == 3)
        request = later(bench, request, MINUTE)
    assert tend(bench.context, request.id).event == "look again"
    assert bench.now(request) == request
    next_wake = bench.store.next_wake()
    assert next_wake is not None
    assert next_wake - bench.store.now() > 2 * MINUTE


def test_after_a_day_the_bot_stops_looking(bench: Bench) -> None:
    request = later(bench, lost(bench, executed=False), timedelta(days=1, minutes=17))
    look(bench, request)
    assert bench.now(request).wake_at is None
    assert bench.store.next_wake() is None


# The calendar ------------------------------------------------------------------------------------------------------


def scheduled(bench: Bench, **changes: Any) -> Draft:
    at = (bench.store.now() + timedelta(hours=2)).replace(microsecond=0)
    return DRAFT.model_copy(update={"platforms": ("android",), "when": "scheduled", "at": at} | changes)


def recurring(bench: Bench) -> Draft:
    today = bench.store.now().date()
    days = {"first": today + timedelta(days=1), "last": today + timedelta(days=20)}
    when = {"when": "recurring", "cycle": Cycle.DAILY, "time": (bench.store.now() + timedelta(hours=9)).time()}
    when["time"] = when["time"].replace(microsecond=0)
    return DRAFT.model_copy(update={"platforms": ("android", "ios")} | when | days)


def kept(bench: Bench, platform: int = 1) -> set[str]:
    """Name the tasks that mPaaS keeps for later, of Android's devices."""
    houses = bench.mpaas.vendor.houses.values()
    return {sub.parent_id for house in houses for sub in house.ledger.scheduled if sub.push.delivery_type == platform}


def test_a_scheduled_push_is_found_in_the_calendar_before_it_runs(bench: Bench) -> None:
    request = lost(bench, scheduled(bench))
    found = look(bench, request)
    assert ({found.task_id}, found.in_calendar) == (kept(bench), True)
    settled = record(bench, request)
    assert (settled.state, settled.legs[0].state) == (State.SCHEDULED, LegState.ACCEPTED)


def record(bench: Bench, request: BroadcastRequest) -> BroadcastRequest:
    digest = request.short_digest
    return settling.record(bench.context, request.id, ANDROID, by=BO.id, team_id=TEAM, revision=1, digest=digest)


def test_a_scheduled_push_that_never_arrived_is_not_found(bench: Bench) -> None:
    found = look(bench, lost(bench, scheduled(bench), executed=False))
    assert (found.task_ids, found.failure) == ((), "")


def test_a_recurring_push_is_found_by_its_next_day_and_each_platform_by_itself(bench: Bench) -> None:
    request = lost(bench, recurring(bench))
    assert look(bench, request).task_id in kept(bench, 1)
    assert bench.legs(request) == {"android": LegState.UNKNOWN, "ios": LegState.ACCEPTED}


@pytest.mark.parametrize(
    "changes",
    [
        {"values": {"city": "Hamburg", "time": "18:00"}},
        {"platforms": ("ios",)},
        {"template": "maintenance", "values": {}},
    ],
    ids=["text", "platform", "template"],
)
def test_what_differs_in_the_calendar_is_not_it(bench: Bench, changes: dict[str, Any]) -> None:
    draft = scheduled(bench)
    tend_all(bench, bench.approved(draft.model_copy(update=changes)))
    assert look(bench, lost(bench, draft, executed=False)).task_ids == ()


def test_another_moment_is_another_push(bench: Bench) -> None:
    draft = scheduled(bench)
    assert draft.at is not None
    tend_all(bench, bench.approved(draft.model_copy(update={"at": draft.at + SECOND})))
    assert look(bench, lost(bench, draft, executed=False)).task_ids == ()


def test_the_task_of_another_request_is_not_taken_for_this_one(bench: Bench) -> None:
    draft = scheduled(bench)
    tend_all(bench, bench.approved(draft))
    assert look(bench, lost(bench, draft, executed=False)).task_ids == ()


def test_two_requests_of_one_push_do_not_get_the_same_task(bench: Bench) -> None:
    draft = scheduled(bench)
    one, other = lost(bench, draft), lost(bench, draft, executed=False)
    (task_id,) = kept(bench)
    assert [look(bench, each).task_id for each in (one, other)] == [task_id, task_id]
    record(bench, one)
    with pytest.raises(Refused, match=f"Task {task_id} is recorded for another request"):
        record(bench, other)
    assert look(bench, later(bench, other, 10 * SECOND)).task_ids == ()


def test_a_scheduled_push_that_ran_is_found_by_its_name(bench: Bench) -> None:
    request = lost(bench, scheduled(bench))
    with bench.mpaas.vendor.lock:
        for house in bench.mpaas.vendor.houses.values():
            house.ledger.run_due(bench.store.now() + timedelta(hours=3))
            house.ledger.scheduled.clear()
    found = look(bench, request)
    assert (found.in_calendar, len(found.task_ids)) == (False, 0)  # it is listed from the moment it runs
    bench.mpaas.vendor.listing_delay = -timedelta(hours=4)
    found = look(bench, later(bench, request, 10 * SECOND))
    assert (found.task_ids, found.in_calendar) == (tuple(tasks_named(bench, request)), False)


def test_a_calendar_that_does_not_answer_is_no_evidence(bench: Bench) -> None:
    request = lost(bench, scheduled(bench))
    bench.mpaas.misbehave(Misbehaviour(kind="rubbish", action=CALENDAR))
    assert look(bench, request).failure.startswith("mPaaS answered HTTP 200, but")


# The dialog --------------------------------------------------------------------------------------------------------


def test_the_dialog_looks_as_the_worker_does_and_writes_nothing_down(bench: Bench) -> None:
    request = lost(bench, DRAFT)
    found = evidence.gather(bench.context, request, bench.context.quick_clients, now=bench.store.now())
    assert list(found) == [ANDROID]
    assert found[ANDROID].task_ids == tuple(tasks_named(bench, request))
    assert bench.now(request) == request


def test_of_a_leg_that_was_never_attempted_it_did_not_go_out_may_be_said_at_once(bench: Bench) -> None:
    request = held(bench, DRAFT)
    settling.settle(bench.context, request.id, ANDROID, sent=False, by=BO.id, team_id=TEAM)
    after = settling.settle(bench.context, request.id, IOS, sent=False, by=BO.id, team_id=TEAM)
    assert (after.state, after.wake_at) == (State.FAILED, None)
