"""Tests of how Slack's way of writing becomes what somebody meant, or is asked about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.plain_text import plain_text, unclear
from bot.views.shortcodes import with_emoji
from bot.views.texts import escape

MEANT = {
    "R&amp;D": "R&D",
    "a &lt;b&gt; c": "a <b> c",
    "&amp;lt;": "&lt;",
    "&amp;amp;amp;": "&amp;amp;",
    "<https://a.example/b?c=d&amp;e>": "https://a.example/b?c=d&e",
    "<http://a.example|a.example>": "a.example",
    "<https://a.example/|A.example>": "A.example",
    "<https://a.example/%20x|https://a.example/ x>": "https://a.example/ x",
    "<https://a.example|>": "https://a.example",
    "<mailto:a@b.example|a@b.example>": "a@b.example",
    "<tel:+4930123|+4930123>": "+4930123",
    "<myapp://open/1>": "myapp://open/1",
    "<@U01ANA|ana>": "@ana",
    "<@W01ANA|Ana Alves>": "@Ana Alves",
    "<#C01|general>": "#general",
    "<!subteam^S01|@oncall>": "@oncall",
    "<!here>": "@here",
    "<!channel|channel>": "@channel",
    "<!date^1700000000^{date}|14 November>": "14 November",
    "hi <@U01ANA|ana> :tada:": "hi @ana \U0001f389",
    "<<https://a.example>>": "https://a.example",
}


@pytest.mark.parametrize("text", MEANT)
def test_what_slack_writes_becomes_what_was_typed(text: str) -> None:
    assert plain_text(text) == MEANT[text]
    assert list(unclear(text, "values.a")) == []


@pytest.mark.parametrize(
    "text", ["<b>", "a < b > c", "<3", "<->", "<!-- -->", "<#hashtag>", "<@ >", "x<y|z>", "& so", "&copy;"]
)
def test_what_is_none_of_slacks_stays_as_it_is(text: str) -> None:
    assert plain_text(text) == text
    assert list(unclear(text, "values.a")) == []


@pytest.mark.parametrize(
    ("text", "code", "parts"),
    [
        ("<https://a.example|Big sale>", "link_ambiguous", ['"Big sale"', '"https://a.example"']),
        ("<https://evil.example|https://bank.example>", "link_ambiguous", ['"https://evil.example"']),
        ("<mailto:a@b.example|write us>", "link_ambiguous", ['"write us"']),
        ("<@U01ANA>", "mention_nameless", ['"<@U01ANA>"']),
        ("<#C01|>", "mention_nameless", ['"<#C01|>"']),
        ("<!subteam^S01>", "mention_nameless", ['"<!subteam^S01>"']),
        ("<!date^1700000000^{date}>", "mention_nameless", ["write it as devices should show it"]),
    ],
)
def test_what_nobody_can_read_is_asked_about_with_its_field(text: str, code: str, parts: list[str]) -> None:
    (problem,) = unclear(f"see {text} now", "values.city")
    assert (problem.field, problem.code) == ("values.city", code)
    assert all(part in problem.sentence for part in parts)
    assert plain_text(text) == text


TEXTS = st.text() | st.lists(
    st.sampled_from([*MEANT, "<@U1>", "<", ">", "|", ":", "tada", "x", "https://", "@U1", "#C1", " ", "mailto:"])
).map("".join)


@given(st.text())
def test_what_slack_escapes_comes_back_as_it_was_typed(text: str) -> None:
    assert plain_text(escape(text)) == with_emoji(text)


@given(TEXTS.map(lambda text: text.replace("&", "")))
def test_plain_text_is_plain(text: str) -> None:
    assert plain_text(plain_text(text)) == plain_text(text)
