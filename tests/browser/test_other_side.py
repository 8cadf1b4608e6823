"""mPaaS's console beside the chat: it shows what mPaaS has, and what is edited there is what the bot meets."""

import json
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from browser.looks import looks_right_everywhere
from browser.pushes import ANDROID, IOS, ask, push, revoke
from playwright.sync_api import Locator, Page, expect
from stories.play import WHOM, Play

from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.mpaas.templates import Template
from bot.playground.stage import ACCESS_KEYS, LIVE, Stage

HOUR = 3600
RULES = {"veto": "1h"}
"""Long enough to do something between the approval and the push; the clock is moved past it."""

OpenPage = Callable[..., Page]


@pytest.fixture(autouse=True)
def _forget(stage: Stage) -> None:
    """Begin each test with an mPaaS that has seen nothing."""
    stage.mpaas.journal.clear()
    for house in stage.mpaas.vendor.houses.values():
        house.ledger.tasks.clear()
        house.ledger.scheduled.clear()


def console(page: Page, section: str) -> Locator:
    """Look at one section of mPaaS's console."""
    page.locator("[data-tab=mpaas]").click()
    page.locator(f"[data-section={section}]").click()
    return page.locator(f"[data-shown={section}]")


def count(row: Locator, name: str) -> int:
    return int(re.sub(r"\D", "", row.locator(f"[data-count={name}] .side-bar-number").inner_text()))


def templates(stage: Stage) -> dict[str, Template]:
    return {template.name: template for template in stage.mpaas.templates(LIVE.app_id, LIVE.workspace_id)}


def test_every_section_says_what_would_bring_something(open_page: OpenPage) -> None:
    page = open_page()
    for section in ("tasks", "statistics", "scheduled", "requests"):
        expect(console(page, section).locator(".side-nothing")).to_be_visible()
    expect(page.locator("[data-part=once]")).to_be_hidden()


def test_a_task_tells_what_was_sent_to_whom_and_opens_its_request(stage: Stage, open_page: OpenPage) -> None:
    key = push(stage, IOS, TaskName="a task", PushStatus="1", UnBindPeriod="2")
    page = open_page()
    row = console(page, "tasks").locator("[data-task]")
    expect(row).to_contain_text("a task")
    expect(row).to_contain_text("template maintenance")
    expect(row).to_contain_text("to all users, of the last 15 days")
    expect(row).to_contain_text(key)
    expect(row.locator(".side-environment")).to_have_text("live")
    row.get_by_role("button").click()
    expect(page.locator("[data-parameter=Msgkey] dd")).to_have_text(key)
    page.get_by_role("button", name="All tasks").click()
    expect(row.get_by_role("button")).to_be_focused()


def test_a_task_says_that_it_was_recalled(stage: Stage, open_page: OpenPage) -> None:
    push(stage, ANDROID)
    page = open_page()
    pill = console(page, "tasks").locator("[data-task] .side-pill")
    expect(pill).to_have_text("arriving …")
    stage.advance(60)
    expect(pill).to_have_text("sent")
    revoke(stage, stage.mpaas.tasks()[0].task_id)
    expect(pill).to_have_text("recalled")


def test_an_audience_is_told_in_words(stage: Stage, open_page: OpenPage) -> None:
    window = {"BindPeriod": "", "BindStartTime": "1746720000000", "BindEndTime": "1746806219999"}
    push(stage, ANDROID, TaskName="ever", BindPeriod="4")
    push(stage, ANDROID, TaskName="detached", PushStatus="2", UnBindPeriod="1")
    push(stage, ANDROID, TaskName="range", TimeMode="1", **window)
    page = open_page("U02BO")
    rows = console(page, "tasks").locator("[data-task]")
    expect(rows.filter(has_text="ever")).to_contain_text("to attached users, of any time")
    expect(rows.filter(has_text="detached")).to_contain_text("to detached users, of the last 7 days")
    words = "to attached users, between Thu, May 8, 12:00 PM and Fri, May 9, 11:56 AM"  # as it is in New York
    expect(rows.filter(has_text="range")).to_contain_text(words)


def test_the_numbers_grow_with_the_clock_and_then_stand(stage: Stage, open_page: OpenPage) -> None:
    push(stage, ANDROID)
    page = open_page()
    row = console(page, "statistics").locator(".side-numbers")
    expect(row.locator(".side-pill")).to_have_text("growing …")
    stage.advance(25)
    expect(row.locator("[data-count=PushTotalNum] .side-bar-number")).to_have_text("1,200")
    assert 0 < count(row, "OpenNum") < count(row, "ArrivalNum") < count(row, "PushTotalNum")
    stage.advance(35)
    expect(row.locator(".side-pill")).to_have_text("final")
    numbers = [count(row, name) for name in ("PushTotalNum", "PushNum", "ArrivalNum", "OpenNum", "IgnoreNum")]
    assert numbers == [1200, 1176, 1117, 134, 335]
    expect(page.locator("[data-total=live] .side-rates")).to_contain_text("95%")
    expect(page.locator("[data-total=test]")).to_have_count(0)


