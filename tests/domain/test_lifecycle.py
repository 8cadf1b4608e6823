"""The verbs before the claim: what each does, and what it refuses."""

from datetime import timedelta

import pytest
from builders import ANA, BO, CY, NOON, SEALER, a_content, a_request, a_target

from bot.domain import lifecycle
from bot.domain.content import ChannelId, Platform, RequestId
from bot.domain.delivery import Scheduled
from bot.domain.lifecycle import too_late_sentence
from bot.domain.request import BroadcastRequest, NoticeKind
from bot.domain.states import LegState, State
from bot.errors import IllegalTransition, Refused

LATER = NOON + timedelta(minutes=5)


def submitted(**changes: object) -> BroadcastRequest:
    parts: dict[str, object] = {"content": a_content(), "target": a_target(), "now": NOON} | changes
    return lifecycle.submit(
        parts["content"],  # type: ignore[arg-type]
        request_id=RequestId("K7QX-3M9D"),
        requester=ANA,
        channel=ChannelId("C1"),
        digest="d" * 64,
        target=parts["target"],  # type: ignore[arg-type]
        now=parts["now"],  # type: ignore[arg-type]
    ).request


def approved(request: BroadcastRequest | None = None, **changes: object) -> BroadcastRequest:
    return lifecycle.approve(
        request or submitted(), voter=BO, target=a_target(**changes), now=LATER, epoch="run:repl", sealer=SEALER
    ).request


def test_a_submitted_request_waits_for_votes_until_its_deadline() -> None:
    request = submitted()
    assert request.state is State.PENDING_APPROVAL
    assert request.version == 1
    assert request.approve_by == request.wake_at == NOON + timedelta(hours=24)


def test_every_platform_becomes_a_leg_with_its_own_names() -> None:
    request = submitted()
    assert [leg.platform for leg in request.legs] == [Platform.ANDROID, Platform.IOS]
    assert [leg.msgkey for leg in request.legs] == ["K7QX-3M9D-1-android", "K7QX-3M9D-1-ios"]
    assert all(leg.task_name == f"outage {leg.msgkey}" for leg in request.legs)
    assert {leg.state for leg in request.legs} == {LegState.WAITING}


def test_votes_for_a_scheduled_push_end_when_it_is_due() -> None:
    at = NOON + timedelta(hours=2)
    assert submitted(content=a_content(delivery=Scheduled(at=at))).approve_by == at


def test_the_last_needed_vote_starts_the_veto_window() -> None:
    request = approved(veto_window=90)
    assert request.state is State.APPROVED
    assert request.veto_until == request.wake_at == LATER + timedelta(seconds=90)
    assert request.epoch == "run:repl"


def test_a_vote_below_the_quorum_only_counts() -> None:
    request = approved(quorum=2)
    assert request.state is State.PENDING_APPROVAL
    assert [vote.approver for vote in request.votes] == [BO]
    second = lifecycle.approve(request, voter=CY, target=a_target(quorum=2), now=LATER, epoch="", sealer=SEALER).request
    assert second.state is State.APPROVED


def test_a_second_vote_of_the_same_person_is_answered_not_counted() -> None:
    once = approved(quorum=2)
    with pytest.raises(Refused, match="counted") as refused:
        approved(once, quorum=2)
    assert refused.value.code == "already_voted"


def test_nobody_approves_after_the_deadline() -> None:
    with pytest.raises(Refused) as refused:
        lifecycle.approve(
            submitted(), voter=BO, target=a_target(), now=NOON + timedelta(hours=24), epoch="", sealer=SEALER
        )
    assert refused.value.code == "too_late_to_approve"


def test_nobody_approves_a_time_that_has_passed() -> None:
    request = submitted(content=a_content(delivery=Scheduled(at=NOON + timedelta(minutes=1))))
    with pytest.raises(Refused) as refused:
        lifecycle.approve(request, voter=BO, target=a_target(), now=LATER, epoch="", sealer=SEALER)
    assert refused.value.code == "time_passed"


def test_an_approval_after_the_decision_says_what_was_decided() -> None:
    rejected = lifecycle.reject(submitted(), by=BO, why="Not today", now=LATER).request
    with pytest.raises(IllegalTransition, match="already rejected by <@U02BO>"):
        lifecycle.approve(rejected, voter=CY, target=a_target(), now=LATER, epoch="", sealer=SEALER)


def test_a_rejection_keeps_its_reason_and_never_wakes_again() -> None:
    step = lifecycle.reject(submitted(), by=BO, why="Not today", now=LATER)
    assert step.request.state is State.REJECTED
    assert step.request.remark is not None
    assert (step.request.remark.by, step.request.remark.why) == (BO, "Not today")
    assert step.request.wake_at is None
    assert {notice.kind for notice in step.notices} == {NoticeKind.CARD, NoticeKind.DIRECT}


def test_asking_for_changes_hands_it_back_until_the_deadline() -> None:
    request = lifecycle.ask_changes(submitted(), by=BO, why="Typo", now=LATER).request
    assert request.state is State.CHANGES_REQUESTED
    assert request.wake_at == request.approve_by


def test_an_edit_is_a_new_revision_without_votes() -> None:
    voted = approved(quorum=2)
    step = lifecycle.revise(voted, a_content(expires=60), editor=CY, digest="e" * 64, target=a_target(), now=LATER)
    assert (step.request.revision, step.request.votes, step.request.editor) == (2, (), CY)
    assert [leg.msgkey for leg in step.request.legs] == ["K7QX-3M9D-2-android", "K7QX-3M9D-2-ios"]
    assert step.request.requester == ANA


def test_an_approved_request_can_be_stopped_but_not_withdrawn() -> None:
    request = approved()
    assert lifecycle.stop(request, by=ANA, why="", now=LATER).request.state is State.WITHDRAWN
    with pytest.raises(IllegalTransition):
        lifecycle.withdraw(request, by=ANA, why="", now=LATER)


def test_void_approvals_leave_no_votes() -> None:
    request = lifecycle.void(approved(), why="The template was changed.", now=LATER).request
    assert (request.state, request.votes) == (State.CHANGES_REQUESTED, ())


def test_waiting_keeps_the_state_and_names_the_gate() -> None:
    until = LATER + timedelta(seconds=10)
    request = lifecycle.wait_for(approved(), code="halted", why="Halted.", now=LATER, until=until).request
    assert (request.state, request.waiting_for, request.wake_at) == (State.APPROVED, "halted", until)


def test_an_unanswered_request_expires() -> None:
    step = lifecycle.expire(submitted(), why="Nobody approved it in time.", now=NOON + timedelta(days=1))
    assert step.request.state is State.EXPIRED
    assert step.line.actor == "worker"


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_a_sentence_for_somebody_who_came_too_late(state: State) -> None:
    assert too_late_sentence(a_request(state)).endswith(".")
