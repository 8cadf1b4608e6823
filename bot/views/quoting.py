"""A typed line taken apart into words: a shell's quoting, forgiving what phones and Chinese keyboards make of it.

Curly, low, angled, full-width and corner quotes are quotes where a word or a value begins; odd blanks are blanks; a
dash before an option's letters is two hyphens; an apostrophe inside a word is a letter; a JSON object behind "=" needs
no quotes around it. The rest is ``shlex``'s. Nothing here knows what the words mean.
"""

import json
import re
import shlex

from bot.domain.words import DASHES, quoted
from bot.errors import Problem
from bot.views.plain_text import SEQUENCE

CLOSING = {
    "\u201c": '\u201d\u201c"',
    "\u201d": '\u201d"',
    "\u201e": '\u201c\u201d"',
    "\u00ab": "\u00bb",
    "\u00bb": "\u00ab\u00bb",
    "\u2018": "\u2019'",
    "\u2019": "\u2019",
    "\u201a": "\u2018\u2019",
    "\u2039": "\u203a",
    "\uff02": "\uff02",
    "\uff07": "\uff07",
    "\u300c": "\u300d",
    "\u300e": "\u300f",
    "\u301d": "\u301e\u301f",
}
"""Opening quotes of phones and keyboards, and what closes each."""

EQUALS = "=\uff1d"
"""What stands between a name and its value; the second is full-width."""

_ALSO_BLANK = "\u200b\u2060\ufeff"
BLANKS = rf"\s{_ALSO_BLANK}"
"""What stands between words, for a regular expression's brackets."""

_MAYBE_APOSTROPHES = "\u2018\u2019\u201a"
_OPTION_DASHES = re.compile(rf"(?:--+|-*[{DASHES}][-{DASHES}]*)(?=[A-Za-z])")
_NEXT_OPTION = re.compile(rf"\s(?:--+|[{DASHES}])(?=[A-Za-z])")
_JSON = json.JSONDecoder()


def take_apart(text: str) -> tuple[list[str], list[Problem]]:
    """Split a line into its words; a quote that nobody closed ends before the next option, and is a problem."""
    problems: list[Problem] = []
    pieces, at = [], 0
    while at < len(text):
        piece, at = _piece(text, at, problems)
        pieces.append(piece)
    return shlex.split("".join(pieces)), problems


def is_blank(letter: str) -> bool:
    """Tell whether a letter stands between words."""
    return letter.isspace() or letter in _ALSO_BLANK


def _piece(text: str, at: int, problems: list[Problem]) -> tuple[str, int]:
    """Write what begins at ``at`` as a shell wants it, and say where the next piece begins."""
    letter, before = text[at], text[at - 1] if at else " "
    if is_blank(letter):
        return " ", at + 1
    if letter == "\\":
        return (text[at : at + 2], at + 2) if at + 1 < len(text) else (r"\\", at + 1)
    if letter in "'\"" and not _is_apostrophe(text, at):
        return _straight(text, at, problems)
    return _unquoted(text, at, before, problems)


def _unquoted(text: str, at: int, before: str, problems: list[Problem]) -> tuple[str, int]:
    letter, begins_word = text[at], is_blank(before)
    if begins_word and (dashes := _OPTION_DASHES.match(text, at)):
        return "--", dashes.end()
    if letter in CLOSING and (begins_word or before in EQUALS):
        return _curly(text, at, problems)
    if letter == "{" and before in EQUALS:
        return _object(text, at)
    if sequence := SEQUENCE.match(text, at):
        return shlex.quote(sequence[0]), sequence.end()
    return (shlex.quote(letter) if letter == "'" else letter), at + 1


def _is_apostrophe(text: str, at: int) -> bool:
    around = text[at - 1 : at] + text[at + 1 : at + 2]
    return text[at] not in '"\u201c\u201d' and len(around) == len("ab") and around.isalnum()


def _straight(text: str, at: int, problems: list[Problem]) -> tuple[str, int]:
    mark = text[at]
    closed = re.compile(r'"(?:[^"\\]|\\.)*"|' + r"'[^']*'", re.DOTALL).match(text, at)
    if closed:
        return closed[0], closed.end()
    end = _end_of_quote(text, at + 1, CLOSING["\u201e"] if mark == '"' else CLOSING["\u2018"])
    return _enclosed(text, at, end) if end else _unclosed(text, at, problems)


def _curly(text: str, at: int, problems: list[Problem]) -> tuple[str, int]:
    end = _end_of_quote(text, at + 1, CLOSING[text[at]])
    if end:
        return _enclosed(text, at, end)
    return (text[at], at + 1) if text[at] in _MAYBE_APOSTROPHES else _unclosed(text, at, problems)


def _end_of_quote(text: str, start: int, closing: str) -> int:
    """Find the mark that closes; 0 when there is none. An apostrophe inside a word closes nothing."""
    marks = (at for at in range(start, len(text)) if text[at] in closing and not _is_apostrophe(text, at))
    return next(marks, 0)


def _enclosed(text: str, at: int, end: int) -> tuple[str, int]:
    return shlex.quote(text[at + 1 : end]), end + 1


def _unclosed(text: str, at: int, problems: list[Problem]) -> tuple[str, int]:
    option = _NEXT_OPTION.search(text, at)
    end = option.start() if option else len(text)
    inside = text[at + 1 : end].strip()
    where = f"before {quoted(inside)}" if inside else "at the end"
    sentence = f"The quote {where} is opened and never closed: close it, or write a backslash before the mark."
    problems.append(Problem("", "quote_unclosed", sentence, {"word": inside}))
    return shlex.quote(inside), end


def _object(text: str, at: int) -> tuple[str, int]:
    """Take a whole JSON object as one value, when a blank or the end follows it."""
    try:
        _, end = _JSON.raw_decode(text, at)
    except (ValueError, RecursionError):
        return text[at], at + 1
    is_whole = end == len(text) or is_blank(text[end])
    return (shlex.quote(text[at:end]), end) if is_whole else (text[at], at + 1)
