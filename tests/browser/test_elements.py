"""Every kind of input of Block Kit, filled in by keyboard and mouse; what counts is what the simulated Slack holds."""

from collections.abc import Callable, Iterator

import pytest
from browser.forms import Form, Json, button, buttons, field, options, words
from playwright.sync_api import Page, expect

from bot.playground.cast import ANA, BO, BOT, BROADCASTS, CHEN, DANA, DEX, GENERAL, PARTNERS, SECRET
from bot.playground.stage import Stage

Open = Callable[..., Form]


@pytest.fixture(scope="module")
def stage_rules() -> Json:
    """No bot is needed: what it would be told is in the journal."""
    return {"processes": ()}


@pytest.fixture
def open_form(stage: Stage, open_page: Callable[..., Page]) -> Iterator[Open]:
    """Open a form of the test's own in a window of Ana's."""
    forms: list[Form] = []

    def opened(*blocks: Json, user: str = ANA.id, **more: object) -> Form:
        forms.append(Form(stage, open_page(user, prefer={"tour": {"shown": False}}), *blocks, user=user, **more))
        return forms[-1]

    yield opened
    for form in forms:
        for view in stage.slack.views(form.user):
            stage.slack.close(form.user, view, clear=True)


def test_a_select_is_searched_and_chosen_by_keyboard(open_form: Open) -> None:
    fruit = [{"label": words("Fruit"), "options": options("apple", "banana")}]
    roots = [{"label": words("Roots"), "options": options("beet", "carrot")}]
    form = open_form(field("food", "static_select", option_groups=fruit + roots))
    food = form.input("food")
    food.press("ArrowDown")
    expect(form.dialog.get_by_role("group", name="Roots").get_by_role("option")).to_have_text(["Beet", "Carrot"])
    food.press_sequentially("car")
    expect(form.dialog.get_by_role("option")).to_have_text(["Carrot"])
    food.press("Enter")
    form.holds("food", selected_option=options("carrot")[0] | {"text": words("Carrot") | {"emoji": True}})
    expect(food).to_have_value("Carrot")
    food.press("ArrowDown")
    food.press("Escape")
    expect(form.dialog).to_be_visible()
    expect(form.dialog.get_by_role("option")).to_have_count(0)


def test_an_optional_select_can_be_cleared(open_form: Open) -> None:
    first, second = options("one", "two")
    form = open_form(field("number", "static_select", optional=True, options=[first, second], initial_option=second))
    expect(form.input("number")).to_have_value("Two")
    form.block("number").get_by_role("button", name="Clear the choice").click()
    form.holds("number", selected_option=None)
    expect(form.input("number")).to_have_value("")


def test_several_options_are_chosen_dropped_and_limited(open_form: Open) -> None:
    form = open_form(field("days", "multi_static_select", options=options("mon", "tue", "wed"), max_selected_items=2))
    days = form.input("days")
    days.click()
    form.dialog.get_by_role("option", name="Mon").click()
    form.dialog.get_by_role("option", name="Tue").click()
    expect(form.dialog.get_by_role("option", name="Wed")).to_have_attribute("aria-disabled", "true")
    form.stage.slack.wait_until(lambda: values_of(form, "days") == ["mon", "tue"])
    days.press("Backspace")
    form.stage.slack.wait_until(lambda: values_of(form, "days") == ["mon"])
    form.dialog.get_by_role("option", name="Wed").click()
    form.block("days").get_by_role("button", name="Remove Mon").click()
    form.stage.slack.wait_until(lambda: values_of(form, "days") == ["wed"])
    expect(form.block("days").locator(".el-token-text")).to_have_text(["Wed"])


def values_of(form: Form, block_id: str) -> list[str]:
    return [option["value"] for option in form.held(block_id)["selected_options"]]


