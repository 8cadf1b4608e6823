"""The documents that are made from the code say what the code says."""

import re
from collections.abc import Callable

import pytest
from house import tree
from house.commands_page import SAYS, WORDS
from house.lifecycle_page import meanings
from house.write_pages import PAGES

from bot.domain.extras import EXTRAS, OWN_OPTION
from bot.domain.states import LEG_TRANSITIONS, TRANSITIONS, LegState, State
from bot.views.command_options import OPTIONS, OWN_WORDS


@pytest.mark.parametrize(("place", "render"), PAGES.items(), ids=PAGES)
def test_the_document_is_up_to_date(place: str, render: Callable[[], str]) -> None:
    path = tree.ROOT / place
    assert path.exists(), "run: make docs"
    assert path.read_text(encoding="utf-8") == render(), "run: make docs"


def test_the_diagrams_have_every_cell_of_the_tables_and_no_other() -> None:
    drawn = re.findall(r"^    (\w+) --> (\w+): (.+)$", PAGES["docs/lifecycle.md"](), re.MULTILINE)
    found = {(state, event, target) for state, target, events in drawn for event in events.split(", ")}
    cells = {
        (state.value, event.value, target.value)
        for table in (TRANSITIONS, LEG_TRANSITIONS)
        for state, row in table.items()
        for event, target in row.items()
    }
    assert found == cells


def test_every_state_says_what_it_means() -> None:
    assert meanings(State).keys() == {state.value for state in State}
    assert meanings(LegState).keys() == {state.value for state in LegState}
    assert meanings(LegState)["declined"] == "mPaaS certainly refused."


def test_every_word_option_and_parameter_is_explained() -> None:
    assert WORDS.keys() == OWN_WORDS
    assert SAYS.keys() == OPTIONS.keys()
    page = PAGES["docs/commands.md"]()
    assert [name for name in (*EXTRAS, *OWN_OPTION) if f"`{name}`" not in page] == []


@pytest.mark.parametrize("verb", ["run", "slack", "worker", "playground", "doctor", "list", "show", "settle", "halt"])
def test_every_verb_has_its_part(verb: str) -> None:
    assert f"### `{verb}`" in PAGES["docs/commands.md"]()
