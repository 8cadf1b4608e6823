"""Decide about a request before it is sent: approve, reject, ask for changes, withdraw, stop."""

from collections.abc import Callable
from typing import TypedDict, Unpack

from bot.domain import lifecycle
from bot.domain.content import RequestId, UserId
from bot.domain.lifecycle import too_late_sentence
from bot.domain.policy import Person, may_decide, may_take_back
from bot.domain.request import BroadcastRequest, Step
from bot.domain.states import Event, State
from bot.errors import IllegalTransition, Problem, Refused
from bot.operations.context import Context, change
from bot.operations.people import groups_in


def approver(context: Context, request: BroadcastRequest, user_id: str, *, team_id: str) -> Person:
    """Describe somebody who wants to decide about a request."""
    names = context.target_of(request).approvers
    return context.directory.person(user_id, team_id=team_id, groups=groups_in(names))


def check_button(request: BroadcastRequest, *, revision: int, digest: str) -> None:
    """Refuse a press on a card that shows another revision than the present one."""
    if revision != request.revision or not request.digest.startswith(digest):
        sentence = "This card shows an older version of the request. Look at the newest card and press there."
        raise Refused(Problem("", "stale_card", sentence))


def check_can_decide(context: Context, request: BroadcastRequest, user_id: str, *, team_id: str) -> Person:
    """Refuse somebody who may not decide, and a request that no longer waits for votes; return the person."""
    person = approver(context, request, user_id, team_id=team_id)
    may_decide(person, request, context.target_of(request), team_id=context.team_id).insist()
    if request.state is not State.PENDING_APPROVAL:
        raise IllegalTransition(request.state, Event.VOTE, too_late_sentence(request))
    if any(vote.approver == user_id for vote in request.votes):
        raise Refused(Problem("", "already_voted", "You approved this already; your vote is counted."))
    return person


class Seen(TypedDict):
    """What a press brings along: the presser's team as the body says it, and what the card showed."""

    team_id: str
    revision: int
    digest: str


def approve(context: Context, request_id: RequestId, user_id: str, **seen: Unpack[Seen]) -> BroadcastRequest:
    """Count a vote for the digest the person saw."""

    def vote(request: BroadcastRequest) -> Step:
        target, (now, epoch) = context.target_of(request), context.store.moment()
        voter, sealer = UserId(user_id), context.store.sealer
        return lifecycle.approve(request, voter=voter, target=target, now=now, epoch=epoch, sealer=sealer)

    return _decide(context, request_id, user_id, vote, **seen)


def reject(
    context: Context, request_id: RequestId, user_id: str, *, why: str, **seen: Unpack[Seen]
) -> BroadcastRequest:
    """End a request with an approver's no."""

    def end(request: BroadcastRequest) -> Step:
        return lifecycle.reject(request, by=UserId(user_id), why=why, now=context.store.now())

    return _decide(context, request_id, user_id, end, **seen)


def ask_changes(
    context: Context, request_id: RequestId, user_id: str, *, why: str, **seen: Unpack[Seen]
) -> BroadcastRequest:
    """Hand a request back to its requester."""

    def hand_back(request: BroadcastRequest) -> Step:
        return lifecycle.ask_changes(request, by=UserId(user_id), why=why, now=context.store.now())

    return _decide(context, request_id, user_id, hand_back, **seen)


def _decide(
    context: Context,
    request_id: RequestId,
    user_id: str,
    verb: Callable[[BroadcastRequest], Step],
    **seen: Unpack[Seen],
) -> BroadcastRequest:
    def decide(request: BroadcastRequest) -> Step:
        check_button(request, revision=seen["revision"], digest=seen["digest"])
        person = approver(context, request, user_id, team_id=seen["team_id"])
        may_decide(person, request, context.target_of(request), team_id=context.team_id).insist()
        return verb(request)

    return change(context, request_id, decide)[1]


def withdraw(context: Context, request_id: RequestId, user_id: str, *, team_id: str, why: str) -> BroadcastRequest:
    """Take a request back, before its approval is complete or in the veto window."""

    def decide(request: BroadcastRequest) -> Step:
        check_can_take_back(context, request, user_id, team_id=team_id)
        verb = lifecycle.stop if request.state is State.APPROVED else lifecycle.withdraw
        return verb(request, by=user_id, why=why, now=context.store.now())

    return change(context, request_id, decide)[1]


def check_can_take_back(context: Context, request: BroadcastRequest, user_id: str, *, team_id: str) -> None:
    """Refuse somebody who may not withdraw, stop or settle the request."""
    person = approver(context, request, user_id, team_id=team_id)
    may_take_back(person, request, context.target_of(request), team_id=context.team_id).insist()
