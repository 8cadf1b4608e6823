"""What the reading calls of mPaaS bring: templates, tasks, scheduled tasks, and the answer to a cancellation. Pure.

Each ``read_…`` takes HTTP status and body, gives frozen values, and raises ReadFailed for everything else.
Field names are the vendor's (SDK 3.4.1 and help pages 2882067, 2871132), in this language's spelling.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated, NamedTuple, TypeVar

from pydantic import AliasChoices, AliasGenerator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel, to_pascal

from bot.domain.outcome import Accepted, Declined, NotSent, SendOutcome, Unknown
from bot.mpaas import results
from bot.mpaas.codes import HTTP_OK, Proof, find
from bot.mpaas.results import Envelope, ReadFailed, Unreadable

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

NOT_CANCELLED = "not_cancelled"
"""Our code for a task that mPaaS refused to cancel; it says no more than that."""


def _text(value: object) -> object:
    """Take null for empty and a number for its text: pages and SDK disagree about several types."""
    if value is None:
        return ""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _moment(value: object) -> object:
    """Read milliseconds since 1970, as number or text."""
    if value is None or value == "" or isinstance(value, datetime):
        return value or None
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("is no time in milliseconds")  # noqa: TRY004 - pydantic collects ValueError only
    try:
        return _EPOCH + timedelta(milliseconds=int(value))
    except OverflowError:
        raise ValueError("is no time in milliseconds") from None


_Text = Annotated[str, BeforeValidator(_text)]
_Moment = Annotated[datetime | None, BeforeValidator(_moment)]


class _Reading(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        validate_by_name=True,
        alias_generator=AliasGenerator(validation_alias=lambda name: AliasChoices(to_pascal(name), to_camel(name))),
    )


class Template(_Reading):
    """A push template as mPaaS keeps it; ``#name#`` in title, content and uri is a placeholder."""

    name: Annotated[_Text, Field(min_length=1)]
    id: _Text = ""
    title: _Text = ""
    content: _Text = ""
    uri: _Text = ""
    variables: _Text = ""
    desc_info: _Text = ""
    action: _Text = ""
    push_style: _Text = ""
    show_style: _Text = ""
    icon_urls: _Text = ""
    image_urls: _Text = ""
    gmt_create: _Text = ""
    gmt_modified: _Text = ""

    @property
    def placeholders(self) -> tuple[str, ...]:
        """Name the placeholders, in the vendor's order (``Variables`` is separated by commas)."""
        names = (name.strip() for name in self.variables.split(","))
        return tuple(dict.fromkeys(name for name in names if name))

    @property
    def is_silent(self) -> bool:
        """Tell whether devices show nothing: ``ShowStyle`` 1 (help page 2882067)."""
        return self.show_style == "1"


class PushTask(_Reading):
    """A task as QueryPushAnalysisTaskList lists it."""

    task_id: _Text = ""
    task_name: _Text = ""
    template_id: _Text = ""
    template_name: _Text = ""
    type: int | None = None
    gmt_create: _Moment = None


class ScheduledTask(_Reading):
    """A scheduled push, or one day of a recurring one, as QueryPushSchedulerList lists it (help page 2871132)."""

    unique_id: Annotated[_Text, Field(min_length=1)]
    parent_id: _Text = ""
    push_time: _Moment = None
    push_title: _Text = ""
    push_content: _Text = ""
    type: int | None = None
    delivery_type: int | None = None
    strategy_type: int | None = None
    executed_status: _Text = ""
    """"0" is "not executed", the only value the page explains."""
    create_type: int | None = None
    gmt_create: _Moment = None


class TemplatePage(NamedTuple):
    """One page of templates, and how many mPaaS says there are in all."""

    templates: tuple[Template, ...]
    total: int | None


class SchedulerPage(NamedTuple):
    """One page of scheduled tasks, and how many mPaaS says there are in all."""

    tasks: tuple[ScheduledTask, ...]
    total: int | None


_Model = TypeVar("_Model", bound=_Reading)


def read_templates(status: int, body: bytes) -> TemplatePage:
    """Read an answer of ListTemplatePage."""
    document = _successful(status, body).document
    templates = _models(Template, _list(_get(document, "Data")))
    return TemplatePage(templates, _count(_get(document, "TotalSize")))


def read_template(status: int, body: bytes) -> Template:
    """Read an answer of GetTemplate."""
    return _models(Template, [_get(_successful(status, body).document, "Data")])[0]


