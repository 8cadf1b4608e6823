"""The whole story by clicking: people in windows of their own, who read what is drawn and press what is there."""

from collections.abc import Callable

import pytest
from browser.acting import Actor
from playwright.sync_api import Page, expect

from bot.playground.cast import ANA, APPROVALS, BO, CHEN, DANA, GENERAL, Person
from bot.playground.stage import Rules, Stage

RULES = {"veto": "3s", "targets": {"patient": Rules(veto="1h")}}
OpenPage = Callable[..., Page]
TEXT = "Berlin is back online at 18:00. Thank you for waiting."
WHOM = "--to android,ios --audience attached --within 60d --expires 3h"
PATIENT = f"/broadcast outage city={{city}} time=18:00 --target patient {WHOM}"


def executed(stage: Stage, text: str) -> list[str]:
    """Name the kinds of devices that got a push with that text, as mPaaS knows it."""
    pushes = stage.mpaas.journal.entries("PushBroadcast")
    return sorted(one.parameters["DeliveryType"] for one in pushes if one.executed and text in str(one.parameters))


def test_a_push_goes_from_the_command_to_the_phones(open_page: OpenPage, stage: Stage) -> None:
    ana, bo = Actor(open_page(ANA.id)), Actor(open_page(BO.id))
    ana.says(
        "/broadcast outage city=Berlin time=18:00 "
        "--target live --to android,ios --audience attached --within 60d --expires 3h"
    )
    preview = ana.view("preview")
    expect(preview).to_contain_text("ALL LIVE devices of live")
    expect(preview).to_contain_text(TEXT)
    request = ana.asks_for_approval()

    # She may not approve it herself.
    card = ana.goes_to(APPROVALS).message(request)
    expect(card).to_contain_text("waiting for approval")
    ana.presses("Approve", card)
    refusal = ana.page.get_by_role("dialog")
    expect(refusal).to_contain_text("somebody else has to decide")
    refusal.locator("[data-part=close]").click()
    expect(refusal).to_have_count(0)
    expect(card).to_contain_text("0 of 1")

    # Bo does, and has to type the target's name to the last letter.
    card = bo.goes_to(APPROVALS).message(request)
    dialog = bo.begins_to_approve(request)
    bo.types("liv", "Type the target's name: live").presses("Approve LIVE push", dialog)
    expect(dialog.get_by_text("Type live to approve a push to it.")).to_be_visible()
    expect(card).to_contain_text("0 of 1")
    bo.types("e", "Type the target's name: live").presses("Approve LIVE push", dialog)
    expect(card).to_contain_text("1 of 1")

    # The time to stop it passes; then it arrives, and everybody reads of it.
    for person in (ana, bo):
        for platform in ("android", "ios"):
            expect(person.phone(platform)).to_contain_text(TEXT)
        expect(person.phone("harmonyos")).to_contain_text("No notifications")
        expect(person.message(request)).to_contain_text("Android: accepted by mPaaS")
        expect(person.message(request)).to_contain_text("iOS: accepted by mPaaS")
        result = person.goes_to(GENERAL).message("Push to all devices of live: sent")
        expect(result.last).to_contain_text("Asked by @Ana Alves, approved by @Bo Berg")
    assert executed(stage, "Berlin") == ["1", "2"]


def test_a_push_is_asked_for_by_the_form(open_page: OpenPage, stage: Stage) -> None:
    ana, bo = Actor(open_page(ANA.id)), Actor(open_page(BO.id))
    form = ana.says("/broadcast").view("request_form")
    ana.presses("Preview", form)
    expect(form.get_by_text("Please complete this required field.").first).to_be_visible()
    ana.chooses("live", "Target").chooses("outage", "Template")
    ana.types("Hamburg", "Value of city").types("7:30", "Value of time")
    ana.ticks("HarmonyOS", "Attached users").chooses("Within 15 days", "How far back")
    ana.types("0", "Stays valid for").page.get_by_label("Stays valid for").fill("2 h")
    ana.presses("Preview", form)
    preview = ana.view("preview")
    expect(preview).to_contain_text("Hamburg is back online at 7:30. Thank you for waiting.")
    expect(preview).to_contain_text("Everybody attached within 15 days")
    expect(preview).to_contain_text("2 h, for devices that are offline")
    request = ana.asks_for_approval()
    bo.goes_to(APPROVALS).approves(request)
    expect(bo.phone("harmonyos")).to_contain_text("Hamburg is back online at 7:30.")
    expect(bo.phone("android")).not_to_contain_text("Hamburg")
    expect(bo.message(request)).to_contain_text("HarmonyOS: accepted by mPaaS")
    assert executed(stage, "Hamburg") == ["7"]


