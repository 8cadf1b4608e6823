"""Warnings: an alarm, sending is halted, nobody is there to send, or a push is not what it looks like."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from slack_sdk.models.blocks import Block as SlackBlock

from bot.views import blocks as b
from bot.views import texts as t
from bot.views.wording import say

MOST_POINTED_OUT = 4
"""Sentences about what is odd that a card has room for; the rest are counted."""

LONGEST_SENTENCE = 300
"""Characters of such a sentence."""


class Halted(Protocol):
    """Say who halted all sending, why, and until when; the store's own value has this shape."""

    @property
    def by(self) -> str:
        """Return a user id or an operator's name."""

    @property
    def why(self) -> str:
        """Return their reason; empty: none was given."""

    @property
    def until(self) -> datetime | None:
        """Return when it ends by itself; None: not before somebody resumes."""


def banners(
    halted: Halted | None, *, worker_alive: bool, sending_matters: bool = True, unreached: Sequence[str] = ()
) -> list[SlackBlock]:
    """Draw the warnings that hold now; a missing worker is left out where nothing waits for one.

    ``unreached`` names the processes that are alive and that Slack cannot reach.
    """
    found: list[SlackBlock] = []
    if halted is not None:
        until = say("banner.until", at=t.moment(halted.until)) if halted.until else say("banner.until_resumed")
        found.append(b.section(say("banner.halted", who=t.mention(halted.by), until=until)))
        if halted.why.strip():
            found.append(b.context(b.shown(t.one_line(halted.why), 200)))
    if sending_matters and not worker_alive:
        found.append(b.section(say("banner.no_worker")))
    if unreached:
        found.append(b.section(say("banner.unreached", names=t.inline(", ".join(unreached), LONGEST_SENTENCE))))
    return found


def pointed_out(heading: str, sentences: Sequence[str], *, most: int = MOST_POINTED_OUT) -> list[SlackBlock]:
    """List what is odd about a push under a heading, cut and counted; nothing when nothing is."""
    if not sentences:
        return []
    more = len(sentences) - most
    lines = [say("warning", sentence=t.inline(sentence, LONGEST_SENTENCE)) for sentence in sentences[:most]]
    lines += [say("more", count=str(more))] if more > 0 else []
    return [b.section("\n".join([heading, *lines]))]


def alarm(why: str) -> list[SlackBlock]:
    """Draw the alarm: the stored record was changed outside the bot. Nothing is drawn when there is none."""
    if not why:
        return []
    return [b.section(say("banner.alarm")), b.context(b.shown(t.one_line(why), 300))]
