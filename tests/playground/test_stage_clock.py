"""The stage's clock: moved forward, it is later for everybody at once, in the bot's real processes too."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import clock
import pytest
from stories.play import WHOM, Card, Play

from bot.playground.cast import ANA, GENERAL
from bot.playground.stage import FARTHEST, FARTHEST_AHEAD, Stage

HOUR = 3600


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Stage(veto="1h") as stage:
        yield stage


@pytest.fixture
def play(stage: Stage) -> Iterator[Play]:
    stage.mpaas.journal.clear()
    play = Play(stage)
    yield play
    play.law_one_holds()


def asked(play: Play, *, target: str = "live", more: str = "") -> Card:
    return play.ana.asks(f"maintenance --target {target} --to android,ios {more} {WHOM}")


def dates_signed(play: Play, card: Card) -> list[datetime]:
    """Read from the pushes that mPaaS took when each was signed."""
    headers = [dict(push.headers) for push in play.pushes(card)]
    return [datetime.fromisoformat(one["x-acs-date"]) for one in headers]


def test_a_veto_window_is_over_when_the_clock_has_moved_past_it(play: Play) -> None:
    card = asked(play)
    play.bo.approves(card)
    card.will_offer("Stop")
    assert play.pushes(card) == []

    play.stage.advance(HOUR)

    card.will_say("Push to all devices of live: sent")
    assert play.executed(card) == {"android": 1, "ios": 1}
    assert {(push.signature, push.status) for push in play.pushes(card)} == {("right", 200)}
    assert all(abs(play.stage.now() - date) < timedelta(minutes=5) for date in dates_signed(play, card))


def test_what_nobody_approved_in_time_expires(play: Play) -> None:
    card = asked(play)
    play.stage.advance(25 * HOUR)
    card.will_say("expired, not sent", "Nobody approved it in time.")
    play.ana.hears(card, "expired. Nothing was sent.")
    assert play.pushes(card) == []


def test_what_is_scheduled_goes_out_at_mpaas_when_its_time_has_come(play: Play) -> None:
    card = asked(play, target="test", more='--at "in 2h"')
    play.bo.approves(card)
    card.will_say("Test push on test: scheduled")
    before = len(play.mpaas.tasks())
    play.stage.advance(HOUR)
    assert len(play.mpaas.tasks()) == before
    play.stage.advance(2 * HOUR)
    assert len(play.mpaas.tasks()) == before + 2


def test_a_halt_for_a_time_ends_with_it_and_the_worker_sends_again(play: Play) -> None:
    halted = play.stage.operate("halt", "--for", "65m", "a drill")
    assert halted.returncode == 0, halted.stderr
    card = asked(play)
    play.bo.approves(card)
    play.stage.advance(HOUR)
    card.will_say("All sending is halted")
    assert play.pushes(card) == []

    play.stage.advance(6 * 60)
    card.will_say("Push to all devices of live: sent")
    assert play.executed(card) == {"android": 1, "ios": 1}
    with play.stage.store() as store:
        assert store.resume() is None


def test_the_workers_are_as_alive_as_before(play: Play) -> None:
    with play.stage.store() as store:
        before = store.alive("worker")
        play.stage.advance(24 * HOUR)
        assert len(before) == 1
        assert store.alive("worker") == before


def test_all_clocks_agree_and_doctor_says_so(play: Play) -> None:
    play.stage.advance(HOUR)
    stage, real = play.stage, clock.machine_now()
    assert stage.ahead >= timedelta(hours=1)
    with stage.store() as store:
        told = [stage.now(), stage.slack.world.now(), stage.mpaas.now(), store.now(), real + stage.ahead]
    assert max(told) - min(told) < timedelta(seconds=10)
    assert stage.now().utcoffset() == timedelta(0)
    found = stage.operate("doctor")
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize(
    "seconds", [-1, -0.001, float("nan"), float("inf"), 1e300, FARTHEST.total_seconds() + 1, "soon", None]
)
def test_a_step_that_makes_no_sense_is_refused_and_moves_nothing(play: Play, seconds: float) -> None:
    before, changes = play.stage.ahead, list[str]()
    play.stage.on_change.append(lambda: changes.append("rung"))
    with pytest.raises(ValueError, match="The clock moves forward, by at most 400 days at a time"):
        play.stage.advance(seconds)
    play.stage.on_change.pop()
    assert (play.stage.ahead, changes) == (before, [])


def test_the_clock_does_not_run_off_the_calendar() -> None:
    with Stage(processes=()) as stage:
        for _ in range(FARTHEST_AHEAD // FARTHEST):
            stage.advance(FARTHEST.total_seconds())
        with pytest.raises(ValueError, match="as far ahead as it goes"):
            stage.advance(1)
        assert stage.ahead == FARTHEST_AHEAD
        assert stage.mpaas.now() - stage.slack.world.now() < timedelta(seconds=5)


def test_over_http_slacks_signatures_are_checked_by_the_same_clock() -> None:
    with Stage(processes=(("slack", "--http", "0"),)) as stage:
        stage.advance(HOUR)
        assert stage.slack.command(ANA.id, GENERAL.id, "/broadcast help").failure == ""
        # Somebody who kept a request, and repeats it later, is refused.
        stage.slack.world.advance(timedelta(minutes=6))
        assert stage.slack.command(ANA.id, GENERAL.id, "/broadcast help").failure
