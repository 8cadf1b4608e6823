"""Votes, rejections, changes, withdrawals: by whom, on what, and until when."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from operations.bench import DRAFT, Bench

from bot.domain.request import BroadcastRequest
from bot.domain.states import State
from bot.errors import IllegalTransition, Refused
from bot.operations import deciding
from bot.playground.cast import ANA, BO, CHEN, DANA, DEX, GUS, OLGA, TEAM


def refused_vote(bench: Bench, request: BroadcastRequest, user: str, *, team_id: str = TEAM, **said: object) -> str:
    """Give the code with which a vote is refused; nothing may have changed."""
    whole: dict[str, object] = {"revision": request.revision, "digest": request.short_digest} | said
    before = bench.now(request)
    with pytest.raises(Refused) as refused:
        deciding.approve(bench.context, request.id, user, team_id=team_id, **whole)  # type: ignore[arg-type]  # by name
    assert bench.now(request) == before
    return refused.value.code


def test_the_last_needed_vote_starts_the_veto_window_and_remembers_the_store(bench: Bench) -> None:
    context = bench.context_with(quorum=2, veto_window="1m")
    request = bench.submitted(context=context)
    first = bench.approve(request, context=context)
    assert (first.state, len(first.votes), first.veto_until) == (State.PENDING_APPROVAL, 1, None)
    second = bench.approve(request, by=CHEN.id, context=context)
    assert second.state is State.APPROVED
    assert second.approved_at is not None
    assert second.veto_until == second.wake_at == second.approved_at + timedelta(minutes=1)
    assert second.epoch == bench.store.epoch()


@pytest.mark.parametrize(
    ("user", "team_id", "code"),
    [
        (ANA.id, TEAM, "own_request"),
        (DANA.id, TEAM, "not_approver"),
        (GUS.id, TEAM, "guest"),
        (DEX.id, TEAM, "deactivated"),
        (OLGA.id, OLGA.team_id, "other_team"),
        ("U0NOBODY", TEAM, "person_gone"),
    ],
)
def test_a_vote_of_somebody_who_may_not_decide_is_refused(bench: Bench, user: str, team_id: str, code: str) -> None:
    request = bench.submitted()
    assert refused_vote(bench, request, user, team_id=team_id) == code
    with pytest.raises(Refused) as refused:
        deciding.check_can_decide(bench.context, request, user, team_id=team_id)
    assert refused.value.code == code


def test_a_press_on_an_older_card_decides_nothing(bench: Bench) -> None:
    request = bench.submitted()
    assert refused_vote(bench, request, BO.id, digest="0" * 12) == "stale_card"
    assert refused_vote(bench, request, BO.id, revision=2) == "stale_card"


def test_nobody_votes_twice(bench: Bench) -> None:
    context = bench.context_with(quorum=2)
    request = bench.submitted(context=context)
    bench.approve(request, context=context)
    with pytest.raises(Refused, match="your vote is counted"):
        bench.approve(request, context=context)
    with pytest.raises(Refused, match="your vote is counted"):
        deciding.check_can_decide(context, bench.now(request), BO.id, team_id=TEAM)
    assert len(bench.now(request).votes) == 1


def test_a_decision_about_a_decided_request_says_what_became_of_it(bench: Bench) -> None:
    request = bench.approved()
    with pytest.raises(IllegalTransition, match=f"already approved by <@{BO.id}>"):
        bench.approve(request, by=CHEN.id)
    with pytest.raises(IllegalTransition, match="already approved"):
        deciding.check_can_decide(bench.context, request, CHEN.id, team_id=TEAM)


def test_an_approver_who_may_decide_is_let_through(bench: Bench) -> None:
    assert deciding.check_can_decide(bench.context, bench.submitted(), BO.id, team_id=TEAM).id == BO.id


def test_while_slack_does_not_say_who_is_in_the_group_no_vote_counts(bench: Bench) -> None:
    request = bench.submitted()
    bench.slack.fault("usergroups.users.list", "error", code="fatal_error")
    assert refused_vote(bench, request, BO.id) == "groups_unknown"
    assert bench.approve(request).state is State.APPROVED


def test_a_vote_after_the_deadline_does_not_count(bench: Bench) -> None:
    request = bench.submitted()
    late = bench.commit(request, approve_by=bench.store.now())
    assert refused_vote(bench, late, BO.id) == "too_late_to_approve"


def test_a_vote_for_a_time_that_has_passed_does_not_count(bench: Bench) -> None:
    at = (bench.store.now() + timedelta(hours=1)).replace(microsecond=0)
    request = bench.submitted(DRAFT.model_copy(update={"when": "scheduled", "at": at}))
    passed = request.content.delivery.model_copy(update={"at": at - timedelta(hours=2)})
    late = bench.commit(request, content=request.content.model_copy(update={"delivery": passed}))
    assert refused_vote(bench, late, BO.id) == "time_passed"


def test_of_many_presses_at_once_each_vote_counts_once(bench: Bench) -> None:
    context = bench.context_with(quorum=2)
    request = bench.submitted(context=context)
    start = threading.Barrier(6)
    told: list[str] = []

    def press(user: str) -> None:
        start.wait()
        try:
            told.append(bench.approve(request, by=user, context=context).state)
        except Refused as refused:
            told.append(refused.code)

    threads = [threading.Thread(target=press, args=(user,)) for user in (BO.id, CHEN.id) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(vote.approver for vote in bench.now(request).votes) == [BO.id, CHEN.id]
    assert told.count(State.APPROVED) == 1
    assert told.count(State.PENDING_APPROVAL) == 1
    assert set(told) <= {"already_voted", "illegal_transition", State.APPROVED, State.PENDING_APPROVAL}


@pytest.mark.parametrize(
    ("verb", "state"), [(deciding.reject, State.REJECTED), (deciding.ask_changes, State.CHANGES_REQUESTED)]
)
def test_an_approvers_no_ends_or_returns_it_with_the_reason(
    bench: Bench, verb: Callable[..., BroadcastRequest], state: State
) -> None:
    request = bench.submitted()
    ended = verb(
        bench.context, request.id, BO.id, team_id=TEAM, revision=1, digest=request.short_digest, why="Wrong city"
    )
    assert ended.state is state
    assert ended.remark is not None
    assert (ended.remark.by, ended.remark.why) == (BO.id, "Wrong city")
    with pytest.raises(IllegalTransition, match=f"by <@{BO.id}>"):
        bench.approve(request, by=CHEN.id)


@pytest.mark.parametrize("user", [ANA.id, BO.id])
def test_the_requester_or_an_approver_withdraws_and_stops(bench: Bench, user: str) -> None:
    context = bench.context_with(veto_window="1m")
    waiting, approved = bench.submitted(context=context), bench.approved(context=context)
    for request, event in ((waiting, "withdraw"), (approved, "stop")):
        ended = deciding.withdraw(context, request.id, user, team_id=TEAM, why="Not now")
        assert ended.state is State.WITHDRAWN
        assert bench.store.history(request.id)[-1].event == event
    assert bench.store.due(10) == []


def test_somebody_who_is_not_involved_withdraws_nothing(bench: Bench) -> None:
    request = bench.submitted()
    with pytest.raises(Refused, match=f"Only <@{ANA.id}> or an approver of live"):
        deciding.withdraw(bench.context, request.id, DANA.id, team_id=TEAM, why="")
    assert bench.now(request) == request
