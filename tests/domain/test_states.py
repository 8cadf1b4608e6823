"""The laws of the table, checked over all of it."""

from collections.abc import Iterable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.states import (
    LEG_TRANSITIONS,
    SETTLED_STATES,
    TRANSITIONS,
    Event,
    LegEvent,
    LegState,
    State,
    after_legs,
    fold,
    next_leg_state,
    next_state,
)
from bot.errors import IllegalTransition


def reachable(table: dict, start: object) -> set[object]:
    """Follow every cell from a state; the state itself counts only when some path leads back to it."""
    seen: set[object] = set()
    ahead = list(table[start].values())
    while ahead:
        state = ahead.pop()
        if state not in seen:
            seen.add(state)
            ahead.extend(table[state].values())
    return seen


def entering(table: dict, target: object) -> list[tuple[object, object]]:
    return [(state, event) for state, row in table.items() for event, after in row.items() if after == target]


def test_every_state_has_a_row() -> None:
    assert set(TRANSITIONS) == set(State)
    assert set(LEG_TRANSITIONS) == set(LegState)


def test_every_event_stands_in_some_row() -> None:
    assert {event for row in TRANSITIONS.values() for event in row} == set(Event)
    assert {event for row in LEG_TRANSITIONS.values() for event in row} == set(LegEvent)


def test_exactly_one_cell_enters_sending() -> None:
    assert entering(TRANSITIONS, State.SENDING) == [(State.APPROVED, Event.CLAIM)]
    assert entering(LEG_TRANSITIONS, LegState.SENDING) == [(LegState.WAITING, LegEvent.CLAIM)]


@pytest.mark.parametrize("start", [State.SENDING, State.OUTCOME_UNKNOWN, State.HELD, *sorted(SETTLED_STATES)])
def test_nothing_that_may_have_been_sent_can_be_sent_again(start: State) -> None:
    assert reachable(TRANSITIONS, start) & {State.SENDING, State.APPROVED, State.PENDING_APPROVAL} == set()


@pytest.mark.parametrize("start", sorted(set(LegState) - {LegState.WAITING}))
def test_a_leg_that_was_claimed_can_never_be_claimed_again(start: LegState) -> None:
    assert reachable(LEG_TRANSITIONS, start) & {LegState.WAITING, LegState.SENDING} == set()


@pytest.mark.parametrize("state", sorted(set(State) - SETTLED_STATES))
def test_every_unsettled_state_has_a_way_out(state: State) -> None:
    assert reachable(TRANSITIONS, state) & SETTLED_STATES


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_a_missing_cell_raises_with_state_and_event(state: State, event: Event) -> None:
    if event in TRANSITIONS[state]:
        assert next_state(state, event) is TRANSITIONS[state][event]
        return
    with pytest.raises(IllegalTransition) as refused:
        next_state(state, event)
    assert (refused.value.state, refused.value.event) == (state, event)


@pytest.mark.parametrize(("state", "event"), list(product(LegState, LegEvent)))
def test_a_missing_cell_of_a_leg_raises_too(state: LegState, event: LegEvent) -> None:
    if event in LEG_TRANSITIONS[state]:
        assert next_leg_state(state, event) is LEG_TRANSITIONS[state][event]
        return
    with pytest.raises(IllegalTransition):
        next_leg_state(state, event)


@pytest.mark.parametrize(
    ("legs", "at_once", "folded"),
    [
        ([LegState.ACCEPTED, LegState.ACCEPTED], True, State.SENT),
        ([LegState.ACCEPTED, LegState.ACCEPTED], False, State.SCHEDULED),
        ([LegState.ACCEPTED, LegState.DECLINED], True, State.PARTLY_SENT),
        ([LegState.DECLINED, LegState.NOT_SENT], True, State.FAILED),
        ([LegState.ACCEPTED, LegState.UNKNOWN], True, State.OUTCOME_UNKNOWN),
        ([LegState.UNKNOWN, LegState.HELD], True, State.HELD),
        ([LegState.UNKNOWN, LegState.WAITING], True, State.SENDING),
        ([LegState.ACCEPTED, LegState.SENDING], False, State.SENDING),
    ],
)
def test_the_request_is_what_its_legs_make_of_it(legs: list[LegState], at_once: bool, folded: State) -> None:
    assert fold(legs, at_once=at_once) is folded


def states_of_legs() -> st.SearchStrategy[list[LegState]]:
    return st.lists(st.sampled_from(LegState), min_size=1, max_size=3)


@given(states_of_legs().flatmap(lambda legs: st.tuples(st.just(legs), st.permutations(legs))), st.booleans())
def test_the_order_of_the_legs_does_not_matter(two: tuple[list[LegState], list[LegState]], at_once: bool) -> None:
    legs, shuffled = two
    assert fold(legs, at_once=at_once) is fold(shuffled, at_once=at_once)


@given(st.lists(st.sampled_from([LegState.WAITING, LegState.SENDING]), min_size=1), st.booleans())
def test_a_fold_that_is_already_reached_moves_nothing(legs: Iterable[LegState], at_once: bool) -> None:
    assert after_legs(State.SENDING, legs, at_once=at_once) is State.SENDING
