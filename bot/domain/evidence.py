"""What mPaaS showed of a leg whose outcome is unknown, and when to look again.

A look is read-only and proves nothing by itself before the leg's signature is dead: until then a copy of the request
may still arrive. No function here decides about a leg; people do, and ``bot.domain.sending`` writes their word down.
"""

from datetime import datetime, timedelta

from pydantic import AwareDatetime, Field

from bot.domain.value import Value

SOON = timedelta(seconds=10)
"""The wait after the first look; each later one is as long as all before it together."""

SETTLING = timedelta(minutes=1)
"""The wait between the looks that show an absence: how late mPaaS lists a task is not documented."""

ENOUGH = 3
"""Answered looks after the signature's death that show an absence; with their waits they take two minutes."""

SELDOM = timedelta(hours=4)
"""The longest wait."""

FOLLOWED = timedelta(days=1)
"""How long after the signature's death the bot goes on looking."""


class Evidence(Value):
    """What mPaaS listed for one leg when the bot last looked."""

    since: AwareDatetime
    """When the bot first looked."""
    looked_at: AwareDatetime
    """When it last looked; a look that told nothing new at a late hour is not written down."""
    looks: int = Field(default=1, ge=1)
    """How many looks were written down."""
    conclusive: int = Field(default=0, ge=0)
    """How many of them mPaaS answered after the signature was dead: only those can show that it did not go out."""
    task_ids: tuple[str, ...] = ()
    """What mPaaS listed when it last answered; two are two pushes."""
    in_calendar: bool = False
    """The tasks stand in mPaaS's calendar, which shows no names: they were told by platform, text and times."""
    failure: str = ""
    """Why mPaaS could not be asked the last time; empty: it answered."""

    @property
    def task_id(self) -> str:
        """Give the one task that mPaaS lists; empty when there is none, or more than one."""
        return self.task_ids[0] if len(self.task_ids) == 1 else ""

    @property
    def shows_absence(self) -> bool:
        """Tell whether mPaaS was asked often enough, and late enough, to believe that it has no such task."""
        return not self.task_ids and not self.failure and self.conclusive >= ENOUGH


def looked(
    before: Evidence | None,
    *,
    now: datetime,
    dies: datetime,
    task_ids: tuple[str, ...] = (),
    in_calendar: bool = False,
    failure: str = "",
) -> Evidence:
    """Add a look to what is known; one that mPaaS did not answer takes back nothing that an earlier one showed.

    ``dies`` is when no copy of the signed request can be accepted any more.
    """
    changes: dict[str, object] = {"looked_at": now, "failure": failure}
    if not failure:
        conclusive = (before.conclusive if before else 0) + (now >= dies)
        changes |= {"task_ids": task_ids, "in_calendar": in_calendar, "conclusive": conclusive}
    if before is None:
        return Evidence.model_validate({"since": now} | changes)
    return before.model_copy(update=changes | {"looks": before.looks + 1})


def next_look(evidence: Evidence, *, dies: datetime) -> datetime | None:
    """Say when to look again: soon at first, when the signature dies, a few times after it, then seldom; None: never.

    The bot goes on after it found a task, because a second one may follow it while the signature lives.
    """
    at = evidence.looked_at
    if at < dies:
        return min(at + max(SOON, at - evidence.since), dies)
    if at >= dies + FOLLOWED or (evidence.task_ids and evidence.conclusive >= ENOUGH):
        return None
    if not evidence.failure and evidence.conclusive < ENOUGH:
        return at + SETTLING
    return min(at + min(max(SETTLING, at - dies), SELDOM), dies + FOLLOWED)


def is_news(before: Evidence | None, after: Evidence, *, dies: datetime) -> bool:
    """Tell whether a look is worth a line of history and a new card: it changed something, or people still watch."""
    if before is None or next_look(after, dies=dies) is None:
        return True
    shown = (before.task_ids, bool(before.failure)) != (after.task_ids, bool(after.failure))
    return shown or after.looked_at < dies or (before.conclusive < ENOUGH and after.conclusive > before.conclusive)


def described(evidence: Evidence) -> str:
    """Say what was found in a few words, for the history and the command line."""
    if evidence.failure and not evidence.task_ids:
        return f"mPaaS could not be asked: {evidence.failure}"
    if not evidence.task_ids:
        return "mPaaS lists no such task"
    tasks = ", ".join(task_id or "without an id" for task_id in evidence.task_ids)
    return f"mPaaS lists {'more than one task' if len(evidence.task_ids) > 1 else 'task'} {tasks}"
