"""A stored record that was changed: whoever meets it calls the approvers, before and whatever becomes of the card."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from desk import Desk
from loops.log_lines import logged
from loops.telling import announce, half_a_minute_later, text
from operations.bench import Bench
from reported.closed_places import much_later, request_told

from bot.domain.content import Platform
from bot.domain.request import BroadcastRequest
from bot.domain.seals import ALARM
from bot.errors import SealBroken
from bot.operations import looking
from bot.operations.tending import tend
from bot.playground.cast import ANA, APPROVALS, BO, BROADCASTS, CHEN, GENERAL, ONCALL
from bot.playground.slack.world import Message
from bot.store.keys import Keys
from bot.store.store import RequestStore
from bot.views.ids import Action, ButtonValue

KEYS = Keys()


@pytest.fixture
def bench(store: RequestStore, tmp_path: Path) -> Iterator[Bench]:
    with Bench(store, tmp_path) as bench:
        yield bench


def change(redis_client: redis.Redis, request: BroadcastRequest) -> None:
    """Write something else over a stored record."""
    redis_client.hset(KEYS.request(request.id), "document", "{")


def alarms(bench: Bench | Desk, channel: str = APPROVALS.id) -> list[Message]:
    """List the messages of a channel that call somebody because of an alarm."""
    shown = bench.slack.messages(channel, seen_by=ANA.id)
    return [message for message in shown if message.text.startswith("ALARM") and "please see to it" in text(message)]


# What becomes of the card, or of one channel, keeps nobody from being called ---------------------------------------


def test_a_deleted_card_does_not_swallow_the_alarm(bench: Bench, redis_client: redis.Redis) -> None:
    """Whoever changed the record deleted its card too: the card was updated before anybody was called."""
    request, card = request_told(bench)
    bench.slack.delete(ANA.id, card)
    change(redis_client, request)
    bench.store.sound_alarm(request.id)
    announce(bench)
    (alarm,) = alarms(bench)
    assert f"<!subteam^{ONCALL.id}>" in text(alarm)
    assert bench.store.notices_waiting() == 0


@pytest.mark.parametrize("kind", ["http_500", "ratelimited", "reset_before"])
def test_the_approvers_are_called_before_the_card_is_marked(bench: Bench, redis_client: redis.Redis, kind: Any) -> None:
    """Slack does not take the change of the card now: the alarm is out already, and the card is marked later."""
    request, _ = request_told(bench)
    change(redis_client, request)
    bench.store.sound_alarm(request.id)
    bench.slack.fault("chat.update", kind, seconds=60, times=None)
    bench.announcer().turn()
    assert len(alarms(bench)) == 1
    assert bench.store.notices_waiting() == 1
    bench.slack.clear_faults()
    much_later(redis_client)
    announce(bench)
    assert bench.posted()[0].text.startswith("ALARM")
    assert len(alarms(bench)) == 1


def test_a_held_request_calls_the_approvers_though_its_card_is_gone(bench: Bench, redis_client: redis.Redis) -> None:
    """The record could be put where nothing is sent from, and its card can't be changed."""
    request = bench.approved()
    announce(bench)
    bench.slack.delete(ANA.id, bench.posted()[0])
    document = bench.store.record(request.id).text.replace("Berlin", "Bonn")
    redis_client.hset(KEYS.request(request.id), "document", document)
    assert tend(bench.context, request.id).event == ALARM
    bench.slack.fault("chat.update", "http_500", times=None)
    bench.announcer().turn()
    assert len(alarms(bench)) == 1


def test_one_closed_channel_keeps_no_other_from_the_alarm(bench: Bench, redis_client: redis.Redis) -> None:
    """A record that never had a card is told wherever people approve, and one of these channels is archived."""
    context = bench.context_with("live", "test")
    request = bench.submitted()
    change(redis_client, request)
    bench.slack.archive(APPROVALS.id)
    announce(bench, bench.announcer(context))
    assert len(alarms(bench, BROADCASTS.id)) == 1


