"""What is due for a request, and every gate before its claim, each closed by a fact and not by an argument."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import redis
from operations.bench import DRAFT, LIVE, Bench, wall_clock

from bot.domain.delivery import Scheduled
from bot.domain.digest import digest_of
from bot.domain.outcome import Accepted
from bot.domain.request import BroadcastRequest, Remark
from bot.domain.states import LegState, State
from bot.mpaas.payload import parameters_of
from bot.operations import deciding
from bot.operations.context import Context
from bot.operations.tending import NOTHING_DUE, Tended, tend
from bot.playground.cast import BO, ONCALL, TEAM
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.mpaas.templates import DEFAULT_TEMPLATES
from bot.store.keys import Keys

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def tend_all(bench: Bench, request: BroadcastRequest, context: Context | None = None) -> BroadcastRequest:
    """Tend a request until there is nothing more to do by itself."""
    while (tended := tend(context or bench.context, request.id)).event == State.SENDING:
        pass
    return tended.request


def kept_from_sending(bench: Bench, request: BroadcastRequest, code: str, context: Context | None = None) -> None:
    """Demand that the request stays approved, says what it waits for, and that nothing reached mPaaS."""
    before = bench.store.now()
    assert tend(context or bench.context, request.id).event in {State.APPROVED, f"wait {code}"}
    fresh = bench.now(request)
    assert (fresh.state, fresh.waiting_for) == (State.APPROVED, code)
    assert bench.pushes() == []
    next_wake = bench.store.next_wake()
    assert next_wake is not None
    assert before + 9 * SECOND < next_wake


def handed_back(bench: Bench, tended: Tended, words: str) -> None:
    """Demand that the approvals are void, and that nothing reached mPaaS."""
    request = tended.request
    assert (request.state, request.votes) == (State.CHANGES_REQUESTED, ())
    assert request.remark is not None
    assert words in request.remark.why
    assert bench.pushes() == []


def late(bench: Bench, request: BroadcastRequest, minutes: float) -> BroadcastRequest:
    """Let the veto window have ended so many minutes ago."""
    return bench.commit(request, veto_until=bench.store.now() - minutes * MINUTE)


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


# Gates that wait ---------------------------------------------------------------------------------------------------


def test_while_sending_is_halted_it_waits_and_then_goes_out(bench: Bench) -> None:
    request = bench.approved()
    bench.store.halt(BO.id, "wrong template", until=None, at=bench.store.now())
    kept_from_sending(bench, request, "halted")
    assert "wrong template" in str(bench.now(request).remark)
    bench.store.resume()
    assert tend_all(bench, request).state is State.SENT


def test_waiting_for_the_same_gate_writes_no_second_line(bench: Bench) -> None:
    request = bench.approved()
    bench.store.halt(BO.id, "", until=None, at=bench.store.now())
    kept_from_sending(bench, request, "halted")
    version = bench.now(request).version
    kept_from_sending(bench, request, "halted")
    assert bench.now(request).version == version


def test_a_halt_between_the_gates_and_the_claim_still_stops_it(bench: Bench) -> None:
    request = bench.approved()

    def halted_at_the_last_moment() -> float:
        bench.store.halt(BO.id, "now!", until=None, at=bench.store.now())
        return 0.0

    kept_from_sending(bench, request, "halted", replace(bench.context, stopwatch=halted_at_the_last_moment))


def test_an_mpaas_that_cannot_be_reached_is_waited_for(bench: Bench) -> None:
    request = bench.approved()
    bench.mpaas.refuse()
    kept_from_sending(bench, request, "mpaas_unreachable")
    bench.mpaas.accept()
    assert tend_all(bench, request).state is State.SENT


@pytest.mark.parametrize("action", ["GetTemplate", "QueryPushAnalysisTaskList"])
@pytest.mark.parametrize("kind", ["rubbish", "reset", "status"])
def test_a_question_before_the_claim_that_mpaas_does_not_answer_is_waited_for(
    bench: Bench, action: str, kind: str
) -> None:
    request = bench.approved()
    bench.mpaas.misbehave(Misbehaviour.model_validate({"kind": kind, "action": action, "times": None}))
    kept_from_sending(bench, request, "mpaas_unreachable")


def test_an_mpaas_that_stays_away_for_a_quarter_of_an_hour_lets_it_expire(bench: Bench) -> None:
    request = bench.approved()
    bench.mpaas.refuse()
    kept_from_sending(bench, late(bench, request, 14.9), "mpaas_unreachable")
    expired = tend(bench.context, late(bench, bench.now(request), 15.1).id).request
    assert (expired.state, expired.waiting_for) == (State.EXPIRED, "")
    bench.mpaas.accept()
    assert tend(bench.context, request.id).event == NOTHING_DUE
    assert bench.pushes() == []


def test_a_clock_of_mpaas_that_is_a_minute_ahead_is_waited_for(bench: Bench) -> None:
    request = bench.approved()
    bench.mpaas.advance(60)
    kept_from_sending(bench, request, "clock_off")


def test_a_clock_of_mpaas_that_is_twenty_seconds_ahead_is_near_enough(bench: Bench) -> None:
    request = bench.approved()
    bench.mpaas.advance(20)
    assert tend_all(bench, request).state is State.SENT


def test_an_mpaas_that_takes_our_signature_for_stale_is_waited_for(bench: Bench) -> None:
    request = bench.approved()
    bench.mpaas.advance(16 * 60)
    kept_from_sending(bench, request, "mpaas_unreachable")


@pytest.mark.parametrize("off", [-MINUTE, MINUTE])
def test_a_clock_of_this_machine_that_is_off_is_waited_for(bench: Bench, off: timedelta) -> None:
    def machine_now() -> datetime:
        return wall_clock() + off

    kept_from_sending(bench, bench.approved(), "clock_off", replace(bench.context, machine_now=machine_now))


@pytest.mark.parametrize("method", ["users.info", "usergroups.users.list"])
def test_while_slack_does_not_say_who_the_approvers_are_it_waits(
    bench: Bench, redis_client: redis.Redis, method: str
) -> None:
    request = bench.approved()
    redis_client.delete(Keys().members(ONCALL.id))
    bench.slack.fault(method, "http_500", times=2)
    kept_from_sending(bench, request, "groups_unknown")
    bench.slack.clear_faults()
    assert tend_all(bench, request).state is State.SENT


# Gates that make the approvals void --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [{"app_id": "ONEXOTHER"}, {"workspace_id": "other"}, {"tenant_id": "T"}, {"endpoint": "mpaas.example.com"}],
    ids=lambda changes: next(iter(changes)),
)
def test_a_target_that_leads_elsewhere_by_now_makes_the_approvals_void(bench: Bench, changes: dict[str, str]) -> None:
    request = bench.approved()
    moved = bench.context_with(**changes)
    if "endpoint" in changes:  # a host that no test may ask
        moved = replace(moved, clients=bench.context.clients)
    handed_back(bench, tend(moved, request.id), "The target live was changed or removed")


def test_a_target_that_is_no_longer_configured_makes_the_approvals_void(bench: Bench) -> None:
    request = bench.approved()
    handed_back(bench, tend(bench.context_with("test"), request.id), "The target live was changed or removed")


def test_an_approver_who_left_the_group_no_longer_counts(bench: Bench, redis_client: redis.Redis) -> None:
    request = bench.approved()
    bench.slack.world.groups[ONCALL.id] = replace(ONCALL, users=tuple(set(ONCALL.users) - {BO.id}))
    redis_client.delete(Keys().members(ONCALL.id))  # what is remembered for a minute is forgotten
    handed_back(bench, tend(bench.context, request.id), "It needs 1 approvals of people who may still give them")


@pytest.mark.parametrize("change", [{"deleted": True}, {"is_restricted": True}, {"team_id": "T0987654321"}])
def test_an_approver_who_is_no_full_member_any_more_no_longer_counts(bench: Bench, change: dict[str, object]) -> None:
    request = bench.approved()
    bench.slack.world.people[BO.id] = replace(BO, **change)  # type: ignore[arg-type]  # one field of a dataclass
    handed_back(bench, tend(bench.context, request.id), "It needs 1 approvals")


def test_a_quorum_that_was_raised_since_is_not_reached(bench: Bench) -> None:
    request = bench.approved()
    handed_back(bench, tend(bench.context_with(quorum=2), request.id), "It needs 2 approvals")


def test_a_vote_for_another_digest_or_revision_does_not_count(bench: Bench) -> None:
    request = bench.approved()
    (vote,) = request.votes
    forged = bench.commit(request, votes=(vote.model_copy(update={"digest": "0" * 64}),))
    handed_back(bench, tend(bench.context, forged.id), "It needs 1 approvals")


def test_a_request_that_was_changed_behind_the_approvers_back_is_not_sent(bench: Bench) -> None:
    request = bench.approved()
    content = request.content.model_copy(update={"values": {"city": "Bonn", "time": "18:00"}})
    handed_back(bench, tend(bench.context, bench.commit(request, content=content).id), "not what was approved")


@pytest.mark.parametrize("edit", [{"content": "#city# is closed at #time#."}, {"title": "Other"}, {"uri": "app://x"}])
def test_a_template_that_was_edited_at_mpaas_makes_the_approvals_void(bench: Bench, edit: dict[str, str]) -> None:
    request = bench.approved()
    outage = next(template for template in DEFAULT_TEMPLATES if template.name == "outage")
    bench.mpaas.put_template(LIVE.app_id, LIVE.workspace_id, replace(outage, **edit))
    handed_back(bench, tend(bench.context, request.id), "The template outage was changed")


def test_a_template_that_is_gone_makes_the_approvals_void(bench: Bench) -> None:
    request = bench.approved()
    bench.mpaas.delete_template(LIVE.app_id, LIVE.workspace_id, "outage")
    handed_back(bench, tend(bench.context, request.id), "The template outage was changed")


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
