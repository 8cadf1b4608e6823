"""What the simulated Slack sends has the keys of what Slack really sends, sample by sample."""

import json
from typing import Any

import pytest
from places import BESIDE
from playground.slack_bot import ScriptedBot, actions, button, field_of, modal, section, trigger
from slack_sdk import WebClient

from bot.playground.cast import ANA, GENERAL
from bot.playground.slack.payloads import envelope
from bot.playground.slack.sim import SlackSim

SAMPLES = BESIDE / "slack_payloads"
pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the collection of real payloads is not beside this checkout"
)
MODERN = {"is_enterprise_install", "enterprise", "state", "token", "app_installed_team_id", "response_urls"}
"""Keys that today's payloads carry and some older samples do not."""


@pytest.fixture
def web(sim: SlackSim) -> WebClient:
    return WebClient(sim.bot_token, base_url=sim.api_url)


def sample(path: str) -> dict[str, Any]:
    return dict(json.loads((SAMPLES / path).read_text()))


def alike(ours: dict[str, Any], real: dict[str, Any], *, extra: frozenset[str] = frozenset()) -> None:
    assert ours.keys() >= real.keys() - {"enterprise_id", "enterprise_name", "bot_access_token"}
    assert ours.keys() - real.keys() <= MODERN | extra


def press(sim: SlackSim, web: WebClient, bot: ScriptedBot) -> dict[str, Any]:
    web.chat_postMessage(channel=GENERAL.id, text="card", blocks=[actions(button(value="7"))])
    sim.press(ANA.id, sim.messages(GENERAL.id, seen_by=ANA.id)[-1], "go")
    return bot.last


def test_a_slash_command(sim: SlackSim, bot: ScriptedBot) -> None:
    sim.command(ANA.id, GENERAL.id, "/broadcast x")
    real = sample("slash_commands/bolt_js_lambda.json")
    assert bot.last.keys() == real.keys() - {"enterprise_id", "enterprise_name"}
    assert bot.last["is_enterprise_install"] == real["is_enterprise_install"] == "false"


def test_a_press_on_a_message(sim: SlackSim, web: WebClient, bot: ScriptedBot) -> None:
    payload = press(sim, web, bot)
    real = sample("block_actions/message_button_respond.json")
    assert payload.keys() == real.keys() | {"token"}
    socket = sample("socket_mode/interactive_block_actions_message.json")["payload"]
    assert payload["user"].keys() == socket["user"].keys()
    assert payload["channel"].keys() == socket["channel"].keys()
    assert payload["team"].keys() == socket["team"].keys()
    assert payload["container"].keys() == real["container"].keys()
    assert payload["actions"][0].keys() == real["actions"][0].keys()
    alike(payload["message"], real["message"], extra=frozenset({"bot_profile"}))


def test_a_press_on_an_ephemeral_message_has_no_message(sim: SlackSim, web: WebClient, bot: ScriptedBot) -> None:
    root = web.chat_postMessage(channel=GENERAL.id, text="root")["ts"]
    card = {"text": "psst", "blocks": [actions(button(value="1"))], "thread_ts": root}
    web.chat_postEphemeral(channel=GENERAL.id, user=ANA.id, **card)
    sim.press(ANA.id, sim.messages(GENERAL.id, seen_by=ANA.id)[-1], "go")
    real = sample("block_actions/ephemeral_in_thread_external_select_state.json")
    assert bot.last.keys() == real.keys() | {"enterprise", "is_enterprise_install"}
    assert bot.last["container"].keys() == real["container"].keys()


def test_a_press_on_the_home_tab(sim: SlackSim, web: WebClient, bot: ScriptedBot) -> None:
    web.views_publish(user_id=ANA.id, view={"type": "home", "blocks": [actions(button(value="1", style="primary"))]})
    home = sim.home(ANA.id)
    assert home is not None
    sim.press(ANA.id, home, "go")
    real = sample("block_actions/home_tab_project_tracker.json")
    alike(bot.last, real)
    assert bot.last["view"].keys() == real["view"].keys()
    assert bot.last["actions"][0].keys() == real["actions"][0].keys()


