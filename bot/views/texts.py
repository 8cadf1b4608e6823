"""Texts that are safe and fit: escaped, on one line, cut without breaking anything, times and people as tokens.

mrkdwn is what Slack parses; text from outside goes into it through ``inline`` or ``escape`` only. What is said stands
in ``wording``, the shapes that carry it in ``blocks``.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from bot.domain.channels import clusters

TEXT = 3000
"""Characters of a text object, and of an input's value (Block Kit reference)."""
ELLIPSIS = "…"
LONGEST_CHARACTER = 64
"""Code points after which something that looks like one character may be cut after all."""


def size(text: str) -> int:
    """Count a text's UTF-16 units: the largest count anybody at Slack could mean by "characters"."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def escape(text: str) -> str:
    """Escape the three characters that mean something to Slack's mrkdwn, in the order its documentation asks for."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def one_line(text: str) -> str:
    """Make one line of a text, without control characters and without marks that reverse the direction of writing."""
    return _UNSHOWN.sub("", _BREAKS.sub(" ", text)).strip()


def inline(text: str, limit: int = 300) -> str:
    """Make outside text fit into a line of mrkdwn: one line, cut at ``limit`` characters, escaped."""
    return fit(escape(one_line(text)), limit)


def sentence(text: str, *, names_people: bool) -> str:
    """Escape a sentence of the bot's rules; user ids stay mentions, and nothing else, where the rule put them there."""
    return _PERSON.sub(r"<@\1>", escape(text)) if names_people else escape(text)


def fit(text: str, limit: int) -> str:
    """Cut a text to ``limit`` characters and mark the cut; never inside an escape, a token or a grapheme."""
    if size(text) <= limit:
        return text
    room, kept = limit - size(ELLIPSIS), []
    for atom in _atoms(text):
        room -= size(atom)
        if room < 0:
            break
        kept.append(atom)
    return "".join(kept) + ELLIPSIS


def pieces(text: str, limit: int = TEXT) -> list[str]:
    """Split a text into pieces of at most ``limit`` characters whose concatenation is the text."""
    found, current, room = list[str](), list[str](), limit
    for atom in _atoms(text):
        if size(atom) > room and current:
            found.append("".join(current))
            current, room = [], limit
        current.append(atom)
        room -= size(atom)
    return [*found, "".join(current)] if current else found


def _atoms(text: str) -> Iterator[str]:
    """Take a text apart where it may be cut: escapes, tokens, and what people see as one character."""
    for part in _WHOLE.split(text):
        if _WHOLE.fullmatch(part):
            yield part
            continue
        for cluster in clusters(part):
            # Letters can be buried under thousands of marks; such a pile is no character to anybody.
            yield from (
                cluster[start : start + LONGEST_CHARACTER] for start in range(0, len(cluster), LONGEST_CHARACTER)
            )


_WHOLE = re.compile(r"(&(?:amp|lt|gt);|<[@#!][^<>\n]{1,120}>)")
_BREAKS = re.compile("[\t-\r\x85\u2028\u2029]")
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_PERSON = re.compile(r"&lt;@([UW][A-Z0-9]{1,20})&gt;")


def moment(at: datetime) -> str:
    """Write a moment as a token that Slack shows in the reader's own zone, with a fallback in UTC (mrkdwn only)."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{utc(at)}>"


def utc(at: datetime) -> str:
    """Write a moment in UTC, for texts in which Slack replaces nothing."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def mention(person: str) -> str:
    """Mention a user or a user group by its id; anything else (worker, operator:NAME) is written out, escaped."""
    if _USER.fullmatch(person):
        return f"<@{person}>"
    return f"<!subteam^{person}>" if _GROUP.fullmatch(person) else inline(person, 80)


def channel(channel_id: str) -> str:
    """Name a channel so that those who may see it can go there; a conversation of people has no name."""
    return f"<#{channel_id}>" if _CHANNEL.fullmatch(channel_id) else inline(channel_id, 80)


_CHANNEL = re.compile(r"[CG][A-Z0-9]{1,20}")
_USER = re.compile(r"[UW][A-Z0-9]{1,20}")
_GROUP = re.compile(r"S[A-Z0-9]{1,20}")
