"""Mistakes that a bot like this can have: each planted in the real one by one argument, with the rule it breaks."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from builders import REQUEST_ID, SEALER, TEAM
from model import rules
from model.checker import CIRCLE
from model.documents import ANA, BO, CY, ONCALL, Documents
from model.forging import INVENTS_VOTES, PUTS_BACK, REARMS, WRITES_VOTE
from model.replay import Context, Program, Tape
from model.scopes import DECIDING, EDIT, PAUSED_BEFORE_ITS_CLAIM, SENDING, SHORT, SLOW_COMMIT, approves
from model.world import ALL_DEAD, VERBS, Bot, Press, Scope, revised, settles, work

from bot.domain import lifecycle, sending
from bot.domain.content import RequestId, UserId
from bot.domain.outcome import SendOutcome, Unknown
from bot.domain.policy import Person
from bot.domain.request import BroadcastRequest, Step, Vote
from bot.domain.seals import Sealer
from bot.domain.states import LegState, State
from bot.mpaas.payload import parameters_of
from bot.operations.context import change

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Mistake:
    """One mistake: the bot that has it, where it is looked for, and which rule it breaks."""

    name: str
    bot: Bot
    scope: Scope
    rule: str


class Instead:
    """A part of the context with something done otherwise; everything else is passed on."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def with_store(make: Callable[[Any, Tape, Documents], Any]) -> Callable[[Context, Tape, Documents], Context]:
    return lambda context, tape, documents: replace(context, store=make(context.store, tape, documents))


def with_client(make: Callable[[Any], Any]) -> Callable[[Context, Tape, Documents], Context]:
    return lambda context, _, __: replace(
        context, clients={name: make(client) for name, client in context.clients.items()}
    )


# Mistakes of the worker -----------------------------------------------------------------------------------------------


def queue_again(context: Context, documents: Documents) -> object:
    """Tend a request as a job queue would: a leg whose lease is over waits for the next worker."""
    request, now = context.store.get(REQUEST_ID), context.store.now()
    if not any(leg.state is LegState.SENDING and leg.lease_until and leg.lease_until <= now for leg in request.legs):
        return work(context, documents)
    legs = tuple(
        leg.model_copy(update={"state": LegState.WAITING}) if leg.state is LegState.SENDING else leg
        for leg in request.legs
    )
    again = {"legs": legs, "state": State.APPROVED, "wake_at": now}
    return context.store.commit(lifecycle.step(request, event="again", actor="worker", now=now, **again), commit_id="1")


def look_and_conclude(event: str) -> Program:
    """Take "mPaaS does not list it" for the end of an unknown outcome: with ``event`` the leg is settled or queued."""

    def program(context: Context, documents: Documents) -> object:
        tended = work(context, documents)
        request = getattr(tended, "request", None)
        if not isinstance(request, BroadcastRequest) or request.state is not State.OUTCOME_UNKNOWN:
            return tended
        if any(leg.evidence is None or leg.evidence.task_ids for leg in sending.unsettled(request)):
            return tended
        now = context.store.now()
        concluded = {
            "not_sent": {"state": LegState.NOT_SENT},
            "waiting": {"state": LegState.WAITING, "attempt": "", "attempted_at": None, "evidence": None},
        }[event]
        legs = tuple(leg.model_copy(update=concluded) for leg in request.legs)
        state, wakes = {"not_sent": (State.FAILED, None), "waiting": (State.APPROVED, now)}[event]
        step = lifecycle.step(request, event="conclude", actor="worker", now=now, legs=legs, state=state, wake_at=wakes)
        return context.store.commit(step, commit_id=context.mint())

    return program


