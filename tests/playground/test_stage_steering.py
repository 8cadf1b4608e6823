"""What can be done to a stage while it stands: its processes and its store are killed and started again."""

from collections.abc import Iterator
from queue import Empty, Queue

import pytest
from stories.play import WHOM, Card, Play

from bot.playground.cast import ANA, GENERAL
from bot.playground.stage import Rules, Stage

HOUR = 3600
SECONDS = 30.0


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Stage(veto="0s", targets={"patient": Rules(veto="1h")}) as stage:
        yield stage


@pytest.fixture
def play(stage: Stage) -> Iterator[Play]:
    """Play on the shared stage; every test leaves it with its processes and its store alive."""
    stage.mpaas.journal.clear()
    play = Play(stage)
    yield play
    assert [(one.name, one.alive) for one in stage.processes()] == [("slack", True), ("worker", True)]
    assert stage.store_alive()
    play.law_one_holds()


def asked(play: Play, target: str = "live") -> Card:
    return play.ana.asks(f"maintenance --target {target} --to android,ios {WHOM}")


def test_a_push_is_sent_once_by_a_worker_that_was_killed_in_the_veto_window(play: Play) -> None:
    card = asked(play, "patient")
    play.bo.approves(card, typing="patient")
    card.will_offer("Stop")
    play.stage.kill("worker")
    play.stage.advance(HOUR)
    assert play.pushes(card) == []

    play.stage.revive("worker")

    card.will_say("Push to all devices of patient: sent")
    assert play.executed(card) == {"android": 1, "ios": 1}
    assert [one.restarts for one in play.stage.processes()][1] >= 1


def test_while_the_slack_process_is_dead_slack_says_that_the_app_does_not_answer(play: Play) -> None:
    play.stage.kill("slack")
    assert play.stage.slack.sockets == 0
    assert play.slack.command(ANA.id, GENERAL.id, "/broadcast help").failure

    play.stage.revive("slack")

    assert play.stage.slack.sockets == 1
    assert "/broadcast" in play.ana.types("help")


def test_without_the_store_nothing_is_recorded_and_with_it_the_bot_goes_on(play: Play) -> None:
    card = asked(play)
    card.will_offer("Approve")
    pids = [one.pid for one in play.stage.processes()]
    play.stage.kill_store()
    assert not play.stage.store_alive()

    said = play.bo.opens(card, "Approve")
    assert "Nothing was recorded; press again." in said.words
    assert "did not answer" in play.ana.types("list")
    for bot in play.stage.bots:
        bot.wait_for("store_unavailable" if bot.verb == ("worker",) else "ready", timeout=SECONDS)

    play.stage.start_store()
    assert play.stage.store_alive()
    assert [one.pid for one in play.stage.processes()] == pids

    # He presses again, and now it counts.
    play.bo.approves(card)
    card.will_say("Push to all devices of live: sent")
    assert play.executed(card) == {"android": 1, "ios": 1}


def test_what_was_approved_before_the_store_was_killed_is_held(play: Play) -> None:
    card = asked(play, "patient")
    play.bo.approves(card, typing="patient")
    card.will_offer("Stop")
    play.stage.kill_store()
    play.stage.start_store()
    play.stage.advance(HOUR)
    card.will_say("held, not sent by the bot", "it may have been sent already")
    assert play.pushes(card) == []


def test_the_store_stays_though_no_process_of_the_bot_uses_it(play: Play) -> None:
    with play.stage.store() as store:
        before = store.epoch()
        for name in ("slack", "worker"):
            play.stage.kill(name)
        assert play.stage.store_alive()
        for name in ("slack", "worker"):
            play.stage.revive(name)
        assert store.epoch() == before


def test_whoever_follows_along_is_rung_at_every_change(play: Play) -> None:
    rung = Queue[None]()
    play.stage.on_change.append(lambda: rung.put(None))

    def rings(times: int = 1) -> bool:
        try:
            for _ in range(times):
                rung.get(timeout=SECONDS)
        except Empty:
            return False
        return rung.empty()

    play.stage.advance(1)
    assert rings()
    play.stage.kill_store()
    assert rings()
    play.stage.start_store()
    assert rings()
    play.stage.kill("worker")
    assert rings()
    play.stage.revive("worker")
    assert rings(2), "It started, and it became ready."
    play.stage.on_change.pop()


def test_an_impossible_wish_is_refused_with_a_sentence(play: Play) -> None:
    with pytest.raises(ValueError, match="running already"):
        play.stage.revive("slack")
    with pytest.raises(ValueError, match="there are: slack, worker"):
        play.stage.kill("announcer")
    with pytest.raises(ValueError, match="The store is running already"):
        play.stage.start_store()
    assert play.stage.first_to_end_by_itself(within=0) is None


def test_a_revived_process_over_http_is_called_at_its_new_address() -> None:
    with Stage(processes=(("slack", "--http", "0"),)) as stage:
        stage.kill("slack")
        assert stage.slack.command(ANA.id, GENERAL.id, "/broadcast help").failure
        stage.revive("slack")
        assert stage.slack.command(ANA.id, GENERAL.id, "/broadcast help").failure == ""
