"""From a draft to content and back: everything that is missing or wrong is said at once, each with its field.

The rules themselves are validators of ``content``, rows of ``extras`` and ``calendar``; here a person's words are put
into their shapes, and every refusal is gathered.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.domain.calendar import check_delivery
from bot.domain.content import LONGEST_TASK, Audience, Content, Platform, Template, TimeRange
from bot.domain.delivery import Delivery, Now, Recurring, Scheduled
from bot.domain.draft import DEFAULT_EXPIRES, EVERY_PLATFORM, Draft, Moments
from bot.domain.durations import LONGEST
from bot.domain.extras import check_extras, parse_extra, write_extra
from bot.domain.target import Target
from bot.errors import Problem, Refused

T = TypeVar("T")

_FIELD_OF = {
    "platforms_missing": "platforms",
    "platforms_repeated": "platforms",
    "values_missing": "values",
    "values_unknown": "values",
    "template_empty": "template",
    "audience_period_missing": "within",
    "audience_twice": "within",
    "audience_range_mismatch": "audience",
    "days_missing": "on",
    "days_with_daily": "on",
    "days_out_of_range": "on",
    "days_repeated": "on",
    "last_before_first": "last",
    "time_not_plain": "time",
    "at_not_whole_seconds": "at",
}
"""Which field of the form a rule's sentence belongs under; a rule that is not here names its field itself."""

_MISSING = {
    "target": "Say which target the push is for.",
    "template": "Choose the template whose text the push shows.",
    "audience": "Say whom the push is for: attached, detached or all users.",
    "at": "Say when the push goes out.",
    "cycle": "Say how the push repeats: daily, weekly or monthly.",
    "time": "Say at what time of day the push goes out.",
    "first": "Say on which day the push starts.",
    "last": "Say on which day the push ends.",
}


def complete(draft: Draft, *, target: Target | None, template: Template | None, now: datetime) -> Content:
    """Turn a draft into content; raise Refused with every problem at once.

    ``target`` and ``template`` are what the draft's names stand for, None when they stand for nothing.
    """
    problems: list[Problem] = []
    audience = _gather(problems, lambda: _audience(draft))
    delivery = _gather(problems, lambda: _delivery(draft))
    if delivery is not None:
        problems.extend(check_delivery(delivery, now=now))
    extras = _extras(draft, problems)
    platforms = _gather(problems, lambda: _platforms(draft, target))
    problems.extend(_not_found(draft, target, template))
    problems.extend(_lengths(draft))
    if template is not None:
        problems.extend(_values(draft, template))
    if problems or target is None or template is None or audience is None or delivery is None or platforms is None:
        raise Refused(*problems)
    content = _gather(
        problems,
        lambda: Content(
            destination=target.destination,
            template=template,
            values=draft.values,
            platforms=platforms,
            audience=audience,
            delivery=delivery,
            expires=DEFAULT_EXPIRES if draft.expires is None else draft.expires,
            task=draft.task,
            extras=extras,
        ),
    )
    if content is None:
        raise Refused(*problems)
    return content


def _gather(problems: list[Problem], make: Callable[[], T]) -> T | None:
    """Make a value, or add what its rules say against it."""
    try:
        return make()
    except Refused as refused:
        problems.extend(refused.problems)
    except ValidationError as error:
        problems.extend(_problem(details) for details in error.errors(include_url=False))
    return None


def _problem(details: ErrorDetails) -> Problem:
    field = _FIELD_OF.get(details["type"], ".".join(str(part) for part in details["loc"][:1]))
    values = {name: str(value) for name, value in details.get("ctx", {}).items()}
    return Problem(field, details["type"], details["msg"], values)


def _missing(field: str) -> Problem:
    return Problem(field, f"{field}_missing", _MISSING[field])


def _not_found(draft: Draft, target: Target | None, template: Template | None) -> Iterable[Problem]:
    if not draft.target:
        yield _missing("target")
    elif target is None:
        yield Problem("target", "target_unknown", f"There is no target {draft.target!r} in broadcast.toml.")
    if not draft.template:
        yield _missing("template")
    elif template is None and target is not None:
        yield Problem("template", "template_unknown", f"mPaaS has no template {draft.template!r} for {target.name}.")


