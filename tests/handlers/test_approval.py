"""Approve, reject, ask for changes: who may, who may not and what they read, and that every press is answered."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from desk import CHANNELS, Desk, button_of, words

from bot.domain.request import BroadcastRequest
from bot.playground.cast import ANA, BO, CHEN, DANA, DEX, GUS, OLGA, Person
from bot.playground.slack import payloads


def refusal(desk: Desk, person: Person) -> str:
    """Read the sentence that came instead of what was wanted."""
    view = desk.sees(person)
    assert view.content["callback_id"] == "error", words(view)
    return words(view)


def test_a_test_push_is_approved_by_one_press_and_one_confirmation(desk: Desk) -> None:
    request = desk.asks(ANA, "test")
    desk.presses(BO, desk.card(request), "approve")
    assert "Berlin is back online" in desk.reads(BO)
    assert "Type the target's name" not in desk.reads(BO)
    desk.submits(BO)
    assert desk.slack.views(BO.id) == []
    (vote,) = desk.now(request).votes
    assert (vote.approver, vote.digest, desk.now(request).state) == (BO.id, request.digest, "approved")


def test_a_live_push_wants_its_targets_name_typed(desk: Desk) -> None:
    request = desk.asks(ANA, "live")
    desk.presses(BO, desk.card(request), "approve")
    desk.fills(BO, "typed_target", "test")
    assert desk.submits(BO).problems == {"typed_target": "Type live to approve a push to it."}
    assert desk.now(request).votes == ()
    desk.fills(BO, "typed_target", " Live ")
    assert desk.submits(BO).problems == {}
    assert desk.now(request).state == "approved"


def test_the_card_of_an_approved_request_offers_only_to_stop_it(desk: Desk) -> None:
    request = desk.asks(ANA, "live")
    desk.approves(BO, request)
    shown = words(desk.card(request))
    assert "approved, can still be stopped" in shown
    assert f"<@{BO.id}>" in shown
    assert shown.splitlines()[-2:] == ["Stop", "Show details"]


def test_a_quorum_of_two_needs_two_people(desk: Desk) -> None:
    request = desk.asks(ANA, "pair")
    desk.approves(BO, request)
    assert desk.now(request).state == "pending_approval"
    assert "1 of 2" in words(desk.card(request))
    desk.presses(BO, desk.card(request), "approve")
    assert "You approved this already" in refusal(desk, BO)
    desk.approves(CHEN, request)
    assert [vote.approver for vote in desk.now(request).votes] == [BO.id, CHEN.id]
    assert desk.now(request).state == "approved"


def test_a_second_submit_of_the_same_dialog_counts_once(desk: Desk) -> None:
    request = desk.asks(ANA, "pair")
    desk.approves(BO, request)
    again = desk.deliver("interactive", desk.last_payload("view_submission"))
    assert "You approved this already" in words(again)
    assert len(desk.now(request).votes) == 1


def test_whoever_comes_second_reads_who_was_first(desk: Desk) -> None:
    request = desk.asks(ANA, "test")
    card = desk.card(request)
    desk.presses(BO, card, "approve")
    desk.presses(CHEN, card, "approve")
    desk.submits(BO)
    desk.submits(CHEN)
    assert f"already approved by <@{BO.id}>" in refusal(desk, CHEN)
    desk.clears(CHEN)
    desk.presses(CHEN, card, "approve")
    assert f"already approved by <@{BO.id}>" in refusal(desk, CHEN)
    desk.clears(CHEN)
    desk.presses(CHEN, card, "reject")
    assert f"already approved by <@{BO.id}>" in refusal(desk, CHEN)


def test_two_approvers_at_the_same_moment_are_both_counted_once(desk: Desk) -> None:
    request = desk.asks(ANA, "pair")
    for person in (BO, CHEN):
        desk.presses(person, desk.card(request), "approve")
        desk.fills(person, "typed_target", "pair")
    start = threading.Barrier(2)

    def submit(person: Person) -> str:
        start.wait()
        return desk.submits(person).failure

    with ThreadPoolExecutor(2) as both:
        assert list(both.map(submit, (BO, CHEN))) == ["", ""]
    after = desk.now(request)
    assert ({vote.approver for vote in after.votes}, after.state) == ({BO.id, CHEN.id}, "approved")


def test_one_vote_too_many_at_the_same_moment_is_told_so(desk: Desk) -> None:
    request = desk.asks(ANA, "test")
    for person in (BO, CHEN):
        desk.presses(person, desk.card(request), "approve")
    start = threading.Barrier(2)

    def submit(person: Person) -> str:
        start.wait()
        return words(desk.submits(person))

    with ThreadPoolExecutor(2) as both:
        said = sorted(both.map(submit, (BO, CHEN)))
    assert said[0] == ""
    assert "already approved by" in said[1]
    assert len(desk.now(request).votes) == 1


def test_a_double_click_on_approve_opens_one_dialog_and_decides_nothing(desk: Desk) -> None:
    request = desk.asks(ANA, "test")
    card = desk.card(request)
    desk.presses(BO, card, "approve")
    desk.presses(BO, card, "approve")
    assert len(desk.slack.views(BO.id)) == 1
    assert desk.now(request).votes == ()


def press_as(desk: Desk, request: BroadcastRequest, person: Person, action: str = "approve") -> str:
    """Press a card as somebody whom no client would let press it any more; give what the bot said to them."""
    desk.presses(BO, desk.card(request), action)
    pressed = desk.last_payload("block_actions")
    desk.clears(BO)
    trigger = desk.slack.world.trigger(person.id, channel=CHANNELS["test"].id)
    desk.deliver("interactive", pressed | {"user": payloads.user_of(person), "trigger_id": trigger})
    return refusal(desk, person)


@pytest.mark.parametrize("action", ["approve", "reject"])
@pytest.mark.parametrize(
    ("person", "why"),
    [
        (ANA, "You asked for this push, so somebody else has to decide. You can withdraw it."),
        (DANA, "You are not listed as an approver of test. Its approvers are set in broadcast.toml."),
        (GUS, "Guests cannot do that; ask a full member of this workspace."),
    ],
    ids=["the requester", "not listed", "a guest"],
)
def test_who_may_not_decide_reads_why(desk: Desk, person: Person, why: str, action: str) -> None:
    request = desk.asks(ANA, "test")
    desk.presses(person, desk.card(request), action)
    assert why in refusal(desk, person)
    assert desk.now(request) == request


def test_a_person_of_another_company_who_sees_the_card_reads_why_not(desk: Desk) -> None:
    request = desk.asks(ANA, "partners")
    desk.presses(OLGA, desk.card(request), "approve")
    assert "your account belongs to another company" in refusal(desk, OLGA)
    assert desk.now(request).votes == ()


def test_the_team_of_the_payload_counts_even_for_a_listed_person(desk: Desk) -> None:
    request = desk.asks(ANA, "test")
    assert "belongs to another company" in press_as(desk, request, replace(BO, team_id=OLGA.team_id))


def test_somebody_who_has_left_cannot_decide(desk: Desk) -> None:
    request = desk.asks(ANA, "test")
    assert "A deactivated account cannot do that." in press_as(desk, request, DEX)


def test_whoever_is_not_allowed_is_refused_at_the_submit_as_well(desk: Desk) -> None:
    request = desk.asks(ANA, "test")
    desk.approves(BO, request)
    submitted = desk.last_payload("view_submission")
    fresh = desk.asks(ANA, "test")
    view = submitted["view"] | {"private_metadata": button_of(fresh)}
    forged = submitted | {"user": payloads.user_of(ANA), "view": view}
    assert "You asked for this push" in words(desk.deliver("interactive", forged))
    assert desk.now(fresh) == fresh


def test_when_slack_does_not_name_the_groups_members_nothing_is_counted(desk: Desk) -> None:
    request = desk.asks(ANA, "test")
    desk.slack.fault("usergroups.users.list", "error", times=2)
    desk.presses(BO, desk.card(request), "approve")
    assert "Slack did not say who is in the listed user groups, so nothing was done." in refusal(desk, BO)
    desk.clears(BO)
    desk.slack.clear_faults()
    desk.approves(BO, request)
    assert desk.now(request).state == "approved"


def test_when_slack_does_not_say_who_somebody_is_nothing_is_counted(desk: Desk) -> None:
    request = desk.asks(ANA, "test")
    desk.slack.fault("users.info", "reset_before")
    desk.presses(BO, desk.card(request), "approve")
    assert "Slack did not say who you are, so nothing was done." in refusal(desk, BO)


def test_a_card_of_an_older_revision_decides_nothing(desk: Desk) -> None:
    request = desk.asks(ANA, "test")
    stale = desk.card(request)
    desk.presses(CHEN, stale, "approve")
    desk.presses(ANA, stale, "edit")
    desk.fills(ANA, "expires", "2h")
    desk.submits(ANA)
    desk.submits(ANA)
    for action in ("approve", "reject"):
        desk.presses(BO, stale, action)
        assert "This card shows an older version of the request." in refusal(desk, BO)
        desk.clears(BO)
    desk.submits(CHEN)
    assert "changed after this was opened" in refusal(desk, CHEN)
    assert (desk.now(request).revision, desk.now(request).votes) == (2, ())


def test_a_rejection_needs_an_answer_and_a_reason(desk: Desk) -> None:
    request = desk.asks(ANA, "test")
    desk.presses(BO, desk.card(request), "reject")
    assert set(desk.submits(BO).problems) == {"choice", "reason"}
    desk.fills(BO, "choice", "reject")
    desk.fills(BO, "reason", "  ")
    assert desk.submits(BO).problems == {"reason": "Say why, so that the requester knows what to do."}
    desk.fills(BO, "reason", "Not during <!channel> lunch")
    desk.submits(BO)
    desk.announces()
    assert desk.slack.views(BO.id) == []
    assert desk.now(request).state == "rejected"
    assert f"Rejected by <@{BO.id}>" in words(desk.card(request))
    assert "Not during @channel lunch" in words(desk.card(request))
    assert "rejected your request" in words(desk.slack.direct(ANA.id)[-1])


def test_changes_asked_for_hand_it_back_to_the_requester(desk: Desk) -> None:
    request = desk.asks(ANA, "pair")
    desk.approves(BO, request)
    desk.presses(CHEN, desk.card(request), "reject")
    desk.fills(CHEN, "choice", "ask_changes")
    desk.fills(CHEN, "reason", "Say until when.")
    desk.submits(CHEN)
    desk.announces()
    assert desk.now(request).state == "changes_requested"
    direct = desk.slack.direct(ANA.id)[-1]
    assert "asks for changes" in words(direct)
    desk.presses(ANA, direct, "edit")
    assert desk.sees(ANA).content["callback_id"] == "request_form"


def test_an_expired_trigger_is_answered_in_words_where_the_press_was(desk: Desk) -> None:
    request = desk.asks(ANA, "test")
    desk.presses(BO, desk.card(request), "approve")
    desk.clears(BO)
    desk.slack.advance(4)
    desk.deliver("interactive", desk.last_payload("block_actions"))
    (whisper,) = desk.whispers(BO, CHANNELS["test"].id)
    assert "Slack did not open the form in time. Nothing was recorded; please try once more." in words(whisper)


def test_an_approval_whose_time_has_passed_is_refused(desk: Desk) -> None:
    request = desk.asks(ANA, "test")
    overdue = desk.commit(request, approve_by=request.created_at, wake_at=None)
    desk.presses(BO, desk.card(overdue), "approve")
    desk.submits(BO)
    assert "The time to approve this request is over." in refusal(desk, BO)
