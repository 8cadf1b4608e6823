"""Forms in the simulated Slack: what Slack's client checks itself, and what each answer of the bot does to the form."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playground.slack_bot import ScriptedBot, actions, button, field_of, modal, option, plain, section, trigger
from slack_sdk import WebClient

from bot.playground.cast import ANA, BO, GENERAL
from bot.playground.slack.parts import TROUBLE
from bot.playground.slack.refusal import CannotDo
from bot.playground.slack.sim import SlackSim
from bot.playground.slack.state import REQUIRED, filled, first_state, held, objections
from bot.playground.slack.world import View

TITLE = field_of("plain_text_input", "title", max_length=5, min_length=2)
NUMBER = field_of("number_input", is_decimal_allowed=True, min_value="2", max_value="8")
Opened = Callable[..., View]


@pytest.fixture
def opened(sim: SlackSim) -> Opened:
    web = WebClient(sim.bot_token, base_url=sim.api_url)

    def open_view(*blocks: dict[str, Any], **fields: Any) -> View:
        web.views_open(trigger_id=trigger(sim, channel=GENERAL.id), view=modal(*blocks, **fields))
        return sim.view(ANA.id)

    return open_view


@pytest.mark.parametrize(
    ("block", "value", "sentence"),
    [
        (TITLE, "", REQUIRED),
        (TITLE, "x", "Please enter at least 2 characters."),
        (TITLE, "x" * 6, "Please enter no more than 5 characters."),
        (field_of("number_input", is_decimal_allowed=False), "1.5", "Please enter a valid number."),
        (field_of("number_input", is_decimal_allowed=True), "many", "Please enter a valid number."),
        (NUMBER, "1", "Please enter a number that is 2 or more."),
        (NUMBER, "9", "Please enter a number that is 8 or less."),
        (field_of("email_text_input"), "ana", "Please enter a valid email address."),
        (field_of("url_text_input"), "example.com", "Please enter a valid URL."),
    ],
)
def test_slacks_client_holds_a_form_back(
    sim: SlackSim, bot: ScriptedBot, opened: Opened, block: dict[str, Any], value: str, sentence: str
) -> None:
    view = opened(block)
    sim.type(ANA.id, view, block["block_id"], value)
    deed = sim.submit(ANA.id, view)
    assert (deed.sent, deed.problems) == (False, {block["block_id"]: sentence})
    assert bot.received == []


def test_what_is_filled_in_arrives_with_the_submission(sim: SlackSim, bot: ScriptedBot, opened: Opened) -> None:
    view = opened(
        TITLE,
        field_of("static_select", "target", options=[option("live"), option("test")]),
        field_of("checkboxes", "platforms", options=[option("ios"), option("android")]),
        field_of("datetimepicker", "at"),
        field_of("users_select", "who"),
        field_of("number_input", "hours", is_decimal_allowed=False),
        field_of("plain_text_input", "note", block={"optional": True}),
        private_metadata="r-7",
    )
    sim.type(ANA.id, view, "title", "Sale")
    sim.choose(ANA.id, view, "target", "test")
    sim.choose(ANA.id, view, "platforms", ["ios", "android"])
    sim.pick(ANA.id, view, "at", 1_800_000_000)
    sim.pick(ANA.id, view, "who", BO.id)
    sim.type(ANA.id, view, "hours", "3")
    assert sim.submit(ANA.id, view).acked
    values = bot.last["view"]["state"]["values"]
    assert values["title"]["title"] == {"type": "plain_text_input", "value": "Sale"}
    assert values["target"]["target"]["selected_option"]["value"] == "test"
    assert [one["value"] for one in values["platforms"]["platforms"]["selected_options"]] == ["ios", "android"]
    assert values["at"]["at"]["selected_date_time"] == 1_800_000_000
    assert values["who"]["who"]["selected_user"] == BO.id
    assert values["hours"]["hours"]["value"] == "3"
    assert values["note"]["note"]["value"] is None
    assert bot.last["view"]["private_metadata"] == "r-7"
    assert sim.views(ANA.id) == []


def test_nothing_can_be_filled_in_that_the_element_does_not_offer(sim: SlackSim, opened: Opened) -> None:
    view = opened(field_of("static_select", "target", options=[option("live")]), field_of("datepicker", "day"), TITLE)
    for deed in (
        lambda: sim.choose(ANA.id, view, "target", "moon"),
        lambda: sim.pick(ANA.id, view, "day", "tomorrow"),
        lambda: sim.type(ANA.id, view, "target", "live"),
        lambda: sim.choose(ANA.id, view, "title", "live"),
        lambda: sim.press(ANA.id, view, "title"),
        lambda: sim.type(BO.id, view, "title", "x"),
        lambda: sim.load_options(ANA.id, view, "target", "live"),
    ):
        with pytest.raises(CannotDo):
            deed()


def test_errors_are_shown_below_their_inputs_until_they_are_touched(
    sim: SlackSim, bot: ScriptedBot, opened: Opened
) -> None:
    view = opened(TITLE)
    sim.type(ANA.id, view, "title", "Sale")
    bot.answer = lambda _: {"response_action": "errors", "errors": {"title": "Too plain."}}
    assert sim.submit(ANA.id, view).problems == {"title": "Too plain."}
    assert sim.view(ANA.id).errors == {"title": "Too plain."}
    sim.type(ANA.id, view, "title", "Sail")
    assert sim.view(ANA.id).errors == {}


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "errors", "errors": {"words": "a section takes no errors"}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "update"},
        {"response_action": "explode"},
        {"hello": "world"},
        "a text",
        500,
    ],
)
def test_an_answer_slack_cannot_follow_is_trouble(sim: SlackSim, bot: ScriptedBot, opened: Opened, answer: Any) -> None:
    view = opened(section(block_id="words"))
    bot.answer = lambda _: answer
    assert sim.submit(ANA.id, view).failure == TROUBLE
    assert sim.view(ANA.id).id == view.id


def test_an_answer_can_update_push_and_clear(sim: SlackSim, bot: ScriptedBot, opened: Opened) -> None:
    view = opened(section())
    bot.answer = lambda _: {"response_action": "update", "view": modal(section("new"))}
    sim.submit(ANA.id, view)
    assert (sim.view(ANA.id).id, sim.view(ANA.id).blocks[0]["text"]["text"]) == (view.id, "new")
    assert sim.view(ANA.id).hash != view.hash
    bot.answer = lambda _: {"response_action": "push", "view": modal(section("preview"), title=plain("Preview"))}
    sim.submit(ANA.id, view)
    assert [one.title for one in sim.views(ANA.id)] == ["A form", "Preview"]
    assert sim.view(ANA.id).previous_id == view.id
    with pytest.raises(CannotDo, match="lies on top"):
        sim.submit(ANA.id, view)
    sim.submit(ANA.id, sim.view(ANA.id))
    assert sim.submit(ANA.id, sim.view(ANA.id)).failure == TROUBLE
    bot.answer = lambda _: {"response_action": "clear"}
    sim.submit(ANA.id, sim.view(ANA.id))
    assert sim.views(ANA.id) == []


def test_an_empty_answer_closes_one_view(sim: SlackSim, bot: ScriptedBot, opened: Opened) -> None:
    opened(section())
    bot.answer = lambda _: {"response_action": "push", "view": modal(section())}
    sim.submit(ANA.id, sim.view(ANA.id))
    bot.answer = lambda _: None
    sim.submit(ANA.id, sim.view(ANA.id))
    assert len(sim.views(ANA.id)) == 1


def test_closing_is_told_when_the_view_asks_for_it(sim: SlackSim, bot: ScriptedBot, opened: Opened) -> None:
    view = opened(TITLE, notify_on_close=True)
    sim.type(ANA.id, view, "title", "Sale")
    assert sim.close(ANA.id, view).acked
    assert (bot.last["type"], bot.last["is_cleared"]) == ("view_closed", False)
    assert bot.last["view"]["state"] == {"values": {}}
    assert sim.close(ANA.id, opened(TITLE)).sent is False
    with pytest.raises(CannotDo, match="does not have that view open"):
        sim.close(ANA.id, view)


def test_the_x_closes_the_whole_stack(sim: SlackSim, bot: ScriptedBot, opened: Opened) -> None:
    opened(section(), notify_on_close=True)
    bot.answer = lambda _: {"response_action": "push", "view": modal(section(), notify_on_close=True)}
    sim.submit(ANA.id, sim.view(ANA.id))
    bot.answer = lambda _: None
    sim.close(ANA.id, sim.view(ANA.id), clear=True)
    assert [one.payload["is_cleared"] for one in bot.received[1:]] == [True, True]
    assert sim.views(ANA.id) == []


def test_only_a_dispatching_input_tells_the_bot_at_once(sim: SlackSim, bot: ScriptedBot, opened: Opened) -> None:
    on_each = {"trigger_actions_on": ["on_character_entered"]}
    view = opened(
        field_of("plain_text_input", "quiet"),
        field_of("plain_text_input", "enter", block={"dispatch_action": True}),
        field_of("plain_text_input", "each", block={"dispatch_action": True}, dispatch_action_config=on_each),
        field_of("radio_buttons", "target", block={"dispatch_action": True}, options=[option("live"), option("test")]),
        actions({"type": "datepicker", "action_id": "day"}, button("more")),
    )
    assert not sim.type(ANA.id, view, "quiet", "a", enter=True).sent
    assert not sim.type(ANA.id, view, "enter", "a").sent
    assert sim.type(ANA.id, view, "enter", "ab", enter=True).sent
    assert sim.type(ANA.id, view, "each", "a").sent
    assert sim.choose(ANA.id, view, "target", "live").sent
    assert sim.pick(ANA.id, view, "day", "2026-12-01").sent
    assert sim.press(ANA.id, view, "more").sent
    assert [one.payload["actions"][0]["action_id"] for one in bot.received] == [
        "enter",
        "each",
        "target",
        "day",
        "more",
    ]
    assert bot.last["view"]["state"]["values"]["quiet"]["quiet"]["value"] == "a"


def test_options_are_searched_for_and_then_chosen(sim: SlackSim, bot: ScriptedBot, opened: Opened) -> None:
    view = opened(field_of("external_select", "template"))
    bot.answer = lambda _: {"options": [option("outage"), option("recall")]}
    assert not sim.load_options(ANA.id, view, "template", "ou").sent
    with pytest.raises(CannotDo, match="There is no option"):
        sim.choose(ANA.id, view, "template", "outage")
    deed = sim.load_options(ANA.id, view, "template", "out")
    assert [one["value"] for one in deed.options] == ["outage", "recall"]
    assert (bot.last["type"], bot.last["value"]) == ("block_suggestion", "out")
    sim.choose(ANA.id, view, "template", "outage")
    assert sim.filled_in(view)["template"]["template"]["selected_option"]["value"] == "outage"


def test_what_is_chosen_stays_chosen_when_somebody_searches_again(
    sim: SlackSim, bot: ScriptedBot, opened: Opened
) -> None:
    view = opened(field_of("multi_external_select", "template", min_query_length=0))
    for found, chosen in (("outage", ["outage"]), ("recall", ["outage", "recall"])):
        bot.answer = lambda _, value=found: {"options": [option(value)]}
        sim.load_options(ANA.id, view, "template", found)
        sim.choose(ANA.id, view, "template", chosen)
    selected = sim.filled_in(view)["template"]["template"]["selected_options"]
    assert [one["value"] for one in selected] == ["outage", "recall"]


@pytest.mark.parametrize(
    "answer",
    [None, {"options": [option("x")] * 101}, {"options": [{"text": "x"}]}, {"options": [], "option_groups": []}, 500],
)
def test_options_slack_would_not_take_are_no_options(
    sim: SlackSim, bot: ScriptedBot, opened: Opened, answer: Any
) -> None:
    view = opened(field_of("external_select", "template", min_query_length=0))
    bot.answer = lambda _: answer
    deed = sim.load_options(ANA.id, view, "template", "")
    assert (deed.options, deed.failure) == ([], "No results")


def test_grouped_options_are_offered_one_by_one(sim: SlackSim, bot: ScriptedBot, opened: Opened) -> None:
    view = opened(field_of("external_select", "template", min_query_length=0))
    bot.answer = lambda _: {"option_groups": [{"label": plain("all"), "options": [option("a"), option("b")]}]}
    assert [one["value"] for one in sim.load_options(ANA.id, view, "template", "").options] == ["a", "b"]


def test_a_conversation_select_starts_where_the_command_was_typed_and_brings_a_response_url(
    sim: SlackSim, bot: ScriptedBot, opened: Opened
) -> None:
    element = {"default_to_current_conversation": True, "response_url_enabled": True}
    view = opened(field_of("conversations_select", "where", **element))
    sim.submit(ANA.id, view)
    url = bot.last["response_urls"][0]
    assert (url["channel_id"], url["block_id"], url["action_id"]) == (GENERAL.id, "where", "where")


def test_a_view_without_a_submit_button_is_not_submitted(sim: SlackSim, opened: Opened) -> None:
    opened(section())
    web = WebClient(sim.bot_token, base_url=sim.api_url)
    bare = {"type": "modal", "title": plain("Wait"), "blocks": [section()]}
    web.views_update(view_id=sim.view(ANA.id).id, view=bare)
    with pytest.raises(CannotDo, match="no submit button"):
        sim.submit(ANA.id, sim.view(ANA.id))


@given(st.text(max_size=10))
def test_what_is_typed_is_what_is_held(text: str) -> None:
    element = {"type": "plain_text_input", "action_id": "a"}
    assert held(filled(element, text)) == (text or None)


@given(st.lists(st.sampled_from(["a", "b", "c"]), unique=True), st.booleans())
def test_a_form_is_held_back_exactly_when_something_required_is_empty(chosen: list[str], optional: bool) -> None:
    options = [option(value) for value in "abc"]
    block = field_of("checkboxes", "boxes", options=options, block={"optional": optional})
    values = first_state([block])
    values["boxes"]["boxes"] = filled(block["element"], chosen)
    assert bool(objections([block], values)) == (not chosen and not optional)
