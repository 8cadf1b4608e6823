"""A real server on loopback that does with each connection what its script says, and keeps what arrived.

It stands for mPaaS at its worst: it answers, refuses, hangs, drips, breaks off. Its own clock is only the kernel's.
"""

import socket
import ssl
import struct
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

Behaviour = Callable[[socket.socket, threading.Event], None]


def answering(body: bytes, *, status: int = 200, headers: str = "", length: int | None = None) -> Behaviour:
    """Answer with a body; ``length`` may lie about it."""
    told = len(body) if length is None else length
    head = f"HTTP/1.1 {status} Words\r\nContent-Type: application/json\r\nContent-Length: {told}\r\n{headers}"
    return saying(head.encode() + b"\r\n" + body)


def saying(raw: bytes) -> Behaviour:
    """Write these bytes and close."""

    def behave(connection: socket.socket, _: threading.Event) -> None:
        connection.sendall(raw)

    return behave


def closing(_: socket.socket, __: threading.Event) -> None:
    """Close without a word, after the whole request was read."""


def resetting(connection: socket.socket, _: threading.Event) -> None:
    """Reset the connection, after the whole request was read."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def hanging(_: socket.socket, stopped: threading.Event) -> None:
    """Say nothing, and keep the connection until the test is over."""
    stopped.wait()


def dripping(raw: bytes, *, every: float) -> Behaviour:
    """Write one byte after another, so slowly that no timeout between two bytes strikes."""

    def behave(connection: socket.socket, stopped: threading.Event) -> None:
        for position in range(len(raw)):
            if stopped.wait(every):
                return
            connection.sendall(raw[position : position + 1])

    return behave


DRIP = dripping(b"HTTP/1.1 200 OK\r\n" + b"X-Filler: 1\r\n" * 100, every=0.02)  # 26 seconds of hope


class Loopback:
    """Serve one connection after another; the last behaviour of the script is repeated.

    With ``listening=False`` the port is taken, and refuses connections until ``listen`` is called. With ``tls`` it
    speaks https.
    """

    def __init__(self, *script: Behaviour, listening: bool = True, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[bytes] = []
        self._script = script
        self._tls = tls
        self._stopped = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0)) if listening else _bound()
        self.port: int = self._socket.getsockname()[1]
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._serve)
        if listening:
            self._thread.start()

    def listen(self) -> None:
        self._socket.listen()
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        if self._thread.is_alive():
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread from accept
            self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while not self._stopped.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                self._converse(connection)

    def _converse(self, connection: socket.socket) -> None:
        """Read one request and behave; the other side may go away at any moment."""
        try:
            with connection if self._tls is None else self._tls.wrap_socket(connection, server_side=True) as stream:
                self.requests.append(_read_request(stream))
                self._script[min(len(self.requests), len(self._script)) - 1](stream, self._stopped)
        except OSError:
            return


def _bound() -> socket.socket:
    unheard = socket.socket()
    unheard.bind(("127.0.0.1", 0))
    return unheard


def _read_request(connection: socket.socket) -> bytes:
    raw = b""
    while b"\r\n\r\n" not in raw:
        raw += _more(connection)
    head, _, body = raw.partition(b"\r\n\r\n")
    lengths = [line.partition(b":")[2] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    missing = int(lengths[0]) - len(body) if lengths else 0
    while missing > 0:
        chunk = _more(connection)
        raw, missing = raw + chunk, missing - len(chunk)
    return raw


def _more(connection: socket.socket) -> bytes:
    chunk = connection.recv(65536)
    if not chunk:
        raise ConnectionError("the other side went away in the middle of its request")
    return chunk
