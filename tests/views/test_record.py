import re
from datetime import timedelta
from typing import Any

import pytest
from builders import NOON, a_leg, a_request
from views.gallery import NOW, found, labels_of, objects_in

from bot.domain.content import Platform
from bot.domain.evidence import Evidence
from bot.domain.outcome import Accepted, Declined, NotSent
from bot.domain.request import Leg
from bot.domain.states import LegState, State
from bot.views.blocks import Message, message
from bot.views.ids import ButtonValue
from bot.views.record import leg_line, record


def line(leg: Leg, **changes: object) -> str:
    parts = {"now": NOW, "hints": {}} | changes
    return leg_line(leg, **parts)  # type: ignore[arg-type]


def test_an_accepted_leg_shows_its_task() -> None:
    said = line(a_leg(Platform.IOS, LegState.ACCEPTED, outcome=Accepted(task_id="1001")))
    assert said.startswith("*iOS*: accepted by mPaaS <!date^")
    assert said.endswith("Task 1001.")


def test_a_refused_leg_shows_code_message_and_what_to_do() -> None:
    outcome = Declined(code="3019", message="TASKNAME_NULL")
    said = line(a_leg(state=LegState.DECLINED, outcome=outcome), hints={"3019": "Give it a name."})
    assert said.endswith("Code 3019. TASKNAME_NULL Give it a name.")


def test_a_leg_that_was_not_sent_says_why() -> None:
    said = line(a_leg(state=LegState.NOT_SENT, outcome=NotSent(why="connection refused")))
    assert said == "*Android*: not sent. connection refused"


def test_an_unknown_leg_says_what_to_look_for_and_until_when_it_is_too_early() -> None:
    leg = a_leg(state=LegState.UNKNOWN)
    assert "task 7K3M-Q2XD-1-android" in line(leg)
    assert "its absence proves nothing" in line(leg)
    assert "its absence proves nothing" not in line(leg, now=NOON + timedelta(minutes=7 + 17))


def test_who_settled_a_leg_is_named() -> None:
    assert line(a_leg(state=LegState.ACCEPTED, settled_by="U02BO")).endswith("Settled by <@U02BO>.")


@pytest.mark.parametrize("state", LegState)
def test_every_state_of_a_leg_has_its_sentence(state: LegState) -> None:
    assert line(a_leg(state=state)).startswith("*Android*: ")


def test_a_request_that_was_never_claimed_has_no_record() -> None:
    assert record(a_request(State.APPROVED), now=NOW, hints={}) == []


# What the bot found --------------------------------------------------------------------------------------------------


def seen(state: LegState = LegState.UNKNOWN, **found: Any) -> Leg:
    return a_leg(state=state, evidence=Evidence(since=NOW, looked_at=NOW, **found))


def test_a_task_that_was_found_is_named_and_nobody_is_sent_to_look_for_it() -> None:
    said = line(seen(task_ids=("4711",)))
    assert re.search(r"\*Found at mPaaS\* <!date[^>]*>: task 4711 of this name\. It went out\.$", said)
    assert "Look in the mPaaS console" not in said


def test_two_tasks_of_one_name_are_told_loudly() -> None:
    said = line(seen(task_ids=("4711", "4712")))
    assert "*mPaaS lists it more than once:* tasks 4711, 4712. It may have gone out twice" in said
    assert "tasks 1, 2, 3, and 2 more." in line(seen(task_ids=("1", "2", "3", "4", "5")))


def test_a_task_without_an_id_is_a_task() -> None:
    assert "task without an id of this name" in line(seen(task_ids=("",)))


def test_that_none_was_found_says_until_when_that_proves_nothing() -> None:
    assert re.search(
        r"Not found at mPaaS, <!date[^>]*>\. Until <!date[^>]*> its absence proves nothing\.", line(seen())
    )


def test_an_absence_is_believed_after_the_signature_is_dead_and_three_looks() -> None:
    later = NOW + timedelta(minutes=17)
    assert "very probably did not go out" in line(seen(conclusive=3), now=later)
    for hasty in (line(seen(conclusive=2), now=later), line(seen(conclusive=3, failure="down"), now=later)):
        assert "probably" not in hasty
        assert "Look in the mPaaS console" in hasty


def test_of_a_held_leg_a_send_may_be_forgotten_for_as_long_as_a_signature_lives() -> None:
    leg = seen(LegState.HELD)
    assert "If the store forgot a send, it can still appear there until" in line(leg)
    assert "it can still appear" not in line(leg, now=NOW + timedelta(minutes=17))


def test_an_mpaas_that_could_not_be_asked_is_no_absence() -> None:
    said = line(seen(failure="connection refused"))
    assert "mPaaS could not be asked, <!date" in said
    assert "connection refused" in said
    assert "Not found" not in said


@pytest.mark.parametrize("state", [one for one in LegState if one not in {LegState.UNKNOWN, LegState.HELD}])
def test_what_is_settled_needs_no_evidence(state: LegState) -> None:
    assert "4711" not in line(seen(state, task_ids=("4711",)))


# The button that records it ------------------------------------------------------------------------------------------


def drawn(*, with_buttons: bool = True, **found_: Any) -> Message:
    request = found(a_request(State.OUTCOME_UNKNOWN), **found_)
    return message("x", record(request, now=NOW, hints={}, with_buttons=with_buttons))


def test_a_leg_of_which_one_task_is_shown_can_be_recorded_by_one_press() -> None:
    (button,) = [each for each in objects_in(drawn(task_ids=("4711",)).blocks) if each.get("type") == "button"]
    assert (button["text"]["text"], button["style"]) == ("Record iOS as sent", "primary")
    assert button["value"] == str(ButtonValue.of(a_request(State.OUTCOME_UNKNOWN), Platform.IOS))
    assert "4711" not in button["value"]


@pytest.mark.parametrize("found_", [{}, {"task_ids": ("1", "2")}, {"task_ids": ("",)}, {"failure": "down"}])
def test_nothing_and_several_tasks_are_not_recorded_by_one_press(found_: dict[str, Any]) -> None:
    assert labels_of(drawn(**found_)) == []


def test_only_the_card_has_that_button() -> None:
    assert labels_of(drawn(with_buttons=False, task_ids=("4711",))) == []
