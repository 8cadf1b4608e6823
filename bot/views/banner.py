"""Warnings that stand above everything else: an alarm, sending is halted, or nobody is there to send."""

from datetime import datetime
from typing import Protocol

from slack_sdk.models.blocks import Block as SlackBlock

from bot.views import blocks as b
from bot.views import texts as t
from bot.views.wording import say


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


def banners(halted: Halted | None, *, worker_alive: bool, sending_matters: bool = True) -> list[SlackBlock]:
    """Draw the warnings that hold now; a missing worker is left out where nothing waits for one."""
    found: list[SlackBlock] = []
    if halted is not None:
        until = say("banner.until", at=t.moment(halted.until)) if halted.until else say("banner.until_resumed")
        found.append(b.section(say("banner.halted", who=t.mention(halted.by), until=until)))
        if halted.why.strip():
            found.append(b.context(b.shown(t.one_line(halted.why), 200)))
    if sending_matters and not worker_alive:
        found.append(b.section(say("banner.no_worker")))
    return found


def alarm(why: str) -> list[SlackBlock]:
    """Draw the alarm: the stored record was changed outside the bot. Nothing is drawn when there is none."""
    if not why:
        return []
    return [b.section(say("banner.alarm")), b.context(b.shown(t.one_line(why), 300))]
