"""One process of the real bot, as an operator would start it; its log is kept, and its life is tied to ours."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from bot.playground import leash

START = 30.0
"""Seconds in which a process must be ready: imports take one on a slow machine, a busy one takes longer."""


class BotDied(Exception):
    """Tell that a process ended by itself, with the end of its log."""


THE_BOT = ("-m", "bot")
"""What Python is told to run, before the verb."""


def _nobody() -> None:
    """Tell nobody."""


class BotProcess:
    """Start ``python -m bot VERB``, wait until it is ready, read its log, end it.

    ``program`` may be another entry to the same bot. ``on_change`` is rung, by a thread of its own, when the process
    has become ready and when it has ended; its end can then be seen in ``alive`` and ``ended_by_itself``.
    """

    def __init__(
        self,
        *verb: str,
        directory: Path,
        environ: Mapping[str, str],
        program: Sequence[str] = THE_BOT,
        on_change: Callable[[], None] = _nobody,
    ) -> None:
        self.verb = verb
        self.lines: list[str] = []
        self.is_ready = False
        self.killed = False
        self._asked_to_end = False
        self._on_change = on_change
        self._changed = threading.Condition()
        self._ended = False
        command = [sys.executable, "-I", leash.__file__, sys.executable, *program, *verb]
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            command,
            cwd=directory,
            env=dict(environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self._process.stdout is not None  # noqa: S101 - asked for two lines above
        self.pid = int(self._process.stdout.readline())
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stderr is not None  # noqa: S101 - asked for in __init__
        for line in self._process.stderr:
            becomes_ready = not self.is_ready and _parsed(line).get("event") == "ready"
            with self._changed:
                self.lines.append(line.rstrip("\n"))
                self.is_ready = self.is_ready or becomes_ready
                self._changed.notify_all()
            if becomes_ready:
                self._on_change()
        self._process.wait()  # the leash holds the other end of the pipe to its very end
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        self._on_change()

    def ready(self) -> Self:
        """Wait until the process says that it is ready; raise BotDied when it ends or takes too long."""
        self.wait_for("ready", timeout=START)
        return self

    def wait_for(self, event: str, *, timeout: float) -> dict[str, Any]:
        """Wait for a line of that event in the log, from its beginning, and return it."""
        with self._changed:
            self._changed.wait_for(lambda: self._ended or self.logged(event), timeout)
            found = self.logged(event)
        if not found:
            raise BotDied(f"{' '.join(self.verb)} did not log {event!r}:\n" + "\n".join(self.lines[-20:]))
        return found[-1]

    def logged(self, event: str) -> list[dict[str, Any]]:
        """List the lines of that event."""
        return [line for line in map(_parsed, self.lines) if line.get("event") == event]

    @property
    def alive(self) -> bool:
        """Tell whether the process still runs."""
        return self._process.poll() is None

    @property
    def ended_by_itself(self) -> bool:
        """Tell whether it has ended without being killed or asked to stop by us."""
        return not self.alive and not self._asked_to_end

    def stop(self, *, timeout: float = 15.0) -> int:
        """Ask it to stop, wait for that, and return its exit status; raise TimeoutExpired when it takes longer.

        ``timeout`` is in seconds; whatever happens, the process is gone afterwards.
        """
        self.terminate()
        return self._close(timeout)

    def terminate(self) -> None:
        """Ask it to stop, as a platform would (SIGTERM), and do not wait for it."""
        if self.alive:
            self._asked_to_end = True
            self._process.send_signal(signal.SIGTERM)

    def ended(self, *, within: float) -> bool:
        """Wait at most so many seconds for its end, and tell whether it has ended."""
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """Kill it without a chance to say goodbye (SIGKILL)."""
        if self.alive:
            self.killed = self._asked_to_end = True
            os.kill(self.pid, signal.SIGKILL)
        self._close(5.0)

    def _close(self, timeout: float) -> int:
        try:
            return self._process.wait(timeout)
        finally:
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
            self._process.wait(leash.PATIENCE + 1)
            self._reader.join(5.0)
            if self._process.stderr is not None:
                self._process.stderr.close()


def _parsed(line: str) -> dict[str, Any]:
    try:
        parsed: object = json.loads(line)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
