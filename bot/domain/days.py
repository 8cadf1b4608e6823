"""Days, times of day and days of a cycle as people type them.

A day's own rules only: whether it is too early or too late for a push is ``bot.domain.calendar``'s.
"""

import calendar
import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.durations import parse_duration
from bot.domain.words import meant, plain, quoted, refusal
from bot.errors import Refused

EARLIEST_YEAR, LATEST_YEAR = 1970, 2999
"""mPaaS counts milliseconds since 1970; the end is far enough, and keeps every sum in Python's calendar."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
SHORTEST_NAME = 3
"""Letters of a month or weekday that are enough: mon, sept, thurs."""

CLOCK = re.compile(
    r"(?<![\w:.+-])(?:"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?:\s?(?P<half>[ap])\.?m\b\.?)?"
    r"|(?P<hour12>\d{1,2})\s?(?P<half12>[ap])\.?m\b\.?"
    r"|(?P<word>noon|midnight)\b"
    r")(?![\d:])",
    re.ASCII | re.IGNORECASE,
)
"""A time of day wherever it stands in a text; ``read_clock`` says whether it exists."""

_DAY_EXAMPLES = "Write it like 2026-12-01, 1 Dec, tomorrow or monday."
_TIME_EXAMPLES = "Write it like 09:00, 9:30 pm or 09:45:11."
_NAMED = {"today": 0, "tomorrow": 1, "yesterday": -1, "day after tomorrow": 2, "the day after tomorrow": 2}
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})[-/.](\d{1,2})(?:[-/.](\d{2}|\d{4})?)?", re.ASCII)
_SPELLED = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?\s*(?P<month>[a-z]+)|(?P<month2>[a-z]+)\.?\s*(?P<day2>\d{1,2})(?:st|nd|rd|th)?)"
    r"\.?(?:\s+(?P<year>\d{4}))?",
    re.ASCII,
)
_WEEKDAY = re.compile(r"(?:(?P<which>next|this|on|coming)\s+)?(?P<name>[a-z]+)", re.ASCII)
_SHANGHAI_NAMES = frozenset({"asia/shanghai", "+08:00", "+0800", "+08", "+8", "utc+8", "gmt+8", "utc+08:00"})


def parse_day(text: str, *, now: datetime, zone: ZoneInfo, field: str = "first") -> date:
    """Read a day such as "2026-12-01", "1 Dec", "tomorrow", "monday" (may be today); raise Refused with a sentence."""
    said = plain(text)
    if clock := CLOCK.search(said):
        sentence = f"{quoted(text)} has the time {quoted(clock[0])} in it, where a day alone belongs. {_DAY_EXAMPLES}"
        raise refusal(field, "day_with_time", sentence, word=text)
    return find_day(said, today=now.astimezone(zone).date(), field=field)


def parse_time_of_day(text: str, *, field: str = "time") -> time:
    """Read a time of day such as "09:00", "9:45:11" or "9 pm"; raise Refused with a sentence.

    mPaaS keeps the calendar of recurring pushes in Asia/Shanghai, so another written zone is refused.
    """
    said = plain(text)
    clock = CLOCK.match(said)
    rest = said[clock.end() :].strip().casefold() if clock else ""
    if clock is None or (rest and not re.fullmatch(r"[a-z+-][\w/:+-]*", rest)):
        raise refusal(field, "time_unreadable", f"{quoted(text)} is not a time of day. {_TIME_EXAMPLES}", word=text)
    if rest and rest not in _SHANGHAI_NAMES:
        sentence = (
            f"{quoted(text)} names a zone, but recurring pushes go by the clock of Asia/Shanghai. {_TIME_EXAMPLES}"
        )
        raise refusal(field, "time_zone", sentence, word=text)
    return read_clock(clock, field=field)


def read_clock(clock: re.Match[str], *, field: str) -> time:
    """Make a time of day of a match of ``CLOCK``; raise Refused when no clock shows it."""
    if clock["word"]:
        return time(12 if clock["word"].casefold() == "noon" else 0)
    half = (clock["half"] or clock["half12"] or "").casefold()
    hour = int(clock["hour"] or clock["hour12"])
    try:
        return time(_on_24_hours(hour, half), int(clock["minute"] or 0), int(clock["second"] or 0))
    except ValueError:
        why = " With am and pm, hours go from 1 to 12." if half else " A day's clock goes from 00:00 to 23:59:59."
        sentence = f"{quoted(clock[0])} is not a time of day.{why} {_TIME_EXAMPLES}"
        raise refusal(field, "time_impossible", sentence, word=clock[0]) from None


def find_day(said: str, *, today: date, field: str) -> date:
    """Find the day that plain words mean, seen from ``today``; a weekday may be today, a date without year is ahead."""
    words = " ".join(said.casefold().replace(",", " ").split())
    if words in _NAMED:
        return today + timedelta(days=_NAMED[words])
    if words.startswith("in "):
        return _days_ahead(words, today, field)
    if iso := _ISO.fullmatch(words):
        return _date(int(iso[1]), int(iso[3]), int(iso[4]), said, field)
    if numbers := _NUMBERS.fullmatch(words):
        raise _ambiguous(numbers, said, today, field)
    day = _spelled(words, said, today, field) or _next_weekday(words, said, today, field)
    if day is None:
        words_known = (*WEEKDAYS, *MONTHS, "today", "tomorrow")
        hint = next((guess for word in words.split() if (guess := meant(word, words_known))), "")
        raise refusal(field, "day_unreadable", f"{quoted(said)} is not a day.{hint} {_DAY_EXAMPLES}", word=said)
    return day


def weekday_number(word: str) -> int | None:
    """Read a weekday's name, shortened or in the plural, as 1 (Monday) to 7 (Sunday); None when it is none."""
    return _position(word, WEEKDAYS) or _position(word.removesuffix("s"), WEEKDAYS)


