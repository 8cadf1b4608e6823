"""Tests of what cannot be built: every impossible combination, and the sentence a person reads about it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from builders import a_content, a_template
from domain.refusals import refusals
from pydantic import ValidationError

from bot.domain.content import LONGEST_TASK, Audience, AudienceStatus, Content, Period, Platform, TimeRange

MAY = TimeRange(start=datetime(2026, 5, 1, tzinfo=UTC), end=datetime(2026, 5, 31, tzinfo=UTC))
ATTACHED, DETACHED, ALL = AudienceStatus.ATTACHED, AudienceStatus.DETACHED, AudienceStatus.ALL


def of(content: Content, **changes: Any) -> dict[str, Any]:
    return dict(content) | changes


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