def test_a_msgkey_that_was_executed_twice_is_told_loudly(stage: Stage, open_page: OpenPage) -> None:
    push(stage, ANDROID)
    page = open_page()
    executions = console(page, "statistics").locator(".side-executions")
    once = page.locator("[data-part=once]")
    expect(once).to_have_text("✓ 1 push, executed exactly once.")
    try:
        push(stage, ANDROID, Msgkey="TWICE")
        push(stage, ANDROID, Msgkey="TWICE")
        expect(once).to_contain_text("TWICE was executed 2 times")
        expect(once).to_have_attribute("data-look", "bad")
        expect(executions.locator("[data-twice=true]")).to_contain_text("TWICE")
        expect(executions.locator("[data-twice=false]")).to_have_count(1)
    finally:
        stage.mpaas.journal.clear()  # the stage itself looks for duplicates in the end


def test_a_recurring_push_shows_its_dates_in_both_zones(stage: Stage, open_page: OpenPage) -> None:
    now = stage.mpaas.now().astimezone(ZoneInfo("Asia/Shanghai"))
    first = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    day = {"startTime": int(first.timestamp()) * 1000, "endTime": int((first + timedelta(days=19)).timestamp()) * 1000}
    calendar = {**day, "circleType": 1, "circleValue": [], "time": "09:00:00"}
    push(stage, ANDROID, StrategyType="2", StrategyContent=json.dumps(calendar))
    page = open_page()
    row = console(page, "scheduled").locator("[data-parent]")
    expect(row).to_contain_text("0 of 20 sent")
    expect(page.locator("[data-section=scheduled] .side-count")).to_have_text("1")
    cells = row.locator("tbody tr").first.locator("td")
    sent_at = first.replace(hour=9)
    expect(cells.nth(0)).to_contain_text(f"{sent_at.astimezone(ZoneInfo('Europe/Berlin')):%-I:%M %p}")
    expect(cells.nth(1)).to_contain_text("9:00 AM")
    expect(row).to_contain_text("And 13 more dates")
    stage.advance((sent_at - now).total_seconds() + 60)
    expect(row).to_contain_text("1 of 20 sent")
    expect(row.locator("tr[data-executed=true]")).to_have_count(1)
    assert [task.parent_id for task in stage.mpaas.tasks()] == [row.get_attribute("data-parent")]


def test_whoever_lives_in_shanghais_time_sees_one_column(stage: Stage, open_page: OpenPage) -> None:
    later = int((stage.mpaas.now() + timedelta(hours=2)).timestamp()) * 1000
    push(stage, ANDROID, StrategyType="1", StrategyContent=json.dumps({"fixedTime": later}))
    page = open_page("U03CHEN")
    expect(console(page, "scheduled").locator("thead th")).to_have_text(["你的时间", "状态"])


def test_a_request_is_shown_to_the_letter_with_its_signature_and_without_the_secret(
    stage: Stage, open_page: OpenPage
) -> None:
    key = push(stage, ANDROID, ExtendedParams='{"badge":1}')
    (entry,) = stage.mpaas.journal.entries("PushBroadcast")
    page = open_page()
    console(page, "requests").locator(f"[data-request='{entry.number}'] button").click()
    raw = page.locator("[data-part=raw-request]")
    headers = raw.locator("[data-raw=headers]")
    authorization = dict(entry.headers)["Authorization"]
    expect(headers.locator("[data-header=authorization]")).to_have_text(f"Authorization: {authorization}")
    expect(headers).to_contain_text("POST / HTTP/1.1")
    expect(headers.locator("[data-header=x-acs-action]")).to_have_text("x-acs-action: PushBroadcast")
    expect(raw).to_contain_text("signature right")
    expect(raw.locator("[data-parameter=Msgkey] dd")).to_have_text(key)
    expect(raw.locator("[data-parameter=ExtendedParams] dd")).to_have_text('{ "badge": 1 }')
    raw.locator("[data-raw=body] summary").click()
    expect(raw.locator("[data-raw=body] pre")).to_have_text(entry.body.decode())
    expect(raw.locator("[data-raw=reply]")).to_contain_text('"ResultCode": "OK"')
    raw.get_by_text("As it came").click()
    expect(raw.locator(".side-as-came pre")).to_have_text(entry.reply)
    whole = page.content()
    assert [secret for secret in ACCESS_KEYS.values() if secret in whole] == []


