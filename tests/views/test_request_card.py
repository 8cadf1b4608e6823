from datetime import timedelta

import pytest
from builders import ANA, BO, CY, NOON, a_content, a_leg, a_request, a_template
from views.gallery import NOW, TEST, Halt, a_card, labels_of, objects_in, texts_of

from bot.domain.delivery import Scheduled
from bot.domain.request import Remark, Vote
from bot.domain.states import LegState, State
from bot.views import approve_form, request_card
from bot.views.ids import ButtonValue
from bot.views.wording import say

BUTTONS = {
    State.PENDING_APPROVAL: ["Approve", "Reject", "Edit", "Withdraw", "Show details"],
    State.CHANGES_REQUESTED: ["Edit", "Withdraw", "Show details"],
    State.APPROVED: ["Stop", "Show details"],
    State.SENDING: ["Show details"],
    State.SENT: ["Recall", "New request like this", "Show details"],
    State.SCHEDULED: ["Cancel", "New request like this", "Show details"],
    State.PARTLY_SENT: ["Recall", "New request like this", "Show details"],
    State.OUTCOME_UNKNOWN: ["Settle", "Show details"],
    State.HELD: ["Settle", "Withdraw", "Show details"],
}
LATER = Scheduled(at=NOON + timedelta(days=1))


@pytest.mark.parametrize("state", State)
def test_each_state_offers_what_can_be_done_in_it(state: State) -> None:
    delivery = {"delivery": LATER} if state is State.SCHEDULED else {}
    card = a_card(a_request(state, content=a_content(**delivery)))
    assert labels_of(card) == BUTTONS.get(state, ["New request like this", "Show details"])


def test_every_button_carries_id_revision_and_digest() -> None:
    request = a_request(revision=3)
    buttons = [each for each in objects_in(a_card(request).blocks) if each.get("type") == "button"]
    assert {ButtonValue.read(button["value"]) for button in buttons} == {ButtonValue.of(request)}


def test_approvers_are_mentioned_when_the_card_is_posted_and_not_when_it_is_redrawn() -> None:
    posted, redrawn = a_card(a_request(), first=True), a_card(a_request())
    assert any("<@U02BO> <!subteam^S02ONCALL>: please" in text for text in texts_of(posted))
    assert not any("<!subteam^" in text for text in texts_of(redrawn))


def test_the_votes_are_counted_and_named() -> None:
    request = a_request(State.APPROVED)
    card = a_card(request.model_copy(update={"state": State.PENDING_APPROVAL}), quorum=2)
    (votes,) = [text for text in texts_of(card) if text.startswith("*Approvals*")]
    assert votes.startswith("*Approvals*\n1 of 2\n<@U02BO> <!date^")


def test_many_votes_are_counted_but_not_all_written_out() -> None:
    vote = a_request(State.APPROVED).votes[0]
    votes = tuple(Vote(**dict(vote) | {"approver": f"U0{number}"}) for number in range(9))
    (said,) = [text for text in texts_of(a_card(a_request(votes=votes), quorum=9)) if text.startswith("*Approvals*")]
    assert said.count("<@U0") == 5
    assert "9 of 9" in said


def test_the_exact_text_is_plain_and_untouched() -> None:
    content = a_content(values={"city": "<!channel> & *Berlin*"})
    card = a_card(a_request(content=content))
    assert "Service disruption\n\nPayments in <!channel> & *Berlin* are down. We are on it." in texts_of(
        card, "plain_text"
    )


def test_the_digest_and_the_revision_stand_on_the_card() -> None:
    request = a_request(revision=2, editor=CY)
    texts = texts_of(a_card(request))
    assert f"7K3M-Q2XD · revision 2 · digest {request.digest[:12]}" in texts
    assert any("Last edited by <@U03CY>" in text for text in texts)


def test_live_and_test_cards_use_other_words() -> None:
    live, test = a_card(a_request()), a_card(a_request(content=a_content(destination=TEST)))
    assert texts_of(live)[0] == "<@U01ANA> asks to push to *ALL LIVE devices* of live."
    assert texts_of(test)[0] == "<@U01ANA> asks for a test push on test."


def test_a_reason_is_shown_plainly_with_its_author() -> None:
    remark = Remark(by=BO, at=NOON, why="Wrong *price* <!here>")
    card = a_card(a_request(State.REJECTED, remark=remark))
    assert any(text.startswith("Rejected by <@U02BO>, <!date^") for text in texts_of(card))
    assert "Wrong *price* <!here>" in texts_of(card, "plain_text")


