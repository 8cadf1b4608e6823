"""Tests of moments, ranges and periods as people type them."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import NOW, attempt, moments, ranges

from bot.domain.content import Period
from bot.domain.draft import Moments
from bot.domain.when import parse_moment, parse_period, parse_range, say_moment
from bot.errors import Refused

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str, *, now: datetime = NOW, zone: ZoneInfo = SHANGHAI) -> datetime:
    return parse_moment(text, now=now, zone=zone)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-01 09:00", "2026-12-01T09:00:00+08:00"),
        ("2026-12-01T09:00:30", "2026-12-01T09:00:30+08:00"),
        ("2026-12-01T09:00:30Z", "2026-12-01T09:00:30+00:00"),
        ("2026-12-01 09:00 +02:00", "2026-12-01T09:00:00+02:00"),
        ("2026-12-01 09:00 UTC-3", "2026-12-01T09:00:00-03:00"),
        ("2026-12-01 09:00 Europe/Berlin", "2026-12-01T09:00:00+01:00"),
        ("2026-12-01 09:00 america/new_york", "2026-12-01T09:00:00-05:00"),
        ("1 Dec 9:00", "2026-12-01T09:00:00+08:00"),
        ("Dec 1 09:00", "2026-12-01T09:00:00+08:00"),
        ("on Dec 1st, at 9am", "2026-12-01T09:00:00+08:00"),
        ("24 Nov 9:00", "2027-11-24T09:00:00+08:00"),
        ("tomorrow 9:00", "2026-11-26T09:00:00+08:00"),
        ("9:00 tomorrow", "2026-11-26T09:00:00+08:00"),
        ("today 18:30", "2026-11-25T18:30:00+08:00"),
        ("monday 9:00", "2026-11-30T09:00:00+08:00"),
        ("next monday 9:00", "2026-11-30T09:00:00+08:00"),
        ("wednesday 11:00", "2026-11-25T11:00:00+08:00"),
        ("wednesday 9:00", "2026-12-02T09:00:00+08:00"),
        ("11:00", "2026-11-25T11:00:00+08:00"),
        ("9:00", "2026-11-26T09:00:00+08:00"),
        ("9am", "2026-11-26T09:00:00+08:00"),
        ("9:30 pm", "2026-11-25T21:30:00+08:00"),
        ("noon", "2026-11-25T12:00:00+08:00"),
        ("midnight", "2026-11-26T00:00:00+08:00"),
        ("in 2h", "2026-11-25T12:00:00+08:00"),
        ("In 90 minutes", "2026-11-25T11:30:00+08:00"),
        ("in 1d 2h", "2026-11-26T12:00:00+08:00"),
        ("\uff11 Dec\u3000\uff19\uff1a\uff10\uff10", "2026-12-01T09:00:00+08:00"),
    ],
)  # fmt: skip
def test_a_moment_is_read_on_wednesday_at_ten_in_shanghai(text: str, expected: str) -> None:
    assert say_moment(at(text)) == expected


def test_this_very_second_is_not_ahead() -> None:
    second = NOW.replace(microsecond=0)
    with pytest.raises(Refused, match="is past"):
        at(say_moment(second), now=second)
    assert at(say_moment(second), now=second - timedelta(microseconds=1)) == second


def test_days_are_those_of_a_zone_that_is_written() -> None:
    late = datetime(2026, 11, 25, 20, tzinfo=UTC)
    assert say_moment(at("tomorrow 9:00", now=late)) == "2026-11-27T09:00:00+08:00"
    assert say_moment(at("9:00 Europe/Berlin tomorrow", now=late)) == "2026-11-26T09:00:00+01:00"


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("12/01/2026 9:00", "day_ambiguous", "2026-12-01"),
        ("12/01/2026", "day_ambiguous", "2026-12-01"),
        ("next friday 9:00", "day_ambiguous", "2026-11-27 or 2026-12-04"),
        ("tomorrow midnight", "midnight_ambiguous", "00:00"),
        ("2026-12-01", "moment_without_time", '"2026-12-01 09:00"'),
        ("tomorrow", "moment_without_time", '"2026-11-26 09:00"'),
        ("2h", "moment_is_duration", '"in 2h"'),
        ("now", "moment_now", "no time at all"),
        ("today 9:00", "moment_past", "2026-11-25 09:00"),
        ("2020-01-01 09:00", "moment_past", "2020-01-01 09:00"),
        ("25 nov 9:00", "moment_past", "it is 2026-11-25 10:00 now"),
        ("25:00", "time_impossible", '"25:00"'),
        ("2026-02-30 9:00", "day_missing", "28 days"),
        ("tomorow 9:00", "day_unreadable", "Did you mean tomorrow?"),
        ("tomorow", "moment_unreadable", "Did you mean tomorrow?"),
        ("9:00 or 10:00", "moment_two_times", '"9:00 or 10:00"'),
        ("9:00 CST", "zone_ambiguous", "Asia/Shanghai"),
        ("9:00 Mars/Olympus", "zone_unknown", '"Mars/Olympus"'),
        ("9:00 America/Argentina", "zone_unknown", '"America/Argentina"'),
        ("9:00 +15:00", "zone_unknown", "+14:00"),
        ("in 2 fortnights", "duration_unit_unknown", '"fortnights"'),
        ("", "moment_unreadable", '""'),
    ],
)
def test_what_is_ambiguous_past_or_unreadable_is_refused_with_a_way_out(text: str, code: str, part: str) -> None:
    with pytest.raises(Refused) as caught:
        at(text)
    assert caught.value.code == code
    assert part in caught.value.sentence
    assert caught.value.problems[0].field == "at"


@pytest.mark.parametrize(
    ("text", "code", "first", "second"),
    [
        ("2027-03-28 02:30", "moment_skipped", "2027-03-28 02:30:00+0100", "2027-03-28 02:30:00+0200"),
        ("2027-10-31 02:30", "moment_twice", "2027-10-31 02:30:00+0200", "2027-10-31 02:30:00+0100"),
    ],
)
def test_a_time_at_a_clock_change_is_refused_and_both_offsets_are_offered(
    text: str, code: str, first: str, second: str
) -> None:
    with pytest.raises(Refused) as caught:
        at(text, zone=BERLIN)
    assert caught.value.code == code
    assert "Europe/Berlin" in caught.value.sentence
    assert f'"{first}" or "{second}"' in caught.value.sentence
    assert abs(at(first, zone=BERLIN) - at(second, zone=BERLIN)) == timedelta(hours=1)


def test_the_second_half_past_two_of_a_night_is_not_taken_for_tomorrows() -> None:
    between = datetime(2027, 10, 31, 0, 45, tzinfo=UTC)  # 02:45 in Berlin, for the first time
    with pytest.raises(Refused, match="comes twice"):
        at("2:30", now=between, zone=BERLIN)


ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Pacific/Apia",
)
WHOLE_SECONDS = st.times().map(lambda clock: clock.replace(microsecond=0))


@given(
    st.builds(datetime.combine, st.dates(date(2027, 1, 1), date(2030, 1, 1)), WHOLE_SECONDS),
    st.sampled_from(ZONES).map(ZoneInfo),
)
def test_a_local_time_is_the_one_that_clocks_show_or_is_refused(local: datetime, zone: ZoneInfo) -> None:
    readings = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    moment = attempt(lambda: at(f"{local:%Y-%m-%d %H:%M:%S}", zone=zone))
    if isinstance(moment, Refused):
        assert moment.code in {"moment_skipped", "moment_twice"}
        assert len(readings) == 2
    else:
        assert readings == {moment}
        assert moment.astimezone(zone).replace(tzinfo=None) == local


@given(
    moments(NOW, datetime(2030, 1, 1, tzinfo=UTC)),
    WHOLE_SECONDS,
    st.sampled_from(ZONES).map(ZoneInfo),
)
def test_a_time_without_a_day_is_within_the_next_day_and_ahead(now: datetime, clock: time, zone: ZoneInfo) -> None:
    moment = attempt(lambda: at(f"{clock}", now=now, zone=zone))
    if isinstance(moment, Refused):
        assert moment.code in {"moment_skipped", "moment_twice"}
    else:
        assert timedelta(0) < moment - now <= timedelta(hours=25)


@given(moments(NOW, datetime(2100, 1, 1, tzinfo=UTC)))
def test_what_is_said_is_read_back(moment: datetime) -> None:
    assert at(say_moment(moment)) == moment
    assert at(say_moment(moment)).utcoffset() == moment.utcoffset()


@given(st.text() | st.text(alphabet="0123456789:-/ TZamp+n"))
def test_any_text_is_a_moment_ahead_in_whole_seconds_or_refused(text: str) -> None:
    moment = attempt(lambda: at(text))
    if isinstance(moment, Refused):
        assert moment.sentence.endswith(".")
    else:
        assert moment > NOW
        assert moment.microsecond == 0
        assert isinstance(moment.tzinfo, timezone)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-05-01..2026-05-31", "2026-05-01T00:00:00+08:00", "2026-05-31T23:59:59+08:00"),
        ("2026-05-01 9:00 .. 2026-05-01 10:00", "2026-05-01T09:00:00+08:00", "2026-05-01T10:00:00+08:00"),
        ("2026-05-01\u20262026-05-03", "2026-05-01T00:00:00+08:00", "2026-05-03T23:59:59+08:00"),
        ("yesterday to today", "2026-11-24T00:00:00+08:00", "2026-11-25T23:59:59+08:00"),
        ("2026-05-01T09:00Z..2026-05-02T09:00Z", "2026-05-01T09:00:00+00:00", "2026-05-02T09:00:00+00:00"),
    ],
)
def test_a_range_is_read_and_its_last_day_is_whole(text: str, start: str, end: str) -> None:
    read = parse_range(text, now=NOW, zone=SHANGHAI)
    assert (say_moment(read.start), say_moment(read.end)) == (start, end)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-05-01", "range_unreadable"),
        ("..", "range_unreadable"),
        ("2026-05-01..2026-05-02..2026-05-03", "range_unreadable"),
        ("2026-05-31..2026-05-01", "range_backwards"),
        ("2026-05-01 9:00..2026-05-01 9:00", "range_backwards"),
        ("x..y", "day_unreadable"),
    ],
)
def test_what_is_no_range_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_range(text, now=NOW, zone=SHANGHAI, field="detached_between")
    assert (caught.value.code, caught.value.problems[0].field) == (code, "detached_between")


@given(ranges())
def test_a_range_that_is_said_is_read_back(range_: Moments) -> None:
    assert parse_range(f"{say_moment(range_.start)}..{say_moment(range_.end)}", now=NOW, zone=BERLIN) == range_


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("7d", Period.DAYS_7),
        ("1 week", Period.DAYS_7),
        ("15 days", Period.DAYS_15),
        ("60", Period.DAYS_60),
        ("Ever", Period.EVER),
    ],
)
def test_a_period_is_read(text: str, period: Period) -> None:
    assert parse_period(text) is period


@pytest.mark.parametrize("text", ["30d", "", "7h", "evre"])
def test_a_period_mpaas_does_not_know_is_refused_with_those_it_knows(text: str) -> None:
    with pytest.raises(Refused, match="7d, 15d, 60d or ever"):
        parse_period(text)
