"""Time that passes, in place of a jump: what falls due on the way is done when it is due."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from stories.play import WHOM, Card, Play

from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.passing_time import let_time_pass
from bot.playground.stage import Stage

HOUR, DAY = 3600, 24 * 3600
NOW = "maintenance --target live --to android,ios"


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Stage(veto="1h") as stage:
        yield stage


@pytest.fixture
def play(stage: Stage) -> Iterator[Play]:
    play = Play(stage)
    yield play
    play.law_one_holds()


@contextmanager
def passing(play: Play, seconds: float) -> Iterator[None]:
    """Look whether the clock has moved so far, and not farther."""
    before = play.stage.ahead
    yield
    assert (play.stage.ahead - before).total_seconds() == pytest.approx(seconds, abs=1)


def approved(play: Play, command: str = NOW) -> Card:
    card = play.ana.asks(f"{command} {WHOM}")
    play.bo.approves(card)
    card.will_offer("Stop")
    return card


def test_an_approved_push_goes_out_at_the_end_of_its_window_though_a_day_passes(play: Play) -> None:
    card = approved(play)
    with passing(play, DAY):
        let_time_pass(play.stage, DAY)
    card.will_say("sent")
    assert play.executed(card) == {"android": 1, "ios": 1}


def test_what_nobody_approves_expires_on_the_way(play: Play) -> None:
    card = play.ana.asks(f"{NOW} {WHOM}")
    let_time_pass(play.stage, 25 * HOUR)
    card.will_say("expired")
    assert play.pushes(card) == []


def test_without_a_worker_time_passes_and_late_is_never_now(play: Play) -> None:
    card = approved(play)
    play.stage.kill("worker")
    let_time_pass(play.stage, DAY)
    play.stage.revive("worker")
    card.will_say("expired")
    assert play.pushes(card) == []


def test_without_a_store_time_passes_too(play: Play) -> None:
    play.stage.kill_store()
    with passing(play, HOUR):
        let_time_pass(play.stage, HOUR)
    play.stage.start_store()


def test_a_bot_that_cannot_keep_up_is_not_waited_for_for_ever(play: Play) -> None:
    play.mpaas.misbehave(Misbehaviour(kind="hang", action="PushBroadcast"))
    approved(play)
    with passing(play, 2 * HOUR):
        let_time_pass(play.stage, 2 * HOUR, patience=0.1)
    play.mpaas.faults.clear()
    play.mpaas.let_go(execute=False)


def test_a_step_that_makes_no_sense_moves_nothing(play: Play) -> None:
    with passing(play, 0), pytest.raises(ValueError, match="The clock moves forward"):
        let_time_pass(play.stage, -1)