class CallsFirst(Instead):
    """A store whose claim comes after the call."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.store)
        self._client = context.clients["live"]

    def claim(self, step: Step, **said: Any) -> BroadcastRequest:
        leg = next(leg for leg in step.request.legs if leg.state is LegState.SENDING)
        self._client.push_broadcast(parameters_of(step.request, leg))
        return self._real.claim(step, **said)


class Retries(Instead):
    """A client that calls again when no answer came."""

    def push_broadcast(self, said: Mapping[str, str], **more: Any) -> SendOutcome:
        outcome = self._real.push_broadcast(said, **more)
        return self._real.push_broadcast(said, **more) if isinstance(outcome, Unknown) else outcome


class SignsWhenItCalls(Instead):
    def push_broadcast(self, said: Mapping[str, str], **_: Any) -> SendOutcome:
        return self._real.push_broadcast(said)


class SaysMore(Instead):
    """A client that adds to what was approved."""

    def push_broadcast(self, said: Mapping[str, str], **more: Any) -> SendOutcome:
        return self._real.push_broadcast({**said, "PushStatus": "1"}, **more)


class TakesEveryReport(Instead):
    """A store whose reader does not look at whose attempt a leg is: after its claim, every leg is its own."""

    def claim(self, step: Step, **said: Any) -> BroadcastRequest:
        self._attempt = next(leg.attempt for leg in step.request.legs if leg.state is LegState.SENDING)
        return self._real.claim(step, **said)

    def get(self, request_id: str) -> BroadcastRequest:
        request = self._real.get(request_id)
        if "_attempt" not in vars(self):
            return request
        legs = tuple(leg.model_copy(update={"attempt": leg.attempt and self._attempt}) for leg in request.legs)
        return request.model_copy(update={"legs": legs})


class ForgetsToWake(Instead):
    """A store that a claim tells nothing of when its lease is over."""

    def claim(self, step: Step, **said: Any) -> BroadcastRequest:
        asleep = replace(step, request=step.request.model_copy(update={"wake_at": None}))
        self._real.claim(asleep, **said)
        return asleep.request


class NeverPostpones(Instead):
    def postpone(self, *_: Any) -> None:
        """Forget it: the request stays due."""


class SpeaksFirst(Instead):
    """A store whose commits are announced before they are made."""

    def __init__(self, real: Any, tape: Tape, documents: Documents) -> None:
        super().__init__(real)
        self._tape, self._documents = tape, documents

    def commit(self, step: Step, **said: Any) -> BroadcastRequest:
        self._tape.ask("say", self._documents.number(step.request))
        return self._real.commit(step, **said)


class TrustsVotes(Instead):
    """A store whose sealer takes every vote for a real one."""

    @property
    def sealer(self) -> Sealer:
        return BelievesVotes(b"any")


class BelievesVotes(Sealer):
    def vote(self, request_id: RequestId, vote: Vote) -> Vote:
        return SEALER.vote(request_id, vote)

    def vote_holds(self, *_: Any) -> bool:
        return True


class RemembersGroups(Instead):
    """A directory that never asks again who is on call."""

    def person(self, user_id: str, **_: Any) -> Person:
        return Person(id=UserId(user_id), team_id=TEAM, groups=frozenset({ONCALL} if user_id in {BO, CY} else ()))


# Mistakes about people ------------------------------------------------------------------------------------------------


def votes(judge: Callable[[BroadcastRequest, Press, Documents], BroadcastRequest | None]) -> Callable[[Press], Program]:
    """Count votes by a rule of one's own: give the request the vote is counted on, None for no."""

    def program(press: Press) -> Program:
        def decide(context: Context, documents: Documents, request: BroadcastRequest) -> Step:
            counted = judge(request, press, documents)
            if counted is None:
                return deciding_refuses(request, press)
            step = lifecycle.approve(
                counted,
                voter=UserId(press.who),
                target=documents.target,
                now=context.store.now(),
                epoch=context.store.epoch(),
                sealer=SEALER,
            )
            renamed = tuple(
                SEALER.vote(REQUEST_ID, vote.model_copy(update={"approver": vote.approver.removeprefix("again ")}))
                for vote in step.request.votes
            )
            return replace(step, request=step.request.model_copy(update={"votes": renamed}))

        return lambda context, documents: change(
            context, REQUEST_ID, lambda request: decide(context, documents, request)
        )

    return program


def deciding_refuses(request: BroadcastRequest, press: Press) -> Step:
    raise ValueError(f"{press} on {request.id} is refused.")


def _on_the_list(press: Press, *, also: Iterable[str] = ()) -> bool:
    return press.who in {BO, CY, *also}


def of_anybody(request: BroadcastRequest, press: Press, _: Documents) -> BroadcastRequest | None:
    return request if _on_the_list(press, also=(ANA,)) and press.revision == request.revision else None


