"""One process of the bot: its readiness, its log, its end."""

import subprocess
import threading
from pathlib import Path

import pytest
from places import ROOT

from bot.playground.bot_process import BotDied, BotProcess
from bot.playground.stage import Stage


@pytest.fixture
def doomed(tmp_path: Path) -> BotProcess:
    """Start a worker that finds no settings."""
    return BotProcess("worker", directory=tmp_path, environ={"PYTHONPATH": str(ROOT)})


def test_a_process_that_cannot_begin_is_told_with_its_last_words(doomed: BotProcess) -> None:
    with pytest.raises(BotDied, match=r"worker did not log 'ready':(?s:.*)the settings are not right"):
        doomed.ready()
    assert doomed.stop() == 2
    assert not doomed.alive


def test_stopping_what_has_ended_changes_nothing(doomed: BotProcess) -> None:
    assert doomed.ended(within=30)
    doomed.terminate()
    doomed.kill()
    assert (doomed.stop(), doomed.stop()) == (2, 2)


def test_a_process_is_ready_logs_and_stops_when_asked() -> None:
    with Stage(processes=()) as stage:
        worker = stage.start("worker").ready()
        assert worker.logged("ready")[0]["pid"] == worker.pid
        assert worker.logged("no such event") == []
        assert not worker.ended(within=0)
        with pytest.raises(BotDied, match="did not log 'tea'"):
            worker.wait_for("tea", timeout=0.01)
        assert worker.stop() == 0
        assert worker.logged("stopped")
        assert (worker.killed, worker.ended_by_itself) == (False, False)


def test_a_process_that_takes_too_long_to_stop_is_gone_nevertheless() -> None:
    with Stage(processes=()) as stage:
        worker = stage.start("worker").ready()
        with pytest.raises(subprocess.TimeoutExpired):
            worker.stop(timeout=0)
        assert not worker.alive


def test_it_tells_when_it_is_ready_and_when_it_has_ended(tmp_path: Path) -> None:
    program = ("-c", 'import sys; sys.stderr.write(\'{"event": "ready"}\\nand more\\n\'); sys.exit(3)')
    seen, told = list[tuple[bool, bool]](), threading.Semaphore(0)
    born = threading.Event()

    def look() -> None:
        assert born.wait(30)
        seen.append((bot.is_ready, bot.ended_by_itself))
        told.release()

    bot = BotProcess("tea", directory=tmp_path, environ={}, program=program, on_change=look)
    born.set()
    assert all(told.acquire(timeout=30) for _ in range(2))
    assert [ready for ready, _ in seen] == [True, True]
    assert seen[-1] == (True, True)
    assert bot.stop() == 3
    assert (bot.killed, bot.ended_by_itself) == (False, True)
