"""Hypothesis strategies for what people say and decide on.

Times are ahead of ``NOW``; every draft is one that can be said, every content one that can be sent.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any, TypeVar

from hypothesis import assume
from hypothesis import strategies as st

from bot.domain.calendar import FARTHEST_DAYS, check_delivery, today_in_shanghai
from bot.domain.content import (
    Audience,
    AudienceStatus,
    Content,
    Destination,
    Environment,
    Period,
    Platform,
    Template,
    TimeRange,
)
from bot.domain.delivery import Cycle, Delivery, Now, Recurring, Scheduled
from bot.domain.draft import EVERY_PLATFORM, Draft, Moments
from bot.domain.durations import LONGEST
from bot.domain.extras import EXTRAS, Kind, check_extras, write_extra
from bot.errors import Refused
from bot.views.plain_text import plain_text
from bot.views.texts import escape

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


def pass_through_values() -> st.SearchStrategy[Any]:
    """Make what a pass-through body can hold: nothing that dotted names would lose or confuse."""
    leaves = st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e9, 1e9) | st.text(max_size=8)
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, min_size=1, max_size=3) | pass_through_objects(inner),
        max_leaves=5,
    )


def pass_through_objects(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    keys = st.text(st.characters(exclude_characters=".", exclude_categories=["Cs"]), min_size=1, max_size=4)
    return st.dictionaries(keys, inner, min_size=1, max_size=2)


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
        bodies = pass_through_objects(pass_through_values())
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
    draft = Draft.model_validate({**rest, **draw(_deliveries()), **draw(_audiences()), "extras": texts})
    said = [draft.target, draft.template, draft.task, *draft.values.values(), *texts.values()]
    assume(all(plain_text(escape(text)) == text for text in said))  # an emoji's code can't be said as mere text
    return draft


def templates() -> st.SearchStrategy[Template]:
    """Make templates of every kind, with the placeholders that stand in their texts."""

    def template(name: str, title: str, variables: list[str], uri: str, *, silent: bool) -> Template:
        body = " ".join(["Hello", *(f"#{each}#" for each in variables)])
        return Template(name=name, title=title, body=body, uri=uri, variables=tuple(variables), silent=silent)

    return st.builds(
        template,
        st.from_regex(r"[\w\u4e00-\u4eff]{1,12}", fullmatch=True),
        lines(20).filter(lambda title: "#" not in title),
        st.lists(placeholder_names(), unique=True, max_size=3),
        st.sampled_from(["", "https://shop.example/a?b=c"]),
        silent=st.booleans(),
    )


def deliveries(now: datetime) -> st.SearchStrategy[Delivery]:
    """Make every kind of delivery, ahead of ``now`` by at least a day, so that it stays ahead while a test runs."""
    today = today_in_shanghai(now)
    days = st.integers(1, FARTHEST_DAYS - 1).map(lambda ahead: today + timedelta(days=ahead))
    spans = st.tuples(days, days).map(sorted)
    times = st.builds(time, st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
    recurring = st.builds(
        lambda cycle, span, at: Recurring(cycle=cycle[0], on=cycle[1], first=span[0], last=span[1], time=at),
        days_of_cycles(), spans, times,
    ).filter(lambda calendar: not check_delivery(calendar, now=now + timedelta(days=1)))  # fmt: skip
    scheduled = st.builds(Scheduled, at=moments(now + timedelta(days=1), now + timedelta(days=2000)))
    return st.just(Now()) | scheduled | recurring


def audiences() -> st.SearchStrategy[Audience]:
    """Make every audience that can be built: a period, or the ranges of the status."""
    spans = ranges().map(lambda range_: TimeRange(start=range_.start, end=range_.end))
    named = {"attached_between": spans, "detached_between": spans}
    wanted = {
        AudienceStatus.ATTACHED: ["attached_between"],
        AudienceStatus.DETACHED: ["detached_between"],
        AudienceStatus.ALL: ["attached_between", "detached_between"],
    }
    by_range = [
        st.builds(Audience, status=st.just(status), **{name: named[name] for name in names})
        for status, names in wanted.items()
    ]
    return st.one_of(
        st.builds(Audience, status=st.sampled_from(AudienceStatus), within=st.sampled_from(Period)), *by_range
    )


@st.composite
def contents(draw: st.DrawFn, *, now: datetime = NOW, destination: Destination | None = None) -> Content:
    """Make whole, valid contents: every kind of delivery and audience, any parameters that go together."""
    template = draw(templates())
    values = st.text(min_size=1, max_size=12).filter(lambda text: bool(text.strip()))
    where = st.builds(
        Destination, target=lines(), environment=st.sampled_from(Environment), endpoint=st.just("mpaas.example"),
        app_id=lines(), workspace_id=lines(), tenant_id=st.just("") | lines(),
    )  # fmt: skip
    return Content(
        destination=destination or draw(where),
        template=template,
        values={name: draw(values) for name in template.variables},
        platforms=draw(
            st.sets(st.sampled_from(Platform), min_size=1).map(lambda some: tuple(p for p in Platform if p in some))
        ),
        audience=draw(audiences()),
        delivery=draw(deliveries(now)),
        expires=draw(st.integers(1, LONGEST)),
        task=draw(st.just("") | lines()),
        extras=draw(extras().filter(lambda some: not check_extras(some))),
    )