def test_people_and_channels_are_offered_by_slack_itself(open_form: Open) -> None:
    form = open_form(
        field("who", "users_select"),
        field("crowd", "multi_users_select", initial_users=[CHEN.id]),
        field("where", "channels_select"),
        field("wheres", "multi_channels_select"),
        field("talk", "conversations_select", filter={"include": ["private", "im"], "exclude_bot_users": True}),
        field("home", "conversations_select", default_to_current_conversation=True),
        field("inside", "multi_conversations_select", filter={"exclude_external_shared_channels": True}),
    )
    form.input("who").click()
    expect(form.dialog.get_by_role("option", name=DEX.real_name)).to_have_count(0)
    form.dialog.get_by_role("option", name=BO.real_name).click()
    form.holds("who", selected_user=BO.id)
    fill(form, "crowd", DANA.real_name)
    form.holds("crowd", selected_users=[CHEN.id, DANA.id])
    form.input("where").click()
    expect(form.dialog.get_by_role("option", name=SECRET.name)).to_have_count(0)
    form.dialog.get_by_role("option", name=BROADCASTS.name).click()
    form.holds("where", selected_channel=BROADCASTS.id)
    fill(form, "wheres", GENERAL.name)
    form.holds("wheres", selected_channels=[GENERAL.id])
    form.input("talk").click()
    expect(form.dialog.get_by_role("option", name=GENERAL.name)).to_have_count(0)
    expect(form.dialog.get_by_role("option", name=BOT.real_name)).to_have_count(0)
    form.dialog.get_by_role("option", name=SECRET.name).click()
    form.holds("talk", selected_conversation=SECRET.id)
    form.holds("home", selected_conversation=GENERAL.id)
    expect(form.input("home")).to_have_value(f"# {GENERAL.name}")
    form.input("inside").click()
    expect(form.dialog.get_by_role("option", name=PARTNERS.name)).to_have_count(0)


def fill(form: Form, block_id: str, typed: str) -> None:
    form.input(block_id).press_sequentially(typed)
    form.input(block_id).press("Enter")
    form.input(block_id).press("Escape")


def test_days_and_times_have_slacks_form(open_form: Open) -> None:
    form = open_form(
        field("day", "datepicker"),
        field("time", "timepicker", timezone="Asia/Tokyo"),
        field("moment", "datetimepicker", initial_date_time=1_782_000_000),
    )
    form.input("day").fill("2026-12-01")
    form.holds("day", selected_date="2026-12-01")
    form.input("time").fill("09:05")
    form.holds("time", selected_time="09:05", timezone="Asia/Tokyo")
    expect(form.block("time")).to_contain_text("Asia/Tokyo")
    moment = form.block("moment")
    expect(moment.get_by_label("Date")).to_have_value("2026-06-21")  # 00:00 UTC is 02:00 in Berlin, where Ana is
    expect(moment.get_by_label("Time")).to_have_value("02:00")
    moment.get_by_label("Date").fill("2026-12-01")
    moment.get_by_label("Time").fill("09:00")
    form.holds("moment", selected_date_time=1_796_112_000)  # 08:00 UTC


def test_a_moment_is_read_in_the_zone_of_whoever_looks(open_form: Open) -> None:
    form = open_form(field("moment", "datetimepicker"), user=CHEN.id, title="北京")
    group = form.dialog.get_by_role("group", name="moment")
    group.get_by_label("日期").fill("2026-12-01")
    group.get_by_label("时间").fill("09:00")
    form.holds("moment", selected_date_time=1_796_086_800)  # 01:00 UTC


def test_half_a_moment_is_not_sent(open_form: Open) -> None:
    form = open_form(field("moment", "datetimepicker", optional=True))
    form.block("moment").get_by_label("Date").fill("2026-12-01")
    form.dialog.get_by_role("button", name="Send").click()
    expect(form.block("moment")).to_contain_text("Please enter both a whole date and a time.")
    assert form.deliveries("view_submission") == []


