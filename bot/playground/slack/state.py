"""What is filled into a form: the state of every input, first as the bot presets it, then as people change it.

Pure: values in, values out. Shapes: the samples of ``state.values`` in Slack's own SDKs.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.playground.slack.block_elements import STATEFUL
from bot.playground.slack.block_objects import all_options
from bot.playground.slack.blocks import elements_of
from bot.playground.slack.refusal import CannotDo
from bot.playground.slack.schema import Json
from bot.playground.slack.world import Values

_SINGLE: Mapping[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
_MANY: Mapping[str, tuple[str, str]] = {
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "file_input": ("files", "initial_files"),
}
TEXT_INPUTS = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input"})
OPTION_SELECTS = frozenset(
    {"static_select", "multi_static_select", "external_select", "multi_external_select", "radio_buttons", "checkboxes"}
)
REQUIRED = "Please complete this required field."


def inputs_of(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Go through the elements that hold a value, each with its block."""
    for block in blocks:
        for _, element in elements_of(block):
            if element["type"] in STATEFUL:
                yield block, element


def first_state(blocks: list[Json], *, channel: str | None = None, kept: Values | None = None) -> Values:
    """Build the state of a fresh form; ``kept`` values stay where block id, action id and type stay the same."""
    values: Values = {}
    for block, element in inputs_of(blocks):
        old = (kept or {}).get(block["block_id"], {}).get(element["action_id"])
        same = old is not None and old["type"] == element["type"]
        fresh = old if same and old is not None else _preset(element, channel)
        values.setdefault(block["block_id"], {})[element["action_id"]] = fresh
    return values


def _preset(element: Json, channel: str | None) -> Json:
    kind = element["type"]
    if kind in _MANY:
        key, initial = _MANY[kind]
        return {"type": kind, key: list(element.get(initial, []))}
    key, initial = _SINGLE[kind]
    value = element.get(initial)
    if kind == "conversations_select" and value is None and element.get("default_to_current_conversation"):
        value = channel
    zone = {"timezone": element["timezone"]} if "timezone" in element else {}
    return {"type": kind, key: value, **zone}


def filled(element: Json, value: Any, *, loaded: list[Json] | None = None) -> Json:
    """Build the state of an element after a person gave it ``value``; None or an empty list clears it.

    Options are named by their ``value``; ``loaded`` are those an external select showed. Raises CannotDo for what
    the element does not offer.
    """
    kind = element["type"]
    zone = {"timezone": element["timezone"]} if "timezone" in element else {}
    if kind in _MANY:
        wanted = [] if value is None else list(value)
        if len(wanted) > int(element.get("max_selected_items", len(wanted))):
            raise CannotDo(f"No more than {element['max_selected_items']} can be chosen.")
        chosen = [_offered(element, item, loaded) for item in wanted] if kind in OPTION_SELECTS else wanted
        return {"type": kind, _MANY[kind][0]: chosen}
    if value is not None and kind in OPTION_SELECTS:
        value = _offered(element, value, loaded)
    elif kind in TEXT_INPUTS and kind != "rich_text_input":
        value = str(value) if value not in (None, "") else None
    elif value is not None:
        _fits_picker(kind, value)
    return {"type": kind, _SINGLE[kind][0]: value, **zone}


def _offered(element: Json, value: str, loaded: list[Json] | None) -> Json:
    options = all_options(element) if loaded is None else loaded
    for option in options:
        if option["value"] == value:
            return option
    raise CannotDo(f"There is no option {value!r}; there are: {', '.join(option['value'] for option in options)}.")


def _fits_picker(kind: str, value: Any) -> None:
    forms = {"datepicker": r"\d{4}-\d{2}-\d{2}", "timepicker": r"([01]\d|2[0-3]):[0-5]\d", "datetimepicker": r"\d{10}"}
    if kind in forms and not re.fullmatch(forms[kind], str(value)):
        raise CannotDo(f"A {kind} cannot hold {value!r}.")


def held(state: Json) -> Any:
    """Return the value inside an element's state: text, option, list or None."""
    keys = {**_SINGLE, **_MANY}
    return state.get(keys[state["type"]][0])


def objections(blocks: list[Json], values: Values) -> dict[str, str]:
    """Say, by block id, what Slack's client finds wrong before it submits a form."""
    found: dict[str, str] = {}
    for block, element in inputs_of(blocks):
        if block["type"] != "input":
            continue
        value = held(values[block["block_id"]][element["action_id"]])
        if value in (None, "", []):
            sentence = "" if block.get("optional") else REQUIRED
        else:
            sentence = _objection(element, value)
        if sentence:
            found[block["block_id"]] = sentence
    return found


def _objection(element: Json, value: Any) -> str:
    kind = element["type"]
    if kind == "number_input":
        return _number_objection(element, str(value))
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", str(value)):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not re.fullmatch(r"https?://[^\s/]+\S*", str(value)):
        return "Please enter a valid URL."
    if kind == "plain_text_input":
        return _length_objection(element, str(value))
    return ""


def _length_objection(element: Json, value: str) -> str:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"Please enter at least {least} characters."
    return f"Please enter no more than {most} characters." if len(value) > most else ""


def _number_objection(element: Json, value: str) -> str:
    form = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
    if not re.fullmatch(form, value):
        return "Please enter a valid number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Please enter a number that is {element['min_value']} or more."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Please enter a number that is {element['max_value']} or less."
    return ""
