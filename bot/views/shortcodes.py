"""Emoji as Slack writes them: ``:thumbsup:`` for the character, ``:thumbsup::skin-tone-3:`` for one of a skin tone.

The table is the list that Slack's own clients use (its source and licence stand in ``slack_emoji.json``); what is not
in it is a workspace's own emoji, or no emoji at all, and stays as it is.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_CODE = re.compile(
    r"(?P<address>(?<![\w+.-])[a-zA-Z][\w+.-]*://[^\s\"'<>]*)|:(?P<name>[a-z0-9_'+-]+):(?::skin-tone-(?P<tone>[2-6]):)?"
)
_SHORT = re.compile(r"[0-9]+|[a-z0-9]{1,2}")
"""Names that stand in ordinary text as well ("10:100:1", "a:b:c"): emoji only where no letter touches their colons."""

_FIRST_TONE = 0x1F3FB
"""U+1F3FB, the lightest of five modifiers: Slack numbers them from 2 to 6, as Fitzpatrick did."""


class Emoji(NamedTuple):
    """One emoji, and whether it comes in skin tones."""

    characters: str
    toned: bool


@cache
def table() -> Mapping[str, Emoji]:
    """Read the names and their emoji, once, and not before somebody types a code."""
    lists = json.loads(files("bot.views").joinpath("slack_emoji.json").read_text(encoding="utf-8"))
    return {
        name: Emoji(characters, kind == "toned")
        for kind in ("toned", "plain")
        for name, characters in lists[kind].items()
    }


def with_emoji(text: str) -> str:
    """Put emoji in the place of their codes; addresses keep their colons, and what is no emoji stays."""
    return "".join(_pieces(text))


def _pieces(text: str) -> Iterator[str]:
    at = 0
    while code := _CODE.search(text, at):
        found = "" if code["address"] else _emoji(code, text)
        # A colon that ends no code may begin the next one.
        end = code.end() if found or code["address"] else code.end("name")
        yield text[at : code.start()]
        yield found or text[code.start() : end]
        at = end
    yield text[at:]


def _emoji(code: re.Match[str], text: str) -> str:
    """Give the emoji of a code; a skin tone that it does not come in stays behind it, as it was written."""
    emoji = table().get(code["name"])
    before, behind = text[code.start() - 1 : code.start()], text[code.end() : code.end() + 1]
    crowded = behind.isalnum() and _SHORT.fullmatch(code["name"].lstrip("+-"))  # "UTC:+1:00" is no thumb
    if emoji is None or crowded or (before.isalnum() and _SHORT.fullmatch(code["name"])):
        return ""
    if not code["tone"]:
        return emoji.characters
    if not emoji.toned:
        return f"{emoji.characters}:skin-tone-{code['tone']}:"
    first, rest = emoji.characters[0], emoji.characters[1:].removeprefix("\ufe0f")
    return first + chr(_FIRST_TONE + int(code["tone"]) - 2) + rest
