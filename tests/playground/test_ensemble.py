"""The bot's processes by name: killed, revived, and told from those that end by themselves."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import clock
import pytest
from operations.bench import nothing_of_ours

from bot.playground.bot_process import BotProcess
from bot.playground.ensemble import Ensemble

SECONDS = 30.0

IDLER = """
import signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
print('{"event": "ready"}', file=sys.stderr, flush=True)
signal.sigwait({signal.SIGTERM})
"""
"""A program that is ready at once, does nothing, and may be asked to stop twice; the stage's tests start the bot."""


@pytest.fixture
def ensemble(tmp_path: Path) -> Iterator[Ensemble]:
    def start(verb: tuple[str, ...]) -> BotProcess:
        program = ("-c", IDLER)
        return BotProcess(
            *verb, directory=tmp_path, environ=nothing_of_ours(), program=program, on_change=ensemble.news
        )

    ensemble = Ensemble(start, now=clock.machine_now)
    yield ensemble
    for bot in ensemble.dismiss():
        bot.stop()


def names(ensemble: Ensemble) -> list[tuple[str, bool, int]]:
    return [(state.name, state.alive, state.restarts) for state in ensemble.states()]


def test_a_second_process_of_a_verb_has_a_name_of_its_own(ensemble: Ensemble) -> None:
    for verb in (("slack",), ("worker",), ("slack", "--http", "0"), ("slack",)):
        ensemble.start(verb)
    assert [state.name for state in ensemble.states()] == ["slack", "worker", "slack 2", "slack 3"]
    assert [state.verb for state in ensemble.states()][2] == ("slack", "--http", "0")


def test_a_killed_process_is_revived_under_its_name_and_its_place(ensemble: Ensemble) -> None:
    first, other = ensemble.start(("worker",)).ready(), ensemble.start(("worker",)).ready()
    before = ensemble.states()
    assert [state.ready for state in before] == [True, True]

    ensemble.kill("worker")
    assert names(ensemble) == [("worker", False, 0), ("worker 2", True, 0)]
    assert [(state.killed, state.ready) for state in ensemble.states()] == [(True, False), (False, True)]

    second = ensemble.revive("worker").ready()
    assert names(ensemble) == [("worker", True, 1), ("worker 2", True, 0)]
    after = ensemble.states()[0]
    assert (after.pid, after.killed, after.verb) == (second.pid, False, ("worker",))
    assert after.pid != before[0].pid
    assert after.started_at > before[0].started_at
    assert ensemble.bots == [second, other]
    assert not first.alive


def test_a_process_that_is_already_so_is_left_alone_with_a_sentence(ensemble: Ensemble) -> None:
    ensemble.start(("worker",))
    with pytest.raises(ValueError, match=r"The process 'worker' is running already\."):
        ensemble.revive("worker")
    ensemble.kill("worker")
    with pytest.raises(ValueError, match=r"The process 'worker' is not running; it can be started again\."):
        ensemble.kill("worker")
    assert names(ensemble) == [("worker", False, 0)]


def test_an_unknown_name_is_answered_with_those_that_there_are(ensemble: Ensemble) -> None:
    with pytest.raises(ValueError, match="no process 'slack'; there are: none"):
        ensemble.kill("slack")
    ensemble.start(("worker",))
    ensemble.start(("worker",))
    for verb in (ensemble.kill, ensemble.revive):
        with pytest.raises(ValueError, match="no process 'slack'; there are: worker, worker 2"):
            verb("slack")


def test_only_what_nobody_ended_has_ended_by_itself(ensemble: Ensemble) -> None:
    killed, stopped, own = (ensemble.start(("worker",)).ready() for _ in range(3))
    ensemble.kill("worker")
    stopped.stop()
    assert ensemble.first_to_end_by_itself(within=0) is None

    os.kill(own.pid, signal.SIGKILL)  # by somebody else
    assert ensemble.first_to_end_by_itself(within=SECONDS) is own
    assert (own.killed, own.ended_by_itself) == (False, True)
    assert (killed.killed, killed.ended_by_itself) == (True, False)
    assert (stopped.killed, stopped.ended_by_itself) == (False, False)

    ensemble.revive("worker 3")
    assert ensemble.first_to_end_by_itself(within=0) is None


def test_whoever_waits_for_the_first_to_end_is_woken(ensemble: Ensemble) -> None:
    bot, found, waiting = ensemble.start(("worker",)).ready(), list[BotProcess | None](), Event()

    def wait() -> None:
        waiting.set()
        found.append(ensemble.first_to_end_by_itself(within=None))

    thread = Thread(target=wait)
    thread.start()
    assert waiting.wait(SECONDS)
    os.kill(bot.pid, signal.SIGKILL)
    thread.join(SECONDS)
    assert found == [bot]


def test_after_the_dismissal_nothing_is_started_any_more(ensemble: Ensemble) -> None:
    bot = ensemble.start(("worker",)).ready()
    assert ensemble.dismiss() == [bot]
    assert bot.stop() == 0
    with pytest.raises(ValueError, match="being taken down"):
        ensemble.revive("worker")
    with pytest.raises(ValueError, match="being taken down"):
        ensemble.start(("worker",))
    assert names(ensemble) == [("worker", False, 0)]
