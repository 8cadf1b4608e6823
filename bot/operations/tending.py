"""Tend a request whose time has come: expire it, claim and send its next leg, give a lost leg up, or look for it.

The order is the promise: gates, claim committed and confirmed, one POST, outcome committed. Whatever interrupts this
between the claim and the report leaves a leg that is ``sending`` with a lease; when the lease ends it becomes unknown,
and nobody sends it again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import lifecycle, sending
from bot.domain.content import RequestId
from bot.domain.gates import Answer, Verdict, first_objection
from bot.domain.outcome import NotSent, SendOutcome
from bot.domain.request import BroadcastRequest, Leg, Step
from bot.domain.seals import ALARM
from bot.domain.states import LegState, State
from bot.errors import Conflict, EpochChanged, NotDurable, Refused, SealBroken, StoreUnavailable
from bot.mpaas.payload import parameters_of
from bot.operations import evidence
from bot.operations.alarming import contain
from bot.operations.context import Context, change
from bot.operations.facts import gather

REPORT_TRIES = 20
"""How often a report is tried while the store does not answer, a second apart; after that the lease decides."""


NOTHING_DUE = "nothing_due"

UNDER_WAY = "under_way"
"""Another worker has it in hand: its report, or the end of its lease, decides when somebody looks again."""

Decide = Callable[[BroadcastRequest], Step]


@dataclass(frozen=True)
class Tended:
    """Say what was done, for the log: the request as it is now, and an event's name."""

    request: BroadcastRequest
    event: str


def tend(context: Context, request_id: RequestId) -> Tended:
    """Do the one thing that is due for a request; do nothing when nothing is.

    Raise SealBroken when its record was changed outside the bot, and can't even be put where nothing comes of it.
    """
    try:
        request = context.store.get(request_id)
    except SealBroken as broken:
        contained = contain(context, request_id, broken.why)
        if contained is None:
            raise
        return Tended(contained, ALARM)
    now = context.store.now()
    if request.state in {State.PENDING_APPROVAL, State.CHANGES_REQUESTED} and now >= request.approve_by:
        return _change(context, request, lambda fresh: lifecycle.expire(fresh, why=_unanswered(fresh), now=now))
    if request.state is State.APPROVED and request.veto_until is not None and now >= request.veto_until:
        return _try_to_send(context, request, now)
    if request.state is State.SENDING:
        return _go_on_sending(context, request, now)
    if sending.unsettled(request) and request.wake_at is not None and now >= request.wake_at:
        return _look(context, request, now)
    return Tended(request, NOTHING_DUE)


def _look(context: Context, request: BroadcastRequest, now: datetime) -> Tended:
    """Look at mPaaS for what is unsettled, and write down what is new; a person decides what it means."""
    found = evidence.gather(context, request, context.clients, now=now)
    if evidence.tells_nothing_new(request, found) and (again := evidence.next_look(request, found)) is not None:
        context.store.postpone(request.id, again)
        return Tended(request, "look again")
    return _change(context, request, lambda fresh: sending.look(fresh, found, now=now))


def _unanswered(request: BroadcastRequest) -> str:
    if request.state is State.CHANGES_REQUESTED:
        return "The changes that were asked for did not come in time."
    return "Nobody approved it in time."


def _change(context: Context, request: BroadcastRequest, decide: Decide) -> Tended:
    """Commit what was decided about the request as it was looked at; whoever has changed it since knew more."""
    try:
        after = context.store.commit(decide(request), commit_id=context.mint())
    except Conflict:
        return Tended(request, "changed_elsewhere")
    return Tended(after, after.state)


def _go_on_sending(context: Context, request: BroadcastRequest, now: datetime) -> Tended:
    if any(leg.state is LegState.SENDING for leg in request.legs):
        if all(_under_way(leg, now) for leg in request.legs if leg.state is LegState.SENDING):
            return Tended(request, UNDER_WAY)
        return _change(context, request, lambda fresh: sending.lose(fresh, now=now))
    return _try_to_send(context, request, now)


def _under_way(leg: Leg, now: datetime) -> bool:
    return leg.lease_until is not None and now < leg.lease_until


def _try_to_send(context: Context, request: BroadcastRequest, now: datetime) -> Tended:
    leg = sending.next_leg(request)
    if leg is None:  # pragma: no cover - such a request folds to an end; a wrong document is left alone
        return Tended(request, NOTHING_DUE)
    wire = {leg.platform: parameters_of(request, leg) for leg in request.legs}
    verdict = first_objection(request, gather(context, request, leg, wire=wire, now=now))
    if verdict.answer is not Answer.GO:
        return _object(context, request, verdict, now)
    return _claim_and_send(context, request, leg, wire[leg.platform], asked_at=now)


def _object(context: Context, request: BroadcastRequest, verdict: Verdict, now: datetime) -> Tended:
    """Do what a gate's objection asks for; between two legs, the remaining ones are given up instead of the request.

    All of it says that nothing more went out. A store that may have forgotten a claim cannot know that: it is held.
    """
    if verdict.answer is Answer.WAIT:
        return _wait(context, request, verdict, now)
    is_another_store = request.epoch != context.store.epoch()
    alarm = verdict.because if verdict.code == ALARM else ""
    why = f"The store is not the one that {request.id} was approved in." if is_another_store else verdict.because
    if verdict.answer is Answer.HOLD or is_another_store:
        return _change(context, request, lambda fresh: sending.hold(fresh, why=alarm or why, now=now, alarm=alarm))
    if request.state is State.SENDING:
        return _change(context, request, lambda fresh: sending.skip(fresh, why=why, now=now))
    if verdict.answer is Answer.EXPIRE:
        return _change(context, request, lambda fresh: lifecycle.expire(fresh, why=why, now=now))
    return _change(context, request, lambda fresh: lifecycle.void(fresh, why=why, now=now))


