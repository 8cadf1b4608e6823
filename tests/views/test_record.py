from datetime import timedelta

import pytest
from builders import NOON, a_leg, a_request
from views.gallery import NOW, texts_of

from bot.domain.content import Platform
from bot.domain.outcome import Accepted, Declined, NotSent
from bot.domain.request import Leg
from bot.domain.states import LegState, State
from bot.views.blocks import message
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
    assert record(a_request(State.APPROVED), now=NOW, hints={}, evidence={}) == []


def test_evidence_stands_under_the_leg_that_needs_it_only() -> None:
    request = a_request(State.OUTCOME_UNKNOWN)
    evidence = dict.fromkeys(Platform, "mPaaS lists it.")
    drawn = message("x", record(request, now=NOW, hints={}, evidence=evidence))
    assert texts_of(drawn, "plain_text") == ["mPaaS lists it."]
