"""Tests of how sentences quote, guess and list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.words import LONGEST_QUOTE, bare, either, listed, meant, nearest, plain, quoted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\uff12\uff10\uff12\uff16\uff0d\uff11\uff12\uff0d\uff10\uff11", "2026-12-01"),
        ("2026\u201112\u201301", "2026-12-01"),
        (" a\u00a0\u3000b\t", "a b"),
        ("1\u20262", "1...2"),
    ],
)
def test_what_phones_and_chinese_keyboards_type_becomes_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


@given(st.text())
def test_what_is_plain_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("`halt`!", "halt"),
        ("\u2014\u201cHalt\u201d\u3002", "Halt"),
        ("\uff48\u00ada\u200blt\ufe0f", "halt"),
        ("7K3M-Q2XD.", "7K3M-Q2XD"),
        ("halt=", "halt="),
        ("\u505c\uff01", "\u505c"),
        ("!?", ""),
    ],
)
def test_what_clings_to_a_word_is_taken_off(text: str, expected: str) -> None:
    assert bare(text) == expected


@given(st.text())
def test_a_bare_word_stays_as_it_is(text: str) -> None:
    assert bare(bare(text)) == bare(text)


@pytest.mark.parametrize(
    "text", ["ios,android", "ios, android", "ios android", "ios\uff0candroid", "ios\u3001android,"]
)
def test_lists_are_split_at_any_comma_or_at_blanks(text: str) -> None:
    assert listed(text) == ["ios", "android"]


@given(st.text())
def test_a_quoted_word_is_one_short_printable_line(text: str) -> None:
    shown = quoted(text)
    assert shown.isprintable()
    assert len(shown) <= LONGEST_QUOTE + 2


def test_a_nearly_right_word_is_guessed_and_a_wild_one_is_not() -> None:
    assert meant("TAGET", ["target", "template"]) == " Did you mean target?"
    assert meant("zzz", ["target", "template"]) == ""
    assert [nearest(word, ["Target", "template"]) for word in ("TAGET", "zzz")] == ["Target", ""]


def test_alternatives_are_listed_as_people_say_them() -> None:
    assert [either(names) for names in ("a", "ab", "abc")] == ["a", "a or b", "a, b or c"]
