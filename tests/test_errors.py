"""The exceptions say what happened, to people in sentences and to programs by code."""

import inspect
import re

import pytest

from bot import errors
from bot.errors import (
    BotError,
    IllegalTransition,
    Problem,
    Refused,
    SettingsError,
    StoreUnfit,
    UnknownRequest,
)

DRAWN = re.compile(r"^ {4}[|` -]*([A-Z]\w+)", re.MULTILINE)


def raised() -> set[str]:
    """Name every exception of the module."""
    classes = inspect.getmembers(errors, inspect.isclass)
    return {name for name, one in classes if issubclass(one, Exception)}


def test_the_docstrings_tree_names_every_exception_and_no_other() -> None:
    drawing = (errors.__doc__ or "").partition("::")[2].partition("\n\nValues")[0]
    assert sorted(DRAWN.findall(drawing)) == sorted(raised())


@pytest.mark.parametrize("name", sorted(raised()))
def test_every_exception_is_one_of_the_bots_own(name: str) -> None:
    assert issubclass(getattr(errors, name), BotError)


def test_a_refusal_gives_all_its_reasons_and_the_first_ones_code() -> None:
    refused = Refused(Problem("at", "too_early", "It is too early."), Problem("", "too_many", "There are too many."))
    assert (refused.code, refused.sentence) == ("too_early", "It is too early. There are too many.")


def test_two_problems_are_the_same_whatever_they_were_made_of() -> None:
    assert Problem("", "a", "A.", {"by": "x"}) == Problem("", "a", "A.", {"by": "y"})


def test_an_impossible_event_says_which_and_in_which_state() -> None:
    plain = IllegalTransition("sent", "vote")
    assert str(plain) == "'vote' is not possible in state 'sent'."
    assert (plain.code, plain.state, plain.event) == ("illegal_transition", "sent", "vote")
    assert str(IllegalTransition("sent", "vote", "It was sent.")) == "It was sent."


def test_complaints_are_listed_one_a_line() -> None:
    assert str(SettingsError("A is missing.", "B is wrong.")) == "- A is missing.\n- B is wrong."
    assert str(StoreUnfit("A.", "B.")) == "A.\nB."


def test_an_unknown_request_is_named() -> None:
    assert str(UnknownRequest("7K3M-Q2XD")) == "There is no request 7K3M-Q2XD."
