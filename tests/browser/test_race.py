"""Two people, or one impatient one, press at the same moment: everybody is answered in words, and it counts once."""

import re
from collections.abc import Callable

import pytest
from browser.acting import Actor
from playwright.sync_api import Locator, Page, expect

from bot.domain.content import RequestId
from bot.domain.request import BroadcastRequest
from bot.playground.cast import ANA, APPROVALS, BO, CHEN
from bot.playground.stage import Rules, Stage

RULES = {"veto": "0s", "targets": {"double": Rules(veto="0s", quorum=2), "patient": Rules(veto="1h")}}
OpenPage = Callable[..., Page]
ASK = (
    "/broadcast outage city={city} time=18:00 --target {target} "
    "--to android,ios --audience attached --within 60d --expires 3h"
)
SOON = 400
"""Milliseconds until everybody presses: time to tell it to every window."""


def press_at_once(*buttons: Locator) -> None:
    """Let every button be pressed by its own window's clock, all at the same millisecond."""
    at = buttons[0].evaluate("() => Date.now()") + SOON * len(buttons)
    for button in buttons:
        button.evaluate("(button, at) => void setTimeout(() => button.click(), at - Date.now())", at)


def stored(stage: Stage, request_id: str) -> BroadcastRequest:
    with stage.store() as store:
        return store.get(RequestId(request_id))


def submissions(stage: Stage, view: str) -> int:
    """Count how often the bot was told that a form of that name was sent."""
    return sum(one.sent["view"]["callback_id"] == view for one in stage.slack.journal("view_submission"))


def sent(stage: Stage, city: str) -> list[str]:
    """List the kinds of devices that a push went to; one that is there twice was sent twice."""
    pushes = stage.mpaas.journal.entries("PushBroadcast")
    return sorted(one.parameters["DeliveryType"] for one in pushes if one.executed and city in str(one.parameters))


@pytest.fixture
def approvers(open_page: OpenPage) -> list[Actor]:
    """Put Bo and Chen before the channel, each in a window of their own; both read English."""
    people = [Actor(open_page(person.id, prefer={"language": "en"})) for person in (BO, CHEN)]
    return [person.goes_to(APPROVALS) for person in people]


def ready_to_vote(person: Actor, request_id: str, target: str) -> Locator:
    """Open the dialog and type the target; return the button that is left to press."""
    dialog = person.begins_to_approve(request_id)
    person.types(target, f"Type the target's name: {target}")
    return person.button("Approve LIVE push", dialog)


def test_of_two_who_approve_at_once_one_is_counted_and_both_are_answered(
    open_page: OpenPage, approvers: list[Actor], stage: Stage
) -> None:
    request = Actor(open_page(ANA.id)).asks(ASK.format(city="Essen", target="live"))
    press_at_once(*(ready_to_vote(person, request, "live") for person in approvers))
    for person in approvers:
        expect(person.message(request)).to_contain_text("1 of 1")
        expect(person.message(request)).to_contain_text("iOS: accepted by mPaaS")
        expect(person.view("approve_form")).to_have_count(0)
    assert [vote.approver for vote in stored(stage, request).votes] in ([BO.id], [CHEN.id])
    told = [person.page.get_by_role("dialog").count() for person in approvers]
    assert sorted(told) == [0, 1]  # the card tells the one who was counted; a sentence tells the other
    late = approvers[told.index(1)].page.get_by_role("dialog")
    expect(late).to_contain_text(re.compile("already|no longer|meanwhile|changed"))
    assert sent(stage, "Essen") == ["1", "2"]


def test_of_two_who_are_both_needed_both_are_counted(open_page: OpenPage, approvers: list[Actor], stage: Stage) -> None:
    request = Actor(open_page(ANA.id)).asks(ASK.format(city="Fulda", target="double"))
    press_at_once(*(ready_to_vote(person, request, "double") for person in approvers))
    for person in approvers:
        expect(person.message(request)).to_contain_text("2 of 2")
        expect(person.message(request)).to_contain_text("iOS: accepted by mPaaS")
        expect(person.page.get_by_role("dialog")).to_have_count(0)
    assert {vote.approver for vote in stored(stage, request).votes} == {BO.id, CHEN.id}
    assert sent(stage, "Fulda") == ["1", "2"]


