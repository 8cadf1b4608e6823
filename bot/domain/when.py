"""Moments, ranges of time and periods as people type them; the front door to everything about time that is typed.

Every function is pure: ``now`` and the person's zone are arguments. Moments come back aware, in whole seconds, with a
fixed offset, so that they stay equal when they are stored. What is ambiguous is refused with what to write instead.
Lengths of time are read in ``durations``, days and times of day in ``days``, days of a cycle in ``cycles``.
"""

import re
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.content import Period
from bot.domain.cycles import parse_days, say_days
from bot.domain.days import CLOCK, find_day, parse_day, parse_time_of_day, read_clock, weekday_number
from bot.domain.draft import Moments
from bot.domain.durations import parse_duration, say_duration
from bot.domain.words import either, meant, plain, quoted, refusal
from bot.errors import Refused

__all__ = [
    "parse_day",
    "parse_days",
    "parse_duration",
    "parse_moment",
    "parse_period",
    "parse_range",
    "parse_time_of_day",
    "say_days",
    "say_duration",
    "say_moment",
]

_EXAMPLES = 'Write it like "2026-12-01 09:00", "tomorrow 9:00", "monday 9:00" or "in 2h".'
_RANGE_EXAMPLES = "Write it like 2026-05-01..2026-05-31."
_FARTHEST_OFFSET = timedelta(hours=14)
"""No zone is farther from UTC (Pacific/Kiritimati)."""

_OFFSET = re.compile(r"(?:utc|gmt)?([+-])(\d{1,2})(?::?(\d{2}))?", re.ASCII | re.IGNORECASE)
_PLACE = re.compile(r"[a-z_]+(?:/[a-z0-9_+-]+)+", re.ASCII | re.IGNORECASE)
_UTC = frozenset({"z", "utc", "gmt"})
_VAGUE_ZONES = frozenset(
    "bst cdt cest cet cst edt eest eet est hkt ist jst kst mdt mst msk pdt pst sgt wet".split()  # noqa: SIM905 - a list of twenty words reads better as words
)
_ISO_T = re.compile(r"(?<=\d)[Tt](?=\d{1,2}:)")
_PERIOD_WORDS = frozenset({"ever", "forever", "always", "permanent"})


def parse_moment(text: str, *, now: datetime, zone: ZoneInfo, field: str = "at") -> datetime:
    """Read a moment that is still ahead; raise Refused with a sentence.

    A time without a day is its next occurrence, a date without a year the next such date. Times are the ``zone``'s
    unless an offset or a place is written behind them.
    """
    said = plain(text)
    if said.casefold() == "now":
        raise refusal(field, "moment_now", "To send as soon as it is approved, say no time at all.", word=text)
    if said.casefold().startswith("in ") and not CLOCK.search(said):
        return _after(said[3:], now, zone, field)
    moment = _read(said, now, zone, field)
    if moment > now:
        return moment
    shown, current = (f"{at.astimezone(moment.tzinfo):%Y-%m-%d %H:%M}" for at in (moment, now))
    sentence = f"{quoted(said)} is past: it means {shown}, and it is {current} now. Say a later time."
    raise refusal(field, "moment_past", sentence, word=text)


def parse_range(text: str, *, now: datetime, zone: ZoneInfo, field: str = "attached_between") -> Moments:
    """Read "A..B", two moments or days (the whole of the last one); they may be past. Raise Refused with a sentence."""
    ends = re.split(r"\s*\.{2,}\s*|\s+to\s+|\s+until\s+", plain(text))
    if len(ends) != 2 or not all(ends):  # noqa: PLR2004 - a range has two ends
        sentence = f"{quoted(text)} is not a range of time. {_RANGE_EXAMPLES}"
        raise refusal(field, "range_unreadable", sentence, word=text)
    start = _end(ends[0], now=now, zone=zone, field=field, clock=time(0))
    end = _end(ends[1], now=now, zone=zone, field=field, clock=time(23, 59, 59))
    if start >= end:
        sentence = f"{quoted(text)} ends before it starts: write the earlier moment first. {_RANGE_EXAMPLES}"
        raise refusal(field, "range_backwards", sentence, word=text)
    return Moments(start=start, end=end)


def parse_period(text: str, *, field: str = "within") -> Period:
    """Read how far back the audience reaches: 7d, 15d, 60d or ever; raise Refused with a sentence."""
    said = plain(text).casefold()
    if said in _PERIOD_WORDS:
        return Period.EVER
    allowed = either(period.value for period in Period)
    try:
        seconds = parse_duration(said + "d" if said.isdecimal() else said, field=field)
        return Period(f"{seconds // 86_400}d" if seconds % 86_400 == 0 else said)
    except (Refused, ValueError):
        sentence = (
            f"{quoted(text)} is not a period mPaaS knows: {allowed}.{meant(said, Period) if said.isalpha() else ''}"
        )
        raise refusal(field, "period_unknown", sentence, word=text, allowed=allowed) from None


def say_moment(moment: datetime) -> str:
    """Write a moment with its offset, so that it is read back whoever types it: "2026-12-01T09:00:00+08:00"."""
    return moment.isoformat(timespec="seconds")


def _after(said: str, now: datetime, zone: ZoneInfo, field: str) -> datetime:
    length = timedelta(seconds=parse_duration(said, field=field))
    return _fixed((now.replace(microsecond=0) + length).astimezone(zone))


