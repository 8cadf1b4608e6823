"""Every PushBroadcast parameter that has no option of its own, as one table: what it is called, and what it takes.

A row serves the command (``--set``), the form and the checks. The vendor's help pages are incomplete; a value's source
says what it was taken from, and values that no page confirms say so to people as well. How texts become values is in
``bot.domain.extra_values``; the wire is ``bot.mpaas.payload``'s.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from bot.domain.extra_values import (
    Choice,
    ExtraValue,
    Parse,
    any_text,
    choice_of,
    extended_params,
    text_or_json,
    vendor_map,
    vendor_objects,
    write_json,
)
from bot.domain.words import meant, quoted, refusal
from bot.errors import Problem

BROADCAST_PAGE: Final = "help page 2871129"
VENDOR_PAGE: Final = "help page 436435"
HARMONY_PAGE: Final = "help page 2835878"
UNCONFIRMED: Final = "the parameter is the vendor SDK's; no page confirms the value"


class Kind(StrEnum):
    """What a parameter takes, which decides its input in the form."""

    INTEGER_CHOICE = "integer_choice"
    TEXT_CHOICE = "text_choice"
    TEXT = "text"
    JSON_OBJECT = "json_object"


@dataclass(frozen=True)
class Extra:
    """One parameter: its wire name, its words for people, and how its text is read."""

    name: str
    label: str
    hint: str
    kind: Kind
    parse: Parse
    choices: tuple[Choice, ...] = ()
    vendors: Mapping[str, tuple[Choice, ...]] | None = None
    """For maps of vendors: what each one's value may be."""


def _numbered(labels: str, source: str) -> tuple[Choice, ...]:
    """Number labels from 1, as texts: vendor maps hold texts."""
    return tuple(Choice(str(number), label, source) for number, label in enumerate(labels.split(", "), 1))


_SHARED = "IM, VOIP, SUBSCRIPTION, TRAVEL, HEALTH, WORK, ACCOUNT, EXPRESS, FINANCE, DEVICE_REMINDER"
_OWN_HMS = "SYSTEM_REMINDER, MAIL, PLAY_VOICE (pass-through only), MARKETING (a label; delivery is not faster)"
# HarmonyOS counts otherwise than Huawei from 11 on.
_OWN_HARMONY = "MAIL, CUSTOMER_SERVICE, MARKETING"
_MORE_VIVO = ("ACCOUNT", "TODO", "DEVICE_REMINDER", "ORDER", "SUBSCRIPTION", "NEWS", "CONTENT", "MARKETING", "SOCIAL")
_CATEGORIES = {
    "hms": _numbered(f"{_SHARED}, {_OWN_HMS}", VENDOR_PAGE),
    "harmonyos": _numbered(f"{_SHARED}, {_OWN_HARMONY}", HARMONY_PAGE),
    "vivo": (
        Choice("1", "IM", BROADCAST_PAGE),
        *(Choice(str(number), f"{name} (not confirmed)", UNCONFIRMED) for number, name in enumerate(_MORE_VIVO, 2)),
    ),
}
_LEVELS = {
    "hms": _numbered("LOW (silent), NORMAL (sound and vibration)", VENDOR_PAGE),
    "oppo": (
        Choice("1", "BAR (notification bar; not confirmed)", UNCONFIRMED),
        Choice("2", "LOCK_SCREEN (notification bar and lock screen)", BROADCAST_PAGE),
        Choice("3", "BANNER (bar, lock screen, banner, sound and vibration; not confirmed)", UNCONFIRMED),
    ),
}
_PASS_THROUGH = ("hms", "honor", "fcm", "harmonyos")
"""Vendors that take a pass-through body (help page 2871128)."""
_URGENT = ("hms", "honor", "harmonyos")
"""Vendors for which a pass-through body can be urgent (help page 2871129)."""


def _choice(name: str, label: str, hint: str, *choices: Choice) -> Extra:
    kind = Kind.INTEGER_CHOICE if isinstance(choices[0].value, int) else Kind.TEXT_CHOICE
    return Extra(name, label, hint, kind, choice_of(choices), choices)


def _map(name: str, label: str, hint: str, vendors: Mapping[str, tuple[Choice, ...]]) -> Extra:
    return Extra(name, label, hint, Kind.JSON_OBJECT, vendor_map(vendors), vendors=vendors)


