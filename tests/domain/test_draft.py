"""Tests of a draft: nothing is said until it is said, and what was said survives being kept."""

from typing import Any

import pytest
from hypothesis import given, settings
from pydantic import ValidationError
from strategies import drafts

from bot.domain.draft import DEFAULT_EXPIRES, Draft


def test_an_empty_draft_has_said_nothing_that_widens() -> None:
    draft = Draft()
    assert draft.when == "now"
    assert not any(value for name, value in draft if name != "when")


@given(drafts())
@settings(deadline=None, max_examples=50)
def test_a_draft_is_kept_as_json_and_read_back(draft: Draft) -> None:
    assert Draft.model_validate_json(draft.model_dump_json()) == draft


@pytest.mark.parametrize(
    "parts", [{"surprise": 1}, {"when": "later"}, {"at": "2026-12-01T09:00:00"}, {"audience": "everybody"}]
)
def test_what_no_draft_can_say_is_refused(parts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Draft.model_validate(parts)


def test_a_draft_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Draft().target = "live"


def test_a_push_is_valid_for_hours_not_days_when_nobody_says() -> None:
    assert 0 < DEFAULT_EXPIRES < 24 * 60 * 60
