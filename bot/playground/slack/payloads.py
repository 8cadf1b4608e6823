"""What Slack sends to a bot, key by key: commands, presses, submissions, options loads, events, envelopes.

Pure: state in, JSON out. The keys are those of the real samples in Slack's own SDKs (slack_sdk, Bolt, java-slack-sdk).
People of another company carry their own team, as the Java SDK's Slack Connect samples do.
"""

from typing import Any

from bot.playground.cast import Cast, Channel, Person
from bot.playground.slack.schema import Json
from bot.playground.slack.world import Message, Values, View

VERIFICATION_TOKEN = "playground-verification-token"  # noqa: S105 - the legacy field, no secret: Slack says to ignore it


def team_of(person: Person) -> Json:
    """Name the workspace of whoever acted."""
    return {"id": person.team_id, "domain": person.team_domain}


def user_of(person: Person) -> Json:
    """Name whoever acted."""
    return {"id": person.id, "username": person.name, "name": person.name, "team_id": person.team_id}


def channel_name(channel: Channel) -> str:
    """Name a conversation as payloads do: ``privategroup`` hides what is private."""
    return "privategroup" if channel.is_private and not channel.is_im else channel.name


def command(
    cast: Cast, person: Person, channel: Channel, *, said: str, trigger_id: str, response_url: str
) -> dict[str, str]:
    """Shape a slash command's form fields."""
    word, _, text = said.partition(" ")
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": cast.team_id,
        "team_domain": cast.team_domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": person.id,
        "user_name": person.name,
        "command": word,
        "text": text,
        "api_app_id": cast.app_id,
        "is_enterprise_install": str(cast.is_enterprise_install).lower(),
        "response_url": response_url,
        "trigger_id": trigger_id,
        **({"enterprise_id": cast.enterprise_id, "enterprise_name": cast.team_name} if cast.enterprise_id else {}),
    }


def _acted(cast: Cast, person: Person, kind: str) -> Json:
    return {
        "type": kind,
        "user": user_of(person),
        "api_app_id": cast.app_id,
        "token": VERIFICATION_TOKEN,
        "team": None if cast.is_enterprise_install else team_of(person),
        "enterprise": {"id": cast.enterprise_id, "name": cast.team_name} if cast.enterprise_id else None,
        "is_enterprise_install": cast.is_enterprise_install,
    }


def message_body(cast: Cast, message: Message, *, metadata: bool = False) -> Json:
    """Shape a message as the Web API and payloads show it."""
    body: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts, "team": cast.team_id}
    if message.user == cast.bot.id:
        body |= {"bot_id": cast.bot_id, "app_id": cast.app_id, "bot_profile": bot_profile(cast)}
    optional = {"blocks": message.blocks, "thread_ts": message.thread_ts, "edited": message.edited}
    if metadata:
        optional["metadata"] = message.metadata
    kept = {name: message.extra[name] for name in ("attachments", "subtype") if name in message.extra}
    return body | kept | {name: value for name, value in optional.items() if value is not None}


def bot_profile(cast: Cast) -> Json:
    """Shape the bot's short profile."""
    icons = {f"image_{size}": f"https://avatars.example.com/{size}.png" for size in (36, 48, 72)}
    return {
        "id": cast.bot_id,
        "app_id": cast.app_id,
        "name": cast.bot.name,
        "icons": icons,
        "deleted": False,
        "updated": 1_700_000_000,
        "team_id": cast.team_id,
    }


def view_body(cast: Cast, view: View, *, values: Values | None = None) -> Json:
    """Shape a view; ``values`` are what is filled in, left out where Slack leaves them out."""
    return {
        "id": view.id,
        "team_id": cast.team_id,
        **view.content,
        "state": {"values": values or {}},
        "hash": view.hash,
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": cast.app_id,
        "app_installed_team_id": cast.enterprise_id if cast.is_enterprise_install else cast.team_id,
        "bot_id": cast.bot_id,
    }


def message_container(message: Message) -> Json:
    """Say where in a conversation something was pressed."""
    thread = {"thread_ts": message.thread_ts} if message.thread_ts else {}
    return {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.viewer is not None,
        **thread,
    }


def message_press(
    cast: Cast,
    person: Person,
    message: Message,
    channel: Channel,
    *,
    action: Json,
    values: Values,
    trigger_id: str,
    response_url: str,
) -> Json:
    """Shape a press on a message; an ephemeral one is not shown again."""
    payload = _acted(cast, person, "block_actions") | {
        "container": message_container(message),
        "trigger_id": trigger_id,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "state": {"values": values},
        "response_url": response_url,
        "actions": [action],
    }
    return payload if message.viewer else payload | {"message": message_body(cast, message)}


