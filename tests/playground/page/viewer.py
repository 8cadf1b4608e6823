"""An open page without a browser: it reads its stream and keeps the events."""

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

Event = dict[str, Any]
PATIENCE = 10.0
"""Seconds for anything to arrive: far more than it takes, because the machine may be busy."""


def read_events(piece: bytes) -> list[Event]:
    """Read one piece of a stream."""
    data = next(line for line in piece.splitlines() if line.startswith(b"data: "))
    events: list[Event] = json.loads(data.removeprefix(b"data: "))
    return events


class Viewer:
    """Follow a stream in a thread; ``hello`` is its first event, ``events`` are those after it."""

    def __init__(self, address: str, user: str) -> None:
        place = urlsplit(address)
        self._socket = socket.create_connection((str(place.hostname), place.port), timeout=PATIENCE)
        self._socket.sendall(f"GET /live?as={user} HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode())
        self._body = self._socket.makefile("rb")
        self.status = self._body.readline().decode().strip()
        self.headers = dict(http.client.parse_headers(self._body))
        self.events: list[Event] = []
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.hello = self.wait_for("hello")

    def _read(self) -> None:
        for line in self._lines():
            if line.startswith(b"data: "):
                with self._changed:
                    self.events += read_events(line)
                    self._changed.notify_all()

    def _lines(self) -> Iterator[bytes]:
        with suppress(OSError):  # closed by us
            yield from iter(self._body.readline, b"")

    def wait_for(self, kind: str, fits: Callable[[Event], object] = lambda _: True) -> Event:
        """Return the first event of that kind that fits, or fail."""

        def found() -> Event | None:
            return next((one for one in self.events if one["kind"] == kind and fits(one)), None)

        with self._changed:
            event = self._changed.wait_for(found, PATIENCE)
        assert event, f"no such {kind!r} among {[one['kind'] for one in self.events]}"
        return event

    def seen(self, kind: str) -> list[Event]:
        """List the events of that kind until now."""
        with self._changed:
            return [one for one in self.events if one["kind"] == kind]

    def has_ended(self) -> bool:
        """Wait for the stream's end, and tell whether it came."""
        self._reader.join(PATIENCE)
        return not self._reader.is_alive()

    def close(self) -> None:
        """Go away as a closed window does."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._reader.join(PATIENCE)
        self._body.close()
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
