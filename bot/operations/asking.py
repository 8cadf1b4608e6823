"""Ask for a push: read templates, turn a draft into content, submit it, edit it."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain import lifecycle
from bot.domain.content import ChannelId, Content, RequestId, Template, UserId
from bot.domain.digest import digest_of
from bot.domain.draft import Draft
from bot.domain.drafting import complete
from bot.domain.lifecycle import too_late_sentence
from bot.domain.limits import check_room
from bot.domain.policy import Decision, Person, may_request, may_revise
from bot.domain.request import BroadcastRequest, Step, leg_names
from bot.domain.states import TRANSITIONS, Event, State
from bot.domain.target import Target
from bot.errors import Conflict, IllegalTransition, Problem, Refused, UnknownRequest
from bot.mpaas.payload import parameters
from bot.mpaas.results import ReadFailed
from bot.operations import templates
from bot.operations.context import Context, change
from bot.operations.people import groups_needed


@dataclass(frozen=True)
class Ready:
    """A draft that is complete: its content and what the approval will be bound to."""

    content: Content
    digest: str
    target: Target


def requester(context: Context, user_id: str, *, team_id: str) -> Person:
    """Describe somebody who wants to ask, with the groups of all targets' requesters."""
    groups = groups_needed(user_id, *(target.requesters for target in context.targets.values()))
    return context.directory.person(user_id, team_id=team_id, groups=groups)


def targets_for(context: Context, person: Person) -> list[Target]:
    """List the targets the person may ask for; raise Refused, with the reason, when there is none."""
    decisions: list[Decision] = []
    allowed: list[Target] = []
    for target in context.targets.values():
        decision = may_request(person, target, team_id=context.team_id)
        decisions.append(decision)
        if decision.allowed:
            allowed.append(target)
    if not allowed:
        decisions[0].insist()
    return allowed


def template_names(context: Context, target_name: str) -> list[str]:
    """Read the names of the target's templates from mPaaS; raise Refused when it does not answer in time."""
    return templates.names(context.quick_clients[context.target(target_name).name])


def template(context: Context, target_name: str, name: str) -> Template | None:
    """Read one template from mPaaS, None when there is none; raise Refused when mPaaS does not answer in time."""
    if not name or target_name not in context.targets:
        return None
    try:
        return templates.read(context.quick_clients[target_name], name)
    except ReadFailed as failure:
        raise templates.unread(failure) from failure


def prepare(
    context: Context, draft: Draft, *, template: Template | None, request_id: RequestId, revision: int, now: datetime
) -> Ready:
    """Complete a draft with its template as it was read (None: there is none); raise Refused with every problem."""
    target = context.targets.get(draft.target)
    content = complete(draft, target=target, template=template, now=now)
    return Ready(content, _digest(content, request_id, revision), context.target(draft.target))


def _digest(content: Content, request_id: RequestId, revision: int) -> str:
    legs = {}
    for platform in content.platforms:
        names = leg_names(request_id, revision, platform, task=content.task or content.template.name)
        legs[platform] = parameters(content, platform, msgkey=names[0], task_name=names[1])
    return digest_of(request_id, revision, destination=content.destination, template=content.template, legs=legs)


def submit(
    context: Context, draft: Draft, *, request_id: RequestId, person: Person, channel: str, seen_digest: str
) -> BroadcastRequest:
    """Submit a new request; what was previewed must be what is submitted.

    Raise Refused: code ``already_submitted`` for a second submit of the same form, ``preview_outdated`` when the
    template changed since the preview, and every other rule's.
    """
    may_request(person, context.target(draft.target), team_id=context.team_id).insist()
    _check_room(context, UserId(person.id), request_id)
    now = context.store.now()
    ready = _as_seen(context, draft, request_id=request_id, revision=1, now=now, digest=seen_digest)
    step = lifecycle.submit(
        ready.content,
        request_id=request_id,
        requester=UserId(person.id),
        channel=ChannelId(channel),
        digest=ready.digest,
        target=ready.target,
        now=now,
    )
    try:
        return context.store.commit(step, commit_id=context.mint())
    except Conflict as conflict:
        raise Refused(
            Problem("", "already_submitted", f"This form was already submitted, as request {request_id}.")
        ) from conflict


def _check_room(context: Context, person: UserId, request_id: RequestId) -> None:
    """Refuse somebody of whom too many requests wait already; one that is stored already is not one more."""
    try:
        context.store.get(request_id)
    except UnknownRequest:
        waiting = context.store.count_requests(person, states=(State.PENDING_APPROVAL, State.CHANGES_REQUESTED))
        check_room(context.limits, waiting=waiting)


def revise(
    context: Context, draft: Draft, *, request_id: RequestId, person: Person, revision: int, seen_digest: str
) -> BroadcastRequest:
    """Submit an edited request as the next revision, without votes."""

    def decide(request: BroadcastRequest) -> Step:
        if request.revision + 1 != revision:
            raise Refused(
                Problem("", "already_submitted", "This edit was already submitted, or somebody edited since.")
            )
        target = context.target(draft.target)
        may_revise(person, request, target, team_id=context.team_id).insist()
        now = context.store.now()
        ready = _as_seen(context, draft, request_id=request_id, revision=revision, now=now, digest=seen_digest)
        return lifecycle.revise(request, ready.content, editor=person.id, digest=ready.digest, target=target, now=now)

    return change(context, request_id, decide)[1]


def check_can_revise(context: Context, request: BroadcastRequest, user_id: str, *, team_id: str) -> None:
    """Refuse somebody who may not edit the request, and a request that can no longer be edited."""
    person = requester(context, user_id, team_id=team_id)
    may_revise(person, request, context.target_of(request), team_id=context.team_id).insist()
    if Event.REVISE not in TRANSITIONS[request.state]:
        raise IllegalTransition(request.state, Event.REVISE, too_late_sentence(request))


def _as_seen(
    context: Context, draft: Draft, *, request_id: RequestId, revision: int, now: datetime, digest: str
) -> Ready:
    """Complete a draft with the template as mPaaS has it now; refuse it when that is not what was previewed."""
    read = template(context, draft.target, draft.template)
    ready = prepare(context, draft, template=read, request_id=request_id, revision=revision, now=now)
    if ready.digest != digest:
        raise Refused(Problem("", "preview_outdated", "The template changed since the preview. Check it once more."))
    return ready