def view_press(cast: Cast, person: Person, view: View, *, action: Json, trigger_id: str) -> Json:
    """Shape a press, or a change of an input that dispatches, in a modal or the Home view."""
    return _acted(cast, person, "block_actions") | {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": trigger_id,
        "view": view_body(cast, view, values=view.state),
        "actions": [action],
    }


def submission(cast: Cast, person: Person, view: View, *, trigger_id: str, response_urls: list[Json]) -> Json:
    """Shape the submission of a modal."""
    return _acted(cast, person, "view_submission") | {
        "trigger_id": trigger_id,
        "view": view_body(cast, view, values=view.state),
        "response_urls": response_urls,
    }


def closed(cast: Cast, person: Person, view: View, *, is_cleared: bool) -> Json:
    """Shape the closing of a modal; what was filled in is not told."""
    return _acted(cast, person, "view_closed") | {"view": view_body(cast, view), "is_cleared": is_cleared}


def suggestion(
    cast: Cast, person: Person, *, element: tuple[str, str], value: str, view: View | None, message: Message | None
) -> Json:
    """Shape the question of an external select; ``element`` is (block id, action id)."""
    payload = _acted(cast, person, "block_suggestion")
    del payload["enterprise"], payload["is_enterprise_install"]
    payload |= {"action_id": element[1], "block_id": element[0], "value": value}
    if view is not None:
        return payload | {
            "container": {"type": "view", "view_id": view.id},
            "view": view_body(cast, view, values=view.state),
        }
    return payload | ({"container": message_container(message)} if message else {})


def shortcut(cast: Cast, person: Person, *, callback_id: str, action_ts: str, trigger_id: str) -> Json:
    """Shape a global shortcut."""
    payload = _acted(cast, person, "shortcut")
    del payload["api_app_id"], payload["user"]["name"]
    return payload | {"action_ts": action_ts, "callback_id": callback_id, "trigger_id": trigger_id}


def message_shortcut(
    cast: Cast,
    person: Person,
    message: Message,
    channel: Channel,
    *,
    callback_id: str,
    action_ts: str,
    trigger_id: str,
    response_url: str,
) -> Json:
    """Shape a shortcut on a message."""
    payload = _acted(cast, person, "message_action")
    del payload["api_app_id"]
    return payload | {
        "action_ts": action_ts,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "callback_id": callback_id,
        "trigger_id": trigger_id,
        "response_url": response_url,
        "message_ts": message.ts,
        "message": message_body(cast, message),
    }


def event(cast: Cast, inner: Json, *, event_id: str, event_time: int) -> Json:
    """Wrap an Events API event."""
    authorization = {
        "enterprise_id": cast.enterprise_id or None,
        "team_id": None if cast.is_enterprise_install else cast.team_id,
        "user_id": cast.bot.id,
        "is_bot": True,
        "is_enterprise_install": cast.is_enterprise_install,
    }
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": cast.team_id,
        "api_app_id": cast.app_id,
        "event": inner,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": event_time,
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
    }


def home_opened(cast: Cast, person: Person, *, channel: Channel, event_ts: str, view: View | None) -> Json:
    """Shape the inner event ``app_home_opened``; the view is there once one was published."""
    shown = {"view": view_body(cast, view)} if view else {}
    return {
        "type": "app_home_opened",
        "user": person.id,
        "channel": channel.id,
        "tab": "home",
        "event_ts": event_ts,
        **shown,
    }


def action_of(element: Json, block_id: str, *, state: Json, action_ts: str) -> Json:
    """Shape one entry of ``actions``: the element's own fields, what was chosen, when."""
    names: tuple[str, ...] = ("text", "value", "style", "confirm", "url", "placeholder")
    own = {name: element[name] for name in names if name in element}
    return {
        "action_id": element["action_id"],
        "block_id": block_id,
        **own,
        **state,
        "type": element["type"],
        "action_ts": action_ts,
    }


def envelope(kind: str, payload: Json, *, envelope_id: str, retry: tuple[int, str] = (0, "")) -> Json:
    """Wrap a payload for Socket Mode; ``kind`` is slash_commands, interactive or events_api."""
    answerable = kind == "slash_commands" or payload.get("type") in ("view_submission", "block_suggestion")
    wrapped: dict[str, Any] = {
        "envelope_id": envelope_id,
        "payload": payload,
        "type": kind,
        "accepts_response_payload": answerable,
    }
    return wrapped | ({"retry_attempt": retry[0], "retry_reason": retry[1]} if kind == "events_api" else {})
