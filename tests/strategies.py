"""Hypothesis strategies for what people say; times are ahead of ``NOW``, and every draft is one that can be said."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any, TypeVar

from hypothesis import strategies as st

from bot.domain.content import AudienceStatus, Cycle, Period, Platform
from bot.domain.draft import EVERY_PLATFORM, Draft, Moments
from bot.domain.durations import LONGEST
from bot.domain.extras import EXTRAS, Kind, write_extra
from bot.errors import Refused

T = TypeVar("T")

NOW = datetime(2026, 11, 25, 2, 0, 0, 500_000, tzinfo=UTC)
"""A Wednesday, 10:00 in Asia/Shanghai."""

FIRST_DAY, LAST_DAY = date(2020, 1, 1), date(2035, 12, 31)


def attempt(read: Callable[[], T]) -> T | Refused:
    """Give what was read, or the refusal: anything else that is raised is a fault."""
    try:
        return read()
    except Refused as refused:
        return refused


def lines(max_size: int = 30) -> st.SearchStrategy[str]:
    """Make text with something in it, as a person would leave it in a field."""
    return st.text(min_size=1, max_size=max_size).map(str.strip).filter(bool)


def placeholder_names() -> st.SearchStrategy[str]:
    """Make names that stand between two # in a template."""
    return st.from_regex(r"[^\W_]\w{0,9}", fullmatch=True)


def moments(earliest: datetime, latest: datetime) -> st.SearchStrategy[datetime]:
    """Make aware moments in whole seconds, with any offset that clocks have."""
    seconds = int((latest - earliest).total_seconds())
    offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
    start = earliest.replace(microsecond=0)
    return st.builds(
        lambda ahead, zone: (start + timedelta(seconds=ahead)).astimezone(zone), st.integers(1, seconds), offsets
    )


@st.composite
def ranges(draw: st.DrawFn) -> Moments:
    """Make a range of time that goes forwards."""
    start = draw(moments(datetime(2020, 1, 1, tzinfo=UTC), NOW))
    length = draw(st.integers(1, 400 * 24 * 3600))
    return Moments(start=start, end=start + timedelta(seconds=length))


def days_of_cycles() -> st.SearchStrategy[tuple[Cycle, tuple[int, ...]]]:
    """Make a cycle and the days that fit it."""
    days = {Cycle.WEEKLY: 7, Cycle.MONTHLY: 31}
    some = [
        st.tuples(st.just(cycle), st.sets(st.integers(1, highest), min_size=1).map(sorted).map(tuple))
        for cycle, highest in days.items()
    ]
    return st.one_of(st.just((Cycle.DAILY, ())), *some)


def json_values() -> st.SearchStrategy[Any]:
    """Make whatever JSON can hold and a push can carry."""
    leaves = (
        st.none()
        | st.booleans()
        | st.integers(-(2**53), 2**53)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=8)
    )
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
        max_leaves=6,
    )


def extra_values(name: str) -> st.SearchStrategy[Any]:
    """Make values that a parameter takes."""
    extra = EXTRAS[name]
    if extra.choices:
        return st.sampled_from([choice.value for choice in extra.choices])
    if extra.vendors:
        optional = {
            key: st.sampled_from([str(choice.value) for choice in allowed]) for key, allowed in extra.vendors.items()
        }
        return st.fixed_dictionaries({}, optional=optional).filter(bool)
    if name == "TransparentMessagePayload":
        bodies = st.dictionaries(st.text(max_size=4), json_values(), min_size=1, max_size=2)
        return st.dictionaries(st.sampled_from(["hms", "honor", "fcm", "harmonyos"]), bodies, min_size=1)
    if name == "ExtendedParams":
        own = st.text(min_size=1, max_size=6).filter(str.strip).map(lambda key: f"my {key}")
        return st.dictionaries(own, json_values(), min_size=1, max_size=4)
    assert extra.kind is Kind.TEXT
    return lines().filter(str.isprintable).filter(lambda text: not text.startswith("{"))


def extras() -> st.SearchStrategy[dict[str, Any]]:
    """Make up to three parameters with values they take, whether or not they go together."""
    names = st.lists(st.sampled_from(list(EXTRAS)), unique=True, max_size=3)
    return names.flatmap(lambda chosen: st.fixed_dictionaries({name: extra_values(name) for name in chosen}))


def _deliveries() -> st.SearchStrategy[dict[str, Any]]:
    scheduled = st.fixed_dictionaries(
        {"when": st.just("scheduled"), "at": moments(NOW, datetime(2035, 1, 1, tzinfo=UTC))}
    )
    recurring = st.builds(
        lambda days, rest: {"when": "recurring", "cycle": days[0], "on": days[1], **rest},
        days_of_cycles(),
        st.fixed_dictionaries({}, optional={
            "time": st.builds(time, st.integers(0, 23), st.integers(0, 59), st.integers(0, 59)),
            "first": st.dates(FIRST_DAY, LAST_DAY),
            "last": st.dates(FIRST_DAY, LAST_DAY),
        }),
    )  # fmt: skip
    return st.just({}) | scheduled | recurring


def _audiences() -> st.SearchStrategy[dict[str, Any]]:
    by_period = st.fixed_dictionaries({}, optional={"within": st.sampled_from(Period)})
    by_range = st.fixed_dictionaries({}, optional={"attached_between": ranges(), "detached_between": ranges()})
    status = st.fixed_dictionaries({}, optional={"audience": st.sampled_from(AudienceStatus)})
    return st.builds(lambda who, how: {**who, **how}, status, by_period | by_range)


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """Make drafts with any part missing, as the command can say them and the form can show them."""
    platforms = st.just((EVERY_PLATFORM,)) | st.lists(st.sampled_from([*Platform]), unique=True).map(
        lambda chosen: tuple(platform.value for platform in chosen)
    )
    written = draw(extras())
    rest = draw(st.fixed_dictionaries({}, optional={
        "target": lines(),
        "template": lines(),
        "values": st.dictionaries(placeholder_names(), st.text(max_size=30), max_size=3),
        "platforms": platforms,
        "expires": st.integers(1, LONGEST),
        "task": lines(),
    }))  # fmt: skip
    texts = {name: write_extra(name, value) for name, value in written.items()}
    return Draft.model_validate({**rest, **draw(_deliveries()), **draw(_audiences()), "extras": texts})
