"""How the story is printed: who speaks in one column, what they say in another, wrapped to the terminal's width.

To a terminal each thing takes as many lines as it needs; into a pipe it takes one line, and nothing is decorated.
"""

import shutil
import textwrap
import time
from collections.abc import Callable
from typing import TextIO

SPEAKER = 12
"""Columns for who speaks."""

NARROWEST, WIDEST = 60, 110
"""Columns of text: narrower terminals wrap by themselves, in wider ones lines would be hard to read."""

_SEPARATOR = " | "
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


class Teller:
    """Print what happened, with the seconds since the first thing.

    ``width`` is the terminal's, in columns; None: there is no terminal. ``bold`` lets who speaks stand out.
    """

    def __init__(
        self, out: TextIO, *, width: int | None, bold: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._out = out
        self._width = None if width is None else min(max(width, NARROWEST), WIDEST)
        self._bold = bold
        self._clock = clock
        self._began: float | None = None

    def tell(self, who: str, *said: str) -> None:
        """Print who said or did what; every part begins on a line of its own."""
        now = self._clock()
        self._began = now if self._began is None else self._began
        margin = f"{now - self._began:5.1f} s  "
        name = f"{who:<{SPEAKER}}"
        if self._width is None:
            print(f"{margin}{name} {_SEPARATOR.join(said)}", file=self._out, flush=True)
            return
        blank = " " * (len(margin) + SPEAKER + 1)
        first, *more = [line for part in said for line in _wrapped(part, self._width - len(blank))]
        speaker = f"{_BOLD}{name}{_PLAIN}" if self._bold else name
        print(f"{margin}{speaker} {first}", *(blank + line for line in more), sep="\n", file=self._out, flush=True)


def _wrapped(text: str, width: int) -> list[str]:
    """Break a text between words; what goes on is indented, and the words of a command stay whole."""
    return textwrap.wrap(text, width, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False) or [""]


def width_of(out: TextIO) -> int | None:
    """Tell the width of the terminal that is written to; None when it is none."""
    return shutil.get_terminal_size().columns if out.isatty() else None
