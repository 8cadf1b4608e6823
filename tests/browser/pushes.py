"""Pushes put straight to the simulated mPaaS, signed as the bot signs them, for tests of what becomes of a push."""

import itertools
import json
from typing import Any

from playground.mpaas_bench import call

from bot.playground.mpaas.templates import Template
from bot.playground.stage import ACCESS_KEYS, LIVE, TEST, Stage

ANDROID, IOS, HARMONYOS = 1, 2, 7
WHOLE = "whole"
"""The name of a template whose title and text are whatever a push says."""

_NUMBERS = itertools.count(1)
_APPS = {"live": LIVE, "test": TEST}


def ask(stage: Stage, action: str, environment: str = "live", *, secret: str = "", **said: str) -> dict[str, Any]:
    """Make one signed call with the environment's AccessKey."""
    app = _APPS[environment]
    key = f"playground-{environment}-id"
    parameters = {"AppId": app.app_id, "WorkspaceId": app.workspace_id, **said}
    return call(stage.mpaas, action, parameters, key=key, secret=secret or ACCESS_KEYS[key])


def push(stage: Stage, platform: int, environment: str = "live", *, secret: str = "", **said: str) -> str:
    """Push the template "maintenance", or what ``said`` names, and return its Msgkey."""
    number = next(_NUMBERS)
    parameters = {
        "TaskName": f"trial {number}",
        "DeliveryType": str(platform),
        "Msgkey": f"TRIAL-{number}",
        "ExpiredSeconds": "10800",
        "TemplateName": "maintenance",
        "PushStatus": "0",
        "TimeMode": "0",
        "BindPeriod": "3",
        **said,
    }
    ask(stage, "PushBroadcast", environment, secret=secret, **parameters)
    return parameters["Msgkey"]


def push_text(stage: Stage, platform: int, title: str, content: str, **said: str) -> str:
    """Push a title and a text, and return the task's number."""
    template = Template(WHOLE, "#title#", "#content#")
    stage.mpaas.put_template(LIVE.app_id, LIVE.workspace_id, template)
    values = json.dumps({"title": title, "content": content}, ensure_ascii=False)
    push(stage, platform, TemplateName=WHOLE, TemplateKeyValue=values, **said)
    return stage.mpaas.tasks()[-1].task_id


def revoke(stage: Stage, task_id: str) -> None:
    """Take a push back."""
    assert ask(stage, "RevokePushTask", TaskId=task_id)["ResultCode"] == "OK"
