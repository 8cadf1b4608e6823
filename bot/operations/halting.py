"""Halt all sending and resume it. A halt works for everybody listed anywhere, because it can only make things safer."""

from datetime import timedelta
from functools import partial

from bot.domain.policy import may_halt
from bot.errors import Problem, Refused
from bot.operations.context import Context
from bot.operations.people import Rule, groups_needed
from bot.store.switches import Halt

TAKEN = 15 * 60
"""Seconds for which a command is remembered: Slack's signature is good for five minutes on either side of its time."""


def halt(context: Context, user_id: str, *, team_id: str, why: str, lasting: timedelta | None, once: str = "") -> Halt:
    """Stop every claim from now on, for a time or until it is resumed; raise Refused for people who are not listed.

    Nothing is asked of Slack that a yes does not need. ``once`` is what Slack gives each command ("": nothing): the
    same again is a replay, and refused.
    """
    rule, groups = _rule(context, user_id)
    context.directory.permit(rule, user_id, team_id=team_id, groups=groups)
    _take(context, once)
    now = context.store.now()
    return context.store.halt(user_id, why, until=None if lasting is None else now + lasting, at=now)


def resume(context: Context, user_id: str, *, team_id: str, once: str = "") -> Halt | None:
    """Let sending go on; return the halt that ended, None when there was none. ``once`` as for ``halt``."""
    rule, groups = _rule(context, user_id)
    context.directory.check(rule, user_id, team_id=team_id, groups=groups)
    _take(context, once)
    return context.store.resume()


def _take(context: Context, once: str) -> None:
    """Refuse a command that was taken already: a replayed resume would end a halt that came after it."""
    if once and not context.store.take_once(once, by=context.mint(), seconds=TAKEN):
        sentence = "This very command was taken already, and nothing was changed. Type it again if you mean it."
        raise Refused(Problem("", "already_taken", sentence))


def _rule(context: Context, user_id: str) -> tuple[Rule, frozenset[str]]:
    """Give the rule and the groups it needs: none for somebody who is listed by id with any target."""
    targets = tuple(context.targets.values())
    names = frozenset[str]().union(*(target.requesters | target.approvers for target in targets))
    return partial(may_halt, targets=targets, team_id=context.team_id), groups_needed(user_id, names)
