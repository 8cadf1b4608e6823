"""Lengths of time as people type and read them: "90s", "1h30m", "1 week"; seconds inside.

Months and years have no fixed length and are refused. Moments are in ``bot.domain.when``.
"""

import re

from bot.domain.words import either, meant, plain, quoted, refusal

LONGEST = 2_147_483_647
"""Seconds: ExpiredSeconds is a 32-bit integer, and no other length of time here needs more."""

_UNITS = {
    604_800: ("w", "wk", "wks", "week", "weeks"),
    86_400: ("d", "day", "days"),
    3_600: ("h", "hr", "hrs", "hour", "hours"),
    60: ("min", "m", "mins", "minute", "minutes"),
    1: ("s", "sec", "secs", "second", "seconds"),
}
_SECONDS = {name: seconds for seconds, names in _UNITS.items() for name in names}
_NO_FIXED_LENGTH = frozenset({"mo", "month", "months", "y", "yr", "year", "years"})
_PART = re.compile(r"([0-9]{1,10})\s*([^\W\d_]+)")
_JOINT = re.compile(r"(?:[\s,]|\band\b)*")
_EXAMPLES = "Write it like 90s, 45 minutes, 1h30m, 3h, 2d or 1 week."


def parse_duration(text: str, *, field: str = "expires") -> int:
    """Read a length of time as seconds, from 1 to 2,147,483,647; raise Refused with a sentence."""
    said = plain(text).casefold()
    parts = _parts(said, field)
    units = [_seconds(unit, text, field) for _, unit in parts]
    if len(set(units)) != len(units):
        raise refusal(field, "duration_unit_twice", f"{quoted(text)} names a unit twice. {_EXAMPLES}", word=text)
    total = sum(int(count) * unit for (count, _), unit in zip(parts, units, strict=True))
    if total == 0:
        raise refusal(field, "duration_zero", f"{quoted(text)} is no time at all. {_EXAMPLES}", word=text)
    if total > LONGEST:
        raise refusal(
            field, "duration_too_long", f"{quoted(text)} is longer than the 68 years mPaaS can count.", word=text
        )
    return total


def say_duration(seconds: int) -> str:
    """Write seconds for people, and so that ``parse_duration`` reads them back: "1 h 30 min", "2 d 4 h"."""
    said = []
    for size in (86_400, 3_600, 60, 1):
        count, seconds = divmod(seconds, size)
        if count:
            said.append(f"{count} {_UNITS[size][0]}")
    return " ".join(said) or "0 s"


def _parts(said: str, field: str) -> list[tuple[str, str]]:
    parts = _PART.findall(said)
    if parts and _JOINT.fullmatch(_PART.sub(" ", said)):
        return [(str(count), str(unit)) for count, unit in parts]
    if said.isdecimal():
        sentence = (
            f"{quoted(said)} has no unit: say {quoted(said + 's')}, {quoted(said + 'm')} or {quoted(said + 'h')}."
        )
        raise refusal(field, "duration_without_unit", sentence, word=said)
    raise refusal(field, "duration_unreadable", f"{quoted(said)} is not a length of time. {_EXAMPLES}", word=said)


def _seconds(unit: str, text: str, field: str) -> int:
    if unit in _SECONDS:
        return _SECONDS[unit]
    if unit in _NO_FIXED_LENGTH:
        sentence = f"{quoted(text)} has no fixed length, because months and years differ: say it in days, such as 30d."
        raise refusal(field, "duration_without_length", sentence, word=text)
    allowed = either(names[0] for names in _UNITS.values())
    sentence = f"{quoted(unit)} is not a unit of time; {allowed} are.{meant(unit, _SECONDS)} {_EXAMPLES}"
    raise refusal(field, "duration_unit_unknown", sentence, word=unit)
