"""Block Kit's elements: buttons, selects, pickers and inputs, and in which block each of them may stand.

Limits: Slack's pages under docs.slack.dev/reference/block-kit/block-elements.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from bot.playground.slack.block_objects import (
    FEW_OPTIONS,
    OPTIONS,
    OVERFLOW_OPTIONS,
    confirm,
    conversation_filter,
    dispatch_action_config,
    identifier,
    initial_among_options,
    initial_within_maximum,
    linked_option,
    one_of_options,
    option,
    option_group,
    placeholder,
    plain,
    rich_option,
    web_address,
)
from bot.playground.slack.schema import (
    Check,
    Complaint,
    Json,
    anything,
    boolean,
    choice,
    integer,
    listing,
    shape,
    string,
)

INPUT_TEXT = 3000
_NUMBER = r"-?\d+(\.\d+)?"
_numeral: Check = string(pattern=_NUMBER, like="a number written as a string")
_TYPE: Mapping[str, Check] = {"type": anything}
_ANY: Mapping[str, Check] = {"action_id": identifier}
_FIELD: Mapping[str, Check] = {**_ANY, "placeholder": placeholder, "focus_on_load": boolean}
_CHOICE: Mapping[str, Check] = {**_FIELD, "confirm": confirm}
_MULTI: Mapping[str, Check] = {**_CHOICE, "max_selected_items": integer(1, 100)}
_TYPED: Mapping[str, Check] = {**_FIELD, "dispatch_action_config": dispatch_action_config}
_CONVERSATION: Mapping[str, Check] = {"default_to_current_conversation": boolean, "filter": conversation_filter}


def calendar_day(value: object, pointer: str) -> Iterator[Complaint]:
    """Accept ``YYYY-MM-DD``, a day that exists."""
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            date.fromisoformat(value)
            return
    except ValueError:
        pass
    yield Complaint(pointer, "must be a valid date in the format YYYY-MM-DD", {"type": "format"})


time_of_day: Check = string(pattern=r"([01]\d|2[0-3]):[0-5]\d", like="a valid time in the format HH:mm")
epoch: Check = integer(1_000_000_000, 9_999_999_999)
"""A UNIX time of ten digits, as the datetimepicker's page asks."""


def _ordered(low: str, high: str, *, as_number: bool = False) -> Check:
    def check(element: Json, pointer: str) -> Iterator[Complaint]:
        if low in element and high in element:
            least, most = element[low], element[high]
            if (float(least) > float(most)) if as_number else (least > most):
                yield Complaint(f"{pointer}/{low}", f"must not be greater than {high}", {"type": "order"})

    return check


def _whole_unless_decimal(element: Json, pointer: str) -> Iterator[Complaint]:
    for name in ("min_value", "max_value", "initial_value"):
        if not element["is_decimal_allowed"] and "." in element.get(name, ""):
            yield Complaint(f"{pointer}/{name}", "must be a whole number", {"type": "format"})


