"""Block Kit's blocks, messages and views: every limit Slack names, and which block may stand on which surface.

An independent judge: nothing of slack_sdk is used. Pure: values in, complaints out. What is *not* looked into: the
inside of the young blocks card, carousel, container, context_actions (only their limits), data_table,
data_visualization, file, plan, task_card and video (only their place).
Limits: docs.slack.dev/reference/block-kit/blocks and .../reference/views.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from bot.playground.slack.block_elements import IN_ACTIONS, IN_CONTEXT_IMAGE, IN_INPUT, IN_SECTION
from bot.playground.slack.block_objects import TEXT, identifier, plain, text, web_address
from bot.playground.slack.rich_text import rich_text, table
from bot.playground.slack.schema import Check, Complaint, Json, anything, boolean, listing, shape, string, typed

Surface = Literal["message", "modal", "home"]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MARKDOWN = 12_000
"""Characters over all markdown blocks of one payload."""
VIEW_BYTES = 250_000
VIEW_TITLE = 24
PRIVATE_METADATA = 3000

_TYPE: Mapping[str, Check] = {"type": anything}
_ID: Mapping[str, Check] = {"block_id": identifier}
_OPEN = shape(_TYPE, _ID, closed=False)


def _text_or_fields(block: Json, pointer: str) -> Iterator[Complaint]:
    if "text" not in block and "fields" not in block:
        yield Complaint(pointer, "missing required field: text", {"type": "required", "field": "text"})


def _picture(block: Json, pointer: str) -> Iterator[Complaint]:
    if ("image_url" in block) == ("slack_file" in block):
        yield Complaint(pointer, "must provide exactly one of: image_url, slack_file", {"type": "one_of"})


def _first_options_only(block: Json, pointer: str) -> Iterator[Complaint]:
    if block["element"].get("response_url_enabled") and block["element"]["type"].startswith("multi_"):
        yield Complaint(f"{pointer}/element", "invalid additional property: response_url_enabled")


_BLOCKS: Mapping[str, Check] = {
    "section": shape(
        _TYPE,
        {
            **_ID,
            "text": text(TEXT),
            "fields": listing(text(2000), most=10),
            "accessory": typed(IN_SECTION),
            "expand": boolean,
        },
        _text_or_fields,
    ),
    "header": shape({**_TYPE, "text": plain(150)}, _ID),
    "divider": shape(_TYPE, _ID),
    "context": shape(
        {
            **_TYPE,
            "elements": listing(
                typed({"plain_text": text(TEXT), "mrkdwn": text(TEXT), "image": IN_CONTEXT_IMAGE}), most=10
            ),
        },
        _ID,
    ),
    "actions": shape({**_TYPE, "elements": listing(typed(IN_ACTIONS), most=25)}, _ID),
    "input": shape(
        {**_TYPE, "label": plain(2000), "element": typed(IN_INPUT)},
        {**_ID, "hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
        _first_options_only,
    ),
    "image": shape(
        {**_TYPE, "alt_text": string(most=2000)},
        {**_ID, "image_url": web_address, "slack_file": anything, "title": plain(2000)},
        _picture,
    ),
    "markdown": shape({**_TYPE, "text": string(most=MARKDOWN)}, _ID),
    "rich_text": rich_text,
    "table": table,
    "alert": shape({**_TYPE, "text": text(200)}, _ID, closed=False),
    "card": shape(
        _TYPE,
        {**_ID, "title": text(150), "subtitle": text(150), "body": text(200), "actions": listing(anything, most=3)},
        closed=False,
    ),
    "carousel": shape({**_TYPE, "elements": listing(anything, most=10)}, _ID, closed=False),
    "container": shape({**_TYPE, "child_blocks": listing(anything, most=10)}, _ID, closed=False),
    "context_actions": shape({**_TYPE, "elements": listing(anything, most=5)}, _ID, closed=False),
    **dict.fromkeys(("data_table", "data_visualization", "file", "plan", "task_card", "video"), _OPEN),
}

_EVERYWHERE = frozenset({"actions", "context", "divider", "header", "image", "input", "rich_text", "section", "video"})
ON_SURFACE: Mapping[Surface, frozenset[str]] = {
    "message": _EVERYWHERE
    | {"card", "carousel", "container", "context_actions", "data_table", "data_visualization", "file", "markdown"}
    | {"plan", "table", "task_card"},
    "modal": _EVERYWHERE | {"alert", "card"},
    "home": frozenset(_BLOCKS) - {"alert", "markdown"},
}
"""Which blocks a surface takes (reference/slack.md 2.2: slackblocks' and TightknitAI's tables agree)."""


def check_blocks(blocks: Any, surface: Surface, pointer: str = "/blocks") -> list[Complaint]:
    """List what Slack would refuse in ``blocks`` on that surface; empty means it takes them."""
    here = {kind: _BLOCKS[kind] for kind in ON_SURFACE[surface]}
    nowhere = dict.fromkeys(set(_BLOCKS) - set(here), f" is not supported in a {surface}")
    most = MESSAGE_BLOCKS if surface == "message" else VIEW_BLOCKS
    complaints = list(listing(typed(here, nowhere=nowhere), least=0, most=most)(blocks, pointer))
    if not complaints:
        for rule in (_unique_block_ids, _unique_action_ids, _markdown_sum, _one_table, _one_focus):
            complaints += rule(blocks, pointer)
        complaints += _only_in_modal_inputs(blocks, pointer, surface)
    return complaints


def check_view(view: Any, pointer: str = "/view") -> list[Complaint]:
    """List what Slack would refuse in a view; size is judged apart (``view_too_large``)."""
    complaints = list(typed({"modal": _MODAL, "home": _HOME})(view, pointer))
    if isinstance(view, dict) and view.get("type") in ("modal", "home") and "blocks" in view:
        complaints += check_blocks(view["blocks"], view["type"], f"{pointer}/blocks")
    return complaints


def elements_of(block: Json) -> list[tuple[str, Json]]:
    """List a block's interactive elements with their places below the block."""
    found = [("accessory", block.get("accessory")), ("element", block.get("element"))]
    if block.get("type") == "actions":
        found += [(f"elements/{index}", element) for index, element in enumerate(block["elements"])]
    return [(place, element) for place, element in found if isinstance(element, dict) and element["type"] != "image"]


