"""What is odd about a text by itself: sentences for people who are about to push it to everybody.

The heuristics come from mass pushes that went wrong: tests and gibberish that reached everybody, unfilled templates,
JSON as text. They warn and never refuse. Each takes what a push shows, by the names of its parts: title, text and
address. Letters and addresses that pass for others are ``lookalikes``'.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping

from bot.domain.lookalikes import SCRIPTS, is_of, named
from bot.domain.words import either, quoted

_PLACEHOLDER = re.compile(r"#[^#\s]{1,50}#")
_TESTING = re.compile(
    r"(?<![^\W_])(?:test(?:s|ing|ed|\d*)?|asdf\w*|qwert[yz]\w*|lorem|ipsum|todo|fixme|dummy|foo|foobar|blah|xxx+|"
    r"(?:ha){2,}h?|hello world)(?![^\W_])|\u6d4b\u8bd5|\u6e2c\u8a66|\u54c8\u54c8",
    re.IGNORECASE,
)
"""Words of tests and of gibberish, in English and Chinese (ceshi, haha)."""

_LOOKS_EMPTY = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters by category that show nothing: Hangul fillers and the empty Braille pattern."""

_SEQUENCES = re.compile(
    r"<[@#!][^<>\s|]+(?:\|[^<>]*)?>"  # somebody or somewhere
    r"|<[a-zA-Z][\w+.-]*:[^<>\s|]+(?:\|[^<>]*)?>"  # a link
    r"|&(?:amp|lt|gt);"
)
_ADDRESS = re.compile(r"(?<![\w+.-])[a-zA-Z][\w+.-]*://[^\s\"'<>]*")
_EMOJI = re.compile(r"(?<![a-z0-9]):(?=[a-z0-9_+'-]*[a-z])[a-z0-9_+'-]{2,}:(?!\d)|(?<=\w):[a-z][a-z0-9_-]{2,}:(?!\w)")
_STYLES = re.compile(r"(?<!\w)([*~`_])(?=[^\s*~`_])[^*~`_\n]{0,200}(?<=\S)\1(?!\w)")
"""What only Slack shows otherwise than it is written (docs.slack.dev/messaging/formatting-message-text)."""

_READ_BY_PEOPLE = ("title", "text")


def unfilled(parts: Mapping[str, str]) -> Iterator[str]:
    """Point out placeholders that are still there."""
    for part, text in parts.items():
        for left in _PLACEHOLDER.findall(text):
            yield f"The {part} still has the placeholder {quoted(left)}: devices would show it like that."


def slack_marks(parts: Mapping[str, str]) -> Iterator[str]:
    """Point out what only Slack shows as an emoji, a name, a link or a style; colons of an address are its own."""
    for part, text in parts.items():
        rest = _ADDRESS.sub("", _SEQUENCES.sub("", text))
        marks = [_SEQUENCES.finditer(text), _EMOJI.finditer(rest)]
        marks += [_STYLES.finditer(rest)] if part in _READ_BY_PEOPLE else []
        for left in dict.fromkeys(match[0] for matches in marks for match in matches):
            yield f"The {part} has {quoted(left)}, which is Slack's way of writing: devices would show it like that."


def like_test(parts: Mapping[str, str]) -> Iterator[str]:
    """Point out words of tests and of gibberish, for targets that are live."""
    for part in _READ_BY_PEOPLE:
        words = dict.fromkeys(match[0] for match in _TESTING.finditer(parts[part]))
        if words:
            yield f"The {part} looks like a test, because it says {either(map(quoted, words))}; this target is live."


def like_json(parts: Mapping[str, str]) -> Iterator[str]:
    """Point out a text that is data for machines."""
    for part in _READ_BY_PEOPLE:
        if _is_json(parts[part].strip()):
            yield f"The {part} looks like JSON, not like words for people."


def invisible(parts: Mapping[str, str]) -> Iterator[str]:
    """Point out letters that nobody sees: controls, marks of direction, fillers."""
    for part, text in parts.items():
        around = zip(f" {text}", text, f"{text[1:]} ", strict=False)
        odd = dict.fromkeys(letter for before, letter, after in around if _is_odd(letter, before, after, part))
        if odd:
            yield f"The {part} holds characters nobody sees, which can hide or turn text: {named(odd)}."


def _is_json(text: str) -> bool:
    if not text.startswith(("{", "[{", '["', "[[")):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text.startswith(('{"', '[{"'))
    return True


def _is_odd(letter: str, before: str, after: str, part: str) -> bool:
    """Tell what is not seen; line breaks of a text, and joiners and tags where a script or emoji has them, are fine."""
    hidden = unicodedata.category(letter) in {"Cc", "Cf", "Co", "Cn"} or letter in _LOOKS_EMPTY
    if not hidden or (letter in "\r\n" and part == "text"):
        return False
    joins = letter in "\u200c\u200d" and not before.isascii() and not after.isascii()
    is_tag = "\U000e0020" <= letter <= "\U000e007f" and not before.isascii()
    return not ((joins or is_tag) and not any(is_of(before, name) for name in (*SCRIPTS, "CJK")))