def twice(request: BroadcastRequest, press: Press, _: Documents) -> BroadcastRequest | None:
    votes = tuple(vote.model_copy(update={"approver": f"again {vote.approver}"}) for vote in request.votes)
    return request.model_copy(update={"votes": votes}) if _on_the_list(press) else None


def on_any_card(request: BroadcastRequest, press: Press, _: Documents) -> BroadcastRequest | None:
    return request if _on_the_list(press) else None


def keep_votes(press: Press) -> Program:
    """Edit a request, and keep the votes for what it said before."""

    def decide(context: Context, documents: Documents, request: BroadcastRequest) -> Step:
        step = revised(request, press, context, documents)
        return replace(step, request=step.request.model_copy(update={"votes": request.votes}))

    return lambda context, documents: change(context, REQUEST_ID, lambda request: decide(context, documents, request))


def settle_at_once(press: Press) -> Program:
    def decide(context: Context, documents: Documents, request: BroadcastRequest) -> Step:
        platform, later = documents.platforms[press.platform], context.store.now() + HOUR
        return sending.settle(request, platform, sent=press.sent, by=press.who, now=later)

    return lambda context, documents: change(context, REQUEST_ID, lambda request: decide(context, documents, request))


def _verb(name: str, verb: Callable[[Press], Program]) -> Bot:
    return Bot(verbs={**VERBS, name: verb})


TWO_WORKERS = Scope("two workers", instants=SENDING)
SENT_TWICE = replace(TWO_WORKERS, judged=frozenset({rules.AT_MOST_ONCE}))
"""Where several rules would be broken, and the one that matters most is asked for."""
ONE_WORKER = Scope("one worker", instants=SENDING, workers=1)
VOTES = Scope(
    "votes", instants=DECIDING, begins="submitted", quorum=2, workers=1,
    presses=(*approves(BO, CY, ANA), EDIT, *approves(CY, BO, revision=2)),
)  # fmt: skip
LOOKS = replace(ONE_WORKER, looks=True)
FORGED = replace(ONE_WORKER, listing_lags=True, forgers=1)
TWICE = frozenset({rules.AT_MOST_ONCE})
FORGED_VOTES = replace(
    FORGED, begins="submitted", quorum=2, veto_window=0, presses=approves(BO), forgeries=(INVENTS_VOTES, WRITES_VOTE)
)
ANNOUNCED = Scope("an announcer", instants=(0, ALL_DEAD), workers=1, announcers=1)

