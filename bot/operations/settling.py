"""Settle what became of a leg whose outcome is unknown, or that is held: a person's word, written down."""

from bot.domain import sending
from bot.domain.content import Platform, RequestId
from bot.domain.lifecycle import too_late_sentence
from bot.domain.request import BroadcastRequest, Step
from bot.domain.states import LegEvent
from bot.errors import IllegalTransition, Problem, Refused
from bot.operations import evidence
from bot.operations.context import Context, change
from bot.operations.deciding import check_button, check_can_settle


def settle(
    context: Context, request_id: RequestId, platform: Platform, *, sent: bool, by: str, team_id: str, task_id: str = ""
) -> BroadcastRequest:
    """Settle one leg on the word of somebody in Slack."""

    def decide(request: BroadcastRequest) -> Step:
        check_can_settle(context, request, by, team_id=team_id)
        return _settled(context, request, platform, sent=sent, by=by, task_id=task_id)

    return change(context, request_id, decide)[1]


def check_unsettled(request: BroadcastRequest) -> None:
    """Refuse to settle a request of which nothing is unsettled."""
    if not sending.unsettled(request):
        raise IllegalTransition(
            request.state, LegEvent.FIND_SENT, f"There is nothing to settle. {too_late_sentence(request)}"
        )


def record(
    context: Context, request_id: RequestId, platform: Platform, *, by: str, team_id: str, revision: int, digest: str
) -> BroadcastRequest:
    """Settle one leg as sent, with the one task that the bot found at mPaaS and wrote down; nobody says which it is.

    Raise Refused when nothing, or more than one task, is written down of the leg.
    """

    def decide(request: BroadcastRequest) -> Step:
        check_can_settle(context, request, by, team_id=team_id)
        _check_unsettled_leg(request, platform, LegEvent.FIND_SENT)
        check_button(request, revision=revision, digest=digest)
        found = request.leg(platform).evidence
        if found is None or not found.task_id:
            raise Refused(Problem("", "not_one_task", _NOT_ONE_TASK))
        evidence.check_is_nobody_elses(context, request, found)
        return sending.settle(request, platform, sent=True, by=by, now=context.store.now(), task_id=found.task_id)

    return change(context, request_id, decide)[1]


_NOT_ONE_TASK = (
    "mPaaS does not list exactly one task for it, so nothing was recorded. Press Settle and say what you found."
)


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
    _check_unsettled_leg(request, platform, LegEvent.FIND_SENT if sent else LegEvent.FIND_UNSENT)
    return sending.settle(request, platform, sent=sent, by=by, now=context.store.now(), task_id=task_id)


def _check_unsettled_leg(request: BroadcastRequest, platform: Platform, event: LegEvent) -> None:
    """Refuse to settle a leg that the request does not have, or whose outcome is known; say who settled it before."""
    leg = next((leg for leg in request.legs if leg.platform is platform), None)
    if leg is None:
        named = ", ".join(leg.platform for leg in request.legs)
        raise Refused(Problem("platform", "no_such_leg", f"This request has no leg for {platform}; it has {named}."))
    if leg not in sending.unsettled(request):
        by = f": {_name(leg.settled_by)} did it already" if leg.settled_by else ""
        sentence = f"There is nothing to settle for {platform}{by}. {too_late_sentence(request)}"
        raise IllegalTransition(request.state, event, sentence)


def _name(person: str) -> str:
    return f"<@{person}>" if person[:1] in {"U", "W"} else person
