"""Tests of the rules of a delivery that need a clock, and of the occurrences of a recurring push."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import days_of_cycles

from bot.domain.calendar import (
    SHANGHAI,
    check_delivery,
    last_possible_day,
    milliseconds,
    next_occurrences,
    start_of_day,
    today_in_shanghai,
)
from bot.domain.delivery import Cycle, Delivery, Now, Recurring, Scheduled

NOW = datetime(2026, 11, 30, 16, 30, tzinfo=UTC)  # in Shanghai it is 1 December, 00:30
TODAY = date(2026, 12, 1)


def recurring(**changes: object) -> Recurring:
    parts = {"cycle": Cycle.DAILY, "time": time(9), "first": TODAY, "last": date(2026, 12, 31)}
    return Recurring.model_validate(parts | changes)


def problems(delivery: Delivery) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in check_delivery(delivery, now=NOW)]


def test_sending_now_needs_no_calendar() -> None:
    assert problems(Now()) == []


def test_a_scheduled_push_must_be_ahead() -> None:
    assert problems(Scheduled(at=NOW + timedelta(seconds=1))) == []
    assert problems(Scheduled(at=NOW)) == [("at", "at_past")]


def test_the_sentence_about_a_late_time_speaks_in_the_zone_it_was_said_in() -> None:
    late = Scheduled(at=datetime(2026, 12, 1, 0, 0, tzinfo=ZoneInfo("Asia/Shanghai")))
    (problem,) = check_delivery(late, now=NOW)
    assert "set for 2026-12-01 00:00:00, and it is 2026-12-01 00:30:00 already" in problem.sentence


def test_today_is_today_in_shanghai() -> None:
    assert today_in_shanghai(NOW) == TODAY
    assert problems(recurring(first=TODAY)) == []
    assert problems(recurring(first=date(2026, 11, 30))) == [("first", "first_past")]


def test_a_recurring_push_ends_within_180_days() -> None:
    latest = last_possible_day(NOW)
    assert latest == date(2027, 5, 30)
    assert problems(recurring(last=latest)) == []
    assert problems(recurring(last=latest + timedelta(days=1))) == [("last", "last_too_far")]


def test_a_recurring_push_must_go_out_at_least_once() -> None:
    assert problems(recurring(last=TODAY, time=time(0, 30, 1))) == []
    assert problems(recurring(last=TODAY, time=time(0, 30))) == [("last", "nothing_ahead")]
    assert problems(recurring(cycle=Cycle.MONTHLY, on=(31,), last=date(2026, 12, 30))) == [("on", "no_such_day")]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    wrong = recurring(cycle=Cycle.MONTHLY, on=(31,), first=date(2026, 11, 1), last=date(2027, 6, 15))
    assert problems(wrong) == [("first", "first_past"), ("last", "last_too_far")]


def test_a_month_without_the_day_is_skipped() -> None:
    monthly = recurring(cycle=Cycle.MONTHLY, on=(31,), last=date(2027, 5, 31))
    found = next_occurrences(monthly, after=NOW, count=9)
    assert [f"{moment:%m-%d %H:%M %Z}" for moment in found] == [
        f"{day} 09:00 CST" for day in ("12-31", "01-31", "03-31", "05-31")
    ]


def test_weekdays_are_counted_from_monday() -> None:
    weekly = recurring(cycle=Cycle.WEEKLY, on=(1, 7))
    assert [f"{moment:%a}" for moment in next_occurrences(weekly, after=NOW, count=3)] == ["Sun", "Mon", "Sun"]


@given(
    days_of_cycles(),
    st.times().map(lambda at: at.replace(microsecond=0)),
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.integers(0, 90),
    st.integers(0, 5),
)
def test_occurrences_are_the_next_ones_in_order_and_none_is_left_out(
    days: tuple[Cycle, tuple[int, ...]], at: time, first: date, length: int, count: int
) -> None:
    delivery = recurring(cycle=days[0], on=days[1], time=at, first=first, last=first + timedelta(days=length))
    every = [datetime.combine(first + timedelta(days=number), at, SHANGHAI) for number in range(length + 1)]
    numbers = {Cycle.DAILY: [0] * len(every), Cycle.WEEKLY: [day.isoweekday() for day in every]}
    number = numbers.get(days[0], [day.day for day in every])
    expected = [moment for moment, day in zip(every, number, strict=True) if moment > NOW and day in (days[1] or (0,))]
    assert next_occurrences(delivery, after=NOW, count=count) == expected[:count]


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2022, 1, 1), 1640966400000), (date(2021, 7, 8), 1625673600000), (date(2025, 5, 9), 1746720000000)],
)
def test_days_begin_where_the_examples_of_the_help_page_begin(day: date, expected: int) -> None:
    assert milliseconds(start_of_day(day)) == expected


def test_milliseconds_are_whole_seconds() -> None:
    assert milliseconds(datetime(1970, 1, 1, 0, 0, 1, 999_999, tzinfo=UTC)) == 1000
