"""Look, read-only, at what mPaaS shows of legs whose outcome is unknown, or that are held.

One function for the worker, which writes the evidence down, and for the dialog, in which somebody waits for it. An
immediate push is looked for by its task's name. mPaaS lists a later one under its name only once it has run; until
then it stands in the calendar (QueryPushSchedulerList), which shows no names, so there it is told by what it does show.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from bot.domain import sending
from bot.domain.calendar import next_occurrences
from bot.domain.content import Platform
from bot.domain.delivery import Delivery, Recurring, Scheduled
from bot.domain.evidence import Evidence, is_news, looked
from bot.domain.outcome import Accepted
from bot.domain.preview import substitute
from bot.domain.request import BroadcastRequest, Leg
from bot.domain.states import State
from bot.errors import Problem, Refused
from bot.mpaas.client import PushClient
from bot.mpaas.payload import DELIVERY_TYPE
from bot.mpaas.readings import ScheduledTask
from bot.mpaas.results import ReadFailed
from bot.operations.context import Context

CLOCKS_APART = timedelta(minutes=2)
"""How far mPaaS's clock may be from the store's."""

MOST_KEPT = 500
"""Requests looked through for those that have a task already; mPaaS keeps 100 at a time (PushBroadcast's page)."""

_STRATEGY = {"scheduled": 1, "recurring": 2}
"""StrategyType (help page 2871132)."""

Found = Mapping[Platform, Evidence]


def gather(
    context: Context, request: BroadcastRequest, clients: Mapping[str, PushClient], *, now: datetime
) -> dict[Platform, Evidence]:
    """Look for each unsettled leg, and add what mPaaS shows to what is known.

    An mPaaS that did not answer once is not asked again: somebody waits, or other requests do.
    """
    name = request.content.destination.target
    client = clients.get(name)
    failure = "" if client else f"There is no target {name!r} in broadcast.toml any more."
    found: dict[Platform, Evidence] = {}
    for leg in sending.unsettled(request):
        task_ids: tuple[str, ...] = ()
        in_calendar = False
        if client and not failure:
            try:
                task_ids, in_calendar = _shown(context, client, request, leg, now)
            except ReadFailed as error:
                failure = str(error)
        found[leg.platform] = looked(
            leg.evidence,
            now=now,
            dies=sending.signature_dies(leg, now=now),
            task_ids=task_ids,
            in_calendar=in_calendar,
            failure=failure,
        )
    return found


def tells_nothing_new(request: BroadcastRequest, found: Found) -> bool:
    """Tell whether a look is not worth a line of history and a new card."""
    return not any(
        is_news(leg.evidence, found[leg.platform], dies=sending.signature_dies(leg, now=found[leg.platform].since))
        for leg in sending.unsettled(request)
    )


def next_look(request: BroadcastRequest, found: Found) -> datetime | None:
    """Say when to look again after this look; None: never."""
    legs = [leg.model_copy(update={"evidence": found[leg.platform]}) for leg in sending.unsettled(request)]
    return sending.next_look_at(legs, now=request.created_at)


def check_is_nobody_elses(context: Context, request: BroadcastRequest, found: Evidence) -> None:
    """Refuse a task of the calendar that another request has been given meanwhile: its name can't tell them apart."""
    if found.in_calendar and found.task_id in _given(context, request):
        sentence = f"Task {found.task_id} is recorded for another request, so nothing was recorded. Look again."
        raise Refused(Problem("", "task_of_another", sentence))


def _shown(
    context: Context, client: PushClient, request: BroadcastRequest, leg: Leg, now: datetime
) -> tuple[tuple[str, ...], bool]:
    """Name the tasks of a leg, and tell whether they stand in the calendar."""
    if kept := _in_calendar(context, client, request, leg, now):
        return kept, True
    tasks = client.tasks_named(leg.task_name, since=request.created_at).tasks
    return _once(task.task_id for task in tasks if task.task_name == leg.task_name), False


def _in_calendar(
    context: Context, client: PushClient, request: BroadcastRequest, leg: Leg, now: datetime
) -> tuple[str, ...]:
    due = _next_run(request.content.delivery, now)
    if due is None:
        return ()
    rows = client.scheduled_tasks(due - CLOCKS_APART, due + CLOCKS_APART)
    kept = _once(row.parent_id or row.unique_id for row in rows if row.push_time == due and _fits(row, request, leg))
    given = _given(context, request) if kept else frozenset()
    return tuple(task_id for task_id in kept if task_id not in given)


def _next_run(delivery: Delivery, now: datetime) -> datetime | None:
    """Say when the push is to run, the moment at which the calendar is looked at; None: at once, or never again."""
    if isinstance(delivery, Scheduled):
        return delivery.at
    ahead = next_occurrences(delivery, after=now, count=1) if isinstance(delivery, Recurring) else []
    return ahead[0] if ahead else None


def _fits(row: ScheduledTask, request: BroadcastRequest, leg: Leg) -> bool:
    """Tell whether a row is of this platform, kind and text, and was made when this leg could have been taken."""
    content = request.content
    text = substitute(content.template, content.values)
    begun = leg.attempted_at or request.approved_at or request.created_at
    made = row.gmt_create or begun
    return (
        row.delivery_type == DELIVERY_TYPE[leg.platform]
        and row.strategy_type == _STRATEGY.get(content.delivery.kind)
        # Whether titles are shown with their values put in is not documented.
        and row.push_title in {"", text.title, content.template.title}
        and row.push_content in {"", text.body, content.template.body}
        and begun - CLOCKS_APART <= made
        and (leg.attempted_at is None or made <= leg.attempted_at + sending.SIGNATURE_LIVES)
    )


def _given(context: Context, request: BroadcastRequest) -> frozenset[str]:
    """Name the tasks that are written down as those of other requests."""
    states = (State.SENDING, State.SCHEDULED, State.PARTLY_SENT, State.OUTCOME_UNKNOWN, State.HELD)
    others = context.store.list_requests(states=states, limit=MOST_KEPT)
    return frozenset(_tasks_of(other for other in others if other.id != request.id))


def _tasks_of(requests: Iterable[BroadcastRequest]) -> Iterator[str]:
    for request in requests:
        yield from (leg.outcome.task_id for leg in request.legs if isinstance(leg.outcome, Accepted))


def _once(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))
