import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackObjectFormationError

from bot.views import blocks


def test_outside_text_is_plain_and_its_emoji_names_stay_words() -> None:
    assert blocks.shown("<!channel> :tada:").to_dict() == {
        "type": "plain_text",
        "text": "<!channel> :tada:",
        "emoji": False,
    }


@pytest.mark.parametrize("text", ["", "  ", "\n\t"])
def test_an_empty_text_is_said_to_be_empty_because_slack_refuses_it(text: str) -> None:
    assert blocks.shown(text).to_dict()["text"] == "(empty)"
    assert [each["text"] for each in blocks.dicts(blocks.verbatim(text))] == [blocks.shown("").to_dict()]


def test_mrkdwn_links_nothing_by_itself() -> None:
    assert blocks.marked("*x*").to_dict() == {"type": "mrkdwn", "text": "*x*", "verbatim": True}


@given(text=st.text(min_size=1, max_size=50).filter(str.strip), times=st.integers(1, 300))
def test_a_long_text_is_shown_whole_in_several_sections(text: str, times: int) -> None:
    whole = text * times
    sections = blocks.verbatim(whole, 40_000)  # a character beyond the first plane counts twice, as in Slack
    shown = [section.to_dict()["text"]["text"] for section in sections]
    assert "".join(shown).split() == whole.split()
    assert all(len(part) <= 3000 for part in shown)


def test_an_option_s_words_are_cut_but_never_its_value() -> None:
    assert blocks.option("x" * 100, "y" * 150).to_dict()["text"]["text"] == "x" * 74 + "…"
    with pytest.raises(SlackObjectFormationError):
        blocks.option("x", "y" * 151).to_dict()


def test_an_initial_option_is_one_of_the_options_or_none() -> None:
    options = [blocks.option("One", "1"), blocks.option("Two", "2")]
    assert blocks.chosen(options, "2") is options[1]
    assert blocks.chosen(options, "3") is None
    assert blocks.chosen(options, None) is None


def test_a_message_has_its_fallback_and_its_blocks() -> None:
    message = blocks.message("Words", [blocks.section("*Words*")])
    assert message.text == "Words"
    assert message.blocks == [{"type": "section", "text": {"type": "mrkdwn", "text": "*Words*", "verbatim": True}}]
    assert blocks.weight([blocks.section("*Words*")]) > len("*Words*")


def test_a_modal_can_always_be_closed() -> None:
    view = blocks.modal("loading", "A title of more than 24 characters", [blocks.section("x")])
    assert view["close"] == {"type": "plain_text", "text": "Close", "emoji": True}
    assert view["title"] == {"type": "plain_text", "text": "A title of more than 24…", "emoji": True}
