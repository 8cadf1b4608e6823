"""Tests of how a typed line becomes words: as in a shell, and as people type on phones."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.quoting import take_apart


def words(text: str) -> list[str]:
    taken, problems = take_apart(text)
    assert problems == []
    return taken


@given(st.lists(st.text()))
def test_what_a_shell_quotes_is_read_as_it_was(texts: list[str]) -> None:
    assert words(shlex.join(texts)) == texts


@pytest.mark.parametrize(
    "text",
    [
        "a b",
        r"a\ b",
        '"a b" c',
        "'a b'c",
        r'"a \" b"',
        "a\tb\n c",
        '"it\'s"',
        "'say \"x\"'",
        "a#b # c",
        "x='a b'",
        r"\\",
        "''",
    ],
)
def test_plain_quoting_is_the_shells(text: str) -> None:
    assert words(text) == shlex.split(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x=\u201ca b\u201d", ["x=a b"]),
        ("x=\u201da b\u201d", ["x=a b"]),
        ("x=\u201ea b\u201c", ["x=a b"]),
        ("x=\u00aba b\u00bb", ["x=a b"]),
        ("x=\u00bba b\u00ab", ["x=a b"]),
        ("x=\u2018a b\u2019", ["x=a b"]),
        ("x=\u201aa b\u2018", ["x=a b"]),
        ("x=\uff02a b\uff02 \uff07c d\uff07", ["x=a b", "c d"]),
        ("x=\u300ca b\u300d \u300ec d\u300f", ["x=a b", "c d"]),
        ('x="a b\u201d', ["x=a b"]),
        ("x=\u2018don\u2019t go\u2019", ["x=don\u2019t go"]),
        ("x=\u201che's \u2018in\u2019\u201d y", ["x=he's \u2018in\u2019", "y"]),
    ],
)
def test_the_quotes_of_phones_and_keyboards_are_quotes(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize("text", ["don't", "don\u2019t", "O'Brien", "5\u2033", "{\u201ca\u201d:1}", "\u2019tis"])
def test_marks_inside_a_word_are_letters(text: str) -> None:
    assert words(f"x={text} y") == [f"x={text}", "y"]


@pytest.mark.parametrize("dash", ["--", "\u2014", "\u2013", "\u2212", "-\u2013", "\uff0d\uff0d", "---"])
def test_the_dashes_that_phones_make_begin_an_option(dash: str) -> None:
    assert words(f"a {dash}to b") == ["a", "--to", "b"]


@pytest.mark.parametrize("text", ["a\u2014to", "\u2014", "9\u201310", "-to", "-1"])
def test_other_dashes_stay_as_they_are(text: str) -> None:
    assert words(text) == [text]


@pytest.mark.parametrize("blank", ["\u00a0", "\u3000", "\u2009", "\u200b", "\ufeff", "\r\n"])
def test_every_blank_stands_between_words_and_stays_inside_quotes(blank: str) -> None:
    assert words(f"a{blank}b 'c{blank}d'") == ["a", "b", f"c{blank}d"]


def test_a_json_object_needs_no_quotes_behind_an_equals_sign() -> None:
    assert words('N={"oppo": "2", "a": {"b": [1]}} x') == ['N={"oppo": "2", "a": {"b": [1]}}', "x"]
    assert words('{"a": 1}') == ["{a:", "1}"]
    assert words("N={a") == ["N={a"]


@pytest.mark.parametrize(
    ("text", "expected", "where"),
    [
        ('city="New York --to ios', ["city=New York", "--to", "ios"], '"New York"'),
        ("city=\u201cNew York", ["city=New York"], '"New York"'),
        ("a 'b c", ["a", "b c"], '"b c"'),
        ('a "', ["a", ""], "at the end"),
    ],
)
def test_an_open_quote_is_told_with_its_place_and_ends_before_the_next_option(
    text: str, expected: list[str], where: str
) -> None:
    taken, problems = take_apart(text)
    assert taken == expected
    assert [problem.code for problem in problems] == ["quote_unclosed"]
    assert where in problems[0].sentence


@given(st.text() | st.text(alphabet="ab -='\"\\{}:,\u201c\u201d\u2018\u2019\u201e\u00ab\u00bb\u2014\u300c\u00a0\n"))
def test_any_line_is_taken_apart(text: str) -> None:
    taken, problems = take_apart(text)
    assert all(isinstance(word, str) for word in taken)
    assert {problem.code for problem in problems} <= {"quote_unclosed"}
