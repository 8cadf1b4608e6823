"""The bot's command line by a clock of a file: the same verbs, at another time."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import clock
import pytest
from operations.bench import nothing_of_ours

from bot.playground import moved_clock
from bot.playground.clock_file import ClockFile
from bot.playground.stage import Stage


def test_without_a_file_it_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert moved_clock.main([]) == 2
    assert "FILE [--pace PACE] VERB" in capsys.readouterr().err


def test_a_verb_is_the_bots_own(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "bot.playground.moved_clock", str(tmp_path / "clock"), "manifest"]
    moved = subprocess.run(words, env=nothing_of_ours(), capture_output=True, check=True, timeout=60)
    real = subprocess.run(
        [sys.executable, "-m", "bot", "manifest"], env=nothing_of_ours(), capture_output=True, check=True, timeout=60
    )
    assert (moved.stdout, moved.stderr) == (real.stdout, b"")


def test_an_operators_verb_goes_by_the_clock_of_its_file(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    ClockFile(file).move(timedelta(days=2))
    words = [sys.executable, "-m", "bot.playground.moved_clock", str(file), "halt", "--for", "2h"]
    with Stage(processes=()) as stage:
        said = subprocess.run(
            words, cwd=stage.directory, env=stage.environ(), capture_output=True, text=True, check=True, timeout=60
        ).stdout
        with stage.store() as store:
            halt = store.halted()
    assert halt is not None
    assert halt.until is not None
    assert timedelta(0) <= clock.machine_now() + timedelta(days=2, hours=2) - halt.until < timedelta(seconds=60)
    assert f"{halt.until:%Y-%m-%d %H:%M:%S}Z" in said
