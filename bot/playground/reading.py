"""What somebody reads in a message or a view: plain lines, names in place of ids, without the marks of mrkdwn.

Only reading: what can be pressed is listed by its label, and nothing here presses it.
"""

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.playground.cast import Cast
from bot.playground.slack.schema import Json
from bot.playground.slack.world import Message, View

_TOKEN = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_MARKS = re.compile(r"(?<![\w*])([*_~`])(?=\S)([^\n]*?\S)\1(?![\w*])")


def names_of(cast: Cast) -> dict[str, str]:
    """Map the ids of people, groups and channels to what people call them."""
    people = {person.id: person.real_name for person in (*cast.people, cast.bot)}
    groups = {group.id: f"@{group.handle}" for group in cast.groups}
    return people | groups | {channel.id: f"#{channel.name}" for channel in cast.channels}


def read(shown: Message | View, names: Mapping[str, str], *, facts: bool = True) -> list[str]:
    """List the lines of a message or a view from its top; without blocks, those of its text.

    Without ``facts`` the tables of labelled values are left out.
    """
    blocks = shown.blocks or []
    if not blocks and isinstance(shown, Message):
        return _plain({"type": "mrkdwn", "text": shown.text}, names)
    return [line for block in blocks if facts or "fields" not in block for line in _lines(block, names)]


def buttons(shown: Message | View) -> list[str]:
    """List the labels of what can be pressed in a message or a view; for a view, its submit button comes last."""
    labels = [element["text"]["text"] for element in elements(shown) if element["type"] == "button"]
    submit = shown.content.get("submit") if isinstance(shown, View) else None
    return [*labels, submit["text"]] if submit else labels


def elements(shown: Message | View) -> Iterator[Json]:
    """Yield everything that can be pressed or filled in."""
    for block in shown.blocks or []:
        if block["type"] == "actions":
            yield from block["elements"]
        yield from (block[place] for place in ("accessory", "element") if place in block)


def plain(text: str, names: Mapping[str, str]) -> str:
    """Take mrkdwn's marks out of a text, and put names and times in place of its tokens."""

    def shown(token: re.Match[str]) -> str:
        kind, what, label = token.groups()
        return label or names.get(what.removeprefix("subteam^"), f"{kind}{what}")

    while (less := _MARKS.sub(r"\2", text)) != text:  # marks within marks
        text = less
    return html.unescape(_TOKEN.sub(shown, text))


def _lines(block: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    """Yield a block's lines: a field is its label and its value on one line."""
    for part in ("label", "text"):
        if part in block:
            yield from _plain(block[part], names)
    for item in block.get("fields", []):
        label, *values = _plain(item, names)
        yield f"{label}: {'; '.join(values)}" if values else label
    if block["type"] == "context":
        for element in block["elements"]:
            yield from _plain(element, names)


def _plain(text: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    said = str(text.get("text", ""))
    said = plain(said, names) if text["type"] == "mrkdwn" else said
    return [line for line in (part.strip() for part in said.splitlines()) if line]
