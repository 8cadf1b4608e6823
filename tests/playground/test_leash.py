"""The leash: a process lives as long as its starter, however the starter dies."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from places import ROOT

from bot.playground import leash

SECONDS = 10.0
"""For whatever is waited for here; it takes a few hundredths."""

FOREVER = "import signal; signal.pause()"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); signal.pause()"


@contextmanager
def leashed(*command: str | Path) -> Iterator["subprocess.Popen[str]"]:
    words = [sys.executable, "-I", leash.__file__, *command]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True, start_new_session=True) as process:
        yield process


def said_by(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def ends(reading: int) -> bool:
    """Tell whether the last process that holds the other end of a pipe ends soon."""
    while select.select([reading], [], [], SECONDS)[0]:
        if not os.read(reading, 4096):
            return True
    return False


def test_it_tells_the_process_and_passes_its_exit_status_on() -> None:
    with leashed(sys.executable, "-c", "import os, sys; print(os.getpid(), flush=True); sys.exit(7)") as process:
        assert said_by(process) == said_by(process), "The process that was told is another one."
        assert process.wait(SECONDS) == 7


def test_a_signal_to_the_leash_reaches_the_process() -> None:
    with leashed(sys.executable, "-c", FOREVER) as process:
        said_by(process)
        process.terminate()
        assert process.wait(SECONDS) == 128 + signal.SIGTERM


def test_a_process_that_was_killed_is_told_from_one_that_ended() -> None:
    with leashed(sys.executable, "-c", FOREVER) as process:
        os.kill(int(said_by(process)), signal.SIGKILL)
        assert process.wait(SECONDS) == 128 + signal.SIGKILL


def test_the_process_ends_when_its_starter_is_killed() -> None:
    starter = (
        "import subprocess, sys, signal\n"
        "subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, start_new_session=True)\n"
        "signal.pause()\n"
    )
    reading, writing = os.pipe()
    words = [sys.executable, "-c", starter, sys.executable, "-I", leash.__file__, sys.executable, "-c", FOREVER]
    # Whatever comes of the starter holds its standard error: when that pipe ends, nobody is left.
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=writing, text=True) as process:
        os.close(writing)
        held = int(said_by(process))
        os.kill(held, 0)
        process.kill()
        try:
            assert ends(reading), f"Process {held} outlived its starter."
        finally:
            os.close(reading)


def test_a_process_that_does_not_want_to_end_is_killed_after_a_while() -> None:
    impatient = "import sys; from bot.playground import leash; sys.exit(leash.main(sys.argv[1:], patience=0.1))"
    words = [sys.executable, "-c", impatient, sys.executable, "-c", STUBBORN]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, cwd=ROOT, stdin=pipe, stdout=pipe, text=True, start_new_session=True) as process:
        said_by(process)
        assert said_by(process) == "ready"
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(SECONDS) == 128 + signal.SIGKILL
