"""Settle a leg whose outcome is unknown: what the dialog shows, and when which answer is taken."""

import re
from datetime import timedelta

from desk import CHANNELS, Desk, words

from bot.domain.request import BroadcastRequest
from bot.playground.cast import ANA, BO, CHEN, DANA
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.slack import payloads


def unknown(desk: Desk, *, when: str = "after") -> BroadcastRequest:
    """Ask for a push, approve it, and lose mPaaS's answer for Android, before or after it was executed."""
    request = desk.asks(ANA)
    desk.approves(BO, request)
    desk.mpaas.misbehave(Misbehaviour.model_validate({"kind": "reset", "action": "PushBroadcast", "when": when}))
    desk.works(2)
    assert [leg.state for leg in desk.now(request).legs] == ["unknown", "accepted"]
    return desk.now(request)


def long_ago(desk: Desk, request: BroadcastRequest) -> BroadcastRequest:
    """Let the attempts lie so far in the past that no copy of the request can arrive any more."""
    legs = tuple(leg.model_copy(update={"attempted_at": leg.attempted_at - timedelta(hours=1)}) for leg in request.legs)
    return desk.commit(request, legs=legs)


def test_an_unknown_outcome_is_on_the_card_and_nothing_is_sent_again(desk: Desk) -> None:
    request = unknown(desk)
    shown = words(desk.card(request))
    assert "*Android*: outcome unknown, tried" in shown
    assert shown.splitlines()[-2:] == ["Settle", "Show details"]
    desk.works(2)
    assert set(desk.mpaas.journal.executed_by_msgkey().values()) == {1}


def test_the_dialog_shows_what_mpaas_lists(desk: Desk) -> None:
    request = unknown(desk)
    desk.presses(CHEN, desk.card(request), "settle")
    (task,) = [task for task in desk.mpaas.tasks() if task.push.task_name == request.legs[0].task_name]
    assert f"task {task.task_id} of this name. It went out." in desk.reads(CHEN)
    assert "iOS" not in desk.reads(CHEN)


def test_the_dialog_says_that_an_absence_proves_nothing_yet(desk: Desk) -> None:
    request = unknown(desk, when="before")
    desk.presses(ANA, desk.card(request), "settle")
    assert re.search(r"Not found at mPaaS, .*\. Until .* its absence proves nothing\.", desk.reads(ANA))


def test_the_dialog_opens_although_mpaas_does_not_answer(desk: Desk) -> None:
    request = unknown(desk)
    desk.mpaas.misbehave(Misbehaviour(kind="hang", times=None))
    with desk.impatient():
        desk.presses(ANA, desk.card(request), "settle")
    assert desk.sees(ANA).content["callback_id"] == "settle_form"
    assert "mPaaS could not be asked" in desk.reads(ANA)


def test_an_mpaas_that_is_down_is_asked_once_for_all_legs(desk: Desk) -> None:
    request = desk.asks(ANA)
    desk.approves(BO, request)
    desk.mpaas.misbehave(Misbehaviour(kind="reset", action="PushBroadcast", when="after", times=2))
    desk.works(2)
    desk.mpaas.journal.clear()
    desk.mpaas.misbehave(Misbehaviour(kind="reset", times=None))
    desk.presses(ANA, desk.card(request), "settle")
    assert desk.reads(ANA).count("mPaaS could not be asked") == 2
    assert len(desk.mpaas.journal.entries()) == 1


def test_it_went_out_is_taken_at_once_with_its_task(desk: Desk) -> None:
    request = unknown(desk)
    desk.presses(CHEN, desk.card(request), "settle")
    desk.fills(CHEN, "leg", "sent")
    desk.fills(CHEN, "task_id", " 4711 ")
    assert desk.submits(CHEN).problems == {}
    desk.announces()
    after = desk.now(request)
    assert (after.state, after.legs[0].settled_by) == ("sent", CHEN.id)
    assert "Task 4711." in words(desk.card(request))
    assert f"Settled by <@{CHEN.id}>." in words(desk.card(request))


def test_it_did_not_go_out_is_refused_while_it_could_still_arrive(desk: Desk) -> None:
    request = unknown(desk, when="before")
    desk.presses(ANA, desk.card(request), "settle")
    desk.fills(ANA, "leg", "unsent")
    desk.submits(ANA)
    assert "It is too early to say that it did not go out" in desk.reads(ANA)
    assert desk.now(request).state == "outcome_unknown"


def test_it_did_not_go_out_is_taken_later(desk: Desk) -> None:
    request = long_ago(desk, unknown(desk, when="before"))
    desk.presses(ANA, desk.card(request), "settle")
    desk.fills(ANA, "leg", "unsent")
    desk.submits(ANA)
    assert [leg.state for leg in desk.now(request).legs] == ["not_sent", "accepted"]
    assert desk.now(request).state == "partly_sent"


