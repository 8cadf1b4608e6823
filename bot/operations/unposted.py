"""Write down that nobody can approve a request, because Slack does not take its card; and that it does, after all."""

from contextlib import suppress

from bot.domain import unposted
from bot.domain.request import BroadcastRequest, Step
from bot.domain.states import State
from bot.errors import Conflict
from bot.operations.context import Context


def card_refused(context: Context, request: BroadcastRequest, *, why: str) -> None:
    """Say on a request that waits for votes, once, why its card does not stand."""
    if request.state is State.PENDING_APPROVAL and not unposted.is_unposted(request):
        _commit(context, unposted.refuse_card(request, why=why, now=context.store.now()))


def card_stands(context: Context, request: BroadcastRequest) -> None:
    """Take that back, if it was said."""
    if unposted.is_unposted(request):
        _commit(context, unposted.post_card(request, now=context.store.now()))


def _commit(context: Context, step: Step) -> None:
    """Store the step, unless the request moved on: what it is now has a notice of its own, and is looked at then."""
    with suppress(Conflict):
        context.store.commit(step, commit_id=context.mint())
