"""The log beside the chat: every request and answer between the bot and both simulators, a line each.

A line is small; what was sent and answered is looked up by the line's id when somebody opens or copies it. Between the
requests stand a few events that explain them: connections that came and went, a clock that was moved, a late answer.
"""

from typing import Any

from pydantic import JsonValue

from bot.playground.mpaas.journal import Entry as PushEntry
from bot.playground.mpaas.sim import MpaasSim
from bot.playground.page import gist
from bot.playground.slack.control import plain
from bot.playground.slack.delivery import ACK_SECONDS
from bot.playground.slack.refusal import CannotDo
from bot.playground.slack.schema import Json
from bot.playground.slack.sim import SlackSim, UnderWay
from bot.playground.slack.world import Entry, Happening, World

KEPT = 300
"""Lines that a page gets when it is opened, of each simulator."""

LIMIT = ACK_SECONDS * 1000
"""Milliseconds that the bot has to acknowledge a delivery."""

LATE = "late_or_unknown_ack"
EVENTS = frozenset({"socket_connected", "socket_disconnected", "clock_moved", "bad_answer", LATE})
"""The changes in Slack that are worth a line; the others are requests, or can be seen in the chat."""


def lines(slack: SlackSim, mpaas: MpaasSim) -> list[Json]:
    """List the latest lines, oldest first."""
    world = slack.world
    with world.lock:
        said = [slack_line(entry, world) for entry in _latest(world.journal)]
        events = [event_line(one) for one in _latest(one for one in world.happenings if one.kind in EVENTS)]
    pushed = [mpaas_line(entry) for entry in mpaas.journal.entries()[-KEPT:]]
    return sorted([*said, *events, *pushed], key=lambda line: str(line["at"]))


def _latest(found: Any) -> list[Any]:
    return list(found)[-KEPT:]


def slack_line(entry: Entry, world: World) -> Json:
    """Show one Web API call of the bot, or one delivery to it; only a delivery has the 3 seconds as its limit."""
    delivered = entry.direction == "delivery"
    return {
        "id": f"slack-{entry.seq}",
        "at": _moment(entry.at.isoformat()),
        "kind": entry.direction,
        "between": "slack",
        "to_bot": delivered,
        "name": entry.name,
        "about": gist.of_delivery(world, entry.sent) if delivered else gist.of_call(world, entry.sent),
        "status": entry.status or None,
        "milliseconds": round(entry.milliseconds, 1),
        "limit": LIMIT if delivered else None,
        "finished": True,
        "trouble": _trouble(entry),
    }


def _trouble(entry: Entry) -> str:
    """Say what went wrong: what was done to the call, and the error that it was answered with."""
    answer = entry.answer if isinstance(entry.answer, dict) else {}
    refused = str(answer.get("error", "")) if answer.get("ok") is False else ""
    return entry.note if refused in entry.note else ", ".join(filter(None, (entry.note, refused)))


def event_line(one: Happening) -> Json:
    """Show something that happened between the requests; ``name`` is its kind, ``about`` a number of it."""
    facts = one.facts
    number = facts.get("connections", facts.get("seconds", facts.get("milliseconds")))
    is_late = one.kind == LATE and number is not None
    return {
        "id": f"event-{one.seq}",
        "at": _moment(one.at.isoformat()),
        "kind": "event",
        "between": "slack",
        "to_bot": one.kind in ("socket_disconnected", "clock_moved"),
        "name": one.kind if one.kind != LATE or is_late else "unknown_ack",
        "about": "" if number is None else f"{number:.0f}",
        "status": None,
        "milliseconds": number if is_late else None,
        "limit": LIMIT if is_late else None,
        "finished": True,
        "trouble": "late" if is_late else str(facts.get("why", "")),
    }


def mpaas_line(entry: PushEntry) -> Json:
    """Show one request of the bot to mPaaS."""
    trouble = entry.misbehaviour or ("" if entry.signature in ("right", "unchecked") else entry.signature)
    return {
        "id": f"mpaas-{entry.number}",
        "at": _moment(entry.at),
        "kind": "request",
        "between": "mpaas",
        "to_bot": False,
        "name": entry.action,
        "about": gist.of_request(entry),
        "status": entry.status,
        "milliseconds": entry.milliseconds,
        "limit": None,
        "finished": entry.finished,
        "trouble": trouble,
    }


def under_way_shown(one: UnderWay, world: World) -> Json:
    """Show a delivery that the bot has not answered yet; when it has, it becomes a line."""
    about = gist.of_delivery(world, one.sent)
    return {"number": one.number, "at": _moment(one.at.isoformat()), "name": one.name, "about": about, "limit": LIMIT}


def entry(slack: SlackSim, mpaas: MpaasSim, line: str) -> JsonValue:
    """Return everything about one line, ready to be kept as JSON. Raises CannotDo when it is gone."""
    found = entries(slack, mpaas, [line])[0]
    if found is None:
        raise CannotDo(f"The log does not hold {line!r} any more.")
    return found


def entries(slack: SlackSim, mpaas: MpaasSim, names: list[str]) -> list[JsonValue]:
    """Return everything about many lines, in their order; None for one that is gone."""
    wanted, found = set(names), dict[str, Any]()
    found |= {name: one for one in slack.journal() if (name := f"slack-{one.seq}") in wanted}
    found |= {name: one for one in slack.happenings() if (name := f"event-{one.seq}") in wanted and one.kind in EVENTS}
    found |= {name: one for one in mpaas.journal.entries() if (name := f"mpaas-{one.number}") in wanted}
    return [_shown(found.get(name)) for name in names]


def _shown(found: Any) -> JsonValue:
    shown: JsonValue = found.exported() if isinstance(found, PushEntry) else plain(found)
    return shown


def _moment(text: str) -> str:
    """Write microseconds always, so that lines sort by their text."""
    return text if "." in text else text.replace("+", ".000000+")
