"""Typed reading of Slack's bodies: only what the conversations use, and nothing decided.

Bodies come as Slack sends them; a field that Slack may leave out is read with what its absence means. People are
authorised by ``user.id`` and ``user.team_id`` of the body, never by Bolt's context, which hides outsiders.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.views.command import read_word
from bot.views.ids import ButtonValue

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Presser:
    """Somebody who did something: their id, and the team the body says they belong to ("": it does not say)."""

    user_id: str
    team_id: str
    enterprise_id: str = ""
    """The Enterprise organisation that the body says is theirs; where it only stands beside them, it is not read."""

    def team_for(self, home: str) -> str:
        """Give the id that the body names as theirs: ``home``, workspace or organisation, where it is one of both."""
        return home if home and home == self.enterprise_id else self.team_id


@dataclass(frozen=True)
class Command:
    """A slash command."""

    by: Presser
    text: str
    channel: str
    trigger_id: str


@dataclass(frozen=True)
class Press:
    """A press of a button, on a message, in a modal or on the Home tab."""

    by: Presser
    value: str
    trigger_id: str
    channel: str
    """Where the message is; the presser's own id where there is no channel, so that answers go to their messages."""

    @property
    def button(self) -> ButtonValue:
        """Read what the button is bound to; raise Refused when it is none of ours."""
        return ButtonValue.read(self.value)


def command(body: Body) -> Command:
    """Read a slash command; its fields are on the top level, and are its person's own: outsiders cannot type it."""
    by = Presser(str(body["user_id"]), str(body.get("team_id") or ""), str(body.get("enterprise_id") or ""))
    return Command(by, str(body.get("text") or ""), str(body.get("channel_id", "")), str(body.get("trigger_id", "")))


def presser(body: Body) -> Presser:
    """Read who did it, from an interaction of any kind."""
    user = body["user"]
    return Presser(str(user["id"]), str(user.get("team_id") or ""), str(user.get("enterprise_id") or ""))


def press(body: Body) -> Press:
    """Read a press; Slack sends one action at a time."""
    by = presser(body)
    action = body["actions"][0]
    channel = (body.get("channel") or {}).get("id") or by.user_id
    return Press(by, str(action.get("value") or ""), str(body.get("trigger_id", "")), str(channel))


def zone_of(name: str, *, otherwise: ZoneInfo) -> ZoneInfo:
    """Read a time zone's name as Slack tells it."""
    try:
        return ZoneInfo(name) if name else otherwise
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of the database, a name too long for a file
        return otherwise


def begins_with(*words: str) -> Callable[[Body], bool]:
    """Match commands that are a line of one of these words of the house."""

    def matches(body: Body) -> bool:
        return read_word(str(body.get("text") or ""))[0] in words

    return matches
