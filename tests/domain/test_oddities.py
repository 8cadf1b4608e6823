"""Tests of what is pointed out in a text, and of what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.oddities import invisible, like_json, like_test, slack_marks, unfilled


def parts(text: str) -> dict[str, str]:
    return {"title": "Service disruption", "text": text, "address": ""}


@pytest.mark.parametrize(
    "text",
    [
        "Integration Test Email #1",
        "test2",
        "TODO write this",
        "asdfgh",
        "Lorem ipsum",
        "hahaha",
        "_test_",
        "\u8fd9\u662f\u6d4b\u8bd5",
        "\u54c8\u54c8\u54c8",
    ],
)
def test_what_looks_like_a_test_is_pointed_out(text: str) -> None:
    (sentence,) = like_test(parts(text))
    assert sentence.startswith("The text looks like a test, because it says ")


@pytest.mark.parametrize(
    "text",
    ["Our latest offers", "Contest: win a prize", "Food is ready", "Attestation due", "Fastest way", "Shah Rukh Khan"],
)
def test_ordinary_words_are_no_test(text: str) -> None:
    assert list(like_test(parts(text))) == []


@pytest.mark.parametrize(
    ("text", "found"), [('{"a": 1}', 1), (' [{"a": ', 1), ("{curly}", 0), ("[1] News", 0), ("[new] Hi", 0)]
)
def test_json_is_told_from_words(text: str, found: int) -> None:
    assert len(list(like_json(parts(text)))) == found


@pytest.mark.parametrize(
    ("text", "left"), [("Hi #name#!", ["#name#"]), ("#1 and #2 win", []), ("##", []), ("#a##b#", ["#a#", "#b#"])]
)
def test_a_placeholder_that_is_still_there_is_pointed_out(text: str, left: list[str]) -> None:
    found = list(unfilled(parts(text)))
    assert [sentence.split('"')[1] for sentence in found] == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Hi :party-parrot:!", [":party-parrot:"]),
        ("Sale:tada:", [":tada:"]),
        ("<@U1> in <#C1|x>", ["<@U1>", "<#C1|x>"]),
        ("<https://a.example|here>", ["<https://a.example|here>"]),
        ("https://a.example/?b&amp;c", ["&amp;"]),
        ("*Sale* ~old~ `x` _a b_", ["*Sale*", "~old~", "`x`", "_a b_"]),
        ("9:00:30, 10:100:1, a:b:c, std::x::y", []),
        ("5*6*7, snake_case_name, * note *, ~5 km", []),
        ("https://a.example/:x-y:/_z_/*w*", []),
        ("<b>, R&D, &copy;, <3", []),
    ],
)
def test_what_only_slack_shows_otherwise_is_pointed_out(text: str, left: list[str]) -> None:
    assert [sentence.split('"')[1] for sentence in slack_marks(parts(text))] == left


def test_styles_are_pointed_out_only_where_people_read() -> None:
    assert list(slack_marks({"ExtendedParams": '{"a": "_b_ *c*"}'})) == []
    assert len(list(slack_marks({"ExtendedParams": '{"a": ":my-own:"}'}))) == 1


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a\u200bb", "U+200B ZERO WIDTH SPACE"),
        ("a\u202eb", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("a\u2066b\u2069", "U+2066 LEFT-TO-RIGHT ISOLATE, U+2069 POP DIRECTIONAL ISOLATE"),
        ("a\u200db", "U+200D ZERO WIDTH JOINER"),
        ("a\x07b", "U+0007 control character"),
        ("\U0001f44d\u200d!", "U+200D ZERO WIDTH JOINER"),
        ("\u3164", "U+3164 HANGUL FILLER"),
        ("\u0430\u200d\u0430", "U+200D ZERO WIDTH JOINER"),
    ],
)
def test_what_nobody_sees_is_named(text: str, name: str) -> None:
    (sentence,) = invisible(parts(text))
    assert name in sentence


@pytest.mark.parametrize(
    "text",
    [
        "Two\nlines",
        "Family \U0001f468\u200d\U0001f469\u200d\U0001f467",
        "Heart \u2764\ufe0f",
        "\u0645\u06cc\u200c\u0634\u0648\u062f",  # Persian writes this word with a joiner that is not seen
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    ],
)
def test_line_breaks_and_the_joints_of_emoji_and_scripts_are_fine(text: str) -> None:
    assert list(invisible(parts(text))) == []


def test_a_line_break_in_a_title_is_not_fine() -> None:
    assert len(list(invisible({"title": "a\nb", "text": "", "address": ""}))) == 1


@given(st.text())
def test_any_text_gets_sentences_only(text: str) -> None:
    said = {"title": text, "text": text, "address": text}
    for look in (unfilled, like_test, like_json, invisible, slack_marks):
        assert all(sentence.startswith("The ") and sentence.endswith(".") for sentence in look(said))
