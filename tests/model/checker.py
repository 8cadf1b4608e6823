"""Explore every state that a system can reach, breadth first, and find the shortest way to one that must not be.

Generic: nothing here knows about pushes. A system is its first states and, for each state, its moves. Safety is checked
on every move and every state. Two more things are checked about the whole graph, with *fair* moves alone, those that
happen by themselves sooner or later (a worker goes on, time passes), and not those that may or may not happen (a crash,
a person's press): where no fair move is left, the system must be ``at rest`` as it should be, and fair moves never go
round in a circle. Together they say that from every state, whatever happened before, every fair run comes to rest.
"""

import time
from array import array
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

CIRCLE = "goes round in a circle"
"""The verdict on fair moves that never come to rest."""


class Move(NamedTuple):
    """One step: its name, where it leads, whether it is fair, and what is wrong with it ("" is nothing)."""

    name: str
    after: Hashable
    fair: bool = False
    breach: str = ""


class System(Protocol):
    """What can be explored."""

    def first(self) -> Iterable[Hashable]: ...

    def moves(self, state: Hashable) -> Sequence[Move]: ...

    def breach(self, state: Hashable) -> str:
        """Name the rule that a state breaks, or ""."""

    def unrest(self, state: Hashable) -> str:
        """Name what is missing in a state in which nothing happens by itself any more, or ""."""


@dataclass(frozen=True)
class Counterexample:
    """The shortest way to a breach: the names of the steps, and what each left behind."""

    rule: str
    steps: tuple[str, ...]
    states: tuple[Hashable, ...] = field(repr=False)


@dataclass(frozen=True)
class Result:
    """What an exploration found; ``complete`` says that nothing reachable was left out."""

    states: int
    moves: int
    seconds: float
    complete: bool
    depth: int
    found: Counterexample | None = None


class Explorer:
    """Explore one system once."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._numbers: dict[Hashable, int] = {}
        self._states: list[Hashable] = []
        self._came_from = array("l")
        self._came_by = array("l")
        self._depths = array("l")
        self._names: dict[str, int] = {}
        self._fair_from, self._fair_to = array("l"), array("l")
        self._moves = 0

    def run(self, *, limit: int | None = None) -> Result:
        """Explore everything, or ``limit`` states at most; stop at the first breach."""
        begun = time.process_time()
        found = self._begin()
        place = 0
        while found is None and place < len(self._states) and (limit is None or place < limit):
            found = self._expand(place)
            place += 1
        complete = found is None and place == len(self._states)
        if complete:
            found = self._circle()
        took = time.process_time() - begun
        return Result(len(self._states), self._moves, took, complete, max(self._depths, default=0), found)

    def _begin(self) -> Counterexample | None:
        for state in self._system.first():
            number = self._number(state, -1, "begin")[0]
            if rule := self._system.breach(state):
                return self._trace(rule, number)
        return None

    def _expand(self, place: int) -> Counterexample | None:
        rests = True
        for name, after, fair, breach in self._system.moves(self._states[place]):
            self._moves += 1
            if breach:
                number = self._number((after, breach, place), place, name)[0]
                return self._trace(breach, number)
            number, is_new = self._number(after, place, name)
            if fair and number != place:
                rests = False
                self._fair_from.append(place)
                self._fair_to.append(number)
            if is_new and (rule := self._system.breach(after)):
                return self._trace(rule, number)
        missing = self._system.unrest(self._states[place]) if rests else ""
        return self._trace(missing, place) if missing else None

    def _number(self, state: Hashable, came_from: int, name: str) -> tuple[int, bool]:
        number = self._numbers.setdefault(state, len(self._states))
        if number < len(self._states):
            return number, False
        self._states.append(state)
        self._came_from.append(came_from)
        self._came_by.append(self._names.setdefault(name, len(self._names)))
        self._depths.append(0 if came_from < 0 else self._depths[came_from] + 1)
        return number, True

    def _trace(self, rule: str, number: int) -> Counterexample:
        names = list(self._names)
        steps, states = list[str](), list[Hashable]()
        while number >= 0:
            steps.append(names[self._came_by[number]])
            states.append(self._states[number])
            number = self._came_from[number]
        return Counterexample(rule, tuple(reversed(steps)), tuple(reversed(states)))

    def _circle(self) -> Counterexample | None:
        """Strike off states from the end of fair moves backwards; what cannot be struck off goes round in a circle."""
        heirs = array("l", bytes(8 * len(self._states)))
        order = sorted(range(len(self._fair_to)), key=self._fair_to.__getitem__)
        start = array("l", bytes(8 * (len(self._states) + 1)))
        for source, target in zip(self._fair_from, self._fair_to, strict=True):
            heirs[source] += 1
            start[target + 1] += 1
        for place in range(len(self._states)):
            start[place + 1] += start[place]
        done = [place for place, count in enumerate(heirs) if not count]
        for place in done:
            for edge in order[start[place] : start[place + 1]]:
                source = self._fair_from[edge]
                heirs[source] -= 1
                if not heirs[source]:
                    done.append(source)
        if len(done) == len(self._states):
            return None
        return self._round(heirs)

    def _round(self, heirs: Sequence[int]) -> Counterexample:
        """Follow fair moves that were not struck off from the first such state until one comes again."""
        place = next(place for place, count in enumerate(heirs) if count)
        way, steps = [place], list[str]()
        while way.index(place) == len(way) - 1:
            moves = (move for move in self._system.moves(self._states[place]) if move.fair)
            numbers = ((move.name, self._numbers[move.after]) for move in moves)
            name, place = next((name, number) for name, number in numbers if number != place and heirs[number])
            way.append(place)
            steps.append(name)
        begun = self._trace(CIRCLE, way[0])
        states = (*begun.states, *(self._states[number] for number in way[1:]))
        return Counterexample(CIRCLE, (*begun.steps, *steps), states)


def explore(system: System, *, limit: int | None = None) -> Result:
    """Explore a system; see ``Explorer.run``."""
    return Explorer(system).run(limit=limit)


def readable(found: Counterexample, describe: Callable[[Hashable], str]) -> str:
    """Write a counterexample down, one step a line, with what each left behind where that is something new."""
    lines = [f"{found.rule}, after {len(found.steps) - 1} steps:"]
    before = ""
    for number, (step, state) in enumerate(zip(found.steps, found.states, strict=True)):
        now = describe(state)
        lines.append(f"{number:4}. {step}" + (f"\n        {now}" if now != before else ""))
        before = now
    return "\n".join(lines)
