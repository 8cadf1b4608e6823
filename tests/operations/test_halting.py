"""Halt and resume: everybody who is listed anywhere, and nobody else."""

from datetime import timedelta

import pytest
from operations.bench import Bench

from bot.errors import Refused
from bot.operations import halting
from bot.playground.cast import ANA, BO, DANA, GUS, OLGA, TEAM


@pytest.mark.parametrize("user", [ANA.id, BO.id])
def test_a_requester_or_an_approver_halts_and_resumes(bench: Bench, user: str) -> None:
    halt = halting.halt(bench.context, user, team_id=TEAM, why="Wrong text", lasting=None)
    assert bench.store.halted() == halt
    assert (halt.by, halt.why, halt.until) == (user, "Wrong text", None)
    assert halting.resume(bench.context, user, team_id=TEAM) == halt
    assert bench.store.halted() is None


def test_a_halt_for_a_time_ends_by_the_stores_clock(bench: Bench) -> None:
    halt = halting.halt(bench.context, BO.id, team_id=TEAM, why="", lasting=timedelta(hours=2))
    assert halt.until == halt.at + timedelta(hours=2)
    short = halting.halt(bench.context, BO.id, team_id=TEAM, why="", lasting=timedelta(milliseconds=-1))
    assert short.until is not None
    assert bench.store.halted() is None


def test_to_resume_what_is_not_halted_is_no_mistake(bench: Bench) -> None:
    assert halting.resume(bench.context, ANA.id, team_id=TEAM) is None


@pytest.mark.parametrize(
    ("user", "team_id", "code"),
    [(DANA.id, TEAM, "not_listed"), (GUS.id, TEAM, "guest"), (OLGA.id, OLGA.team_id, "other_team")],
)
def test_somebody_who_is_not_listed_neither_halts_nor_resumes(bench: Bench, user: str, team_id: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        halting.halt(bench.context, user, team_id=team_id, why="", lasting=None)
    assert (refused.value.code, bench.store.halted()) == (code, None)
    halt = halting.halt(bench.context, BO.id, team_id=TEAM, why="", lasting=None)
    with pytest.raises(Refused):
        halting.resume(bench.context, user, team_id=team_id)
    assert bench.store.halted() == halt
