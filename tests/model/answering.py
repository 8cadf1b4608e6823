"""What an operation is told at once, because it could as well have been told a step earlier: facts, ids, people.

Two reads of one operation between which it does nothing visible are one step: what can happen between them can also
happen before them. That is not so for a clock that is read and then acted upon, so every reading of the clock before
the claim is a step of its own: a process may be paused there for as long as it pleases.
"""

from collections.abc import Iterator
from typing import NamedTuple

from model.documents import PEOPLE, Documents, the_target
from model.replay import Done, Question, Replays
from model.world import Actor, Bot, Scope, World

from bot.domain.content import Platform


class Past(NamedTuple):
    """What an operation did so far, as far as the model needs it."""

    asked: str
    """Its last question that was answered."""
    claimed: bool
    read: int
    """The document it read or wrote last."""
    minted: frozenset[int]
    """The ids it made."""


BEGINNING = Past("", False, -1, frozenset())


class Answering:
    """One scope, with one bot: the operations that run in it, and what they are told at once."""

    def __init__(self, scope: Scope, bot: Bot | None = None) -> None:
        self.scope, self.bot = scope, bot or Bot()
        target = the_target(quorum=scope.quorum, veto_window=scope.veto_window)
        self.documents = Documents(scope.instants, tuple(Platform)[: scope.platforms], target, scope.looks)
        self.replays = Replays(self.documents, self.bot.wrap)
        self._past: dict[int, Past] = {}

    def done(self, actor: Actor) -> Done | None:
        """Say how an operation ended, None while it goes on."""
        question = self.replays.question[actor.node]
        return question[1] if question[0] == "done" and not actor.wait else None

    def next(self, node: int, answer: int | str) -> int:
        """Answer a question, and keep what was known about the operation."""
        heir = self.replays.go_on(node, answer)
        if heir not in self._past:
            before, asked = self._past.get(node, BEGINNING), self.replays.question[node][0]
            fresh = {answer} if asked == "mint" and isinstance(answer, int) else frozenset[int]()
            read = before.read
            if isinstance(answer, int) and asked in {"get", "record"}:
                read = answer if asked == "get" else answer // 2
            if answer == "ok" and asked in {"commit", "claim"}:
                read = self.replays.question[node][1]
            self._past[heir] = Past(asked, before.claimed or asked == "claim", read, before.minted | fresh)
        return heir

    def reads(self, world: World) -> int | str:
        """Say what reading the request gives."""
        return world.store.document if world.store.sealed or not self.bot.checks_seals else "!broken"

    def settled(self, world: World, actor: Actor, *, sees_clock: bool) -> Iterator[Actor]:
        """Answer questions until there is one whose answer is a step; where several answers are possible, branch."""
        nodes = [] if actor.wait else [actor.node]
        if actor.wait:
            yield actor
        while nodes:
            node = nodes.pop()
            answers = self._at_once(world, node, sees_clock=sees_clock)
            if answers is None:
                yield actor._replace(node=node)
            else:
                nodes += [self.next(node, answer) for answer in answers]

    def _at_once(self, world: World, node: int, *, sees_clock: bool) -> tuple[int | str, ...] | None:
        question, past = self.replays.question[node], self._past.get(node, BEGINNING)
        match question[0]:
            case "get" if past.asked == "get":
                return (self.reads(world),)
            case "now" if not sees_clock or past.claimed:
                return (world.clock,)
            case "tasks":
                return self._listed(world, question[1])
            case "mint":
                return (self._mint(world, node),)
            case "machine" | "seconds":
                return (world.clock,)
        return self._facts(world, question)

    def _facts(self, world: World, question: Question) -> tuple[int | str, ...] | None:
        """Answer a question about facts; None when it is none."""
        match question[0]:
            case "halted":
                return (int(world.store.halted),)
            case "person":
                return ("gone" if world.left >> PEOPLE.index(question[1]) & 1 else "on call",)
            case "template":
                return ("same", "!unread") if self.scope.reads_fail else ("same",)
            case "trail":
                known = self.documents.forged.get(question[1], {question[1]})
                return (int(self.bot.checks_trail and world.store.trail not in known),)
            case "epoch":
                return (f"epoch-{world.epoch}",)
        return None

    def _listed(self, world: World, task_name: str) -> tuple[int | str, ...]:
        """Say whether mPaaS lists a task, and what its clock says; it may not list yet what it executed."""
        place, revision = self.documents.tasks[task_name]
        silent = ("!unread",) if self.scope.reads_fail else ()
        if revision not in world.executed[place]:
            return (2 * world.clock, *silent)
        return (2 * world.clock + 1, *silent, *((2 * world.clock,) if self.scope.listing_lags else ()))

    def _mint(self, world: World, node: int) -> int:
        """Mint an attempt: the smallest number that nobody uses, which is as good as a random one.

        Ids are only compared with each other, so one that nothing refers to any more can be used again, and it does not
        matter which worker has which. The id of a commit is not needed here: a repeat is known as such.
        """
        if self.replays.question[self.replays.go_on(node, 0)][0] in {"commit", "claim"}:
            return 0
        documents = {world.store.document, *(replica.document for replica in world.replicas)}
        documents |= {question[2] for question in world.late}
        pressing = (self.replays.question[actor.node] for actor in world.people)
        documents |= {question[1] for question in pressing if question[0] == "commit"}
        used = {attempt for number in documents for attempt in self.documents.known[number].attempts}
        used |= {attempt for actor in world.workers for attempt in self._past[actor.node].minted}
        return next(number for number in range(1, 99) if number not in used)
