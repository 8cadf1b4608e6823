"""How Slack reads a text: whom it would notify, and where it would lead. A judge of its own, with no word of the bot's.

Source: docs.slack.dev/messaging/formatting-message-text: ``<`` opens a token and ``>`` ends it; ``@``, ``#`` and ``!``
begin a mention, anything else is a link; ``&amp;``, ``&lt;`` and ``&gt;`` are the only escapes.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from views import gallery

from bot.views.blocks import Message

OURS = re.compile(
    r"@U01ANA|@U02BO|@U03CY|!subteam\^S02ONCALL|"
    r"!date\^[0-9]{10}\^\{date_short_pretty\} \{time\}\|[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2} UTC"
)
"""Tokens that the bot makes on purpose: people of the example, and moments."""

_TOKEN = re.compile(r"<([^<>]*)>")
_BARE = re.compile(r"[<>]|&(?!amp;|lt;|gt;)")


def tokens(text: str) -> list[str]:
    """List what stands between ``<`` and ``>``: mentions, links and dates alike."""
    return _TOKEN.findall(text)


def strange(text: str) -> list[str]:
    """List what somebody from outside put there: tokens that are not ours, and signs that were not escaped."""
    rest = _TOKEN.sub("", text)
    return [token for token in tokens(text) if not OURS.fullmatch(token)] + _BARE.findall(rest)


def parsed_by_slack(drawing: Message | Mapping[str, Any]) -> Iterator[str]:
    """Give every text of a message or view that Slack reads as mrkdwn."""
    yield from gallery.texts_of(drawing)
    for each in gallery.objects_in(gallery.blocks_of(drawing)):
        assert each.get("type") not in {"rich_text", "markdown"}, "a block that is read in another way"
        if each.get("type") == "mrkdwn":
            assert each.get("verbatim") is True, "Slack would look for links and names by itself"


def found_in(drawing: Message | Mapping[str, Any]) -> list[str]:
    """List everything strange in a message or view."""
    return [one for text in parsed_by_slack(drawing) for one in strange(text)]
