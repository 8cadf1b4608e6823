"""What became of each leg, in sentences: accepted, refused and why, not sent, or unknown and what to look for."""

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from slack_sdk.models.blocks import Block as SlackBlock

from bot.domain.content import Platform
from bot.domain.outcome import Accepted, Declined, NotSent, SendOutcome, Unknown
from bot.domain.request import BroadcastRequest, Leg
from bot.domain.sending import SIGNATURE_LIVES
from bot.domain.states import LegState, State
from bot.views import blocks as b
from bot.views import texts as t
from bot.views.wording import say

EXPLAINED = frozenset({
    State.CHANGES_REQUESTED, State.REJECTED, State.WITHDRAWN, State.EXPIRED,
    State.HELD, State.CANCELLED, State.RECALLED,
})  # fmt: skip
"""States that the request's last remark explains; in others it may be left from before."""


def record(
    request: BroadcastRequest, *, now: datetime, hints: Mapping[str, str], evidence: Mapping[Platform, str]
) -> list[SlackBlock]:
    """Draw one section per leg, once the first of them was claimed or held."""
    if all(leg.state is LegState.WAITING for leg in request.legs):
        return []
    found: list[SlackBlock] = []
    for leg in request.legs:
        found.append(b.section(leg_line(leg, now=now, hints=hints)))
        if leg.state in {LegState.UNKNOWN, LegState.HELD} and evidence.get(leg.platform, "").strip():
            found.append(b.context(b.shown(t.one_line(evidence[leg.platform]), 200)))
    return found


def leg_line(leg: Leg, *, now: datetime, hints: Mapping[str, str]) -> str:
    """Say in mrkdwn what became of one leg and, when it is unknown, what to look for and until when it is too early."""
    lines = [say(f"leg.{leg.state.value}", platform=say(f"platform.{leg.platform.value}"), at=_at(leg))]
    if leg.outcome is not None:
        lines.append(_outcome(leg.outcome, hints))
    if leg.state in {LegState.UNKNOWN, LegState.HELD}:
        lines += [say("leg.look_for", task=t.inline(leg.task_name, 120)), _too_early(leg, now)]
    if leg.settled_by:
        lines.append(say("leg.settled_by", who=t.mention(leg.settled_by)))
    return " ".join(line for line in lines if line)


def _at(leg: Leg) -> str:
    return say("leg.at", at=t.moment(leg.attempted_at)) if leg.attempted_at else ""


def _outcome(outcome: SendOutcome, hints: Mapping[str, str]) -> str:
    match outcome:
        case Accepted():
            return say("outcome.task", task=t.inline(outcome.task_id, 60)) if outcome.task_id else ""
        case Declined():
            said = say("outcome.declined", code=t.inline(outcome.code, 60), message=t.inline(outcome.message, 120))
            hint = hints.get(outcome.code, "")
            return " ".join(part for part in (said.strip(), t.inline(hint, 220)) if part)
        case NotSent() | Unknown():
            return t.inline(outcome.why, 160)
    assert_never(outcome)


def _too_early(leg: Leg, now: datetime) -> str:
    if leg.attempted_at is None or now >= leg.attempted_at + SIGNATURE_LIVES:
        return ""
    return say("leg.too_early", until=t.moment(leg.attempted_at + SIGNATURE_LIVES))
