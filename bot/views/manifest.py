"""The Slack app manifest: what the app may do, and where Slack sends things. ``manifest.json`` is made from it."""

import json

from bot.views.ids import COMMAND, Callback
from bot.views.wording import say

SCOPES = (
    "commands",
    "chat:write",
    "users:read",
    "usergroups:read",
    "channels:read",
    "groups:read",
    "channels:history",
    "groups:history",
    "im:history",
    "im:write",
)
"""Bot scopes; ``reason_of`` says what each is for."""

EVENTS = ("app_home_opened",)


def manifest(*, socket_mode: bool, url: str | None = None) -> dict[str, object]:
    """Make the manifest; over HTTP ``url`` (https, one address for everything) is needed, else ValueError."""
    if not socket_mode and not url:
        raise ValueError(say("manifest.url_missing"))
    address = {} if socket_mode else {"request_url": url}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {"name": say("manifest.name"), "description": say("manifest.description")},
        "features": _features(None if socket_mode else url),
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**address, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **address, **_menus(None if socket_mode else url)},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket_mode,
            "token_rotation_enabled": False,
        },
    }


def _menus(url: str | None) -> dict[str, str]:
    return {"message_menu_options_url": url} if url else {}


def _features(url: str | None) -> dict[str, object]:
    command: dict[str, object] = {
        "command": COMMAND,
        "description": say("manifest.command"),
        "usage_hint": say("manifest.usage"),
        "should_escape": False,
    }
    return {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": True},
        "bot_user": {"display_name": say("manifest.name"), "always_online": True},
        "shortcuts": [
            {
                "name": say("home.new"),
                "type": "global",
                "callback_id": Callback.NEW_BROADCAST.value,
                "description": say("manifest.shortcut"),
            }
        ],
        "slash_commands": [{**command, "url": url} if url else command],
    }


def reason_of(scope: str) -> str:
    """Say what a scope is for, in a sentence for whoever installs the app."""
    return say(f"scope.{scope}")


def written(contents: dict[str, object]) -> str:
    """Write a manifest as the text of manifest.json."""
    return json.dumps(contents, indent=2, ensure_ascii=False) + "\n"
