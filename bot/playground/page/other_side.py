"""mPaaS's side of the page, as JSON: tasks that went out, scheduled ones, templates, statistics, requests.

Values in, values out; the simulated mPaaS is asked, never changed.
"""

from typing import Any

from bot.playground.mpaas.control import scheduled_shown, task_shown
from bot.playground.mpaas.sim import MpaasSim
from bot.playground.slack.schema import Json
from bot.playground.stage import LIVE, TEST

ENVIRONMENTS = {(app.app_id, app.workspace_id): name for app, name in ((LIVE, "live"), (TEST, "test"))}
"""What people call each app and workspace."""
SHOWN = 60
"""The newest tasks, scheduled tasks and requests that a page gets."""


def other_side(mpaas: MpaasSim) -> Json:
    """Show mPaaS as it is now."""
    tasks: list[Any] = [{**task_shown(task), "Counts": task.counts()} for task in mpaas.tasks()[-SHOWN:]]
    return {
        "tasks": tasks,
        "scheduled": [scheduled_shown(sub) for sub in mpaas.scheduled()[-SHOWN:]],
        "templates": [
            {"Environment": name, "AppId": app, "WorkspaceId": workspace, **template.on_the_wire()}
            for (app, workspace), name in ENVIRONMENTS.items()
            for template in mpaas.templates(app, workspace)
        ],
        "requests": [entry.exported() for entry in mpaas.journal.entries("PushBroadcast")[-SHOWN:]],
        "statistics": mpaas.statistics(),
    }
