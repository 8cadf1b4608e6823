"""Settle what became of a leg whose outcome is unknown, or that is held: a person's word, written down."""

from datetime import UTC

from bot.domain import sending
from bot.domain.content import Platform, RequestId
from bot.domain.lifecycle import too_late_sentence
from bot.domain.request import BroadcastRequest, Leg, Step
from bot.domain.states import LegEvent
from bot.errors import IllegalTransition, Problem, Refused
from bot.mpaas.results import ReadFailed
from bot.operations.context import Context, change
from bot.operations.deciding import check_can_take_back


def settle(
    context: Context, request_id: RequestId, platform: Platform, *, sent: bool, by: str, team_id: str, task_id: str = ""
) -> BroadcastRequest:
    """Settle one leg on the word of somebody in Slack."""

    def decide(request: BroadcastRequest) -> Step:
        check_can_take_back(context, request, by, team_id=team_id)
        return _settled(context, request, platform, sent=sent, by=by, task_id=task_id)

    return change(context, request_id, decide)[1]


def check_unsettled(request: BroadcastRequest) -> None:
    """Refuse to settle a request of which nothing is unsettled."""
    if not sending.unsettled(request):
        raise IllegalTransition(
            request.state, LegEvent.FIND_SENT, f"There is nothing to settle. {too_late_sentence(request)}"
        )


def evidence(context: Context, request: BroadcastRequest) -> dict[Platform, str]:
    """Say, for each unsettled leg, what mPaaS lists under its task's name right now, or that it did not answer.

    An mPaaS that did not answer once is not asked again: somebody waits, and Slack for 3 seconds only.
    """
    client = context.quick_clients[request.content.destination.target]
    legs = sending.unsettled(request)
    found: dict[Platform, str] = {}
    for leg in legs:
        try:
            tasks = client.tasks_named(leg.task_name, since=request.created_at).tasks
        except ReadFailed as failure:
            return dict.fromkeys((leg.platform for leg in legs), f"mPaaS could not be asked: {failure}") | found
        ids = [task.task_id for task in tasks if task.task_name == leg.task_name]
        found[leg.platform] = _finding(ids, leg)
    return found


def _finding(task_ids: list[str], leg: Leg) -> str:
    if task_ids:
        return f"mPaaS lists a task of this name: {', '.join(task_ids)}. It went out."
    if leg.attempted_at is None:
        return "mPaaS lists no task of this name."
    until = (leg.attempted_at + sending.SIGNATURE_LIVES).astimezone(UTC)
    return f"mPaaS lists no task of this name; that proves nothing before {until:%H:%M} UTC."


def settle_as_operator(
    context: Context, request_id: RequestId, platform: Platform, *, sent: bool, operator: str, task_id: str = ""
) -> BroadcastRequest:
    """Settle one leg on the word of an operator at the command line; the operating system vouches for them."""
    return change(
        context,
        request_id,
        lambda request: _settled(context, request, platform, sent=sent, by=f"operator:{operator}", task_id=task_id),
    )[1]


def _settled(
    context: Context, request: BroadcastRequest, platform: Platform, *, sent: bool, by: str, task_id: str
) -> Step:
    if all(leg.platform is not platform for leg in request.legs):
        named = ", ".join(leg.platform for leg in request.legs)
        raise Refused(Problem("platform", "no_such_leg", f"This request has no leg for {platform}; it has {named}."))
    if all(leg.platform is not platform for leg in sending.unsettled(request)):
        raise IllegalTransition(
            request.state,
            LegEvent.FIND_SENT if sent else LegEvent.FIND_UNSENT,
            f"There is nothing to settle for {platform}. {too_late_sentence(request)}",
        )
    return sending.settle(request, platform, sent=sent, by=by, now=context.store.now(), task_id=task_id)
