"""The store is killed at the calls of a whole push, before and after each; ``store_kills.py`` tries them all.

Here are the calls on which the promise hangs (approval, claim, report, first posts) and a few more.
"""

from collections.abc import Iterator

import pytest
from crash.points import line, struck
from crash.store_kills import store_strikes
from crash.store_theatre import StoreTheatre, store_theatre
from crash.watch import Strike

PROMISES = ("commit submit", "commit quorum", "commit claim", "commit accept", "EVALSHA posts")
"""What the labels of the calls begin with that write what people are told, or what is sent."""

OTHERS = 21
"""Of the other calls every so-manieth is tried here; odd, so that both sides have their turn."""

NEARLY_ALL = 0.9

STORIES = 3
"""Stories that are recorded, fewer than by hand."""


@pytest.fixture(scope="module")
def played() -> Iterator[StoreTheatre]:
    with store_theatre() as played:
        yield played


@pytest.fixture(scope="module")
def strikes(played: StoreTheatre) -> list[Strike]:
    return store_strikes(played, "sent", stories=STORIES)


def is_a_promise(strike: Strike) -> bool:
    return strike.point.label.startswith(PROMISES)


def tried(played: StoreTheatre, strikes: list[Strike]) -> None:
    """Demand that nothing is wrong after any kill, and that nearly all happened: which calls there are, varies."""
    endings = list(struck(played, strikes, scenario="sent"))
    assert [line(ending) for ending in endings if ending.found] == []
    assert sum(ending.hit for ending in endings) >= NEARLY_ALL * len(endings)


def test_the_stories_ask_the_store_for_all_that_is_promised(strikes: list[Strike]) -> None:
    labels = {strike.point.label for strike in strikes}
    for promise in PROMISES:
        assert any(label.startswith(promise) for label in labels), sorted(labels)
    assert {strike.point.process for strike in strikes} == {"slack", "worker"}
    assert len(strikes) > 100


def test_killed_where_something_is_promised_it_keeps_what_was_acknowledged_and_nothing_goes_twice(
    played: StoreTheatre, strikes: list[Strike]
) -> None:
    tried(played, [strike for strike in strikes if is_a_promise(strike)])


def test_killed_anywhere_else_neither(played: StoreTheatre, strikes: list[Strike]) -> None:
    tried(played, [strike for strike in strikes if not is_a_promise(strike)][::OTHERS])