_ROWS = (
    _choice(
        "AndroidChannel", "Android channel", "Which way Android devices are reached",
        Choice(1, "mPaaS's own channel only", BROADCAST_PAGE),
        Choice(2, "Default: vendor channels where there are any", BROADCAST_PAGE),
    ),
    _choice(
        "Classification", "vivo message type", "vivo limits operational messages per day",
        Choice("0", "Operational", BROADCAST_PAGE), Choice("1", "System", BROADCAST_PAGE),
    ),
    _map(
        "ThirdChannelCategory", "Vendor message class", 'JSON from vendor to class, such as {"hms": "9"}', _CATEGORIES,
    ),
    _map("NotifyLevel", "Vendor alert level", 'JSON from vendor to level, such as {"oppo": "2"}', _LEVELS),
    Extra("MiChannelId", "Xiaomi channel id", "As registered at Xiaomi, such as 123321", Kind.TEXT, any_text),
    Extra("ChannelId", "Android notification channel", "The app must have made it", Kind.TEXT, any_text),
    Extra(
        "TransparentMessagePayload", "Pass-through body",
        'JSON from hms, honor, fcm or harmonyos to an object, such as {"hms": {"data": "1"}}',
        Kind.JSON_OBJECT, vendor_objects(_PASS_THROUGH),
    ),
    _choice(
        "TransparentMessageUrgency", "Pass-through urgency", "For Huawei, Honor, HarmonyOS; with a pass-through body",
        Choice("HIGH", "High", BROADCAST_PAGE), Choice("NORMAL", "Normal", BROADCAST_PAGE),
    ),
    Extra(
        "ExtendedParams", "Extension parameters", 'JSON the app receives, at most 20 keys, such as {"badge": 1}',
        Kind.JSON_OBJECT, extended_params,
    ),
    _choice(
        "NotifyType", "Notify type", "The older way to say the Android channel; no page names it for broadcasts",
        Choice("transparent", "mPaaS's own channel", "help pages 2871127 and 2871128"),
        Choice("notify", "Default channel", "help pages 2871127 and 2871128"),
    ),
    _choice(
        "PushAction", "On a tap", "No page confirms these values",
        Choice(0, "Open the address (not confirmed)", UNCONFIRMED),
        Choice(1, "Open an activity of the app (not confirmed)", UNCONFIRMED),
    ),
    _choice(
        "Silent", "Silent", "The template has its own flag; no page confirms these values",
        Choice(0, "Shown (not confirmed)", UNCONFIRMED), Choice(1, "Silent (not confirmed)", UNCONFIRMED),
    ),
    Extra("VendorTemplate", "Vendor template", "Sent as written; no page tells its format", Kind.TEXT, text_or_json),
)  # fmt: skip

EXTRAS: Final[dict[str, Extra]] = {row.name: row for row in _ROWS}

OWN_OPTION: Final = {
    "AppId": "is the target's: say --target",
    "WorkspaceId": "is the target's: say --target",
    "TenantId": "is the target's: say --target",
    "TaskName": "has its own option: --task",
    "DeliveryType": "has its own option: --to",
    "Msgkey": "is made by the bot, so that it never repeats",
    "ExpiredSeconds": "has its own option: --expires",
    "TemplateName": "has its own option: --template",
    "TemplateKeyValue": "is said as name=value, once for each placeholder",
    "PushStatus": "has its own option: --audience",
    "BindPeriod": "has its own option: --within",
    "UnBindPeriod": "has its own option: --within",
    "TimeMode": "follows from --within, --attached-between and --detached-between",
    "BindStartTime": "has its own option: --attached-between",
    "BindEndTime": "has its own option: --attached-between",
    "UnBindStartTime": "has its own option: --detached-between",
    "UnBindEndTime": "has its own option: --detached-between",
    "StrategyType": "follows from --at, or --every with --time, --from and --until",
    "StrategyContent": "follows from --at, or --every with --time, --from and --until",
}
"""The other 19 of the 32 parameters, and how each is said instead."""


def parse_extra(name: str, text: str) -> ExtraValue:
    """Read what was written for a parameter; raise Refused with a sentence that names it and what is allowed.

    What is wrong belongs to the field ``extras.NAME``, or to ``extras`` when the name itself is wrong.
    """
    if name in EXTRAS:
        return EXTRAS[name].parse(name, text)
    if name in OWN_OPTION:
        raise refusal("extras", "extra_has_option", f"{name} {OWN_OPTION[name]}.", word=name)
    hint = meant(name, [*EXTRAS, *OWN_OPTION])
    sentence = f"{quoted(name)} is not a parameter of PushBroadcast.{hint} --set takes {', '.join(EXTRAS)}."
    raise refusal("extras", "extra_unknown", sentence, word=name)


def write_extra(name: str, value: ExtraValue) -> str:
    """Write a value as text that ``parse_extra`` reads back; raise KeyError for a name that is not in the table."""
    if name not in EXTRAS:
        raise KeyError(name)
    return write_json(value) if isinstance(value, dict) else str(value)


def check_extras(extras: Mapping[str, Any]) -> list[Problem]:
    """Say which parsed values do not go together; each problem's field is ``extras.NAME``."""
    problems = []
    payload = extras.get("TransparentMessagePayload") or {}
    if "TransparentMessageUrgency" in extras and not set(payload) & set(_URGENT):
        sentence = (
            "TransparentMessageUrgency goes only with a TransparentMessagePayload for Huawei (hms), Honor (honor) "
            "or HarmonyOS (harmonyos)."
        )
        problems.append(Problem("extras.TransparentMessageUrgency", "urgency_without_payload", sentence))
    if (extras.get("ThirdChannelCategory") or {}).get("hms") == "13" and "hms" not in payload:
        sentence = "ThirdChannelCategory: Huawei's 13 (PLAY_VOICE) is for pass-through only: add its payload for hms."
        problems.append(Problem("extras.ThirdChannelCategory", "play_voice_without_payload", sentence))
    same_channel = {"transparent": 1, "notify": 2}.get(extras.get("NotifyType", ""))
    if same_channel and extras.get("AndroidChannel", same_channel) != same_channel:
        sentence = (
            f"NotifyType {extras['NotifyType']} means AndroidChannel {same_channel}, "
            f"but AndroidChannel says {extras['AndroidChannel']}: leave one of them out."
        )
        problems.append(Problem("extras.NotifyType", "channels_contradict", sentence))
    return problems
