"""The simulated service's memory of one app and workspace: tasks that went out, tasks that wait, and their numbers.

Nothing here knows HTTP, parameters or envelopes. Callers hold the service's lock.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pydantic import JsonValue

from bot.playground.mpaas.results import Failure, invalid
from bot.playground.mpaas.rules import Push

MOST_PENDING = 100
"""Scheduled and recurring tasks that may wait at the same time (vendor page, PushBroadcast)."""
REVOCABLE = timedelta(days=7)
"""How long a push can be revoked (vendor page 2871130)."""
DEVICES = {1: 1200, 2: 800, 7: 300}
"""Devices by delivery type in the playground's invented fleet."""
DELIVERY = timedelta(seconds=60)
"""How long a push takes to reach the playground's fleet; invented, and short, so that people see the numbers grow."""
MOST_KEPT = 5000
"""Tasks that went out, and scheduled ones that are over, that the playground remembers at least."""
TYPES = {"PushTemplate": 1, "PushBroadcast": 3}
"""The vendor's numbers for kinds of push: 0 simple, 1 template, 2 batch, 3 broadcast."""

_PACE = {
    "PushTotalNum": (0.0, 0.4),
    "PushNum": (0.02, 0.45),
    "ArrivalNum": (0.05, 0.8),
    "OpenNum": (0.1, 1.0),
    "IgnoreNum": (0.2, 1.0),
}
"""When each number begins to grow and when it is complete, as shares of ``DELIVERY``; each later than its whole."""


@dataclass(slots=True)
class Task:
    """Hold a push that went out; ``task_id`` is the number that the analysis and revoke actions take."""

    task_id: str
    push: Push
    created_at: datetime
    parent_id: str = ""
    revoked_at: datetime | None = None

    def counts(self, now: datetime) -> dict[str, int]:
        """Return the invented numbers by ``now``: they grow until the push is delivered, or revoked.

        Shares and pace are the playground's, not the vendor's; no number is ever larger than the one it is part of.
        """
        until = min(now, self.revoked_at or now)
        share = max(0.0, min(1.0, (until - self.created_at) / DELIVERY))
        return {name: int(full * _grown(share, *_PACE[name])) for name, full in self.final_counts().items()}

    def final_counts(self) -> dict[str, int]:
        """Return the numbers of a finished push."""
        targeted = self.push.action == "PushTemplate"
        total = len(self.push.msgkeys) if targeted else DEVICES[self.push.delivery_type]
        accepted = total * 98 // 100
        arrived = accepted * 95 // 100
        return {
            "PushTotalNum": total,
            "PushNum": accepted,
            "ArrivalNum": arrived,
            "OpenNum": arrived * 12 // 100,
            "IgnoreNum": arrived * 30 // 100,
        }


def _grown(share: float, begins: float, ends: float) -> float:
    """Return how much of a number is there, 0 to 1, slow at both ends."""
    passed = max(0.0, min(1.0, (share - begins) / (ends - begins)))
    return passed * passed * (3 - 2 * passed)


@dataclass(slots=True)
class SubTask:
    """Hold one future push; a scheduled task has one, named like its parent, a recurring task one for each date."""

    unique_id: str
    parent_id: str
    push: Push
    push_time: datetime
    created_at: datetime
    executed: bool = False

    def on_the_wire(self) -> dict[str, JsonValue]:
        """Return the row that QueryPushSchedulerList shows (vendor page 2871132)."""
        return {
            "UniqueId": self.unique_id,
            "ParentId": self.parent_id,
            "PushTime": milliseconds(self.push_time),
            "PushTitle": self.push.title,
            "PushContent": self.push.content,
            "Type": TYPES[self.push.action],
            "DeliveryType": self.push.delivery_type,
            "StrategyType": self.push.strategy_type,
            "ExecutedStatus": "1" if self.executed else "0",
            "CreateType": 0,
            "GmtCreate": milliseconds(self.created_at),
        }


@dataclass
class Ledger:
    """Keep the tasks of one app and workspace. ``new_id`` mints 32 hex digits, ``new_number`` a task's number."""

    new_id: Callable[[], str]
    new_number: Callable[[], int]
    tasks: list[Task] = field(default_factory=list)
    scheduled: list[SubTask] = field(default_factory=list)

    def add(self, push: Push, now: datetime) -> str:
        """Take a push and return what ``PushResult.Data`` says: "" when it went out, else the waiting task's id."""
        if push.strategy_type == 0:
            self._went_out(push, now)
            return ""
        if len({sub.parent_id for sub in self.scheduled if not sub.executed}) >= MOST_PENDING:
            raise invalid(f"{MOST_PENDING} scheduled or recurring tasks are pending already")
        parent = self.new_id()
        names = [parent] if push.strategy_type == 1 else [self.new_id() for _ in push.moments]
        self.scheduled += [
            SubTask(name, parent, push, moment, now) for name, moment in zip(names, push.moments, strict=True)
        ]
        return parent

    def run_due(self, now: datetime) -> None:
        """Send what is due by ``now``, in the order of its times."""
        due = [sub for sub in self.scheduled if not sub.executed and sub.push_time <= now]
        for sub in sorted(due, key=lambda sub: sub.push_time):
            sub.executed = True
            self._went_out(sub.push, sub.push_time, sub.parent_id)
        if len(self.scheduled) > 2 * MOST_KEPT:
            over = [sub for sub in self.scheduled if sub.executed]
            self.scheduled = [sub for sub in self.scheduled if not sub.executed] + over[-MOST_KEPT:]

    def _went_out(self, push: Push, at: datetime, parent_id: str = "") -> None:
        self.tasks.append(Task(str(self.new_number()), push, at, parent_id))
        if len(self.tasks) >= 2 * MOST_KEPT:
            del self.tasks[:MOST_KEPT]

    def cancel(self, ids: Collection[str], *, parents: bool) -> dict[str, str]:
        """Forget waiting pushes by task id or sub-task id; return "1" for each that waited, "0" for the others."""
        done = dict.fromkeys(ids, "0")
        for sub in [sub for sub in self.scheduled if not sub.executed]:
            name = sub.parent_id if parents else sub.unique_id
            if name in done:
                self.scheduled.remove(sub)
                done[name] = "1"
        return done

    def task(self, task_id: str) -> Task:
        """Return the task of that number. Raises ``Failure`` 3028."""
        for task in self.tasks:
            if task.task_id == task_id:
                return task
        raise invalid(f"TaskId {task_id} does not exist")

    def revoke(self, task_id: str, now: datetime) -> None:
        """Mark a task of the last 7 days as revoked; a repeat changes nothing. Raises ``Failure`` 3028."""
        task = self.task(task_id)
        if now - task.created_at > REVOCABLE:
            raise Failure("3028", f"param is invalid: the task is older than {REVOCABLE.days} days")
        task.revoked_at = task.revoked_at or now

    def between(self, start: datetime, end: datetime) -> Iterator[SubTask]:
        """Yield the sub-tasks whose push time lies in the window, both ends included, earliest first."""
        for sub in sorted(self.scheduled, key=lambda sub: sub.push_time):
            if start <= sub.push_time <= end:
                yield sub


def milliseconds(moment: datetime) -> int:
    """Return an aware time as whole milliseconds since 1970."""
    return round(moment.timestamp() * 1000)
