"""Run the bot's real operations step by step: at every place where they ask something of the world, they stop.

An operation is run on a tape of answers. Where the tape ends, its question is the next step, and the operation is run
again from the beginning with one answer more: it is deterministic, so it comes to the same place. So nothing of
``bot.operations`` is written a second time here: the steps of ``tending.tend`` in the model *are* those of the code,

===============================================  =====================================================
question                                         where ``bot/operations/tending.py`` asks it
===============================================  =====================================================
``get``                                          ``tend``, ``_unconfirmed``, ``_unanswered_claim``,
                                                 ``_report_once``, and ``change`` in it; it can say that
                                                 the seal is broken
``alarm``                                        ``get`` itself, for a broken record
``record``                                       ``contain``, for a broken record
``now``                                          ``tend`` for the gates, ``_claim_and_send`` for the
                                                 claim, ``_report_once`` for the report
``halted``, ``person``, ``trail``,               ``_try_to_send``: ``facts.gather``, for the gates;
``template``, ``tasks``, ``machine``             ``tasks`` also ``_look``: ``evidence.gather``
``epoch``                                        ``_object``
``mint``                                         ``_claim_and_send`` for the attempt; every commit's id
``seconds`` (the stopwatch)                      ``_claim_and_send``, before the claim and after it
``claim``                                        ``_claim_and_send``: the one way into ``sending``
``push``                                         ``_claim_and_send``: the one POST
``commit``                                       ``_change``, and ``_report_once`` through ``change``
``postpone``                                     ``_wait``, ``_look``, and ``Worker._leave_alone``
===============================================  =====================================================

A crash between any two questions is a worker that never gets its answer.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from builders import REQUEST_ID, SEALER, TEAM
from model.documents import APPROVERS, ONCALL, Documents

from bot.domain.content import RequestId
from bot.domain.outcome import Accepted, Declined, NotSent, SendOutcome, Unknown
from bot.domain.policy import Person
from bot.domain.request import BroadcastRequest, Step
from bot.domain.seals import Sealer
from bot.errors import AnswerLost, Conflict, EpochChanged, NotDurable, Problem, Refused, SealBroken, StoreUnavailable
from bot.mpaas import readings
from bot.mpaas.client import TaskListing
from bot.mpaas.results import ReadFailed
from bot.operations.context import Context
from bot.operations.pace import USUAL
from bot.operations.people import Rule
from bot.store.records import Record
from bot.store.switches import Halt

Question = tuple[Any, ...]
"""What an operation asks: the question's name, and what it says with it."""

Answer = int | str | None
"""What it is answered: a number, a word; a word with ``!`` is an exception."""

OUTCOMES: Mapping[Answer, SendOutcome] = {
    "accepted": Accepted(request_id="R1"),
    "declined": Declined(code="3001", message="no"),
    "refused": NotSent(why="No connection."),
    "unknown": Unknown(why="mPaaS did not answer in time."),
}

_HALT = Problem("", "halted", "All sending is halted.")
_BROKEN = "Its seal is broken."
_ERRORS: Mapping[Answer, Callable[[], Exception]] = {
    "!broken": lambda: SealBroken(REQUEST_ID, _BROKEN),
    "!conflict": lambda: Conflict("Somebody committed first."),
    "!epoch": lambda: EpochChanged("The store is another one."),
    "!halted": lambda: Refused(_HALT),
    "!not_durable": lambda: NotDurable("Too few replicas confirmed the claim."),
    "!lost": lambda: AnswerLost("The answer was lost."),
    "!unavailable": lambda: StoreUnavailable("The store did not answer."),
    "!unread": lambda: ReadFailed("lost", "mPaaS did not answer."),
}


