"""Every press gets an answer in words, whatever goes wrong behind it; and the acknowledgement is never lost."""

import logging
import re
from http.client import RemoteDisconnected

import pytest
from desk import ASK, CHANNELS, Desk, words
from slack_bolt import Ack
from slack_sdk.errors import SlackApiError

from bot.errors import (
    Conflict,
    Problem,
    Refused,
    SealBroken,
    StoreRefused,
    StoreUnavailable,
    StoreUnfit,
    UnknownRequest,
)
from bot.playground.cast import ANA, BO, GENERAL
from bot.playground.slack.world import Message
from handlers.errors import sentence_for

STORE_REFUSED = "The store answered, and refused this. Nothing was recorded."
NOTHING_RECORDED = "The store did not answer in time. Nothing was recorded; press again."


def broken(_: int) -> int:
    raise ZeroDivisionError("no randomness left in /secret/place")


def incident_in(text: str) -> str:
    found = re.search(r"incident ([0-9a-f]{8})\.", text)
    assert found, text
    return found[1]


def logged_incident(caplog: pytest.LogCaptureFixture) -> logging.LogRecord:
    (record,) = [record for record in caplog.records if record.getMessage() == "incident"]
    return record


def press_without_store(desk: Desk, card: Message, action: str) -> str:
    desk.presses(BO, card, action)
    text = desk.reads(BO)
    desk.clears(BO)
    return text


def test_without_the_store_every_command_says_that_nothing_was_recorded(desk: Desk) -> None:
    with desk.store_down():
        for typed in ("", ASK.format(target="test"), "list", "scheduled", "halt", "resume", "withdraw 7K3M-Q2XD"):
            assert NOTHING_RECORDED in words(desk.types(BO if typed == "list" else ANA, typed)), typed


def test_without_the_store_every_press_says_that_nothing_was_recorded(desk: Desk) -> None:
    request = desk.asks(ANA)
    card = desk.card(request)
    with desk.store_down():
        for action in ("approve", "reject", "withdraw", "show_details", "edit"):
            assert NOTHING_RECORDED in press_without_store(desk, card, action), action
    assert desk.now(request) == request


def test_without_the_store_no_form_is_taken_and_none_is_lost(desk: Desk) -> None:
    request = desk.asks(ANA)
    desk.presses(BO, desk.card(request), "approve")
    desk.types(ANA, ASK.format(target="test"))
    with desk.store_down():
        desk.submits(BO)
        desk.submits(ANA)
    for person in (BO, ANA):
        assert NOTHING_RECORDED in desk.reads(person)
        desk.slack.close(person.id, desk.sees(person))
        desk.submits(person)
    assert desk.now(request).state == "approved"
    assert len(desk.store.list_requests()) == 2


def test_without_the_store_a_search_finds_nothing_and_the_home_tab_stays(desk: Desk) -> None:
    desk.types(ANA, f'unreadable text="{"x" * 4000}" --target test')
    with desk.store_down():
        found = desk.slack.load_options(ANA.id, desk.sees(ANA), "form_template", "")
        assert (found.options, found.failure) == ([], "No results")
        assert desk.slack.open_home(ANA.id).acked
    assert desk.slack.home(ANA.id) is None


def test_what_nobody_foresaw_gets_a_number_that_is_in_the_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with desk.app_with(random_bits=broken):
        deed = desk.types(ANA)
    record = logged_incident(caplog)
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError
    assert incident_in(words(deed)) == vars(record)["bot_facts"]["incident"]


