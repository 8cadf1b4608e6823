"""Where one writes: completing by keys, what Slack says of a command that fails, recalling, first steps, shortcuts."""

import socket
from collections.abc import Callable

import pytest
from browser.acting import Actor
from playwright.sync_api import Locator, Page, expect

from bot.playground.cast import ANA, BO, CHEN, GENERAL, OLGA, PARTNERS, RANDOM
from bot.playground.slack.world import Entry
from bot.playground.stage import Stage
from bot.playground.story import COMMAND

OpenPage = Callable[..., Page]
NOWHERE = "http://127.0.0.1:9/"
"""The port of "discard", at which nobody listens."""

ENTER_OF_AN_INPUT_METHOD = """(field) => field.dispatchEvent(
  new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true }))"""


@pytest.fixture
def ana(open_page: OpenPage) -> Actor:
    return Actor(open_page(ANA.id))


def composer(page: Page) -> Locator:
    return page.locator("[data-part=composer]")


def by_slackbot(page: Page) -> Locator:
    return page.get_by_role("article", name="Slackbot").filter(has_text="Only visible to you")


def commands_delivered(stage: Stage) -> list[Entry]:
    return stage.slack.journal("/broadcast", direction="delivery")


def test_a_command_is_completed_by_keys_alone(ana: Actor) -> None:
    field = composer(ana.page)
    field.focus()
    ana.page.keyboard.type("/br")
    option = ana.page.get_by_role("listbox", name="Commands").get_by_role("option", selected=True)
    expect(option).to_contain_text("/broadcast [TEMPLATE name=value")
    expect(option).to_contain_text("Ask for a push to every device")
    chosen = option.get_attribute("id")
    assert chosen
    expect(field).to_have_attribute("aria-activedescendant", chosen)
    ana.page.keyboard.press("Tab")
    expect(field).to_have_value("/broadcast ")
    ana.page.keyboard.type("outage city=Bonn")
    expect(field).to_have_value("/broadcast outage city=Bonn")
    expect(ana.page.locator("[data-part=usage-hint]")).to_contain_text("--target NAME")


def test_escape_closes_the_list_and_keeps_what_was_typed(ana: Actor) -> None:
    composer(ana.page).press_sequentially("/b")
    expect(ana.page.get_by_role("option")).to_have_count(1)
    ana.page.keyboard.press("Escape")
    expect(ana.page.get_by_role("option")).to_have_count(0)
    expect(composer(ana.page)).to_have_value("/b")


def test_arrows_choose_among_several(ana: Actor) -> None:
    composer(ana.page).press_sequentially("hello @b")
    options = ana.page.get_by_role("option")
    expect(options).to_have_count(2)
    ana.page.keyboard.press("ArrowDown")
    ana.page.keyboard.press("Enter")
    expect(composer(ana.page)).to_have_value("hello @broadcast ")


def test_enter_on_a_command_typed_in_full_sends_it(ana: Actor) -> None:
    composer(ana.page).press_sequentially("/broadcast")
    expect(ana.page.get_by_role("option")).to_have_count(1)
    ana.page.keyboard.press("Enter")
    expect(ana.view("request_form")).to_be_visible()


def test_a_command_works_where_the_bot_is_no_member(ana: Actor) -> None:
    ana.goes_to(RANDOM).says("/broadcast help")
    expect(ana.message("opens the form")).to_be_visible()


def test_an_unknown_command_is_explained_to_whoever_typed_it(stage: Stage, ana: Actor, open_page: OpenPage) -> None:
    bo = Actor(open_page(BO.id))
    delivered = len(stage.slack.journal(direction="delivery"))
    composer(ana.page).fill("/brodcast help")
    composer(ana.page).press("Enter")
    expect(by_slackbot(ana.page)).to_contain_text("/brodcast is not a valid command.")
    expect(composer(ana.page)).to_have_value("/brodcast help")
    stage.slack.say(ANA.id, GENERAL.id, "Where is the manual?")
    expect(bo.message("Where is the manual?")).to_be_visible()
    expect(by_slackbot(bo.page)).to_have_count(0)
    assert len(stage.slack.journal(direction="delivery")) == delivered


