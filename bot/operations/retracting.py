"""Take back what mPaaS has: cancel scheduled legs, recall sent ones.

Unlike a push, both may be asked for again: recalling a task twice changes nothing more. What mPaaS confirms is written
down leg by leg; what it does not confirm stays, and the person is told to press again. A task that an earlier press has
cancelled, whose answer was lost, is refused by mPaaS the second time; then its list of what waits is looked at.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.domain import sending
from bot.domain.calendar import FARTHEST_DAYS, next_occurrences
from bot.domain.content import Platform, RequestId
from bot.domain.delivery import Delivery, Now, Recurring, Scheduled
from bot.domain.lifecycle import too_late_sentence
from bot.domain.outcome import Accepted, Declined, NotSent, SendOutcome, Unknown
from bot.domain.request import BroadcastRequest, Leg, Step
from bot.domain.states import TRANSITIONS, Event, LegEvent, LegState
from bot.errors import IllegalTransition, Problem, Refused
from bot.mpaas.client import PushClient
from bot.mpaas.readings import NOT_CANCELLED
from bot.mpaas.results import ReadFailed
from bot.operations.context import Context, change
from bot.operations.deciding import check_can_take_back

Outcomes = dict[Platform, SendOutcome]

LISTED_WITHIN = timedelta(minutes=2)
"""What mPaaS took so long ago is on its list of what waits, if it waits (our choice; no page says how long that is)."""


def cancel(context: Context, request_id: RequestId, user_id: str, *, team_id: str) -> BroadcastRequest:
    """Cancel the legs that mPaaS keeps for later; raise Refused, with what mPaaS said, when it did not confirm all."""
    return _retract(context, request_id, user_id, team_id=team_id, event=LegEvent.CANCEL, call=_cancel)


def recall(context: Context, request_id: RequestId, user_id: str, *, team_id: str) -> BroadcastRequest:
    """Recall the legs that went out; raise Refused, with what mPaaS said, when it did not confirm all."""
    return _retract(context, request_id, user_id, team_id=team_id, event=LegEvent.RECALL, call=_recall)


def _retract(
    context: Context,
    request_id: RequestId,
    user_id: str,
    *,
    team_id: str,
    event: LegEvent,
    call: Callable[[PushClient, BroadcastRequest, Sequence[Leg], datetime], Outcomes],
) -> BroadcastRequest:
    request = context.store.get(request_id)
    check_can_take_back(context, request, user_id, team_id=team_id)
    if Event(event.value) not in TRANSITIONS[request.state]:
        raise IllegalTransition(request.state, event, too_late_sentence(request))
    legs = [leg for leg in request.legs if leg.state is LegState.ACCEPTED]
    client = context.quick_clients[request.content.destination.target]
    outcomes = call(client, request, legs, context.store.now())
    done = tuple(platform for platform, outcome in outcomes.items() if isinstance(outcome, Accepted))
    if done:
        request = _write_down(context, request_id, done, event=event, by=user_id)
    failed = {platform: outcome for platform, outcome in outcomes.items() if not isinstance(outcome, Accepted)}
    if failed:
        said = "; ".join(f"{platform}: {sending.describe(outcome)}" for platform, outcome in failed.items())
        raise Refused(
            Problem("", "not_confirmed", f"mPaaS did not confirm it for every platform ({said}). Press again.")
        )
    return request


def _write_down(
    context: Context, request_id: RequestId, platforms: tuple[Platform, ...], *, event: LegEvent, by: str
) -> BroadcastRequest:
    def decide(request: BroadcastRequest) -> Step:
        return sending.retract(request, platforms, event=event, by=by, now=context.store.now())

    return change(context, request_id, decide)[1]


def _cancel(client: PushClient, request: BroadcastRequest, legs: Sequence[Leg], now: datetime) -> Outcomes:
    outcomes = client.cancel_scheduled([task_id for leg in legs if (task_id := _task_id(leg))])
    nameless = NotSent(why="its task id is not known, so it has to be cancelled in the mPaaS console")
    found: Outcomes = {}
    for leg in legs:
        outcome = found[leg.platform] = outcomes.get(_task_id(leg), nameless)
        refused = isinstance(outcome, Declined) and outcome.code == NOT_CANCELLED
        if refused and _was_cancelled(client, request, leg, now):
            found[leg.platform] = Accepted(task_id=_task_id(leg))
    return found


def _was_cancelled(client: PushClient, request: BroadcastRequest, leg: Leg, now: datetime) -> bool:
    """Tell whether a task that mPaaS refuses to cancel was cancelled before: its time is to come, and it does not wait.

    False when that cannot be said: the task is too new to be listed for certain, or mPaaS shows no list.
    """
    times = _to_come(request.content.delivery, after=now + LISTED_WITHIN)
    if not times or leg.attempted_at is None or now - leg.attempted_at < LISTED_WITHIN:
        return False
    try:
        waiting = client.scheduled_tasks(now, times[-1] + timedelta(days=1), unique_id=_task_id(leg))
    except ReadFailed:
        return False
    return not any(_task_id(leg) in {task.unique_id, task.parent_id} for task in waiting)


def _to_come(delivery: Delivery, *, after: datetime) -> list[datetime]:
    """List the times at which something is still to go out."""
    match delivery:
        case Scheduled(at=at):
            return [at] if at > after else []
        case Recurring():
            return next_occurrences(delivery, after=after, count=FARTHEST_DAYS)
        case Now():
            return []


def _recall(client: PushClient, request: BroadcastRequest, legs: Sequence[Leg], _: datetime) -> Outcomes:
    """Recall leg by leg; an mPaaS that did not answer for one is not asked for the next, because somebody waits."""
    outcomes: Outcomes = {leg.platform: NotSent(why="not tried, since mPaaS does not answer") for leg in legs}
    for leg in legs:
        try:
            outcomes[leg.platform] = _recall_leg(client, request, leg)
        except ReadFailed as failure:
            outcomes[leg.platform] = NotSent(why=f"mPaaS did not show its tasks: {failure}")
            break
        if isinstance(outcomes[leg.platform], Unknown):
            break
    return outcomes


def _recall_leg(client: PushClient, request: BroadcastRequest, leg: Leg) -> SendOutcome:
    """Recall one leg. An immediate push gets no id in its answer, so mPaaS is asked for it by the task's name."""
    if task_id := _task_id(leg):
        return client.revoke(task_id)
    tasks = client.tasks_named(leg.task_name, since=request.created_at).tasks
    named = [task.task_id for task in tasks if task.task_name == leg.task_name]
    return client.revoke(named[0]) if named else NotSent(why=f"mPaaS does not list the task {leg.task_name} yet")


def _task_id(leg: Leg) -> str:
    return leg.outcome.task_id if isinstance(leg.outcome, Accepted) else ""