def test_what_nobody_foresaw_shows_no_cause_to_people(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    request = desk.asks(ANA)
    desk.presses(BO, desk.card(request), "approve")
    with desk.app_with(random_bits=broken):
        deed = desk.submits(BO)
    assert incident_in(words(deed)) == vars(logged_incident(caplog))["bot_facts"]["incident"]
    for cause in ("Traceback", "ZeroDivisionError", "randomness", "secret"):
        assert cause not in words(deed)
    assert desk.now(request) == request


def test_a_fault_while_a_view_is_drawn_takes_the_place_of_the_small_view(desk: Desk) -> None:
    with desk.app_with(quick_clients={}):
        deed = desk.types(ANA, ASK.format(target="test"))
    assert deed.acked
    assert incident_in(desk.reads(ANA))
    assert "Reading the templates" not in desk.reads(ANA)


def test_a_listener_that_raises_right_after_its_acknowledgement_is_answered_in_words(desk: Desk) -> None:
    with desk.app_with() as app:

        def boom(ack: Ack) -> None:
            ack("All is well.")
            raise ZeroDivisionError

        app.command("/boom")(boom)
        deed = desk.slack.command(ANA.id, GENERAL.id, "/boom")
    assert deed.acked
    assert incident_in(words(deed))
    assert "All is well." not in words(deed)


def test_a_press_in_a_modal_that_fails_is_answered_on_top_of_it(desk: Desk) -> None:
    desk.types(ANA)
    form = desk.sees(ANA)
    with desk.store_down():
        desk.fills(ANA, "target", "test")
    assert desk.slack.views(ANA.id)[0].id == form.id
    assert NOTHING_RECORDED in desk.reads(ANA)


@pytest.mark.parametrize("kind", ["error", "http_500", "reset_before"])
def test_a_slack_that_opens_no_view_is_told_by_a_message_only_they_see(desk: Desk, kind: str) -> None:
    request = desk.asks(ANA)
    desk.slack.fault("views.open", kind, times=2)  # type: ignore[arg-type]  # a parameter is any text to mypy
    desk.presses(BO, desk.card(request), "approve")
    (whisper,) = desk.whispers(BO, CHANNELS["test"].id)
    assert incident_in(words(whisper))


def test_where_there_is_no_channel_the_words_come_as_a_direct_message(desk: Desk) -> None:
    desk.slack.open_home(BO.id)
    home = desk.slack.home(BO.id)
    assert home is not None
    desk.slack.fault("views.open", "error", code="expired_trigger_id")
    desk.presses(BO, home, "new_broadcast")
    assert "You are not listed as a requester of live." in words(desk.slack.direct(BO.id)[-1])


def test_a_slack_that_takes_no_words_at_all_is_written_to_the_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    request = desk.asks(ANA)
    card = desk.card(request)
    desk.slack.fault("views.open", "error", times=2)
    desk.slack.fault("chat.postEphemeral", "reset_before")
    assert desk.presses(BO, card, "approve").acked
    assert [record for record in caplog.records if record.getMessage() == "sentence_not_shown"]


@pytest.mark.parametrize(
    ("name", "change", "why"),
    [
        ("block_actions", {"actions": [{"action_id": "gone", "block_id": "b", "type": "button"}]}, "stale or not of"),
        ("view_submission", {}, "not one of this bot's, or of an older version"),
    ],
)
def test_buttons_and_forms_of_an_older_version_are_answered(
    desk: Desk, name: str, change: dict[str, object], why: str
) -> None:
    request = desk.asks(ANA)
    desk.presses(BO, desk.card(request), "approve")
    desk.submits(BO)
    payload = desk.last_payload(name) | change
    payload["trigger_id"] = desk.slack.world.trigger(BO.id, channel=CHANNELS["test"].id)
    if name == "view_submission":
        payload["view"] = payload["view"] | {"callback_id": "form_of_last_year"}
    answer = desk.deliver("interactive", payload)
    assert answer.status == 200
    assert why in (words(answer) or desk.reads(BO))


def test_what_this_bot_never_subscribed_to_is_refused(desk: Desk) -> None:
    desk.statuses = range(404, 405)
    assert "This bot does not listen to that." in desk.slack.command(ANA.id, GENERAL.id, "/lunch").answer["error"]


def test_a_foreign_button_value_is_refused_in_words(desk: Desk) -> None:
    request = desk.asks(ANA)
    desk.presses(BO, desk.card(request), "approve")
    payload = desk.last_payload("block_actions")
    payload["actions"] = [payload["actions"][0] | {"value": "7K3M-Q2XD|1|nonsense"}]
    payload["trigger_id"] = desk.slack.world.trigger(BO.id, channel=CHANNELS["test"].id)
    desk.deliver("interactive", payload)
    assert "This button is stale or not of this bot." in desk.reads(BO)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Refused(Problem("", "a", "First."), Problem("", "b", "Second.")), "First. Second."),
        (UnknownRequest("7K3M-Q2XD"), "There is no request 7K3M-Q2XD."),
        (Conflict(), "Somebody else pressed at the same moment"),
        (StoreUnavailable("timeout"), NOTHING_RECORDED),
        (
            SealBroken("7K3M-Q2XD", "Its seal is broken."),
            "The stored record of request 7K3M-Q2XD was changed outside the bot, so nothing can be done with it",
        ),
        (StoreRefused("NOPERM"), STORE_REFUSED),
        (StoreUnfit("no AOF"), STORE_REFUSED),
        (SlackApiError("no", {"error": "exchanged_trigger_id"}), "Slack did not open the form in time."),
        (SlackApiError("no", {"error": "not_in_channel"}), "incident "),
        (RemoteDisconnected(), "incident "),
        (KeyError("user"), "incident "),
    ],
)
def test_every_exception_has_its_sentence(error: Exception, said: str) -> None:
    assert said in sentence_for(error)