def read_tasks(status: int, body: bytes) -> tuple[PushTask, ...]:
    """Read an answer of QueryPushAnalysisTaskList: items and the items nested in them, side by side.

    Which of the two levels mPaaS fills is not documented; an item without id and name only groups others.
    """
    outer = _list(_get(_content(status, body), "Data"))
    inner = [item for group in outer if isinstance(group, dict) for item in _list(_get(group, "List"))]
    tasks = _models(PushTask, [*outer, *inner])
    return tuple(dict.fromkeys(task for task in tasks if task.task_id or task.task_name))


def read_scheduled(status: int, body: bytes) -> SchedulerPage:
    """Read an answer of QueryPushSchedulerList, whose ``ResultContent`` is an object or a JSON text."""
    data = _object(_get(_content(status, body), "Data"))
    return SchedulerPage(_models(ScheduledTask, _list(_get(data, "List"))), _count(_get(data, "TotalCount")))


def read_cancellation(status: int, body: bytes, unique_ids: Iterable[str]) -> dict[str, SendOutcome]:
    """Say for each id what became of its cancellation (CancelPushScheduler); never raises.

    ``ResultContent`` is remembered, not documented, to map an id to "1" (done) or "0" (not done): anything else
    leaves that id unknown, and the list of scheduled tasks tells.
    """
    whole = results.classify(status, body)
    try:
        said = _content(status, body)
    except ReadFailed as failure:
        proven = isinstance(whole, Declined | NotSent)
        return dict.fromkeys(unique_ids, whole if proven else Unknown(why=failure.sentence))
    return {unique_id: _cancelled(unique_id, said.get(unique_id)) for unique_id in unique_ids}


def _cancelled(unique_id: str, said: object) -> SendOutcome:
    if said in ("1", 1) and said is not True:
        return Accepted(task_id=unique_id)
    if said in ("0", 0) and said is not False:
        return Declined(code=NOT_CANCELLED, message="mPaaS did not cancel it: it may be running or done already.")
    return Unknown(why="mPaaS did not say whether it cancelled this task; the list of scheduled tasks tells.")


def _content(status: int, body: bytes) -> dict[str, object]:
    return _object(_get(_successful(status, body).document, "ResultContent"))


def _successful(status: int, body: bytes) -> Envelope:
    """Open an answer that says it worked: HTTP 200, a code of success, and no flag against it."""
    try:
        envelope = results.open_envelope(body)
    except Unreadable as why:
        code = "unreadable" if status == HTTP_OK else f"http_{status}"
        raise ReadFailed(code, f"mPaaS answered HTTP {status}, but {why}.") from None
    row = find(envelope.code)
    if status == HTTP_OK and envelope.success is not False and row is not None and row.proof is Proof.ACCEPTED:
        return envelope
    raise ReadFailed(envelope.code or f"http_{status}", _failure(status, envelope))


def _failure(status: int, envelope: Envelope) -> str:
    row = find(envelope.code)
    if row is not None and row.proof is not Proof.NOTHING:  # the hints of those speak of a push that may have gone out
        return f"mPaaS refused: {results.described(envelope)}"
    return f"mPaaS answered HTTP {status} with {envelope.code or 'no code'}: {envelope.message or 'no reason given'}."


def _get(document: dict[str, object], name: str) -> object:
    try:
        return results.get(document, name)
    except Unreadable:
        raise _unreadable() from None


def _object(found: object) -> dict[str, object]:
    """Take an object, or the JSON text of one; nothing is an empty one."""
    if isinstance(found, str) and found:
        try:
            return results.parse_object(found)
        except Unreadable:
            raise _unreadable() from None
    if found in (None, ""):
        return {}
    if not isinstance(found, dict):
        raise _unreadable()
    return found


def _list(found: object) -> list[object]:
    if found is not None and not isinstance(found, list):
        raise _unreadable()
    return found or []


def _count(found: object) -> int | None:
    if found is None or (isinstance(found, int) and not isinstance(found, bool) and found >= 0):
        return found
    raise _unreadable()


def _models(model: type[_Model], items: Iterable[object]) -> tuple[_Model, ...]:
    try:
        return tuple(model.model_validate(item) for item in items)
    except ValidationError:
        raise _unreadable() from None


def _unreadable() -> ReadFailed:
    return ReadFailed("unreadable", "mPaaS answered, but not in the form its pages describe.")
