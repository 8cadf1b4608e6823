"""Everything about a request in one modal: the whole text, every parameter as it goes on the wire, and the history."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block as SlackBlock
from slack_sdk.models.blocks import DividerBlock

from bot.domain.content import Platform
from bot.domain.preview import substitute
from bot.domain.request import BroadcastRequest, HistoryLine
from bot.domain.states import State
from bot.views import blocks as b
from bot.views import phrases
from bot.views import texts as t
from bot.views.ids import ButtonValue, Callback
from bot.views.record import record
from bot.views.wording import say

LONGEST_TEXT = 30_000
"""Characters of the text that are shown; mPaaS takes 2 KB."""

LONGEST_WIRE = 18_000
"""Characters of one platform's parameters."""

MOST_LINES = 60
"""Lines of history, the newest: a modal has 100 blocks, and a line may take 200 characters."""

LINES_A_SECTION = 6


_STATES = frozenset(state.value for state in State)


def render(
    request: BroadcastRequest,
    *,
    history: Sequence[HistoryLine],
    wire: Mapping[Platform, Mapping[str, str]],
    now: datetime,
    hints: Mapping[str, str] | None = None,
) -> b.View:
    """Draw the details; ``wire`` holds each leg's PushBroadcast parameters, ``hints`` a sentence per code of mPaaS."""
    content = request.content
    text = substitute(content.template, content.values)
    whole = "\n\n".join(part for part in (text.title, text.body, text.uri) if part)
    blocks: list[SlackBlock] = [
        b.header(phrases.headline(request)),
        b.fields(_facts(request)),
        b.context(say("card.text")),
        *b.verbatim(whole, LONGEST_TEXT),
        *record(request, now=now, hints=hints or {}),
        DividerBlock(),
        *(block for platform, parameters in wire.items() for block in _wire(platform, parameters)),
        DividerBlock(),
        *_history(history),
        b.context(b.plain(say("details.digest", digest=request.digest))),
    ]
    return b.modal(Callback.DETAILS, say("details.title", id=request.id), blocks, metadata=str(ButtonValue.of(request)))


def _facts(request: BroadcastRequest) -> list[tuple[str, str]]:
    where = request.content.destination
    return [
        (say("fact.destination"), phrases.destination(where)),
        (
            say("fact.app"),
            t.inline(" / ".join(part for part in (where.app_id, where.workspace_id, where.tenant_id) if part)),
        ),
        (say("fact.endpoint"), t.inline(where.endpoint)),
        (say("fact.requester"), t.mention(request.requester)),
        (say("fact.when"), phrases.when(request.content.delivery)),
        (say("fact.audience"), phrases.audience(request.content.audience)),
        (say("fact.validity"), phrases.validity(request.content.expires)),
        (say("fact.submitted"), t.moment(request.submitted_at)),
        (say("fact.approve_by"), t.moment(request.approve_by)),
        (say("fact.votes"), ", ".join(t.mention(vote.approver) for vote in request.votes) or say("nobody")),
    ]


def _wire(platform: Platform, parameters: Mapping[str, str]) -> list[SlackBlock]:
    """Show the parameters as plain text, one a line, exactly as they are encoded into the form body."""
    lines = "\n".join(f"{name} = {value}" for name, value in sorted(parameters.items()))
    return [
        b.context(say("details.wire", platform=say(f"platform.{platform.value}"))),
        *b.verbatim(lines, LONGEST_WIRE),
    ]


def _history(history: Sequence[HistoryLine]) -> list[SlackBlock]:
    newest = list(history)[-MOST_LINES:]
    left_out = len(history) - len(newest)
    lines = [_line(line) for line in newest]
    blocks: list[SlackBlock] = [b.context(say("details.history"))]
    if left_out:
        blocks.append(b.context(say("details.older", count=str(left_out))))
    starts = range(0, len(lines), LINES_A_SECTION)
    return [*blocks, *(b.section("\n".join(lines[start : start + LINES_A_SECTION])) for start in starts)]


def _line(line: HistoryLine) -> str:
    return say(
        "details.line",
        at=t.moment(line.at),
        event=t.inline(line.event, 60),
        who=t.mention(line.actor),
        state=say(f"status.{line.after}") if line.after in _STATES else t.inline(line.after, 40),
        detail=t.inline(line.detail, 160),
    ).rstrip()
