"""Tests of the closed union of what can become of a call: four kinds, told apart by their name, kept as JSON."""

from typing import Any, get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from bot.domain.outcome import Accepted, Declined, NotSent, SendOutcome, Unknown

OUTCOMES: TypeAdapter[SendOutcome] = TypeAdapter(SendOutcome)
EVERY = (
    Accepted(task_id="1001", request_id="4F1C"),
    Accepted(),
    Declined(code="TemplateNotFound", message="no such template"),
    NotSent(why="connection refused"),
    NotSent(why="throttled", retry_after=1.5),
    Unknown(why="no answer within 20 seconds", request_id="4F1C"),
)


@pytest.mark.parametrize("outcome", EVERY)
def test_an_outcome_is_kept_as_json_and_read_back_as_its_kind(outcome: SendOutcome) -> None:
    read = OUTCOMES.validate_json(OUTCOMES.dump_json(outcome))
    assert read == outcome
    assert type(read) is type(outcome)


def test_there_are_four_kinds_and_each_has_its_name() -> None:
    kinds = get_args(get_args(SendOutcome)[0])
    assert {kind.model_fields["kind"].default for kind in kinds} == {"accepted", "declined", "not_sent", "unknown"}
    assert {type(outcome) for outcome in EVERY} == set(kinds)


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"kind": "sent"},
        {"kind": "accepted", "why": "x"},
        {"kind": "declined"},
        {"kind": "not_sent"},
        {"kind": "unknown"},
    ],
)
def test_what_is_none_of_them_is_refused(parts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        OUTCOMES.validate_python(parts)


def test_proof_that_nothing_was_executed_does_not_mean_try_again() -> None:
    assert NotSent(why="no such host").retry_after is None


@pytest.mark.parametrize("outcome", EVERY)
def test_an_outcome_cannot_be_changed(outcome: SendOutcome) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        outcome.kind = "accepted"  # type: ignore[assignment]  # trying it is the test
