"""The rules of a delivery that need ``now``, and when a recurring push goes out.

mPaaS keeps the calendar: days and times of day are Asia/Shanghai's, as the day-precise examples of help page 2871129
are midnight there. Rules without a clock are validators of ``bot.domain.content``; reading what people type is
``bot.domain.when``'s.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.delivery import Cycle, Delivery, Recurring, Scheduled
from bot.errors import Problem

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""Where mPaaS keeps its calendar; no clock has changed there since 1991."""

FARTHEST_DAYS = 180
"""Days from today in which a recurring push must end (help page 2871129, strategyContent.endTime)."""


def today_in_shanghai(now: datetime) -> date:
    """Say which day it is where mPaaS keeps the calendar."""
    return now.astimezone(SHANGHAI).date()


def last_possible_day(now: datetime) -> date:
    """Say on which day a recurring push may end at the latest."""
    return today_in_shanghai(now) + timedelta(days=FARTHEST_DAYS)


def start_of_day(day: date, zone: ZoneInfo = SHANGHAI) -> datetime:
    """Give 00:00 of a day: what startTime and endTime are made of."""
    return datetime.combine(day, time(0), zone)


def milliseconds(moment: datetime) -> int:
    """Count milliseconds since 1970, precise to the second: how mPaaS wants every time."""
    return int(moment.timestamp()) * 1000


def check_delivery(delivery: Delivery, *, now: datetime) -> list[Problem]:
    """Say everything that is wrong with a delivery if it were asked for now; each names its field of the draft."""
    if isinstance(delivery, Scheduled):
        return _check_scheduled(delivery, now)
    if isinstance(delivery, Recurring):
        return _check_recurring(delivery, now)
    return []


def next_occurrences(recurring: Recurring, *, after: datetime, count: int) -> list[datetime]:
    """Give the next moments strictly after ``after``, in Asia/Shanghai; a month without the day is skipped."""
    found: list[datetime] = []
    for day in _days(recurring, max(recurring.first, today_in_shanghai(after))):
        if len(found) >= count:
            break
        moment = datetime.combine(day, recurring.time, SHANGHAI)
        if moment > after:
            found.append(moment)
    return found


def _days(recurring: Recurring, first: date) -> Iterator[date]:
    for ordinal in range(first.toordinal(), recurring.last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        if _goes_out_on(recurring, day):
            yield day


def _goes_out_on(recurring: Recurring, day: date) -> bool:
    if recurring.cycle is Cycle.DAILY:
        return True
    return (day.isoweekday() if recurring.cycle is Cycle.WEEKLY else day.day) in recurring.on


def _check_scheduled(delivery: Scheduled, now: datetime) -> list[Problem]:
    if delivery.at > now:
        return []
    at, current = (f"{moment.astimezone(delivery.at.tzinfo):%Y-%m-%d %H:%M:%S}" for moment in (delivery.at, now))
    sentence = f"The push is set for {at}, and it is {current} already: choose a later time."
    return [Problem("at", "at_past", sentence, {"at": at, "now": current})]


def _check_recurring(delivery: Recurring, now: datetime) -> list[Problem]:
    today, latest = today_in_shanghai(now), last_possible_day(now)
    problems = []
    if delivery.first < today:
        sentence = f"The first day, {delivery.first}, is before today, which is {today} in Asia/Shanghai."
        problems.append(Problem("first", "first_past", sentence, {"first": f"{delivery.first}", "today": f"{today}"}))
    if delivery.last > latest:
        sentence = f"The last day, {delivery.last}, is more than {FARTHEST_DAYS} days away: {latest} is the latest."
        problems.append(Problem("last", "last_too_far", sentence, {"last": f"{delivery.last}", "latest": f"{latest}"}))
    if not next_occurrences(delivery, after=now, count=1):
        problems.append(_nothing_ahead(delivery))
    return problems


def _nothing_ahead(delivery: Recurring) -> Problem:
    span = f"from {delivery.first} to {delivery.last}"
    if next(_days(delivery, delivery.first), None) is None:
        return Problem("on", "no_such_day", f"None of the chosen days lies in the time {span}.")
    sentence = f"Every time {span} at {delivery.time} in Asia/Shanghai has passed: choose a later last day or time."
    return Problem("last", "nothing_ahead", sentence)
