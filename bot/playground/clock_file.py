"""How far the playground's clock is ahead of the real one, as a file: the stage writes it, the bot's processes read it.

The file holds seconds as a decimal number; a missing or empty one means that nobody has moved the clock. Whose clocks
it moves is not known here.
"""

import os
import time
from datetime import timedelta
from pathlib import Path

_Mark = tuple[int, int, int]


class ClockFile:
    """Read and write one file; reading may be done from any thread and process, writing by one owner."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known: tuple[_Mark | None, timedelta] = (None, timedelta(0))
        self._stamp = 0

    def ahead(self) -> timedelta:
        """Tell how far the clock is ahead: one look at the file's mark, and at its words only when that has changed.

        Raises ValueError when the file holds no number.
        """
        known = self._known
        try:
            if _mark(self.path.stat()) != known[0]:
                known = self._known = self._read()
        except FileNotFoundError:
            return timedelta(0)
        return known[1]

    def _read(self) -> tuple[_Mark, timedelta]:
        with self.path.open(encoding="ascii") as file:
            return _mark(os.fstat(file.fileno())), timedelta(seconds=float(file.read() or "0"))

    def move(self, ahead: timedelta) -> None:
        """Say how far the clock is ahead from now on; whoever reads meanwhile reads the old number or the new one."""
        # Two files of a moment can have everything in common but what they say; so each gets a time of its own.
        self._stamp = max(self._stamp + 1, time.time_ns())
        new = self.path.with_name(f"{self.path.name}.new")
        new.write_text(repr(ahead.total_seconds()), encoding="ascii")
        os.utime(new, ns=(self._stamp, self._stamp))
        new.replace(self.path)


def _mark(about: os.stat_result) -> _Mark:
    return about.st_mtime_ns, about.st_size, about.st_ino
