"""The options of ``/broadcast``: one row each, from what was written to the parts of a draft it stands for.

What a moment, a duration or a parameter looks like is the domain's; how a line is taken apart is ``quoting``'s.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.calendar import SHANGHAI
from bot.domain.content import LONGEST_TASK, AudienceStatus, Platform
from bot.domain.draft import EVERY_PLATFORM
from bot.domain.when import (
    parse_day,
    parse_days,
    parse_duration,
    parse_moment,
    parse_period,
    parse_range,
    parse_time_of_day,
)
from bot.domain.words import either, listed, meant, nearest, quoted, refusal


@dataclass(frozen=True)
class Moment:
    """When and where something was typed."""

    now: datetime
    zone: ZoneInfo


Parts = dict[str, object]
Read = Callable[[str, Moment], Parts]


@dataclass(frozen=True)
class Option:
    """One option: its name, an example of it, the draft's field its problems belong to, and how it is read."""

    name: str
    example: str
    field: str
    read: Read
    joins: bool = False
    """Takes the words that follow as well while they make sense together: ``--at tomorrow 9:00``."""


def _platforms(text: str, _: Moment) -> Parts:
    names = list(dict.fromkeys(name.casefold() for name in listed(text)))
    allowed = [*(platform.value for platform in Platform), EVERY_PLATFORM]
    for name in names:
        if name not in allowed:
            sentence = f"{quoted(name)} is not a platform: {either(allowed)}.{meant(name, allowed)}"
            raise refusal("platforms", "platform_unknown", sentence, word=name)
    if EVERY_PLATFORM in names and len(names) > 1:
        sentence = f"{quoted(text)} says all platforms and single ones: say all, or name those you mean."
        raise refusal("platforms", "platforms_all_and_more", sentence, word=text)
    return {"platforms": tuple(names)}


def _days(text: str, _: Moment) -> Parts:
    cycle, on = parse_days(text)
    return {"cycle": cycle, "on": on}


def _audience(text: str, _: Moment) -> Parts:
    said = text.strip().casefold()
    allowed = [status.value for status in AudienceStatus]
    if said not in allowed:
        sentence = f"{quoted(text)} is not an audience: {either(allowed)}.{meant(said, allowed)}"
        raise refusal("audience", "audience_unknown", sentence, word=text)
    return {"audience": AudienceStatus(said)}


def _task(text: str, _: Moment) -> Parts:
    if len(text) > LONGEST_TASK:
        sentence = f"The task's name {quoted(text)} has {len(text)} characters; at most {LONGEST_TASK} fit."
        raise refusal("task", "task_too_long", sentence, word=text)
    return {"task": text}


def _range(field: str) -> Read:
    return lambda text, said: {field: parse_range(text, now=said.now, zone=said.zone, field=field)}


def _day(field: str) -> Read:
    """Read a day of the calendar that mPaaS keeps, so that "today" is today there."""
    return lambda text, said: {field: parse_day(text, now=said.now, zone=SHANGHAI, field=field)}


_ROWS = (
    Option("target", "--target live", "target", lambda text, _: {"target": text.strip()}),
    Option("template", "--template outage", "template", lambda text, _: {"template": text}),
    Option("to", "--to android,ios", "platforms", _platforms, joins=True),
    Option(
        "at", '--at "tomorrow 9:00"', "at",
        lambda text, said: {"at": parse_moment(text, now=said.now, zone=said.zone)}, joins=True,
    ),
    Option("every", "--every mon,wed", "on", _days, joins=True),
    Option("time", "--time 09:00", "time", lambda text, _: {"time": parse_time_of_day(text)}, joins=True),
    Option("from", "--from 2026-12-01", "first", _day("first"), joins=True),
    Option("until", "--until 2026-12-31", "last", _day("last"), joins=True),
    Option("expires", "--expires 3h", "expires", lambda text, _: {"expires": parse_duration(text)}, joins=True),
    Option("audience", "--audience attached", "audience", _audience),
    Option("within", "--within 60d", "within", lambda text, _: {"within": parse_period(text)}, joins=True),
    Option(
        "attached-between", "--attached-between 2026-05-01..2026-05-31", "attached_between",
        _range("attached_between"), joins=True,
    ),
    Option(
        "detached-between", "--detached-between 2026-05-01..2026-05-31", "detached_between",
        _range("detached_between"), joins=True,
    ),
    Option("task", '--task "December sale"', "task", _task),
)  # fmt: skip

OWN_WORDS: Final = frozenset({"help", "list", "show", "scheduled", "withdraw", "halt", "resume"})
"""Words that start a line of their own; a template of such a name is said as ``--template NAME``."""

OTHER_WORDS: Final = {
    "stop": "halt", "pause": "halt", "freeze": "halt", "suspend": "halt", "abort": "halt", "panic": "halt",
    "\u505c": "halt", "\u505c\u6b62": "halt", "\u6682\u505c": "halt", "\u7d27\u6025\u505c\u6b62": "halt",
    "unhalt": "resume", "continue": "resume", "unpause": "resume", "\u6062\u590d": "resume", "\u7ee7\u7eed": "resume",
    "ls": "list", "status": "list", "cancel": "withdraw", "revoke": "withdraw", "\u5e2e\u52a9": "help",
}  # fmt: skip
"""What people type for a word of the house, in English and Chinese; it is never taken for it, only asked about."""

SET: Final = "set"
"""The one option that may be said again and again; ``command_reading`` reads it."""
SET_EXAMPLE: Final = "--set MiChannelId=123321"

OPTIONS: Final[Mapping[str, Option]] = {row.name: row for row in _ROWS}
RECURRING: Final = frozenset({"every", "time", "from", "until"})
RANGES: Final = frozenset({"attached-between", "detached-between"})

SYNONYMS: Final = {
    "app": "target", "env": "target", "environment": "target",
    "platform": "to", "platforms": "to",
    "when": "at", "schedule": "at", "scheduled": "at",
    "days": "every", "repeat": "every", "recurring": "every",
    "start": "from", "end": "until", "till": "until",
    "expiry": "expires", "ttl": "expires", "validity": "expires",
    "period": "within", "name": "task", "param": "set",
}  # fmt: skip
"""What people type for an option; it is never taken for it, only suggested."""


def guess_option(name: str) -> str:
    """Say which option was probably meant; empty when none is near."""
    said = name.casefold()
    if said in SYNONYMS:
        return SYNONYMS[said]
    return nearest(said, [*OPTIONS, SET])