def test_approvers_whose_channel_takes_nothing_are_called_directly(bench: Bench, redis_client: redis.Redis) -> None:
    """The approvals channel is archived: the alarm was lost with it."""
    request, _ = request_told(bench)
    bench.slack.archive(APPROVALS.id)
    change(redis_client, request)
    bench.store.sound_alarm(request.id)
    with logged() as lines:
        announce(bench)
    for approver in (BO, CHEN):
        (told,) = bench.slack.direct(approver.id)
        assert told.text == f"ALARM: the stored record of request {request.id} was changed"
    assert bench.store.notices_waiting() == 0
    assert len(lines.of("alarm_told_directly")) == 1


def test_an_alarm_that_reaches_nobody_is_not_done_with(bench: Bench, redis_client: redis.Redis) -> None:
    """The bot's token was revoked: it is tried until somebody hears of it."""
    request, _ = request_told(bench)
    change(redis_client, request)
    bench.store.sound_alarm(request.id)
    bench.slack.fault("*", "error", code="token_revoked", times=None)
    bench.announcer().turn()
    assert bench.store.notices_waiting() == 1


def test_a_card_in_a_channel_where_nobody_approves_any_more_calls_those_who_do(
    bench: Bench, redis_client: redis.Redis
) -> None:
    """The target got another approvals channel: the alarm went to the old one, and mentioned nobody."""
    request, _ = request_told(bench)
    change(redis_client, request)
    bench.store.sound_alarm(request.id)
    announce(bench, bench.announcer(bench.context_with(approvals_channel=BROADCASTS.id)))
    (alarm,) = alarms(bench, BROADCASTS.id)
    assert f"<!subteam^{ONCALL.id}>" in text(alarm)


def test_an_alarm_of_a_target_that_is_gone_calls_all_approvers(bench: Bench, redis_client: redis.Redis) -> None:
    """Nobody's channel is named for it any more."""
    request = bench.approved()
    document = bench.store.record(request.id).text.replace("Berlin", "Bonn")
    redis_client.hset(KEYS.request(request.id), "document", document)
    assert tend(bench.context, request.id).event == ALARM
    announce(bench, bench.announcer(bench.context_with("test")))
    assert len(alarms(bench, BROADCASTS.id)) == 1


def test_an_alarm_that_somebody_deletes_is_posted_anew_when_it_is_sounded_again(
    bench: Bench, redis_client: redis.Redis
) -> None:
    """Whoever changed the record tidies the channel too."""
    request, _ = request_told(bench)
    change(redis_client, request)
    bench.store.sound_alarm(request.id)
    announce(bench)
    bench.slack.delete(ANA.id, alarms(bench)[0])
    redis_client.delete(KEYS.alarm(request.id))
    bench.store.sound_alarm(request.id)
    announce(bench)
    assert len(alarms(bench)) == 1


def test_an_announcer_that_dies_with_an_alarm_in_hand_leaves_it_to_another(
    bench: Bench, redis_client: redis.Redis
) -> None:
    """It has reserved the post, and never makes it: the other one was done with the notice all the same."""
    request, _ = request_told(bench)
    change(redis_client, request)
    bench.store.sound_alarm(request.id)
    assert bench.store.reserve_post(request.id, f"alarm:{APPROVALS.id}", by="the dead one", seconds=25)
    announce(bench)
    half_a_minute_later(redis_client)
    announce(bench)
    assert len(alarms(bench)) == 1


# No backlog stands before an alarm ---------------------------------------------------------------------------------


def test_an_alarm_is_told_before_everything_that_waits(bench: Bench, redis_client: redis.Redis) -> None:
    """Fifteen cards were waiting in front of it."""
    request, _ = request_told(bench)
    for _ in range(15):
        bench.submitted()
    change(redis_client, request)
    bench.store.sound_alarm(request.id)
    bench.announcer().turn()
    first = [message.text for message in bench.posted()][1]
    assert first.startswith("ALARM")


def test_what_a_record_with_an_alarm_has_to_say_is_not_behind_the_others(bench: Bench) -> None:
    """The worker found it out by the audit trail, so nobody sounded the alarm."""
    for _ in range(12):
        bench.submitted()
    request = bench.commit(bench.submitted(), alarm="The audit trail knows another version.")
    (first, *_) = bench.store.next_notices("one", count=1, block_ms=0)
    assert first.request_id == request.id


