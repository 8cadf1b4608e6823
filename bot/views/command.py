"""What was typed after ``/broadcast``: a word such as ``help``, or a draft with everything that is wrong with it.

Whose line it is says ``read_word`` alone, to every listener and to the limits: what clings to a word of the house never
changes its meaning. Reading never stops at the first error: what is understood goes into the draft, what is not becomes
a problem that says which word, why, and what is allowed. A part with a problem is not in the draft. The words are gone
through in ``bot.views.command_reading``; writing is in ``bot.views.command_text``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Literal, cast
from zoneinfo import ZoneInfo

from bot.domain.content import AudienceStatus, RequestId
from bot.domain.delivery import Cycle
from bot.domain.draft import Draft
from bot.domain.durations import parse_duration
from bot.domain.request import read_request_id
from bot.domain.words import DASHES, bare, nearest, quoted, refusal
from bot.errors import Problem, Refused
from bot.views.command_options import OPTIONS, OTHER_WORDS, OWN_WORDS, SET, SYNONYMS, Moment
from bot.views.command_reading import Reading
from bot.views.command_text import write_command
from bot.views.ids import COMMAND
from bot.views.plain_text import plain_text
from bot.views.quoting import BLANKS, CLOSING, take_apart

__all__ = [
    "Said",
    "Word",
    "did_you_mean",
    "nearly_a_word",
    "needs_nothing_more",
    "read_command",
    "read_halt",
    "read_which",
    "read_word",
    "write_command",
]

Word = Literal["form", "help", "list", "show", "scheduled", "withdraw", "halt", "resume"]
LONGEST_LINE = 16_000
"""Characters of a line that are read: more than Slack's composer takes, and read within a tenth of a second."""
LONGEST_LENGTH = 4
"""Words that a length of time may have behind ``halt``: "1 h 30 min"."""
LONGEST_ID = 3
"""Words that an id may come in: "7K3M - Q2XD"."""

_STOPS = "!,;?\u2026\u2014\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f"
"""What ends a word without a blank, as Chinese is written; a hyphen, a dot and a colon may be part of a name."""

_TOKEN = re.compile(r"\s*(\S+)(.*)", re.DOTALL)
_SHORTER = re.compile(rf"([\W_]*[^{BLANKS}{_STOPS}]+)(.*)", re.DOTALL)
_PIECE = re.compile(rf"[^{BLANKS}{_STOPS}]+")
_BETWEEN = re.compile(rf"(?:[{BLANKS}{_STOPS}]|[-:{DASHES}]+(?=\s|$))*")
_OPENING = "".join(("*_~`\"'", *CLOSING))
_DASHED = re.compile(rf"[-{DASHES}]")


@dataclass(frozen=True)
class Said:
    """What a command line says: its word, what follows the word, or a draft and what is wrong with it."""

    word: Word
    arguments: str = ""
    """Behind a word of its own: a request's id in its one spelling, or the text as it was typed."""
    draft: Draft = field(default_factory=Draft)
    problems: tuple[Problem, ...] = ()


def read_word(text: str) -> tuple[Word, str]:
    """Tell whose line it is, and what follows the word of the house; a line of the form's is given as it is.

    Invisible characters, capitals and full width, punctuation, quotes and Slack's marks around the word mean nothing;
    tokens of nothing but marks, and the command typed once more, are passed over.
    """
    token, rest = _first(text[:LONGEST_LINE])
    shorter = _SHORTER.fullmatch(token)
    for word, behind in [(token, rest), (shorter[1], shorter[2] + rest) if shorter else ("", "")]:
        said = bare(word).casefold()
        if said in OWN_WORDS:
            return cast("Word", said), _unwrapped(behind.strip(), word)
    return "form", text


def nearly_a_word(text: str) -> str:
    """Name the word of the house that a line of the form's nearly begins with; "" when it is nothing like one.

    Only mPaaS knows whether there is a template of such a name.
    """
    token, _ = _first(text[:LONGEST_LINE])
    said = bare(token).casefold()
    is_option = _DASHED.match(token) and said in {*OPTIONS, *SYNONYMS, SET}
    if not said or "=" in said or is_option or read_word(text)[0] != "form":
        return ""
    begins = re.match(r"\w+", said)
    start = begins[0] if begins else ""
    exact = start if start in OWN_WORDS else OTHER_WORDS.get(start, "")
    return exact or nearest(said, OWN_WORDS)


@lru_cache(maxsize=32)  # every matcher of a request asks for the same line
def _first(text: str) -> tuple[str, str]:
    """Split a line behind its first token that says something; what Slack escaped is what was typed again."""
    token, rest = "", plain_text(text.encode(errors="replace").decode())
    while match := _TOKEN.match(rest):
        token, rest = match[1], match[2]
        said = bare(token).casefold()
        if said and not ("/" in token and said == COMMAND.strip("/")):
            break
    return token, rest


