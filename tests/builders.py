"""Test data: whole, valid values of the domain, of which a test names only the part it is about.

Every builder takes changes as keywords. Nothing here reads a clock or draws an id: the same call gives the same value.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.content import (
    Audience,
    AudienceStatus,
    ChannelId,
    Content,
    Destination,
    Environment,
    Period,
    Platform,
    RequestId,
    Template,
    UserId,
)
from bot.domain.delivery import Now
from bot.domain.outcome import Accepted, Declined, NotSent, SendOutcome, Unknown
from bot.domain.policy import Person
from bot.domain.request import (
    BroadcastRequest,
    HistoryLine,
    Leg,
    Notice,
    NoticeKind,
    Remark,
    Step,
    Vote,
    leg_names,
)
from bot.domain.seals import Sealer
from bot.domain.states import LegState, State
from bot.domain.target import Target
from bot.domain.value import canonical_json

NOON = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
"""When the example request is submitted."""

ANA, BO, CY = UserId("U01ANA"), UserId("U02BO"), UserId("U03CY")
"""Ana asks, Bo approves, Cy is somebody else."""

TEAM = "T0123456789"
CHANNEL = ChannelId("C0123LAUNCH")
REQUEST_ID = RequestId("7K3M-Q2XD")
EPOCH = "run:replid"

SEALER = Sealer(b"a seal key for tests alone")
"""Seals what tests store, with the key that is in their environments too."""

_APPROVED_OR_LATER = frozenset({
    State.APPROVED, State.SENDING, State.SENT, State.SCHEDULED, State.PARTLY_SENT, State.FAILED,
    State.OUTCOME_UNKNOWN, State.HELD, State.CANCELLED, State.RECALLED,
})  # fmt: skip
_ENDED_BY_A_WORD = frozenset({State.CHANGES_REQUESTED, State.REJECTED, State.WITHDRAWN, State.EXPIRED, State.HELD})

_LEG_STATES: dict[State, tuple[LegState, ...]] = {
    State.SENDING: (LegState.SENDING, LegState.WAITING),
    State.SENT: (LegState.ACCEPTED,),
    State.SCHEDULED: (LegState.ACCEPTED,),
    State.PARTLY_SENT: (LegState.ACCEPTED, LegState.DECLINED),
    State.FAILED: (LegState.DECLINED,),
    State.OUTCOME_UNKNOWN: (LegState.ACCEPTED, LegState.UNKNOWN),
    State.HELD: (LegState.HELD,),
    State.CANCELLED: (LegState.CANCELLED,),
    State.RECALLED: (LegState.RECALLED,),
}
"""What the first legs are in a state; the last one named stands for all that follow."""


def a_template(**changes: Any) -> Template:
    """Make a template with one placeholder."""
    parts: dict[str, Any] = {
        "name": "outage",
        "title": "Service disruption",
        "body": "Payments in #city# are down. We are on it.",
        "variables": ("city",),
    }
    return Template(**parts | changes)


def a_destination(**changes: Any) -> Destination:
    """Make the live target of the example configuration."""
    parts: dict[str, Any] = {
        "target": "live",
        "environment": Environment.LIVE,
        "endpoint": "mpaas.cn-hangzhou.aliyuncs.com",
        "app_id": "ONEX570DA89211721",
        "workspace_id": "default",
    }
    return Destination(**parts | changes)


def a_content(**changes: Any) -> Content:
    """Make content for two platforms, to be sent at once."""
    parts: dict[str, Any] = {
        "destination": a_destination(),
        "template": a_template(),
        "values": {"city": "Berlin"},
        "platforms": (Platform.ANDROID, Platform.IOS),
        "audience": Audience(status=AudienceStatus.ATTACHED, within=Period.DAYS_60),
        "delivery": Now(),
        "expires": 10_800,
    }
    return Content(**parts | changes)


def a_target(**changes: Any) -> Target:
    """Make the rules of the live target: Ana and a group may ask, Bo and a group may approve."""
    parts: dict[str, Any] = {
        "destination": a_destination(),
        "platforms": tuple(Platform),
        "approvals_channel": ChannelId("C0APPROVE"),
        "requesters": frozenset({ANA, "S01ASKERS"}),
        "approvers": frozenset({BO, "S02ONCALL"}),
    }
    return Target(**parts | changes)


def a_person(user_id: str = BO, **changes: Any) -> Person:
    """Make a full member of the team."""
    return Person(**{"id": user_id, "team_id": TEAM} | changes)


def a_vote(**changes: Any) -> Vote:
    """Make Bo's yes to the first revision, sealed ``of`` the example request."""
    parts: dict[str, Any] = {
        "approver": BO,
        "digest": digest_of(a_content()),
        "revision": 1,
        "at": NOON + timedelta(minutes=5),
    }
    return SEALER.vote(changes.pop("of", REQUEST_ID), Vote(**parts | changes))