def test_a_year_that_is_being_typed_is_no_day_yet(open_form: Open) -> None:
    form = open_form(buttons({"type": "datepicker", "action_id": "day"}))
    day = form.dialog.locator("input[type=date]")
    day.focus()
    day.press_sequentially("12012026")
    day.press("Enter")
    form.stage.slack.wait_until(form.deliveries)
    expect(day).to_have_value("2026-12-01")
    assert [one["actions"][0]["selected_date"] for one in form.deliveries()] == ["2026-12-01"]


def test_boxes_and_radio_buttons_keep_every_click(open_form: Open) -> None:
    described = [{**option, "description": words("more about it")} for option in options("low", "high")]
    form = open_form(
        field("toppings", "checkboxes", options=options("salt", "oil", "herbs")),
        field("heat", "radio_buttons", options=described, initial_option=described[0]),
    )
    for name in ("Herbs", "Salt", "Oil", "Oil"):  # faster than any answer
        form.block("toppings").get_by_label(name).click()
    form.stage.slack.wait_until(lambda: values_of(form, "toppings") == ["salt", "herbs"])
    expect(form.block("toppings").get_by_role("checkbox", checked=True)).to_have_count(2)
    low = form.dialog.get_by_role("radiogroup", name="heat").get_by_label("Low")
    expect(low).to_be_checked()
    expect(low).to_have_accessible_description("more about it")
    low.press("ArrowDown")
    form.stage.slack.wait_until(lambda: form.held("heat")["selected_option"]["value"] == "high")


def test_texts_are_told_when_the_field_is_left(open_form: Open) -> None:
    form = open_form(
        field("short", "plain_text_input", placeholder=words("Say it")),
        field("long", "plain_text_input", multiline=True, max_length=20),
        field("mail", "email_text_input"),
        field("address", "url_text_input"),
        field("count", "number_input", is_decimal_allowed=True),
        field("rich", "rich_text_input"),
        field("papers", "file_input", optional=True),
    )
    typed = {"short": "Grüße 🚢", "mail": "ana@example.com", "address": "https://example.com/x", "count": "-2.5"}
    expect(form.dialog.get_by_placeholder("Say it")).to_be_focused()
    for block_id, text in typed.items():
        form.input(block_id).press_sequentially(text)
    form.input("long").press_sequentially("one")
    form.input("long").press("Enter")
    form.input("long").press_sequentially("two 🚢")
    expect(form.block("long").locator(".el-left")).to_have_text("11")
    form.input("rich").press_sequentially("rich")
    form.input("short").focus()
    for block_id, text in typed.items():
        form.holds(block_id, value=text)
    form.holds("long", value="one\ntwo 🚢")
    line = {"type": "rich_text_section", "elements": [{"type": "text", "text": "rich"}]}
    form.holds("rich", rich_text_value={"type": "rich_text", "elements": [line]})
    expect(form.block("papers")).to_contain_text("This playground does not imitate it.")
    assert form.deliveries() == []


def test_a_text_that_dispatches_is_told_while_it_is_typed(open_form: Open) -> None:
    config = {"trigger_actions_on": ["on_character_entered"]}
    form = open_form(field("query", "plain_text_input", dispatch=True, dispatch_action_config=config))
    form.input("query").press_sequentially("mag", delay=20)
    form.stage.slack.wait_until(form.deliveries)
    assert [one["actions"][0]["value"] for one in form.deliveries()] == ["mag"]
    expect(form.input("query")).to_be_focused()


def test_enter_is_told_where_it_dispatches_and_submits_elsewhere(open_form: Open) -> None:
    form = open_form(field("line", "plain_text_input", dispatch=True), field("last", "plain_text_input"))
    expect(form.block("line")).to_contain_text("Press Enter")
    form.input("line").press_sequentially("now")
    form.input("line").press("Enter")
    form.stage.slack.wait_until(form.deliveries)
    assert form.deliveries()[0]["actions"][0]["value"] == "now"
    form.input("last").press_sequentially("done")
    form.input("last").press("Enter")
    form.stage.slack.wait_until(lambda: form.deliveries("view_submission"))
    values = form.deliveries("view_submission")[0]["view"]["state"]["values"]
    assert values["last"]["it"]["value"] == "done"