def test_a_blank_before_the_slash_makes_it_a_message(stage: Stage, ana: Actor) -> None:
    ana.goes_to(RANDOM).says(" /broadcast is what you need")
    expect(ana.message("/broadcast is what you need")).to_be_visible()
    assert stage.slack.messages(RANDOM.id, seen_by=BO.id)[-1].text == "/broadcast is what you need"


def test_a_bot_that_cannot_be_reached_costs_no_words(stage: Stage, ana: Actor) -> None:
    stage.slack.connect_http(NOWHERE)
    try:
        composer(ana.page).fill("/broadcast list")
        composer(ana.page).press("Enter")
        expect(by_slackbot(ana.page).last).to_contain_text('/broadcast failed with the error "dispatch_failed"')
        expect(composer(ana.page)).to_have_value("/broadcast list")
    finally:
        stage.slack.disconnect_http()
    composer(ana.page).press("Enter")
    expect(composer(ana.page)).to_have_value("")
    expect(ana.message("No request is open.")).to_be_visible()


def test_a_silent_bot_is_waited_for_in_sight_and_costs_no_words(stage: Stage, ana: Actor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        stage.slack.connect_http(f"http://127.0.0.1:{silent.getsockname()[1]}/")
        try:
            composer(ana.page).fill("/broadcast list")
            composer(ana.page).press("Enter")
            expect(ana.page.get_by_text("/broadcast: Broadcast has not answered yet.")).to_be_visible()
            expect(composer(ana.page)).to_have_value("")
            expect(by_slackbot(ana.page).last).to_contain_text('/broadcast failed with the error "operation_timeout"')
            expect(composer(ana.page)).to_have_value("/broadcast list")
        finally:
            stage.slack.disconnect_http()


def test_a_person_of_another_company_reads_that_commands_are_not_theirs(stage: Stage, open_page: OpenPage) -> None:
    page = open_page(OLGA.id, allow=(r"409 \(Conflict\)",))
    delivered = len(commands_delivered(stage))
    composer(page).fill("/broadcast help")
    composer(page).press("Enter")
    expect(by_slackbot(page)).to_contain_text("People of another company cannot use this workspace's commands.")
    assert len(commands_delivered(stage)) == delivered
    Actor(page).page.keyboard.press("Escape")
    composer(page).fill("Then I just ask")
    composer(page).press("Enter")
    expect(page.get_by_role("article", name="Olga Orlova").filter(has_text="Then I just ask")).to_be_visible()
    assert stage.slack.messages(PARTNERS.id, seen_by=ANA.id)[-1].user == OLGA.id


def test_commands_are_not_taken_in_threads(stage: Stage, ana: Actor) -> None:
    ana.goes_to(RANDOM).says("A thread begins")
    ana.message("A thread begins").hover()
    ana.presses("Reply in thread")
    delivered = len(commands_delivered(stage))
    reply = ana.page.locator("[data-part=thread-composer]")
    reply.fill("/broadcast help")
    reply.press("Enter")
    expect(by_slackbot(ana.page)).to_contain_text("/broadcast is not supported in threads. Sorry!")
    assert len(commands_delivered(stage)) == delivered


def test_the_up_arrow_recalls_what_the_person_said(ana: Actor) -> None:
    ana.goes_to(RANDOM).says("first words").says("second words")
    field = composer(ana.page)
    field.press("ArrowUp")
    expect(field).to_have_value("second words")
    field.press("ArrowUp")
    expect(field).to_have_value("first words")
    field.press("ArrowDown")
    expect(field).to_have_value("second words")
    field.press("ArrowDown")
    expect(field).to_have_value("")


def test_the_up_arrow_does_not_recall_what_somebody_else_said(ana: Actor) -> None:
    ana.says("said by Ana alone")
    ana.page.locator("[data-part=people]").click()
    ana.page.locator(f'[data-person="{BO.id}"][role^=menuitem]').click()
    field = ana.page.locator(f'[data-person="{BO.id}"]').locator("[data-part=composer]")
    field.press("ArrowUp")
    expect(field).to_have_value("")


def test_a_draft_waits_in_its_channel(ana: Actor) -> None:
    composer(ana.page).fill("half a sen")
    ana.goes_to(RANDOM)
    expect(composer(ana.page)).to_have_value("")
    ana.goes_to(GENERAL)
    expect(composer(ana.page)).to_have_value("half a sen")


def test_shift_and_enter_begin_a_new_line_and_the_field_grows(stage: Stage, ana: Actor) -> None:
    ana.goes_to(RANDOM)
    field = composer(ana.page)
    field.press_sequentially("one")
    height = field.evaluate("(field) => field.clientHeight")
    for word in ("two", "three"):
        field.press("Shift+Enter")
        field.press_sequentially(word)
    assert field.evaluate("(field) => field.clientHeight") > height
    field.press("Enter")
    expect(field).to_have_value("")
    assert stage.slack.messages(RANDOM.id, seen_by=ANA.id)[-1].text == "one\ntwo\nthree"


def test_enter_in_an_input_method_does_not_send(stage: Stage, open_page: OpenPage) -> None:
    page = open_page(CHEN.id)
    said = len(stage.slack.messages(GENERAL.id, seen_by=CHEN.id))
    composer(page).fill("服务")
    composer(page).evaluate(ENTER_OF_AN_INPUT_METHOD)
    expect(composer(page)).to_have_value("服务")
    composer(page).press("Enter")
    expect(composer(page)).to_have_value("")
    expect(page.get_by_role("article").filter(has_text="服务")).to_be_visible()
    assert len(stage.slack.messages(GENERAL.id, seen_by=CHEN.id)) == said + 1


def test_the_first_steps_put_a_command_into_the_composer(ana: Actor) -> None:
    expect(ana.page.locator("[data-part=examples]").get_by_role("button")).to_have_count(3)
    ana.page.locator("[data-example=preview]").click()
    expect(composer(ana.page)).to_have_value(COMMAND)
    expect(composer(ana.page)).to_be_focused()
    ana.page.keyboard.press("Enter")
    expect(ana.view("preview")).to_be_visible()


def test_the_global_shortcut_opens_the_form(ana: Actor) -> None:
    ana.presses("Shortcuts")
    ana.page.get_by_role("menuitem", name="New broadcast").click()
    expect(ana.view("request_form")).to_be_visible()


def test_a_second_window_belongs_to_somebody_else(ana: Actor) -> None:
    ana.goes_to(RANDOM)
    ana.presses("Open a second window as …")
    with ana.page.expect_popup() as opened:
        ana.page.locator(f'[data-window="{BO.id}"]').click()
    expect(opened.value.get_by_role("button", name="You look as Bo Berg")).to_be_visible()
    expect(opened.value.get_by_role("textbox", name="Message #random")).to_be_visible()


def test_switching_shows_what_everybody_may_do_and_what_time_it_is_for_them(stage: Stage, ana: Actor) -> None:
    ana.page.locator("[data-part=people]").click()
    people = ana.page.get_by_role("menuitemradio")
    expect(people).to_have_count(len(stage.slack.people()))
    expect(people.filter(has_text="Chen Chu")).to_contain_text("中文")
    expect(people.filter(has_text="Dana Diaz")).to_contain_text("May neither ask nor approve")
    expect(people.filter(has_text="Bo Berg")).to_contain_text("New York")
    people.filter(has_text="Chen Chu").click()
    expect(ana.page.get_by_role("textbox", name="发消息到 #general")).to_be_visible()
