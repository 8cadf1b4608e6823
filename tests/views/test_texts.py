import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views import texts

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
any_text = st.text(max_size=80)
marked = st.lists(st.sampled_from(["&amp;", "&lt;", "<@U02BO>", "é", FAMILY, "🇩🇪", "a", " "]), max_size=40).map("".join)


@given(text=any_text, limit=st.integers(1, 90))
def test_a_text_that_was_fitted_fits_and_begins_like_the_text(text: str, limit: int) -> None:
    fitted = texts.fit(text, limit)
    assert texts.size(fitted) <= limit
    assert fitted == text or (text.startswith(fitted.removesuffix("…")) and fitted.endswith("…"))


@given(text=any_text)
def test_a_text_that_fits_is_left_alone(text: str) -> None:
    assert texts.fit(text, texts.size(text) or 1) == text


@given(text=marked, limit=st.integers(1, 60))
def test_a_cut_goes_through_no_escape_token_or_grapheme(text: str, limit: int) -> None:
    kept = texts.fit(text, limit).removesuffix("…")
    left = re.sub(rf"&amp;|&lt;|<@U02BO>|é|{FAMILY}|🇩🇪|a| ", "", kept)
    assert left == ""


def test_a_letter_with_its_marks_stays_whole() -> None:
    assert texts.fit("cafe\u0301s", 5) == "caf…"


def test_a_pile_of_marks_can_still_be_cut() -> None:
    assert texts.size(texts.fit("a" + "\u0301" * 9000, 100)) <= 100


@given(text=any_text, limit=st.integers(70, 90))
def test_pieces_put_together_are_the_text(text: str, limit: int) -> None:
    split = texts.pieces(text * 5, limit)
    assert "".join(split) == text * 5
    assert all(texts.size(piece) <= limit for piece in split)


@given(text=any_text)
def test_an_escaped_text_has_no_brackets_and_can_be_read_back(text: str) -> None:
    escaped = texts.escape(text)
    assert not set(escaped) & {"<", ">"}
    assert escaped.replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&") == text


@given(text=st.text(max_size=200), limit=st.integers(1, 100))
def test_an_inline_text_is_one_short_line_without_reversing_marks(text: str, limit: int) -> None:
    line = texts.inline(f"{text}\u202e\u2066\r\n{text}", limit)
    assert texts.size(line) <= limit
    assert not set(line) & set("\r\n\t\x00\u202e\u2066\u2028<>")


def test_an_inline_text_is_escaped_whole() -> None:
    assert texts.inline("<!channel> & <@U1>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;"
    assert texts.inline("a<b", 4) == "a…"


def test_a_rule_s_sentence_may_name_people_and_nothing_else() -> None:
    said = texts.sentence(
        "Approved by <@U02BO>, not by <!channel> or <!subteam^S1> or <@lower> & co.", names_people=True
    )
    assert said == "Approved by <@U02BO>, not by &lt;!channel&gt; or &lt;!subteam^S1&gt; or &lt;@lower&gt; &amp; co."


def test_a_moment_is_a_token_with_a_fallback_in_utc() -> None:
    at = datetime(2026, 12, 1, 9, 0, tzinfo=timezone(timedelta(hours=8)))
    assert texts.moment(at) == "<!date^1796086800^{date_short_pretty} {time}|2026-12-01 01:00 UTC>"
    assert texts.utc(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01 00:00 UTC"


@pytest.mark.parametrize(
    ("person", "said"),
    [
        ("U01ANA", "<@U01ANA>"),
        ("W01GRID", "<@W01GRID>"),
        ("S02ONCALL", "<!subteam^S02ONCALL>"),
        ("worker", "worker"),
        ("operator:<root>", "operator:&lt;root&gt;"),
        ("U01|<!channel>", "U01|&lt;!channel&gt;"),
    ],
)
def test_only_ids_become_mentions(person: str, said: str) -> None:
    assert texts.mention(person) == said