def a_leg(
    platform: Platform = Platform.ANDROID,
    state: LegState = LegState.WAITING,
    *,
    request_id: RequestId = REQUEST_ID,
    revision: int = 1,
    **changes: Any,
) -> Leg:
    """Make a leg in a state, with the attempt and the outcome that such a leg has."""
    msgkey, task_name = leg_names(request_id, revision, platform, task="")
    parts: dict[str, Any] = {"platform": platform, "state": state, "msgkey": msgkey, "task_name": task_name}
    if state not in {LegState.WAITING, LegState.HELD}:
        parts |= {"attempt": f"attempt-{platform.value}", "attempted_at": NOON + timedelta(minutes=7)}
    if state is LegState.SENDING:
        parts["lease_until"] = NOON + timedelta(minutes=8)
    parts["outcome"] = _outcome(state)
    return Leg(**parts | changes)


def a_request(state: State = State.PENDING_APPROVAL, **changes: Any) -> BroadcastRequest:
    """Make Ana's request in a state: with the votes, times, legs and last word that belong to it."""
    content = changes.get("content") or a_content()
    request_id, revision = changes.get("id", REQUEST_ID), changes.get("revision", 1)
    digest = changes.get("digest") or digest_of(content)
    parts: dict[str, Any] = {
        "id": request_id,
        "version": 1,
        "state": state,
        "content": content,
        "digest": digest,
        "requester": ANA,
        "editor": ANA,
        "channel": CHANNEL,
        "created_at": NOON - timedelta(minutes=1),
        "submitted_at": NOON,
        "approve_by": NOON + timedelta(hours=24),
        "legs": _legs(state, content.platforms, request_id=request_id, revision=revision),
        "wake_at": _wake_at(state),
    }
    if state in _APPROVED_OR_LATER:
        vote = a_vote(digest=digest, revision=revision, of=request_id)
        veto_until = vote.at + timedelta(minutes=1)
        parts |= {"votes": (vote,), "approved_at": vote.at, "veto_until": veto_until, "epoch": EPOCH}
    if state in _ENDED_BY_A_WORD:
        parts["remark"] = Remark(by=BO, at=NOON + timedelta(minutes=6), why="Not now.")
    return BroadcastRequest(**parts | changes)


def a_line(**changes: Any) -> HistoryLine:
    """Make the history line of a submitted form."""
    parts: dict[str, Any] = {
        "version": 1,
        "at": NOON,
        "event": "submit",
        "actor": ANA,
        "before": "",
        "after": State.PENDING_APPROVAL.value,
    }
    return HistoryLine(**parts | changes)


def a_step(
    request: BroadcastRequest | None = None,
    *,
    notices: Iterable[Notice] | None = None,
    line: HistoryLine | None = None,
    **changes: Any,
) -> Step:
    """Make the step that leads to a request: by default a card is redrawn. ``changes`` are the request's."""
    reached = request.model_copy(update=changes) if request else a_request(**changes)
    told = (Notice(kind=NoticeKind.CARD, state=reached.state),) if notices is None else tuple(notices)
    return Step.chained(reached, line or a_line(version=reached.version, event="step", after=reached.state.value), told)


def digest_of(content: Content) -> str:
    """Give each content a digest of its own, of the right length; the real one covers the parameters that are sent."""
    return hashlib.sha256(canonical_json(content.model_dump(mode="json"))).hexdigest()


def _legs(state: State, platforms: Iterable[Platform], *, request_id: RequestId, revision: int) -> tuple[Leg, ...]:
    kinds = _LEG_STATES.get(state, (LegState.WAITING,))
    return tuple(
        a_leg(platform, kinds[min(place, len(kinds) - 1)], request_id=request_id, revision=revision)
        for place, platform in enumerate(platforms)
    )


def _outcome(state: LegState) -> SendOutcome | None:
    outcomes: dict[LegState, SendOutcome] = {
        LegState.ACCEPTED: Accepted(request_id="4F1C"),
        LegState.CANCELLED: Accepted(task_id="1001", request_id="4F1C"),
        LegState.RECALLED: Accepted(task_id="1001", request_id="4F1C"),
        LegState.DECLINED: Declined(code="TemplateNotFound", message="no such template"),
        LegState.NOT_SENT: NotSent(why="connection refused"),
        LegState.UNKNOWN: Unknown(why="no answer within 20 seconds"),
    }
    return outcomes.get(state)


def _wake_at(state: State) -> datetime | None:
    return {
        State.PENDING_APPROVAL: NOON + timedelta(hours=24),
        State.CHANGES_REQUESTED: NOON + timedelta(hours=24),
        State.APPROVED: NOON + timedelta(minutes=6),
        State.SENDING: NOON + timedelta(minutes=8),
        State.OUTCOME_UNKNOWN: NOON + timedelta(minutes=10),
        State.HELD: NOON + timedelta(minutes=10),
    }.get(state)