def test_the_dialog_wants_an_answer_and_one_that_fits(desk: Desk) -> None:
    request = unknown(desk)
    desk.presses(ANA, desk.card(request), "settle")
    assert desk.submits(ANA).problems == {"leg.android": "Say of at least one platform what you found."}
    desk.fills(ANA, "leg", "unsent")
    desk.fills(ANA, "task_id", "4711")
    assert desk.submits(ANA).problems == {"task_id.android": "A push that did not go out has no task id."}
    assert desk.now(request) == request


def test_whoever_settles_second_is_told_so(desk: Desk) -> None:
    request = unknown(desk)
    card = desk.card(request)
    for person in (ANA, CHEN):
        desk.presses(person, card, "settle")
        desk.fills(person, "leg", "sent")
    desk.submits(CHEN)
    desk.submits(ANA)
    assert "There is nothing to settle for android: <@U03CHEN> did it already." in desk.reads(ANA)
    desk.clears(ANA)
    desk.presses(ANA, card, "settle")
    assert "There is nothing to settle. It was already approved by" in desk.reads(ANA)


def test_who_is_not_involved_cannot_settle(desk: Desk) -> None:
    request = unknown(desk)
    desk.presses(DANA, desk.card(request), "settle")
    assert "Only <@U01ANA> or an approver of test can do that." in desk.reads(DANA)


# One press -----------------------------------------------------------------------------------------------------------


def found(desk: Desk) -> BroadcastRequest:
    """Lose mPaaS's answer for Android, and let the bot find the task."""
    request = unknown(desk)
    desk.works()
    assert "Record Android as sent" in words(desk.card(request))
    return desk.now(request)


def test_the_card_shows_what_the_bot_found_and_one_press_records_it(desk: Desk) -> None:
    request = found(desk)
    (task,) = [task for task in desk.mpaas.tasks() if task.push.task_name == request.legs[0].task_name]
    assert f"task {task.task_id} of this name. It went out." in words(desk.card(request))
    desk.presses(CHEN, desk.card(request), "record")
    desk.announces()
    assert (desk.now(request).state, desk.now(request).legs[0].settled_by) == ("sent", CHEN.id)
    assert f"Task {task.task_id}. Settled by <@{CHEN.id}>." in words(desk.card(request))
    assert desk.slack.views(CHEN.id) == []


def test_what_the_button_says_is_a_leg_and_never_a_task(desk: Desk) -> None:
    request = found(desk)
    card = desk.card(request)
    (value,) = [block["accessory"]["value"] for block in card.blocks or [] if "accessory" in block]
    assert value == f"{request.id}|1|{request.short_digest}|android"
    for forged in (f"{value}|4711", value.removesuffix("|android"), value.replace("android", "windows")):
        desk.presses(DANA, card, "record")
        desk.clears(DANA)
        payload = desk.last_payload("block_actions")
        trigger = desk.slack.world.trigger(ANA.id, channel=CHANNELS["test"].id)
        action = payload["actions"][0] | {"value": forged}
        pressed = payload | {"actions": [action], "user": payloads.user_of(ANA), "trigger_id": trigger}
        desk.deliver("interactive", pressed)
        assert "stale or not of this bot" in desk.reads(ANA)
        desk.clears(ANA)
    assert desk.now(request).state == "outcome_unknown"


def test_who_presses_twice_or_second_is_told_who_did_it(desk: Desk) -> None:
    request = found(desk)
    card = desk.card(request)
    desk.presses(CHEN, card, "record")
    for person in (CHEN, ANA):
        desk.presses(person, card, "record")
        assert "There is nothing to settle for android: <@U03CHEN> did it already." in desk.reads(person)
        desk.clears(person)
    assert [line.event for line in desk.store.history(request.id)].count("find_sent android") == 1


def test_who_is_not_involved_records_nothing(desk: Desk) -> None:
    request = found(desk)
    desk.presses(DANA, desk.card(request), "record")
    assert "Only <@U01ANA> or an approver of test can do that." in desk.reads(DANA)
    assert desk.now(request).state == "outcome_unknown"


def test_a_press_on_what_is_not_the_only_task_any_more_records_nothing(desk: Desk) -> None:
    request = found(desk)
    card = desk.card(request)
    (android, ios) = request.legs
    assert android.evidence is not None
    twice = android.evidence.model_copy(update={"task_ids": ("4711", "4712")})
    desk.commit(request, legs=(android.model_copy(update={"evidence": twice}), ios))
    desk.presses(ANA, card, "record")
    assert "mPaaS does not list exactly one task" in desk.reads(ANA)
    assert "Record Android as sent" not in words(desk.card(request))
    assert "mPaaS lists it more than once:* tasks 4711, 4712." in words(desk.card(request))


def test_a_press_while_the_store_is_down_is_answered(desk: Desk) -> None:
    request = found(desk)
    with desk.store_down():
        desk.presses(ANA, desk.card(request), "record")
    assert "Nothing was recorded; press again." in desk.reads(ANA)