def test_a_submission_has_the_keys_of_slacks_own(sim: SlackSim, web: WebClient, bot: ScriptedBot) -> None:
    view = modal(field_of("plain_text_input", "title", block={"optional": True}))
    web.views_open(trigger_id=trigger(sim), view=view)
    sim.submit(ANA.id, sim.view(ANA.id))
    real = sample("view_submission/real_payload_escaped_private_metadata.json")
    assert bot.last.keys() == real.keys() | {"enterprise", "is_enterprise_install"}
    assert bot.last["view"].keys() == real["view"].keys()
    element = bot.last["view"]["state"]["values"]["title"]["title"]
    assert element.keys() == real["view"]["state"]["values"]["request-block"]["request-action"].keys()


def test_a_closed_view(sim: SlackSim, web: WebClient, bot: ScriptedBot) -> None:
    web.views_open(trigger_id=trigger(sim), view=modal(section(), notify_on_close=True))
    sim.close(ANA.id, sim.view(ANA.id))
    real = sample("view_closed/basic.json")
    alike(bot.last, real)
    alike(bot.last["view"], real["view"])


def test_an_options_load(sim: SlackSim, web: WebClient, bot: ScriptedBot) -> None:
    web.views_open(trigger_id=trigger(sim), view=modal(field_of("external_select", "template")))
    sim.load_options(ANA.id, sim.view(ANA.id), "template", "out")
    real = sample("block_suggestion/view_external_select.json")
    assert bot.last.keys() == real.keys()
    assert bot.last["view"].keys() == real["view"].keys()


@pytest.mark.parametrize(
    ("published", "path"),
    [(False, "events/app_home_opened_messages_tab.json"), (True, "events/app_home_opened_with_view.json")],
)
def test_an_opened_home_tab(sim: SlackSim, web: WebClient, bot: ScriptedBot, published: bool, path: str) -> None:
    if published:
        web.views_publish(user_id=ANA.id, view={"type": "home", "blocks": []})
    sim.open_home(ANA.id)
    real = sample(path)
    assert bot.last.keys() == real.keys()
    assert bot.last["event"].keys() == real["event"].keys()
    assert bot.last["authorizations"][0].keys() == real["authorizations"][0].keys()
    if published:
        assert bot.last["event"]["view"].keys() == real["event"]["view"].keys()


def test_shortcuts_have_the_keys_of_slacks_own(sim: SlackSim, bot: ScriptedBot) -> None:
    sim.shortcut(ANA.id, "new")
    real = sample("shortcut/socket_mode_enterprise_null.json")
    assert bot.last.keys() == real.keys()
    assert bot.last["user"].keys() == real["user"].keys()
    sim.shortcut(ANA.id, "new", message=sim.say(ANA.id, GENERAL.id, "x"))
    assert bot.last.keys() == sample("message_action/bot_message_with_blocks.json").keys()


def test_every_element_keeps_the_state_of_the_samples() -> None:
    from bot.playground.slack.state import first_state

    real = sample("view_state/all_kinds_2020.json")["values"]
    kinds = {state["type"]: state for block in real.values() for state in block.values()}
    for kind, state in kinds.items():
        block = field_of(kind, "a", options=[]) if kind in ("radio_buttons", "checkboxes") else field_of(kind, "a")
        assert first_state([block])["a"]["a"].keys() == state.keys(), kind


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("slash_commands", "socket_mode/slash_commands.json"),
        ("interactive", "socket_mode/interactive_shortcut.json"),
        ("interactive", "socket_mode/interactive_block_actions_message.json"),
        ("events_api", "socket_mode/events_api_app_mention.json"),
    ],
)
def test_an_envelope_equals_slacks_own(kind: str, path: str) -> None:
    real = sample(path)
    ours = envelope(kind, real["payload"], envelope_id=real["envelope_id"])
    assert ours == real