class Asked(BaseException):
    """Stop an operation at its question; no ``except Exception`` of the product's may catch it."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question


class Tape:
    """Answer questions in order; where there is no answer yet, stop."""

    def __init__(self, answers: tuple[Answer, ...]) -> None:
        self._answers = iter(answers)

    def ask(self, *question: Any) -> Any:
        for answer in self._answers:
            if error := _ERRORS.get(answer):
                raise error()
            return answer
        raise Asked(question)


class TapedStore:
    """The store as the operations see it, every access a question."""

    sealer: Sealer = SEALER

    def __init__(self, tape: Tape, documents: Documents) -> None:
        self._tape, self._documents = tape, documents

    def get(self, _: RequestId) -> BroadcastRequest:
        try:
            return self._documents.all[self._tape.ask("get")]
        except SealBroken:
            self._tape.ask("alarm")
            raise

    def record(self, request_id: RequestId) -> Record:
        number, is_broken = divmod(self._tape.ask("record"), 2)
        request = self._documents.all[number]
        return Record(request_id, "", request.version, request, _BROKEN if is_broken else "")

    def trail_complaint(self, request: BroadcastRequest) -> str:
        knows_another = self._tape.ask("trail", self._documents.number(request))
        return "The audit trail knows another version of this request." if knows_another else ""

    def now(self) -> datetime:
        return self._documents.moment(self._tape.ask("now"))

    def moment(self) -> tuple[datetime, str]:
        return self.now(), self.epoch()

    def commit(self, step: Step, *, commit_id: str) -> BroadcastRequest:
        del commit_id  # a commit that is repeated is the same question
        self._tape.ask("commit", *self._said(step))
        return step.request

    def claim(self, step: Step, *, commit_id: str, epoch: str) -> BroadcastRequest:
        del commit_id
        self._tape.ask("claim", *self._said(step), epoch)
        return step.request

    def postpone(self, _: RequestId, until: datetime) -> None:
        self._tape.ask("postpone", self._documents.instant(until))

    def halted(self) -> Halt | None:
        return Halt(by="U02BO", at=self._documents.moment(0)) if self._tape.ask("halted") else None

    def epoch(self) -> str:
        return str(self._tape.ask("epoch"))

    def _said(self, step: Step) -> tuple[int, int, int]:
        documents = self._documents
        return documents.number(step.request), step.expected_version, documents.entries(step)


class TapedClient:
    """MPaaS as the operations see it; reads say what is there, and the push is the question that counts."""

    def __init__(self, tape: Tape, documents: Documents) -> None:
        self._tape, self._documents = tape, documents

    def get_template(self, name: str) -> readings.Template:
        template = self._documents.contents[0].template
        body = template.body if self._tape.ask("template") == "same" else f"{template.body} Changed."
        variables = ",".join(template.variables)
        return readings.Template(name=name, title=template.title, content=body, uri=template.uri, variables=variables)

    def tasks_named(self, task_name: str, *, since: datetime) -> TaskListing:
        del since
        instant, is_listed = divmod(self._tape.ask("tasks", task_name), 2)
        tasks = (readings.PushTask(task_id="1", task_name=task_name),) if is_listed else ()
        return TaskListing(tasks, self._documents.moment(instant))

    def push_broadcast(self, said: Mapping[str, str], *, signed_at: datetime | None = None) -> SendOutcome:
        signed = None if signed_at is None else self._documents.instant(signed_at)
        return OUTCOMES[self._tape.ask("push", frozenset(said.items()), signed)]


class TapedDirectory:
    """Slack's people as the operations see them: Bo and Cy are on call until they leave."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape

    def person(self, user_id: str, *, team_id: str, groups: Iterable[str], fresh: bool = False) -> Person:
        del team_id, groups, fresh
        is_on_call = user_id in APPROVERS and self._tape.ask("person", user_id) == "on call"
        return Person(id=user_id, team_id=TEAM, groups=frozenset({ONCALL} if is_on_call else ()))

    def check(self, rule: Rule, user_id: str, *, team_id: str, groups: Iterable[str]) -> Person:
        person = self.person(user_id, team_id=team_id, groups=groups)
        rule(person).insist()
        return person

    permit = check


def context_of(tape: Tape, documents: Documents) -> Context:
    """Make the Context of production with every part a question."""
    client: Any = TapedClient(tape, documents)
    parts: dict[str, Any] = {"store": TapedStore(tape, documents), "directory": TapedDirectory(tape)}
    return Context(
        targets={documents.target.name: documents.target},
        team_id=TEAM,
        zone=ZoneInfo("Asia/Shanghai"),
        clients={documents.target.name: client},
        quick_clients={documents.target.name: client},
        random_bits=lambda _: int(tape.ask("mint")),
        machine_now=lambda: documents.moment(tape.ask("machine")),
        stopwatch=lambda: float(documents.instants[tape.ask("seconds")]),
        pause=lambda _: None,
        pace=USUAL,
        **parts,
    )


Program = Callable[[Context, Documents], object]
"""An operation, with everything it is told."""

Wrap = Callable[[Context, Tape, Documents], Context]
"""A mistake in a part of the context."""


def unchanged(context: Context, _: Tape, __: Documents) -> Context:
    return context


@dataclass(frozen=True)
class Done:
    """How an operation ended: the event it reports, or the exception it raised."""

    event: str
    raised: str = ""


class Replays:
    """Run programs on tapes, and remember where each led. A node is a program with the answers it was given so far."""

    def __init__(self, documents: Documents, wrap: Wrap = unchanged) -> None:
        self._documents, self._wrap = documents, wrap
        self._programs: list[Program] = []
        self._answers: list[tuple[Answer, ...]] = []
        self._heirs: dict[tuple[int, Answer], int] = {}
        self._begun: dict[Hashable, int] = {}
        self.question: list[Question] = []
        """The question each node asks; ``("done", Done)`` when it asks nothing more."""

    def begin(self, name: Hashable, program: Program) -> int:
        """Give the first node of a program, which is known by its name."""
        node = self._begun.get(name)
        if node is None:
            node = self._begun[name] = self._node(program, ())
        return node

    def go_on(self, node: int, answer: Answer) -> int:
        """Give the node after one more answer."""
        heir = self._heirs.get((node, answer))
        if heir is None:
            heir = self._node(self._programs[node], (*self._answers[node], answer))
            self._heirs[node, answer] = heir
        return heir

    def answers(self, node: int) -> tuple[Answer, ...]:
        return self._answers[node]

    def _node(self, program: Program, answers: tuple[Answer, ...]) -> int:
        self._programs.append(program)
        self._answers.append(answers)
        self.question.append(self._ask(program, answers))
        return len(self.question) - 1

    def _ask(self, program: Program, answers: tuple[Answer, ...]) -> Question:
        tape = Tape(answers)
        context = self._wrap(context_of(tape, self._documents), tape, self._documents)
        try:
            done = program(context, self._documents)
        except Asked as asked:
            return asked.question
        except Exception as error:  # noqa: BLE001 - how it failed is what the model goes on with
            return ("done", Done("", getattr(error, "code", type(error).__name__)))
        return ("done", Done(str(getattr(done, "event", "done"))))
