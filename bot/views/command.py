"""What was typed after ``/broadcast``: a word such as ``help``, or a draft with everything that is wrong with it.

Reading never stops at the first error: what is understood goes into the draft, what is not becomes a problem that
says which word, why, and what is allowed. A part with a problem is not in the draft. The words are gone through in
``bot.views.command_reading``; writing is in ``bot.views.command_text``.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, cast
from zoneinfo import ZoneInfo

from bot.domain.content import AudienceStatus
from bot.domain.delivery import Cycle
from bot.domain.draft import Draft
from bot.domain.durations import parse_duration
from bot.domain.request import read_request_id
from bot.domain.words import quoted
from bot.errors import Problem, Refused
from bot.views.command_options import OWN_WORDS, Moment
from bot.views.command_reading import Reading
from bot.views.command_text import write_command
from bot.views.quoting import BLANKS, take_apart

__all__ = ["Said", "Word", "needs_nothing_more", "read_command", "read_halt", "write_command"]

Word = Literal["form", "help", "list", "show", "scheduled", "withdraw", "halt", "resume"]
LONGEST_LENGTH = 4
"""Words that a length of time may have behind ``halt``: "1 h 30 min"."""

_FIRST_WORD = re.compile(rf"[{BLANKS}]*([^{BLANKS}]*)[{BLANKS}]*(.*)", re.DOTALL)


@dataclass(frozen=True)
class Said:
    """What a command line says: its word, what follows the word, or a draft and what is wrong with it."""

    word: Word
    arguments: str = ""
    """Behind a word of its own: a request's id in its one spelling, or the text as it was typed."""
    draft: Draft = field(default_factory=Draft)
    problems: tuple[Problem, ...] = ()


def read_command(text: str, *, now: datetime, zone: ZoneInfo) -> Said:
    """Read what follows ``/broadcast``; any text gives an answer, and nothing is raised."""
    line = text.encode(errors="replace").decode()  # half characters are what no push can carry
    match = _FIRST_WORD.fullmatch(line)
    first, rest = (match[1].casefold(), match[2].strip()) if match else ("", "")
    if first in OWN_WORDS:
        return _own_word(cast("Word", first), rest)
    words, problems = take_apart(line)
    reading = Reading(words, Moment(now, zone))
    reading.read_all()
    return Said("form", draft=reading.draft(), problems=(*problems, *reading.problems))


def read_halt(arguments: str) -> tuple[int | None, str]:
    """Split what follows ``halt`` into seconds and the reason: without a length at its start it has no end.

    Nothing is refused here, because a halt must work for people in a hurry.
    """
    words = arguments.split()
    for count in range(min(LONGEST_LENGTH, len(words)), 0, -1):
        try:
            return parse_duration(" ".join(words[:count])), " ".join(words[count:])
        except Refused:
            continue
    return None, " ".join(words)


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


def _own_word(word: Word, rest: str) -> Said:
    if word not in {"show", "withdraw"}:
        return Said(word, rest)
    if request_id := read_request_id(rest):
        return Said(word, request_id)
    if rest:
        why = f"{quoted(rest)} is not the id of a request: ids look like 7K3M-Q2XD."
    else:
        why = f"Say which request, such as {word} 7K3M-Q2XD; list shows their ids."
    return Said(word, rest, problems=(Problem("", "request_id_unreadable", why, {"word": rest}),))
