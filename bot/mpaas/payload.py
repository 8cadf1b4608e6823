"""From what people approved to PushBroadcast's parameters: wire names, numbers and JSON texts, and nothing else.

Pure. One leg makes one set of parameters; the values are text, as they stand in the form body before it is encoded.
Names, numbers and shapes are those of the PushBroadcast page (help page 2871129) and of the vendor's SDK, version
2020-10-28. Rules about what may be combined are in ``bot.domain``: whatever reaches this module is sound.
"""

from collections.abc import Iterable

from bot.domain.calendar import SHANGHAI, start_of_day
from bot.domain.content import Audience, AudienceStatus, Content, Period, Platform, TimeRange
from bot.domain.delivery import Cycle, Delivery, Now, Recurring, Scheduled
from bot.domain.request import BroadcastRequest, Leg
from bot.mpaas.form import compact_json, flatten

DELIVERY_TYPE = {Platform.ANDROID: 1, Platform.IOS: 2, Platform.HARMONYOS: 7}
PUSH_STATUS = {AudienceStatus.ATTACHED: 0, AudienceStatus.ALL: 1, AudienceStatus.DETACHED: 2}
PERIOD = {Period.DAYS_7: 1, Period.DAYS_15: 2, Period.DAYS_60: 3, Period.EVER: 4}
CIRCLE_TYPE = {Cycle.DAILY: 1, Cycle.WEEKLY: 2, Cycle.MONTHLY: 3}

TRANSPARENT = "TransparentMessagePayload"
"""The one map that official clients send flattened to dotted keys, where its two sisters are JSON."""


def parameters_of(request: BroadcastRequest, leg: Leg) -> dict[str, str]:
    """Write the PushBroadcast parameters of one leg."""
    return parameters(request.content, leg.platform, msgkey=leg.msgkey, task_name=leg.task_name)


def parameters(content: Content, platform: Platform, *, msgkey: str, task_name: str) -> dict[str, str]:
    """Write the PushBroadcast parameters of one platform, by wire name."""
    destination = content.destination
    said = {
        "AppId": destination.app_id,
        "WorkspaceId": destination.workspace_id,
        "TenantId": destination.tenant_id,
        "TaskName": task_name,
        "DeliveryType": str(DELIVERY_TYPE[platform]),
        "Msgkey": msgkey,
        "ExpiredSeconds": str(content.expires),
        "TemplateName": content.template.name,
        "TemplateKeyValue": compact_json(content.values) if content.values else "",
    }
    said |= dict(_audience(content.audience))
    said |= dict(_strategy(content.delivery))
    # What is empty was not said; an empty text inside a pass-through body was.
    return {name: value for name, value in said.items() if value} | dict(_extras(content.extras))


def _audience(audience: Audience) -> Iterable[tuple[str, str]]:
    yield "PushStatus", str(PUSH_STATUS[audience.status])
    if audience.within is None:
        yield "TimeMode", "1"
        yield from _range("Bind", audience.attached_between)
        yield from _range("UnBind", audience.detached_between)
        return
    yield "TimeMode", "0"
    if audience.status is not AudienceStatus.DETACHED:
        yield "BindPeriod", str(PERIOD[audience.within])
    if audience.status is not AudienceStatus.ATTACHED:
        yield "UnBindPeriod", str(PERIOD[audience.within])


def _range(prefix: str, moments: TimeRange | None) -> Iterable[tuple[str, str]]:
    if moments is not None:
        yield f"{prefix}StartTime", str(int(moments.start.timestamp() * 1000))
        yield f"{prefix}EndTime", str(int(moments.end.timestamp() * 1000))


def _strategy(delivery: Delivery) -> Iterable[tuple[str, str]]:
    match delivery:
        case Now():
            yield "StrategyType", "0"
        case Scheduled(at=at):
            yield "StrategyType", "1"
            yield "StrategyContent", compact_json({"fixedTime": int(at.timestamp()) * 1000})
        case Recurring():
            yield "StrategyType", "2"
            yield "StrategyContent", compact_json(_calendar(delivery))


def _calendar(delivery: Recurring) -> dict[str, object]:
    """Write the recurring calendar; days begin at 00:00 in Asia/Shanghai, and the last one lasts to its 24:00."""
    return {
        "startTime": int(start_of_day(delivery.first, SHANGHAI).timestamp()) * 1000,
        "endTime": int(start_of_day(delivery.last, SHANGHAI).timestamp()) * 1000,
        "circleType": CIRCLE_TYPE[delivery.cycle],
        "circleValue": list(delivery.on),
        "time": delivery.time.strftime("%H:%M:%S"),
    }


def _extras(extras: dict[str, object]) -> Iterable[tuple[str, str]]:
    for name, value in extras.items():
        if name == TRANSPARENT:
            yield from flatten(TRANSPARENT, value).items()
        else:
            yield name, compact_json(value) if isinstance(value, dict) else str(value)
