"""Let time pass on a stage: what falls due on the way is done when it is due, as if the time had really passed.

A jump would do otherwise: a worker that finds an approved push hours after its window lets it expire, because late is
never now. So the clock goes from one wake-up to the next, and waits for the bot at each. Where nobody tends what is due
(no worker, no store) time passes without anybody, as it would.

Only looks at mPaaS for what is unknown may come late on a long way: they change no state, there are two dozen of them
in a day for each such request, and nobody wants to wait for each.
"""

import threading
import time
from datetime import timedelta

from bot.domain.request import earliest
from bot.domain.states import State
from bot.errors import StoreUnavailable
from bot.playground.stage import Stage

PATIENCE = 12.0
"""Real seconds that the bot has for what is due: a little more than its longest call to mPaaS."""

MOST_LOOKED_AT = 500
"""Requests that are looked at for what must be done on time."""

LOOK = 0.02
"""Seconds between two looks at the store."""

MOST_STOPS = 50
"""Stops for looks at mPaaS, however many requests are unknown."""

_AT_ONCE = timedelta(0)
_ON_TIME = (State.PENDING_APPROVAL, State.CHANGES_REQUESTED, State.APPROVED, State.SENDING)
"""States in which what is due is done when it is due."""


def let_time_pass(stage: Stage, seconds: float, *, patience: float = PATIENCE) -> None:
    """Move every clock forward by so many seconds, with a stop at each thing that falls due on the way.

    Raises ValueError for a step back, or one that is too long, and then nothing has moved.
    """
    stage.check_step(seconds)
    left = timedelta(seconds=seconds)
    shortest = left / MOST_STOPS
    while (
        left > _AT_ONCE
        and _somebody_tends(stage)
        and (step := _until_next(stage, shortest)) is not None
        and step < left
    ):
        stage.advance(step.total_seconds())
        left -= step
        if not _is_tended(stage, patience):
            break
    stage.advance(left.total_seconds())


def _somebody_tends(stage: Stage) -> bool:
    return any(one.ready and one.verb[0] in {"worker", "run"} for one in stage.processes())


def _until_next(stage: Stage, shortest: timedelta) -> timedelta | None:
    """Say how long it is until the next stop; None when no request waits, or nobody can tell."""
    try:
        with stage.store() as store:
            wake, waiting = store.next_wake(), store.list_requests(states=_ON_TIME, limit=MOST_LOOKED_AT)
    except StoreUnavailable:
        return None
    if wake is None:
        return None
    now = stage.now()
    on_time = earliest(*(request.wake_at for request in waiting))
    soonest = shortest if on_time is None else min(shortest, on_time - now)
    return max(_AT_ONCE, wake - now, soonest)


def _is_tended(stage: Stage, patience: float) -> bool:
    """Wait until nothing is due and nothing is on its way; tell whether that came."""
    deadline = time.monotonic() + patience
    looking = threading.Event()
    while not _is_quiet(stage):
        if time.monotonic() > deadline:
            return False
        looking.wait(LOOK)
    return True


def _is_quiet(stage: Stage) -> bool:
    try:
        with stage.store() as store:
            return not store.due(1) and not store.list_requests(states=(State.SENDING,), limit=1)
    except StoreUnavailable:
        return True
