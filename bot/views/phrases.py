"""Content in words: destination, audience, time, platforms, validity, and the status line of a request.

All of it is mrkdwn whose outside parts are escaped, unless a function says plain. The words are ``wording``'s.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import assert_never

from bot.domain.calendar import next_occurrences
from bot.domain.content import Audience, Content, Destination, Environment, Period, Platform, TimeRange
from bot.domain.delivery import Cycle, Delivery, Now, Recurring, Scheduled
from bot.domain.durations import say_duration
from bot.domain.preview import substitute
from bot.domain.request import BroadcastRequest
from bot.domain.states import State
from bot.domain.unposted import is_unposted
from bot.views.texts import inline, moment, one_line, utc
from bot.views.wording import say

OCCURRENCES = 3
"""How many of the next times of a recurring push are shown."""


def is_live(content: Content) -> bool:
    """Tell whether real people hold the devices."""
    return content.destination.environment is Environment.LIVE


def kind(content: Content) -> str:
    """Name the catalogue's branch for this environment: the words for live and for test never agree."""
    return content.destination.environment.value


def listed(parts: Sequence[str]) -> str:
    """Join words: "a", "a and b", "a, b and c"."""
    if len(parts) < 2:  # noqa: PLR2004 - one word needs no "and"
        return "".join(parts)
    return say("list.last", first=say("list.comma").join(parts[:-1]), last=parts[-1])


def platforms(names: Iterable[Platform]) -> str:
    """Name platforms."""
    return listed([say(f"platform.{name.value}") for name in names])


def destination(where: Destination) -> str:
    """Name the target with the loud word for its environment."""
    return say(f"destination.{where.environment.value}", target=inline(where.target, 80))


def audience(whom: Audience, *, tokens: bool = True) -> str:
    """Say whom the push is for; without ``tokens`` the times are in UTC, for plain text."""
    if whom.within is not None:
        within = "ever" if whom.within is Period.EVER else "days"
        days = "" if whom.within is Period.EVER else whom.within.value.removesuffix("d")
        return say(f"audience.{whom.status.value}.{within}", days=days)
    attached, detached = _range(whom.attached_between, tokens), _range(whom.detached_between, tokens)
    return say(f"audience.{whom.status.value}.between", attached=attached, detached=detached)


def _range(span: TimeRange | None, tokens: bool) -> str:
    write = moment if tokens else utc
    return say("range", start=write(span.start), end=write(span.end)) if span else ""


def when(delivery: Delivery, *, tokens: bool = True) -> str:
    """Say when it goes out; without ``tokens`` the times are in UTC, for plain text."""
    match delivery:
        case Now():
            return say("when.now")
        case Scheduled():
            return say("when.scheduled", at=(moment if tokens else utc)(delivery.at))
        case Recurring():
            return say(
                f"when.{delivery.cycle.value}",
                days=days(delivery.cycle, delivery.on),
                time=f"{delivery.time:%H:%M:%S}".removesuffix(":00"),
                first=delivery.first.isoformat(),
                last=delivery.last.isoformat(),
            )
    assert_never(delivery)


def days(cycle: Cycle, on: Iterable[int]) -> str:
    """Name the days of a weekly or monthly push."""
    if cycle is Cycle.WEEKLY:
        return listed([say(f"weekday.{day}") for day in on])
    return listed([str(day) for day in on])


def next_times(delivery: Delivery, *, now: datetime) -> list[str]:
    """Write the next three times of a recurring push; nothing for the others."""
    if not isinstance(delivery, Recurring):
        return []
    return [moment(at) for at in next_occurrences(delivery, after=now, count=OCCURRENCES)]


def validity(seconds: int) -> str:
    """Say for how long devices that are offline still get it."""
    return say("validity", duration=say_duration(seconds))


def status(request: BroadcastRequest) -> str:
    """Say a request's state in words; an alarm comes before it."""
    if request.alarm:
        return say("status.alarm", status=say(f"status.{request.state.value}"))
    if is_unposted(request):
        return say("status.pending_approval_unposted")
    waiting = request.state is State.APPROVED and request.waiting_for
    return say("status.approved_waiting" if waiting else f"status.{request.state.value}")


def headline(request: BroadcastRequest) -> str:
    """Say where it goes and what its state is, as plain text: the first thing everybody reads."""
    target = one_line(request.content.destination.target)[:60]
    return say(f"headline.{kind(request.content)}", target=target, status=status(request))


def first_words(content: Content) -> str:
    """Take the title that devices will show, or the body when there is none, as plain text in one line."""
    text = substitute(content.template, content.values)
    return one_line(text.title) or one_line(text.body)
