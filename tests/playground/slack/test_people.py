"""What people do in the simulated Slack and what they see when the bot is late, broken or gone."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playground.slack_bot import Received, ScriptedBot, actions, button, field_of, modal, option, section, trigger
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from bot.playground.cast import ANA, BO, DANA, DEX, GENERAL, GUS, OLGA, PARTNERS, RANDOM
from bot.playground.slack.delivery import signature
from bot.playground.slack.parts import TROUBLE
from bot.playground.slack.refusal import CannotDo
from bot.playground.slack.sim import SlackSim

CARD = [section(), actions(button("approve", value="r-7"), button("reject", value="r-7", style="danger"))]


@pytest.fixture
def bot() -> Iterator[ScriptedBot]:
    with ScriptedBot() as listening:
        yield listening


@pytest.fixture
def sim(bot: ScriptedBot) -> Iterator[SlackSim]:
    with SlackSim(ack_seconds=0.3) as running:
        running.connect_http(bot.url)
        yield running


@pytest.fixture
def web(sim: SlackSim) -> WebClient:
    return WebClient(sim.bot_token, base_url=sim.api_url)


def test_a_delivery_is_signed_as_slack_signs(sim: SlackSim, bot: ScriptedBot) -> None:
    sim.command(ANA.id, GENERAL.id, "/broadcast hello")
    received = bot.received[-1]
    assert SignatureVerifier(sim.signing_secret).is_valid_request(received.raw, received.headers)
    assert not SignatureVerifier("another secret").is_valid_request(received.raw, received.headers)


def test_the_signature_of_slacks_own_example_is_reproduced() -> None:
    body = (
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    signed = signature("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body.encode())
    assert signed == "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"


SENT = {
    "a & b <c>": ("a &amp; b &lt;c&gt;", "a &amp; b &lt;c&gt;"),
    "up \U0001f44d\U0001f468\u200d\U0001f469\u200d\U0001f467": ("up :+1::man-woman-girl:", "up :+1::man-woman-girl:"),
    "x=https://a.example/?b&c": ("x=https://a.example/?b&amp;c", "x=<https://a.example/?b&amp;c>"),
    "see shop.example": ("see shop.example", "see <http://shop.example|shop.example>"),
    "to ana@shop.example": ("to ana@shop.example", "to <mailto:ana@shop.example|ana@shop.example>"),
    "by @ana in #general": ("by @ana in #general", "by <@U01ANA|ana> in <#C0001GENERAL|general>"),
    "to @marketing @here @nobody": (
        "to @marketing @here @nobody",
        "to <!subteam^S01MARKETING|@marketing> <!here> @nobody",
    ),
}


@pytest.mark.parametrize("typed", SENT)
@pytest.mark.parametrize("escape", [False, True])
def test_a_command_arrives_as_slack_writes_it(sim: SlackSim, bot: ScriptedBot, typed: str, escape: bool) -> None:
    sim.should_escape = escape
    sim.command(ANA.id, GENERAL.id, f"/broadcast {typed}")
    assert bot.last["text"] == SENT[typed][escape]


def test_a_command_says_who_where_and_what(sim: SlackSim, bot: ScriptedBot) -> None:
    deed = sim.command(ANA.id, GENERAL.id, "/broadcast outage city=Berlin")
    assert deed.acked
    said = {name: bot.last[name] for name in ("command", "text", "user_id", "channel_id", "team_id")}
    assert said == {
        "command": "/broadcast",
        "text": "outage city=Berlin",
        "user_id": ANA.id,
        "channel_id": GENERAL.id,
        "team_id": ANA.team_id,
    }


@pytest.mark.parametrize("answer", ["Help is here.", {"text": "Help is here."}, {"blocks": [section("Help is here.")]}])
def test_the_answer_to_a_command_is_shown_to_the_one_who_typed(sim: SlackSim, bot: ScriptedBot, answer: Any) -> None:
    bot.answer = lambda _: answer
    sim.command(ANA.id, GENERAL.id, "/broadcast help")
    assert len(sim.messages(GENERAL.id, seen_by=ANA.id)) == 1
    assert sim.messages(GENERAL.id, seen_by=BO.id) == []


def test_an_answer_in_the_channel_shows_the_typed_command_too(sim: SlackSim, bot: ScriptedBot) -> None:
    bot.answer = lambda _: {"response_type": "in_channel", "text": "Done."}
    sim.command(ANA.id, GENERAL.id, "/broadcast list")
    assert [(one.user == ANA.id, one.text) for one in sim.messages(GENERAL.id, seen_by=BO.id)] == [
        (True, "/broadcast list"),
        (False, "Done."),
    ]


def test_an_answer_slack_cannot_show_is_a_failure(sim: SlackSim, bot: ScriptedBot) -> None:
    bot.answer = lambda _: {"blocks": [{"type": "nope"}]}
    deed = sim.command(ANA.id, GENERAL.id, "/broadcast")
    assert deed.failure == '/broadcast failed with the error "dispatch_unknown_error"'


def test_a_late_bot_times_out_and_runs_on(sim: SlackSim, bot: ScriptedBot) -> None:
    late, done = threading.Event(), threading.Event()

    def answer(received: Received) -> None:
        del received
        late.wait(5)
        done.set()

    bot.answer = answer
    deed = sim.command(ANA.id, GENERAL.id, "/broadcast")
    assert (deed.acked, deed.failure) == (False, '/broadcast failed with the error "operation_timeout"')
    assert deed.milliseconds >= 290
    late.set()
    assert done.wait(5)


def test_a_broken_bot_and_an_absent_bot_fail_to_dispatch(sim: SlackSim, bot: ScriptedBot) -> None:
    bot.answer = lambda _: 500
    assert "dispatch_failed" in sim.command(ANA.id, GENERAL.id, "/broadcast").failure
    sim.connect_http("http://127.0.0.1:9/slack/events")
    assert "dispatch_failed" in sim.command(ANA.id, GENERAL.id, "/broadcast").failure
    sim.disconnect_http()
    assert "app_unreachable" in sim.command(ANA.id, GENERAL.id, "/broadcast").failure


def test_the_bot_must_live_on_loopback(sim: SlackSim) -> None:
    with pytest.raises(ValueError, match=r"must be http://127\.0\.0\.1"):
        sim.connect_http("http://bot.example/slack/events")


@pytest.mark.parametrize(
    ("user", "channel", "said", "why"),
    [
        (DEX.id, GENERAL.id, "/broadcast", "has left the workspace"),
        ("U404", GENERAL.id, "/broadcast", "There is no person"),
        (GUS.id, RANDOM.id, "/broadcast", "is not in the channel"),
        (OLGA.id, PARTNERS.id, "/broadcast", "People of another company cannot use"),
        (ANA.id, GENERAL.id, "broadcast", "is not a valid command"),
    ],
)
def test_slack_does_not_take_every_command(sim: SlackSim, user: str, channel: str, said: str, why: str) -> None:
    with pytest.raises(CannotDo, match=why):
        sim.command(user, channel, said)
    assert sim.journal(direction="delivery") == []


def test_only_installed_commands_are_taken() -> None:
    with SlackSim(commands=("/broadcast",)) as sim, pytest.raises(CannotDo, match="not a valid command"):
        sim.command(ANA.id, GENERAL.id, "/broadcats")


def test_a_press_carries_the_button_and_its_message(sim: SlackSim, bot: ScriptedBot, web: WebClient) -> None:
    web.chat_postMessage(channel=GENERAL.id, text="card", blocks=CARD)
    card = sim.messages(GENERAL.id, seen_by=BO.id)[-1]
    deed = sim.press(BO.id, card, "approve")
    assert (deed.sent, deed.acked, deed.failure) == (True, True, "")
    action = bot.last["actions"][0]
    assert (action["action_id"], action["value"], action["block_id"]) == ("approve", "r-7", "buttons")
    assert bot.last["message"]["ts"] == card.ts
    assert bot.last["user"]["team_id"] == BO.team_id


def test_outsiders_and_guests_can_press_and_carry_their_own_team(
    sim: SlackSim, bot: ScriptedBot, web: WebClient
) -> None:
    web.chat_postMessage(channel=PARTNERS.id, text="card", blocks=CARD)
    sim.press(OLGA.id, sim.messages(PARTNERS.id, seen_by=OLGA.id)[-1], "approve")
    assert bot.last["user"]["team_id"] == OLGA.team_id != ANA.team_id
    web.chat_postMessage(channel=GENERAL.id, text="card", blocks=CARD)
    assert sim.press(GUS.id, sim.messages(GENERAL.id, seen_by=GUS.id)[-1], "approve").acked


def test_nobody_presses_what_they_cannot_see(sim: SlackSim, web: WebClient) -> None:
    web.chat_postEphemeral(channel=GENERAL.id, user=ANA.id, text="psst", blocks=CARD)
    note = sim.messages(GENERAL.id, seen_by=ANA.id)[-1]
    with pytest.raises(CannotDo, match="cannot see that message"):
        sim.press(BO.id, note, "approve")
    with pytest.raises(CannotDo, match="is not in the channel"):
        sim.press(OLGA.id, note, "approve")
    with pytest.raises(CannotDo, match="there are: approve, reject"):
        sim.press(ANA.id, note, "withdraw")


def test_a_card_that_has_changed_meanwhile_can_still_be_pressed(
    sim: SlackSim, bot: ScriptedBot, web: WebClient
) -> None:
    ts = web.chat_postMessage(channel=GENERAL.id, text="card", blocks=CARD)["ts"]
    seen = sim.message(GENERAL.id, ts)
    web.chat_update(channel=GENERAL.id, ts=ts, text="decided", blocks=[section("decided")])
    assert sim.press(BO.id, seen, "approve").acked
    assert bot.last["actions"][0]["action_id"] == "approve"


def test_backing_out_of_the_confirmation_sends_nothing(sim: SlackSim, bot: ScriptedBot, web: WebClient) -> None:
    plain = {"type": "plain_text", "text": "Sure?"}
    blocks = [actions(button("stop", confirm={"title": plain, "text": plain}))]
    web.chat_postMessage(channel=GENERAL.id, text="card", blocks=blocks)
    card = sim.messages(GENERAL.id, seen_by=BO.id)[-1]
    assert sim.press(BO.id, card, "stop", confirm=False).sent is False
    assert bot.received == []
    assert sim.press(BO.id, card, "stop").acked


def test_menus_and_selects_in_a_message_answer_at_once(sim: SlackSim, bot: ScriptedBot, web: WebClient) -> None:
    menu = {"type": "overflow", "action_id": "more", "options": [option("edit"), option("cancel")]}
    select = {"type": "static_select", "action_id": "why", "options": [option("late"), option("wrong")]}
    web.chat_postMessage(channel=GENERAL.id, text="card", blocks=[actions(menu, select, button("go"))])
    card = sim.messages(GENERAL.id, seen_by=BO.id)[-1]
    sim.press(BO.id, card, "more", value="cancel")
    assert bot.last["actions"][0]["selected_option"]["value"] == "cancel"
    sim.choose(BO.id, card, "why", "wrong")
    assert bot.last["actions"][0]["selected_option"]["value"] == "wrong"
    sim.press(BO.id, card, "go")
    assert bot.last["state"]["values"]["buttons"]["why"]["selected_option"]["value"] == "wrong"
    with pytest.raises(CannotDo, match="no entry"):
        sim.press(BO.id, card, "more", value="explode")


def test_a_press_the_bot_does_not_answer_shows_trouble(sim: SlackSim, bot: ScriptedBot, web: WebClient) -> None:
    web.chat_postMessage(channel=GENERAL.id, text="card", blocks=CARD)
    bot.answer = lambda _: 404
    deed = sim.press(BO.id, sim.messages(GENERAL.id, seen_by=BO.id)[-1], "approve")
    assert (deed.acked, deed.failure) == (False, TROUBLE)


def test_two_people_press_at_the_same_moment_and_both_reach_the_bot(
    sim: SlackSim, bot: ScriptedBot, web: WebClient
) -> None:
    web.chat_postMessage(channel=GENERAL.id, text="card", blocks=CARD)
    card = sim.messages(GENERAL.id, seen_by=BO.id)[-1]
    together = threading.Barrier(2)

    def answer(received: Received) -> None:
        del received
        together.wait(5)

    bot.answer = answer
    threads = [threading.Thread(target=sim.press, args=(user, card, "approve")) for user in (BO.id, DANA.id)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {one.payload["user"]["id"] for one in bot.received} == {BO.id, DANA.id}
    assert [entry.note for entry in sim.journal("block_actions")] == ["", ""]


def test_the_home_tab_is_an_event_and_carries_the_published_view(
    sim: SlackSim, bot: ScriptedBot, web: WebClient
) -> None:
    sim.open_home(ANA.id)
    assert "view" not in bot.last["event"]
    web.views_publish(user_id=ANA.id, view={"type": "home", "blocks": [actions(button("new"))]})
    sim.open_home(ANA.id)
    assert bot.last["event"]["view"]["type"] == "home"
    home = sim.home(ANA.id)
    assert home is not None
    sim.press(ANA.id, home, "new")
    assert bot.last["container"] == {"type": "view", "view_id": home.id}


def test_an_event_that_was_not_taken_comes_again_at_once_then_after_one_and_five_minutes(
    sim: SlackSim, bot: ScriptedBot
) -> None:
    bot.answer = lambda _: 500
    sim.open_home(ANA.id)
    sim.advance(59)
    assert len(bot.received) == 2
    sim.advance(1)
    assert len(bot.received) == 3
    sim.advance(300)
    sim.advance(3600)
    numbers = [received.headers.get("x-slack-retry-num") for received in bot.received]
    assert numbers == [None, "1", "2", "3"]
    assert bot.received[1].headers["x-slack-retry-reason"] == "http_error"
    assert len({received.payload["event_id"] for received in bot.received}) == 1


def test_an_event_can_be_delivered_twice(sim: SlackSim, bot: ScriptedBot) -> None:
    sim.duplicate_events()
    sim.open_home(ANA.id)
    sim.open_home(ANA.id)
    ids = [received.payload["event_id"] for received in bot.received]
    assert (ids[0] == ids[1], ids[1] == ids[2]) == (True, False)


def test_shortcuts_reach_the_bot(sim: SlackSim, bot: ScriptedBot) -> None:
    sim.shortcut(ANA.id, "new_broadcast")
    assert (bot.last["type"], bot.last["callback_id"]) == ("shortcut", "new_broadcast")
    message = sim.say(ANA.id, GENERAL.id, "please send this")
    sim.shortcut(BO.id, "send_this", message=message)
    assert (bot.last["type"], bot.last["message"]["text"]) == ("message_action", "please send this")


def test_a_wait_ends_with_the_change_it_waits_for(sim: SlackSim, web: WebClient) -> None:
    poster = threading.Timer(0.01, lambda: web.chat_postMessage(channel=GENERAL.id, text="now"))
    poster.start()
    found = sim.wait_until(lambda: sim.messages(GENERAL.id, seen_by=ANA.id), description="a message")
    poster.join()
    assert found[0].text == "now"
    with pytest.raises(TimeoutError, match=r"Waited 0\.01 s for rain"):
        sim.wait_until(lambda: False, timeout=0.01, description="rain")


def test_changes_are_numbered_and_can_be_followed(sim: SlackSim, web: WebClient) -> None:
    web.views_open(trigger_id=trigger(sim), view=modal(field_of("plain_text_input")))
    seen = sim.happenings()
    assert [one.seq for one in seen] == list(range(1, len(seen) + 1))
    assert [one.kind for one in seen] == ["view_opened", "call"]
    sim.say(ANA.id, GENERAL.id, "x")
    assert [one.kind for one in sim.happenings(seen[-1].seq, wait=1)] == ["message_posted"]
