"""The verbs of a request's life until it is claimed: each takes the request as it is and returns the next step.

A verb consults the table, so an impossible one raises and changes nothing; it never asks who may do it (``policy``) and
never looks at a clock. What happens to claimed legs is in ``bot.domain.sending``.
"""

from datetime import datetime, timedelta

from bot.domain.calendar import check_delivery
from bot.domain.content import ChannelId, Content, RequestId, UserId
from bot.domain.delivery import Scheduled
from bot.domain.request import (
    BroadcastRequest,
    HistoryLine,
    Leg,
    Notice,
    NoticeKind,
    Remark,
    Step,
    Vote,
    earliest,
    leg_names,
)
from bot.domain.seals import Sealer
from bot.domain.states import TRANSITIONS, Event, State, next_state
from bot.domain.target import Target
from bot.errors import IllegalTransition, Problem, Refused

_TOLD_IN_THE_CHANNEL = frozenset(
    {State.SENT, State.SCHEDULED, State.PARTLY_SENT, State.FAILED, State.OUTCOME_UNKNOWN, State.HELD}
)
_TOLD_TO_THE_REQUESTER = frozenset(State) - {State.PENDING_APPROVAL, State.SENDING}


def step(  # the one place where versions, history and notices are made
    before: BroadcastRequest, *, event: str, actor: str, now: datetime, detail: str = "", **changes: object
) -> Step:
    """Make the next document, its line of history and its notices; ``changes`` are fields of the request."""
    after = BroadcastRequest.model_validate(dict(before) | changes | {"version": before.version + 1})
    line = HistoryLine(
        version=after.version, at=now, event=event, actor=actor, before=before.state, after=after.state, detail=detail
    )
    return Step.chained(after, line, _notices(before.state, after.state))


def _notices(before: State | None, after: State) -> tuple[Notice, ...]:
    kinds = [NoticeKind.CARD]
    if before != after and after in _TOLD_IN_THE_CHANNEL:
        kinds.append(NoticeKind.RESULT)
    if before != after and after in _TOLD_TO_THE_REQUESTER:
        kinds.append(NoticeKind.DIRECT)
    return tuple(Notice(kind=kind, state=after) for kind in kinds)


def submit(
    content: Content,
    *,
    request_id: RequestId,
    requester: UserId,
    channel: ChannelId,
    digest: str,
    target: Target,
    now: datetime,
) -> Step:
    """Begin a request: it waits for votes from now on."""
    deadline = _approve_by(content, target, now)
    request = BroadcastRequest(
        id=request_id,
        version=1,
        state=State.PENDING_APPROVAL,
        content=content,
        digest=digest,
        requester=requester,
        editor=requester,
        channel=channel,
        created_at=now,
        submitted_at=now,
        approve_by=deadline,
        legs=_legs(request_id, 1, content),
        wake_at=deadline,
    )
    line = HistoryLine(
        version=1, at=now, event="submit", actor=requester, before="", after=request.state, detail=digest
    )
    return Step.chained(request, line, _notices(None, request.state))


def revise(
    request: BroadcastRequest, content: Content, *, editor: UserId, digest: str, target: Target, now: datetime
) -> Step:
    """Replace what is asked for: a new revision, with a new digest and no votes."""
    state = _after(request, Event.REVISE)
    deadline = _approve_by(content, target, now)
    return step(
        request,
        event=Event.REVISE,
        actor=editor,
        now=now,
        detail=digest,
        state=state,
        revision=request.revision + 1,
        content=content,
        digest=digest,
        editor=editor,
        submitted_at=now,
        approve_by=deadline,
        votes=(),
        waiting_for="",
        remark=None,
        legs=_legs(request.id, request.revision + 1, content),
        wake_at=deadline,
    )


def approve(
    request: BroadcastRequest, *, voter: UserId, target: Target, now: datetime, epoch: str, sealer: Sealer
) -> Step:
    """Count a vote for the present digest; with the last needed one the veto window starts.

    Raise Refused for a second vote of the same person, after the deadline, or when the time it asks for has passed.
    """
    _after(request, Event.VOTE)
    _still_votable(request, voter, now)
    vote = sealer.vote(request.id, Vote(approver=voter, digest=request.digest, revision=request.revision, at=now))
    votes = (*request.votes, vote)
    if len(votes) < target.quorum:
        return step(request, event=Event.VOTE, actor=voter, now=now, detail=request.digest, votes=votes)
    veto_until = now + timedelta(seconds=target.veto_window)
    return step(
        request,
        event=Event.QUORUM,
        actor=voter,
        now=now,
        detail=request.digest,
        state=_after(request, Event.QUORUM),
        waiting_for="",
        remark=None,
        votes=votes,
        approved_at=now,
        veto_until=veto_until,
        wake_at=veto_until,
        epoch=epoch,
    )


def _still_votable(request: BroadcastRequest, voter: UserId, now: datetime) -> None:
    if any(vote.approver == voter for vote in request.votes):
        raise Refused(Problem("", "already_voted", "You approved this already; your vote is counted."))
    late = check_delivery(request.content.delivery, now=now)
    if late:
        raise Refused(Problem("", "time_passed", f"{late[0].sentence} Ask for a new time before you approve."))
    if now >= request.approve_by:
        raise Refused(Problem("", "too_late_to_approve", "The time to approve this request is over."))


