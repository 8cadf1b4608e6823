"""The verb ``playground`` as somebody at a terminal has it: it plays, stays, and leaves nothing behind."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pytest
from places import ROOT

from bot.playground.run import Stopped, stopping_at_a_signal
from bot.store.connection import connect, facts

pytestmark = pytest.mark.long
"""Real processes by the dozen, and waits of seconds."""

SECONDS = 60.0
"""For whatever is waited for here; the whole story takes five or so."""

needs_pidfd = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux lets wait for foreign processes")


@dataclass
class Terminal:
    """Read what a process writes to its terminal, and press keys."""

    process: "subprocess.Popen[bytes]"
    screen: int
    text: str = ""
    left: list[int] = field(default_factory=list)

    def until(self, words: str) -> Self:
        """Read until the words have come."""
        deadline = time.monotonic() + SECONDS
        while words not in self.text:
            ready, _, _ = select.select([self.screen], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"{words!r} did not come:\n{self.text}"
            try:
                self.text += os.read(self.screen, 65536).decode()
            except OSError as end:  # Linux says so when the last writer is gone
                raise AssertionError(f"It ended before {words!r}:\n{self.text}") from end
        return self

    def control_c(self) -> None:
        """Do what a terminal does at Ctrl-C: signal the whole foreground group."""
        os.killpg(self.process.pid, signal.SIGINT)

    def remember_everybody(self) -> None:
        """Remember the bot's processes and their store, to see later that they are gone."""
        pids = [int(pid) for pid in re.findall(r"\(pid (\d+)\)", self.until("files").text)]
        assert len(pids) == 2
        folder = re.search(r"files\s+(\S+)", self.until("\r\n\r\n").text)
        assert folder is not None
        with connect(f"unix://{Path(folder[1]) / 'var' / 'valkey.sock'}") as client:
            pids.append(int(facts(client, "server")["process_id"]))
        self.left = [os.pidfd_open(pid) for pid in pids]

    def nobody_is_left(self) -> bool:
        """Tell whether everybody ends within a time that is longer than anybody's patience."""
        return all(select.select([handle], [], [], SECONDS)[0] for handle in self.left)


@contextmanager
def playground(*options: str, browser: str = "false") -> Iterator[Terminal]:
    """Start it at a terminal; ``browser`` is the command that opens a page, by default one that opens none."""
    screen, line = pty.openpty()
    words = [sys.executable, "-m", "bot", "playground", *options]
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "BROWSER": browser}
    with subprocess.Popen(words, stdin=line, stdout=line, stderr=line, env=environ, process_group=0) as process:
        os.close(line)
        terminal = Terminal(process, screen)
        try:
            yield terminal
        finally:
            process.kill()
            for handle in (screen, *terminal.left):
                os.close(handle)


@needs_pidfd
def test_it_plays_the_story_stays_and_ends_at_control_c() -> None:
    with playground() as terminal:
        terminal.remember_everybody()
        terminal.until("The story is complete").until("Ctrl-C ends it.")
        assert "\x1b" not in terminal.text
        assert max(len(row) for row in terminal.text.splitlines() if " s  " in row) <= 110

        terminal.control_c()
        terminal.control_c()  # impatience changes nothing

        assert terminal.process.wait(SECONDS) == 0, terminal.until("stage down").text
        assert terminal.nobody_is_left()
        assert "Traceback" not in terminal.text


def test_while_it_stays_a_signal_is_noted_and_raises_nothing_in_the_middle_of_something() -> None:
    with stopping_at_a_signal() as asked:
        asked.is_noted = True
        signal.raise_signal(signal.SIGINT)
        assert asked.to_end


def test_until_then_the_first_signal_stops_it_wherever_it_is_and_others_change_nothing() -> None:
    before = signal.getsignal(signal.SIGINT)
    with stopping_at_a_signal():
        with pytest.raises(Stopped):
            signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGINT) is before


def test_its_page_is_opened_once_the_story_is_told(tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\necho "$1" >>"{opened}"\n', encoding="utf-8")
    program.chmod(0o700)
    with playground(browser=f"{program} %s") as terminal:
        text = terminal.until("Ctrl-C ends it.").text
        terminal.control_c()
        assert terminal.process.wait(SECONDS) == 0, terminal.until("stage down").text
    page = re.search(r"^  page    (http://127\.0\.0\.1:\d+/)", text.replace("\r", ""), re.MULTILINE)
    assert page is not None
    assert opened.read_text(encoding="utf-8").split() == [page[1]]


def test_no_browser_is_opened_when_nobody_wants_one(tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    with playground("--no-browser", browser=f"touch {opened} %s") as terminal:
        terminal.until("Ctrl-C ends it.").control_c()
        assert terminal.process.wait(SECONDS) == 0, terminal.until("stage down").text
    assert not opened.exists()


@needs_pidfd
def test_a_story_that_was_interrupted_did_not_happen() -> None:
    with playground("--story") as terminal:
        terminal.remember_everybody()
        terminal.until("presses Ask for approval")
        terminal.control_c()
        terminal.until("The playground has ended.")
        assert terminal.process.wait(SECONDS) == 1
        assert terminal.nobody_is_left()


@needs_pidfd
def test_nobody_is_left_when_it_is_killed() -> None:
    with playground() as terminal:
        terminal.remember_everybody()
        terminal.process.kill()
        assert terminal.nobody_is_left()


def test_into_a_pipe_goes_the_story_and_nothing_else(capfd: pytest.CaptureFixture[str]) -> None:
    words = [sys.executable, "-m", "bot", "playground", "--story"]
    piped = subprocess.run(
        words, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False, timeout=SECONDS
    )
    *story, blank, ending = piped.stdout.splitlines()
    assert (piped.returncode, piped.stderr, blank) == (0, "", "")
    assert ending.startswith("The story is complete")
    assert all(re.match(r" +\d+\.\d s  \S", line) for line in story)
    assert capfd.readouterr() == ("", "")
