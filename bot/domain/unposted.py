"""A request that waits for votes, and whose card Slack does not take: nobody can approve it, and the record says so.

These steps leave no notice: whoever commits them is bringing the card to its place, and draws it again.
"""

from dataclasses import replace
from datetime import datetime

from bot.domain.lifecycle import step
from bot.domain.request import BroadcastRequest, Remark, Step
from bot.domain.states import State

UNPOSTED = "card_refused"
"""What such a request waits for, as a gate's code says it of an approved one."""


def is_unposted(request: BroadcastRequest) -> bool:
    """Tell whether nobody can approve a request, because its card could not be posted."""
    return request.state is State.PENDING_APPROVAL and request.waiting_for == UNPOSTED


def refuse_card(request: BroadcastRequest, *, why: str, now: datetime) -> Step:
    """Write down that Slack does not take the card; the state stays, and so does the time to approve it."""
    remark = Remark(by="worker", at=now, why=why)
    refused = step(request, event=UNPOSTED, actor="worker", now=now, detail=why, waiting_for=UNPOSTED, remark=remark)
    return replace(refused, notices=())


def post_card(request: BroadcastRequest, *, now: datetime) -> Step:
    """Write down that the card stands after all."""
    return replace(step(request, event="card_posted", actor="worker", now=now, waiting_for="", remark=None), notices=())
