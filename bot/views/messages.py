"""Messages besides the card: the result in the channel, direct messages, and answers that one person sees."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from slack_sdk.models.blocks import Block as SlackBlock
from slack_sdk.models.blocks import ButtonElement

from bot.domain.content import RequestId
from bot.domain.request import BroadcastRequest
from bot.domain.states import State
from bot.domain.trail import Head
from bot.errors import Problem
from bot.views import banner, phrases
from bot.views import blocks as b
from bot.views import texts as t
from bot.views.banner import Halted, banners
from bot.views.ids import COMMAND, Action, ButtonValue, Callback
from bot.views.record import EXPLAINED, record
from bot.views.request_card import summary
from bot.views.wording import say

MOST_LISTED = 20
"""Requests in a listing."""

MOST_CALLED = 20
"""Approvers mentioned in an alarm."""


class Closed(NamedTuple):
    """Say which channel Slack refuses a message in, by which word, and in a sentence who can mend it."""

    channel: str
    code: str
    mend: str

    def say(self, key: str, **parts: str) -> str:
        """Say it in a sentence of the catalogue."""
        return say(key, channel=t.channel(self.channel), code=t.inline(self.code, 60), mend=self.mend, **parts)


def result(
    request: BroadcastRequest,
    *,
    now: datetime,
    hints: Mapping[str, str] | None = None,
    instead_of: Closed | None = None,
) -> b.Message:
    """Tell a channel what became of a request: its state, who asked and approved, and every leg.

    ``instead_of`` is the channel where it belongs, and which does not take it.
    """
    approvers = phrases.listed([t.mention(vote.approver) for vote in request.votes])
    key = "result.people" if approvers else "result.requester"
    blocks: list[SlackBlock] = [
        b.section(f"*{t.escape(phrases.headline(request))}*"),
        b.section(b.shown(phrases.first_words(request.content), 300)),
        b.context(say(key, requester=t.mention(request.requester), approvers=approvers)),
        *_time(request, now),
        *record(request, now=now, hints=hints or {}),
        *([b.context(instead_of.say("result.elsewhere"))] if instead_of else []),
        b.actions([_details(request)]),
    ]
    return b.message(summary(request), blocks)


def unposted(request: BroadcastRequest, closed: Closed, *, reader: str) -> b.Message:
    """Tell one person, the requester or an approver, that nobody can approve a request, and who can mend that."""
    is_own = reader == request.requester
    key, requester = (
        ("unposted.requester", {}) if is_own else ("unposted.approver", {"requester": t.mention(request.requester)})
    )
    said = closed.say(key, id=request.id, **requester)
    own = [b.button(Action.WITHDRAW, say("button.withdraw"), value=str(ButtonValue.of(request)))] if is_own else []
    blocks: list[SlackBlock] = [
        b.section(said),
        b.section(b.shown(phrases.first_words(request.content), 300)),
        b.context(say("unposted.then")),
        b.actions([_details(request), *own]),
    ]
    return b.message(said, blocks)


def direct(request: BroadcastRequest, *, now: datetime) -> b.Message:
    """Tell the requester, in a direct message, that their request reached its present state, and what to do now."""
    remark = request.remark
    why = t.one_line(remark.why) if remark is not None and request.state in EXPLAINED else ""
    who = t.mention(remark.by) if remark is not None else ""
    reason: list[SlackBlock] = [b.section(b.shown(why, 1000))] if why else []
    blocks: list[SlackBlock] = [
        b.section(f"*{t.escape(phrases.headline(request))}*"),
        b.section(say(f"direct.{'alarm' if request.alarm else request.state.value}", id=request.id, who=who)),
        *reason,
        b.section(b.shown(phrases.first_words(request.content), 300)),
        *_time(request, now),
        b.actions([_details(request), *_own(request)]),
    ]
    return b.message(summary(request), blocks)


def _time(request: BroadcastRequest, now: datetime) -> list[SlackBlock]:
    """Say when it goes out, and the next times, of what mPaaS keeps for later."""
    if request.state is not State.SCHEDULED:
        return []
    times = phrases.next_times(request.content.delivery, now=now)
    lines = [phrases.when(request.content.delivery)] + ([say("card.next", times=", ".join(times))] if times else [])
    return [b.context("\n".join(lines))]


def _details(request: BroadcastRequest) -> ButtonElement:
    return b.button(Action.DETAILS, say("button.show_details"), value=str(ButtonValue.of(request)))


def _own(request: BroadcastRequest) -> list[ButtonElement]:
    """Offer the requester's next step where there is one."""
    action = _NEXT_STEP.get(request.state)
    return [b.button(action, say(f"button.{action.value}"), value=str(ButtonValue.of(request)))] if action else []


