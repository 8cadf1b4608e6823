"""The form body: the same bytes as the vendor's SDK writes, for everything that can be said."""

import pytest
from alibabacloud_tea_openapi.utils import Utils
from darabonba.core import DaraCore
from hypothesis import given
from hypothesis import strategies as st

from bot.mpaas.form import compact_json, encode, flatten

_text = st.text(st.characters(exclude_categories=["Cs"]))  # "Cs": half characters, which have no UTF-8 form
_scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _text
_data = st.recursive(_scalars, lambda inner: st.lists(inner) | st.dictionaries(_text, inner), max_leaves=5)


@given(st.dictionaries(_text, _text | st.integers()))
def test_a_body_has_the_bytes_the_sdk_writes(parameters: dict[str, str | int]) -> None:
    assert encode(parameters) == Utils.to_form(parameters).encode()


@given(st.dictionaries(_text, _data, max_size=4))
def test_a_map_is_flattened_as_the_sdk_flattens_it(payload: dict[str, object]) -> None:
    assert flatten("TransparentMessagePayload", payload) == Utils.query({"TransparentMessagePayload": payload})


@given(st.dictionaries(_text, _data, max_size=4))
def test_json_has_the_characters_the_sdk_writes(value: dict[str, object]) -> None:
    assert compact_json(value) == DaraCore.to_json_string(value)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a b", b"a+b"),
        ("a+b", b"a%2Bb"),
        ("~*'()", b"~%2A%27%28%29"),
        ("line\nbreak", b"line%0Abreak"),
        ("群发", b"%E7%BE%A4%E5%8F%91"),
        ("📣", b"%F0%9F%93%A3"),
        ("", b""),
    ],
)
def test_a_value_is_written_like_this(text: str, written: bytes) -> None:
    assert encode({"TaskName": text}) == b"TaskName=" + written


def test_keys_stand_in_code_point_order() -> None:
    assert encode({"b": 1, "a": 2, "Z": 3, "ä": 4}) == b"Z=3&a=2&b=1&%C3%A4=4"


def test_nothing_to_say_is_an_empty_body() -> None:
    assert encode({}) == b""


def test_a_payload_is_flattened_as_in_the_golden_request() -> None:
    payload = {"hms": {"data": "d1", "n": 1, "b": True, "none": None, "l": [1, "x"]}}
    assert encode(flatten("TransparentMessagePayload", payload)) == (
        b"TransparentMessagePayload.hms.b=True&TransparentMessagePayload.hms.data=d1&TransparentMessagePayload.hms.l.1=1"
        b"&TransparentMessagePayload.hms.l.2=x&TransparentMessagePayload.hms.n=1"
    )


def test_half_a_character_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="half of a character"):
        encode({"TaskName": "\ud83d"})


def test_json_refuses_what_it_cannot_say() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        compact_json({"rate": float("nan")})
