"""What became of each leg, in sentences: accepted, refused and why, not sent, or unknown and what to look for."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import assert_never

from slack_sdk.models.blocks import Block as SlackBlock

from bot.domain.content import Platform
from bot.domain.outcome import Accepted, Declined, NotSent, SendOutcome, Unknown
from bot.domain.request import BroadcastRequest, Leg
from bot.domain.states import LegState
from bot.views import blocks as b
from bot.views.wording import say

SIGNATURE_LIVES = timedelta(minutes=15)
"""How long mPaaS may still accept a signed call: before that, "it is not listed" proves nothing."""


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
            found.append(b.context(b.shown(evidence[leg.platform], 300)))
    return found


def leg_line(leg: Leg, *, now: datetime, hints: Mapping[str, str]) -> str:
    """Say in mrkdwn what became of one leg and, when it is unknown, what to look for and until when it is too early."""
    lines = [say(f"leg.{leg.state.value}", platform=say(f"platform.{leg.platform.value}"), at=_at(leg))]
    if leg.outcome is not None:
        lines.append(_outcome(leg.outcome, hints))
    if leg.state in {LegState.UNKNOWN, LegState.HELD}:
        lines += [say("leg.look_for", task=b.inline(leg.task_name, 140)), _too_early(leg, now)]
    if leg.settled_by:
        lines.append(say("leg.settled_by", who=b.mention(leg.settled_by)))
    return " ".join(line for line in lines if line)


def _at(leg: Leg) -> str:
    return say("leg.at", at=b.moment(leg.attempted_at)) if leg.attempted_at else ""


def _outcome(outcome: SendOutcome, hints: Mapping[str, str]) -> str:
    match outcome:
        case Accepted():
            return say("outcome.task", task=b.inline(outcome.task_id, 80)) if outcome.task_id else ""
        case Declined():
            said = say("outcome.declined", code=b.inline(outcome.code, 80), message=b.inline(outcome.message, 160))
            hint = hints.get(outcome.code, "")
            return " ".join(part for part in (said.strip(), b.inline(hint, 250)) if part)
        case NotSent() | Unknown():
            return b.inline(outcome.why, 200)
    assert_never(outcome)


def _too_early(leg: Leg, now: datetime) -> str:
    if leg.attempted_at is None or now >= leg.attempted_at + SIGNATURE_LIVES:
        return ""
    return say("leg.too_early", until=b.moment(leg.attempted_at + SIGNATURE_LIVES))
