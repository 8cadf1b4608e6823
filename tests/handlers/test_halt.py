"""Halt all sending, and resume it."""

import pytest
from desk import Desk, words

from bot.playground.cast import ANA, BO, DANA, GENERAL, GUS, Person


@pytest.mark.parametrize("person", [ANA, BO, DANA], ids=["a requester", "an approver", "a member of a listed group"])
def test_everybody_listed_can_halt_and_everybody_sees_it(desk: Desk, person: Person) -> None:
    deed = desk.types(person, "halt wrong template went live")
    assert deed.answer["response_type"] == "in_channel"
    assert "All sending is halted" in words(deed)
    assert "wrong template went live" in words(deed)
    assert "`/broadcast resume`" in words(deed)
    halted = desk.store.halted()
    assert halted is not None
    assert (halted.by, halted.why, halted.until) == (person.id, "wrong template went live", None)
    assert any("All sending is halted" in message.text for message in desk.slack.messages(GENERAL.id, seen_by=GUS.id))


def test_a_halt_can_end_by_itself(desk: Desk) -> None:
    deed = desk.types(BO, "HALT 2h 30 min lunch")
    halted = desk.store.halted()
    assert halted is not None
    assert halted.until is not None
    assert (halted.until - halted.at).total_seconds() == 9000
    assert halted.why == "lunch"
    assert f"until <!date^{int(halted.until.timestamp())}^" in words(deed)


def test_a_halt_keeps_an_approved_push_waiting_and_resume_lets_it_go(desk: Desk) -> None:
    request = desk.asks(ANA)
    desk.approves(BO, request)
    desk.types(ANA, "halt")
    desk.works(2)
    assert desk.mpaas.journal.entries("PushBroadcast") == []
    assert "approved, but kept waiting" in words(desk.card(request))
    assert "All sending is halted" in words(desk.card(request))
    deed = desk.types(BO, "resume")
    assert (deed.answer["response_type"], words(deed).splitlines()[0]) == ("in_channel", "Sending goes on.")
    assert desk.store.halted() is None


def test_resume_without_a_halt_says_so_to_one_person(desk: Desk) -> None:
    deed = desk.types(BO, "resume")
    assert deed.answer["response_type"] == "ephemeral"
    assert "Sending was not halted." in words(deed)


@pytest.mark.parametrize("word", ["halt", "resume"])
def test_guests_can_neither_halt_nor_resume(desk: Desk, word: str) -> None:
    assert "Guests cannot do that" in words(desk.types(GUS, word))
    assert desk.store.halted() is None


def test_people_who_are_not_listed_can_neither_halt_nor_resume(desk: Desk) -> None:
    desk.slack.world.groups.clear()
    assert "Only requesters and approvers listed in broadcast.toml" in words(desk.types(DANA, "halt"))
    assert desk.store.halted() is None
