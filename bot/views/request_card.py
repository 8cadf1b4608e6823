"""The card of a request in the approvals channel: in every state who asks, for what exactly, and what can be done now.

The card is a projection of the stored request; nothing is ever read back from it. How a leg ended is ``record``'s.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from slack_sdk.models.blocks import Block as SlackBlock
from slack_sdk.models.blocks import ButtonElement

from bot.domain.content import Content
from bot.domain.preview import deceptions, substitute
from bot.domain.request import BroadcastRequest
from bot.domain.states import LegState, State
from bot.views import blocks as b
from bot.views import phrases
from bot.views import texts as t
from bot.views.banner import Halted, alarm, banners, pointed_out
from bot.views.ids import Action, Block, ButtonValue
from bot.views.record import EXPLAINED, one_task, record
from bot.views.wording import say

LONGEST_CARD = 8000
"""Characters of the card's JSON: Slack refused messages of about 13,200 (bolt-js issue 2509) and documents no limit."""

LEAST_TEXT = 200
"""Characters of the exact text that are shown whatever else is on the card."""

RECALL_WITHIN = timedelta(days=7)
"""How long mPaaS recalls a push (help page 2871130)."""

MOST_MENTIONS = 20
"""Approvers mentioned on the first card."""

MOST_VOTES = 5
"""Votes written out on the card; the details show all."""


def render(
    request: BroadcastRequest,
    *,
    now: datetime,
    approvers: Sequence[str],
    quorum: int,
    worker_alive: bool = True,
    halted: Halted | None = None,
    first: bool = False,
    hints: Mapping[str, str] | None = None,
) -> b.Message:
    """Draw the card of a request in its present state.

    ``approvers`` (user and user-group ids) are mentioned when the card is posted ``first``, ``hints`` say what to do
    about a code of mPaaS.
    """
    before = [
        b.header(phrases.headline(request)),
        *alarm(request.alarm),
        *banners(halted, worker_alive=worker_alive, sending_matters=request.state in {State.APPROVED, State.SENDING}),
        b.section(_who_asks(request, approvers if first and request.state is State.PENDING_APPROVAL else ())),
        *_deceptive(request),
    ]
    after = [
        b.fields(_facts(request, now, quorum)),
        *_remark(request),
        *record(request, now=now, hints=hints or {}, with_buttons=True),
        b.context(say("card.footer", id=request.id, revision=str(request.revision), digest=request.short_digest)),
        b.actions(_buttons(request, now), Block.CARD.of(str(request.version))),
    ]
    text = _exact_text(request.content, LONGEST_CARD - b.weight([*before, *after]))
    return b.message(_fallback(request), [*before, *text, *after])


def summary(request: BroadcastRequest) -> str:
    """Say a request in one line of mrkdwn: id, where, state, first words, who asked."""
    return say(
        "summary",
        id=request.id,
        headline=t.escape(phrases.headline(request)),
        words=t.inline(phrases.first_words(request.content), 80),
        requester=t.mention(request.requester),
    )


def _fallback(request: BroadcastRequest) -> str:
    return say(
        "card.fallback",
        headline=t.escape(phrases.headline(request)),
        requester=t.mention(request.requester),
        words=t.inline(phrases.first_words(request.content), 120),
    )


def _who_asks(request: BroadcastRequest, approvers: Sequence[str]) -> str:
    asks = say(
        f"card.asks.{phrases.kind(request.content)}",
        requester=t.mention(request.requester),
        target=t.inline(request.content.destination.target, 80),
    )
    edited = request.revision > 1 and say("card.edited", editor=t.mention(request.editor))
    names = [t.mention(approver) for approver in approvers[:MOST_MENTIONS]]
    please = names and say("card.please", approvers=" ".join(names))
    return "\n".join(line for line in (asks, edited, please) if line)


def _deceptive(request: BroadcastRequest) -> list[SlackBlock]:
    """Point out, while somebody is asked to decide, which characters are not what they look like."""
    if request.state is not State.PENDING_APPROVAL:
        return []
    content = request.content
    return pointed_out(say("card.deceptive"), deceptions(content.template, content.values, content.extras))


