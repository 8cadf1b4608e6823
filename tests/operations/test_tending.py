"""What is due for a request: what is sent when every gate is open, what ends it, and what happens between two legs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from operations.bench import DRAFT, LIVE, Bench
from operations.tended import MINUTE, SECOND, late, tend_all

from bot.domain.delivery import Scheduled
from bot.domain.digest import digest_of
from bot.domain.outcome import Accepted
from bot.domain.request import BroadcastRequest, Remark
from bot.domain.states import LegState, State
from bot.mpaas.payload import parameters_of
from bot.operations import deciding
from bot.operations.tending import NOTHING_DUE, Tended, tend
from bot.playground.cast import BO, TEAM
from bot.playground.mpaas.templates import DEFAULT_TEMPLATES

# What is due -------------------------------------------------------------------------------------------------------


def test_a_request_that_waits_for_votes_in_time_is_left_alone(bench: Bench) -> None:
    request = bench.submitted()
    assert tend(bench.context, request.id) == Tended(request, NOTHING_DUE)


@pytest.mark.parametrize(
    ("state", "words"),
    [(State.PENDING_APPROVAL, "Nobody approved it in time."), (State.CHANGES_REQUESTED, "did not come in time")],
)
def test_a_request_nobody_decided_about_in_time_expires(bench: Bench, state: State, words: str) -> None:
    request = bench.commit(bench.submitted(), state=state, approve_by=bench.store.now() - SECOND)
    tended = tend(bench.context, request.id)
    assert (tended.event, tended.request.wake_at) == (State.EXPIRED, None)
    assert isinstance(tended.request.remark, Remark)
    assert words in tended.request.remark.why


def test_nothing_is_sent_before_the_veto_window_is_over(bench: Bench) -> None:
    request = bench.approved(context=bench.context_with(veto_window="1m"))
    assert tend(bench.context, request.id).event == NOTHING_DUE
    assert bench.mpaas.journal.entries("QueryPushAnalysisTaskList") == []


@pytest.mark.parametrize("state", [state for state in State if state not in {State.APPROVED, State.SENDING}])
def test_in_every_other_state_nothing_is_ever_sent(bench: Bench, state: State) -> None:
    request = bench.commit(bench.approved(), state=state)
    assert tend(bench.context, request.id).event == NOTHING_DUE
    assert bench.pushes() == []


# Open gates --------------------------------------------------------------------------------------------------------


def test_one_post_per_leg_carries_exactly_what_was_approved(bench: Bench) -> None:
    request = tend_all(bench, bench.approved())
    assert request.state is State.SENT
    assert [entry.signature for entry in bench.pushes()] == ["right", "right"]
    legs = {leg.platform: entry.parameters for leg, entry in zip(request.legs, bench.pushes(), strict=True)}
    content = request.content
    assert request.digest == digest_of(
        request.id, request.revision, destination=content.destination, template=content.template, legs=legs
    )
    assert bench.executed() == {leg.msgkey: 1 for leg in request.legs}
    assert [leg.outcome.kind for leg in request.legs if leg.outcome] == ["accepted", "accepted"]


def test_a_turn_sends_one_leg_and_the_next_turn_the_next(bench: Bench) -> None:
    request = bench.approved()
    tend(bench.context, request.id)
    assert bench.legs(request) == {"android": LegState.ACCEPTED, "ios": LegState.WAITING}
    assert bench.store.due(10) == [request.id]
    tend(bench.context, request.id)
    assert bench.legs(request) == {"android": LegState.ACCEPTED, "ios": LegState.ACCEPTED}
    assert bench.store.due(10) == []
    assert tend(bench.context, request.id).event == NOTHING_DUE


def test_a_scheduled_push_is_handed_to_mpaas_with_its_id_kept(bench: Bench) -> None:
    at = (bench.store.now() + timedelta(days=1)).replace(microsecond=0)
    request = tend_all(bench, bench.approved(DRAFT.model_copy(update={"when": "scheduled", "at": at})))
    assert request.state is State.SCHEDULED
    ids = [leg.outcome.task_id for leg in request.legs if isinstance(leg.outcome, Accepted)]
    assert sorted(ids) == sorted(sub.parent_id for sub in bench.mpaas.scheduled())


# Gates that end it -------------------------------------------------------------------------------------------------


def test_a_time_that_passed_while_it_waited_lets_it_expire(bench: Bench) -> None:
    request = bench.approved()
    passed = Scheduled(at=(bench.store.now() - MINUTE).replace(microsecond=0))
    content = request.content.model_copy(update={"delivery": passed})
    expired = tend(bench.context, bench.commit(request, content=content).id).request
    assert expired.state is State.EXPIRED
    assert "has passed" in str(expired.remark)
    assert bench.pushes() == []


def test_a_task_that_mpaas_already_lists_keeps_all_legs_held(bench: Bench) -> None:
    request = bench.approved()
    android = request.legs[0]
    forgotten = bench.context.clients["live"].push_broadcast(parameters_of(request, android))
    assert isinstance(forgotten, Accepted)
    held = tend(bench.context, request.id).request
    assert held.state is State.HELD
    assert android.task_name in str(held.remark)
    assert bench.legs(request) == {"android": LegState.HELD, "ios": LegState.HELD}
    assert bench.executed() == {android.msgkey: 1}


def test_another_task_of_a_similar_name_holds_nothing(bench: Bench) -> None:
    request = bench.approved()
    android = request.legs[0]
    other = android.model_copy(update={"task_name": f"{android.task_name}x", "msgkey": "other"})
    bench.context.clients["live"].push_broadcast(parameters_of(request, other))
    assert tend_all(bench, request).state is State.SENT


@pytest.mark.parametrize("legs_claimed", [0, 1])
def test_what_another_life_of_the_store_may_have_sent_is_held_and_not_said_to_be_unsent(
    bench: Bench, legs_claimed: int
) -> None:
    request = bench.approved()
    for _ in range(legs_claimed):
        tend(bench.context, request.id)
    too_late = late(bench, bench.now(request), minutes=16)
    held = tend(bench.context, bench.commit(too_late, epoch="another:life").id).request
    assert held.state is State.HELD
    assert {leg.state for leg in held.legs[legs_claimed:]} == {LegState.HELD}


def test_a_request_of_another_life_of_the_store_is_held(bench: Bench) -> None:
    request = bench.commit(bench.approved(), epoch="another:life")
    held = tend(bench.context, request.id).request
    assert held.state is State.HELD
    assert "The store is not the one" in str(held.remark)
    assert bench.pushes() == []


# Between two legs --------------------------------------------------------------------------------------------------


def edit_the_template(bench: Bench, _: BroadcastRequest) -> None:
    outage = next(template for template in DEFAULT_TEMPLATES if template.name == "outage")
    bench.mpaas.put_template(LIVE.app_id, LIVE.workspace_id, replace(outage, title="Other"))


def let_the_time_run_out(bench: Bench, request: BroadcastRequest) -> None:
    late(bench, bench.now(request), 15.1)


@pytest.mark.parametrize("event", [edit_the_template, let_the_time_run_out])
def test_a_gate_that_closes_between_two_legs_gives_the_remaining_ones_up(
    bench: Bench, event: Callable[[Bench, BroadcastRequest], None]
) -> None:
    request = bench.approved()
    tend(bench.context, request.id)
    event(bench, request)
    assert tend(bench.context, request.id).event == State.PARTLY_SENT
    assert bench.legs(request) == {"android": LegState.ACCEPTED, "ios": LegState.NOT_SENT}
    assert len(bench.pushes()) == 1


def test_a_halt_between_two_legs_keeps_the_second_waiting(bench: Bench) -> None:
    request = bench.approved()
    tend(bench.context, request.id)
    bench.store.halt(BO.id, "", until=None, at=bench.store.now())
    assert tend(bench.context, request.id).request.waiting_for == "halted"
    assert tend(bench.context, request.id).event == "wait halted"
    assert bench.legs(request) == {"android": LegState.ACCEPTED, "ios": LegState.WAITING}
    bench.store.resume()
    assert tend_all(bench, request).state is State.SENT


def test_a_second_leg_that_mpaas_already_lists_is_held(bench: Bench) -> None:
    request = bench.approved()
    tend(bench.context, request.id)
    bench.context.clients["live"].push_broadcast(parameters_of(request, request.legs[1]))
    assert tend(bench.context, request.id).event == State.HELD
    assert bench.legs(request) == {"android": LegState.ACCEPTED, "ios": LegState.HELD}
    assert set(bench.executed().values()) == {1}


def test_somebody_who_stops_it_between_the_gates_and_the_claim_is_in_time(bench: Bench) -> None:
    request = bench.approved()

    def stopped_at_the_last_moment() -> float:
        if bench.now(request).state is State.APPROVED:
            deciding.withdraw(bench.context, request.id, BO.id, team_id=TEAM, why="Wait")
        return 0.0

    tended = tend(replace(bench.context, stopwatch=stopped_at_the_last_moment), request.id)
    assert tended.event == "claimed_elsewhere"
    assert bench.now(request).state is State.WITHDRAWN
    assert bench.pushes() == []
