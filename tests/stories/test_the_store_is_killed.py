"""The store dies between the approval and the send: it may have forgotten something, so people have to look."""

from collections.abc import Callable

import pytest
from store.users import eventually, killed
from stories.play import PATIENCE, WHOM, Play

from bot.playground.stage import Stage
from bot.store.embedded import EmbeddedValkey

pytestmark = pytest.mark.long
"""Real processes by the dozen, and waits of seconds."""


def kill_the_store(stage: Stage, *, then: Callable[[], object] = lambda: None) -> None:
    """Kill the server itself, as the kernel would; ``then`` happens before anybody can start it again."""
    url = f"unix://{stage.directory / 'var' / 'valkey.sock'}"
    with EmbeddedValkey(stage.directory / "var").starting():
        killed(url)
        then()


def test_the_running_bot_brings_the_store_back_and_goes_on() -> None:
    with Stage(processes=(("slack",), ("slack",), ("worker",), ("worker",)), veto="3s") as stage:
        play = Play(stage)
        waiting = play.ana.asks(f"outage city=Berlin time=18:00 --target live --to android {WHOM}")
        approved = play.ana.asks(f"outage city=Bonn time=18:00 --target live --to android {WHOM}")
        waiting.will_offer("Approve")
        play.bo.approves(approved)
        approved.will_offer("Stop")
        pids = [bot.pid for bot in stage.bots]

        kill_the_store(stage)
        eventually(stage.store_alive, "the store comes back")

        # Nothing that was acknowledged is lost; what was approved before is not sent by a machine.
        approved.will_say("held, not sent by the bot", "Approvals: 1 of 1; Bo Berg")
        play.bo.approves(waiting)
        waiting.will_say("Push to all devices of live: sent")
        new = play.ana.asks(f"outage city=Ulm time=18:00 --target live --to android,ios {WHOM}")
        play.bo.approves(new)
        new.will_say("Push to all devices of live: sent")
        assert [play.executed(card) for card in (waiting, approved, new)] == [
            {"android": 1},
            {},
            {"android": 1, "ios": 1},
        ]
        assert [bot.pid for bot in stage.bots if bot.alive] == pids
        assert [line["level"] for bot in stage.bots for line in bot.logged("store_started_again")][:1] == ["warning"]
        play.law_one_holds()


def test_a_store_whose_data_cannot_be_read_ends_the_bot_and_does_not_begin_anew() -> None:
    with Stage(processes=(("worker",),)) as stage:
        with stage.store() as store:
            eventually(lambda: store.alive("worker"), "a heartbeat")
        (data,) = (stage.directory / "var" / "appendonlydir").glob("*.incr.aof")
        kill_the_store(stage, then=lambda: data.write_bytes(data.read_bytes().replace(b"$", b"?", 3)))
        (worker,) = stage.bots
        worker.wait_for("loop_died", timeout=PATIENCE)
        assert worker.ended(within=PATIENCE)
        assert worker.stop() == 1
        assert "Bad file format" in worker.logged("loop_died")[0]["why"]
        assert not stage.store_alive()


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
