"""The other loop: notices from the store to Slack, at least once, always showing the request as it is now.

A notice only says that a message may be out of date. The message is rendered from the present request, so an old notice
shows the new truth and a repeated one changes nothing. How a message comes to stand in its place once is ``posting``'s;
what Slack refuses for good is told elsewhere, written down, and tried again seldom.
"""

import logging
from datetime import timedelta
from threading import Event

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import logs
from bot.domain.content import ChannelId
from bot.domain.request import BroadcastRequest, Notice, NoticeKind
from bot.domain.states import SETTLED_STATES, State
from bot.domain.target import Target
from bot.domain.unposted import is_unposted
from bot.errors import SealBroken, StoreUnavailable, UnknownRequest
from bot.operations import unposted
from bot.operations.context import Context
from bot.operations.looking import hints_of
from bot.operations.people import NO_ANSWER
from bot.operations.refusals import code_of, is_closed, mend_of
from bot.posting import CLOCKS_APART, NotTaken, Place, Posting, Reserved, Told, not_told, seconds_to_wait
from bot.store.notices import PendingNotice
from bot.views import messages, request_card
from bot.witness import Witness

AT_ONCE = 10
"""How many notices are fetched in one turn."""

WAIT = 500
"""Milliseconds to wait for a notice when there is none."""

GIVE_UP = timedelta(hours=24)
"""How long a message may fail before its notice is dropped; the card of a request under way is never given up."""


