"""Block Kit's composition objects: texts, options, confirmation dialogs, filters.

Limits: Slack's pages under docs.slack.dev/reference/block-kit/composition-objects.
"""

from collections.abc import Iterator
from typing import Any

from bot.playground.slack.schema import (
    Check,
    Complaint,
    Json,
    anything,
    boolean,
    choice,
    listing,
    shape,
    string,
    typed,
)

TEXT = 3000
"""Characters in a text object."""
IDENTIFIER = 255
"""Characters in a ``block_id``, ``action_id`` or ``callback_id``."""
URL = 3000
OPTION_TEXT = 75
OPTION_VALUE = 150
OPTIONS = 100
FEW_OPTIONS = 10
"""Options in checkboxes and radio buttons."""
OVERFLOW_OPTIONS = 5
PLACEHOLDER = 150

identifier: Check = string(most=IDENTIFIER)
web_address: Check = string(most=URL, pattern=r"[a-zA-Z][a-zA-Z0-9+.-]*:\S+", like="a valid URL")
_TYPE = {"type": anything}


def plain(most: int = TEXT) -> Check:
    """Accept a ``plain_text`` object of 1 to ``most`` characters."""
    return typed({"plain_text": shape({**_TYPE, "text": string(most=most)}, {"emoji": boolean})})


def text(most: int = TEXT) -> Check:
    """Accept a ``plain_text`` or ``mrkdwn`` object of 1 to ``most`` characters."""
    return typed(
        {
            "plain_text": shape({**_TYPE, "text": string(most=most)}, {"emoji": boolean}),
            "mrkdwn": shape({**_TYPE, "text": string(most=most)}, {"verbatim": boolean}),
        }
    )


placeholder: Check = plain(PLACEHOLDER)

confirm: Check = shape(
    {"title": plain(100), "text": text(300)},
    {"confirm": plain(30), "deny": plain(30), "style": choice("primary", "danger")},
)

option: Check = shape(
    {"text": plain(OPTION_TEXT), "value": string(most=OPTION_VALUE)}, {"description": plain(OPTION_TEXT)}
)
rich_option: Check = shape(
    {"text": text(OPTION_TEXT), "value": string(most=OPTION_VALUE)}, {"description": text(OPTION_TEXT)}
)
linked_option: Check = shape(
    {"text": plain(OPTION_TEXT), "value": string(most=OPTION_VALUE)},
    {"description": plain(OPTION_TEXT), "url": web_address},
)
option_group: Check = shape({"label": plain(75), "options": listing(option, most=OPTIONS)})

conversation_filter: Check = shape(
    {},
    {
        "include": listing(choice("im", "mpim", "private", "public"), most=4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)

dispatch_action_config: Check = shape(
    {}, {"trigger_actions_on": listing(choice("on_enter_pressed", "on_character_entered"), most=2)}
)


def all_options(element: Json) -> list[Json]:
    """List an element's options, those in groups included."""
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(choice for group in groups for choice in group["options"])]


def one_of_options(element: Json, pointer: str) -> Iterator[Complaint]:
    """Refuse a select with both ``options`` and ``option_groups``, or with neither."""
    if ("options" in element) == ("option_groups" in element):
        yield Complaint(pointer, "must provide exactly one of: options, option_groups", {"type": "one_of"})


def initial_among_options(element: Json, pointer: str) -> Iterator[Complaint]:
    """Refuse an initial option that is not, word for word, one of the options."""
    offered = [_bare(item) for item in all_options(element)]
    initials = [("/initial_option", element["initial_option"])] if "initial_option" in element else []
    initials += [(f"/initial_options/{index}", item) for index, item in enumerate(element.get("initial_options") or [])]
    for place, item in initials:
        if _bare(item) not in offered:
            yield Complaint(f"{pointer}{place}", "must match one of the options", {"type": "initial"})


def _bare(item: Json) -> tuple[Any, ...]:
    description = item.get("description") or {}
    return item["text"].get("type"), item["text"].get("text"), item["value"], description.get("text")


def initial_within_maximum(element: Json, pointer: str) -> Iterator[Complaint]:
    """Refuse more initial values than ``max_selected_items`` allows."""
    most = element.get("max_selected_items")
    for name, values in element.items():
        if most is not None and name.startswith("initial_") and isinstance(values, list) and len(values) > most:
            yield Complaint(f"{pointer}/{name}", f"no more than {most} items allowed", {"type": "max_items"})