MISTAKES = (
    Mistake("a leg whose lease is over is queued again", Bot(work=queue_again), SENT_TWICE, rules.AT_MOST_ONCE),
    Mistake(
        "mPaaS is called before the claim is committed",
        Bot(wrap=lambda context, _, __: replace(context, store=CallsFirst(context))),  # type: ignore[arg-type]
        SENT_TWICE,
        rules.AT_MOST_ONCE,
    ),
    Mistake("a call is made again after a timeout", Bot(wrap=with_client(Retries)), ONE_WORKER, rules.AT_MOST_ONCE),
    Mistake(
        "a commit compares neither the version nor the line before",
        Bot(checks_version=False, checks_line_before=False, claims_under_trail=False),
        SENT_TWICE,
        rules.AT_MOST_ONCE,
    ),
    Mistake(
        "a claim does not compare the epoch",
        Bot(checks_epoch=False),
        Scope(
            "a fail-over",
            instants=SENDING,
            workers=1,
            replicas=2,
            cut_off=1,
            deaths=1,
            listing_lags=True,
            judged=frozenset({rules.AT_MOST_ONCE}),
        ),
        rules.AT_MOST_ONCE,
    ),
    Mistake(
        "a claim does not wait for replicas",
        Bot(waits_for_replicas=False),
        Scope(
            "a fail-over",
            instants=SHORT,
            begins="submitted",
            veto_window=0,
            workers=1,
            replicas=1,
            deaths=1,
            listing_lags=True,
            presses=approves(BO),
            judged=frozenset({rules.AT_MOST_ONCE}),
        ),
        rules.AT_MOST_ONCE,
    ),
    Mistake("a claim does not read the halt", Bot(checks_halt=False), replace(ONE_WORKER, halts=1), rules.HALTED),
    Mistake(
        "a report of another attempt is taken",
        Bot(wrap=with_store(lambda store, _, __: TakesEveryReport(store))),
        replace(TWO_WORKERS, faults=1),
        rules.TRUE_NO,
    ),
    Mistake(
        "a push is dated when it is signed",
        Bot(wrap=with_client(SignsWhenItCalls)),
        replace(TWO_WORKERS, presses=settles(1)),
        rules.IN_TIME,
    ),
    Mistake(
        '"not sent" is taken at once',
        _verb("settle", settle_at_once),
        replace(ONE_WORKER, presses=settles(1)),
        rules.TRUE_NO,
    ),
    Mistake(
        "a commit has no id",
        Bot(knows_commit_ids=False),
        replace(ONE_WORKER, faults=1),
        rules.TOLD_TRULY,
    ),
    Mistake("the requester's vote counts", _verb("approve", votes(of_anybody)), VOTES, rules.QUORUM),
    Mistake("a second vote of the same person counts", _verb("approve", votes(twice)), VOTES, rules.QUORUM),
    Mistake("a vote survives an edit", _verb("revise", keep_votes), VOTES, rules.QUORUM),
    Mistake("a vote on an old card counts for the new text", _verb("approve", votes(on_any_card)), VOTES, rules.QUORUM),
    Mistake("more is sent than was approved", Bot(wrap=with_client(SaysMore)), ONE_WORKER, rules.QUORUM),
    Mistake(
        "who is on call is never asked again",
        Bot(wrap=lambda context, _, __: replace(context, directory=RemembersGroups(context.directory))),  # type: ignore[arg-type]
        replace(ONE_WORKER, leavers=(BO,)),
        rules.QUORUM,
    ),
    Mistake("a look settles by itself", Bot(work=look_and_conclude("not_sent")), LOOKS, rules.TRUE_NO),
    Mistake(
        "a look that finds nothing lets it be sent again",
        Bot(work=look_and_conclude("waiting")),
        replace(LOOKS, judged=TWICE),
        rules.AT_MOST_ONCE,
    ),
    Mistake(
        "a record's seal is not checked",
        Bot(checks_seals=False),
        replace(FORGED, forgeries=(REARMS,), judged=TWICE),
        rules.AT_MOST_ONCE,
    ),
    Mistake(
        "a vote's seal is not checked",
        Bot(wrap=with_store(lambda store, _, __: TrustsVotes(store))),
        FORGED_VOTES,
        rules.QUORUM,
    ),
    Mistake(
        "no seal is checked at all",
        Bot(checks_seals=False, wrap=with_store(lambda store, _, __: TrustsVotes(store))),
        replace(FORGED_VOTES, forgeries=(INVENTS_VOTES,)),
        rules.QUORUM,
    ),
    Mistake(
        "the audit trail is not asked",
        Bot(checks_trail=False, claims_under_trail=False),
        replace(FORGED, forgeries=(PUTS_BACK,), judged=TWICE),
        rules.AT_MOST_ONCE,
    ),
    Mistake(
        "the audit trail is asked before the claim, not in it",
        Bot(claims_under_trail=False),
        PAUSED_BEFORE_ITS_CLAIM,
        rules.AT_MOST_ONCE,
    ),
    Mistake("a commit compares versions alone", Bot(checks_line_before=False), SLOW_COMMIT, rules.TRUE_NO),
    Mistake(
        "a lost claim has no time to wake at",
        Bot(wrap=with_store(lambda store, _, __: ForgetsToWake(store))),
        ONE_WORKER,
        rules.ENDS,
    ),
    Mistake(
        "a request that has to wait stays due",
        Bot(wrap=with_store(lambda store, _, __: NeverPostpones(store))),
        replace(ONE_WORKER, halts=1),
        CIRCLE,
    ),
    Mistake(
        "a change is announced before it is committed",
        Bot(wrap=with_store(SpeaksFirst)),
        TWO_WORKERS,
        rules.COMMITTED,
    ),
    Mistake(
        "notices are written after the commit",
        Bot(writes_notices_with_the_commit=False),
        ANNOUNCED,
        rules.ANNOUNCED,
    ),
    Mistake("a notice is struck off before it is said", Bot(finishes_after_saying=False), ANNOUNCED, rules.ANNOUNCED),
)
