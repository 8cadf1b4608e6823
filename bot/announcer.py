"""The other loop: notices from the store to Slack, at least once, always showing the request as it is now.

A notice only says that a message may be out of date. The message is rendered from the present request, so an old notice
shows the new truth and a repeated one changes nothing. Only the first post of a message cannot be repeated: it is
reserved in the store, carries a marker, and after a doubt the marker is looked for before anything is posted again.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from threading import Event
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import logs
from bot.domain.content import ChannelId
from bot.domain.request import BroadcastRequest, Notice, NoticeKind
from bot.errors import BotError, SealBroken, StoreUnavailable, UnknownRequest
from bot.operations.context import Context
from bot.operations.looking import hints_of
from bot.operations.people import NO_ANSWER
from bot.store.keepsakes import Post
from bot.store.notices import PendingNotice
from bot.views import messages, request_card
from bot.views.blocks import Message
from bot.witness import Witness

AT_ONCE = 10
"""How many notices are fetched in one turn."""

WAIT = 500
"""Milliseconds to wait for a notice when there is none."""

GIVE_UP = timedelta(hours=24)
"""How long a message may fail (no such channel, not invited) before its notice is dropped."""

CLOCKS_APART = timedelta(minutes=2)
"""How far Slack's clock, by which messages are found, may be behind the store's."""

MARKER = "broadcast_request"
"""The event type of the metadata that every first post carries; not secret, anybody in the workspace can read it."""


@dataclass(frozen=True)
class Place:
    """Say which message is meant: its slot, its channel, and what it says."""

    slot: str
    channel: ChannelId
    message: Message


class Announcer:
    """Bring notices to Slack until asked to stop."""

    def __init__(self, context: Context, slack: WebClient, *, name: str, stopping: Event) -> None:
        self._context = context
        self._store = context.store
        self._slack = slack
        self._witness = Witness(context, slack, name=name)
        self._name = name
        self._stopping = stopping

    def run(self) -> None:
        """Go round until ``stopping`` is set."""
        while not self._stopping.is_set():
            try:
                self.turn()
            except StoreUnavailable as error:
                logs.write("store_unavailable", why=str(error))
                self._stopping.wait(1.0)

    def turn(self) -> int:
        """Deliver what is there, waiting a moment for it; return how many notices were done with."""
        done, left = 0, round(self._context.pace.take_over * 1000)
        self._witness.tell_head()
        for pending in self._store.next_notices(self._name, count=AT_ONCE, block_ms=WAIT, idle_ms=left):
            if self._stopping.is_set():
                break
            done += self._deliver(pending)
        return done

    def _deliver(self, pending: PendingNotice) -> bool:
        """Deliver one notice; leave it for later when Slack does not take it."""
        try:
            with logs.operation("announce", request=pending.request_id, slot=pending.notice.slot):
                self._told(pending)
        except UnknownRequest:
            pass  # its record has expired: there is nothing left to show
        except _Reserved:
            return False
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - logged by `operation`; one notice must not stop the others
            return self._undelivered(pending, error)
        self._store.finish_notice(pending.entry_id)
        return True

    def _told(self, pending: PendingNotice) -> None:
        try:
            self._announce(pending)
        except SealBroken as broken:
            self._broken(pending, broken)
        except NO_ANSWER as error:
            raise Undelivered(str(error)) from error

    def _broken(self, pending: PendingNotice, broken: SealBroken) -> None:
        logs.write("seal_broken", level=logging.ERROR, request=pending.request_id, why=broken.why)
        try:
            self._witness.tell_broken(pending.request_id)
        except NO_ANSWER as error:
            raise Undelivered(str(error)) from error

    def _undelivered(self, pending: PendingNotice, error: Exception) -> bool:
        if self._store.now() - pending.written_at < GIVE_UP:
            return False
        logs.write("notice_given_up", level=logging.ERROR, request=pending.request_id, why=str(error))
        self._store.finish_notice(pending.entry_id)
        return True

    def _announce(self, pending: PendingNotice) -> None:
        """Show the request as it is; once more when it moved on meanwhile, because another announcer may be slower."""
        shown = 0
        request = self._store.get(pending.request_id)
        while request.version != shown:
            shown = request.version
            # A later version of a request has earlier notices of its card, any of which may have posted it.
            self._show(request, pending, doubtful=pending.times_delivered > 1 or request.version > 1)
            if pending.notice.kind is not NoticeKind.CARD:
                return
            request = self._store.get(pending.request_id)

    def _show(self, request: BroadcastRequest, pending: PendingNotice, *, doubtful: bool) -> None:
        place, is_card = self._place(request, pending.notice), pending.notice.kind is NoticeKind.CARD
        if place is None:
            return
        known = self._store.posts(request.id).get(place.slot)
        known = known or self._first_post(request, place, by=f"{self._name} {pending.delivery}", doubtful=doubtful)
        if known is not None and is_card:
            self._slack.chat_update(
                channel=known.channel, ts=known.ts, text=place.message.text, blocks=place.message.blocks
            )
        if request.alarm and is_card:
            self._witness.tell_alarm(request.id, place.channel)

    def _first_post(self, request: BroadcastRequest, place: Place, *, by: str, doubtful: bool) -> Post | None:
        """Post a message for the first time; when an earlier try did, give that message instead.

        Each delivery of a notice reserves the post for itself, and a post that was not answered stays reserved: it may
        still be on its way. Until then it is only looked for.
        """
        is_ours = self._reserve(request, place, by)
        found = self._find(request, place) if doubtful else None
        if found is None and not (is_ours and self._reserve(request, place, by)):
            raise _Reserved("This message is being posted, or its post may still be on its way.")
        post = found or self._post(request, place, by)
        self._store.remember_post(request.id, place.slot, channel=post.channel, ts=post.ts)
        return found

    def _reserve(self, request: BroadcastRequest, place: Place, by: str) -> bool:
        return self._store.reserve_post(request.id, place.slot, by=by, seconds=self._context.pace.reserved)

    def _post(self, request: BroadcastRequest, place: Place, by: str) -> Post:
        try:
            return self._posted(request, place)
        except SlackApiError:  # an answer, so nothing is on its way; whether it is there, the next delivery looks
            self._store.release_post(request.id, place.slot, by=by)
            raise

    def _posted(self, request: BroadcastRequest, place: Place) -> Post:
        answer = self._slack.chat_postMessage(
            channel=place.channel,
            text=place.message.text,
            blocks=place.message.blocks,
            metadata={"event_type": MARKER, "event_payload": {"id": request.id, "slot": place.slot}},
            unfurl_links=False,
            unfurl_media=False,
        )
        return Post(channel=ChannelId(answer["channel"]), ts=answer["ts"])

    def _find(self, request: BroadcastRequest, place: Place) -> Post | None:
        """Look for a message that was posted although its answer never arrived."""
        marks = (request.id, place.slot)
        oldest = str((request.created_at - CLOCKS_APART).timestamp())
        channel = self._channel_id(place.channel)
        pages = self._slack.conversations_history(channel=channel, oldest=oldest, include_all_metadata=True, limit=200)
        marked = (message for page in pages for message in page["messages"] if _marked(message) == marks)
        found = next(marked, None)
        return None if found is None else Post(channel=ChannelId(channel), ts=found["ts"])

    def _channel_id(self, channel: str) -> str:
        """Resolve a person's id to their direct-message channel."""
        if channel[:1] not in {"U", "W"}:
            return channel
        return str(self._slack.conversations_open(users=channel)["channel"]["id"])

    def _place(self, request: BroadcastRequest, notice: Notice) -> Place | None:
        """Say where a notice goes and what it says; None when it is pointless by now, or was from the beginning."""
        if notice.kind is NoticeKind.CARD:
            return self._card(request)
        if notice.state is not request.state:
            return None  # the later state has a notice of its own
        now, hints = self._store.now(), hints_of(request)
        # A revision can reach a state that an earlier one was in, and is a message of its own then.
        slot = notice.slot if request.revision == 1 else f"{notice.slot}:{request.revision}"
        if notice.kind is NoticeKind.DIRECT:
            return Place(slot, ChannelId(request.requester), messages.direct(request, now=now))
        target = self._context.targets.get(request.content.destination.target)
        channel = (target.results_channel if target else "") or request.channel
        if channel == request.requester:
            return None  # asked for from the Home tab: the direct message says it all
        return Place(slot, ChannelId(channel), messages.result(request, now=now, hints=hints))

    def _card(self, request: BroadcastRequest) -> Place | None:
        target = self._context.targets.get(request.content.destination.target)
        if target is None:
            return None  # its channel is no longer known; the requester is told directly
        message = request_card.render(
            request,
            now=self._store.now(),
            approvers=tuple(sorted(target.approvers)),
            quorum=target.quorum,
            worker_alive=True,
            halted=self._store.halted(),
            first=NoticeKind.CARD.value not in self._store.posts(request.id),
            hints=hints_of(request),
        )
        return Place(NoticeKind.CARD.value, target.approvals_channel, message)


class Undelivered(BotError):
    """Tell that Slack did not take a message, or cannot be reached: expected, and tried again."""


class _Reserved(BotError):
    """Tell that the first post is another delivery's for the moment: expected, and looked at again."""


def _marked(message: dict[str, Any]) -> tuple[str, str]:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return (payload.get("id", ""), payload.get("slot", "")) if metadata.get("event_type") == MARKER else ("", "")
