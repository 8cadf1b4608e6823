"""The bot's real forms under a person's hands: what it draws anew while they are filled in, and its own errors."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.playground.cast import ANA, GENERAL
from bot.playground.stage import Stage

Asked = Callable[[], Locator]


@pytest.fixture
def request_form(stage: Stage, open_page: Callable[..., Page]) -> Iterator[Locator]:
    """Open the form of ``/broadcast``."""
    page = open_page(ANA.id)
    stage.slack.command(ANA.id, GENERAL.id, "/broadcast")
    dialog = page.locator('[data-view="request_form"]')
    expect(dialog).to_be_visible()
    yield dialog
    if stage.slack.views(ANA.id):
        stage.slack.close(ANA.id, stage.slack.view(ANA.id), clear=True)


def field(dialog: Locator, block_id: str) -> Locator:
    starts = dialog.locator(f'.el-input-block[data-block^="{block_id}."]')
    return dialog.locator(f'.el-input-block[data-block="{block_id}"]').or_(starts)


def choose(dialog: Locator, block_id: str, typed: str) -> None:
    """Choose by searching, as a person at the keyboard does."""
    select = field(dialog, block_id).get_by_role("combobox")
    select.click()
    select.press_sequentially(typed)
    expect(dialog.get_by_role("option").first).to_contain_text(typed)
    select.press("Enter")


def test_a_template_is_searched_and_its_placeholders_appear(request_form: Locator) -> None:
    choose(request_form, "target", "live")
    expect(field(request_form, "platforms")).to_be_visible()  # the list of templates is the target's
    template = field(request_form, "template").get_by_role("combobox")
    template.click()
    expect(request_form.get_by_role("option").nth(1)).to_be_visible()
    template.press_sequentially("there is no such template")
    expect(request_form.get_by_text("No results")).to_be_visible()
    template.fill("")
    choose(request_form, "template", "outage")
    expect(field(request_form, "values")).to_have_count(2)
    expect(template).to_have_value("outage")


def test_what_was_typed_stays_while_the_bot_draws_the_form_anew(request_form: Locator) -> None:
    expires = field(request_form, "expires").get_by_role("textbox")
    expires.fill("45 min")
    choose(request_form, "target", "live")
    expect(field(request_form, "platforms")).to_be_visible()
    field(request_form, "platforms").get_by_label("Android").check()
    choose(request_form, "template", "outage")
    city = field(request_form, "values").first.get_by_role("textbox")
    city.press_sequentially("Berlin")
    request_form.locator('[data-action="form_advanced"]').click()
    expect(field(request_form, "task")).to_be_visible()
    expect(city).to_have_value("Berlin")
    expect(expires).to_have_value("45 min")
    expect(field(request_form, "platforms").get_by_label("Android")).to_be_checked()
    field(request_form, "when").get_by_label("At a time").check()
    expect(field(request_form, "at")).to_be_visible()
    expect(city).to_have_value("Berlin")


def test_a_recurring_push_is_filled_in_without_leaving_the_keyboard(request_form: Locator, stage: Stage) -> None:
    when = field(request_form, "when").get_by_label("Now, once it is approved")
    when.press("ArrowUp")
    expect(field(request_form, "cycle")).to_be_visible()
    expect(field(request_form, "when").get_by_label("Again and again")).to_be_focused()
    cycle = field(request_form, "cycle").get_by_role("combobox")
    cycle.press_sequentially("week")
    cycle.press("Enter")
    expect(field(request_form, "on")).to_be_visible()
    expect(cycle).to_be_focused()
    days = field(request_form, "on").get_by_role("combobox")
    for day in ("mon", "fri"):
        days.press_sequentially(day)
        days.press("Enter")
    expect(field(request_form, "on").locator(".el-token-text")).to_have_text(["Monday", "Friday"])
    field(request_form, "time").locator("input").fill("09:30")
    field(request_form, "first").locator("input").fill("2027-01-04")
    field(request_form, "last").locator("input").fill("2027-03-29")
    request_form.locator('[data-action="form_advanced"]').press("Enter")
    expect(field(request_form, "task")).to_be_visible()
    values = stage.slack.filled_in(stage.slack.view(ANA.id))
    assert [option["value"] for option in values["on.weekly"]["input"]["selected_options"]] == ["1", "5"]
    assert values["time"]["input"]["selected_time"] == "09:30"
    assert values["first"]["input"]["selected_date"] == "2027-01-04"
    assert values["last"]["input"]["selected_date"] == "2027-03-29"


def test_the_bots_errors_stand_under_its_inputs(request_form: Locator) -> None:
    page = request_form.page
    choose(request_form, "target", "live")
    choose(request_form, "template", "outage")
    values = field(request_form, "values").get_by_role("textbox")
    values.nth(0).fill("Berlin")
    values.nth(1).fill("18:00")
    field(request_form, "platforms").get_by_label("Android").check()
    field(request_form, "audience").get_by_label("Attached users", exact=True).check()
    choose(request_form, "within", "60")
    expires = field(request_form, "expires")
    expires.get_by_role("textbox").fill("for ever")
    request_form.locator('[data-part="submit"]').click()
    expect(expires.locator(".el-error")).to_be_visible()
    expect(expires.get_by_role("textbox")).to_be_focused()
    expires.get_by_role("textbox").fill("3 h")
    expect(expires.locator(".el-error")).to_have_count(0)
    expires.get_by_role("textbox").press("Enter")
    preview = page.locator('[data-view="preview"]')
    expect(preview).to_contain_text("Berlin")
    expect(preview.get_by_role("button", name=re.compile("Back|Close all")).first).to_be_visible()