def reject(request: BroadcastRequest, *, by: UserId, why: str, now: datetime) -> Step:
    """End it: an approver said no."""
    return _end(request, Event.REJECT, by=by, why=why, now=now)


def ask_changes(request: BroadcastRequest, *, by: UserId, why: str, now: datetime) -> Step:
    """Hand it back to the requester; an edit makes a new revision."""
    return _end(request, Event.ASK_CHANGES, by=by, why=why, now=now, wake_at=request.approve_by)


def withdraw(request: BroadcastRequest, *, by: str, why: str, now: datetime) -> Step:
    """Take it back before its approval is complete."""
    return _end(request, Event.WITHDRAW, by=by, why=why, now=now)


def stop(request: BroadcastRequest, *, by: str, why: str, now: datetime) -> Step:
    """Stop it in the veto window."""
    return _end(request, Event.STOP, by=by, why=why, now=now)


def expire(request: BroadcastRequest, *, why: str, now: datetime) -> Step:
    """End it because its time ran out."""
    return _end(request, Event.EXPIRE, by="worker", why=why, now=now)


def void(request: BroadcastRequest, *, why: str, now: datetime) -> Step:
    """Make the approvals void because what they approved no longer holds."""
    return _end(request, Event.VOID, by="worker", why=why, now=now, votes=(), wake_at=request.approve_by)


def contain(request: BroadcastRequest, *, why: str, now: datetime) -> Step:
    """End a request that waits for people and whose record was changed; mark one that people must settle."""
    remark = Remark(by="worker", at=now, why=why)
    if Event.WITHDRAW in TRANSITIONS[request.state] and request.state is not State.HELD:
        return _end(request, Event.WITHDRAW, by="worker", why=why, now=now, alarm=why)
    return step(request, event="alarm", actor="worker", now=now, detail=why, alarm=why, remark=remark)


def wait_for(request: BroadcastRequest, *, code: str, why: str, now: datetime, until: datetime) -> Step:
    """Write down which gate keeps an approved request waiting; its state stays."""
    remark = Remark(by="worker", at=now, why=why)
    return step(
        request, event="wait", actor="worker", now=now, detail=why, waiting_for=code, remark=remark, wake_at=until
    )


def _end(request: BroadcastRequest, event: Event, *, by: str, why: str, now: datetime, **changes: object) -> Step:
    ended: dict[str, object] = {
        "state": _after(request, event),
        "remark": Remark(by=by, at=now, why=why),
        "waiting_for": "",
        "wake_at": None,
    }
    return step(request, event=event, actor=by, now=now, detail=why, **(ended | changes))


def _after(request: BroadcastRequest, event: Event) -> State:
    if event in TRANSITIONS[request.state]:
        return next_state(request.state, event)
    raise IllegalTransition(request.state, event, too_late_sentence(request))


def too_late_sentence(request: BroadcastRequest) -> str:
    """Say to somebody who pressed too late what has become of the request, and by whom."""
    voters = " and ".join(f"<@{vote.approver}>" for vote in request.votes)
    by = f" by <@{request.remark.by}>" if request.remark and request.remark.by[:1] in {"U", "W"} else ""
    return {
        State.PENDING_APPROVAL: "It still waits for approval.",
        State.CHANGES_REQUESTED: f"Changes were asked for{by}; it waits for its requester.",
        State.APPROVED: f"It was already approved by {voters}.",
        State.SENDING: "It is being sent right now; that cannot be stopped any more.",
        State.SENT: f"It was already approved by {voters} and sent.",
        State.SCHEDULED: f"It was already approved by {voters} and is scheduled at mPaaS.",
        State.PARTLY_SENT: "It was already sent to some of its platforms.",
        State.FAILED: "mPaaS already refused it; nothing was sent.",
        State.OUTCOME_UNKNOWN: "It may have been sent already; its outcome has to be settled first.",
        State.HELD: "It is held until somebody settles whether it was sent.",
        State.REJECTED: f"It was already rejected{by}.",
        State.WITHDRAWN: f"It was already withdrawn{by}.",
        State.EXPIRED: "It has expired.",
        State.CANCELLED: f"It was already cancelled{by}.",
        State.RECALLED: f"It was already recalled{by}.",
    }[request.state]


def _approve_by(content: Content, target: Target, now: datetime) -> datetime:
    """Votes count for the target's time, but never past the moment the push is scheduled for."""
    scheduled = content.delivery.at if isinstance(content.delivery, Scheduled) else None
    return earliest(now + timedelta(seconds=target.approval_expires), scheduled) or now


def _legs(request_id: RequestId, revision: int, content: Content) -> tuple[Leg, ...]:
    task = content.task or content.template.name
    names = [(platform, *leg_names(request_id, revision, platform, task=task)) for platform in content.platforms]
    return tuple(Leg(platform=platform, msgkey=msgkey, task_name=name) for platform, msgkey, name in names)
