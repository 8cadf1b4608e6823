"""The simulated service's reading of ``StrategyContent``: when a scheduled or recurring push goes out.

Days are days in Asia/Shanghai (every day-precise example of the vendor's pages is midnight there). Loop types 1 daily,
2 weekly (Monday is 1), 3 monthly are the playground's reading: the vendor's list could not be had.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from bot.playground.mpaas.results import invalid

SHANGHAI = ZoneInfo("Asia/Shanghai")
LONGEST_CYCLE = timedelta(days=180)
"""How far from today a recurring push may end (vendor page, PushBroadcast)."""
ONCE, RECURRING = 1, 2
DAILY, WEEKLY, MONTHLY = 1, 2, 3

_KEYS = {"fixedTime", "startTime", "endTime", "circleType", "circleValue", "time"}
_LARGEST_VALUE = {WEEKLY: 7, MONTHLY: 31}
_LATEST_MS = 253_370_764_800_000
"""The year 9999: what a calendar here can hold."""


def moments(strategy: int, content: Mapping[str, JsonValue], now: datetime) -> tuple[datetime, ...]:
    """Return the instants at which a push of StrategyType 1 or 2 goes out. Raises ``Failure`` 3028."""
    unknown = set(content) - _KEYS
    if unknown:
        raise invalid(f"StrategyContent has the unknown key {min(unknown)}")
    found = (_once(content, now),) if strategy == ONCE else tuple(_recurring(content, now))
    future = tuple(moment for moment in found if moment > now)
    if not future:
        raise invalid("StrategyContent names no time in the future")
    return future


def of_ms(name: str, value: JsonValue) -> datetime:
    """Return the instant of a whole number of milliseconds since 1970. Raises ``Failure`` 3028."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _LATEST_MS:
        raise invalid(f"{name} must be milliseconds since 1970")
    return datetime.fromtimestamp(value // 1000, UTC)


def _once(content: Mapping[str, JsonValue], now: datetime) -> datetime:
    moment = of_ms("fixedTime", content.get("fixedTime"))
    if moment <= now:
        raise invalid("fixedTime is in the past")
    return moment


def _recurring(content: Mapping[str, JsonValue], now: datetime) -> Iterator[datetime]:
    first, last = _window(content, now)
    kind, chosen = _circle(content)
    at = _time(content.get("time"))
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if kind == DAILY or (day.isoweekday() if kind == WEEKLY else day.day) in chosen:
            yield datetime.combine(day, at, SHANGHAI).astimezone(UTC)


def _window(content: Mapping[str, JsonValue], now: datetime) -> tuple[date, date]:
    today = now.astimezone(SHANGHAI).date()
    first = of_ms("startTime", content.get("startTime")).astimezone(SHANGHAI).date()
    last = of_ms("endTime", content.get("endTime")).astimezone(SHANGHAI).date()
    if first < today:
        raise invalid("startTime is earlier than today 00:00 in Asia/Shanghai")
    if last < first:
        raise invalid("endTime is earlier than startTime")
    if last - today > LONGEST_CYCLE:
        raise invalid(f"endTime is more than {LONGEST_CYCLE.days} days from today")
    return first, last


def _circle(content: Mapping[str, JsonValue]) -> tuple[int, set[int]]:
    kind, values = content.get("circleType"), content.get("circleValue", [])
    if isinstance(kind, bool) or kind not in (DAILY, WEEKLY, MONTHLY) or not isinstance(kind, int):
        raise invalid("circleType must be 1 (daily), 2 (weekly) or 3 (monthly)")
    numbers = [v for v in values if isinstance(v, int) and not isinstance(v, bool)] if isinstance(values, list) else []
    if not isinstance(values, list) or len(set(numbers)) < len(values):
        raise invalid("circleValue must be a list of different whole numbers")
    largest = _LARGEST_VALUE.get(kind)
    if largest and (not numbers or not all(1 <= number <= largest for number in numbers)):
        raise invalid(f"circleValue must hold days from 1 to {largest}")
    return kind, set(numbers)


def _time(value: JsonValue) -> time:
    if not isinstance(value, str) or not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]", value):
        raise invalid("time must look like 09:45:11")
    return time.fromisoformat(value)
