"""The verbs of a request from the claim on: claim a leg, report its outcome, give it up as lost, look, settle it.

One leg at a time is claimed, sent and reported, and the claim is committed before the call. A leg that was attempted is
never attempted again: there is no verb for it.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from bot.domain.content import Platform
from bot.domain.evidence import Evidence, described, next_look
from bot.domain.lifecycle import step
from bot.domain.outcome import Accepted, Declined, NotSent, SendOutcome, Unknown
from bot.domain.request import BroadcastRequest, Leg, Remark, Step, earliest
from bot.domain.states import Event, LegEvent, LegState, after_legs, next_leg_state, next_state
from bot.errors import Problem, Refused

SIGNATURE_LIVES = timedelta(minutes=17)
"""How long after the attempt a copy of the signed request could still be accepted: mPaaS takes a signature for 15
minutes (Signature V3, x-acs-date), and clocks may be 2 minutes apart in all."""

_UNSETTLED = frozenset({LegState.UNKNOWN, LegState.HELD})
_REPORT = {
    "accepted": LegEvent.ACCEPT,
    "declined": LegEvent.DECLINE,
    "not_sent": LegEvent.NOT_SEND,
    "unknown": LegEvent.LOSE,
}


def next_leg(request: BroadcastRequest) -> Leg | None:
    """Pick the leg whose turn it is: the first waiting one, while no other is under way."""
    if any(leg.state is LegState.SENDING for leg in request.legs):
        return None
    return next((leg for leg in request.legs if leg.state is LegState.WAITING), None)


def claim(request: BroadcastRequest, platform: Platform, *, attempt: str, lease_until: datetime, now: datetime) -> Step:
    """Take the right to send one leg, once; the first claim moves the request from approved to sending."""
    leg = request.leg(platform)
    claimed = leg.model_copy(
        update={
            "state": next_leg_state(leg.state, LegEvent.CLAIM),
            "attempt": attempt,
            "attempted_at": now,
            "lease_until": lease_until,
        }
    )
    return _with_legs(request, (claimed,), event=f"claim {platform}", actor="worker", now=now)


def report(request: BroadcastRequest, platform: Platform, *, attempt: str, outcome: SendOutcome, now: datetime) -> Step:
    """Write down what became of a claimed leg; a late but true report of the same attempt is taken in.

    Raise Refused when the report belongs to another attempt or tells nothing new.
    """
    leg = request.leg(platform)
    if leg.attempt != attempt:
        raise Refused(Problem("", "other_attempt", "The report belongs to another attempt."))
    if leg.state is LegState.UNKNOWN and isinstance(outcome, Unknown):
        raise Refused(Problem("", "nothing_new", "The outcome is unknown already."))
    event = _REPORT[outcome.kind]
    reported = leg.model_copy(update={"state": next_leg_state(leg.state, event), "outcome": outcome})
    return _with_legs(
        request, (reported,), event=f"{event} {platform}", actor="worker", now=now, detail=describe(outcome)
    )


def lose(request: BroadcastRequest, *, now: datetime) -> Step:
    """Give up legs whose worker did not report before its lease ended: nobody knows what became of them."""
    why = Unknown(why="The worker stopped before it could report the outcome.")
    return _each(
        request,
        lambda leg: leg.state is LegState.SENDING and leg.lease_until is not None and leg.lease_until <= now,
        LegEvent.LOSE,
        outcome=why,
        now=now,
    )


def skip(request: BroadcastRequest, *, why: str, now: datetime) -> Step:
    """Give up the legs that were never claimed; nothing of them left the house."""
    return _each(request, lambda leg: leg.state is LegState.WAITING, LegEvent.SKIP, outcome=NotSent(why=why), now=now)


def hold(request: BroadcastRequest, *, why: str, now: datetime, alarm: str = "") -> Step:
    """Keep legs from being sent because the store may have forgotten that they were, or was changed (``alarm``)."""
    marked = request.model_copy(update={"alarm": alarm or request.alarm})
    return _each(
        marked, lambda leg: leg.state is LegState.WAITING, LegEvent.HOLD, outcome=Unknown(why=why), now=now, why=why
    )


def signature_dies(leg: Leg, *, now: datetime) -> datetime:
    """Say when no copy of a leg's signed request can be accepted any more.

    Of a held leg no attempt is known; one that the store forgot was made before the bot first looked.
    """
    last = leg.attempted_at or (leg.evidence.since if leg.evidence else now)
    return last + SIGNATURE_LIVES


def look(request: BroadcastRequest, found: Mapping[Platform, Evidence], *, now: datetime) -> Step:
    """Write down what mPaaS showed of unsettled legs; no leg's state changes, because people conclude.

    Raise Refused when none of these legs is unsettled any more.
    """
    legs = tuple(
        leg.model_copy(update={"evidence": found[leg.platform]}) for leg in unsettled(request) if leg.platform in found
    )
    if not legs:
        raise Refused(Problem("", "nothing_to_do", f"No leg of {request.id} waits for evidence."))
    seen = "; ".join(f"{leg.platform}: {described(found[leg.platform])}" for leg in legs)
    return _with_legs(request, legs, event="look", actor="worker", now=now, detail=seen)


def settle(
    request: BroadcastRequest, platform: Platform, *, sent: bool, by: str, now: datetime, task_id: str = ""
) -> Step:
    """Write down what a person found out about a leg whose outcome was unknown or that was held.

    Raise Refused for "it did not go out" while the signed request could still arrive.
    """
    leg = request.leg(platform)
    if not sent and leg.attempted_at is not None and now < leg.attempted_at + SIGNATURE_LIVES:
        raise Refused(_too_early(leg.attempted_at + SIGNATURE_LIVES))
    event = LegEvent.FIND_SENT if sent else LegEvent.FIND_UNSENT
    outcome = Accepted(task_id=task_id) if sent else NotSent(why="A person found that it did not go out.")
    settled = leg.model_copy(update={"state": next_leg_state(leg.state, event), "outcome": outcome, "settled_by": by})
    return _with_legs(request, (settled,), event=f"{event} {platform}", actor=by, now=now, detail=task_id)


def _too_early(until: datetime) -> Problem:
    clock = f"{until.astimezone(UTC):%H:%M} UTC"
    return Problem(
        "", "too_early", f"It is too early to say that it did not go out: it could still arrive at mPaaS until {clock}."
    )


def retract(
    request: BroadcastRequest, platforms: tuple[Platform, ...], *, event: LegEvent, by: str, now: datetime
) -> Step:
    """Write down that mPaaS cancelled or recalled legs; with the last accepted one the request is taken back."""
    changed = {
        platform: request.leg(platform).model_copy(update={"state": next_leg_state(request.leg(platform).state, event)})
        for platform in platforms
    }
    legs = tuple(changed.get(leg.platform, leg) for leg in request.legs)
    left = any(leg.state is LegState.ACCEPTED for leg in legs)
    after = next_state(request.state, Event(event.value))
    return step(
        request,
        event=f"{event} {','.join(platforms)}",
        actor=by,
        now=now,
        legs=legs,
        state=request.state if left else after,
        remark=Remark(by=by, at=now),
    )


def unsettled(request: BroadcastRequest) -> tuple[Leg, ...]:
    """List the legs that wait for a person to say what became of them."""
    return tuple(leg for leg in request.legs if leg.state in _UNSETTLED)


def describe(outcome: SendOutcome) -> str:
    """Say an outcome in a few words for the history and the log."""
    match outcome:
        case Accepted():
            return f"task {outcome.task_id}" if outcome.task_id else "accepted"
        case Declined():
            return f"{outcome.code} {outcome.message}".strip()
        case NotSent() | Unknown():
            return outcome.why


def _each(
    request: BroadcastRequest,
    chosen: Callable[[Leg], bool],
    event: LegEvent,
    *,
    outcome: SendOutcome,
    now: datetime,
    why: str = "",
) -> Step:
    legs = tuple(
        leg.model_copy(update={"state": next_leg_state(leg.state, event), "outcome": outcome})
        for leg in request.legs
        if chosen(leg)
    )
    if not legs:
        raise Refused(Problem("", "nothing_to_do", f"No leg of {request.id} is concerned by {event!r}."))
    names = ",".join(leg.platform for leg in legs)
    remark = Remark(by="worker", at=now, why=why) if why else request.remark
    return _with_legs(
        request, legs, event=f"{event} {names}", actor="worker", now=now, detail=describe(outcome), remark=remark
    )


def _with_legs(
    request: BroadcastRequest, changed: tuple[Leg, ...], *, event: str, actor: str, now: datetime, **changes: object
) -> Step:
    """Replace legs, fold them into the request's state, and set the next wake-up."""
    by_platform = {leg.platform: leg for leg in changed}
    legs = tuple(by_platform.get(leg.platform, leg) for leg in request.legs)
    folded = {
        "state": after_legs(request.state, (leg.state for leg in legs), at_once=request.at_once),
        "waiting_for": "",
        "legs": legs,
    }
    more = folded | changes | {"wake_at": _wake_up(legs, now)}
    detail = str(more.pop("detail", ""))
    return step(request, event=event, actor=actor, now=now, detail=detail, **more)


def _wake_up(legs: tuple[Leg, ...], now: datetime) -> datetime | None:
    leases = [leg.lease_until for leg in legs if leg.state is LegState.SENDING]
    if leases:
        return earliest(*leases)
    if any(leg.state is LegState.WAITING for leg in legs):
        return now
    return next_look_at(legs, now=now)


def next_look_at(legs: Iterable[Leg], *, now: datetime) -> datetime | None:
    """Say when to look at mPaaS for the first of the unsettled legs: at once for one that was never looked for."""
    return earliest(
        *(
            next_look(leg.evidence, dies=signature_dies(leg, now=now)) if leg.evidence else now
            for leg in legs
            if leg.state in _UNSETTLED
        )
    )
