"""What a call is called in the table of crash points: what was asked of whom about what, in a few words.

A label says enough to find the line of code, and nothing that differs from run to run.
"""

import json
import re
from urllib.parse import parse_qs

from crash import wire
from crash.relay import Call

HANDSHAKE, BEAT, DELIVERIES = "handshake", "beat", "XPENDING notices"

POLLS = frozenset(
    {
        *(HANDSHAKE, BEAT, DELIVERIES, "PING", "TIME", "ZRANGEBYSCORE due"),
        *("XAUTOCLAIM alarms", "XAUTOCLAIM notices", "XREADGROUP alarms"),
    }
)
"""Calls that the loops make again and again, whether or not there is something to do."""

_EVENT = re.compile(rb'"event":"([^"]+)"')
_KEY = re.compile(rb"\{broadcast\}:([a-z]+)")
_SLOT = re.compile(rb"\r\n((?:card|result|direct)(?::[a-z_]+)?)\r\n")
_LEG = re.compile(rb"-\d+-(android|ios|harmonyos)\b")


def label_of(call: Call) -> str:
    """Name a call."""
    kind = call.link[-5:]
    if kind == "store":
        return _of_the_store(call)
    if kind == "mpaas":
        leg = _LEG.search(call.said)
        return f"{call.name} {leg[1].decode()}" if leg else call.name
    return _of_a_delivery(call.said) if call.link == "slack<slack" else _of_slack(call)


def _of_the_store(call: Call) -> str:
    names = call.name.split(",")
    if set(names) <= wire.HANDSHAKE:
        return HANDSHAKE
    if event := _EVENT.search(call.said):
        return f"commit {event[1].decode()}"
    key, slot = _KEY.search(call.said), _SLOT.search(call.said)
    about = key[1].decode() if key else ""
    if about == "alive":
        return BEAT
    if about == "probe":  # tried once, by a start, and of no meaning
        return HANDSHAKE
    if names[0] == "XPENDING":
        return DELIVERIES
    return " ".join(part for part in (call.name, about, slot[1].decode() if slot else "") if part)


def _of_slack(call: Call) -> str:
    said = body_of(call)
    metadata = said.get("metadata")
    slot = metadata["event_payload"]["slot"] if isinstance(metadata, dict) else ""
    return f"{call.name} {slot}".strip()


def _of_a_delivery(said: bytes) -> str:
    """Name what Slack delivers to the bot: a command, or what was pressed or submitted."""
    form = {name: values[0] for name, values in parse_qs(_body(said).decode()).items()}
    if "payload" not in form:
        return f"deliver {form.get('command', 'something')}"
    payload = json.loads(form["payload"])
    what = (
        payload["view"]["callback_id"] if payload["type"] == "view_submission" else payload["actions"][0]["action_id"]
    )
    return f"deliver {payload['type']} {what}"


def body_of(call: Call) -> dict[str, object]:
    """Read what was said to Slack; slack_sdk sends JSON or a form."""
    text = _body(call.said).decode()
    if text.startswith("{"):
        return dict(json.loads(text))
    return {name: values[0] for name, values in parse_qs(text).items()}


def _body(said: bytes) -> bytes:
    return said[wire.end_of_head(said) or 0 :]