def _wait(context: Context, request: BroadcastRequest, verdict: Verdict, now: datetime) -> Tended:
    until = now + timedelta(seconds=context.pace.look_again)
    if request.waiting_for == verdict.code:
        context.store.postpone(request.id, until)
        return Tended(request, f"wait {verdict.code}")
    return _change(
        context,
        request,
        lambda fresh: lifecycle.wait_for(fresh, code=verdict.code, why=verdict.because, now=now, until=until),
    )


def _claim_and_send(
    context: Context, request: BroadcastRequest, leg: Leg, parameters: Mapping[str, str], *, asked_at: datetime
) -> Tended:
    """Claim the leg and call mPaaS, in a signature dated when the gates were asked.

    However long the process is paused, and wherever, mPaaS takes nothing that was signed more than 15 minutes ago: so
    nothing goes out long after the gates let it, nor after a person could say that it did not (``SIGNATURE_LIVES``).
    """
    now = context.store.now()
    attempt = context.mint()
    lease_until = now + timedelta(seconds=context.pace.lease)
    step = sending.claim(request, leg.platform, attempt=attempt, lease_until=lease_until, now=now)
    outcome: SendOutcome
    started = context.stopwatch()
    try:
        context.store.claim(step, commit_id=context.mint(), epoch=request.epoch)
    except Conflict:
        return Tended(request, "claimed_elsewhere")
    except EpochChanged as error:
        why = str(error)
        return _change(context, request, lambda fresh: sending.hold(fresh, why=why, now=now))
    except Refused as refused:
        return _wait(context, request, Verdict(Answer.WAIT, refused.code, refused.sentence), now)
    except NotDurable as error:
        return _unconfirmed(context, request, step, str(error), now)
    except StoreUnavailable as error:
        return _unanswered_claim(context, step, leg, str(error))
    if context.stopwatch() - started > context.pace.slowest_start:
        outcome = NotSent(why="The worker was paused after its claim, so it did not call mPaaS.")
    else:
        client = context.clients[request.content.destination.target]
        outcome = client.push_broadcast(parameters, signed_at=asked_at)
    return _report(context, step, leg, attempt, outcome)


def _unconfirmed(context: Context, request: BroadcastRequest, step: Step, why: str, now: datetime) -> Tended:
    """Handle a claim that may not survive the store: not sent, whether or not it was written."""
    fresh = context.store.get(request.id)
    if fresh.version < step.request.version:
        return _wait(context, request, Verdict(Answer.WAIT, "not_durable", why), now)
    leg = next(leg for leg in step.request.legs if leg.state is LegState.SENDING)
    outcome = NotSent(why=f"The claim could not be confirmed as safely stored, so mPaaS was not called: {why}")
    return _report(context, step, leg, leg.attempt, outcome)


def _unanswered_claim(context: Context, step: Step, leg: Leg, why: str) -> Tended:
    """Handle a claim whose answer was lost: not sent; if it never reached the store, there is nothing to write down."""
    outcome = NotSent(why=f"The store did not confirm the claim, so mPaaS was not called: {why}")
    try:
        return _report(context, step, leg, step.request.leg(leg.platform).attempt, outcome)
    except Refused:
        return Tended(context.store.get(step.request.id), "claim_lost")


def _report(context: Context, step: Step, leg: Leg, attempt: str, outcome: SendOutcome) -> Tended:
    """Commit the outcome; while the store does not answer, try again: it is the only witness."""
    for remaining in range(REPORT_TRIES - 1, -1, -1):
        try:
            return _report_once(context, step, leg, attempt, outcome)
        except StoreUnavailable:
            if not remaining:
                raise
            context.pause(1.0)
    raise AssertionError("unreachable: the last try returns or raises")


def _report_once(context: Context, step: Step, leg: Leg, attempt: str, outcome: SendOutcome) -> Tended:
    """Commit the outcome, unless an earlier try did whose answer was lost.

    When somebody changed the record meanwhile, what was claimed is written over it, with the alarm: it is the truth.
    """
    try:
        request = context.store.get(step.request.id)
    except SealBroken as broken:
        contained = _report_over(context, step, leg, outcome, broken.why)
        if contained is None:
            raise
        return Tended(contained, ALARM)
    stored = request.leg(leg.platform)
    if (stored.attempt, stored.outcome) == (attempt, outcome):
        return Tended(request, request.state)
    after = change(
        context,
        request.id,
        lambda fresh: sending.report(fresh, leg.platform, attempt=attempt, outcome=outcome, now=context.store.now()),
    )[1]
    return Tended(after, after.state)


def _report_over(context: Context, step: Step, leg: Leg, outcome: SendOutcome, why: str) -> BroadcastRequest | None:
    """Put the claimed request, which is the truth, with its outcome over a broken record; None: others were there."""
    now, attempt = context.store.now(), step.request.leg(leg.platform).attempt
    true = step.request.model_copy(update={"alarm": why})
    try:
        return context.store.commit(
            sending.report(true, leg.platform, attempt=attempt, outcome=outcome, now=now), commit_id=context.mint()
        )
    except Conflict:
        return None