def _lengths(draft: Draft) -> Iterable[Problem]:
    if len(draft.task) > LONGEST_TASK:
        yield Problem("task", "task_too_long", f"The task's name may have at most {LONGEST_TASK} characters.")
    if draft.expires is not None and not 1 <= draft.expires <= LONGEST:
        sentence = f"The validity must be at least 1 second and at most {LONGEST} seconds."
        yield Problem("expires", "expires_out_of_range", sentence)


def _values(draft: Draft, template: Template) -> Iterable[Problem]:
    for name in template.variables:
        if not draft.values.get(name, "").strip():
            yield Problem(f"values.{name}", "values_missing", f"The template needs a value for {name}.")
    yield from unknown_values(draft, template)


def unknown_values(draft: Draft, template: Template) -> Iterable[Problem]:
    """Say which values of a draft its template has no place for."""
    known = ", ".join(template.variables) or "none"
    for name in draft.values:
        if name not in template.variables:
            yield Problem("values", "values_unknown", f"The template has no placeholder {name!r}; it has: {known}.")


def _platforms(draft: Draft, target: Target | None) -> tuple[Platform, ...]:
    offered = target.platforms if target else tuple(Platform)
    named = [name for name in draft.platforms if name != EVERY_PLATFORM]
    wrong = [name for name in named if name not in offered]
    allowed = ", ".join(offered)
    if wrong:
        where = f" of {target.name}" if target else ""
        sentence = f"{', '.join(wrong)} is not a platform{where}; allowed are {allowed}."
        raise Refused(Problem("platforms", "platform_unknown", sentence))
    if not draft.platforms:
        sentence = f"Say which platforms the push is for: {allowed}, or all."
        raise Refused(Problem("platforms", "platforms_missing", sentence))
    return offered if EVERY_PLATFORM in draft.platforms else tuple(p for p in offered if p.value in named)


def _audience(draft: Draft) -> Audience:
    if draft.audience is None:
        raise Refused(_missing("audience"))
    return Audience(
        status=draft.audience,
        within=draft.within,
        attached_between=_range("attached_between", draft.attached_between),
        detached_between=_range("detached_between", draft.detached_between),
    )


def _range(field: str, moments: Moments | None) -> TimeRange | None:
    if moments is None:
        return None
    try:
        return TimeRange(start=moments.start, end=moments.end)
    except ValidationError as error:
        found = (_problem(details) for details in error.errors(include_url=False))
        raise Refused(*(replace(problem, field=field) for problem in found)) from None


def _delivery(draft: Draft) -> Delivery:
    if draft.when == "now":
        return Now()
    if draft.when == "scheduled":
        if draft.at is None:
            raise Refused(_missing("at"))
        return Scheduled(at=draft.at)
    cycle, time, first, last = draft.cycle, draft.time, draft.first, draft.last
    if cycle is None or time is None or first is None or last is None:
        said = {"cycle": cycle, "time": time, "first": first, "last": last}
        raise Refused(*(_missing(name) for name, value in said.items() if value is None))
    return Recurring(cycle=cycle, on=draft.on, time=time, first=first, last=last)


def _extras(draft: Draft, problems: list[Problem]) -> dict[str, Any]:
    parsed: dict[str, Any] = {}
    for name, text in draft.extras.items():
        value = _gather(problems, lambda name=name, text=text: parse_extra(name, text))  # type: ignore[misc]
        if value is not None:
            parsed[name] = value
    problems.extend(check_extras(parsed))
    return parsed


def draft_of(content: Content) -> Draft:
    """Say content as a draft again, to edit it or to ask for the like; past times stay, for the form to refuse."""
    draft = Draft(
        target=content.destination.target,
        template=content.template.name,
        values=content.values,
        platforms=tuple(platform.value for platform in content.platforms),
        expires=content.expires,
        audience=content.audience.status,
        within=content.audience.within,
        attached_between=_moments(content.audience.attached_between),
        detached_between=_moments(content.audience.detached_between),
        task=content.task,
        extras={name: write_extra(name, value) for name, value in content.extras.items()},
    )
    match content.delivery:
        case Now():
            return draft
        case Scheduled(at=at):
            return draft.model_copy(update={"when": "scheduled", "at": at})
        case Recurring() as calendar:
            said = {name: getattr(calendar, name) for name in ("cycle", "on", "time", "first", "last")}
            return draft.model_copy(update={"when": "recurring", **said})


def _moments(moments: TimeRange | None) -> Moments | None:
    return Moments(start=moments.start, end=moments.end) if moments else None
