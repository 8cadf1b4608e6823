"""The simulated Slack refuses what Slack refuses: every limit of Block Kit once, with Slack's words and pointer."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import BESIDE
from playground.slack_bot import actions, button, field_of, modal, option, plain, section

from bot.playground.slack.blocks import ON_SURFACE, check_blocks, check_view

SAMPLES = BESIDE / "slack_payloads" / "views"
SERVER_FIELDS = {"id", "team_id", "state", "hash", "root_view_id", "app_id", "bot_id", "previous_view_id"}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def select(**fields: Any) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "s", **fields}


def confirm(**fields: Any) -> dict[str, Any]:
    return {"title": plain("Sure?"), "text": plain("Really?"), "confirm": plain("Yes"), "deny": plain("No"), **fields}


OPTIONS = [option(f"o{index}") for index in range(101)]
MODAL_FIELDS: list[tuple[dict[str, Any], str]] = [
    (modal(section(), title=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
    (modal(section(), submit=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/submit/text]"),
    (modal(section(), close=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/close/text]"),
    (modal(section(), private_metadata="x" * 3001), "less than 3001 characters [json-pointer:/view/private_metadata]"),
    (modal(section(), callback_id="x" * 256), "must be less than 256 characters [json-pointer:/view/callback_id]"),
    (modal(section(), external_id="x" * 256), "must be less than 256 characters [json-pointer:/view/external_id]"),
    (modal(section(), title=mrkdwn("x")), "unsupported type: mrkdwn [json-pointer:/view/title/type]"),
    (modal(section(), colour="red"), "invalid additional property: colour [json-pointer:/view]"),
    (modal(*[section()] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
    ({"type": "modal", "title": plain("x"), "blocks": [field_of("datepicker")]}, "missing required field: submit"),
    ({"type": "modal", "blocks": []}, "missing required field: title [json-pointer:/view]"),
    ({"type": "home", "title": plain("x"), "blocks": []}, "invalid additional property: title [json-pointer:/view]"),
    ({"type": "dialog"}, "unsupported type: dialog [json-pointer:/view/type]"),
    (modal({"type": "markdown", "text": "x"}), "unsupported type: markdown is not supported in a modal"),
    (modal({"type": "table", "rows": [[{"type": "raw_text", "text": ""}]]}), "table is not supported in a modal"),
    ({"type": "home", "blocks": [{"type": "alert", "text": plain("x")}]}, "alert is not supported in a home"),
    (modal({"type": "alert", "text": plain("x" * 201)}), "must be less than 201 characters"),
    (modal(section(accessory=field_of("conversations_select", response_url_enabled=True)["element"])), "response_url"),
    (modal(field_of("datepicker", "a", focus_on_load=True), field_of("datepicker", "b", focus_on_load=True)), "focus"),
]
INPUTS: list[tuple[dict[str, Any], str]] = [
    (field_of("plain_text_input", "x" * 256), "must be less than 256 characters [json-pointer:/blocks/0/block_id]"),
    (field_of("plain_text_input", block={"label": plain("x" * 2001)}), "less than 2001 characters"),
    (field_of("plain_text_input", block={"label": mrkdwn("x")}), "unsupported type: mrkdwn"),
    (field_of("plain_text_input", block={"hint": plain("x" * 2001)}), "less than 2001 characters"),
    (field_of("plain_text_input", max_length=3001), "must be less than or equal to 3000"),
    (field_of("plain_text_input", min_length=3001), "must be less than or equal to 3000"),
    (field_of("plain_text_input", min_length=5, max_length=4), "must not be greater than max_length"),
    (field_of("plain_text_input", initial_value="x" * 3001), "must be less than 3001 characters"),
    (field_of("plain_text_input", placeholder=plain("x" * 151)), "must be less than 151 characters"),
    (field_of("plain_text_input", dispatch_action_config={"trigger_actions_on": ["on_blur"]}), "valid enum value"),
    (field_of("number_input"), "missing required field: is_decimal_allowed"),
    (field_of("number_input", is_decimal_allowed=False, min_value=3), "must provide a string"),
    (field_of("number_input", is_decimal_allowed=False, min_value="a"), "must be a number written as a string"),
    (field_of("number_input", is_decimal_allowed=False, initial_value="1.5"), "must be a whole number"),
    (field_of("number_input", is_decimal_allowed=True, min_value="9", max_value="10", initial_value="11"), "greater"),
    (field_of("datepicker", initial_date="2026-02-30"), "must be a valid date in the format YYYY-MM-DD"),
    (field_of("datepicker", initial_date="2026-2-3"), "must be a valid date in the format YYYY-MM-DD"),
    (field_of("timepicker", initial_time="24:00"), "must be a valid time in the format HH:mm"),
    (field_of("datetimepicker", initial_date_time=12), "must be greater than or equal to 1000000000"),
    (field_of("datetimepicker", initial_date_time="1700000000"), "must provide an integer"),
    (field_of("checkboxes", options=OPTIONS[:11]), "no more than 10 items allowed"),
    (field_of("radio_buttons", options=OPTIONS[:11]), "no more than 10 items allowed"),
    (field_of("radio_buttons", options=[]), "no fewer than 1 items allowed"),
    (field_of("radio_buttons", options=OPTIONS[:2], initial_option=option("o9")), "must match one of the options"),
    (field_of("checkboxes", options=OPTIONS[:2], initial_options=[option("o9")]), "must match one of the options"),
    (field_of("file_input", max_files=11), "must be less than or equal to 10"),
    (field_of("rich_text_input", min_lines=101), "must be less than or equal to 100"),
    (field_of("rich_text_input", min_lines=5, max_lines=4), "must not be greater than max_lines"),
    (field_of("telepathy_input"), "unsupported type: telepathy_input [json-pointer:/blocks/0/element/type]"),
    (field_of("button", text=plain("x")), "unsupported type: button [json-pointer:/blocks/0/element/type]"),
    (field_of("multi_users_select", max_selected_items=1, initial_users=["U1", "U2"]), "no more than 1 items"),
    (field_of("conversations_select", filter={"include": ["secret"]}), "must be a valid enum value"),
    (field_of("multi_channels_select", response_url_enabled=True), "additional property: response_url_enabled"),
]
BLOCKS: list[tuple[dict[str, Any], str]] = [
    ({"type": "nope"}, "unsupported type: nope [json-pointer:/blocks/0/type]"),
    ({}, "missing required field: type [json-pointer:/blocks/0]"),
    (section("x" * 3001), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    (section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ({"type": "section"}, "missing required field: text [json-pointer:/blocks/0]"),
    ({"type": "section", "fields": [plain("x")] * 11}, "no more than 10 items allowed [json-pointer:/blocks/0/fields]"),
    ({"type": "section", "fields": [plain("x" * 2001)]}, "less than 2001 characters"),
    (section(colour="red"), "invalid additional property: colour [json-pointer:/blocks/0]"),
    ({"type": "section", "text": plain("x") | {"verbatim": True}}, "invalid additional property: verbatim"),
    ({"type": "section", "text": mrkdwn("x") | {"emoji": True}}, "invalid additional property: emoji"),
    (section(accessory=field_of("plain_text_input")["element"]), "unsupported type: plain_text_input"),
    ({"type": "header", "text": plain("x" * 151)}, "must be less than 151 characters"),
    ({"type": "header", "text": mrkdwn("x")}, "unsupported type: mrkdwn"),
    ({"type": "context", "elements": [mrkdwn("x")] * 11}, "no more than 10 items allowed"),
    ({"type": "context", "elements": [button()]}, "unsupported type: button [json-pointer:/blocks/0/elements/0/type]"),
    (actions(*[button(f"b{index}") for index in range(26)]), "no more than 25 items allowed"),
    (actions(), "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]"),
    (actions(button("same"), button("same")), "`action_id` same already exists"),
    ({"type": "image", "image_url": "https://e.example/" + "x" * 3000, "alt_text": "x"}, "less than 3001 characters"),
    ({"type": "image", "image_url": "https://e.example/x", "alt_text": "x" * 2001}, "less than 2001 characters"),
    ({"type": "image", "image_url": "https://e.example/x"}, "missing required field: alt_text"),
    ({"type": "image", "alt_text": "x"}, "exactly one of: image_url, slack_file"),
    ({"type": "image", "image_url": "https://e.example/x", "alt_text": "x", "title": plain("x" * 2001)}, "2001"),
    ({"type": "markdown", "text": "x" * 12_001}, "must be less than 12001 characters"),
    ({"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * 101}, "no more than 100 items allowed"),
    ({"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 21]}, "no more than 20 items allowed"),
    ({"type": "card", "title": plain("x" * 151)}, "less than 151 characters"),
    ({"type": "card", "body": plain("x" * 201)}, "less than 201 characters"),
    ({"type": "carousel", "elements": [{}] * 11}, "no more than 10 items allowed"),
    ({"type": "container", "child_blocks": [{}] * 11}, "no more than 10 items allowed"),
    ({"type": "context_actions", "elements": [{}] * 6}, "no more than 5 items allowed"),
    (section(block_id="x" * 256), "must be less than 256 characters [json-pointer:/blocks/0/block_id]"),
]
ELEMENTS: list[tuple[dict[str, Any], str]] = [
    (button(text=plain("x" * 76)), "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"),
    (button(text=mrkdwn("x")), "unsupported type: mrkdwn"),
    (button(value="x" * 2001), "must be less than 2001 characters"),
    (button(url="https://e.example/" + "x" * 3000), "must be less than 3001 characters"),
    (button(style="green"), "must be a valid enum value: primary, danger"),
    (button(accessibility_label="x" * 76), "must be less than 76 characters"),
    (button("x" * 256), "must be less than 256 characters"),
    (button(colour="red"), "invalid additional property: colour"),
    (button(confirm=confirm(title=plain("x" * 101))), "must be less than 101 characters"),
    (button(confirm=confirm(text=plain("x" * 301))), "must be less than 301 characters"),
    (button(confirm=confirm(confirm=plain("x" * 31))), "must be less than 31 characters"),
    (button(confirm=confirm(deny=plain("x" * 31))), "must be less than 31 characters"),
    (button(confirm=confirm(style="green")), "must be a valid enum value"),
    (button(confirm={"title": plain("x")}), "missing required field: text"),
    (select(options=OPTIONS), "no more than 100 items allowed"),
    (select(), "must provide exactly one of: options, option_groups"),
    (select(options=[option("x" * 151) | {"text": plain("x")}]), "must be less than 151 characters"),
    (select(options=[{"text": plain("x" * 76), "value": "x"}]), "must be less than 76 characters"),
    (select(options=[option("x") | {"description": plain("x" * 76)}]), "must be less than 76 characters"),
    (select(options=[option("x") | {"url": "https://e.example"}]), "invalid additional property: url"),
    (select(options=[{"text": mrkdwn("x"), "value": "x"}]), "unsupported type: mrkdwn"),
    (select(options=OPTIONS[:2], initial_option=OPTIONS[3]), "must match one of the options"),
    (select(option_groups=[{"label": plain("x"), "options": OPTIONS[:1]}] * 101), "no more than 100 items allowed"),
    (select(option_groups=[{"label": plain("x" * 76), "options": OPTIONS[:1]}]), "must be less than 76 characters"),
    (select(option_groups=[{"label": plain("x"), "options": OPTIONS}]), "no more than 100 items allowed"),
    ({"type": "overflow", "action_id": "o", "options": OPTIONS[:6]}, "no more than 5 items allowed"),
    ({"type": "overflow", "action_id": "o", "options": []}, "no fewer than 1 items allowed"),
]


@pytest.mark.parametrize(("view", "sentence"), MODAL_FIELDS)
def test_a_view_beyond_a_limit_is_refused(view: dict[str, Any], sentence: str) -> None:
    assert any(sentence in str(complaint) for complaint in check_view(view))


@pytest.mark.parametrize(("block", "sentence"), INPUTS)
def test_an_input_beyond_a_limit_is_refused(block: dict[str, Any], sentence: str) -> None:
    assert any(sentence in str(complaint) for complaint in check_blocks([block], "modal"))


@pytest.mark.parametrize(("block", "sentence"), BLOCKS)
def test_a_block_beyond_a_limit_is_refused(block: dict[str, Any], sentence: str) -> None:
    assert any(sentence in str(complaint) for complaint in check_blocks([block], "message")) or any(
        sentence in str(complaint) for complaint in check_blocks([block], "modal")
    )


@pytest.mark.parametrize(("element", "sentence"), ELEMENTS)
def test_an_element_beyond_a_limit_is_refused(element: dict[str, Any], sentence: str) -> None:
    assert any(sentence in str(complaint) for complaint in check_blocks([actions(element)], "message"))


def test_a_message_takes_50_blocks_and_no_more() -> None:
    assert check_blocks([section()] * 50, "message") == []
    assert [str(complaint) for complaint in check_blocks([section()] * 51, "message")] == [
        "no more than 50 items allowed [json-pointer:/blocks]"
    ]


def test_a_block_id_that_is_used_twice_is_refused() -> None:
    twice = [section(block_id="b"), section(block_id="b")]
    assert [str(complaint) for complaint in check_blocks(twice, "message")] == [
        "`block_id` b already exists [json-pointer:/blocks/1/block_id]"
    ]


def test_blocks_without_ids_do_not_collide() -> None:
    assert check_blocks([section(), section()], "message") == []


def test_markdown_is_counted_over_all_blocks() -> None:
    half = {"type": "markdown", "text": "x" * 6_000}
    assert check_blocks([half, half], "message") == []
    assert check_blocks([half, half, half], "message")


def test_a_message_takes_one_table() -> None:
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
    assert check_blocks([table], "message") == []
    assert check_blocks([table, table], "message")


def test_table_rows_are_equally_wide() -> None:
    cell = {"type": "raw_text", "text": "x"}
    assert check_blocks([{"type": "table", "rows": [[cell, cell], [cell]]}], "message")


def test_a_file_input_stands_in_modals_only() -> None:
    assert check_blocks([field_of("file_input")], "modal") == []
    assert check_blocks([field_of("file_input")], "message")


def test_rich_text_is_looked_into() -> None:
    inside = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "<!channel>"}]}
    assert check_blocks([{"type": "rich_text", "elements": [inside]}], "message") == []
    inside = {"type": "rich_text_preformatted", "elements": [{"type": "text"}]}
    assert "missing required field: text" in str(check_blocks([{"type": "rich_text", "elements": [inside]}], "modal"))


def test_no_surface_takes_a_block_that_is_not_known() -> None:
    assert set().union(*ON_SURFACE.values()) == {
        "actions", "alert", "card", "carousel", "container", "context", "context_actions", "data_table",
        "data_visualization", "divider", "file", "header", "image", "input", "markdown", "plan", "rich_text",
        "section", "table", "task_card", "video",
    }  # fmt: skip


@given(st.text(min_size=1, max_size=3000))
def test_every_text_within_the_limit_is_taken(text: str) -> None:
    assert check_blocks([section(text)], "message") == []


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["type", "text", "elements", "element", "blocks", "rows"]), inner)
        ),
    )
)
def test_whatever_is_sent_is_judged_and_never_crashes(value: Any) -> None:
    assert isinstance(check_view({"type": "modal", "title": plain("x"), "blocks": value}), list)
    assert isinstance(
        check_blocks([{"type": "section", "text": value}, {"type": "input", "element": value}], "home"), list
    )


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the collection of real payloads is not beside this checkout")
def test_the_views_of_slacks_own_sdk_are_taken() -> None:
    for path in sorted(SAMPLES.glob("*.json")):
        view = {name: value for name, value in json.loads(path.read_text()).items() if name not in SERVER_FIELDS}
        if view["type"] == "home":
            view = {name: value for name, value in view.items() if not name.endswith("_on_close")}
        assert check_view(view) == [], path.name
