"""Tests of when a push goes out: the calendars mPaaS cannot keep cannot be built."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from domain.refusals import refusals
from hypothesis import given
from hypothesis import strategies as st
from strategies import days_of_cycles

from bot.domain.delivery import Cycle, Recurring, Scheduled


def a_recurring(**changes: Any) -> dict[str, Any]:
    parts = {
        "cycle": Cycle.WEEKLY,
        "on": (1, 3),
        "time": time(9),
        "first": date(2026, 12, 1),
        "last": date(2026, 12, 31),
    }
    return parts | changes


@pytest.mark.parametrize(
    ("changes", "rule", "words"),
    [
        ({"cycle": Cycle.DAILY}, "days_with_daily", "takes no days"),
        ({"on": ()}, "days_missing", "a weekly push"),
        ({"on": (0,)}, "days_out_of_range", "from 1 to 7"),
        ({"on": (8,)}, "days_out_of_range", "from 1 to 7"),
        ({"cycle": Cycle.MONTHLY, "on": (32,)}, "days_out_of_range", "from 1 to 31"),
        ({"on": (3, 1)}, "days_repeated", "in order"),
        ({"on": (1, 1)}, "days_repeated", "once"),
        ({"last": date(2026, 11, 30)}, "last_before_first", "before the first day"),
        ({"time": time(9, tzinfo=UTC)}, "time_not_plain", "HH:MM"),
        ({"time": time(9, 0, 0, 1)}, "time_not_plain", "HH:MM"),
    ],
)
def test_a_calendar_that_mpaas_cannot_keep_is_refused(changes: dict[str, Any], rule: str, words: str) -> None:
    assert words in refusals(Recurring, a_recurring(**changes))[rule]


@given(days_of_cycles(), st.dates(), st.dates())
def test_every_other_calendar_can_be_built(days: tuple[Cycle, tuple[int, ...]], one: date, other: date) -> None:
    made = Recurring(cycle=days[0], on=days[1], time=time(9), first=min(one, other), last=max(one, other))
    assert Recurring.model_validate_json(made.model_dump_json()) == made


def test_a_scheduled_time_is_aware_and_in_whole_seconds() -> None:
    at = datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert Scheduled(at=at).at == at
    assert refusals(Scheduled, {"at": at.replace(microsecond=1)}).keys() == {"at_not_whole_seconds"}
    assert refusals(Scheduled, {"at": at.replace(tzinfo=None)}).keys() == {"timezone_aware"}
