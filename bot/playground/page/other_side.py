"""mPaaS's side of the page, as JSON: tasks that went out, scheduled ones, templates, statistics, requests.

Values in, values out; the simulated mPaaS is asked, never changed. All of it is sent whenever something in it changed,
so it holds the newest rows only; the bytes of one request are looked up in the log (``log.entry``).
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from pydantic import JsonValue

from bot.playground.mpaas.journal import Entry
from bot.playground.mpaas.shown import scheduled_shown, task_shown
from bot.playground.mpaas.sim import MpaasSim
from bot.playground.mpaas.statistics import totals
from bot.playground.mpaas.tasks import DELIVERY, SubTask, Task
from bot.playground.stage import LIVE, TEST

ENVIRONMENTS = {(app.app_id, app.workspace_id): name for app, name in ((LIVE, "live"), (TEST, "test"))}
"""What people call each app and workspace."""
SHOWN = 40
"""The newest tasks, scheduled pushes and requests that a page gets."""
PASSED, COMING = 3, 7
"""Of each recurring push, the latest dates that were sent and the next ones that a page gets."""
_READS = ("Query", "List", "Get")

Json = dict[str, JsonValue]


def other_side(mpaas: MpaasSim) -> Json:
    """Show mPaaS as it is now."""
    tasks, entries = mpaas.tasks(), mpaas.journal.entries()
    templates: list[JsonValue] = [
        {"Environment": name, "AppId": app, "WorkspaceId": workspace, **template.on_the_wire()}
        for (app, workspace), name in ENVIRONMENTS.items()
        for template in mpaas.templates(app, workspace)
    ]
    requests: list[JsonValue] = [request_shown(one) for one in entries if not one.action.startswith(_READS)]
    return {
        "tasks": _tasks(mpaas, tasks[-SHOWN:], entries),
        "scheduled": _scheduled(mpaas.scheduled()),
        "templates": templates,
        "requests": requests[-SHOWN:],
        "statistics": _statistics(mpaas, tasks, entries),
    }


def environment_of(app_id: str, workspace_id: str) -> str:
    """Name an environment as people do; the app's own id stands for one that has no name."""
    return ENVIRONMENTS.get((app_id, workspace_id), app_id)


def _tasks(mpaas: MpaasSim, tasks: Iterable[Task], entries: Iterable[Entry]) -> list[JsonValue]:
    now, asked = mpaas.now(), _executed_requests(entries)
    seen: Counter[str] = Counter()
    rows: list[JsonValue] = []
    for task in tasks:
        key = ",".join(task.push.msgkeys)
        numbers = asked.get(key, [])
        rows.append(
            {
                **_named(task_shown(task)),
                "Counts": {**task.counts(now)},
                "Devices": task.final_counts()["PushTotalNum"],
                "IsDelivered": task.revoked_at is not None or now - task.created_at >= DELIVERY,
                "Request": numbers[min(seen[key], len(numbers) - 1)] if numbers else None,
            }
        )
        seen[key] += 1
    return rows


def _executed_requests(entries: Iterable[Entry]) -> dict[str, list[int]]:
    """Return the numbers of the executed broadcasts by Msgkey: more than one is a duplicate."""
    found: dict[str, list[int]] = defaultdict(list)
    for entry in entries:
        if entry.action == "PushBroadcast" and entry.executed:
            found[entry.parameters.get("Msgkey", "")].append(entry.number)
    return found


def _scheduled(subs: Iterable[SubTask]) -> list[JsonValue]:
    """Show each scheduled push once, with its dates; the one that goes out next comes first, the finished ones last."""
    parents: dict[str, list[SubTask]] = defaultdict(list)
    for sub in subs:
        parents[sub.parent_id].append(sub)
    waiting = [group for group in parents.values() if not group[-1].executed]
    finished = [group for group in parents.values() if group[-1].executed]
    waiting.sort(key=lambda group: next(sub.push_time for sub in group if not sub.executed))
    finished.sort(key=lambda group: group[-1].push_time, reverse=True)
    return [_group_shown(group) for group in [*waiting, *finished][:SHOWN]]


def _group_shown(group: Sequence[SubTask]) -> JsonValue:
    passed = [sub for sub in group if sub.executed]
    coming = [sub for sub in group if not sub.executed]
    dates: list[JsonValue] = [
        {"UniqueId": sub.unique_id, "PushAt": sub.push_time.isoformat(), "Executed": sub.executed}
        for sub in [*passed[-PASSED:], *coming[:COMING]]
    ]
    return {
        **_named(scheduled_shown((coming or passed)[0])),
        "Executed": len(passed),
        "Total": len(group),
        "LastAt": group[-1].push_time.isoformat(),
        "Dates": dates,
    }


def request_shown(entry: Entry) -> Json:
    """Show what a request asked for and what became of it, in a few words."""
    said = entry.parameters
    return {
        "number": entry.number,
        "at": entry.at,
        "action": entry.action,
        "about": said.get("Msgkey") or said.get("UniqueIds") or said.get("TaskId") or said.get("TemplateName") or "",
        "DeliveryType": int(said["DeliveryType"]) if said.get("DeliveryType", "").isdecimal() else None,
        "Environment": environment_of(said.get("AppId", ""), said.get("WorkspaceId", "")),
        "signature": entry.signature,
        "status": entry.status,
        "code": _code(entry.reply),
        "executed": entry.executed,
        "finished": entry.finished,
        "misbehaviour": entry.misbehaviour,
        "milliseconds": entry.milliseconds,
    }


def _code(reply: str) -> str:
    """Return the result code of a reply; an empty one when it has none, or is no JSON."""
    try:
        said = json.loads(reply)
    except ValueError:
        return ""
    return str(said.get("ResultCode") or said.get("Code") or "") if isinstance(said, dict) else ""


def _statistics(mpaas: MpaasSim, tasks: Sequence[Task], entries: Iterable[Entry]) -> Json:
    """Sum up each environment, and count how often each Msgkey was executed: more than 1 is a duplicate."""
    executed = {key: len(numbers) for key, numbers in _executed_requests(entries).items()}
    newest = dict(list(executed.items())[-SHOWN:])
    twice = {key: times for key, times in executed.items() if times > 1}
    by_msgkey: Json = {**newest, **twice}
    return {
        "totals": {
            name: totals((task for task in tasks if _is_of(task, app, workspace)), mpaas.now())
            for (app, workspace), name in ENVIRONMENTS.items()
        },
        "executed_by_msgkey": by_msgkey,
        "msgkeys": len(executed),
    }


def _is_of(task: Task, app_id: str, workspace_id: str) -> bool:
    return (task.push.said.get("AppId"), task.push.said.get("WorkspaceId")) == (app_id, workspace_id)


def _named(row: Json) -> Json:
    """Add what people call the row's environment."""
    return {"Environment": environment_of(str(row["AppId"]), str(row["WorkspaceId"])), **row}
