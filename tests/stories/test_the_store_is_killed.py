"""The store dies between the approval and the send: it may have forgotten something, so people have to look."""

import os
import signal

from stories.play import WHOM, Play

from bot.playground.stage import Stage
from bot.store.connection import connect, facts


def kill_the_store(stage: Stage) -> None:
    with connect(f"unix://{stage.directory / 'var' / 'valkey.sock'}") as client:
        os.kill(int(facts(client, "server")["process_id"]), signal.SIGKILL)


def test_a_push_approved_before_the_store_was_killed_is_held() -> None:
    with Stage(veto="0s") as stage:
        play, worker = Play(stage), stage.bots[1]
        card = play.ana.asks(f"outage city=Berlin time=18:00 --target live --to android,ios {WHOM}")
        assert worker.stop() == 0
        play.bo.approves(card)

        kill_the_store(stage)
        stage.start("worker").ready()

        # The new server knows everything that was acknowledged, but it is not the one that took the approval.
        card.will_say("held, not sent by the bot", "it may have been sent already", "Approvals: 1 of 1; Bo Berg")
        play.ana.hears(card, "is held: it may have been sent already. Look and settle.")
        assert play.pushes(card) == []

        # Nothing was ever tried, so Ana may simply take it back.
        assert play.ana.opens(card, "Withdraw").submit() is None
        card.will_say("withdrawn", "Nothing was sent.")
        assert play.pushes(card) == []
