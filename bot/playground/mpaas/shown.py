"""What the simulator tells of its tasks as JSON, for the control API and the demo page. Values in, values out."""

from pydantic import JsonValue

from bot.playground.mpaas.parameters import Parameters
from bot.playground.mpaas.rules import Push
from bot.playground.mpaas.tasks import SubTask, Task

_AUDIENCE = (
    "PushStatus", "TimeMode", "BindPeriod", "UnBindPeriod",
    "BindStartTime", "BindEndTime", "UnBindStartTime", "UnBindEndTime",
)  # fmt: skip


def task_shown(task: Task) -> dict[str, JsonValue]:
    """Return a task that went out: what mPaaS was told, and what it makes of it."""
    return {
        "TaskId": task.task_id,
        "ParentId": task.parent_id,
        "CreatedAt": task.created_at.isoformat(),
        "RevokedAt": task.revoked_at.isoformat() if task.revoked_at else None,
        **_push_shown(task.push),
        "Uri": task.push.uri,
        "PushStyle": task.push.template.push_style,
        "ShowStyle": task.push.template.show_style,
        "JumpAction": task.push.template.action,
        "IconUrls": task.push.template.icon_urls,
        "ImageUrls": task.push.template.image_urls,
        **_parameters_shown(Parameters(task.push.said)),
    }


def scheduled_shown(sub: SubTask) -> dict[str, JsonValue]:
    """Return a push that waits, or waited."""
    return {
        **_push_shown(sub.push),
        **sub.on_the_wire(),
        "PushAt": sub.push_time.isoformat(),
        "CreatedAt": sub.created_at.isoformat(),
    }


def _push_shown(push: Push) -> dict[str, JsonValue]:
    return {
        "AppId": push.said.get("AppId", ""),
        "WorkspaceId": push.said.get("WorkspaceId", ""),
        "Action": push.action,
        "TaskName": push.task_name,
        "TemplateName": push.template.name,
        "DeliveryType": push.delivery_type,
        "Msgkeys": list(push.msgkeys),
        "Title": push.title,
        "Content": push.content,
        "StrategyType": push.strategy_type,
    }


def _parameters_shown(said: Parameters) -> dict[str, JsonValue]:
    """Return the parameters that decide how and where a push is shown; what was not said is None, or empty."""
    audience: dict[str, JsonValue] = {name: said.integer(name) for name in _AUDIENCE if said.text(name)}
    return {
        "Audience": audience,
        "ExpiredSeconds": said.integer("ExpiredSeconds"),
        "AndroidChannel": said.integer("AndroidChannel"),
        "NotifyType": said.text("NotifyType"),
        "PushAction": said.integer("PushAction"),
        "Silent": said.integer("Silent"),
        "ExtendedParams": said.mapping("ExtendedParams") or {},
        "TransparentMessagePayload": said.nested("TransparentMessagePayload") or {},
    }
