"""Drafts that the form can hold: what a property of the form ranges over."""

from datetime import UTC, date, datetime, time, timedelta

from builders import a_template
from hypothesis import strategies as st

from bot.domain.content import AudienceStatus, Period, Template
from bot.domain.delivery import Cycle
from bot.domain.draft import Draft, Moments
from bot.domain.extras import EXTRAS

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
names = st.text("abc xyz.全é", min_size=1, max_size=12).filter(str.strip)
moments = st.datetimes(datetime(2002, 1, 1), datetime(2200, 1, 1)).map(  # noqa: DTZ001 - made aware in the next line
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)
spans = st.builds(
    lambda start, days: Moments(start=start, end=start + timedelta(days=days)), moments, st.integers(1, 9)
)
days = st.dates(date(2000, 1, 1), date(2200, 1, 1))
times = st.builds(time, st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))


@st.composite
def extras(draw: st.DrawFn) -> dict[str, str]:
    chosen = draw(st.sets(st.sampled_from(sorted(EXTRAS)), max_size=4))
    return {
        name: draw(
            st.sampled_from([str(choice.value) for choice in EXTRAS[name].choices]) if EXTRAS[name].choices else texts
        )
        for name in sorted(chosen)
    }


@st.composite
def days_of(draw: st.DrawFn) -> tuple[Cycle | None, tuple[int, ...]]:
    cycle = draw(st.none() | st.sampled_from(Cycle))
    highest = {None: 0, Cycle.DAILY: 0, Cycle.WEEKLY: 7, Cycle.MONTHLY: 31}[cycle]
    on = draw(st.sets(st.integers(1, highest), max_size=5)) if highest else set()
    return cycle, tuple(sorted(on))


@st.composite
def drafts(draw: st.DrawFn) -> tuple[Draft, Template | None]:
    """Draw a draft, and its template when one is chosen and could be read."""
    template = draw(
        st.none()
        | st.builds(lambda found: a_template(variables=tuple(found)), st.lists(names, unique=True, max_size=3))
    )
    known = st.sampled_from(template.variables) if template and template.variables else names
    values = {} if template and not template.variables else draw(st.dictionaries(known, texts, max_size=3))
    target = draw(st.sampled_from(["", "live", "test"]))
    offered = ["android", "ios", "harmonyos"] if target != "test" else ["android", "ios"]
    platforms = draw(st.sets(st.sampled_from(offered)))
    cycle, on = draw(days_of())
    draft = Draft(
        target=target,
        template=template.name if template else draw(st.just("") | names),
        values=values,
        platforms=tuple(name for name in offered if name in platforms),
        when=draw(st.sampled_from(["now", "scheduled", "recurring"])),
        at=draw(st.none() | moments),
        cycle=cycle,
        on=on,
        time=draw(st.none() | times),
        first=draw(st.none() | days),
        last=draw(st.none() | days),
        expires=draw(st.integers(1, 10_000_000)),
        audience=draw(st.none() | st.sampled_from(AudienceStatus)),
        within=draw(st.none() | st.sampled_from(Period)),
        attached_between=draw(st.none() | spans),
        detached_between=draw(st.none() | spans),
        task=draw(st.just("") | texts),
        extras=draw(extras()),
    )
    return draft, template