def test_whoever_dies_while_he_sounds_an_alarm_leaves_it_to_the_next(bench: Bench, redis_client: redis.Redis) -> None:
    """That it was sounded was remembered before it was: for an hour nobody else did."""
    request = bench.submitted()
    assert bench.store.sound_alarm(request.id)
    assert not bench.store.sound_alarm(request.id)
    assert redis_client.xlen(KEYS.alarms) == 1


# Whoever meets it calls --------------------------------------------------------------------------------------------

PRESSES = [action for action in Action if action.value in {
    "approve", "reject", "withdraw", "stop", "edit", "cancel", "recall", "settle", "record", "show_details",
    "new_request_like_this",
}]  # fmt: skip


def pressed(desk: Desk, request: BroadcastRequest, action: Action) -> dict[str, Any]:
    """Make a press of any button of a request's messages, of whatever state it was drawn in."""
    desk.presses(ANA, desk.card(request), "show_details")
    desk.clears(ANA)
    payload = desk.last_payload("block_actions")
    value = ButtonValue.of(request, Platform.IOS if action is Action.RECORD else None)
    button = payload["actions"][0] | {"action_id": action.value, "value": str(value)}
    trigger = desk.slack.world.trigger(ANA.id, channel=APPROVALS.id)
    return payload | {"actions": [button], "trigger_id": trigger}


def test_each_button_that_a_request_has_is_pressed_here() -> None:
    """A button that is added later calls too."""
    others = {action for action in Action if action.value.startswith("form_")} | {Action.NEW, Action.INPUT}
    assert set(PRESSES) | others == set(Action)


@pytest.mark.parametrize("action", PRESSES)
def test_any_press_on_a_changed_record_calls_the_approvers(
    desk: Desk, redis_client: redis.Redis, action: Action
) -> None:
    """Only some verbs did: the dialogs, the details and the form said that it was changed, and nobody was called."""
    request = desk.asks(ANA, "live")
    payload = pressed(desk, request, action)
    change(redis_client, request)
    desk.deliver("interactive", payload)
    desk.announces()
    assert "was changed outside the bot" in desk.reads(ANA)
    assert len(alarms(desk)) == 1


@pytest.mark.parametrize("form", ["approve", "reject", "withdraw", "edit"])
def test_a_dialog_that_was_open_calls_them_when_it_is_submitted(
    desk: Desk, redis_client: redis.Redis, form: str
) -> None:
    """The record was changed while somebody had the dialog before them."""
    request, person = desk.asks(ANA, "live"), ANA if form in {"edit", "withdraw"} else BO
    desk.presses(person, desk.card(request), form)
    if form == "edit":
        desk.submits(person)
    if form == "approve":
        desk.fills(person, "typed_target", "live")
    if form == "reject":
        desk.fills(person, "choice", "reject")
        desk.fills(person, "reason", "No.")
    change(redis_client, request)
    desk.submits(person)
    desk.announces()
    assert len(alarms(desk)) == 1


@pytest.mark.parametrize("said", ["list", "show {id}", "withdraw {id}"])
def test_any_command_that_meets_a_changed_record_calls_them(desk: Desk, redis_client: redis.Redis, said: str) -> None:
    """The list left it out without a word."""
    request = desk.asks(ANA, "live")
    change(redis_client, request)
    desk.types(ANA, said.format(id=request.id), channel=GENERAL.id)
    desk.announces()
    assert len(alarms(desk)) == 1


def test_a_home_tab_that_would_list_a_changed_record_calls_them(desk: Desk, redis_client: redis.Redis) -> None:
    """Somebody opens the Home tab."""
    request = desk.asks(ANA, "live")
    change(redis_client, request)
    desk.slack.open_home(BO.id)
    desk.announces()
    assert len(alarms(desk)) == 1


def test_a_store_that_takes_no_write_still_says_what_is_wrong(bench: Bench, redis_client: redis.Redis) -> None:
    """It has lost its replicas: nobody can be called now, and the reason that people read is the true one."""
    request, _ = request_told(bench)
    change(redis_client, request)
    redis_client.config_set("min-replicas-to-write", 1)
    try:
        with pytest.raises(SealBroken):
            looking.look(bench.context, request.id)
    finally:
        redis_client.config_set("min-replicas-to-write", 0)
    assert looking.open_requests(bench.context) == []
    announce(bench)
    assert len(alarms(bench)) == 1
