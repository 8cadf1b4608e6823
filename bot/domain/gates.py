"""The gates before the claim: an ordered list of questions, each with its sentence for the card.

Pure: the worker gathers the facts (from the store, from mPaaS, from Slack), a gate looks at them. A gate that cannot
know says wait, never go.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.calendar import check_delivery
from bot.domain.content import Template
from bot.domain.policy import PASSING, Decision
from bot.domain.request import BroadcastRequest
from bot.domain.seals import ALARM
from bot.domain.target import Target

SEND_WITHIN = timedelta(minutes=15)
"""How long after the veto window an approved request may still go out: nobody expects at 3 what was approved at 18."""

CLOCKS_AGREE = timedelta(seconds=30)
"""How far the clocks of this machine, the store and mPaaS may be apart: a signature lives 15 minutes around mPaaS's."""


class Answer(StrEnum):
    """What a gate says."""

    GO = "go"
    WAIT = "wait"
    """Not now; look again soon."""
    VOID = "void"
    """What was approved no longer holds; the requester must look at it again."""
    EXPIRE = "expire"
    """Too late; it will not be sent."""
    HOLD = "hold"
    """It may have been sent already; people settle it."""


@dataclass(frozen=True)
class Verdict:
    """Carry a gate's answer, the rule's name and the sentence for the card."""

    answer: Answer
    code: str = "go"
    because: str = ""


@dataclass(frozen=True)
class Facts:
    """What the worker found out just before the claim."""

    now: datetime
    """The store's time."""
    halt: str = ""
    """Why all sending is halted, in the words of who did it; empty: it is not."""
    target: Target | None = None
    """The request's target as configured now; None: it is gone."""
    digest: str = ""
    """Made again from the parameters that are about to be sent."""
    voters: tuple[tuple[str, Decision], ...] = ()
    """Who voted for this digest, and whether they may still approve."""
    template: Template | None = None
    """The template as mPaaS shows it now; None: it could not be read."""
    clock_gap: timedelta | None = timedelta(0)
    """The largest distance between the three clocks; None: mPaaS showed no time."""
    tasks_found: tuple[str, ...] = ()
    """Names of this request's unclaimed legs that mPaaS already lists."""
    preflight_failure: str = ""
    """Why mPaaS could not be asked; empty: it was."""
    broken_seal: str = ""
    """What was changed in the store outside the bot; empty: nothing that can be seen."""


def _seal_broken(request: BroadcastRequest, facts: Facts) -> Verdict | None:
    broken = request.alarm or facts.broken_seal
    return Verdict(Answer.HOLD, ALARM, broken) if broken else None


def _halted(_: BroadcastRequest, facts: Facts) -> Verdict | None:
    if facts.halt:
        return Verdict(Answer.WAIT, "halted", f"All sending is halted ({facts.halt}).")
    return None


def _target_gone(request: BroadcastRequest, facts: Facts) -> Verdict | None:
    if facts.target is None or facts.target.destination != request.content.destination:
        name = request.content.destination.target
        return Verdict(Answer.VOID, "target_changed", f"The target {name} was changed or removed after the approval.")
    return None


def _too_late(request: BroadcastRequest, facts: Facts) -> Verdict | None:
    if request.veto_until is None or facts.now > request.veto_until + SEND_WITHIN:
        return Verdict(Answer.EXPIRE, "too_late", "It could not be sent within 15 minutes of its approval.")
    late = check_delivery(request.content.delivery, now=facts.now)
    if late:
        return Verdict(Answer.EXPIRE, "time_passed", "The time it was approved for has passed. " + late[0].sentence)
    return None


def _bytes_differ(request: BroadcastRequest, facts: Facts) -> Verdict | None:
    if facts.digest != request.digest:
        return Verdict(Answer.VOID, "digest_differs", "What would be sent is not what was approved.")
    return None


def _approvals_gone(request: BroadcastRequest, facts: Facts) -> Verdict | None:
    own = {request.requester, request.editor}
    standing = {voter for voter, decision in facts.voters if decision.allowed} - own
    unsure = {voter for voter, decision in facts.voters if decision.code in PASSING} - own
    needed = facts.target.quorum if facts.target else 1
    if len(standing) >= needed:
        return None
    if len(standing | unsure) >= needed:
        return Verdict(Answer.WAIT, "groups_unknown", "Slack did not say who is in the approvers' user groups.")
    gone = sorted({decision.gone for _, decision in facts.voters if decision.gone})
    lost = f" Slack no longer has the user group {', '.join(gone)}." if gone else ""
    sentence = f"It needs {needed} approvals of people who may still give them.{lost}"
    return Verdict(Answer.VOID, "approvals_gone", sentence)


def _mpaas_unreachable(_: BroadcastRequest, facts: Facts) -> Verdict | None:
    if facts.preflight_failure:
        return Verdict(Answer.WAIT, "mpaas_unreachable", f"mPaaS could not be asked: {facts.preflight_failure}")
    return None


def _clock_off(_: BroadcastRequest, facts: Facts) -> Verdict | None:
    if facts.clock_gap is None or facts.clock_gap > CLOCKS_AGREE:
        return Verdict(Answer.WAIT, "clock_off", "The clocks of the bot, its store and mPaaS do not agree.")
    return None


def _template_drift(request: BroadcastRequest, facts: Facts) -> Verdict | None:
    if facts.template is None or facts.template.fingerprint != request.content.template.fingerprint:
        name = request.content.template.name
        return Verdict(Answer.VOID, "template_changed", f"The template {name} was changed after the request was made.")
    return None


def _already_there(_: BroadcastRequest, facts: Facts) -> Verdict | None:
    if facts.tasks_found:
        names = ", ".join(facts.tasks_found)
        return Verdict(Answer.HOLD, "already_there", f"mPaaS already lists a task of this request: {names}")
    return None


GATES: tuple[Callable[[BroadcastRequest, Facts], Verdict | None], ...] = (
    _seal_broken,
    _too_late,
    _halted,
    _target_gone,
    _bytes_differ,
    _approvals_gone,
    _mpaas_unreachable,
    _clock_off,
    _template_drift,
    _already_there,
)
"""In the order in which they are asked; the first that objects decides."""


def first_objection(request: BroadcastRequest, facts: Facts) -> Verdict:
    """Ask every gate in order and return the first objection, or go."""
    for gate in GATES:
        verdict = gate(request, facts)
        if verdict is not None:
            return verdict
    return Verdict(Answer.GO)
