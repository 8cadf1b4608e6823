"""Withdraw a request, stop it in the veto window, and take it back by command."""

import pytest
from desk import CHANNELS, Desk, words

from bot.playground.cast import ANA, BO, CHEN, DANA, GENERAL, OLGA, Person


def test_the_requester_withdraws_with_a_reason(desk: Desk) -> None:
    request = desk.asks(ANA)
    desk.presses(ANA, desk.card(request), "withdraw")
    desk.fills(ANA, "reason", "The shop is open again.")
    desk.submits(ANA)
    desk.announces()
    assert desk.now(request).state == "withdrawn"
    shown = words(desk.card(request))
    assert f"Withdrawn by <@{ANA.id}>" in shown
    assert "The shop is open again." in shown
    assert shown.splitlines()[-2:] == ["New request like this", "Show details"]


def test_an_approver_withdraws_without_a_reason(desk: Desk) -> None:
    request = desk.asks(ANA)
    desk.presses(BO, desk.card(request), "withdraw")
    assert desk.submits(BO).problems == {}
    remark = desk.now(request).remark
    assert remark is not None
    assert (remark.by, remark.why) == (BO.id, "")


@pytest.mark.parametrize(("person", "target"), [(DANA, "test"), (OLGA, "partners")])
def test_others_read_why_they_cannot_withdraw(desk: Desk, person: Person, target: str) -> None:
    request = desk.asks(ANA, target)
    desk.presses(person, desk.card(request), "withdraw")
    why = "belongs to another company" if person is OLGA else f"Only <@{ANA.id}> or an approver of test can do that."
    assert why in desk.reads(person)


def test_a_withdrawal_that_lost_against_another_is_told_so(desk: Desk) -> None:
    request = desk.asks(ANA)
    desk.presses(ANA, desk.card(request), "withdraw")
    desk.presses(BO, desk.card(request), "withdraw")
    desk.submits(BO)
    desk.submits(ANA)
    assert f"It was already withdrawn by <@{BO.id}>." in desk.reads(ANA)


@pytest.mark.parametrize("person", [ANA, CHEN], ids=["the requester", "an approver"])
def test_one_press_stops_it_in_the_veto_window(desk: Desk, person: Person) -> None:
    request = desk.asks(ANA, "live")
    desk.approves(BO, request)
    desk.presses(person, desk.card(request), "stop")
    assert desk.slack.views(person.id) == []
    desk.works()
    assert desk.now(request).state == "withdrawn"
    assert f"Withdrawn by <@{person.id}>" in words(desk.card(request))
    assert desk.mpaas.journal.entries("PushBroadcast") == []


def test_a_second_press_on_stop_says_who_stopped_it(desk: Desk) -> None:
    request = desk.asks(ANA, "live")
    desk.approves(BO, request)
    card = desk.card(request)
    desk.presses(ANA, card, "stop")
    desk.presses(BO, card, "stop")
    assert f"It was already withdrawn by <@{ANA.id}>." in desk.reads(BO)


def test_stop_comes_too_late_for_what_was_sent(desk: Desk) -> None:
    request = desk.asks(ANA)
    desk.approves(BO, request)
    card = desk.card(request)
    desk.works(3)
    desk.presses(ANA, card, "stop")
    assert f"It was already approved by <@{BO.id}> and sent." in desk.reads(ANA)


def test_who_is_not_involved_cannot_stop_it(desk: Desk) -> None:
    request = desk.asks(ANA, "live")
    desk.approves(BO, request)
    desk.presses(DANA, desk.card(request), "stop")
    assert f"Only <@{ANA.id}> or an approver of live can do that." in desk.reads(DANA)
    assert desk.now(request).state == "approved"


def test_the_command_withdraws_by_id_with_a_reason(desk: Desk) -> None:
    request = desk.asks(ANA)
    deed = desk.types(ANA, f"withdraw {request.id.lower()} wrong city")
    assert f"Done. {request.id}: Test push on test: withdrawn" in words(deed)
    assert deed.answer["response_type"] == "ephemeral"
    remark = desk.now(request).remark
    assert remark is not None
    assert remark.why == "wrong city"


@pytest.mark.parametrize("typed", ["withdraw", "withdraw it", "WITHDRAW 7K3M"])
def test_the_command_without_an_id_says_what_is_missing(desk: Desk, typed: str) -> None:
    assert "Say which request to withdraw" in words(desk.types(ANA, typed))


def test_the_command_with_an_id_that_nobody_knows_says_so(desk: Desk) -> None:
    assert "There is no request 7K3M-Q2XD." in words(desk.types(ANA, "withdraw 7K3M-Q2XD"))


def test_the_command_refuses_who_may_not_and_what_is_over(desk: Desk) -> None:
    request = desk.asks(ANA)
    assert "Only <@U01ANA> or an approver" in words(desk.types(DANA, f"withdraw {request.id}"))
    desk.types(BO, f"withdraw {request.id}")
    assert f"already withdrawn by <@{BO.id}>" in words(desk.types(ANA, f"withdraw {request.id}"))


def test_a_stop_whose_refusal_no_view_can_show_is_whispered(desk: Desk) -> None:
    request = desk.asks(ANA, "live")
    desk.approves(BO, request)
    desk.slack.fault("views.open", "error", code="expired_trigger_id")
    desk.presses(DANA, desk.card(request), "stop")
    (whisper,) = desk.whispers(DANA, CHANNELS["live"].id)
    assert f"Only <@{ANA.id}> or an approver of live can do that." in words(whisper)
    assert desk.whispers(DANA, GENERAL.id) == []
