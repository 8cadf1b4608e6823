"""What the simulated service demands of a push: every parameter of PushBroadcast and PushTemplate.

Source: vendor pages 2871127 to 2871134 and the model of the vendor's SDK 3.4.1. Where the pages are silent the stricter
reading is taken, so that what passes here passes there. Templates, calendars and answers have modules of their own.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from bot.playground.mpaas.calendar import moments
from bot.playground.mpaas.parameters import Parameters
from bot.playground.mpaas.results import Failure, invalid
from bot.playground.mpaas.templates import Template

BIGGEST_MESSAGE = 2048
"""Bytes of title, body, uri and extension parameters together (vendor page 311229: 2 KB on every channel)."""
LONGEST_VALIDITY = 2_147_483_647
"""Seconds. The vendor's limit is not published; this is what its integer holds."""
MOST_EXTENDED = 20
MOST_TARGETS = 10
_DEVICE_TYPES, _OTHER_TYPES = {1, 2, 7}, {3, 5, 6}
_RESERVED = {"notifyType", "action", "silent", "pushType", "templateCode", "channel", "taskId"}
_SMALL_NUMBER = re.compile(r"[0-9]{1,2}")
_TRANSPARENT = "TransparentMessagePayload"
# fmt: off
_COMMON = {
    "AppId", "WorkspaceId", "TenantId", "TaskName", "DeliveryType", "ExpiredSeconds", "TemplateName",
    "TemplateKeyValue", "StrategyType", "StrategyContent", "Classification", "ThirdChannelCategory", "NotifyLevel",
    "MiChannelId", "ChannelId", "TransparentMessagePayload", "TransparentMessageUrgency", "ExtendedParams",
    "NotifyType", "PushAction", "Silent", "VendorTemplate",
}
BROADCAST_NAMES = _COMMON | {
    "Msgkey", "PushStatus", "BindPeriod", "UnBindPeriod", "TimeMode", "BindStartTime", "BindEndTime",
    "UnBindStartTime", "UnBindEndTime", "AndroidChannel",
}
TEMPLATE_NAMES = _COMMON | {
    "TargetMsgkey", "SmsSignName", "SmsStrategy", "SmsTemplateCode", "SmsTemplateParam", "ActivityContentState",
    "ActivityEvent", "DismissalDate",
}
# fmt: on


@dataclass(frozen=True, slots=True)
class Push:
    """Hold a push that passed every rule: what each device shows, and when; ``said`` is every parameter as it came."""

    action: str
    task_name: str
    delivery_type: int
    template: Template
    msgkeys: tuple[str, ...]
    title: str
    content: str
    uri: str
    strategy_type: int
    moments: tuple[datetime, ...]
    said: Mapping[str, str]


def check_broadcast(parameters: Parameters, find: Callable[[str], Template], now: datetime) -> Push:
    """Return the broadcast that the parameters describe. Raises ``Failure`` with the code of the first broken rule."""
    parameters.only(BROADCAST_NAMES, (f"{_TRANSPARENT}.",))
    if not parameters.text("TaskName"):
        raise Failure("3019", "TASKNAME_NULL")
    platform = _delivery_type(parameters)
    if platform in _OTHER_TYPES:
        raise Failure("3030", "BROADCAST_ONLY_SUPPORT_BY_DEVICE")
    msgkey = parameters.needed("Msgkey")
    _audience(parameters)
    parameters.integer("AndroidChannel", {1, 2})
    return _push("PushBroadcast", parameters, (msgkey,), find=find, now=now)


def check_template_push(parameters: Parameters, find: Callable[[str], Template], now: datetime) -> Push:
    """Return the targeted push that the parameters describe. Raises ``Failure``."""
    parameters.only(TEMPLATE_NAMES, (f"{_TRANSPARENT}.",))
    _delivery_type(parameters)
    targets = parameters.texts("TargetMsgkey")
    if not targets or not all(targets) or not all(targets.values()):
        raise Failure("3021", "TOKEN_OR_USERID_NULL")
    if len(targets) > MOST_TARGETS:
        raise Failure("3029", "SINGLE_PUSH_TARGET_TOO_MUCH")
    parameters.integer("SmsStrategy")
    parameters.integer("DismissalDate")
    return _push("PushTemplate", parameters, tuple(targets.values()), find=find, now=now)


def _delivery_type(parameters: Parameters) -> int:
    platform = parameters.integer("DeliveryType")
    if platform not in _DEVICE_TYPES | _OTHER_TYPES or platform is None:
        raise Failure("3009", "DELIVERY_TYPE_NOT_SUPPORTED")
    return platform


