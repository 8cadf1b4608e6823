import json
from typing import Any

import jsonschema
import pytest
from places import ROOT

from bot.views.ids import COMMAND, Callback
from bot.views.manifest import SCOPES, manifest, reason_of, written

SCHEMA = ROOT.parent / "shared" / "slack_payloads" / "manifest" / "manifest.schema.1.0.0.json"
URL = "https://bot.example.com/slack/events"


def parts(**changes: Any) -> dict[str, Any]:
    return manifest(**{"socket_mode": True} | changes)


@pytest.mark.skipif(not SCHEMA.exists(), reason="Slack's manifest schema is not beside the repository")
@pytest.mark.parametrize("how", [{"socket_mode": True}, {"socket_mode": False, "url": URL}])
def test_slack_s_own_schema_takes_the_manifest(how: dict[str, Any]) -> None:
    jsonschema.validate(parts(**how), json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_the_file_in_the_repository_is_what_the_program_makes() -> None:
    assert (ROOT / "manifest.json").read_text(encoding="utf-8") == written(manifest(socket_mode=True))


def test_the_command_arrives_as_it_was_typed() -> None:
    (command,) = parts()["features"]["slash_commands"]
    assert command["command"] == COMMAND
    assert command["should_escape"] is False
    assert "url" not in command


def test_over_http_everything_goes_to_one_address() -> None:
    made = parts(socket_mode=False, url=URL)
    assert made["features"]["slash_commands"][0]["url"] == URL
    assert made["settings"]["interactivity"]["request_url"] == URL
    assert made["settings"]["interactivity"]["message_menu_options_url"] == URL
    assert made["settings"]["event_subscriptions"]["request_url"] == URL
    with pytest.raises(ValueError, match="https address"):
        manifest(socket_mode=False)


def test_the_shortcut_opens_the_form() -> None:
    (shortcut,) = parts()["features"]["shortcuts"]
    assert (shortcut["callback_id"], shortcut["name"]) == (Callback.NEW_BROADCAST, "New broadcast")


def test_every_scope_has_its_reason() -> None:
    assert parts()["oauth_config"]["scopes"]["bot"] == list(SCOPES)
    assert all(len(reason_of(scope).split()) > 2 for scope in SCOPES)


def test_the_home_tab_is_on_and_its_event_is_heard() -> None:
    assert parts()["features"]["app_home"]["home_tab_enabled"] is True
    assert parts()["settings"]["event_subscriptions"]["bot_events"] == ["app_home_opened"]