def test_a_request_is_copied_as_json_and_as_a_command(stage: Stage, open_page: OpenPage) -> None:
    push(stage, ANDROID, TaskName="it's a task")
    (entry,) = stage.mpaas.journal.entries("PushBroadcast")
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    console(page, "requests").locator("[data-request] button").click()
    page.locator("[data-part=copy-json]").click()
    expect(page.locator("[data-part=copy-json]")).to_have_text("✓ Copied")
    assert json.loads(page.evaluate("navigator.clipboard.readText()")) == json.loads(json.dumps(entry.exported()))
    page.locator("[data-part=copy-curl]").click()
    expect(page.locator("[data-part=copy-curl]")).to_have_text("✓ Copied")
    command = page.evaluate("navigator.clipboard.readText()")
    assert command.startswith(f"curl -X POST '{stage.mpaas.url}/' \\\n")
    assert f"-H 'Authorization: {dict(entry.headers)['Authorization']}'" in command
    assert command.endswith(f"--data-raw '{entry.body.decode()}'")


def test_a_text_for_a_shell_cannot_break_out_of_its_quotes(blank_page: Page) -> None:
    entry = {
        "line": "POST /",
        "headers": [["host", "h"], ["x-acs-date", "a'b; rm -rf /"]],
        "body_base64": "JyQoeCkn",
    }
    command = blank_page.evaluate("""async (entry) => (await import("/assets/side/raw.js")).curlOf(entry)""", entry)
    assert "-H 'x-acs-date: a'\\''b; rm -rf /'" in command
    assert command.endswith("--data-raw ''\\''$(x)'\\'''")


def test_a_forged_and_a_declined_request_are_told_apart(stage: Stage, open_page: OpenPage) -> None:
    push(stage, ANDROID, secret="a guess")
    push(stage, ANDROID, TemplateName="nothing")
    page = open_page()
    rows = console(page, "requests").locator("[data-request]")
    expect(rows.nth(1)).to_contain_text("signature wrong (SignatureDoesNotMatch)")
    expect(rows.nth(1)).to_contain_text("400 SignatureDoesNotMatch · not executed")
    expect(rows.nth(0)).to_contain_text("signature right")
    expect(rows.nth(0)).to_contain_text("200 3022 · not executed")


def test_a_hanging_request_is_under_way_until_it_is_let_go(stage: Stage, open_page: OpenPage) -> None:
    page = open_page()
    section = console(page, "requests")
    stage.mpaas.misbehave(Misbehaviour(kind="hang"))
    caller = threading.Thread(target=push, args=(stage, ANDROID))
    caller.start()
    try:
        row = section.locator("[data-request]")
        expect(row).to_contain_text("under way for")
        expect(row).to_contain_text("planned fault: hang before")
        expect(page.locator("[data-section=requests] .side-count")).to_have_text("1")
        row.get_by_role("button").click()
        expect(page.locator("[data-part=under-way]")).to_be_visible()
    finally:
        stage.mpaas.let_go()
        caller.join()
    expect(page.locator("[data-raw=reply]")).to_contain_text('"ResultCode": "OK"')
    expect(page.locator("[data-part=under-way]")).to_have_count(0)


def test_cancelling_is_a_request_and_reading_is_not(stage: Stage, open_page: OpenPage) -> None:
    ask(stage, "CancelPushScheduler", UniqueIds="0" * 32)
    ask(stage, "GetTemplate", TemplateName="outage")
    page = open_page()
    expect(console(page, "requests").locator("[data-request]")).to_have_count(1)
    expect(page.locator("[data-request]")).to_contain_text("CancelPushScheduler")


def test_a_template_is_edited_at_mpaas(stage: Stage, open_page: OpenPage) -> None:
    page = open_page()
    shelf = console(page, "templates")
    shelf.get_by_role("button", name="Edit maintenance").click()
    form = page.locator("[data-part=template-form]")
    expect(form.get_by_label("Name")).to_have_attribute("readonly", "")
    expect(form.get_by_label("Title")).to_be_focused()
    form.get_by_label("Text").fill("The app pauses for #minutes# minutes.")
    form.get_by_role("button", name="Save in live").click()
    expect(form).to_have_count(0)
    expect(shelf.locator("[data-template=maintenance] .side-placeholder")).to_have_text("#minutes#")
    assert templates(stage)["maintenance"].content == "The app pauses for #minutes# minutes."
    assert "#minutes#" not in stage.mpaas.templates("ONEXTEST", "test")[3].content


