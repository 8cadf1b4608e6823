"""Somebody changed a stored record outside the bot: see to it that nothing is sent, and that people hear of it.

Whatever such a record says may be a lie, so it can only be moved to where nothing is sent from any more: a request that
waits for people ends, one that could be sent is held, one whose outcome is open stays so, marked. The record as it was
found is kept beside the new one, the alarm stays on the request for good, and so does what the history says of it.
"""

import logging
from datetime import datetime, timedelta

from bot import logs
from bot.domain import lifecycle, sending
from bot.domain.content import RequestId
from bot.domain.request import BroadcastRequest, Step
from bot.domain.states import SETTLED_STATES, State
from bot.errors import Conflict, Refused
from bot.operations.context import Context

AGAIN = timedelta(hours=1)
"""How soon a record that can't be put anywhere is looked at, and complained of, once more."""


def contain(context: Context, request_id: RequestId, why: str) -> BroadcastRequest | None:
    """Put a broken record where nothing can come of it; return the request then, None when it can't be read so far.

    People are told either way: by the card, and by a message in the approvals channel.
    """
    logs.write("seal_broken", level=logging.ERROR, request=request_id, why=why)
    step = _safest(context, request_id, why)
    if step is None:
        context.store.postpone(request_id, context.store.now() + AGAIN)
        return None
    try:
        return context.store.commit(step, commit_id=context.mint())
    except Conflict:
        return None


def _safest(context: Context, request_id: RequestId, why: str) -> Step | None:
    record = context.store.record(request_id)
    if record.request is None or not record.complaint or not record.version:
        return None
    request = record.request.model_copy(update={"version": record.version})
    try:
        return _step(request, why, context.store.now())
    except (Refused, ValueError):
        return None  # it contradicts itself, so no rule fits it; it stays broken, and nobody sends it


def _step(request: BroadcastRequest, why: str, now: datetime) -> Step | None:
    if request.state in SETTLED_STATES:
        return None
    if request.state in {State.APPROVED, State.SENDING}:
        return sending.hold(request, why=why, now=now, alarm=why)
    return lifecycle.contain(request, why=why, now=now)
