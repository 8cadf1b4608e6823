"""What Slack sends when a view is submitted as it was opened, or with some inputs changed."""

from collections.abc import Mapping
from typing import Any


def state_of(element: Mapping[str, Any]) -> dict[str, Any]:
    """Give an input's state as Slack does: what it starts with, null or an empty list when it starts with nothing."""
    kind = element["type"]
    if kind in {"static_select", "external_select", "radio_buttons"}:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in {"multi_static_select", "checkboxes"}:
        return {"type": kind, "selected_options": list(element.get("initial_options", []))}
    if kind == "datetimepicker":
        return {"type": kind, "selected_date_time": element.get("initial_date_time")}
    if kind == "datepicker":
        return {"type": kind, "selected_date": element.get("initial_date")}
    if kind == "timepicker":
        return {
            "type": kind,
            "selected_time": element.get("initial_time"),
            "timezone": element["timezone"],
        }
    assert kind == "plain_text_input", kind
    return {"type": kind, "value": element.get("initial_value")}


def fill(view: Mapping[str, Any], changes: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """Submit a view; ``changes`` are parts of the state by block id."""
    values = {
        block["block_id"]: {block["element"]["action_id"]: state_of(block["element"])}
        for block in view["blocks"]
        if block["type"] == "input"
    }
    for block_id, change in (changes or {}).items():
        (action_id,) = values[block_id]
        values[block_id][action_id] |= change
    return {**view, "state": {"values": values}}


def typed(text: str | None) -> dict[str, Any]:
    return {"value": text}


def picked(*values: str) -> dict[str, Any]:
    """Choose one or several options."""
    options = [{"text": {"type": "plain_text", "text": value}, "value": value} for value in values]
    return {"selected_option": options[0] if options else None, "selected_options": options}


def inputs_of(view: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Give a view's inputs by block id."""
    return {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
