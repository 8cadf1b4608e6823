"""Decide about a request before it is sent: approve, reject, ask for changes, withdraw, stop."""

from collections.abc import Callable
from functools import partial
from typing import TypedDict, Unpack

from bot.domain import lifecycle
from bot.domain.content import RequestId, UserId
from bot.domain.lifecycle import too_late_sentence
from bot.domain.policy import Person, may_decide, may_take_back
from bot.domain.request import BroadcastRequest, Step
from bot.domain.states import Event, State
from bot.errors import IllegalTransition, Problem, Refused
from bot.operations.context import Context, change
from bot.operations.people import Rule, groups_needed


def _check_rule(context: Context, request: BroadcastRequest, user_id: str, *, team_id: str, approves: bool) -> Person:
    """Refuse somebody who may not decide; whoever only says no makes things safer, so little is asked about them."""
    target = context.target_of(request)
    rule = partial(may_decide, request=request, target=target, team_id=context.team_id)
    look = context.directory.check if approves else context.directory.permit
    return look(rule, user_id, team_id=team_id, groups=groups_needed(user_id, target.approvers))


def check_button(request: BroadcastRequest, *, revision: int, digest: str) -> None:
    """Refuse a press on a card that shows another revision than the present one."""
    if revision != request.revision or not request.digest.startswith(digest):
        sentence = "This card shows an older version of the request. Look at the newest card and press there."
        raise Refused(Problem("", "stale_card", sentence))


def check_can_decide(
    context: Context, request: BroadcastRequest, user_id: str, *, team_id: str, approves: bool = True
) -> Person:
    """Refuse somebody who may not decide, and a request that no longer waits for votes; return the person."""
    person = _check_rule(context, request, user_id, team_id=team_id, approves=approves)
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

    return _decide(context, request_id, user_id, vote, approves=True, **seen)


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
    *,
    approves: bool = False,
    **seen: Unpack[Seen],
) -> BroadcastRequest:
    def decide(request: BroadcastRequest) -> Step:
        check_button(request, revision=seen["revision"], digest=seen["digest"])
        _check_rule(context, request, user_id, team_id=seen["team_id"], approves=approves)
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
    """Refuse somebody who may not withdraw, stop, cancel or recall; it makes things safer, so little is asked."""
    rule, groups = _taking_back(context, request, user_id)
    context.directory.permit(rule, user_id, team_id=team_id, groups=groups)


def check_can_settle(context: Context, request: BroadcastRequest, user_id: str, *, team_id: str) -> None:
    """Refuse somebody who may not say what became of the request."""
    rule, groups = _taking_back(context, request, user_id)
    context.directory.check(rule, user_id, team_id=team_id, groups=groups)


def _taking_back(context: Context, request: BroadcastRequest, user_id: str) -> tuple[Rule, frozenset[str]]:
    """Give the rule and the groups it needs: none for the requester."""
    target = context.target_of(request)
    groups = frozenset[str]() if user_id == request.requester else groups_needed(user_id, target.approvers)
    return partial(may_take_back, request=request, target=target, team_id=context.team_id), groups
