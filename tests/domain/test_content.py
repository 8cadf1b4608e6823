"""Tests of what cannot be built: every impossible combination, and the sentence a person reads about it."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from builders import a_content, a_template
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from strategies import days_of_cycles, json_values

from bot.domain.content import (
    LONGEST_TASK,
    Audience,
    AudienceStatus,
    Content,
    Cycle,
    Period,
    Platform,
    Recurring,
    Scheduled,
    TimeRange,
    canonical_json,
)

MAY = TimeRange(start=datetime(2026, 5, 1, tzinfo=UTC), end=datetime(2026, 5, 31, tzinfo=UTC))
ATTACHED, DETACHED, ALL = AudienceStatus.ATTACHED, AudienceStatus.DETACHED, AudienceStatus.ALL


def refusals(make: type, parts: dict[str, Any]) -> dict[str, str]:
    """Give the rules that refuse, each with its sentence."""
    with pytest.raises(ValidationError) as caught:
        make(**parts)
    return {details["type"]: details["msg"] for details in caught.value.errors()}


def a_recurring(**changes: Any) -> dict[str, Any]:
    parts = {
        "cycle": Cycle.WEEKLY,
        "on": (1, 3),
        "time": time(9),
        "first": date(2026, 12, 1),
        "last": date(2026, 12, 31),
    }
    return parts | changes


def of(content: Content, **changes: Any) -> dict[str, Any]:
    return dict(content) | changes


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


def test_a_time_range_goes_forwards() -> None:
    for end in (MAY.start, datetime(2026, 4, 30, tzinfo=UTC)):
        assert refusals(TimeRange, {"start": MAY.start, "end": end}).keys() == {"range_backwards"}


@pytest.mark.parametrize(
    ("parts", "rule", "words"),
    [
        ({"status": ATTACHED}, "audience_period_missing", "7d, 15d, 60d or ever"),
        ({"status": ATTACHED, "within": Period.EVER, "attached_between": MAY}, "audience_twice", "not both"),
        ({"status": ATTACHED, "detached_between": MAY}, "audience_range_mismatch", "range of attached, and"),
        ({"status": DETACHED, "attached_between": MAY}, "audience_range_mismatch", "range of detached, and"),
        ({"status": ALL, "attached_between": MAY}, "audience_range_mismatch", "attached and of detached"),
        (
            {"status": ATTACHED, "attached_between": MAY, "detached_between": MAY},
            "audience_range_mismatch",
            "range of attached, and only that",
        ),
        ({"within": Period.EVER}, "missing", "required"),
    ],
)
def test_an_audience_that_is_missing_or_said_twice_is_refused(parts: dict[str, Any], rule: str, words: str) -> None:
    assert words in refusals(Audience, parts)[rule]


@pytest.mark.parametrize(
    "parts",
    [
        *({"status": status, "within": period} for status in AudienceStatus for period in Period),
        {"status": ATTACHED, "attached_between": MAY},
        {"status": DETACHED, "detached_between": MAY},
        {"status": ALL, "attached_between": MAY, "detached_between": MAY},
    ],
)
def test_every_audience_that_the_help_page_knows_can_be_built(parts: dict[str, Any]) -> None:
    assert Audience.model_validate(parts).status is parts["status"]


@pytest.mark.parametrize(
    ("changes", "rule", "words"),
    [
        ({"platforms": ()}, "platforms_missing", "which platforms"),
        ({"platforms": (Platform.IOS, Platform.IOS)}, "platforms_repeated", "once"),
        ({"values": {}}, "values_missing", "a value for city"),
        ({"values": {"city": " "}}, "values_missing", "a value for city"),
        ({"values": {"city": "Berlin", "town": "x"}}, "values_unknown", "no placeholder town; it has city"),
        ({"template": a_template(title=" ")}, "template_empty", "empty title or text"),
        ({"template": a_template(body="")}, "template_empty", "empty title or text"),
        ({"expires": 0}, "greater_than_equal", "1"),
        ({"expires": 2**31}, "less_than_equal", "2147483647"),
        ({"task": "x" * (LONGEST_TASK + 1)}, "string_too_long", "60"),
        ({"surprise": 1}, "extra_forbidden", "not permitted"),
    ],
)
def test_content_that_could_not_be_sent_is_refused(changes: dict[str, Any], rule: str, words: str) -> None:
    assert words in refusals(Content, of(a_content(), **changes))[rule]


def test_there_is_no_default_platform_audience_delivery_or_validity() -> None:
    empty: dict[str, Any] = {
        "destination": a_content().destination,
        "template": a_template(),
        "values": {"city": "Berlin"},
    }
    with pytest.raises(ValidationError) as caught:
        Content(**empty)
    missing = {details["loc"][0] for details in caught.value.errors() if details["type"] == "missing"}
    assert missing == {"platforms", "audience", "delivery", "expires"}


def test_content_cannot_be_changed_and_survives_being_stored() -> None:
    content = a_content()
    with pytest.raises(ValidationError, match="frozen"):
        content.expires = 1
    assert Content.model_validate_json(content.model_dump_json()) == content


@pytest.mark.parametrize(
    "change", [{"title": "x"}, {"body": "x"}, {"uri": "x"}, {"variables": ()}, {"silent": True}, {"name": "x"}]
)
def test_a_template_that_shows_something_else_has_another_fingerprint(change: dict[str, Any]) -> None:
    assert a_template(**change).fingerprint != a_template().fingerprint
    assert a_template().fingerprint == a_template().fingerprint


@given(st.dictionaries(st.text(max_size=5), json_values(), max_size=5))
def test_canonical_json_does_not_depend_on_the_order_of_keys(value: dict[str, Any]) -> None:
    backwards = dict(reversed(value.items()))
    assert canonical_json(backwards) == canonical_json(value)


def test_canonical_json_is_short_and_in_utf_8_and_has_no_numbers_that_json_does_not_know() -> None:
    assert canonical_json({"b": [1, 2], "a": "\u4e2d"}) == '{"a":"\u4e2d","b":[1,2]}'.encode()
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json(float("nan"))
