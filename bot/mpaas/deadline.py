"""A limit on one HTTP exchange as a whole; httpx's timeouts bound each read alone, and a slow drip passes them all.

The exchange is watched through httpcore's ``trace`` extension. When the time is over before the request is written,
it is not written (``TooLate``: proof that nothing was sent); later, the connection is cut under the reader.
"""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

Trace = Callable[[str, Mapping[str, Any]], None]


class TooLate(Exception):
    """Tell that the time was over before the first byte of the request; nothing was sent."""


class Deadline:
    """Count down from ``seconds`` on a clock that never jumps."""

    def __init__(self, seconds: float, *, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._end = monotonic() + seconds

    def remaining(self) -> float:
        """Give the seconds that are left, never less than 0."""
        return max(0.0, self._end - self._monotonic())

    def allows(self, seconds: float) -> bool:
        """Tell whether so much time is left, and a little for the work after it."""
        return self.remaining() > seconds

    @contextmanager
    def watching(self) -> Iterator[Trace]:
        """Lend a trace for one exchange; cut its connection at the deadline."""
        watch = _Watch(self)
        timer = threading.Timer(self.remaining(), watch.cut)
        timer.daemon = True
        timer.start()
        try:
            yield watch.trace
        finally:
            timer.cancel()
            timer.join()


class _Watch:
    """Follow one exchange: remember its socket, stop it before the first byte when it is too late."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._over = False

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        if event in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            with self._lock:
                self._socket = info["return_value"].get_extra_info("socket")
        elif event == "http11.send_request_headers.started" and (self._over or not self._deadline.allows(0)):
            raise TooLate

    def cut(self) -> None:
        """Shut the connection in both directions, below TLS, so that a blocked read ends now."""
        with self._lock:
            self._over = True
            if self._socket is not None:
                with suppress(OSError):  # it ended by itself a moment ago
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
