"""Documents carry a schema number: older ones are upgraded, newer ones refused."""

import json

import pytest
from builders import a_request

from bot.domain.states import State
from bot.errors import StoreUnfit
from bot.store.documents import SCHEMA, dump, load


@pytest.mark.parametrize("state", State)
def test_what_is_dumped_is_what_is_loaded(state: State) -> None:
    assert load(dump(a_request(state))) == a_request(state)


def test_an_older_document_is_upgraded_step_by_step() -> None:
    old = json.loads(dump(a_request())) | {"schema_number": SCHEMA - 2}
    old["asked_by"] = old.pop("requester")
    upgrades = {
        SCHEMA - 2: lambda document: {("who" if key == "asked_by" else key): document[key] for key in document},
        SCHEMA - 1: lambda document: {("requester" if key == "who" else key): document[key] for key in document},
    }
    assert load(json.dumps(old), upgrades=upgrades) == a_request()


def test_a_newer_document_is_refused_with_what_to_do() -> None:
    newer = json.loads(dump(a_request())) | {"schema_number": SCHEMA + 1}
    with pytest.raises(StoreUnfit, match="update this process"):
        load(json.dumps(newer))


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"schema_number": "x"}', '{"schema_number": 1}', "null"])
def test_a_document_that_was_changed_by_hand_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(StoreUnfit, match="cannot be read"):
        load(text)


def test_a_document_older_than_every_upgrade_is_refused() -> None:
    with pytest.raises(StoreUnfit, match="cannot be read"):
        load(json.dumps(json.loads(dump(a_request())) | {"schema_number": -5}))