_NEXT_STEP = {
    State.CHANGES_REQUESTED: Action.EDIT,
    State.APPROVED: Action.STOP,
    State.OUTCOME_UNKNOWN: Action.SETTLE,
    State.HELD: Action.SETTLE,
    State.REJECTED: Action.AGAIN,
    State.EXPIRED: Action.AGAIN,
}


def note(sentence: str, *, names_people: bool = False) -> b.Message:
    """Answer one person with a sentence of the bot's rules; with ``names_people`` the ids in it stay mentions."""
    return _note(t.sentence(sentence, names_people=names_people))


def _note(marked: str) -> b.Message:
    return b.message(marked, [b.section(marked)])


def refused(problems: Sequence[Problem]) -> b.Message:
    """Answer one person with everything that spoke against what they wanted."""
    lines = dict.fromkeys(t.sentence(problem.sentence, names_people=problem.names_people) for problem in problems)
    return _note("\n".join(lines) or say("refused.nothing_said"))


def halted(halt: Halted) -> b.Message:
    """Tell everybody in the channel who halted all sending, until when and why, and how it ends."""
    blocks = [*banners(halt, worker_alive=True), b.context(say("halt.resume"))]
    return b.message(say("halt.now"), blocks)


def alarm(request_id: RequestId, *, approvers: Sequence[str] = ()) -> b.Message:
    """Tell everybody in an approvals channel that a stored record was changed, and what to do."""
    called = " ".join(t.mention(approver) for approver in approvers[:MOST_CALLED])
    blocks: list[SlackBlock] = [
        b.header(say("alarm.header", id=request_id)),
        *banner.alarm(say("alarm.do", id=request_id)),
        *([b.section(say("alarm.please", approvers=called))] if called else []),
    ]
    return b.message(say("alarm.header", id=request_id), blocks)


def day_head(head: Head, *, day: str) -> b.Message:
    """Show the newest audit entry of a day, so that Slack is the witness, and say how to check it."""
    said = say("head.text", day=day, n=str(head.n))
    return b.message(said, [b.section(said), b.context(say("head.check", head=str(head)))])


def nothing_recorded() -> b.Message:
    """Answer a press that the store did not take: nothing was recorded, press again."""
    return note(say("nothing_recorded"))


def done(request: BroadcastRequest) -> b.Message:
    """Answer a press that did what it says: the state that it led to."""
    return note(say("done.now", id=request.id, headline=phrases.headline(request)))


def help_text() -> b.Message:
    """Explain the command, with examples."""
    blocks: list[SlackBlock] = [
        b.section(say(f"help.{part}", command=COMMAND)) for part in ("form", "words", "options")
    ]
    return b.message(say("help.fallback", command=COMMAND), [*blocks, b.actions([_new()])])


def listing(requests: Sequence[BroadcastRequest], *, now: datetime, kind: str = "open") -> b.Message:
    """List requests, newest first; ``kind`` is "open", "scheduled" or "recent"."""
    if not requests:
        return b.message(say(f"listing.{kind}.none"), [b.section(say(f"listing.{kind}.none")), b.actions([_new()])])
    rows: list[SlackBlock] = []
    for request in requests[:MOST_LISTED]:
        times = phrases.next_times(request.content.delivery, now=now)[:1]
        lines = [summary(request), phrases.when(request.content.delivery), *times]
        rows.append(b.section("\n".join(lines), accessory=_details(request)))
    more = len(requests) - len(rows)
    end: list[SlackBlock] = [b.context(say("more", count=str(more)))] if more > 0 else []
    heading = say(f"listing.{kind}", count=str(len(requests)))
    return b.message(heading, [b.section(heading), *rows, *end])


def _new() -> ButtonElement:
    return b.button(Action.NEW, say("home.new"), style="primary")


def loading() -> b.View:
    """Draw the small view that is open at once, while something slow is read."""
    return b.modal(Callback.LOADING, say("loading.title"), [b.section(say("loading.text"))])


def error(sentence: str, *, names_people: bool = False) -> b.View:
    """Draw a view that says in a sentence why there is nothing else to see."""
    return b.modal(Callback.ERROR, say("error.title"), [b.section(t.sentence(sentence, names_people=names_people))])
