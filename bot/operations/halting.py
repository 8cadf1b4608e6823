"""Halt all sending and resume it. A halt works for everybody listed anywhere, because it can only make things safer."""

from datetime import timedelta

from bot.domain.policy import may_halt
from bot.operations.context import Context
from bot.operations.people import groups_in
from bot.store.switches import Halt


def halt(context: Context, user_id: str, *, team_id: str, why: str, lasting: timedelta | None) -> Halt:
    """Stop every claim from now on, for a time or until it is resumed; raise Refused for people who are not listed."""
    _check(context, user_id, team_id=team_id)
    now = context.store.now()
    return context.store.halt(user_id, why, until=None if lasting is None else now + lasting, at=now)


def resume(context: Context, user_id: str, *, team_id: str) -> Halt | None:
    """Let sending go on; return the halt that ended, None when there was none."""
    _check(context, user_id, team_id=team_id)
    return context.store.resume()


def _check(context: Context, user_id: str, *, team_id: str) -> None:
    targets = tuple(context.targets.values())
    names = frozenset[str]().union(*(target.requesters | target.approvers for target in targets))
    person = context.directory.person(user_id, team_id=team_id, groups=groups_in(names))
    may_halt(person, targets, team_id=context.team_id).insist()