def test_mpaas_itself_says_what_is_wrong_with_a_template(stage: Stage, open_page: OpenPage) -> None:
    page = open_page(allow=("409",))
    console(page, "templates").locator("[data-part=new-template]").click()
    form = page.locator("[data-part=template-form]")
    form.get_by_label("Name").fill("a,b")
    form.get_by_label("Title").fill("Title")
    form.get_by_label("Text").fill("Text")
    form.locator("[data-part=save-template]").click()
    expect(form.get_by_role("alert")).to_contain_text("TEMPLATE_NAME_INVALID")
    form.get_by_label("Name").fill("hello")
    form.locator("[data-part=save-template]").click()
    expect(page.locator("[data-template=hello]")).to_contain_text("Title")
    assert templates(stage)["hello"].content == "Text"


def test_a_template_is_deleted_after_a_second_question(stage: Stage, open_page: OpenPage) -> None:
    stage.mpaas.put_template(LIVE.app_id, LIVE.workspace_id, Template("brief", "Brief", "Text"))
    page = open_page()
    row = console(page, "templates").locator("[data-template=brief]")
    row.locator("[data-part=delete]").click()
    row.get_by_role("button", name="Keep it").click()
    assert "brief" in templates(stage)
    row.locator("[data-part=delete]").click()
    row.locator("[data-part=really-delete]").click()
    expect(row).to_have_count(0)
    assert "brief" not in templates(stage)


def test_a_template_edited_between_approval_and_push_stops_the_push(stage: Stage, open_page: OpenPage) -> None:
    stage.mpaas.put_template(LIVE.app_id, LIVE.workspace_id, Template("offer", "For you", "Ten percent off."))
    play = Play(stage)
    card = play.ana.asks(f"offer --target live --to android {WHOM}")
    play.bo.approves(card)
    card.will_say("approved, can still be stopped")

    page = open_page("U02BO")
    shelf = console(page, "templates")
    expect(shelf).to_contain_text("sends nothing and asks for new approvals")
    shelf.get_by_role("button", name="Edit offer").click()
    page.get_by_label("Text").fill("NINETY percent off.")
    page.locator("[data-part=save-template]").click()
    expect(shelf.locator("[data-template=offer]")).to_contain_text("NINETY percent off.")
    stage.advance(HOUR)

    card.will_say("changes asked for", "The template offer was changed after the request was made.")
    page.locator("[data-channel=C0123APPROVE]").first.click()
    said = page.get_by_text("The template offer was changed after the request was made.")
    expect(said.first).to_be_visible()
    assert play.pushes(card) == []
    console(page, "tasks")
    expect(page.locator(".side-nothing")).to_be_visible()


def test_what_people_approve_arrives_on_the_phones_and_grows(stage: Stage, open_page: OpenPage) -> None:
    page = open_page()
    play = Play(stage)
    card = play.ana.asks(f"outage city=Berlin time=18:00 --target live --to android,ios {WHOM}")
    play.bo.approves(card)
    card.will_say("approved, can still be stopped")
    stage.advance(HOUR)
    for name in ("android", "ios"):
        note = page.locator(f"[data-phone={name}] .phone-note")
        expect(note).to_contain_text("Berlin is back online at 18:00. Thank you for waiting.")
        expect(note).to_have_attribute("data-fresh", "true")
    card.will_say("sent")
    rows = console(page, "statistics").locator(".side-numbers")
    expect(rows).to_have_count(2)
    expect(page.locator("[data-part=once]")).to_have_text("✓ 2 pushes, each executed exactly once.")
    stage.advance(60)
    expect(rows.locator(".side-pill")).to_have_text(["final", "final"])
    assert sorted(count(rows.nth(number), "PushTotalNum") for number in (0, 1)) == [800, 1200]


def _everything(stage: Stage) -> None:
    push(stage, ANDROID, TaskName="a-name-that-has-no-blank-and-is-far-too-long-to-fit-into-a-narrow-window" * 2)
    push(stage, IOS, "test", TemplateName="nothing")
    later = int((stage.mpaas.now() + timedelta(hours=2)).timestamp()) * 1000
    push(stage, ANDROID, StrategyType="1", StrategyContent=json.dumps({"fixedTime": later}))
    stage.advance(30)


@pytest.mark.parametrize("section", ["tasks", "statistics", "scheduled", "templates", "requests"])
def test_every_section_fits_every_window_and_is_open_to_everybody(
    stage: Stage, open_page: OpenPage, section: str
) -> None:
    _everything(stage)
    page = open_page()
    shown: Any = console(page, section)
    if section == "requests":
        shown.locator("[data-request] button").last.click()
        expect(page.locator("[data-raw=reply]")).to_be_visible()
    if section == "templates":
        shown.get_by_role("button", name="Edit outage").click()
    looks_right_everywhere(page)
