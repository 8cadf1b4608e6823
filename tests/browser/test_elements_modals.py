"""Modals: the stack and its keys, errors under inputs, what stays under a typist's hands, and a slow bot."""

import re
import socket
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.forms import Form, Json, button, buttons, field, options, view_of, words
from playwright.sync_api import Page, expect
from slack_sdk.errors import SlackApiError

from bot.playground.cast import ANA, CHEN
from bot.playground.stage import Stage

REQUIRED = "Please complete this required field."
EVERY_KIND = [
    field("text", "plain_text_input", max_length=10),
    field("lines", "plain_text_input", multiline=True, optional=True),
    field("number", "number_input", is_decimal_allowed=False),
    field("one", "static_select", options=options("a", "b")),
    field("several", "multi_static_select", options=options("a", "b"), initial_options=options("a")),
    field("search", "external_select", min_query_length=0),
    field("people", "multi_users_select", initial_users=[ANA.id]),
    field("day", "datepicker"),
    field("time", "timepicker", timezone="Asia/Shanghai"),
    field("moment", "datetimepicker"),
    field("boxes", "checkboxes", options=options("a", "b")),
    field("radio", "radio_buttons", options=options("a", "b")),
    buttons(button("go", style="primary"), {"type": "overflow", "action_id": "more", "options": options("a")}),
    buttons({"type": "datepicker", "action_id": "when"}) | {"block_id": "row2"},
]

Open = Callable[..., Form]


@pytest.fixture(scope="module")
def stage_rules() -> Json:
    """No bot is needed: the tests are the bot."""
    return {"processes": ()}


@pytest.fixture
def open_form(stage: Stage, open_page: Callable[..., Page]) -> Iterator[Open]:
    """Open a form of the test's own in a window of its own."""
    forms: list[Form] = []

    def opened(*blocks: Json, user: str = ANA.id, window: Json | None = None, **more: object) -> Form:
        forms.append(Form(stage, open_page(user, **(window or {})), *blocks, user=user, **more))
        return forms[-1]

    yield opened
    for form in forms:
        for view in stage.slack.views(form.user)[:1]:
            stage.slack.close(form.user, stage.slack.view(view.owner), clear=True)