def test_a_confirmation_is_asked_before_anything_is_sent(open_form: Open) -> None:
    sure = {"title": words("Sure?"), "text": words("It is final."), "confirm": words("Do it"), "deny": words("Back")}
    radio = {"type": "radio_buttons", "action_id": "pick", "options": options("one", "two"), "confirm": sure}
    form = open_form(buttons(button("go", style="danger", value="v1", confirm=sure), radio))
    go = form.dialog.locator('[data-action="go"]')
    question = form.page.get_by_role("dialog", name="Sure?")
    go.click()
    expect(question).to_have_accessible_description("It is final.")
    form.page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    expect(go).to_be_focused()
    form.dialog.get_by_label("Two").click()
    question.get_by_role("button", name="Back").click()
    expect(form.dialog.get_by_label("Two")).not_to_be_checked()
    assert form.deliveries() == []
    go.press("Enter")
    question.get_by_role("button", name="Do it").click()
    form.stage.slack.wait_until(form.deliveries)
    assert [(one["actions"][0]["action_id"], one["actions"][0]["value"]) for one in form.deliveries()] == [("go", "v1")]


def test_an_overflow_menu_is_walked_by_keyboard(open_form: Open) -> None:
    form = open_form(buttons({"type": "overflow", "action_id": "more", "options": options("edit", "copy", "drop")}))
    more = form.dialog.get_by_role("button", name="More actions")
    more.press("ArrowUp")
    expect(form.dialog.get_by_role("menuitem", name="Drop")).to_be_focused()
    form.page.keyboard.press("Escape")
    expect(more).to_be_focused()
    more.press("Enter")
    expect(form.dialog.get_by_role("menuitem", name="Edit")).to_be_focused()
    form.page.keyboard.press("c")
    expect(form.dialog.get_by_role("menuitem", name="Copy")).to_be_focused()
    form.page.keyboard.press("Enter")
    form.stage.slack.wait_until(form.deliveries)
    assert form.deliveries()[0]["actions"][0]["selected_option"]["value"] == "copy"


def test_a_press_that_nobody_answers_says_so_beside_the_button(open_form: Open) -> None:
    form = open_form(buttons(button("go"), button("stay")))
    form.stage.slack.connect_http("http://127.0.0.1:9/")  # the discard port: nobody listens
    try:
        form.dialog.locator('[data-action="go"]').click()
        expect(form.dialog.get_by_role("alert").filter(has_text="trouble connecting")).to_be_visible()
    finally:
        form.stage.slack.disconnect_http()
    expect(form.dialog.locator('[data-action="go"]')).to_have_attribute("aria-disabled", "false")


def test_a_button_with_an_address_opens_it_and_tells_the_bot(open_form: Open, stage: Stage) -> None:
    address = f"{stage.slack.address}/?as={BO.id}"
    form = open_form(buttons(button("go", url=address), button("nowhere", url="javascript:alert(1)")))
    with form.page.context.expect_page() as opened:
        form.dialog.get_by_role("link", name="go").click()
    assert opened.value.url == address
    stage.slack.wait_until(form.deliveries)
    assert form.deliveries()[0]["actions"][0]["url"] == address
    expect(form.dialog.get_by_role("button", name="nowhere")).not_to_have_attribute("href", "javascript:alert(1)")


def test_what_is_not_imitated_is_labelled(open_form: Open) -> None:
    form = open_form(
        {
            "type": "section",
            "text": words("A picture"),
            "accessory": {"type": "image", "alt_text": "a ship", "image_url": "https://example.com/s.png"},
        },
    )
    expect(form.dialog.get_by_role("img", name="a ship")).to_be_visible()
