"""What became of each leg, in sentences: accepted, refused and why, not sent, or unknown and what was found of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from slack_sdk.models.blocks import Block as SlackBlock
from slack_sdk.models.blocks import ButtonElement

from bot.domain.evidence import Evidence
from bot.domain.outcome import Accepted, Declined, NotSent, SendOutcome, Unknown
from bot.domain.request import BroadcastRequest, Leg
from bot.domain.sending import signature_dies
from bot.domain.states import LegState, State
from bot.views import blocks as b
from bot.views import texts as t
from bot.views.ids import Action, ButtonValue
from bot.views.wording import say

MOST_TASKS = 3
"""Tasks of one name that are written out: two are one too many already."""

_UNSETTLED = frozenset({LegState.UNKNOWN, LegState.HELD})

EXPLAINED = frozenset({
    State.CHANGES_REQUESTED, State.REJECTED, State.WITHDRAWN, State.EXPIRED,
    State.HELD, State.CANCELLED, State.RECALLED,
})  # fmt: skip
"""States that the request's last remark explains; in others it may be left from before."""


def record(
    request: BroadcastRequest, *, now: datetime, hints: Mapping[str, str], with_buttons: bool = False
) -> list[SlackBlock]:
    """Draw one section per leg, once the first of them was claimed or held.

    ``with_buttons`` offers to record a leg as sent of which mPaaS shows exactly one task.
    """
    if all(leg.state is LegState.WAITING for leg in request.legs):
        return []
    return [
        b.section(
            leg_line(leg, now=now, hints=hints),
            accessory=_record_button(request, leg) if with_buttons and one_task(leg) else None,
        )
        for leg in request.legs
    ]


def one_task(leg: Leg) -> str:
    """Give the one task that mPaaS shows of a leg that is not settled; empty when it shows none, or several."""
    return leg.evidence.task_id if leg.evidence is not None and leg.state in _UNSETTLED else ""


def _record_button(request: BroadcastRequest, leg: Leg) -> ButtonElement:
    key = "button.record" if request.at_once else "button.record.later"
    label = say(key, platform=say(f"platform.{leg.platform.value}"))
    return b.button(Action.RECORD, label, value=str(ButtonValue.of(request, leg.platform)), style="primary")


def leg_line(leg: Leg, *, now: datetime, hints: Mapping[str, str]) -> str:
    """Say in mrkdwn what became of one leg and, when it is unknown, what was found or is to be looked for."""
    lines = [say(f"leg.{leg.state.value}", platform=say(f"platform.{leg.platform.value}"), at=_at(leg))]
    if leg.outcome is not None:
        lines.append(_outcome(leg.outcome, hints))
    if leg.settled_by:
        lines.append(say("leg.settled_by", who=t.mention(leg.settled_by)))
    seen = _unsettled(leg, now) if leg.state in _UNSETTLED else []
    return "\n".join(" ".join(line for line in part if line) for part in (lines, seen) if part)


def _unsettled(leg: Leg, now: datetime) -> list[str]:
    found = leg.evidence
    if found is not None and found.task_ids:
        return [_found(found)]
    look_for = say("leg.look_for", task=t.inline(leg.task_name, 120))
    if found is None:
        return [look_for, _too_early(leg, now)]
    if found.failure:
        why = t.inline(found.failure, 120)
        return [say("evidence.failure", at=t.moment(found.looked_at), why=why), look_for, _too_early(leg, now)]
    if found.shows_absence:
        return [say("evidence.absent", at=t.moment(found.looked_at), count=str(found.conclusive))]
    return [say("evidence.none", at=t.moment(found.looked_at)), _too_early(leg, now), look_for]


def _found(found: Evidence) -> str:
    """Say which task mPaaS shows, and loudly if it shows more than one."""
    if len(found.task_ids) == 1:
        key = "evidence.in_calendar" if found.in_calendar else "evidence.one"
        return say(key, task=_task(found.task_ids[0]), at=t.moment(found.looked_at))
    tasks = [_task(task_id) for task_id in found.task_ids[:MOST_TASKS]]
    more = len(found.task_ids) - len(tasks)
    return say("evidence.more", tasks=", ".join([*tasks, *([say("more", count=str(more))] if more else [])]))


def _task(task_id: str) -> str:
    return t.inline(task_id, 60) or say("evidence.no_id")


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
    """Say until when an absence proves nothing; of a held leg no attempt is known, only that one may be forgotten."""
    if leg.attempted_at is None and leg.evidence is None:
        return ""
    until = signature_dies(leg, now=now)
    key = "leg.too_early" if leg.attempted_at else "leg.too_early.held"
    return say(key, until=t.moment(until)) if now < until else ""
