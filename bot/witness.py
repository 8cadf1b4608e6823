"""Slack as the witness: what is posted there can't be changed in the store any more.

Three things are told beside the messages of requests: that a stored record was changed outside the bot, that nobody can
approve a request because its card is refused, and once a day which audit entry is the newest. After a lost answer each
may be posted twice, which harms nobody; the messages of requests, which must not be, are ``announcer``'s.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import logs
from bot.domain.content import ChannelId, RequestId, UserId
from bot.domain.request import BroadcastRequest, NoticeKind
from bot.domain.target import Target
from bot.domain.trail import Head
from bot.operations.context import Context
from bot.operations.people import NO_ANSWER
from bot.operations.refusals import code_of, is_closed, is_gone
from bot.posting import Busy, Place, Posting, Reserved, Told
from bot.store.keepsakes import Post
from bot.views import messages
from bot.views.blocks import Message

LOOK_EVERY = 30.0
"""Seconds between two looks at whether the day's head is due."""

RESERVED = 60
"""Seconds for which the day's head is one announcer's; longer than Slack's time to answer, for a few channels."""


class Witness:
    """Post alarms and the day's head; any number of them may run."""

    def __init__(self, context: Context, slack: WebClient, posting: Posting, *, name: str) -> None:
        self._context = context
        self._store = context.store
        self._slack = slack
        self._posting = posting
        self._name = name
        self._told_day = ""
        self._next_look = 0.0

    def tell_broken(self, request_id: RequestId) -> None:
        """Tell the approvers of a record that can't be trusted by a new message; then turn its card into an alarm."""
        card = self._store.posts(request_id).get(NoticeKind.CARD.value)
        try:
            self.tell_alarm(request_id, ChannelId(card.channel) if card else None)
        finally:
            if card is not None:
                self._mark_card(request_id, card)

    def _mark_card(self, request_id: RequestId, card: Post) -> None:
        """Change the card; one that can't be changed any more, or that nobody can press, needs no mark."""
        shown = messages.alarm(request_id)
        try:
            self._slack.chat_update(channel=card.channel, ts=card.ts, text=shown.text, blocks=shown.blocks)
        except SlackApiError as error:
            if not (is_gone(error) or is_closed(error)):
                raise
            logs.write("card_not_marked", level=logging.WARNING, request=request_id, why=code_of(error))

    def tell_alarm(self, request_id: RequestId, channel: ChannelId | None) -> None:
        """Call the approvers who decide in a channel, once; those of all targets where it is nobody's.

        What fails in one channel keeps no other from being told; it is raised when all were tried.
        """
        everywhere = sorted({each.approvals_channel for each in self._targets()})
        places = [channel] if channel in everywhere else everywhere
        _all_of(partial(self._call, request_id, place) for place in places if place)

    def _call(self, request_id: RequestId, channel: ChannelId) -> None:
        """Call them in their channel; by direct messages where Slack does not take it there."""
        names = sorted(
            {name for each in self._targets() if each.approvals_channel == channel for name in each.approvers}
        )
        message = messages.alarm(request_id, approvers=names)
        try:
            self._tell(request_id, f"alarm:{channel}", channel, message, follows=True)
        except SlackApiError as error:
            if not is_closed(error):
                raise
            facts = {"request": request_id, "channel": channel, "why": code_of(error)}
            logs.write("alarm_told_directly", level=logging.WARNING, **facts)
            people = sorted(self._context.directory.everybody(names))
            if not self._tell_people(request_id, "alarm", dict.fromkeys(people, message)):
                raise

    def tell_unposted(self, request: BroadcastRequest, closed: messages.Closed, approvers: Iterable[str]) -> None:
        """Tell the requester and the approvers, once for each revision, that nobody can approve it, and why."""
        people = [request.requester, *sorted(self._context.directory.everybody(approvers))]
        told = {person: messages.unposted(request, closed, reader=person) for person in people}
        self._tell_people(request.id, f"unposted:{request.revision}", told)

    def _tell_people(self, request_id: RequestId, slot: str, told: Mapping[UserId, Message]) -> int:
        """Write to each person, at most ``MOST_CALLED`` of them, once; say how many were told by now."""
        told_by_now = set[UserId]()

        def tell(person: UserId, message: Message) -> None:
            try:
                self._tell(request_id, f"{slot}:{person}", ChannelId(person), message)
            except SlackApiError as error:
                if not is_closed(error):
                    raise
                logs.write(
                    "person_not_told", level=logging.WARNING, request=request_id, person=person, why=code_of(error)
                )
            else:
                told_by_now.add(person)

        _all_of(partial(tell, person, message) for person, message in list(told.items())[: messages.MOST_CALLED])
        return len(told_by_now)

    def _tell(
        self, request_id: RequestId, slot: str, channel: ChannelId, message: Message, *, follows: bool = False
    ) -> None:
        place = Place(slot, channel, message, follows=follows, marked=False)
        self._posting.show(request_id, place, Told(self._name))

    def tell_head(self) -> None:
        """Post the newest audit entry where the day's was not posted yet; what Slack does not take is tried again."""
        elapsed = self._context.stopwatch()
        if elapsed < self._next_look:
            return
        self._next_look = elapsed + LOOK_EVERY
        day = self._store.now().astimezone(self._context.zone).date().isoformat()
        if day == self._told_day or not self._store.reserve_head(by=self._name, seconds=RESERVED):
            return
        if self._tell_head(self._store.trail_head(), day):
            self._told_day = day

    def _tell_head(self, head: Head, day: str) -> bool:
        """Post it in each channel whose last one is of another day, and older; a first one is only remembered.

        Say whether that is all for this day: what Slack refuses for good is not tried again before tomorrow.
        """
        posted, is_all = self._store.posted_heads(), True
        for channel in sorted({each.approvals_channel for each in self._targets()}):
            before = posted.get(channel)
            if before is not None and before.day == day:
                continue
            try:
                if before is not None and before.head != str(head):
                    self._post(channel, messages.day_head(head, day=day))
            except NO_ANSWER as error:
                facts = {"day": day, "channel": channel, "why": str(error)}
                logs.write("head_not_posted", level=logging.WARNING, **facts)
                is_all = is_all and is_closed(error)
            else:
                self._store.remember_head(channel, head, day=day)
        return is_all

    def _post(self, channel: ChannelId, message: Message) -> None:
        self._slack.chat_postMessage(
            channel=channel, text=message.text, blocks=message.blocks, unfurl_links=False, unfurl_media=False
        )

    def _targets(self) -> Iterable[Target]:
        return self._context.targets.values()


def _all_of(calls: Iterable[Callable[[], None]]) -> None:
    """Make every call, whatever becomes of the others; raise the first failure when all were made."""
    failures: list[Exception] = []
    for call in calls:
        try:
            call()
        except (*NO_ANSWER, Busy, Reserved) as failure:
            failures.append(failure)
    if failures:
        raise failures[0]
