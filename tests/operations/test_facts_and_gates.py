"""Every gate that waits or makes the approvals void, each closed by a fact and not by an argument."""

from dataclasses import replace
from datetime import datetime, timedelta

import clock
import pytest
from operations.bench import LIVE, Bench
from operations.tended import MINUTE, handed_back, kept_from_sending, late, tend_all

from bot.domain.states import State
from bot.operations.tending import NOTHING_DUE, tend
from bot.playground.cast import BO, ONCALL
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.mpaas.templates import DEFAULT_TEMPLATES

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
        return clock.now() + off

    kept_from_sending(bench, bench.approved(), "clock_off", replace(bench.context, machine_now=machine_now))


@pytest.mark.parametrize("method", ["users.info", "usergroups.users.list"])
def test_while_slack_does_not_say_who_the_approvers_are_it_waits(bench: Bench, method: str) -> None:
    request = bench.approved()
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


def test_an_approver_who_left_the_group_a_moment_ago_no_longer_counts(bench: Bench) -> None:
    request = bench.approved()
    assert BO.id in (bench.store.members(ONCALL.id) or ())  # still remembered, and not trusted
    bench.slack.world.groups[ONCALL.id] = replace(ONCALL, users=tuple(set(ONCALL.users) - {BO.id}))
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
    for other in ({"digest": "0" * 64}, {"revision": 2}):
        sealed = bench.store.sealer.vote(request.id, vote.model_copy(update=other))
        voted = bench.commit(bench.approved(), votes=())
        voted = bench.commit(voted, votes=(bench.store.sealer.vote(voted.id, sealed),))
        handed_back(bench, tend(bench.context, voted.id), "It needs 1 approvals")


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
