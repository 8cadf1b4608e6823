"""What Slack writes into blocks and views that an app left out: ids, ``emoji``, ``verbatim``, ``optional``.

Everything Slack sends back carries these, so a bot that compares what it gets with what it sent would be wrong.
"""

import copy
import secrets
import string
from typing import Any

from bot.playground.slack.blocks import elements_of
from bot.playground.slack.schema import Json

_LETTERS = string.ascii_letters + string.digits
_CAPITALS = string.ascii_uppercase + string.digits


def short_id() -> str:
    """Mint an id like those Slack gives to blocks and elements that have none, such as ``aB3x9``."""
    return "".join(secrets.choice(_LETTERS) for _ in range(5))


def long_id(letter: str) -> str:
    """Mint an id like ``V0A1B2C3D4E``: never the same in two runs."""
    return letter + "".join(secrets.choice(_CAPITALS) for _ in range(10))


def filled_blocks(blocks: list[Json]) -> list[Json]:
    """Copy checked blocks and write in what Slack would."""
    return [_filled_block(copy.deepcopy(block)) for block in blocks]


def _filled_block(block: Json) -> Json:
    _fill_texts(block)
    block.setdefault("block_id", short_id())
    if block["type"] == "input":
        block.setdefault("optional", False)
        block.setdefault("dispatch_action", False)
    for _, element in elements_of(block):
        element.setdefault("action_id", short_id())
    return block


def _fill_texts(value: Any) -> None:
    if isinstance(value, list):
        for item in value:
            _fill_texts(item)
    elif isinstance(value, dict):
        if value.get("type") == "plain_text":
            value.setdefault("emoji", True)
        elif value.get("type") == "mrkdwn":
            value.setdefault("verbatim", False)
        for item in value.values():
            _fill_texts(item)


def filled_text(text: Json | None) -> Json | None:
    """Copy a text object and write in ``emoji``; None stays None."""
    return None if text is None else {"emoji": True, **text}
