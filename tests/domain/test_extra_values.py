"""Tests of how text becomes JSON that can be sent; what each parameter takes is in ``test_extras.py``."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import attempt, json_values

from bot.domain.extra_values import read_object, write_json
from bot.domain.extras import EXTRAS, parse_extra, write_extra
from bot.errors import Refused


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "expecting value at character 1"),
        ('{"a": 1,}', "at character"),
        ('{"a": NaN}', "NaN is not a JSON value"),
        ('{"a": 1e999}', "a number is too large"),
        ('{"a": 1, "a": 2}', "twice"),
        ('{"a": "\\ud800"}', "half a character"),
        ('{"a":' * 100_000, "nested too deeply"),
    ],
)
def test_json_that_cannot_be_sent_as_it_is_read_is_refused(text: str, why: str) -> None:
    with pytest.raises(Refused) as caught:
        read_object("ExtendedParams", text)
    assert why in caught.value.sentence


@given(st.dictionaries(st.text(max_size=4), json_values(), max_size=4))
@settings(deadline=None)  # drawing takes long on a busy machine
def test_an_object_is_read_back_however_it_was_written(value: dict[str, Any]) -> None:
    assert read_object("x", write_json(value)) == value
    assert read_object("x", json.dumps(value, indent=2)) == value


def test_curly_quotes_are_left_alone_where_they_are_text() -> None:
    assert read_object("x", '{"a": "\u201chi\u201d"}') == {"a": "\u201chi\u201d"}


@given(st.sampled_from(list(EXTRAS)), st.text() | st.text(alphabet='{}[]":,hmsoppo0123 '))
def test_any_text_is_a_value_that_can_be_written_or_refused(name: str, text: str) -> None:
    value = attempt(lambda: parse_extra(name, text))
    if isinstance(value, Refused):
        assert name in value.sentence
    else:
        assert parse_extra(name, write_extra(name, value)) == value
