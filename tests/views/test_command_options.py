"""Tests of the table of options."""

from zoneinfo import ZoneInfo

import pytest
from strategies import NOW

from bot.domain.draft import Draft
from bot.views.command import read_command
from bot.views.command_options import OPTIONS, SET, SYNONYMS, guess_option

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize("name", OPTIONS)
def test_the_example_of_an_option_says_something_for_its_field(name: str) -> None:
    option = OPTIONS[name]
    said = read_command(option.example, now=NOW, zone=BERLIN)
    assert said.problems == ()
    assert getattr(said.draft, option.field) != getattr(Draft(), option.field)


def test_every_synonym_leads_to_an_option_and_is_none_itself() -> None:
    assert set(SYNONYMS.values()) <= OPTIONS.keys() | {SET}
    assert not SYNONYMS.keys() & OPTIONS.keys()


@pytest.mark.parametrize(
    ("typed", "meant"), [("Taget", "target"), ("platforms", "to"), ("when", "at"), ("expire", "expires"), ("zzz", "")]
)
def test_an_option_is_guessed_from_what_is_near_or_means_the_same(typed: str, meant: str) -> None:
    assert guess_option(typed) == meant