def _exact_text(content: Content, room: int) -> list[SlackBlock]:
    """Show title, body and link as they will be sent, in what room the rest of the card leaves; say what was cut."""
    text = substitute(content.template, content.values)
    whole = "\n\n".join(part for part in (text.title, text.body, text.uri) if part)
    intro, cut_note = b.context(say("card.text")), b.context(say("card.cut"))
    limit = max(LEAST_TEXT, room - b.weight([intro, cut_note]) - 200)
    shown = b.verbatim(whole, limit)
    while b.weight([intro, *shown, cut_note]) > room and limit > LEAST_TEXT:
        limit = max(LEAST_TEXT, limit * 3 // 4)
        shown = b.verbatim(whole, limit)
    return [intro, *shown, *([cut_note] if t.size(whole) > limit else [])]


def _facts(request: BroadcastRequest, now: datetime, quorum: int) -> Iterable[tuple[str, str]]:
    content = request.content
    yield say("fact.destination"), phrases.destination(content.destination)
    yield say("fact.audience"), phrases.audience(content.audience)
    yield say("fact.platforms"), phrases.platforms(content.platforms)
    yield say("fact.when"), _when(request, now)
    yield say("fact.validity"), phrases.validity(content.expires)
    yield say("fact.template"), t.inline(content.template.name, 150)
    yield say("fact.votes"), _votes(request, quorum)
    if request.state is State.PENDING_APPROVAL:
        yield say("fact.approve_by"), t.moment(request.approve_by)
    if request.state is State.APPROVED and request.veto_until is not None:
        yield say("fact.stop_until"), t.moment(request.veto_until)
    if content.extras or content.task:
        names = [say("form.task"), *content.extras] if content.task else list(content.extras)
        yield say("fact.extras"), t.inline(", ".join(names), 200)


def _when(request: BroadcastRequest, now: datetime) -> str:
    over = request.state in {State.REJECTED, State.WITHDRAWN, State.EXPIRED, State.CANCELLED, State.FAILED}
    times = [] if over else phrases.next_times(request.content.delivery, now=now)
    said = phrases.when(request.content.delivery)
    return "\n".join([said, say("card.next", times=", ".join(times))]) if times else said


def _votes(request: BroadcastRequest, quorum: int) -> str:
    count = say("card.votes", count=str(len(request.votes)), quorum=str(quorum))
    lines = [
        say("card.vote", who=t.mention(vote.approver), at=t.moment(vote.at)) for vote in request.votes[:MOST_VOTES]
    ]
    return "\n".join([count, *lines])


def _remark(request: BroadcastRequest) -> list[SlackBlock]:
    remark = request.remark
    key = "approved_waiting" if request.waiting_for else request.state.value
    if request.alarm and remark is not None and remark.why == request.alarm:
        return []  # the alarm above says it
    if remark is None or not (request.state in EXPLAINED or request.waiting_for):
        return []
    said = b.section(say(f"remark.{key}", who=t.mention(remark.by), at=t.moment(remark.at)))
    return [said, b.section(b.shown(t.one_line(remark.why), 400))] if t.one_line(remark.why) else [said]


def _buttons(request: BroadcastRequest, now: datetime) -> list[ButtonElement]:
    offered = [action for action in _OFFERED[request.state] if _makes_sense(action, request, now)]
    return [_button(action, request) for action in (*offered, Action.DETAILS)]


_AFTERWARDS = (Action.AGAIN,)
_OFFERED: dict[State, tuple[Action, ...]] = {
    State.PENDING_APPROVAL: (Action.APPROVE, Action.REJECT, Action.EDIT, Action.WITHDRAW),
    State.CHANGES_REQUESTED: (Action.EDIT, Action.WITHDRAW),
    State.APPROVED: (Action.STOP,),
    State.SENDING: (),
    State.SENT: (Action.RECALL, Action.AGAIN),
    State.SCHEDULED: (Action.CANCEL, Action.AGAIN),
    State.PARTLY_SENT: (Action.RECALL, Action.CANCEL, Action.AGAIN),
    State.OUTCOME_UNKNOWN: (Action.SETTLE,),
    State.HELD: (Action.SETTLE, Action.WITHDRAW),
    State.FAILED: _AFTERWARDS,
    State.REJECTED: _AFTERWARDS,
    State.WITHDRAWN: _AFTERWARDS,
    State.EXPIRED: _AFTERWARDS,
    State.CANCELLED: _AFTERWARDS,
    State.RECALLED: _AFTERWARDS,
}


def _makes_sense(action: Action, request: BroadcastRequest, now: datetime) -> bool:
    rule = _CONDITIONS.get(action)
    return rule is None or rule(request, now)


def _recallable(request: BroadcastRequest, now: datetime) -> bool:
    sent = [leg.attempted_at for leg in request.legs if leg.state is LegState.ACCEPTED and leg.attempted_at]
    return request.at_once and any(now < at + RECALL_WITHIN for at in sent)


def _never_tried(request: BroadcastRequest, _: datetime) -> bool:
    untouched = all(leg.attempted_at is None for leg in request.legs)
    return request.state is not State.HELD or untouched


_CONDITIONS: dict[Action, Callable[[BroadcastRequest, datetime], bool]] = {
    Action.RECALL: _recallable,
    Action.CANCEL: lambda request, _: not request.at_once,
    Action.WITHDRAW: _never_tried,
}
_STYLES = {Action.APPROVE: "primary", Action.SETTLE: "primary", Action.STOP: "danger"}
_ASKED_TWICE = frozenset({Action.CANCEL, Action.RECALL})


def _button(action: Action, request: BroadcastRequest) -> ButtonElement:
    confirm = None
    if action in _ASKED_TWICE:
        confirm = b.sure(
            say(f"sure.{action.value}.title"),
            say(f"sure.{action.value}.text", words=t.fit(phrases.first_words(request.content), 100)),
            confirm=say(f"button.{action.value}"),
            deny=say("sure.deny"),
        )
    style = _STYLES.get(action) or ("danger" if confirm else None)
    if action is Action.SETTLE and any(one_task(leg) for leg in request.legs):
        style = None  # the button that records what was found is the first choice then
    value = str(ButtonValue.of(request))
    return b.button(action, say(f"button.{action.value}"), value=value, style=style, confirm=confirm)