def test_a_remark_from_before_is_not_shown_in_a_state_it_does_not_explain() -> None:
    remark = Remark(by=BO, at=NOON, why="Old words")
    assert "Old words" not in texts_of(a_card(a_request(remark=remark)), "plain_text")


def test_a_request_that_is_kept_waiting_says_by_what() -> None:
    remark = Remark(by="worker", at=NOON, why="All sending is halted: wrong price")
    card = a_card(a_request(State.APPROVED, waiting_for="halted", remark=remark))
    assert "All sending is halted: wrong price" in texts_of(card, "plain_text")


def test_a_halt_and_a_missing_worker_stand_on_the_cards_they_matter_to() -> None:
    approved = a_card(a_request(State.APPROVED), halted=Halt(), worker_alive=False)
    assert any("No worker is running" in text for text in texts_of(approved))
    assert any("All sending is halted" in text for text in texts_of(approved))
    assert not any("No worker" in text for text in texts_of(a_card(a_request(), worker_alive=False)))


def test_a_push_can_be_recalled_for_seven_days() -> None:
    request = a_request(State.SENT)
    sent_at = NOON + timedelta(minutes=7)
    assert "Recall" in labels_of(a_card(request, now=sent_at + timedelta(days=7, seconds=-1)))
    assert "Recall" not in labels_of(a_card(request, now=sent_at + timedelta(days=7)))


def test_what_can_not_be_undone_is_asked_twice() -> None:
    for state, action in ((State.SENT, "recall"), (State.SCHEDULED, "cancel")):
        card = a_card(a_request(state, content=a_content(delivery=LATER) if action == "cancel" else a_content()))
        (button,) = [each for each in objects_in(card.blocks) if each.get("action_id") == action]
        assert "Service disruption" in button["confirm"]["text"]["text"]


def test_a_held_request_that_was_tried_already_can_not_be_withdrawn() -> None:
    legs = (a_leg(state=LegState.ACCEPTED), a_leg(state=LegState.HELD))
    assert "Withdraw" not in labels_of(a_card(a_request(State.HELD, legs=legs)))


def test_a_summary_is_one_line() -> None:
    request = a_request(content=a_content(values={"city": "x"}))
    assert request_card.summary(request) == (
        "7K3M-Q2XD · Push to all devices of live: waiting for approval · “Service disruption” · asked by <@U01ANA>"
    )


def test_the_fallback_says_who_asks_for_what() -> None:
    card = a_card(a_request(), now=NOW)
    assert card.text == (f"Push to all devices of live: waiting for approval. <@{ANA}> asks: “Service disruption”")


# What is not what it looks like -------------------------------------------------------------------------------------

DISGUISED = "Log in at \u0440\u0430\u0443\u0440\u0430\u04cf: p\u0430y\u202enow"


@pytest.mark.parametrize("name", ["U+0440 CYRILLIC SMALL LETTER ER", "U+0430 CYRILLIC", "U+202E RIGHT-TO-LEFT"])
def test_what_looks_like_other_letters_is_named_on_the_card_and_in_the_dialog(name: str) -> None:
    request = a_request(content=a_content(template=a_template(body=DISGUISED, variables=()), values={}))
    for drawing in (a_card(request), approve_form.render(request)):
        said = "\n".join(texts_of(drawing))
        assert say("card.deceptive") in said
        assert name in said
        assert "\u202e" not in said


def test_a_value_that_was_filled_in_is_looked_at_as_well() -> None:
    request = a_request(content=a_content(values={"city": "B\u0435rlin"}))
    assert "U+0435 CYRILLIC SMALL LETTER IE" in "\n".join(texts_of(a_card(request)))


def test_an_address_that_leads_elsewhere_is_named_on_the_card() -> None:
    request = a_request(content=a_content(template=a_template(uri="https://bank.com@evil.com")))
    assert 'leads to "evil.com"' in "\n".join(texts_of(a_card(request)))


@pytest.mark.parametrize("state", [state for state in State if state is not State.PENDING_APPROVAL])
def test_once_it_is_decided_the_card_is_the_record_and_warns_no_more(state: State) -> None:
    request = a_request(state, content=a_content(template=a_template(body=DISGUISED, variables=()), values={}))
    assert say("card.deceptive") not in "\n".join(texts_of(a_card(request)))
