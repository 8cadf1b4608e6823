"""The simulated service's statistics: one task's numbers, and the sums over many. Pure: tasks in, answers out."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from pydantic import JsonValue

from bot.playground.mpaas.calendar import SHANGHAI, of_ms
from bot.playground.mpaas.parameters import Parameters
from bot.playground.mpaas.results import invalid
from bot.playground.mpaas.tasks import DELIVERY, TYPES, Task, milliseconds

LONGEST_SPAN = timedelta(days=90)
"""The longest window of QueryPushAnalysisCoreIndex (vendor page 2871131)."""
_PLATFORMS = {1: "ANDROID", 2: "IOS", 7: "HARMONYOS"}
_CHANNELS = {"IOS", "FCM", "HMS", "MIUI", "OPPO", "VIVO", "ANDROID", "HARMONYOS"}
_KINDS = {"SIMPLE": 0, "TEMPLATE": 1, "MULTIPLE": 2, "BROADCAST": 3}


def task_detail(task: Task, now: datetime) -> dict[str, JsonValue]:
    """Return what QueryPushAnalysisTaskDetail says of a task by ``now``; while it is under way, its end is now."""
    counts = task.counts(now)
    end = max(task.created_at, min(now, task.created_at + DELIVERY))
    return {
        "TaskId": int(task.task_id),
        "PushNum": float(counts["PushTotalNum"]),
        "PushSuccessNum": float(counts["PushNum"]),
        "PushArrivalNum": float(counts["ArrivalNum"]),
        "StartTime": milliseconds(task.created_at),
        "EndTime": milliseconds(end),
        "Duration": str(timedelta(seconds=int((end - task.created_at).total_seconds()))),
    }


def core_index(tasks: Iterable[Task], parameters: Parameters, now: datetime) -> dict[str, JsonValue]:
    """Return what QueryPushAnalysisCoreIndex says by ``now``. Raises ``Failure`` 3028 for a wrong window or filter."""
    start, end = (of_ms(name, parameters.number(name)).astimezone(SHANGHAI).date() for name in ("StartTime", "EndTime"))
    if not timedelta(0) <= end - start <= LONGEST_SPAN:
        raise invalid(f"StartTime to EndTime must be 0 to {LONGEST_SPAN.days} days")
    platform = parameters.choice("Platform", set(_PLATFORMS.values()))
    channel = parameters.choice("Channel", _CHANNELS)  # this fleet has one channel for each platform, named alike
    kind = parameters.choice("Type", set(_KINDS))
    meant = []
    for task in tasks:
        named = _PLATFORMS.get(task.push.delivery_type, "")
        wanted = all((platform in ("", named), channel in ("", named), kind in ("", _kind(task))))
        day = task.created_at.astimezone(SHANGHAI).date()  # the window is precise to the day
        if wanted and start <= day <= end and parameters.text("TaskId") in ("", task.task_id):
            meant.append(task)
    return totals(meant, now)


def totals(tasks: Iterable[Task], now: datetime) -> dict[str, JsonValue]:
    """Return the sums of the tasks' numbers by ``now``, with their rates."""
    total: Counter[str] = Counter()
    for task in tasks:
        total.update(task.counts(now))
    return _with_rates(total)


def _kind(task: Task) -> str:
    return next(name for name, number in _KINDS.items() if number == TYPES[task.push.action])


def _with_rates(total: Counter[str]) -> dict[str, JsonValue]:
    """Add each share: arrivals of the successful pushes, opened and ignored of the arrivals."""
    index: dict[str, JsonValue] = {
        name: float(total[name]) for name in ("PushTotalNum", "PushNum", "ArrivalNum", "OpenNum", "IgnoreNum")
    }
    for name, whole in (("Arrival", "PushNum"), ("Open", "ArrivalNum"), ("Ignore", "ArrivalNum")):
        index[f"{name}Rate"] = round(total[f"{name}Num"] / total[whole], 4) if total[whole] else 0.0
    return index
