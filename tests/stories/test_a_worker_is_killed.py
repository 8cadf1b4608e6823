"""The worst moment: the worker is killed while mPaaS has the request in hand."""

from stories.play import WHOM, Play

from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.stage import Stage


def test_a_worker_killed_in_the_middle_of_a_call_never_repeats_it() -> None:
    with Stage(veto="0s") as stage:
        play, worker = Play(stage), stage.bots[1]
        card = play.ana.asks(f"outage city=Berlin time=18:00 --target live --to android,ios {WHOM}")
        play.mpaas.misbehave(Misbehaviour(kind="hang", action="PushBroadcast"))
        play.bo.approves(card)

        # The request is on its way; its worker is gone. mPaaS executes it, and nobody hears the answer.
        play.push_arrives()
        worker.kill()
        play.mpaas.let_go()
        play.push_arrives(finished=True)

        # Another worker finds the claim. When its lease is over, it says that it does not know, and sends the rest.
        stage.start("worker").ready()
        play.passes(card, seconds=30)
        card.will_say("outcome unknown", "Android: outcome unknown", "The worker stopped before it could report")
        card.will_say("iOS: accepted by mPaaS")
        assert play.executed(card) == {"android": 1, "ios": 1}
        assert len(play.pushes(card)) == 2
        play.law_one_holds()
