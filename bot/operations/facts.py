"""Find out what the gates ask about, just before a claim: from the store, from Slack and, read-only, from mPaaS.

What cannot be found out stays empty; the gates (``bot.domain.gates``) know what that means.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.domain.content import Platform, Template
from bot.domain.digest import digest_of
from bot.domain.gates import Facts
from bot.domain.policy import Decision, may_decide
from bot.domain.request import BroadcastRequest, Leg
from bot.errors import Refused
from bot.mpaas.results import ReadFailed
from bot.operations import templates
from bot.operations.context import Context
from bot.operations.people import groups_needed

Wire = Mapping[Platform, Mapping[str, str]]
"""The parameters of every leg, as they will be sent."""


def gather(context: Context, request: BroadcastRequest, leg: Leg, *, wire: Wire, now: datetime) -> Facts:
    """Gather the facts for the claim of one leg; the digest is made again from ``wire``, which is what will be sent."""
    target = context.targets.get(request.content.destination.target)
    halt = context.store.halted()
    facts = Facts(
        now=now,
        halt=(halt.why or "no reason was given") if halt else "",
        target=target,
        digest=_digest(request, wire),
        voters=_voters(context, request) if target else (),
        broken_seal=_broken_seal(context, request),
    )
    return facts if target is None else _preflight(context, request, leg, facts)


def _digest(request: BroadcastRequest, wire: Wire) -> str:
    """Make the digest again from what is about to be put on the wire."""
    return digest_of(
        request.id,
        request.revision,
        destination=request.content.destination,
        template=request.content.template,
        legs=wire,
    )


def _broken_seal(context: Context, request: BroadcastRequest) -> str:
    """Say what was changed in the store outside the bot: a vote that nobody gave, or a record that is not the newest.

    The record's own seal was checked when it was loaded.
    """
    forged = [vote.approver for vote in request.votes if not context.store.sealer.vote_holds(request.id, vote)]
    if forged:
        named = " and ".join(f"<@{voter}>" for voter in forged)
        return f"A vote of {named} does not carry the bot's seal: it was put into the store outside the bot."
    return context.store.trail_complaint(request)


def _voters(context: Context, request: BroadcastRequest) -> tuple[tuple[str, Decision], ...]:
    target = context.target_of(request)
    voters = []
    for vote in request.votes:
        if vote.digest != request.digest or vote.revision != request.revision:
            continue
        try:
            groups = groups_needed(vote.approver, target.approvers)
            person = context.directory.person(vote.approver, team_id="", groups=groups, fresh=True)
            decision = may_decide(person, request, target, team_id=context.team_id)
        except Refused as refused:
            decision = Decision(allowed=False, code=refused.code, because=refused.sentence)
        voters.append((str(vote.approver), decision))
    return tuple(voters)


def _preflight(context: Context, request: BroadcastRequest, leg: Leg, facts: Facts) -> Facts:
    """Ask mPaaS, read-only, for the template as it is now, for tasks of this leg's name, and for its clock."""
    client = context.clients[request.content.destination.target]
    template: Template | None = None
    try:
        template = templates.read(client, request.content.template.name)
        reading = client.tasks_named(leg.task_name, since=request.created_at)
    except ReadFailed as failure:
        return replace(facts, template=template, preflight_failure=str(failure))
    machine = context.machine_now()
    gaps = [abs(machine - facts.now)] + ([abs(reading.server_date - machine)] if reading.server_date else [])
    return replace(
        facts,
        template=template,
        clock_gap=max(gaps) if reading.server_date else None,
        tasks_found=tuple(task.task_name for task in reading.tasks if task.task_name == leg.task_name),
    )
