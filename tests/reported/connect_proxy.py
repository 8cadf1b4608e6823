"""A real HTTP proxy on loopback that carries CONNECT tunnels to servers of a test, and keeps what it was asked."""

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Self

OPEN = b"HTTP/1.1 200 Connection established\r\n\r\n"


class ConnectProxy:
    """Open tunnels to ``routes``: each name, such as ``slack.test:443``, stands for a port of this machine.

    ``answer`` is said instead of a tunnel: a refusal, or nothing at all (empty: hang up; None: say nothing and wait).
    """

    def __init__(self, routes: Mapping[str, int] | None = None, *, answer: bytes | None = OPEN) -> None:
        self.asked: list[str] = []
        """The first line of every request."""
        self.heads: list[str] = []
        self._routes, self._answer = routes or {}, answer
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._door.shutdown(socket.SHUT_RDWR)  # wakes the thread from accept
        self._threads[0].join()
        self.hang_up()
        for thread in self._threads:
            thread.join()
        for one in (self._door, *self._open):
            one.close()

    def hang_up(self) -> None:
        """Cut every tunnel."""
        for one in tuple(self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._door.accept()
            except OSError:
                return
            self._open.append(client)
            self._run(client)

    def _run(self, client: socket.socket) -> None:
        thread = threading.Thread(target=self._serve, args=(client,))
        self._threads.append(thread)
        thread.start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError):
            self._tunnel(client)
        with suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)

    def _tunnel(self, client: socket.socket) -> None:
        head = _head(client)
        self.heads.append(head)
        self.asked.append(head.partition("\r\n")[0])
        if self._answer is None:
            client.recv(1)  # until somebody hangs up
        elif self._answer != OPEN:
            client.sendall(self._answer)
        else:
            server = socket.create_connection(("127.0.0.1", self._routes[head.split(" ")[1]]))
            self._open.append(server)
            client.sendall(OPEN)
            back = threading.Thread(target=_pump, args=(server, client))
            back.start()
            _pump(client, server)
            back.join()


def _head(client: socket.socket) -> str:
    raw = b""
    while b"\r\n\r\n" not in raw and (more := client.recv(1)):
        raw += more
    return raw.decode("latin-1")


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
