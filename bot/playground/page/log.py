"""The log beside the chat: every request and answer between the bot and both simulators, a line each.

A line is small; what was sent and answered is looked up by the line's id when somebody opens or copies it.
"""

from typing import Any

from pydantic import JsonValue

from bot.playground.mpaas.journal import Entry as PushEntry
from bot.playground.mpaas.sim import MpaasSim
from bot.playground.slack.control import plain
from bot.playground.slack.refusal import CannotDo
from bot.playground.slack.schema import Json
from bot.playground.slack.sim import SlackSim
from bot.playground.slack.world import Entry

KEPT = 300
"""Lines that a page gets when it is opened, of each simulator."""


def lines(slack: SlackSim, mpaas: MpaasSim) -> list[Json]:
    """List the latest lines, oldest first."""
    with slack.world.lock:
        said = [slack_line(entry) for entry in list(slack.world.journal)[-KEPT:]]
    pushed = [mpaas_line(entry) for entry in mpaas.journal.entries()[-KEPT:]]
    return sorted([*said, *pushed], key=lambda line: str(line["at"]))


def slack_line(entry: Entry) -> Json:
    """Show one Web API call of the bot, or one delivery to it; only a delivery has the 3 seconds."""
    answer = entry.answer if isinstance(entry.answer, dict) else {}
    refused = answer.get("error", "") if answer.get("ok") is False else ""
    return {
        "id": f"slack-{entry.seq}",
        "at": entry.at.isoformat(),
        "between": "slack",
        "to_bot": entry.direction == "delivery",
        "name": entry.name,
        "about": _kind_of(entry),
        "status": entry.status,
        "milliseconds": round(entry.milliseconds, 1),
        "finished": True,
        "trouble": entry.note or refused,
    }


def _kind_of(entry: Entry) -> str:
    """Say in a word what a payload is about: the action pressed, the form submitted, the channel posted to."""
    sent = entry.sent
    actions = sent.get("actions") or [{}]
    view = sent.get("view") if isinstance(sent.get("view"), dict) else {}
    return str(actions[0].get("action_id") or (view or {}).get("callback_id") or sent.get("channel") or "")


def mpaas_line(entry: PushEntry) -> Json:
    """Show one request of the bot to mPaaS."""
    trouble = entry.misbehaviour or ("" if entry.signature in ("right", "unchecked") else entry.signature)
    return {
        "id": f"mpaas-{entry.number}",
        "at": entry.at,
        "between": "mpaas",
        "to_bot": False,
        "name": entry.action,
        "about": entry.parameters.get("Msgkey", entry.parameters.get("TaskName", "")),
        "status": entry.status,
        "milliseconds": entry.milliseconds,
        "finished": entry.finished,
        "trouble": trouble,
    }


def entry(slack: SlackSim, mpaas: MpaasSim, line: str) -> JsonValue:
    """Return everything about one line, ready to be kept as JSON. Raises CannotDo when it is gone."""
    between, _, number = line.partition("-")
    found: Any = None
    if between == "slack":
        found = next((one for one in slack.journal() if str(one.seq) == number), None)
    elif between == "mpaas":
        found = next((one.exported() for one in mpaas.journal.entries() if str(one.number) == number), None)
    if found is None:
        raise CannotDo(f"The log does not hold {line!r} any more.")
    shown: JsonValue = plain(found)
    return shown
