"""A request whose card is refused says so, and nothing else of it changes."""

import pytest
from builders import NOON, a_request

from bot.domain.request import Step
from bot.domain.states import State
from bot.domain.unposted import UNPOSTED, is_unposted, post_card, refuse_card

WHY = "Slack refuses the card in C01 (is_archived)."


def refused() -> Step:
    return refuse_card(a_request(State.PENDING_APPROVAL), why=WHY, now=NOON)


def test_a_refused_card_is_said_on_the_request_and_in_its_history() -> None:
    step = refused()
    assert is_unposted(step.request)
    assert step.request.remark
    assert (step.request.remark.why, step.line.event, step.line.detail) == (WHY, UNPOSTED, WHY)


def test_nothing_that_people_decide_about_changes() -> None:
    before, after = a_request(State.PENDING_APPROVAL), refused().request
    told = {"version", "head", "waiting_for", "remark"}
    assert before.model_dump(exclude=told) == after.model_dump(exclude=told)


def test_a_card_that_stands_takes_it_back() -> None:
    step = post_card(refused().request, now=NOON)
    assert not is_unposted(step.request)
    assert (step.request.remark, step.line.event) == (None, "card_posted")


def test_neither_step_asks_for_a_message_of_its_own() -> None:
    assert (refused().notices, post_card(refused().request, now=NOON).notices) == ((), ())


@pytest.mark.parametrize("state", [state for state in State if state is not State.PENDING_APPROVAL])
def test_only_a_request_that_waits_for_votes_is_unposted(state: State) -> None:
    assert not is_unposted(a_request(state, waiting_for=UNPOSTED))