_VIEW: Mapping[str, Check] = {
    "private_metadata": string(least=0, most=PRIVATE_METADATA),
    "callback_id": string(least=0, most=255),
    "external_id": string(least=0, most=255),
}


def _submit_with_inputs(view: Json, pointer: str) -> Iterator[Complaint]:
    blocks = view["blocks"] if isinstance(view["blocks"], list) else []
    inputs = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)
    if inputs and "submit" not in view:
        yield Complaint(pointer, "missing required field: submit", {"type": "required", "field": "submit"})


_MODAL = shape(
    {**_TYPE, "title": plain(VIEW_TITLE), "blocks": anything},
    {
        **_VIEW,
        "submit": plain(VIEW_TITLE),
        "close": plain(VIEW_TITLE),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
    },
    _submit_with_inputs,
)
_HOME = shape({**_TYPE, "blocks": anything}, _VIEW)


def _unique_block_ids(blocks: list[Json], pointer: str) -> Iterator[Complaint]:
    seen = Counter[str]()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id is not None and seen[block_id]:
            yield Complaint(f"{pointer}/{index}/block_id", f"`block_id` {block_id} already exists", {"type": "unique"})
        seen[str(block_id)] += 1


def _unique_action_ids(blocks: list[Json], pointer: str) -> Iterator[Complaint]:
    for index, block in enumerate(blocks):
        seen = Counter[str]()
        for place, element in elements_of(block):
            action_id = element.get("action_id")
            if action_id is not None and seen[action_id]:
                where = f"{pointer}/{index}/{place}/action_id"
                yield Complaint(where, f"`action_id` {action_id} already exists", {"type": "unique"})
            seen[str(action_id)] += 1


def _markdown_sum(blocks: list[Json], pointer: str) -> Iterator[Complaint]:
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > MARKDOWN:
        yield Complaint(pointer, f"markdown must be less than {MARKDOWN + 1} characters", {"type": "max_length"})


def _one_table(blocks: list[Json], pointer: str) -> Iterator[Complaint]:
    if sum(block["type"] == "table" for block in blocks) > 1:
        yield Complaint(pointer, "only one table is allowed", {"type": "max_items", "max": 1})


def _one_focus(blocks: list[Json], pointer: str) -> Iterator[Complaint]:
    focused = [element for block in blocks for _, element in elements_of(block) if element.get("focus_on_load")]
    if len(focused) > 1:
        yield Complaint(pointer, "only one element may have focus_on_load", {"type": "max_items", "max": 1})


def _only_in_modal_inputs(blocks: list[Json], pointer: str, surface: Surface) -> Iterator[Complaint]:
    for index, block in enumerate(blocks):
        for place, element in elements_of(block):
            where = f"{pointer}/{index}/{place}"
            at_home = surface == "modal" and block["type"] == "input"
            if element.get("response_url_enabled") and not at_home:
                yield Complaint(where, "response_url_enabled is only allowed in a modal's input block")
            if element["type"] == "file_input" and not at_home:
                yield Complaint(f"{where}/type", "unsupported type: file_input is only allowed in a modal")
