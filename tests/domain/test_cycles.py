"""Tests of the days of a cycle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import attempt, days_of_cycles

from bot.domain.cycles import parse_days, say_days
from bot.domain.delivery import Cycle
from bot.errors import Refused


@pytest.mark.parametrize(
    ("text", "cycle", "on"),
    [
        ("day", Cycle.DAILY, ()),
        ("Every day", Cycle.DAILY, ()),
        ("mon,wed", Cycle.WEEKLY, (1, 3)),
        ("monday", Cycle.WEEKLY, (1,)),
        ("Tues, thurs and sat", Cycle.WEEKLY, (2, 4, 6)),
        ("weekdays", Cycle.WEEKLY, (1, 2, 3, 4, 5)),
        ("weekend", Cycle.WEEKLY, (6, 7)),
        ("mon-fri", Cycle.WEEKLY, (1, 2, 3, 4, 5)),
        ("mon\u2013wed", Cycle.WEEKLY, (1, 2, 3)),
        ("fri - mon", Cycle.WEEKLY, (1, 5, 6, 7)),
        ("1,15", Cycle.MONTHLY, (1, 15)),
        ("1-5", Cycle.MONTHLY, (1, 2, 3, 4, 5)),
        ("15\uff0c1st", Cycle.MONTHLY, (1, 15)),
        ("31 31", Cycle.MONTHLY, (31,)),
    ],
)
def test_days_are_read_in_order_and_once_each(text: str, cycle: Cycle, on: tuple[int, ...]) -> None:
    assert parse_days(text) == (cycle, on)


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("", "days_empty", "mon,wed"),
        ("mon,1", "days_mixed", '"mon,1"'),
        ("mon-5", "days_mixed", '"mon-5"'),
        ("0", "days_out_of_range", "1 to 31"),
        ("32", "days_out_of_range", '"32"'),
        ("5-1", "days_backwards", "1-5"),
        ("weekly", "days_vague", "weekday"),
        ("month", "days_vague", "day of the month"),
        ("last", "days_last", "28"),
        ("wendsday", "days_unreadable", "Did you mean wednesday?"),
        ("1-2-3", "days_unreadable", '"2-3"'),
    ],
)
def test_what_names_no_days_is_refused_with_the_word_and_a_way_out(text: str, code: str, part: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_days(text)
    assert caught.value.code == code
    assert part in caught.value.sentence


@given(days_of_cycles())
def test_what_is_said_is_read_back(days: tuple[Cycle, tuple[int, ...]]) -> None:
    assert parse_days(say_days(*days)) == days


@given(st.text(alphabet="mondaywefrit -,123\u3001") | st.text())
def test_any_text_is_days_that_fit_their_cycle_or_refused(text: str) -> None:
    read = attempt(lambda: parse_days(text))
    if isinstance(read, Refused):
        assert read.sentence.endswith(".")
        return
    cycle, on = read
    assert bool(on) == (cycle is not Cycle.DAILY)
    assert list(on) == sorted(set(on))
    assert all(1 <= number <= (7 if cycle is Cycle.WEEKLY else 31) for number in on)
