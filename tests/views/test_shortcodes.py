"""Tests of emoji written by their names, and of what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.shortcodes import table, with_emoji


def test_every_name_of_the_table_becomes_its_emoji() -> None:
    for name, emoji in table().items():
        assert with_emoji(f"a :{name}: b") == f"a {emoji.characters} b"
        assert not emoji.characters.isascii()


@pytest.mark.parametrize("tone", range(2, 7))
def test_a_skin_tone_follows_the_person_it_colours(tone: int) -> None:
    modifier = chr(0x1F3FB + tone - 2)
    assert with_emoji(f":thumbsup::skin-tone-{tone}:") == f"\U0001f44d{modifier}"
    assert with_emoji(f":v::skin-tone-{tone}:") == f"\u270c{modifier}"
    technologist = with_emoji(f":male-technologist::skin-tone-{tone}:")
    assert technologist == f"\U0001f468{modifier}\u200d\U0001f4bb"


def test_a_skin_tone_of_what_has_none_stays_to_be_seen() -> None:
    assert with_emoji(":tada::skin-tone-3:") == "\U0001f389:skin-tone-3:"
    assert with_emoji(":skin-tone-3:") == ":skin-tone-3:"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sale:tada:", "Sale\U0001f389"),
        (":tada:Sale", "\U0001f389Sale"),
        (":tada::tada:", "\U0001f389\U0001f389"),
        ("10:30:tada:", "10:30\U0001f389"),
        ("Berlin:+1:!", "Berlin\U0001f44d!"),
        (":party:tada:", ":party\U0001f389"),
        (":100: percent", "\U0001f4af percent"),
        ('{"title":":tada:"}', '{"title":"\U0001f389"}'),
        ('{"u":"https://a.example/:tada:","t":":tada:"}', '{"u":"https://a.example/:tada:","t":"\U0001f389"}'),
        (":x: no", "\u274c no"),
        (":flag-de:", "\U0001f1e9\U0001f1ea"),
    ],
)
def test_a_code_becomes_its_emoji_wherever_a_text_has_one(text: str, expected: str) -> None:
    assert with_emoji(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "9:00:30",
        "10:100:1",
        "x:100:y",
        "UTC:+1:00",
        "a:b:c",
        "vitamin a:b:12",
        ":party-parrot:",
        "::",
        ": tada :",
        ":TADA:",
        "https://a.example/:tada:/b",
        "myapp://open:tada:",
        "std::tada",
    ],
)
def test_what_only_looks_like_a_code_stays_as_it_is(text: str) -> None:
    assert with_emoji(text) == text


@given(
    st.lists(st.sampled_from([":", "tada", "x", "100", "one", "skin-tone-3", " ", "a", "https://", "m"])).map("".join)
)
def test_a_text_with_its_emoji_has_no_codes_left(text: str) -> None:
    assert with_emoji(with_emoji(text)) == with_emoji(text)
