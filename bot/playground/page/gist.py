"""What a call or a delivery is about, in a few words for one line of the log: which button, where, whose, what it says.

Reads payloads and arguments and changes nothing. What was sent in full is shown when somebody opens the line.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.playground.cast import Cast, Channel
from bot.playground.mpaas.journal import Entry as PushEntry
from bot.playground.reading import names_of, plain
from bot.playground.slack.schema import Json
from bot.playground.slack.world import World

LONGEST = 160
"""Characters of a gist."""

_BY = ("Msgkey", "TaskName", "TemplateName", "TaskId", "UniqueIds", "UniqueId")
"""The parameters of mPaaS's actions that say best what a request is about, the best one first."""


def of_call(world: World, sent: Mapping[str, Any]) -> str:
    """Say what a Web API call of the bot is about: where, for whom, and the first line that it shows."""
    view = _object(sent.get("view"))
    parts = (
        *_places(world, sent.get("channel"), sent.get("user") or sent.get("users") or sent.get("user_id")),
        names_of(world.cast).get(str(sent.get("usergroup")), ""),
        str(view.get("callback_id") or view.get("type") or ""),
        _first_line(world.cast, view or sent),
    )
    return _joined(parts)


def of_delivery(world: World, payload: Mapping[str, Any]) -> str:
    """Say what a delivery to the bot is about: what was pressed, typed or opened, where and by whom."""
    event = _object(payload.get("event"))
    view, action = _object(payload.get("view")), _first(payload.get("actions"))
    channel = _id(payload.get("channel")) or payload.get("channel_id")
    who = _id(payload.get("user")) or payload.get("user_id") or event.get("user")
    parts = (
        str(payload.get("text") or "") if "command" in payload else "",
        str(action.get("action_id") or payload.get("action_id") or ""),
        str(payload.get("value") or ""),
        str(view.get("callback_id") or payload.get("callback_id") or event.get("tab") or ""),
        *_places(world, channel, who),
    )
    return _joined(parts)


def of_request(entry: PushEntry) -> str:
    """Say what a request of the bot to mPaaS is about: its key, its task, its template."""
    said = entry.parameters
    return _joined(next(((said[name],) for name in _BY if said.get(name)), ()))


def channel_named(world: World, channel: Channel) -> str:
    """Name a conversation as people do: ``#approvals``, or whose direct message it is."""
    if not channel.is_im:
        return f"#{channel.name}"
    others = sorted(channel.members - {world.cast.bot.id})
    return f"direct message of {', '.join(names_of(world.cast).get(one, one) for one in others)}"


def _places(world: World, channel_id: Any, user_id: Any) -> Iterator[str]:
    """Name the conversation, which the bot may name by a person's id, and the person."""
    channel, names = world.channels.get(str(channel_id)), names_of(world.cast)
    if channel is not None:
        yield channel_named(world, channel)
    elif channel_id:
        yield names.get(str(channel_id), str(channel_id))
    if user_id and not (channel is not None and channel.is_im):
        yield names.get(str(user_id), str(user_id))


def _first_line(cast: Cast, shown: Mapping[str, Any]) -> str:
    """Read the first line of a message or a view, its title before its text."""
    found = shown.get("blocks")
    for block in found if isinstance(found, list) else _parsed(found, list):
        if text := _object(block).get("text"):
            return plain(str(_object(text).get("text", "")), names_of(cast)).partition("\n")[0]
    return plain(str(shown.get("text") or ""), names_of(cast)).partition("\n")[0]


def _object(value: Any) -> Json:
    """Take an object as it is, or out of the JSON text that form-encoded arguments carry it in."""
    return value if isinstance(value, dict) else _parsed(value, dict)


def _parsed(value: Any, kind: type[Any]) -> Any:
    try:
        found = json.loads(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    return found if isinstance(found, kind) else kind()


def _first(found: Any) -> Json:
    return _object(found[0]) if isinstance(found, list) and found else {}


def _id(value: Any) -> str:
    return str(value.get("id", "")) if isinstance(value, dict) else ""


def _joined(parts: Any) -> str:
    said = " · ".join(dict.fromkeys(" ".join(part.split()) for part in parts if part.strip()))
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"