class Announcer:
    """Bring notices to Slack until asked to stop."""

    def __init__(self, context: Context, slack: WebClient, *, name: str, stopping: Event) -> None:
        self._context = context
        self._store = context.store
        self._posting = Posting(context, slack)
        self._witness = Witness(context, slack, self._posting, name=name)
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
        done = 0
        self._witness.tell_head()
        for pending in self._store.next_notices(self._name, count=AT_ONCE, block_ms=WAIT, idle_ms=self._left):
            if self._stopping.is_set():
                break
            done += self._deliver(pending)
        return done

    @property
    def _left(self) -> int:
        """Say after how many milliseconds a notice that was left is taken over."""
        return round(self._context.pace.take_over * 1000)

    def _deliver(self, pending: PendingNotice) -> bool:
        """Deliver one notice; leave it for later when Slack does not take it."""
        try:
            with logs.operation("announce", request=pending.request_id, slot=pending.notice.slot):
                self._told(pending)
        except UnknownRequest:
            pass  # its record has expired: there is nothing left to show
        except Reserved:
            return False
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - logged by `operation`; one notice must not stop the others
            return self._undelivered(pending, error)
        self._store.finish_notice(pending.entry_id)
        return True

    def _told(self, pending: PendingNotice) -> None:
        try:
            try:
                self._announce(pending)
            except SealBroken as broken:
                logs.write("seal_broken", level=logging.ERROR, request=pending.request_id, why=broken.why)
                self._witness.tell_broken(pending.request_id)
        except NO_ANSWER as error:
            raise not_told(error) from error

    def _undelivered(self, pending: PendingNotice, error: Exception) -> bool:
        """Leave a notice for later, by itself, or give it up; say whether it is done with."""
        age, is_awaited = self._store.now() - pending.written_at, isinstance(error, NotTaken) and error.is_awaited
        if age >= GIVE_UP and not is_awaited:
            logs.write("notice_given_up", level=logging.ERROR, request=pending.request_id, why=str(error))
            self._store.finish_notice(pending.entry_id)
            return True
        if isinstance(error, NotTaken) and pending.times_delivered == 1:
            facts = {"request": pending.request_id, "slot": pending.notice.slot, "code": error.code}
            logs.write("message_refused", level=logging.WARNING, why=str(error), **facts)
        seconds = seconds_to_wait(error, age.total_seconds(), least=self._context.pace.take_over)
        self._store.postpone_notice(pending.entry_id, self._name, seconds=seconds, idle_ms=self._left)
        return False

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
        """Show one message; an alarm calls the approvers first, whatever becomes of the card."""
        lost_since = str((request.created_at - CLOCKS_APART).timestamp()) if doubtful else ""
        told = Told(f"{self._name} {pending.delivery}", lost_since)
        try:
            if request.alarm and pending.notice.kind is NoticeKind.CARD:
                target = self._target(request)
                self._witness.tell_alarm(request.id, target.approvals_channel if target else None)
        finally:
            place = self._place(request, pending.notice)
            if place is not None:
                self._say(request, pending.notice, place, told)

    def _say(self, request: BroadcastRequest, notice: Notice, place: Place, told: Told) -> None:
        try:
            self._posting.show(request.id, place, told)
        except SlackApiError as error:
            if not is_closed(error):
                raise
            self._say_elsewhere(request, notice, messages.Closed(place.channel, code_of(error), mend_of(error)), told)
        else:
            if notice.kind is NoticeKind.CARD:
                unposted.card_stands(self._context, request)

    def _say_elsewhere(self, request: BroadcastRequest, notice: Notice, closed: messages.Closed, told: Told) -> None:
        """Bring a message that Slack refuses in its place to those who have to know, or can mend it."""
        target = self._target(request)
        other = ChannelId(closed.channel)
        if target and notice.kind is NoticeKind.RESULT:
            other = target.approvals_channel
        if other != closed.channel:
            logs.write("result_elsewhere", level=logging.WARNING, request=request.id, told_in=other, **closed._asdict())
            self._posting.show(request.id, self._result(request, notice, other, closed), told)
            return
        if target and notice.kind is NoticeKind.CARD and request.state is State.PENDING_APPROVAL:
            why = f"Slack refuses the card in {closed.channel} ({closed.code}). {closed.mend}"
            unposted.card_refused(self._context, request, why=why)
            self._witness.tell_unposted(request, closed, target.approvers)
        is_awaited = notice.kind is NoticeKind.CARD and request.state not in SETTLED_STATES
        raise NotTaken(closed.code, closed.mend, is_awaited=is_awaited)

    def _place(self, request: BroadcastRequest, notice: Notice) -> Place | None:
        """Say where a notice goes and what it says; None when it is pointless by now, or was from the beginning."""
        if notice.kind is NoticeKind.CARD:
            return self._card(request)
        if notice.state is not request.state:
            return None  # the later state has a notice of its own
        if notice.kind is NoticeKind.DIRECT:
            message = messages.direct(request, now=self._store.now())
            return Place(_slot(request, notice), ChannelId(request.requester), message)
        target = self._target(request)
        channel = (target.results_channel if target else "") or request.channel
        if channel == request.requester:
            return None  # asked for from the Home tab: the direct message says it all
        return self._result(request, notice, ChannelId(channel))

    def _result(
        self,
        request: BroadcastRequest,
        notice: Notice,
        channel: ChannelId,
        instead_of: messages.Closed | None = None,
    ) -> Place:
        now, hints = self._store.now(), hints_of(request)
        message = messages.result(request, now=now, hints=hints, instead_of=instead_of)
        return Place(_slot(request, notice), channel, message)

    def _card(self, request: BroadcastRequest) -> Place | None:
        target = self._target(request)
        if target is None:
            return None  # its channel is no longer known; the requester is told directly
        # Where the card can be read, nothing keeps it from standing there.
        shown = request.model_copy(update={"waiting_for": "", "remark": None}) if is_unposted(request) else request
        first, again = (
            request_card.render(
                shown,
                now=self._store.now(),
                approvers=tuple(sorted(target.approvers)),
                quorum=target.quorum,
                worker_alive=True,
                halted=self._store.halted(),
                first=calls,
                hints=hints_of(request),
            )
            for calls in (True, False)
        )
        return Place(NoticeKind.CARD.value, target.approvals_channel, again, first=first, follows=True)

    def _target(self, request: BroadcastRequest) -> Target | None:
        return self._context.targets.get(request.content.destination.target)


def _slot(request: BroadcastRequest, notice: Notice) -> str:
    """Name the slot of a message; a revision can reach a state that an earlier one was in, and has one of its own."""
    return notice.slot if request.revision == 1 else f"{notice.slot}:{request.revision}"
