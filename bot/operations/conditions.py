"""The conditions under which the bot works: its clock, its waits, its limits. Production has one set of them.

They are handed down together, from an entry to the bot to the context of its operations; nobody reads them from the
environment. A stage has others: a clock that moves, shorter waits, limits that fit scripts.
"""

from dataclasses import dataclass

from bot.domain.limits import LIMITS, Limits
from bot.operations.pace import USUAL, Pace
from bot.store.room import Ahead, not_ahead


@dataclass(frozen=True)
class Conditions:
    """Hold what production never changes."""

    ahead: Ahead = not_ahead
    """How far every clock is ahead of the real one."""
    pace: Pace = USUAL
    """How long to wait for what may never come."""
    limits: Limits = LIMITS
    """How much one person may do."""


PRODUCTION = Conditions()
