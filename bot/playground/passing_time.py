"""Let time pass on a stage: what falls due on the way is done when it is due, as if the time had really passed.

A jump would do otherwise: a worker that finds an approved push hours after its window lets it expire, because late is
never now. So the clock goes from one wake-up to the next, and waits for the bot at each. Where nobody tends what is due
(no worker, no store) time passes without anybody, as it would.
"""

import threading
import time
from datetime import timedelta

from bot.domain.states import State
from bot.errors import StoreUnavailable
from bot.playground.stage import Stage

PATIENCE = 12.0
"""Real seconds that the bot has for what is due: a little more than its longest call to mPaaS."""

LOOK = 0.02
"""Seconds between two looks at the store."""

_AT_ONCE = timedelta(0)


def let_time_pass(stage: Stage, seconds: float, *, patience: float = PATIENCE) -> None:
    """Move every clock forward by so many seconds, with a stop at each thing that falls due on the way.

    Raises ValueError for a step back, or one that is too long, and then nothing has moved.
    """
    stage.check_step(seconds)
    left = timedelta(seconds=seconds)
    while left > _AT_ONCE and _somebody_tends(stage) and (step := _until_next(stage)) is not None and step < left:
        stage.advance(step.total_seconds())
        left -= step
        if not _is_tended(stage, patience):
            break
    stage.advance(left.total_seconds())


def _somebody_tends(stage: Stage) -> bool:
    return any(one.ready and one.verb[0] in {"worker", "run"} for one in stage.processes())


def _until_next(stage: Stage) -> timedelta | None:
    """Say how long it is until the next request wakes; None when none waits, or nobody can tell."""
    try:
        with stage.store() as store:
            wake = store.next_wake()
    except StoreUnavailable:
        return None
    return None if wake is None else max(_AT_ONCE, wake - stage.now())


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
