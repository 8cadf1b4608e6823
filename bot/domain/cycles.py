"""On which days a recurring push goes out, as people type it: "day", "mon,wed", "weekdays", "1,15".

Weekdays are 1 to 7 (Monday to Sunday) and days of a month 1 to 31, as mPaaS counts them in circleValue.
"""

import re

from bot.domain.days import WEEKDAYS, weekday_number
from bot.domain.delivery import Cycle
from bot.domain.words import either, meant, plain, quoted, refusal

_DAILY = frozenset({"day", "days", "daily", "every day", "everyday", "each day"})
_GROUPS = {"weekdays": range(1, 6), "weekday": range(1, 6), "weekends": range(6, 8), "weekend": range(6, 8)}
_VAGUE = {
    "week": "weekday, such as mon",
    "weekly": "weekday, such as mon",
    "month": "day of the month, such as 15",
    "monthly": "day of the month, such as 15",
}
_NUMBER = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?", re.ASCII)
_EXAMPLES = "Write day, weekdays, mon,wed or mon-fri, or days of the month such as 1,15."
_LONGEST_MONTH = 31


def parse_days(text: str, *, field: str = "on") -> tuple[Cycle, tuple[int, ...]]:
    """Read the days of a cycle, in order and once each; raise Refused with a sentence."""
    said = plain(text).casefold()
    if said in _DAILY:
        return Cycle.DAILY, ()
    words = [word for word in re.split(r"[,;\s\u3001]+|\band\b", re.sub(r"\s*-\s*", "-", said)) if word]
    if not words:
        raise refusal(field, "days_empty", f"No day is named. {_EXAMPLES}", word=text)
    cycles, days = set(), set()
    for word in words:
        cycle, found = _read(word, field)
        cycles.add(cycle)
        days.update(found)
    if len(cycles) > 1:
        sentence = f"{quoted(text)} mixes weekdays and days of the month: a push repeats by one of them. {_EXAMPLES}"
        raise refusal(field, "days_mixed", sentence, word=text)
    return cycles.pop(), tuple(sorted(days))


def say_days(cycle: Cycle, on: tuple[int, ...]) -> str:
    """Write the days of a cycle shortly, so that ``parse_days`` reads them back: "day", "mon,wed", "1,15"."""
    if cycle is Cycle.DAILY:
        return "day"
    return ",".join(WEEKDAYS[day - 1][:3] if cycle is Cycle.WEEKLY else str(day) for day in on)


def _read(word: str, field: str) -> tuple[Cycle, list[int]]:
    if word in _GROUPS:
        return Cycle.WEEKLY, list(_GROUPS[word])
    ends = [_one(part, word, field) for part in word.split("-", 1)]
    cycle, first = ends[0]
    other, last = ends[-1]
    if cycle is not other:
        sentence = f"{quoted(word)} goes from a weekday to a day of the month or back. {_EXAMPLES}"
        raise refusal(field, "days_mixed", sentence, word=word)
    if first <= last:
        return cycle, list(range(first, last + 1))
    if cycle is Cycle.MONTHLY:
        sentence = f"{quoted(word)} goes backwards: write {last}-{first}, or name each day."
        raise refusal(field, "days_backwards", sentence, word=word)
    return cycle, [*range(first, 8), *range(1, last + 1)]


def _one(part: str, word: str, field: str) -> tuple[Cycle, int]:
    if number := weekday_number(part):
        return Cycle.WEEKLY, number
    if match := _NUMBER.fullmatch(part):
        if 1 <= int(match[1]) <= _LONGEST_MONTH:
            return Cycle.MONTHLY, int(match[1])
        raise refusal(field, "days_out_of_range", f"{quoted(part)} is not a day of a month: 1 to 31 are.", word=part)
    if part in _VAGUE:
        sentence = f"{quoted(part)} does not say which day: name the {_VAGUE[part]}. {_EXAMPLES}"
        raise refusal(field, "days_vague", sentence, word=part)
    if part == "last":
        sentence = f"{quoted(word)} is not known to mPaaS: name a day that every month has, up to 28."
        raise refusal(field, "days_last", sentence, word=part)
    hint = meant(part, ("day", *WEEKDAYS, *_GROUPS))
    allowed = either(name[:3] for name in WEEKDAYS)
    sentence = f"{quoted(part)} is not a day; {allowed} are, and numbers for days of the month.{hint} {_EXAMPLES}"
    raise refusal(field, "days_unreadable", sentence, word=part)
