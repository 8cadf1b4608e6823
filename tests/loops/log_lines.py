"""The lines a test's log gets, as facts."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bot import logs


class Lines:
    """Read what was logged so far."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    def of(self, event: str) -> list[dict[str, Any]]:
        """List the lines of an event, oldest first."""
        return [line for line in map(json.loads, self._stream.getvalue().splitlines()) if line["event"] == event]


@contextmanager
def logged() -> Iterator[Lines]:
    """Collect the log's lines while the block runs."""
    stream = io.StringIO()
    level = logging.getLogger().level
    handler = logs.set_up(stream, secrets=())
    try:
        yield Lines(stream)
    finally:
        logging.getLogger().removeHandler(handler)
        logging.getLogger().setLevel(level)
