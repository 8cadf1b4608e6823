"""Time that passes, in place of a jump: what falls due on the way is done when it is due."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
from stories.play import WHOM, Card, Play

from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.passing_time import let_time_pass
from bot.playground.stage import Stage

pytestmark = pytest.mark.long
"""Real processes by the dozen, and waits of seconds."""

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
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


def lost(play: Play, *, when: Literal["before", "after"]) -> Card:
    """Send a push whose first answer is lost, before or after mPaaS executed it."""
    card = approved(play)
    play.mpaas.misbehave(Misbehaviour(kind="reset", when=when, action="PushBroadcast"))
    let_time_pass(play.stage, HOUR + 1)
    card.will_say("outcome unknown")
    return card


def looks(play: Play, card: Card) -> int:
    asked = [entry.parameters["TaskName"] for entry in play.mpaas.journal.entries("QueryPushAnalysisTaskList")]
    return asked.count(f"maintenance {card.id}-1-android")


def test_while_time_passes_the_bot_looks_for_what_is_unknown_as_often_as_it_would(play: Play) -> None:
    card = lost(play, when="before")
    before = looks(play, card)
    let_time_pass(play.stage, 20 * MINUTE)
    assert 8 <= looks(play, card) - before <= 12
    card.will_say("Not found at mPaaS in 3 looks")


def test_on_a_long_way_looks_may_come_late_and_are_few_and_they_end(play: Play) -> None:
    card = lost(play, when="before")
    before = looks(play, card)
    with passing(play, 2 * DAY):
        let_time_pass(play.stage, 2 * DAY)
    assert 4 <= looks(play, card) - before <= 15
    card.will_say("it very probably did not go out.")
    before = looks(play, card)
    let_time_pass(play.stage, DAY)
    assert looks(play, card) == before


def test_looks_that_may_come_late_delay_nothing_that_may_not(play: Play) -> None:
    lost(play, when="before")
    card = approved(play)
    let_time_pass(play.stage, 2 * DAY)
    card.will_say("sent")
    assert play.executed(card) == {"android": 1, "ios": 1}


def test_what_was_found_is_offered_to_be_recorded_and_not_looked_for_any_longer(play: Play) -> None:
    card = lost(play, when="after")
    card.will_say("Found at mPaaS")
    let_time_pass(play.stage, 20 * MINUTE)
    before = looks(play, card)
    let_time_pass(play.stage, DAY)
    assert looks(play, card) == before
    card.will_offer("Record Android as sent")
