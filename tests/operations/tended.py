"""What the tests of tending share: tend to the end, and demand what a closed gate must leave behind."""

from datetime import timedelta

from operations.bench import Bench

from bot.domain.request import BroadcastRequest
from bot.domain.states import State
from bot.operations.context import Context
from bot.operations.tending import Tended, tend

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def tend_all(bench: Bench, request: BroadcastRequest, context: Context | None = None) -> BroadcastRequest:
    """Tend a request until there is nothing more to do by itself."""
    while (tended := tend(context or bench.context, request.id)).event == State.SENDING:
        pass
    return tended.request


def kept_from_sending(bench: Bench, request: BroadcastRequest, code: str, context: Context | None = None) -> None:
    """Demand that the request stays approved, says what it waits for, and that nothing reached mPaaS."""
    before = bench.store.now()
    assert tend(context or bench.context, request.id).event in {State.APPROVED, f"wait {code}"}
    fresh = bench.now(request)
    assert (fresh.state, fresh.waiting_for) == (State.APPROVED, code)
    assert bench.pushes() == []
    next_wake = bench.store.next_wake()
    assert next_wake is not None
    assert before + 9 * SECOND < next_wake


def handed_back(bench: Bench, tended: Tended, words: str) -> None:
    """Demand that the approvals are void, and that nothing reached mPaaS."""
    request = tended.request
    assert (request.state, request.votes) == (State.CHANGES_REQUESTED, ())
    assert request.remark is not None
    assert words in request.remark.why
    assert bench.pushes() == []


def late(bench: Bench, request: BroadcastRequest, minutes: float) -> BroadcastRequest:
    """Let the veto window have ended so many minutes ago."""
    return bench.commit(request, veto_until=bench.store.now() - minutes * MINUTE)
