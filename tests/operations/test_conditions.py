"""The conditions of production: a real clock, the usual waits and limits."""

from datetime import timedelta

from bot.domain.limits import LIMITS
from bot.operations.conditions import PRODUCTION, Conditions
from bot.operations.pace import USUAL


def test_production_works_by_the_real_clock_with_the_usual_waits_and_limits() -> None:
    assert PRODUCTION.ahead() == timedelta(0)
    assert (PRODUCTION.pace, PRODUCTION.limits) == (USUAL, LIMITS)


def test_conditions_cannot_be_changed_while_the_bot_works() -> None:
    assert Conditions() == PRODUCTION
    assert hash(Conditions()) == hash(PRODUCTION)
