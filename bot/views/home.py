"""The Home tab: what waits for me, what I asked for, what is scheduled, what went out lately."""

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block as SlackBlock
from slack_sdk.models.blocks import DividerBlock

from bot.domain.request import BroadcastRequest
from bot.views import blocks as b
from bot.views import phrases
from bot.views import texts as t
from bot.views.banner import Halted, banners
from bot.views.ids import Action, ButtonValue, Callback
from bot.views.request_card import summary
from bot.views.wording import say

MOST_OF_A_KIND = 10
"""Requests shown under one heading: four headings of twelve blocks stay under Slack's 100."""


def render(
    *,
    waiting: Sequence[BroadcastRequest],
    mine: Sequence[BroadcastRequest],
    scheduled: Sequence[BroadcastRequest],
    recent: Sequence[BroadcastRequest],
    now: datetime,
    worker_alive: bool = True,
    halted: Halted | None = None,
    unreached: Sequence[str] = (),
) -> b.View:
    """Draw one person's Home tab: ``waiting`` for their decision, ``mine`` and open, and what everybody may see."""
    new = b.button(Action.NEW, say("home.new"), style="primary")
    blocks: list[SlackBlock] = [
        *banners(halted, worker_alive=worker_alive, unreached=unreached),
        b.section(say("home.welcome")),
        b.actions([new]),
    ]
    for key, requests in (("waiting", waiting), ("mine", mine), ("scheduled", scheduled), ("recent", recent)):
        blocks += _part(key, requests, now)
    return b.home_view(Callback.HOME, blocks)


def _part(key: str, requests: Sequence[BroadcastRequest], now: datetime) -> list[SlackBlock]:
    rows = [_row(key, request, now) for request in requests[:MOST_OF_A_KIND]]
    more = len(requests) - len(rows)
    end: list[SlackBlock] = [b.context(say("home.more", count=str(more)))] if more > 0 else []
    nothing: list[SlackBlock] = [] if rows else [b.context(say(f"home.{key}.none"))]
    return [DividerBlock(), b.header(say(f"home.{key}")), *nothing, *rows, *end]


def _row(key: str, request: BroadcastRequest, now: datetime) -> SlackBlock:
    button = b.button(Action.DETAILS, say("button.show_details"), value=str(ButtonValue.of(request)))
    lines = [summary(request), phrases.when(request.content.delivery)]
    if key == "waiting":
        lines.append(say("home.approve_by", at=t.moment(request.approve_by)))
    if key == "scheduled":
        lines += phrases.next_times(request.content.delivery, now=now)[:1]
    return b.section("\n".join(lines), accessory=button)
