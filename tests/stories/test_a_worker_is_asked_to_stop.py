"""A deploy in the middle of a push: SIGTERM finishes the leg in hand, and another worker goes on with the next."""

from stories.play import WHOM, Play

from bot.domain.content import Platform
from bot.domain.states import LegState
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.stage import Stage

PLATFORMS_GIVE = 10.0
"""Seconds between SIGTERM and SIGKILL on the usual platforms."""


def test_a_worker_asked_to_stop_finishes_the_leg_in_hand() -> None:
    with Stage(veto="0s") as stage:
        play, worker = Play(stage), stage.bots[1]
        card = play.ana.asks(f"outage city=Berlin time=18:00 --target live --to android,ios {WHOM}")
        play.mpaas.misbehave(Misbehaviour(kind="hang", action="PushBroadcast"))
        play.bo.approves(card)
        play.push_arrives()

        worker.terminate()
        assert not worker.ended(within=0.5), "It left its call alone."
        play.mpaas.let_go()
        assert worker.stop(timeout=PLATFORMS_GIVE) == 0

        # What mPaaS answered is written down, and nothing was begun after that.
        assert [leg.state for leg in play.request(card).legs] == [LegState.ACCEPTED, LegState.WAITING]
        assert play.executed(card) == {Platform.ANDROID: 1}

        stage.start("worker").ready()
        card.will_say("Push to all devices of live: sent")
        assert play.executed(card) == {Platform.ANDROID: 1, Platform.IOS: 1}
        play.law_one_holds()
