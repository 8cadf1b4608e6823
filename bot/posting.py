"""Messages that are posted once and then follow what they tell: first post, redrawing, posting anew what is gone.

Only a post cannot be repeated: it is reserved in the store, carries a marker, and after a doubt the marker is looked
for before anything is posted again. A message that somebody deleted is posted anew in the same way, once.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import logs
from bot.domain.content import ChannelId, RequestId
from bot.errors import BotError, Problem, Refused
from bot.operations.context import Context
from bot.operations.refusals import code_of, is_closed, is_gone, is_passing, mend_of, seconds_asked
from bot.store.keepsakes import Post
from bot.views.blocks import Message

CLOCKS_APART = timedelta(minutes=2)
"""How far Slack's clock, by which messages are found, may be behind the store's."""

LONGEST_WAIT = 15 * 60
"""Seconds between two tries of what people have to mend; each wait before is as long as all the waits before it."""

MARKER = "broadcast_request"
"""The event type of the metadata that every first post carries; not secret, anybody in the workspace can read it."""


@dataclass(frozen=True)
class Place:
    """Say which message is meant: its slot, its channel, and what it says."""

    slot: str
    channel: ChannelId
    message: Message
    first: Message | None = None
    """What it says when it is posted, where that is something else: it calls people."""
    follows: bool = False
    """It is redrawn when it stands already."""
    marked: bool = True
    """It can be found by its marker; one that is not marked may be posted twice after a lost answer."""


@dataclass(frozen=True)
class Told:
    """Say who posts, for which delivery, and since when an earlier post may stand there that nobody remembers."""

    by: str
    lost_since: str = ""
    """Seconds since 1970, by Slack's clock; empty: there was no earlier one."""
    gone: Post | None = None
    """The post that is not there any more, in whose place the new one comes."""

    @property
    def reserves(self) -> str:
        """Name what is reserved, behind the slot: the first post, or the one after that which is gone."""
        return f":{self.gone.ts}" if self.gone else ""


class Busy(Refused):
    """Tell that Slack asks to wait with this channel, and for how many seconds: the others go on."""

    def __init__(self, seconds: int) -> None:
        super().__init__(Problem("", "ratelimited", f"Slack asks to wait for {seconds} s."))
        self.seconds = seconds


class Undelivered(BotError):
    """Tell that Slack did not take a message, or cannot be reached: expected, and tried again."""

    def __init__(self, why: str, *, passes: bool) -> None:
        super().__init__(why)
        self.passes = passes


class NotTaken(Refused):
    """Tell that Slack takes no message in its place until people mend that; ``is_awaited``: it must stand there."""

    def __init__(self, code: str, mend: str, *, is_awaited: bool = False) -> None:
        super().__init__(Problem("", code, f"Slack refuses it ({code}). {mend}"))
        self.is_awaited = is_awaited


class Reserved(BotError):
    """Tell that the post is another delivery's for the moment: expected, and looked at again."""


