"""The client of Socket Mode waits longer and longer when it is sent away, and not at all after a good connection."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.socket_client import STEADY, USUAL, Backoff

SURE_IN_A_MINUTE = 10
"""Tries that are few enough: Slack grants one a minute for certain, and more for a while."""


def surely(backoff: Backoff = USUAL) -> Backoff:
    return Backoff(first=backoff.first, longest=backoff.longest, jitter=lambda: 1.0)


def test_the_first_try_after_a_good_connection_waits_for_nothing() -> None:
    assert USUAL.before(0) == 0.0


@given(st.integers(1, 200))
def test_the_wait_grows_and_has_an_end(tries: int) -> None:
    backoff = surely()
    assert backoff.first <= backoff.before(tries) <= backoff.before(tries + 1) <= backoff.longest


@given(st.integers(1, 200))
def test_who_was_sent_away_together_does_not_come_back_together(tries: int) -> None:
    whole = surely().before(tries)
    assert whole / 2 <= USUAL.before(tries) <= whole


def test_within_a_minute_there_are_few_tries() -> None:
    spent = [sum(surely().before(tries) / 2 for tries in range(count)) for count in range(1, 30)]
    assert len([seconds for seconds in spent if seconds < 60]) <= SURE_IN_A_MINUTE


@pytest.mark.parametrize("tries", [1, 2])
def test_a_connection_that_breaks_at_once_is_not_a_good_one(tries: int) -> None:
    assert surely().before(tries) < STEADY
