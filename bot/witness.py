"""Slack as the witness: what is posted there can't be changed in the store any more.

Two things are told beside the messages of requests: that a stored record was changed outside the bot, and once a day
which audit entry is the newest. Both go to approvals channels. After a lost answer either may be posted twice, which
harms nobody; the messages of requests, which must not be, are ``announcer``'s.
"""

import logging
from collections.abc import Iterable

from slack_sdk import WebClient

from bot import logs
from bot.domain.content import ChannelId, RequestId
from bot.domain.request import NoticeKind
from bot.domain.target import Target
from bot.domain.trail import Head
from bot.operations.context import Context
from bot.operations.people import NO_ANSWER
from bot.views import messages
from bot.views.blocks import Message

LOOK_EVERY = 30.0
"""Seconds between two looks at whether the day's head is due."""

RESERVED = 60
"""Seconds for which a post is one announcer's; longer than Slack's time to answer, for a few channels."""


class Witness:
    """Post alarms and the day's head; any number of them may run."""

    def __init__(self, context: Context, slack: WebClient, *, name: str) -> None:
        self._context = context
        self._store = context.store
        self._slack = slack
        self._name = name
        self._told = ""
        self._next_look = 0.0

    def tell_broken(self, request_id: RequestId) -> None:
        """Turn the card of a record that can't be trusted into an alarm, and tell the approvers by a new message."""
        card = self._store.posts(request_id).get(NoticeKind.CARD.value)
        if card is not None:
            shown = messages.alarm(request_id)
            self._slack.chat_update(channel=card.channel, ts=card.ts, text=shown.text, blocks=shown.blocks)
        channels = {ChannelId(card.channel)} if card else {each.approvals_channel for each in self._targets()}
        for channel in sorted(channels):
            self.tell_alarm(request_id, channel)

    def tell_alarm(self, request_id: RequestId, channel: ChannelId) -> None:
        """Tell a channel of an alarm, once, and mention the approvers who decide there."""
        slot = f"alarm:{channel}"
        if slot in self._store.posts(request_id):
            return
        if self._store.reserve_post(request_id, slot, by=self._name, seconds=RESERVED):
            names = {name for each in self._targets() if each.approvals_channel == channel for name in each.approvers}
            ts = self._post(channel, messages.alarm(request_id, approvers=sorted(names)))
            self._store.remember_post(request_id, slot, channel=channel, ts=ts)

    def tell_head(self) -> None:
        """Post the newest audit entry where the day's was not posted yet; what Slack does not take is tried again."""
        elapsed = self._context.stopwatch()
        if elapsed < self._next_look:
            return
        self._next_look = elapsed + LOOK_EVERY
        day = self._store.now().astimezone(self._context.zone).date().isoformat()
        if day == self._told or not self._store.reserve_head(by=self._name, seconds=RESERVED):
            return
        try:
            self._tell_head(self._store.trail_head(), day)
        except NO_ANSWER as error:
            logs.write("head_not_posted", level=logging.WARNING, day=day, why=str(error))
            return
        self._told = day

    def _tell_head(self, head: Head, day: str) -> None:
        """Post it in each channel whose last one is of another day, and older; a first one is only remembered."""
        posted = self._store.posted_heads()
        for channel in sorted({each.approvals_channel for each in self._targets()}):
            before = posted.get(channel)
            if before is not None and before.day == day:
                continue
            if before is not None and before.head != str(head):
                self._post(channel, messages.day_head(head, day=day))
            self._store.remember_head(channel, head, day=day)

    def _post(self, channel: ChannelId, message: Message) -> str:
        answer = self._slack.chat_postMessage(
            channel=channel, text=message.text, blocks=message.blocks, unfurl_links=False, unfurl_media=False
        )
        return str(answer["ts"])

    def _targets(self) -> Iterable[Target]:
        return self._context.targets.values()
