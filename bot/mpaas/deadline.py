"""A limit on one HTTP exchange as a whole; httpx's timeouts bound each read alone, and a slow drip passes them all.

The exchange is watched through httpcore's ``trace`` extension. When the time is over before the request is written,
it is not written (``TooLate``: proof that nothing was sent); later, the connection is cut under the reader. The same
watch tells whether the request was begun: what a proxy is asked before is not it.
"""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

Trace = Callable[[str, Mapping[str, Any]], None]

_CONNECTED = frozenset({"connection.connect_tcp.complete", "connection.start_tls.complete", "proxy.start_tls.complete"})
"""Events that bring the socket of the moment: TLS, in a proxy's tunnel as without, takes the first one's place."""


class TooLate(Exception):
    """Tell that the time was over before the first byte of the request; nothing was sent."""


class Deadline:
    """Count down from ``seconds`` on a clock that never jumps."""

    def __init__(self, seconds: float, *, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._end = monotonic() + seconds
        self._watch: _Watch | None = None

    def remaining(self) -> float:
        """Give the seconds that are left, never less than 0."""
        return max(0.0, self._end - self._monotonic())

    def allows(self, seconds: float) -> bool:
        """Tell whether so much time is left, and a little for the work after it."""
        return self.remaining() > seconds

    @property
    def began(self) -> bool:
        """Tell whether the exchange that was watched last began to write its request; before, nothing was sent."""
        return self._watch is not None and self._watch.began

    @contextmanager
    def watching(self) -> Iterator[Trace]:
        """Lend a trace for one exchange; cut its connection at the deadline."""
        watch = self._watch = _Watch(self)
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
        self.began = False

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        if event in _CONNECTED:
            with self._lock:
                self._socket = info["return_value"].get_extra_info("socket")
        elif event == "http11.send_request_headers.started":
            if self._over or not self._deadline.allows(0):
                raise TooLate
            self.began = self.began or getattr(info.get("request"), "method", None) != b"CONNECT"

    def cut(self) -> None:
        """Shut the connection in both directions, below TLS, so that a blocked read ends now."""
        with self._lock:
            self._over = True
            if self._socket is not None:
                with suppress(OSError):  # it ended by itself a moment ago
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
