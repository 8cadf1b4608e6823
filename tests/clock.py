"""The clock of the tests: a run begins at the moment that it was told, on whatever day and at whatever hour it is made.

It is the machine's clock, moved by one step for a whole run: what is compared with the store, which reads its server's
time, has to go on as that does. ``pytest --begin 2026-12-31T23:59+00:00`` runs the tests as if it were then.
"""

import time
from datetime import UTC, datetime, timedelta

from bot.operations.conditions import Conditions

BEGIN = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
"""When a run begins that was told nothing else."""

_moved = [timedelta(0)]


def machine_now() -> datetime:
    """Read the machine's own clock: only for what takes no other, such as the vendor's client."""
    return datetime.fromtimestamp(time.time(), UTC)


def begin_at(moment: datetime) -> None:
    """Let it be this moment now; called once, before any test."""
    _moved[0] = moment - machine_now()


def ahead() -> timedelta:
    """Say how far the tests' clock is ahead of the machine's; it may be behind."""
    return _moved[0]


def hour_ahead() -> timedelta:
    """Say how far ahead of the machine's a clock is that shows the same hour as the tests' and never goes back."""
    return ahead() % timedelta(days=1)


def now() -> datetime:
    """Read the tests' clock, in UTC."""
    return machine_now() + ahead()


CONDITIONS = Conditions(ahead=ahead)
"""Those of production, by the tests' clock."""
