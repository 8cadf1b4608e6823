"""The checker on systems small enough to be seen through: it finds what is wrong, and by the shortest way."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from model.checker import CIRCLE, Move, explore, readable


@dataclass
class Drawn:
    """A system that is drawn: from each state the states that follow, the fair ones apart."""

    fair: Mapping[int, Sequence[int]] = field(default_factory=dict)
    unfair: Mapping[int, Sequence[int]] = field(default_factory=dict)
    bad: int = -1
    bad_step: tuple[int, int] = (-1, -1)
    good_ends: frozenset[int] = frozenset(range(100))

    def first(self) -> Iterable[Hashable]:
        return (0,)

    def moves(self, state: Hashable) -> Sequence[Move]:
        assert isinstance(state, int)
        return [self._move(state, after, fair=True) for after in self.fair.get(state, ())] + [
            self._move(state, after, fair=False) for after in self.unfair.get(state, ())
        ]

    def _move(self, state: int, after: int, *, fair: bool) -> Move:
        return Move(f"{state} to {after}", after, fair, "bad step" if (state, after) == self.bad_step else "")

    def breach(self, state: Hashable) -> str:
        return "bad state" if state == self.bad else ""

    def unrest(self, state: Hashable) -> str:
        return "" if state in self.good_ends else "bad end"


LADDER = {0: (1, 5), 1: (2,), 2: (3,), 3: (4,), 5: (4,)}


def test_it_counts_every_state_and_every_move_once() -> None:
    result = explore(Drawn(fair=LADDER))
    assert (result.states, result.moves, result.depth, result.complete, result.found) == (6, 6, 3, True, None)


def test_it_finds_a_bad_state_by_the_shortest_way() -> None:
    found = explore(Drawn(fair=LADDER, bad=4)).found
    assert found is not None
    assert (found.rule, found.steps) == ("bad state", ("begin", "0 to 5", "5 to 4"))


def test_it_finds_a_bad_step_between_two_good_states() -> None:
    found = explore(Drawn(fair=LADDER, bad_step=(2, 3))).found
    assert found is not None
    assert (found.rule, found.steps[-1]) == ("bad step", "2 to 3")


def test_a_first_state_can_be_bad() -> None:
    found = explore(Drawn(bad=0)).found
    assert found is not None
    assert found.steps == ("begin",)


def test_where_only_unfair_moves_are_left_the_system_is_at_rest() -> None:
    system = Drawn(fair={0: (1,)}, unfair={1: (2,)}, good_ends=frozenset({2}))
    found = explore(system).found
    assert found is not None
    assert (found.rule, found.steps[-1]) == ("bad end", "0 to 1")


def test_fair_moves_that_go_round_are_found_with_the_whole_circle() -> None:
    found = explore(Drawn(fair={0: (1,), 1: (2, 4), 2: (3,), 3: (1,)})).found
    assert found is not None
    assert (found.rule, found.steps) == (CIRCLE, ("begin", "0 to 1", "1 to 2", "2 to 3", "3 to 1"))


def test_a_circle_that_needs_an_unfair_move_is_none() -> None:
    assert explore(Drawn(fair={0: (1,), 1: (2,)}, unfair={2: (0,)})).found is None


def test_a_limit_says_that_it_was_not_all() -> None:
    result = explore(Drawn(fair=LADDER), limit=2)
    assert (result.complete, result.found) == (False, None)


def test_a_counterexample_reads_as_a_story() -> None:
    found = explore(Drawn(fair=LADDER, bad=4)).found
    assert found is not None
    assert readable(found, lambda state: "high" if state == 4 else "low").splitlines() == [
        "bad state, after 2 steps:",
        "   0. begin",
        "        low",
        "   1. 0 to 5",
        "   2. 5 to 4",
        "        high",
    ]