def _position(word: str, names: tuple[str, ...]) -> int | None:
    found = [number for number, name in enumerate(names, 1) if name.startswith(word)]
    return found[0] if len(word) >= SHORTEST_NAME and found else None


def _on_24_hours(hour: int, half: str) -> int:
    if not half:
        return hour
    if not 1 <= hour <= 12:  # noqa: PLR2004 - the hours of a clock with am and pm
        raise ValueError
    return hour % 12 + (12 if half == "p" else 0)


def _date(year: int, month: int, day: int, said: str, field: str) -> date:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        sentence = f"{quoted(said)} is out of reach: years from {EARLIEST_YEAR} to {LATEST_YEAR} are understood."
        raise refusal(field, "day_out_of_reach", sentence, word=said)
    try:
        return date(year, month, day)
    except ValueError:
        months = 1 <= month <= len(MONTHS)
        why = (
            f"{MONTHS[month - 1].title()} {year} has {calendar.monthrange(year, month)[1]} days"
            if months
            else "months go to 12"
        )
        raise refusal(field, "day_missing", f"There is no day {quoted(said)}: {why}.", word=said) from None


def _days_ahead(words: str, today: date, field: str) -> date:
    days, seconds = divmod(parse_duration(words.removeprefix("in "), field=field), 86_400)
    if seconds:
        sentence = f"{quoted(words)} is not a number of whole days. {_DAY_EXAMPLES}"
        raise refusal(field, "day_not_whole", sentence, word=words)
    return today + timedelta(days=days)


def _ambiguous(numbers: re.Match[str], said: str, today: date, field: str) -> Refused:
    year = int(numbers[3]) if numbers[3] else today.year
    year += 2000 if year < 100 else 0  # noqa: PLR2004 - a year of two digits
    readings = []
    for day, month in ((numbers[1], numbers[2]), (numbers[2], numbers[1])):
        try:
            readings.append(date(year, int(month), int(day)).isoformat())
        except ValueError:
            continue
    sentence = f"{quoted(said)} is read differently in different countries: write {' or '.join(sorted(set(readings)))}."
    if not readings:
        sentence = f"{quoted(said)} is not a day. {_DAY_EXAMPLES}"
    return refusal(field, "day_ambiguous", sentence, word=said)


def _spelled(words: str, said: str, today: date, field: str) -> date | None:
    match = _SPELLED.fullmatch(words)
    month = _position(match["month"] or match["month2"], MONTHS) if match else None
    if match is None or month is None:
        return None
    day = int(match["day"] or match["day2"])
    if match["year"]:
        return _date(int(match["year"]), month, day, said, field)
    for year in range(today.year, today.year + 9):  # 29 February is at most eight years away
        if day <= calendar.monthrange(year, month)[1] and day and date(year, month, day) >= today:
            return date(year, month, day)
    return _date(today.year, month, day, said, field)


def _next_weekday(words: str, said: str, today: date, field: str) -> date | None:
    match = _WEEKDAY.fullmatch(words)
    number = weekday_number(match["name"]) if match else None
    if match is None or number is None:
        return None
    ahead = (number - today.isoweekday()) % 7
    if match["which"] == "next" and number > today.isoweekday():
        near, far = today + timedelta(days=ahead), today + timedelta(days=ahead + 7)
        sentence = f"{quoted(said)} can be this week's or next week's: write {near} or {far}."
        raise refusal(field, "day_ambiguous", sentence, word=said)
    return today + timedelta(days=ahead or (7 if match["which"] == "next" else 0))