def test_what_was_typed_is_there_again_when_one_goes_back_from_the_preview(open_page: OpenPage) -> None:
    ana = Actor(open_page(ANA.id))
    form = ana.says("/broadcast").view("request_form")
    ana.chooses("test", "Target").chooses("outage", "Template")
    ana.types("Bremen", "Value of city").types("18:00", "Value of time")
    ana.ticks("iOS", "Detached users").chooses("Within 60 days", "How far back")
    ana.presses("Preview", form)
    expect(ana.view("preview")).to_contain_text("Bremen is back online")
    ana.view("preview").locator("[data-part=close]").click()
    expect(form.get_by_label("Value of city")).to_have_value("Bremen")
    expect(form.get_by_label("iOS")).to_be_checked()
    form.get_by_label("Value of city").fill("Kiel")
    ana.presses("Preview", form)
    expect(ana.view("preview")).to_contain_text("Kiel is back online")


def test_a_push_is_rejected_with_a_reason_that_the_requester_reads(open_page: OpenPage, stage: Stage) -> None:
    ana, chen = Actor(open_page(ANA.id)), Actor(open_page(CHEN.id, prefer={"language": "en"}))
    request = ana.asks(PATIENT.format(city="Cologne"))
    card = chen.goes_to(APPROVALS).message(request)
    chen.presses("Reject", card)
    dialog = chen.page.get_by_role("dialog")
    chen.presses("Send answer", dialog)
    expect(dialog.get_by_text("Please complete this required field.")).to_have_count(2)
    chen.ticks("Reject for good").types("It was Bonn, not Cologne.", "Why").presses("Send answer", dialog)
    expect(dialog).to_have_count(0)
    expect(card).to_contain_text("rejected")
    expect(card).to_contain_text("It was Bonn, not Cologne.")
    expect(chen.button("Approve", card)).to_have_count(0)
    ana.page.locator("nav [data-part=app]").click()
    expect(ana.message("It was Bonn, not Cologne.").first).to_be_visible()
    assert executed(stage, "Cologne") == []


@pytest.mark.parametrize(("who", "city"), [(ANA, "Dresden"), (CHEN, "Emden")], ids=["requester", "approver"])
def test_an_approved_push_is_stopped_in_time(open_page: OpenPage, stage: Stage, who: Person, city: str) -> None:
    ana, bo = Actor(open_page(ANA.id)), Actor(open_page(BO.id))
    request = ana.asks(PATIENT.format(city=city))
    card = bo.goes_to(APPROVALS).message(request)
    bo.begins_to_approve(request)
    bo.types("patient", "Type the target's name: patient")
    bo.presses("Approve LIVE push", bo.view("approve_form"))
    expect(card).to_contain_text("approved, can still be stopped")
    stopping = ana if who is ANA else Actor(open_page(who.id, prefer={"language": "en"}))
    stopping.goes_to(APPROVALS).presses("Stop", stopping.message(request))
    for person in (bo, stopping):
        expect(person.message(request)).to_contain_text(f"Withdrawn by @{who.real_name}")
        expect(person.message(request)).to_contain_text("Nothing was sent")
        expect(person.button("Stop", person.message(request))).to_have_count(0)
    assert executed(stage, city) == []


def test_one_window_becomes_another_person_and_sees_what_that_person_sees(open_page: OpenPage) -> None:
    person = Actor(open_page(ANA.id))
    person.says("/broadcast help")
    expect(person.message("Only visible to you")).to_be_visible()
    person.page.locator("[data-part=people]").click()
    person.page.locator(f'[data-person="{DANA.id}"]:visible').click()
    expect(person.page.locator(".frame")).to_have_attribute("data-person", DANA.id)
    expect(person.message("Only visible to you")).to_have_count(0)
    assert f"as={DANA.id}" in person.page.url
    person.page.go_back()
    expect(person.message("Only visible to you")).to_be_visible()