def _push(
    action: str, parameters: Parameters, msgkeys: tuple[str, ...], *, find: Callable[[str], Template], now: datetime
) -> Push:
    _validity(parameters)
    _vendor_fields(parameters)
    extended = _extended(parameters)
    template = _template(parameters, find)
    title, content, uri = template.filled(parameters.texts("TemplateKeyValue"))
    if not title.strip() or not content.strip():
        raise Failure("3024", "PAYLOAD_NOT_ENOUGH")
    if len(f"{title}{content}{uri}{extended}".encode()) > BIGGEST_MESSAGE:
        raise Failure("3050", "MSG_PAYLOAD_TOO_LONG")
    strategy = parameters.integer("StrategyType", {0, 1, 2}) or 0
    return Push(
        action=action,
        task_name=parameters.text("TaskName"),
        delivery_type=_delivery_type(parameters),
        template=template,
        msgkeys=msgkeys,
        title=title,
        content=content,
        uri=uri,
        strategy_type=strategy,
        moments=_moments(parameters, strategy, now),
        said=parameters.given,
    )


def _validity(parameters: Parameters) -> None:
    seconds = parameters.integer("ExpiredSeconds")
    if seconds is None or seconds <= 0:
        raise Failure("3020", "EXPIREDSECONDS_WRONG")
    if seconds > LONGEST_VALIDITY:
        raise Failure("3026", "EXPIREDTIME_TOO_LONG")


def _template(parameters: Parameters, find: Callable[[str], Template]) -> Template:
    name = parameters.text("TemplateName")
    if not name:
        raise Failure("3025", "NEED_TEMPLATE")
    if "," in name:
        raise invalid("TemplateName must not hold a comma")
    return find(name)


def _moments(parameters: Parameters, strategy: int, now: datetime) -> tuple[datetime, ...]:
    content = parameters.mapping("StrategyContent")
    if strategy == 0:
        return (now,)
    if content is None:
        raise invalid("StrategyContent is required when StrategyType is not 0")
    return moments(strategy, content, now)


def _audience(parameters: Parameters) -> None:
    """Check who is meant: a period in days, or with TimeMode 1 a range of time, for the side that PushStatus names."""
    status = parameters.integer("PushStatus", {0, 1, 2}) or 0
    mode = parameters.integer("TimeMode", {0, 1}) or 0
    ranges = {side: _range(parameters, side) for side in ("Bind", "UnBind")}
    periods = {side: parameters.integer(f"{side}Period", {1, 2, 3, 4}) for side in ("Bind", "UnBind")}
    side = "UnBind" if status else "Bind"
    if mode == 1 and not ranges[side]:
        raise invalid(f"{side}StartTime and {side}EndTime are required when TimeMode is 1 and PushStatus is {status}")
    if mode == 0 and periods[side] is None:
        raise invalid(f"{side}Period is required when PushStatus is {status}")


def _range(parameters: Parameters, side: str) -> bool:
    """Return whether the side's range is given. Raises ``Failure`` 3028 for half a range, or one that is empty."""
    start, end = parameters.integer(f"{side}StartTime"), parameters.integer(f"{side}EndTime")
    if start is None and end is None:
        return False
    if start is None or end is None or not 0 <= start < end:
        raise invalid(f"{side}StartTime must be given and lie before {side}EndTime")
    return True


def _vendor_fields(parameters: Parameters) -> None:
    parameters.choice("Classification", {"0", "1"})
    parameters.choice("NotifyType", {"transparent", "notify"})
    parameters.integer("PushAction", {0, 1})
    parameters.integer("Silent", {0, 1})
    parameters.mapping("VendorTemplate")
    _numbers(parameters, "ThirdChannelCategory", {"hms": 14, "harmonyos": 13})
    _numbers(parameters, "NotifyLevel", {"hms": 2})
    payload = parameters.nested(_TRANSPARENT)
    if payload is not None and not _is_payload(payload):
        raise invalid(f"{_TRANSPARENT} must map hms, honor, fcm or harmonyos to objects")
    if parameters.choice("TransparentMessageUrgency", {"HIGH", "NORMAL"}) and payload is None:
        raise invalid(f"TransparentMessageUrgency needs {_TRANSPARENT}")


def _is_payload(payload: Mapping[str, JsonValue]) -> bool:
    known = {"hms", "honor", "fcm", "harmonyos"}
    return bool(payload) and all(key in known and isinstance(value, dict) for key, value in payload.items())


def _numbers(parameters: Parameters, name: str, largest: Mapping[str, int]) -> None:
    """Check a map from vendor channel to a number in text; only some channels' ranges are published."""
    for key, value in parameters.texts(name).items():
        if not key or not _SMALL_NUMBER.fullmatch(value) or not 1 <= int(value) <= largest.get(key, 99):
            raise invalid(f"{name} has a wrong value for {key or 'an empty channel'}")


def _extended(parameters: Parameters) -> str:
    """Return ExtendedParams as text, for the message's size. Raises ``Failure`` 3035 or 3044 (vendor page 2871133)."""
    extended = parameters.mapping("ExtendedParams") or {}
    if len(extended) > MOST_EXTENDED:
        raise Failure("3035", "EXTEND_PARAM_TO_MUCH")
    for key, value in extended.items():
        allowed = {"mutable-content": ("1",), "big_text": ("1",)}.get(key)
        numeric = key in ("badge", "badge_add_num") and not str(value).isdigit()
        if key in _RESERVED or isinstance(value, dict | list) or numeric or (allowed and str(value) not in allowed):
            raise Failure("3044", f"INVALID_EXTEND_PARAM: {key}")
    return parameters.text("ExtendedParams")