class Posting:
    """Bring messages to their places in Slack; any number of announcers may."""

    def __init__(self, context: Context, slack: WebClient) -> None:
        self._context = context
        self._store = context.store
        self._slack = slack
        self._busy_until: dict[str, float] = {}

    def show(self, request_id: RequestId, place: Place, told: Told) -> None:
        """See to it that a message stands in its place, as it is now; raise what Slack refuses, and Busy.

        Slack limits each channel by itself: while one has to wait, nothing is asked about it.
        """
        left = self._busy_until.get(place.channel, 0.0) - self._context.stopwatch()
        if left > 0:
            raise Busy(round(left) + 1)
        try:
            self._show(request_id, place, told)
        except SlackApiError as error:
            seconds = seconds_asked(error)
            if seconds is None:
                raise
            self._busy_until[place.channel] = self._context.stopwatch() + seconds
            raise Busy(seconds) from error

    def _show(self, request_id: RequestId, place: Place, told: Told) -> None:
        known = self._store.posts(request_id).get(place.slot) or self._first_post(request_id, place, told)
        if known is not None and place.follows:
            self._redraw(request_id, place, told, known)

    def _redraw(self, request_id: RequestId, place: Place, told: Told, known: Post) -> None:
        """Change the message; post it anew when it is gone, or its old channel is closed and it has another now."""
        try:
            self._update(known, place.message)
        except SlackApiError as error:
            has_moved = known.channel != place.channel and is_closed(error)
            if not (is_gone(error) or has_moved):
                raise
            logs.write("message_gone", level=logging.WARNING, request=request_id, slot=place.slot, why=code_of(error))
        else:
            return
        found = self._first_post(request_id, place, Told(told.by, lost_since=known.ts, gone=known))
        if found is not None:
            self._update(found, place.message)

    def _update(self, post: Post, message: Message) -> None:
        self._slack.chat_update(channel=post.channel, ts=post.ts, text=message.text, blocks=message.blocks)

    def _first_post(self, request_id: RequestId, place: Place, told: Told) -> Post | None:
        """Post a message; when an earlier try did, give that message instead.

        Each delivery of a notice reserves the post for itself, and a post that was not answered stays reserved: it may
        still be on its way. Until then it is only looked for.
        """
        is_ours = self._reserve(request_id, place, told)
        found = self._find(request_id, place, told) if place.marked and told.lost_since else None
        if found is None and not (is_ours and self._reserve(request_id, place, told)):
            raise Reserved("This message is being posted, or its post may still be on its way.")
        post = found or self._post(request_id, place, told)
        self._store.remember_post(request_id, place.slot, channel=post.channel, ts=post.ts, gone=told.gone)
        return found

    def _reserve(self, request_id: RequestId, place: Place, told: Told) -> bool:
        slot, seconds = place.slot + told.reserves, self._context.pace.reserved
        return self._store.reserve_post(request_id, slot, by=told.by, seconds=seconds)

    def _post(self, request_id: RequestId, place: Place, told: Told) -> Post:
        try:
            return self._posted(request_id, place)
        except SlackApiError:  # an answer, so nothing is on its way; whether it is there, the next delivery looks
            self._store.release_post(request_id, place.slot + told.reserves, by=told.by)
            raise

    def _posted(self, request_id: RequestId, place: Place) -> Post:
        message = place.first or place.message
        marks = {"event_type": MARKER, "event_payload": {"id": request_id, "slot": place.slot}}
        answer = self._slack.chat_postMessage(
            channel=place.channel,
            text=message.text,
            blocks=message.blocks,
            metadata=marks if place.marked else None,
            unfurl_links=False,
            unfurl_media=False,
        )
        return Post(channel=ChannelId(answer["channel"]), ts=answer["ts"])

    def _find(self, request_id: RequestId, place: Place, told: Told) -> Post | None:
        """Look for a message that was posted although its answer never arrived."""
        marks = (request_id, place.slot)
        channel = self._channel_id(place.channel)
        pages = self._slack.conversations_history(
            channel=channel, oldest=told.lost_since, include_all_metadata=True, limit=200
        )
        marked = (message for page in pages for message in page["messages"] if _marked(message) == marks)
        found = next(marked, None)
        return None if found is None else Post(channel=ChannelId(channel), ts=found["ts"])

    def _channel_id(self, channel: str) -> str:
        """Resolve a person's id to their direct-message channel."""
        if channel[:1] not in {"U", "W"}:
            return channel
        return str(self._slack.conversations_open(users=channel)["channel"]["id"])


def _marked(message: dict[str, Any]) -> tuple[str, str]:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return (payload.get("id", ""), payload.get("slot", "")) if metadata.get("event_type") == MARKER else ("", "")


def not_told(error: Exception) -> BotError:
    """Say as a value of the house what Slack's answer, or its silence, means for a message that was not told."""
    if is_closed(error):
        return NotTaken(code_of(error), mend_of(error))
    seconds = seconds_asked(error)
    return Undelivered(str(error), passes=is_passing(error)) if seconds is None else Busy(seconds)


def seconds_to_wait(error: Exception, age: float, *, least: float) -> int:
    """Say in how many seconds a notice that failed at this age is tried again.

    A rate limit says it itself, what passes is tried again soon, what people have to mend ever more seldom.
    """
    if isinstance(error, Busy):
        return error.seconds
    soon = isinstance(error, Undelivered) and error.passes
    return max(1, round(least if soon else min(max(least, age), LONGEST_WAIT)))
