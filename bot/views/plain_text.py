"""What people meant, out of what Slack makes of it: nothing that Slack writes for itself may reach a device.

Slack escapes ``&``, ``<`` and ``>``, names emoji, and (where an app is set up so) writes links, people and channels as
``<address|text>``, ``<@U1|name>`` and ``<#C1|name>`` (docs.slack.dev/messaging/formatting-message-text). Whatever
somebody types goes through here once, from the command and from the form, before it is content or a reason.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from bot.domain.words import quoted
from bot.errors import Problem
from bot.views.shortcodes import with_emoji
from bot.views.wording import say

SEQUENCE = re.compile(
    r"<(?:(?P<who>[@#](?=[A-Z0-9])|!(?=here|channel|everyone|group|subteam\^|date\^))(?P<id>[^<>|\n]+)"
    r"|(?P<address>(?:[a-zA-Z][a-zA-Z0-9+.-]*://|mailto:|tel:|sip:)[^<>|\s]+))(?:\|(?P<text>[^<>\n]*))?>"
)
"""A control sequence of Slack's: somebody, somewhere, a moment, or a link, with what was shown for it behind a bar."""

MOST_NESTED = 16
"""Brackets around brackets that are read: Slack never nests them, a person who types them by hand may."""

_EVERYBODY = frozenset({"here", "channel", "everyone", "group"})
_ENTITY = re.compile("&(amp|lt|gt);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}
_BEGINS_ADDRESS = re.compile(r"^(?:[a-z][a-z0-9+.-]*://|mailto:|tel:|sip:)", re.IGNORECASE)


def plain_text(text: str) -> str:
    """Write what was meant; a sequence that could mean two things, or nothing, stays for ``unclear``.

    Entities come last and once: ``&amp;lt;`` is what somebody made of a typed ``&lt;``.
    """
    for _ in range(MOST_NESTED):
        text = SEQUENCE.sub(lambda found: _meaning(found) or found[0], text)
    return _ENTITY.sub(lambda found: _ENTITIES[found[1]], with_emoji(text))


def unclear(text: str, field: str) -> Iterator[Problem]:
    """Ask about the sequences of which nobody knows what devices should show."""
    for found in SEQUENCE.finditer(text):
        if _meaning(found):
            continue
        if found["address"]:
            sentence = say("unclear.link", text=quoted(found["text"]), address=quoted(found["address"]))
            yield Problem(field, "link_ambiguous", sentence, {"word": found[0]})
        else:
            sentence = say("unclear.mention", mention=quoted(found[0]))
            yield Problem(field, "mention_nameless", sentence, {"word": found[0]})


def _meaning(found: re.Match[str]) -> str:
    """Say what a sequence stands for; empty when that is not known."""
    text = found["text"] or ""
    if found["address"]:
        return found["address"] if not text else text if _same(text, found["address"]) else ""
    if found["who"] == "!":
        kind = found["id"].partition("^")[0]
        if kind == "date":
            return text
        text = found["id"] if kind in _EVERYBODY else text
    sign = "#" if found["who"] == "#" else "@"
    return sign + text.removeprefix(sign) if text.removeprefix(sign) else ""


def _same(text: str, address: str) -> bool:
    """Tell whether a link shows its own address, as Slack writes one that was typed: ``example.com`` gets a scheme."""
    shown, linked = (unquote(_BEGINS_ADDRESS.sub("", each)).rstrip("/").casefold() for each in (text, address))
    return shown == linked
