"""Cancel what mPaaS keeps for later, and recall what went out."""

import pytest
from desk import Desk, words

from bot.domain.outcome import Accepted
from bot.domain.request import BroadcastRequest
from bot.playground.cast import ANA, BO, CHEN, DANA, Person
from bot.playground.mpaas.misbehaviour import Misbehaviour


def scheduled(desk: Desk) -> BroadcastRequest:
    """Ask for a push in two hours, approve it and hand it to mPaaS."""
    request = desk.asks(ANA, more="--at 'in 2h'")
    desk.approves(BO, request)
    desk.works(2)
    return desk.now(request)


def sent(desk: Desk) -> BroadcastRequest:
    request = desk.asks(ANA)
    desk.approves(BO, request)
    desk.works(2)
    return desk.now(request)


def refusal(desk: Desk) -> str:
    view = desk.sees(ANA)
    assert view.content["callback_id"] == "error"
    return words(view)


@pytest.mark.parametrize("person", [ANA, CHEN], ids=["the requester", "an approver"])
def test_a_scheduled_push_is_cancelled_at_mpaas(desk: Desk, person: Person) -> None:
    request = scheduled(desk)
    assert request.state == "scheduled"
    assert len(desk.mpaas.scheduled()) == 2
    desk.presses(person, desk.card(request), "cancel")
    desk.announces()
    assert desk.now(request).state == "cancelled"
    assert desk.mpaas.scheduled() == []
    assert f"Cancelled at mPaaS by <@{person.id}>" in words(desk.card(request))
    assert "was cancelled by" in words(desk.slack.direct(ANA.id)[-1])


def test_backing_out_of_the_question_changes_nothing(desk: Desk) -> None:
    request = scheduled(desk)
    assert desk.presses(ANA, desk.card(request), "cancel", confirm=False).sent is False
    assert desk.now(request) == request


def test_cancelling_twice_says_who_did_it(desk: Desk) -> None:
    request = scheduled(desk)
    card = desk.card(request)
    desk.presses(CHEN, card, "cancel")
    desk.presses(ANA, card, "cancel")
    assert f"It was already cancelled by <@{CHEN.id}>." in refusal(desk)


def test_who_is_not_involved_cannot_cancel(desk: Desk) -> None:
    request = scheduled(desk)
    desk.presses(DANA, desk.card(request), "cancel")
    assert "Only <@U01ANA> or an approver of test can do that." in desk.reads(DANA)
    assert len(desk.mpaas.scheduled()) == 2


@pytest.mark.parametrize("fault", [{"kind": "result", "code": "3007"}, {"kind": "hang"}])
def test_a_cancellation_mpaas_does_not_confirm_is_told_and_can_be_pressed_again(
    desk: Desk, fault: dict[str, object]
) -> None:
    request = scheduled(desk)
    desk.mpaas.misbehave(Misbehaviour.model_validate(fault | {"action": "CancelPushScheduler"}))
    with desk.impatient():
        desk.presses(ANA, desk.card(request), "cancel")
    assert "mPaaS did not confirm it for every platform (android: " in refusal(desk)
    assert "Press again." in refusal(desk)
    assert desk.now(request).state == "scheduled"
    desk.clears(ANA)
    desk.presses(ANA, desk.card(request), "cancel")
    assert desk.now(request).state == "cancelled"


def test_a_leg_whose_task_id_nobody_knows_is_not_passed_over_in_silence(desk: Desk) -> None:
    request = scheduled(desk)
    android, ios = request.legs
    desk.commit(request, legs=(android, ios.model_copy(update={"outcome": Accepted(task_id="")})))
    desk.presses(ANA, desk.card(request), "cancel")
    assert "ios: its task id is not known, so it has to be cancelled in the mPaaS console" in refusal(desk)
    assert [leg.state for leg in desk.now(request).legs] == ["cancelled", "accepted"]
    assert desk.now(request).state == "scheduled"


def test_a_sent_push_is_recalled_at_mpaas_by_its_tasks_names(desk: Desk) -> None:
    request = sent(desk)
    desk.presses(ANA, desk.card(request), "recall")
    desk.announces()
    assert desk.now(request).state == "recalled"
    recalled = {entry.parameters["TaskId"] for entry in desk.mpaas.journal.entries("RevokePushTask")}
    assert recalled == {task.task_id for task in desk.mpaas.tasks()}
    assert f"Recalled at mPaaS by <@{ANA.id}>" in words(desk.card(request))


def test_a_task_that_mpaas_does_not_list_yet_is_told(desk: Desk) -> None:
    desk.mpaas.delay_listing(3600)
    request = sent(desk)
    desk.presses(ANA, desk.card(request), "recall")
    assert "mPaaS does not list the task" in refusal(desk)
    assert desk.now(request).state == "sent"


def test_what_was_recalled_before_mpaas_fell_silent_is_written_down(desk: Desk) -> None:
    request = sent(desk)
    desk.mpaas.misbehave(Misbehaviour(kind="slow", action="RevokePushTask", seconds=0))
    desk.mpaas.misbehave(Misbehaviour(kind="reset", action="RevokePushTask"))
    desk.presses(ANA, desk.card(request), "recall")
    assert "(ios: " in refusal(desk)
    assert [leg.state for leg in desk.now(request).legs] == ["recalled", "accepted"]
    desk.clears(ANA)
    desk.presses(ANA, desk.card(request), "recall")
    assert desk.now(request).state == "recalled"


@pytest.mark.parametrize("action", ["RevokePushTask", "QueryPushAnalysisTaskList"])
def test_an_mpaas_that_hangs_is_waited_for_once_at_a_recall(desk: Desk, action: str) -> None:
    request = sent(desk)
    before = len(desk.mpaas.journal.entries(action))
    desk.mpaas.misbehave(Misbehaviour(kind="hang", action=action, times=None))
    with desk.impatient():
        desk.presses(ANA, desk.card(request), "recall")
    assert "ios: not tried, since mPaaS does not answer" in refusal(desk)
    assert len(desk.mpaas.journal.entries(action)) == before + 1


def test_what_has_not_been_sent_is_not_recalled(desk: Desk) -> None:
    first = sent(desk)
    recall = desk.card(first)
    desk.presses(ANA, recall, "recall")
    desk.presses(ANA, recall, "recall")
    assert f"It was already recalled by <@{ANA.id}>." in refusal(desk)
