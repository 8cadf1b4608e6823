"""Letters that a terminal cannot show, and words that it passes on as bytes: no verb fails because of them.

What a person reads is written as far as the terminal's encoding goes; every other letter becomes the escape that
``logs.printable`` makes of control characters, so that nothing is lost. What a machine reads (``--json``, ``audit
export``, ``manifest``) is UTF-8, whatever the terminal can show: a file must not depend on who wrote it.
"""

import io
from collections.abc import Sequence
from typing import TextIO

from bot.settings.variables import as_utf8


def show_what_it_can(*streams: TextIO) -> None:
    """Let streams escape what their encoding has no letter for."""
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def write_utf8(stream: TextIO) -> None:
    """Let a stream write UTF-8."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def as_typed(words: Sequence[str]) -> list[str]:
    """Read words as a person typed them; a locale without such letters hands their bytes on, which are UTF-8."""
    return [as_utf8(word).encode("utf-8", "backslashreplace").decode() for word in words]
