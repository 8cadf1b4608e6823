"""What somebody reads in a message or a view."""

import pytest

from bot.playground.cast import ANA, APPROVALS, BOT, CAST, ONCALL
from bot.playground.reading import buttons, elements, names_of, plain, read
from bot.playground.slack.schema import Json
from bot.playground.slack.world import Message, View

NAMES = names_of(CAST)
BLOCKS: list[Json] = [
    {"type": "header", "text": {"type": "plain_text", "text": "Push: *sent*"}},
    {"type": "section", "fields": [{"type": "mrkdwn", "text": "*Asked by*\n<@U01ANA>\nyesterday"}]},
    {
        "type": "section",
        "text": {"type": "mrkdwn", "text": "*Android*: accepted\n\n  in time "},
        "accessory": {"type": "button", "action_id": "details", "text": {"type": "plain_text", "text": "Details"}},
    },
    {"type": "divider"},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": "recall", "text": {"type": "plain_text", "text": "Recall"}},
            {"type": "static_select", "action_id": "why", "options": []},
        ],
    },
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "small"}, {"type": "plain_text", "text": "print"}]},
    {
        "type": "input",
        "label": {"type": "plain_text", "text": "Why"},
        "element": {"type": "plain_text_input", "action_id": "input"},
    },
]
MESSAGE = Message(APPROVALS.id, "1.0", BOT.id, "Push: sent", blocks=BLOCKS)


@pytest.mark.parametrize(
    ("mrkdwn", "words"),
    [
        ("*bold*, _leaning_, ~struck~ and `code`", "bold, leaning, struck and code"),
        ("*_both_*", "both"),
        ("2 * 3 * 4, snake_case_name, a*b*c", "2 * 3 * 4, snake_case_name, a*b*c"),
        ("<@U01ANA> and <!subteam^S02ONCALL> in <#C0123APPROVE>", "Ana Alves and @oncall in #approvals"),
        ("<@U99NOBODY>, <!here>", "@U99NOBODY, !here"),
        ("until <!date^1796000000^{time}|08:53 UTC>", "until 08:53 UTC"),
        ("<https://example.com|the page>, <https://example.com>", "the page, https://example.com"),
        ("R&amp;D &lt;at work&gt;", "R&D <at work>"),
        ("&lt;@U01ANA&gt; is no mention", "<@U01ANA> is no mention"),
    ],
)
def test_marks_go_and_tokens_become_what_people_see(mrkdwn: str, words: str) -> None:
    assert plain(mrkdwn, NAMES) == words


def test_a_message_is_read_from_its_top_line_by_line() -> None:
    assert read(MESSAGE, NAMES) == [
        "Push: *sent*",  # plain text is shown as it is
        "Asked by: Ana Alves; yesterday",
        "Android: accepted",
        "in time",
        "small",
        "print",
        "Why",
    ]


def test_the_table_of_facts_can_be_left_out() -> None:
    assert "Asked by: Ana Alves; yesterday" not in read(MESSAGE, NAMES, facts=False)
    assert len(read(MESSAGE, NAMES, facts=False)) == len(read(MESSAGE, NAMES)) - 1


def test_a_message_without_blocks_is_its_text() -> None:
    assert read(Message(APPROVALS.id, "1.0", ANA.id, "*Hello* <@U02BO>"), NAMES) == ["Hello Bo Berg"]


def test_what_can_be_pressed_or_filled_in_is_found_wherever_it_stands() -> None:
    assert [element["action_id"] for element in elements(MESSAGE)] == ["details", "recall", "why", "input"]
    assert buttons(MESSAGE) == ["Details", "Recall"]


@pytest.mark.parametrize("submit", [{"type": "plain_text", "text": "Ask"}, None])
def test_the_submit_button_of_a_view_comes_last(submit: Json | None) -> None:
    content = {"type": "modal", "title": {"type": "plain_text", "text": "New"}, "blocks": BLOCKS, "submit": submit}
    view = View("V1", ANA.id, content, "hash", "V1")
    assert buttons(view) == ["Details", "Recall", *(["Ask"] if submit else [])]
    assert read(view, NAMES)[0] == "Push: *sent*"


def test_everybody_in_the_cast_has_a_name() -> None:
    assert {NAMES[ANA.id], NAMES[BOT.id], NAMES[ONCALL.id], NAMES[APPROVALS.id]} == {
        "Ana Alves", "Broadcast", "@oncall", "#approvals",
    }  # fmt: skip