_BUTTON = shape(
    {**_TYPE, "text": plain(75)},
    {
        **_ANY,
        "value": string(least=0, most=2000),
        "url": web_address,
        "style": choice("primary", "danger"),
        "confirm": confirm,
        "accessibility_label": string(most=75),
    },
)
_IMAGE = shape({**_TYPE, "alt_text": string(most=2000)}, {"image_url": web_address, "slack_file": anything})
_OVERFLOW = shape({**_TYPE, "options": listing(linked_option, most=OVERFLOW_OPTIONS)}, {**_ANY, "confirm": confirm})
_OPTIONS: Mapping[str, Check] = {
    "options": listing(option, most=OPTIONS),
    "option_groups": listing(option_group, most=OPTIONS),
}
_SELECTS: Mapping[str, Check] = {
    "static_select": shape(
        _TYPE, {**_CHOICE, **_OPTIONS, "initial_option": option}, one_of_options, initial_among_options
    ),
    "multi_static_select": shape(
        _TYPE,
        {**_MULTI, **_OPTIONS, "initial_options": listing(option, most=OPTIONS)},
        one_of_options,
        initial_among_options,
        initial_within_maximum,
    ),
    "external_select": shape(_TYPE, {**_CHOICE, "initial_option": option, "min_query_length": integer(0, 1000)}),
    "multi_external_select": shape(
        _TYPE,
        {**_MULTI, "initial_options": listing(option, most=OPTIONS), "min_query_length": integer(0, 1000)},
        initial_within_maximum,
    ),
    "users_select": shape(_TYPE, {**_CHOICE, "initial_user": string()}),
    "multi_users_select": shape(_TYPE, {**_MULTI, "initial_users": listing(string())}, initial_within_maximum),
    "conversations_select": shape(
        _TYPE, {**_CHOICE, **_CONVERSATION, "initial_conversation": string(), "response_url_enabled": boolean}
    ),
    "multi_conversations_select": shape(
        _TYPE, {**_MULTI, **_CONVERSATION, "initial_conversations": listing(string())}, initial_within_maximum
    ),
    "channels_select": shape(_TYPE, {**_CHOICE, "initial_channel": string(), "response_url_enabled": boolean}),
    "multi_channels_select": shape(_TYPE, {**_MULTI, "initial_channels": listing(string())}, initial_within_maximum),
}
_PICKERS: Mapping[str, Check] = {
    "datepicker": shape(_TYPE, {**_CHOICE, "initial_date": calendar_day}),
    "timepicker": shape(_TYPE, {**_CHOICE, "initial_time": time_of_day, "timezone": string()}),
    "radio_buttons": shape(
        {**_TYPE, "options": listing(rich_option, most=FEW_OPTIONS)},
        {**_ANY, "confirm": confirm, "focus_on_load": boolean, "initial_option": rich_option},
        initial_among_options,
    ),
    "checkboxes": shape(
        {**_TYPE, "options": listing(rich_option, most=FEW_OPTIONS)},
        {
            **_ANY,
            "confirm": confirm,
            "focus_on_load": boolean,
            "initial_options": listing(rich_option, most=FEW_OPTIONS),
        },
        initial_among_options,
    ),
}
_DATETIME: Mapping[str, Check] = {
    "datetimepicker": shape(_TYPE, {**_ANY, "confirm": confirm, "focus_on_load": boolean, "initial_date_time": epoch}),
}
_TEXT_INPUTS: Mapping[str, Check] = {
    "plain_text_input": shape(
        _TYPE,
        {
            **_TYPED,
            "initial_value": string(least=0, most=INPUT_TEXT),
            "multiline": boolean,
            "min_length": integer(0, INPUT_TEXT),
            "max_length": integer(1, INPUT_TEXT),
        },
        _ordered("min_length", "max_length"),
    ),
    "email_text_input": shape(_TYPE, {**_TYPED, "initial_value": string(least=0)}),
    "url_text_input": shape(_TYPE, {**_TYPED, "initial_value": string(least=0)}),
    "number_input": shape(
        {**_TYPE, "is_decimal_allowed": boolean},
        {**_TYPED, "initial_value": _numeral, "min_value": _numeral, "max_value": _numeral},
        _whole_unless_decimal,
        _ordered("min_value", "max_value", as_number=True),
        _ordered("min_value", "initial_value", as_number=True),
        _ordered("initial_value", "max_value", as_number=True),
    ),
    "rich_text_input": shape(
        _TYPE,
        {**_TYPED, "initial_value": anything, "min_lines": integer(1, 100), "max_lines": integer(1, 100)},
        _ordered("min_lines", "max_lines"),
    ),
    "file_input": shape(_TYPE, {**_ANY, "filetypes": listing(string()), "max_files": integer(1, 10)}),
}

IN_SECTION: Mapping[str, Check] = {
    "button": _BUTTON, "image": _IMAGE, "overflow": _OVERFLOW, **_SELECTS, **_PICKERS
}  # fmt: skip
"""Accessories of a section."""
IN_ACTIONS: Mapping[str, Check] = {
    "button": _BUTTON, "overflow": _OVERFLOW, **_SELECTS, **_PICKERS, **_DATETIME
}  # fmt: skip
"""Elements of an actions block."""
IN_INPUT: Mapping[str, Check] = {**_SELECTS, **_PICKERS, **_DATETIME, **_TEXT_INPUTS}
"""Elements of an input block."""
IN_CONTEXT_IMAGE: Check = _IMAGE
STATEFUL = frozenset(IN_INPUT)
"""Elements that hold a value, and so appear in ``state.values``."""