def test_an_approval_and_a_rejection_at_once_leave_one_truth_on_both_screens(
    open_page: OpenPage, approvers: list[Actor], stage: Stage
) -> None:
    request = Actor(open_page(ANA.id)).asks(ASK.format(city="Gera", target="patient"))
    bo, chen = approvers
    approve = ready_to_vote(bo, request, "patient")
    chen.presses("Reject", chen.message(request))
    dialog = chen.page.get_by_role("dialog")
    chen.ticks("Reject for good").types("Not today.", "Why")
    press_at_once(approve, chen.button("Send answer", dialog))
    expect(bo.message(request)).to_contain_text(re.compile("rejected|can still be stopped"))
    truth = str(stored(stage, request).state)
    for person in approvers:
        words = "rejected" if truth == "rejected" else "can still be stopped"
        expect(person.message(request)).to_contain_text(words)
    left = [person.page.get_by_role("dialog").count() for person in approvers]
    assert sorted(left) == [0, 1]
    loser = approvers[left.index(1)].page.get_by_role("dialog")
    expect(loser).to_contain_text(re.compile("already|no longer|meanwhile|changed"))
    assert sent(stage, "Gera") == []


def test_a_double_click_on_the_last_button_asks_once(open_page: OpenPage, stage: Stage) -> None:
    ana, before = Actor(open_page(ANA.id)), submissions(stage, "preview")
    ana.says(ASK.format(city="Hanau", target="patient"))
    ana.button("Ask for approval", ana.view("preview")).dblclick()
    expect(ana.view("submitted")).to_contain_text("is stored")
    ana.presses("Done", ana.view("submitted"))
    ana.goes_to(APPROVALS)
    expect(ana.message("Hanau is back online")).to_have_count(1)
    assert submissions(stage, "preview") == before + 1


def test_a_double_click_on_approve_opens_one_dialog_and_counts_once(
    open_page: OpenPage, approvers: list[Actor], stage: Stage
) -> None:
    request = Actor(open_page(ANA.id)).asks(ASK.format(city="Ilmenau", target="live"))
    bo, before = approvers[0], submissions(stage, "approve_form")
    bo.button("Approve", bo.message(request)).dblclick()
    expect(bo.view("approve_form")).to_have_count(1)
    bo.types("live", "Type the target's name: live")
    bo.button("Approve LIVE push", bo.view("approve_form")).dblclick()
    expect(bo.message(request)).to_contain_text("iOS: accepted by mPaaS")
    expect(bo.page.get_by_role("dialog")).to_have_count(0)
    assert submissions(stage, "approve_form") == before + 1
    assert sent(stage, "Ilmenau") == ["1", "2"]


def test_an_impatient_return_key_sends_a_command_once(open_page: OpenPage, stage: Stage) -> None:
    ana = Actor(open_page(ANA.id))
    before = len(stage.slack.journal("/broadcast"))
    place = ana.page.locator("[data-part=composer]")
    place.fill("/broadcast help")
    for _ in range(3):
        place.press("Enter")
    expect(ana.message("Only visible to you")).to_have_count(1)
    assert len(stage.slack.journal("/broadcast")) == before + 1


def test_two_windows_of_one_person_show_the_same(open_page: OpenPage) -> None:
    left, right = Actor(open_page(BO.id)), Actor(open_page(BO.id))
    request = Actor(open_page(ANA.id)).asks(ASK.format(city="Jena", target="patient"))
    for window in (left, right):
        window.goes_to(APPROVALS)
    left.begins_to_approve(request)
    expect(right.view("approve_form")).to_contain_text(request)
    right.presses("Go back", right.view("approve_form"))
    expect(left.view("approve_form")).to_have_count(0)
    left.says("I look at it after lunch.")
    expect(right.message("I look at it after lunch.")).to_be_visible()
