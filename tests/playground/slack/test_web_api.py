"""The Web API of the simulated Slack, driven by the real slack_sdk: what it takes, and each refusal once."""

import dataclasses
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from places import BESIDE
from playground.slack_bot import actions, button, modal, refused, section, trigger
from slack_sdk import WebClient

from bot.playground.cast import (
    ANA,
    BOT,
    CAST,
    GENERAL,
    ONCALL,
)
from bot.playground.slack.sim import SlackSim

SAMPLES = BESIDE / "slack_payloads" / "web_api" / "ok"
MORNING = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
HOME = {"type": "home", "blocks": [section()]}


@pytest.fixture
def sim() -> Iterator[SlackSim]:
    with SlackSim(now=lambda: MORNING) as running:
        yield running


@pytest.fixture
def web(sim: SlackSim) -> WebClient:
    return WebClient(sim.bot_token, base_url=sim.api_url)


def test_auth_test_says_whose_token_it_is(web: WebClient) -> None:
    answer = web.auth_test()
    assert (answer["team_id"], answer["user_id"], answer["bot_id"]) == (CAST.team_id, BOT.id, CAST.bot_id)
    assert "chat:write" in answer.headers["x-oauth-scopes"]


def test_a_wrong_token_is_refused(sim: SlackSim) -> None:
    assert refused(WebClient("xoxb-other", base_url=sim.api_url), "auth.test")["error"] == "invalid_auth"


def test_no_token_is_refused(sim: SlackSim) -> None:
    assert httpx.post(f"{sim.api_url}auth.test", trust_env=False).json() == {"ok": False, "error": "not_authed"}


def test_the_app_token_opens_sockets_and_nothing_else(sim: SlackSim, web: WebClient) -> None:
    app = WebClient(sim.app_token, base_url=sim.api_url)
    assert app.apps_connections_open(app_token=sim.app_token)["url"].startswith("ws://127.0.0.1:")
    assert refused(app, "auth.test")["error"] == "not_allowed_token_type"
    assert refused(web, "apps.connections.open")["error"] == "not_allowed_token_type"


def test_an_unknown_method_is_never_ok(web: WebClient) -> None:
    assert refused(web, "chat.sendTelegram")["error"] == "unknown_method"


def test_a_missing_scope_is_named() -> None:
    poor = dataclasses.replace(CAST, scopes=frozenset({"commands"}))
    with SlackSim(people=poor) as sim:
        answer = refused(WebClient(sim.bot_token, base_url=sim.api_url), "chat.postMessage", channel=GENERAL.id)
    assert (answer["error"], answer["needed"], answer["provided"]) == ("missing_scope", "chat:write", "commands")


def test_api_test_echoes_and_fails_on_request(web: WebClient) -> None:
    assert web.api_test(foo="bar")["args"]["foo"] == "bar"
    assert refused(web, "api.test", error="my_error")["error"] == "my_error"


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        (b"{", "application/json; charset=utf-8", "invalid_json"),
        (b"[]", "application/json; charset=utf-8", "json_not_object"),
        (b"<a/>", "text/xml", "invalid_post_type"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(sim: SlackSim, body: bytes, content_type: str, code: str) -> None:
    headers = {"Content-Type": content_type, "Authorization": f"Bearer {sim.bot_token}"}
    answer = httpx.post(f"{sim.api_url}auth.test", content=body, headers=headers, trust_env=False)
    assert answer.json()["error"] == code


def test_json_without_a_charset_is_warned_about(sim: SlackSim) -> None:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {sim.bot_token}"}
    answer = httpx.post(f"{sim.api_url}auth.test", content=b"{}", headers=headers, trust_env=False)
    assert answer.json()["warning"] == "missing_charset"


def test_blocks_are_validated_without_a_token(sim: SlackSim) -> None:
    nobody = WebClient(base_url=sim.api_url)
    assert nobody.api_call("blocks.validate", json={"blocks": [section()]})["ok"] is True
    assert nobody.api_call("blocks.validate", json={"view": modal(section())})["ok"] is True
    answer = refused(nobody, "blocks.validate", message={"blocks": [actions(button(style="green"))], "text": "x"})
    assert answer["error"] == "invalid_message"
    assert [error["pointer"] for error in answer["errors"]] == ["", "/blocks/0/elements/0/style"]
    assert refused(nobody, "blocks.validate", view={"type": "modal"})["error"] == "invalid_view"
    assert refused(nobody, "blocks.validate", blocks=[{"type": "nope"}])["error"] == "invalid_blocks"
    assert refused(nobody, "blocks.validate")["error"] == "invalid_arguments"


OLD_FIELDS = {"subtype", "username", "parent_conversation", "last_read", "locale", "is_read_only", "attachments"}


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the collection of real payloads is not beside this checkout")
@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("auth.test", {}),
        ("bots.info", {}),
        ("chat.delete", {}),
        ("chat.getPermalink", {}),
        ("chat.postEphemeral", {"channel": GENERAL.id, "user": ANA.id, "text": "x"}),
        ("chat.postMessage", {"channel": GENERAL.id, "text": "x"}),
        ("chat.update", {"text": "y"}),
        ("conversations.history", {"channel": GENERAL.id, "limit": 1}),
        ("conversations.info", {"channel": GENERAL.id}),
        ("conversations.members", {"channel": GENERAL.id}),
        ("conversations.open", {"users": ANA.id}),
        ("usergroups.list", {}),
        ("usergroups.users.list", {"usergroup": ONCALL.id}),
        ("users.info", {"user": ANA.id}),
        ("views.open", {"view": modal(section())}),
        ("views.publish", {"user_id": ANA.id, "view": HOME}),
    ],
)
def test_answers_have_the_fields_of_slacks_own(
    sim: SlackSim, web: WebClient, method: str, arguments: dict[str, Any]
) -> None:
    posted = web.chat_postMessage(channel=GENERAL.id, text="x")["ts"]
    web.chat_postMessage(channel=GENERAL.id, text="x")
    here = {"channel": GENERAL.id, "ts": posted, "message_ts": posted, "trigger_id": trigger(sim)}
    answer = dict(web.api_call(method, json=here | arguments if "channel" not in arguments else arguments).data)
    sample = json.loads((SAMPLES / f"{method}.json").read_text())
    assert sample.keys() <= answer.keys()
    for name, value in sample.items():
        if isinstance(value, dict) and name != "response_metadata":
            unknown = {"profile", "has_2fa", "icons"}
            assert value.keys() - answer[name].keys() <= OLD_FIELDS | unknown, name
