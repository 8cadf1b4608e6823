"""A worker ends while mPaaS has its request in hand: killed at the worst moment, or asked to stop by a deploy."""

from collections.abc import Iterator

import pytest
from stories.play import WHOM, Card, Play

from bot.domain.states import LegState
from bot.playground.bot_process import BotProcess
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.stage import Stage

PLATFORMS_GIVE = 10.0
"""Seconds between SIGTERM and SIGKILL on the usual platforms."""


@pytest.fixture(scope="module")
def own_stage() -> Iterator[Stage]:
    with Stage(veto="0s") as stage:
        yield stage


@pytest.fixture
def play(own_stage: Stage) -> Iterator[Play]:
    own_stage.mpaas.journal.clear()
    play = Play(own_stage)
    yield play
    play.law_one_holds()


@pytest.fixture
def worker(own_stage: Stage) -> BotProcess:
    return own_stage.bots[-1]


@pytest.fixture
def in_hand(play: Play) -> Card:
    """Approve a push, and let mPaaS be slow with its first call."""
    card = play.ana.asks(f"outage city=Berlin time=18:00 --target live --to android,ios {WHOM}")
    play.mpaas.misbehave(Misbehaviour(kind="hang", action="PushBroadcast"))
    play.bo.approves(card)
    play.push_arrives()
    return card


def test_a_worker_killed_in_the_middle_of_a_call_never_repeats_it(
    play: Play, in_hand: Card, worker: BotProcess
) -> None:
    # The request is on its way; its worker is gone. mPaaS executes it, and nobody hears the answer.
    worker.kill()
    play.mpaas.let_go()
    play.push_arrives(finished=True)

    # Another worker finds the claim. When its lease is over, it says that it does not know, and sends the rest.
    play.stage.start("worker").ready()
    play.passes(in_hand, seconds=30)
    in_hand.will_say("outcome unknown", "The worker stopped before it could report", "iOS: accepted by mPaaS")
    assert play.executed(in_hand) == {"android": 1, "ios": 1}
    assert len(play.pushes(in_hand)) == 2


def test_a_worker_asked_to_stop_finishes_the_leg_in_hand(play: Play, in_hand: Card, worker: BotProcess) -> None:
    worker.terminate()
    assert not worker.ended(within=0.5), "It left its call alone."
    play.mpaas.let_go()
    assert worker.stop(timeout=PLATFORMS_GIVE) == 0

    # What mPaaS answered is written down, and nothing was begun after that.
    assert [leg.state for leg in play.request(in_hand).legs] == [LegState.ACCEPTED, LegState.WAITING]
    assert play.executed(in_hand) == {"android": 1}

    # The next worker goes on with the next leg.
    play.stage.start("worker").ready()
    in_hand.will_say("Push to all devices of live: sent")
    assert play.executed(in_hand) == {"android": 1, "ios": 1}
