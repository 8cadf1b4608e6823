"""The simulated reading of StrategyContent: days are days in Shanghai, wherever the clock stands."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from bot.playground.mpaas.calendar import SHANGHAI, moments
from bot.playground.mpaas.results import Failure

LATE = datetime(2026, 11, 30, 17, 0, 0, tzinfo=UTC)
"""01:00 on Tuesday, 1 December in Shanghai, while it is still November in UTC."""


def ms(day: str, clock: str = "00:00:00") -> int:
    return int(datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=SHANGHAI).timestamp()) * 1000


def cycle(**changed: JsonValue) -> dict[str, JsonValue]:
    content: dict[str, JsonValue] = {
        "startTime": ms("2026-12-01"),
        "endTime": ms("2026-12-14"),
        "circleType": 2,
        "circleValue": [1, 3],
        "time": "09:45:11",
    }
    return {name: value for name, value in {**content, **changed}.items() if value is not None}


def days(**changed: JsonValue) -> list[str]:
    return [f"{moment.astimezone(SHANGHAI):%m-%d %H:%M:%S}" for moment in moments(2, cycle(**changed), LATE)]


def test_a_weekly_cycle_counts_monday_as_one() -> None:
    assert days() == ["12-02 09:45:11", "12-07 09:45:11", "12-09 09:45:11", "12-14 09:45:11"]


def test_a_monthly_cycle_skips_months_without_the_day() -> None:
    found = days(circleType=3, circleValue=[31], endTime=ms("2027-03-31"))
    assert found == ["12-31 09:45:11", "01-31 09:45:11", "03-31 09:45:11"]


def test_a_daily_cycle_needs_no_days_and_takes_both_ends() -> None:
    assert len(days(circleType=1, circleValue=None)) == 14
    assert len(days(circleType=1, circleValue=[])) == 14


def test_today_in_shanghai_is_allowed_and_its_past_hours_are_left_out() -> None:
    assert days(circleType=1, endTime=ms("2026-12-02"), time="00:30:00") == ["12-02 00:30:00"]


def test_the_last_day_is_at_most_180_days_from_today() -> None:
    last = datetime(2026, 12, 1, tzinfo=SHANGHAI) + timedelta(days=180)
    assert days(endTime=int(last.timestamp()) * 1000)
    with pytest.raises(Failure, match="180 days"):
        days(endTime=int((last + timedelta(days=1)).timestamp()) * 1000)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"startTime": ms("2026-11-30")}, "earlier than today"),
        ({"endTime": ms("2026-11-30")}, "earlier than startTime"),
        ({"startTime": None}, "startTime must be milliseconds"),
        ({"startTime": "1640966400000"}, "startTime must be milliseconds"),
        ({"endTime": 10**20}, "endTime must be milliseconds"),
        ({"circleType": 4}, "circleType"),
        ({"circleType": True}, "circleType"),
        ({"circleType": None}, "circleType"),
        ({"circleValue": []}, "from 1 to 7"),
        ({"circleValue": [0]}, "from 1 to 7"),
        ({"circleValue": [8]}, "from 1 to 7"),
        ({"circleType": 3, "circleValue": [32]}, "from 1 to 31"),
        ({"circleValue": [1, 1]}, "different whole numbers"),
        ({"circleValue": ["1"]}, "different whole numbers"),
        ({"circleValue": 1}, "list"),
        ({"time": "9:45"}, "09:45:11"),
        ({"time": "24:00:00"}, "09:45:11"),
        ({"time": None}, "09:45:11"),
        ({"zone": "UTC"}, "unknown key zone"),
        ({"circleValue": [7], "endTime": ms("2026-12-05")}, "no time in the future"),
    ],
    ids=str,
)
def test_a_cycle_that_breaks_a_rule_is_refused(changed: dict[str, JsonValue], why: str) -> None:
    with pytest.raises(Failure, match=why) as no:
        days(**changed)
    assert no.value.code == "3028"


def test_a_fixed_time_lies_in_the_future() -> None:
    soon = int(LATE.timestamp() * 1000) + 1000
    assert moments(1, {"fixedTime": soon}, LATE) == (LATE + timedelta(seconds=1),)
    for wrong in (soon - 1000, None, "soon", 1.5, True):
        with pytest.raises(Failure, match="fixedTime"):
            moments(1, {"fixedTime": wrong}, LATE)


@given(st.integers(0, 100), st.integers(0, 80), st.lists(st.integers(1, 31), min_size=1, unique=True), st.times())
def test_every_moment_of_a_cycle_lies_in_its_window_on_a_chosen_day(
    start: int, length: int, chosen: list[int], at: time
) -> None:
    first = datetime(2026, 12, 1, tzinfo=SHANGHAI) + timedelta(days=start)
    last = first + timedelta(days=length)
    window = {"startTime": int(first.timestamp()) * 1000, "endTime": int(last.timestamp()) * 1000}
    content = cycle(**window, circleType=3, circleValue=[*chosen], time=f"{at:%H:%M:%S}")
    every = [
        (first + timedelta(days=number)).replace(hour=at.hour, minute=at.minute, second=at.second)
        for number in range(length + 1)
    ]
    expected = [moment for moment in every if moment.day in chosen and moment > LATE]
    if expected:
        assert list(moments(2, content, LATE)) == expected
    else:
        with pytest.raises(Failure, match="no time in the future"):
            moments(2, content, LATE)