@pytest.fixture
def slow_bot(stage: Stage) -> Iterator[None]:
    """Let a bot take deliveries and never answer."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        stage.slack.connect_http(f"http://127.0.0.1:{deaf.getsockname()[1]}/")
        yield
        stage.slack.disconnect_http()


def send(form: Form) -> None:
    form.dialog.locator('[data-part="submit"]').click()


def test_slacks_own_checks_are_shown_under_the_inputs(open_form: Open) -> None:
    form = open_form(
        field("empty", "plain_text_input"),
        field("free", "plain_text_input", optional=True),
        field("mail", "email_text_input"),
        field("link", "url_text_input"),
        field("many", "number_input", is_decimal_allowed=False, max_value="9"),
        field("word", "plain_text_input", min_length=3, max_length=5),
        field("pick", "checkboxes", options=options("a")),
    )
    for block_id, text in {"mail": "ana", "link": "example", "many": "10", "word": "ab"}.items():
        form.input(block_id).fill(text)
    send(form)
    expect(form.input("empty")).to_be_focused()
    errors = form.dialog.locator(".el-error")
    expect(errors).to_have_text(
        [
            re.compile(f"{REQUIRED}$"),
            re.compile("valid email address"),
            re.compile("valid URL"),
            re.compile("9 or less"),
            re.compile("at least 3 characters"),
            re.compile(f"{REQUIRED}$"),
        ]
    )
    expect(form.input("mail")).to_have_attribute("aria-invalid", "true")
    expect(form.input("mail")).to_have_accessible_description(re.compile("Please enter a valid email address"))
    assert form.deliveries("view_submission") == []
    form.input("empty").press_sequentially("x")
    form.block("pick").get_by_label("A").check()
    expect(errors).to_have_count(4)
    expect(form.input("empty")).not_to_have_attribute("aria-invalid", "true")


def test_typed_words_focus_and_caret_survive_a_redrawn_form(open_form: Open) -> None:
    kept, other = field("kept", "plain_text_input"), field("other", "plain_text_input", initial_value="first")
    form = open_form(kept, other)
    form.input("kept").press_sequentially("one three")
    for _ in "three":
        form.input("kept").press("ArrowLeft")
    fresh = field("other.2", "plain_text_input", initial_value="second")
    form.update({"type": "header", "text": words("Above")}, field("new", "datepicker"), kept, fresh)
    expect(form.input("other.2")).to_have_value("second")
    form.page.keyboard.type("two ")
    expect(form.input("kept")).to_be_focused()
    expect(form.input("kept")).to_have_value("one two three")
    form.update(kept)
    expect(form.block("other.2")).to_have_count(0)
    expect(form.input("kept")).to_have_value("one two three")
    form.input("kept").blur()
    form.holds("kept", value="one two three")


def test_an_input_that_comes_back_starts_afresh(open_form: Open) -> None:
    field_a, field_b = field("a", "plain_text_input"), field("b", "plain_text_input")
    form = open_form(field_a)
    form.input("a").fill("typed")
    form.update(field_b)
    expect(form.block("b")).to_be_visible()
    form.update(field_a)
    expect(form.input("a")).to_have_value("")


def test_a_change_for_an_older_picture_disturbs_nobody(open_form: Open) -> None:
    form = open_form(field("kept", "plain_text_input"))
    form.input("kept").press_sequentially("typ")
    with pytest.raises(SlackApiError, match="hash_conflict"):
        form.web.views_update(view_id=form.id, hash="1.older", view=view_of(field("gone", "plain_text_input")))
    form.page.keyboard.type("ed")
    expect(form.input("kept")).to_have_value("typed")


def test_pushed_views_go_back_one_by_one(open_form: Open) -> None:
    form = open_form(field("below", "plain_text_input"), buttons(button("more")), title="First")
    form.input("below").fill("half a word")
    form.dialog.locator('[data-action="more"]').focus()
    second = form.push(field("above", "plain_text_input"), title="Second")
    expect(form.dialog).to_have_count(0)
    expect(second.input("above")).to_be_focused()
    second.dialog.get_by_role("button", name="Back to “First”").click()
    expect(form.input("below")).to_have_value("half a word")
    expect(form.dialog.locator('[data-action="more"]')).to_be_focused()
    form.push(title="Third", submit=None).page.keyboard.press("Escape")
    expect(form.dialog).to_be_visible()
    form.push(field("x", "plain_text_input")).dialog.get_by_role("button", name="Close all dialogs").click()
    expect(form.page.get_by_role("dialog", name="First")).to_have_count(0)
    assert form.stage.slack.views(form.user) == []


def test_words_typed_before_escape_are_forgotten_without_a_complaint(open_form: Open) -> None:
    form = open_form(field("text", "plain_text_input"))
    form.page.keyboard.type("never sent")
    form.page.keyboard.press("Escape")
    expect(form.dialog).to_have_count(0)


def test_the_focus_stays_inside_and_goes_back_afterwards(open_form: Open) -> None:
    form = open_form(field("first", "plain_text_input"), field("second", "plain_text_input", focus_on_load=True))
    expect(form.input("second")).to_be_focused()
    expect(form.page.locator(".frame-chat")).to_have_attribute("inert", "")
    form.dialog.locator('[data-part="submit"]').focus()
    form.page.keyboard.press("Tab")
    expect(form.dialog.locator('[data-part="dismiss"]')).to_be_focused()
    form.page.keyboard.press("Shift+Tab")
    expect(form.dialog.locator('[data-part="submit"]')).to_be_focused()
    form.page.keyboard.press("F6")
    expect(form.page.locator(".frame-side :focus")).to_have_count(1)
    form.page.keyboard.press("Shift+F6")
    expect(form.dialog.locator(":focus")).to_have_count(1)
    form.page.keyboard.press("Escape")
    expect(form.page.locator('[data-part="composer"]')).to_be_focused()
    expect(form.page.locator(".frame-chat")).not_to_have_attribute("inert", "")


def test_a_submission_waits_visibly_and_then_says_what_went_wrong(open_form: Open, slow_bot: None) -> None:
    del slow_bot
    form = open_form(field("text", "plain_text_input"))
    form.page.keyboard.type("words")
    send(form)
    submit = form.dialog.locator('[data-part="submit"]')
    expect(submit).to_have_attribute("aria-disabled", "true")
    expect(form.dialog).to_contain_text(re.compile(r"waiting for the app: [12]\.\d of 3 s"))
    submit.click(force=True)
    expect(
        form.dialog.get_by_role("alert").filter(has_text="We had some trouble connecting. Try again?")
    ).to_be_visible()
    expect(submit).to_have_attribute("aria-disabled", "false")
    expect(form.input("text")).to_have_value("words")
    assert len(form.deliveries("view_submission")) == 1


def test_a_slow_bot_does_not_hold_up_what_is_filled_in_next(open_form: Open, slow_bot: None) -> None:
    del slow_bot
    form = open_form(
        field("boxes", "checkboxes", dispatch=True, options=options("a", "b", "c")), field("text", "plain_text_input")
    )
    for name in "ABC":
        form.block("boxes").get_by_role("checkbox", name=name).click()
    form.stage.slack.wait_until(lambda: len(form.held("boxes")["selected_options"]) == 3, timeout=2.5)
    expect(form.block("boxes")).to_contain_text("trouble connecting")


def test_two_windows_of_one_person_show_the_same_form(open_form: Open, open_page: Callable[..., Page]) -> None:
    form = open_form(field("pick", "radio_buttons", options=options("a", "b")), field("text", "plain_text_input"))
    other = open_page(ANA.id)
    form.block("pick").get_by_label("A").check()
    expect(other.get_by_label("A", exact=True)).to_be_checked()
    other.get_by_label("B", exact=True).check()
    expect(form.block("pick").get_by_label("B")).to_be_checked()
    form.input("text").fill("from one window")
    form.input("text").blur()
    expect(other.get_by_label("text")).to_have_value("from one window")
    other.keyboard.press("Escape")
    expect(form.dialog).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_kind_of_element_is_accessible(open_form: Open, scheme: str) -> None:
    form = open_form(*EVERY_KIND, window={"color_scheme": scheme})
    send(form)
    expect(form.dialog.locator(".el-error").first).to_be_visible()
    form.input("several").click()
    expect(form.dialog.get_by_role("listbox")).to_be_visible()
    found = Axe().run(form.page, context=".modal").response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")] == []


@pytest.mark.parametrize("width", [320, 360, 768, 2560])
def test_a_form_fits_every_window(open_form: Open, width: int) -> None:
    form = open_form(*EVERY_KIND, window={"viewport": {"width": width, "height": 740}}, user=CHEN.id)
    box = form.dialog.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["width"] == min(width, 520)
    body = form.dialog.locator(".modal-body")
    assert body.evaluate("(it) => it.scrollWidth - it.clientWidth") == 0
    expect(form.dialog.locator('[data-part="submit"]')).to_be_in_viewport()
    expect(form.block("lines")).to_contain_text("可选")