def _end(said: str, *, now: datetime, zone: ZoneInfo, field: str, clock: time) -> datetime:
    """Read one end of a range; ``clock`` is the time of an end that is a day."""
    if CLOCK.search(_ISO_T.sub(" ", said)):
        return _read(said, now, zone, field)
    return _on_clock(
        datetime.combine(find_day(said, today=now.astimezone(zone).date(), field=field), clock), zone, field
    )


def _read(said: str, now: datetime, zone: ZoneInfo, field: str) -> datetime:
    text = _ISO_T.sub(" ", said)
    clocks = list(CLOCK.finditer(text))
    if len(clocks) != 1:
        raise _without_clock(said, now, zone, field, clocks=len(clocks))
    at = read_clock(clocks[0], field=field)
    own_zone, rest = _split_zone(text[clocks[0].end() :], zone, field)
    words = re.sub(r"\b(?:at|on)\b", " ", f"{text[: clocks[0].start()]} {rest}".casefold()).strip(" ,")
    local_zone = own_zone or zone
    today = now.astimezone(local_zone).date()
    if not words:
        return _next_of_two(today, at, 1, now, local_zone, field)
    if (clocks[0]["word"] or "").casefold() == "midnight":
        sentence = f"{quoted(said)} can be the start or the end of that day: write a date with 00:00."
        raise refusal(field, "midnight_ambiguous", sentence, word=said)
    day = find_day(words, today=today, field=field)
    if weekday_number(words.removeprefix("this ").strip()):
        return _next_of_two(day, at, 7, now, local_zone, field)
    return _on_clock(datetime.combine(day, at), local_zone, field)


def _without_clock(said: str, now: datetime, zone: ZoneInfo, field: str, *, clocks: int) -> Refused:
    if clocks:
        return refusal(field, "moment_two_times", f"{quoted(said)} names two times. {_EXAMPLES}", word=said)
    try:
        day = find_day(said, today=now.astimezone(zone).date(), field=field)
    except Refused as refused:
        if refused.code != "day_unreadable":
            return refused
    else:
        sentence = f'{quoted(said)} says the day but not the time: write "{day} 09:00".'
        return refusal(field, "moment_without_time", sentence, word=said)
    try:
        parse_duration(said, field=field)
    except Refused:
        hint = next((guess for word in said.split() if (guess := meant(word, ("tomorrow", "today", "noon")))), "")
        return refusal(field, "moment_unreadable", f"{quoted(said)} is not a time.{hint} {_EXAMPLES}", word=said)
    sentence = f"{quoted(said)} is a length of time: write {quoted('in ' + said)} to count it from now."
    return refusal(field, "moment_is_duration", sentence, word=said)


def _split_zone(after: str, zone: ZoneInfo, field: str) -> tuple[ZoneInfo | timezone | None, str]:
    """Take a zone off the front of what follows the time: None when there is none."""
    word, _, rest = after.strip(" ,").partition(" ")
    word = word.strip("()")
    if word.casefold() in _UTC:
        return timezone.utc, rest  # noqa: UP017 - the same type as other offsets
    if offset := _OFFSET.fullmatch(word):
        ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        if ahead > _FARTHEST_OFFSET or int(offset[3] or 0) >= 60:  # noqa: PLR2004 - minutes of an hour
            raise refusal(field, "zone_unknown", f"{quoted(word)} is not an offset: -12:00 to +14:00 are.", word=word)
        return timezone(-ahead if offset[1] == "-" else ahead), rest
    if word.casefold() in _VAGUE_ZONES:
        sentence = (
            f"{quoted(word)} is the name of several zones: write an offset such as +08:00, or a place such as {zone}."
        )
        raise refusal(field, "zone_ambiguous", sentence, word=word)
    return (_place(word, field), rest) if _PLACE.fullmatch(word) else (None, after)


def _place(word: str, field: str) -> ZoneInfo:
    for spelling in (word, word.title()):
        try:
            return ZoneInfo(spelling)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: "America/Argentina" is a folder of zones
            continue
    sentence = f"{quoted(word)} is not a zone: write a place such as Asia/Shanghai, or an offset such as +08:00."
    raise refusal(field, "zone_unknown", sentence, word=word)


def _next_of_two(day: date, at: time, later: int, now: datetime, zone: ZoneInfo | timezone, field: str) -> datetime:
    """Take the time on ``day`` while it is ahead, or else ``later`` days after."""
    first = datetime.combine(day, at, zone)
    ahead = any(first.replace(fold=fold) > now for fold in (0, 1))
    return _on_clock(datetime.combine(day + timedelta(days=0 if ahead else later), at), zone, field)


def _on_clock(local: datetime, zone: ZoneInfo | timezone, field: str) -> datetime:
    """Place a local time in its zone; refuse one that a clock change skips or repeats."""
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return _fixed(first)
    skipped = _fixed(first) > _fixed(second)
    what = "does not exist" if skipped else "comes twice"
    offers = either(f'"{local:%Y-%m-%d %H:%M:%S}{moment:%z}"' for moment in (first, second))
    sentence = f"{local:%Y-%m-%d %H:%M} {what} in {zone}, because clocks change there: write {offers}, or another time."
    raise refusal(field, "moment_skipped" if skipped else "moment_twice", sentence, word=f"{local:%Y-%m-%d %H:%M}")


def _fixed(moment: datetime) -> datetime:
    offset = moment.utcoffset()
    return moment.replace(tzinfo=timezone(offset or timedelta()), fold=0)
