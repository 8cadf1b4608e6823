"""Tests of days and times of day."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import attempt

from bot.domain.days import parse_day, parse_time_of_day
from bot.errors import Refused

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEDNESDAY = datetime(2026, 11, 25, 2, tzinfo=UTC)


def day(text: str) -> date:
    return parse_day(text, now=WEDNESDAY, zone=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-01", "2026-12-01"),
        ("2026/12/1", "2026-12-01"),
        ("1 Dec", "2026-12-01"),
        ("Dec 1st", "2026-12-01"),
        ("December 1, 2027", "2027-12-01"),
        ("24 nov", "2027-11-24"),
        ("25 nov", "2026-11-25"),
        ("29 feb", "2028-02-29"),
        ("today", "2026-11-25"),
        ("Tomorrow", "2026-11-26"),
        ("day after tomorrow", "2026-11-27"),
        ("yesterday", "2026-11-24"),
        ("wednesday", "2026-11-25"),
        ("next wednesday", "2026-12-02"),
        ("tues", "2026-12-01"),
        ("next mon", "2026-11-30"),
        ("fridays", "2026-11-27"),
        ("in 2 weeks", "2026-12-09"),
    ],
)
def test_a_day_is_read_as_seen_from_today(text: str, expected: str) -> None:
    assert day(text) == date.fromisoformat(expected)


def test_today_is_today_in_the_zone() -> None:
    late = datetime(2026, 11, 25, 20, tzinfo=UTC)
    assert parse_day("today", now=late, zone=SHANGHAI) == date(2026, 11, 26)
    assert parse_day("today", now=late, zone=ZoneInfo("Europe/Berlin")) == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("12/01/2026", "day_ambiguous", "2026-01-12 or 2026-12-01"),
        ("13.1.26", "day_ambiguous", "write 2026-01-13."),
        ("12/01", "day_ambiguous", "2026-01-12 or 2026-12-01"),
        ("45/45/2026", "day_ambiguous", "is not a day"),
        ("next friday", "day_ambiguous", "2026-11-27 or 2026-12-04"),
        ("2026-02-30", "day_missing", "February 2026 has 28 days"),
        ("2026-13-01", "day_missing", "months go to 12"),
        ("30 feb", "day_missing", '"30 feb"'),
        ("0 dec", "day_missing", '"0 dec"'),
        ("1969-12-31", "day_out_of_reach", "1970"),
        ("9999-12-31", "day_out_of_reach", "2999"),
        ("tomorow", "day_unreadable", "Did you mean tomorrow?"),
        ("someday", "day_unreadable", '"someday"'),
        ("", "day_unreadable", '""'),
        ("tomorrow 9:00", "day_with_time", '"9:00"'),
        ("in 36h", "day_not_whole", "whole days"),
    ],
)
def test_what_is_no_day_or_two_days_is_refused(text: str, code: str, part: str) -> None:
    with pytest.raises(Refused) as caught:
        day(text)
    assert caught.value.code == code
    assert part in caught.value.sentence


@given(st.dates(date(1970, 1, 1), date(2999, 12, 31)))
def test_every_date_is_read_in_full_in_any_spelling(expected: date) -> None:
    for spelling in ("%Y-%m-%d", "%d %b %Y", "%B %d, %Y"):
        assert day(expected.strftime(spelling)) == expected


@given(st.dates(date(1970, 1, 1), date(2999, 12, 31)).filter(lambda at: at.day > 12))
def test_a_date_with_its_month_and_day_in_any_order_gets_the_one_to_write(at: date) -> None:
    for spelling in ("%d/%m/%Y", "%m/%d/%Y"):
        with pytest.raises(Refused, match=f"write {at}"):
            day(at.strftime(spelling))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("09:00", time(9)),
        ("9:45:11", time(9, 45, 11)),
        ("9am", time(9)),
        ("9:30 PM", time(21, 30)),
        ("12 a.m.", time(0)),
        ("12pm", time(12)),
        ("noon", time(12)),
        ("midnight", time(0)),
        ("\uff19\uff1a\uff10\uff10", time(9)),
        ("09:00 Asia/Shanghai", time(9)),
        ("09:00+08:00", time(9)),
    ],
)
def test_a_time_of_day_is_read(text: str, expected: time) -> None:
    assert parse_time_of_day(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("9", "time_unreadable"),
        ("", "time_unreadable"),
        ("9:5", "time_unreadable"),
        ("9:00 10:00", "time_unreadable"),
        ("25:00", "time_impossible"),
        ("09:60", "time_impossible"),
        ("24:00", "time_impossible"),
        ("13pm", "time_impossible"),
        ("0am", "time_impossible"),
        ("09:00 Europe/Berlin", "time_zone"),
        ("09:00+01:00", "time_zone"),
    ],
)
def test_what_no_clock_of_shanghai_shows_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_time_of_day(text)
    assert caught.value.code == code


@given(st.times().map(lambda at: at.replace(microsecond=0)))
def test_every_second_of_a_day_can_be_written(at: time) -> None:
    assert parse_time_of_day(at.isoformat()) == at
    assert parse_time_of_day(at.strftime("%I:%M:%S %p")) == at


@given(st.text())
def test_any_text_is_a_day_or_time_or_refused(text: str) -> None:
    for answer in (attempt(lambda: day(text)), attempt(lambda: parse_time_of_day(text))):
        assert answer.sentence.endswith(".") if isinstance(answer, Refused) else isinstance(answer, date | time)