def did_you_mean(word: str, template: str, *, is_read: bool) -> Problem:
    """Ask whether a word of the house was meant; ``is_read``: there is no such template ("": none was named)."""
    why = ""
    if template:
        why = f" There is no template {quoted(template)}."
    if template and not is_read:
        why = f" If {quoted(template)} is a template, put --template before it: mPaaS could not be asked in time."
    sentence = f"Did you mean `{COMMAND} {word}`? Nothing was done.{why}"
    return Problem("template", "word_nearly", sentence, {"word": word, "template": template})


def _unwrapped(follows: str, word: str) -> str:
    """Take the marks off the end that close what was opened before the word: all of the line stood between them."""
    opened = word[: len(word) - len(word.lstrip(_OPENING))]
    closed = word.endswith(tuple(_OPENING))
    return follows if closed else follows.rstrip("".join(mark + CLOSING.get(mark, "") for mark in opened) or " ")


def read_command(text: str, *, now: datetime, zone: ZoneInfo) -> Said:
    """Read what follows ``/broadcast``; any text gives an answer, and nothing is raised."""
    line = text.encode(errors="replace").decode()  # half characters are what no push can carry
    word, rest = read_word(line)
    if word in {"show", "withdraw"}:
        try:
            return Said(word, read_which(word, rest)[0])
        except Refused as refused:
            return Said(word, rest, problems=refused.problems)
    if word != "form":
        return Said(word, rest)
    if len(line) > LONGEST_LINE:
        sentence = f"The line has {len(line)} characters, and at most {LONGEST_LINE} are read: use the form."
        return Said("form", problems=(Problem("", "line_too_long", sentence),))
    words, problems = take_apart(line)
    reading = Reading(words, Moment(now, zone))
    reading.read_all()
    return Said("form", draft=reading.draft(), problems=(*problems, *reading.problems))


def read_halt(arguments: str) -> tuple[int | None, str]:
    """Split what follows ``halt`` into seconds and the reason: without a length at its start it has no end.

    Nothing is refused here, because a halt must work for people in a hurry.
    """
    for words, why in _beginnings(arguments, LONGEST_LENGTH):
        try:
            return parse_duration(" ".join(words)), why
        except Refused:
            continue
    return None, _reason(arguments)


def read_which(word: str, arguments: str) -> tuple[RequestId, str]:
    """Split what follows ``show`` or ``withdraw`` into the request's id and the reason; raise Refused without an id."""
    for words, why in _beginnings(arguments, LONGEST_ID):
        if request_id := read_request_id("".join(words)):
            return request_id, why
    unread = f"{quoted(arguments)} is not the id of a request. " if arguments else ""
    sentence = (
        f"{unread}Say which request to {word}, as in `{COMMAND} {word} 7K3M-Q2XD`; its card and `{COMMAND} list` show "
        "the id."
    )
    raise refusal("", "request_id_unreadable", sentence, word=arguments)


def _beginnings(arguments: str, most: int) -> Iterator[tuple[list[str], str]]:
    """Take up to so many words off the front, the most first, without what clings to them; give the reason as well."""
    pieces = list(_PIECE.finditer(arguments))[:most]
    for count in range(len(pieces), 0, -1):
        yield [bare(piece[0]) for piece in pieces[:count]], _reason(arguments[pieces[count - 1].end() :])


def _reason(text: str) -> str:
    """Write a reason on one line, without the marks between it and what stands before it."""
    between = _BETWEEN.match(text)
    return " ".join(text[between.end() if between else 0 :].split())


def needs_nothing_more(draft: Draft) -> bool:
    """Tell whether everything that has no default was said, so that the preview can open.

    Whether the target, the template and its placeholders exist, only mPaaS and the configuration know.
    """
    audience = draft.audience is not None and (draft.within is not None or _ranges_said(draft))
    return bool(draft.template and draft.target and draft.platforms and audience and _when_said(draft))


def _when_said(draft: Draft) -> bool:
    if draft.when == "scheduled":
        return draft.at is not None
    if draft.when == "recurring":
        days = draft.cycle is Cycle.DAILY or (draft.cycle is not None and bool(draft.on))
        return days and None not in {draft.time, draft.first, draft.last}
    return True


def _ranges_said(draft: Draft) -> bool:
    attached, detached = draft.attached_between is not None, draft.detached_between is not None
    wanted = {
        AudienceStatus.ATTACHED: attached,
        AudienceStatus.DETACHED: detached,
        AudienceStatus.ALL: attached and detached,
    }
    return draft.audience is not None and wanted[draft.audience]
