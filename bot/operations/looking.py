"""Look at requests without changing any: lists, details, the Home tab's shelves."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.content import Platform, RequestId
from bot.domain.outcome import Declined
from bot.domain.policy import Person, belongs, may_decide
from bot.domain.request import BroadcastRequest, HistoryLine
from bot.domain.states import SETTLED_STATES, State
from bot.errors import Refused
from bot.mpaas.payload import parameters_of
from bot.mpaas.results import hint
from bot.operations.context import Context
from bot.operations.people import groups_needed

OPEN = tuple(state for state in State if state not in SETTLED_STATES)
RECENT = 10
"""How many ended requests are shown."""

MOST = 50
"""How many open requests are looked at."""


@dataclass(frozen=True)
class Seen:
    """Everything about one request."""

    request: BroadcastRequest
    history: list[HistoryLine]
    wire: Mapping[Platform, Mapping[str, str]]
    hints: Mapping[str, str]


@dataclass(frozen=True)
class Shelves:
    """What somebody's Home tab shows."""

    waiting: list[BroadcastRequest]
    mine: list[BroadcastRequest]
    scheduled: list[BroadcastRequest]
    recent: list[BroadcastRequest]


def check_member(context: Context, user_id: str, *, team_id: str) -> None:
    """Let only full members of the team look."""
    person = context.directory.person(user_id, team_id=team_id, groups=())
    belongs(person, team_id=context.team_id).insist()


def open_requests(context: Context) -> list[BroadcastRequest]:
    """List what is under way, newest first."""
    return context.store.list_requests(states=OPEN, limit=MOST)


def scheduled(context: Context) -> list[BroadcastRequest]:
    """List what mPaaS keeps for later, newest first."""
    return context.store.list_requests(states=(State.SCHEDULED,), limit=MOST)


def look(context: Context, request_id: RequestId) -> Seen:
    """Gather everything about one request."""
    request = context.store.get(request_id)
    return Seen(
        request,
        context.store.history(request_id),
        {leg.platform: parameters_of(request, leg) for leg in request.legs},
        hints_of(request),
    )


def hints_of(request: BroadcastRequest) -> dict[str, str]:
    """Say, for each code with which mPaaS declined a leg, what to change."""
    codes = {leg.outcome.code for leg in request.legs if isinstance(leg.outcome, Declined)}
    return {code: hint(code) for code in codes}


def home_of(context: Context, user_id: str) -> Shelves:
    """Sort requests for somebody's Home tab; outsiders find empty shelves."""
    groups = groups_needed(user_id, *(target.approvers for target in context.targets.values()))
    try:
        person = context.directory.person(user_id, team_id="", groups=groups)
        belongs(person, team_id=context.team_id).insist()
    except Refused:
        return Shelves([], [], [], [])
    under_way = open_requests(context)
    return Shelves(
        waiting=[request for request in under_way if _waits_for(context, request, person)],
        mine=[request for request in under_way if request.requester == user_id],
        scheduled=scheduled(context),
        recent=context.store.list_requests(states=tuple(SETTLED_STATES), limit=RECENT),
    )


def _waits_for(context: Context, request: BroadcastRequest, person: Person) -> bool:
    """Tell whether the request waits for this person's decision."""
    target = context.targets.get(request.content.destination.target)
    if target is None or request.state is not State.PENDING_APPROVAL:
        return False
    if any(vote.approver == person.id for vote in request.votes):
        return False
    return may_decide(person, request, target, team_id=context.team_id).allowed
