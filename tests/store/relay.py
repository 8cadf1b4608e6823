"""A relay between a client and the server that loses an answer when it is told to: the server did what it was asked."""

import socket
import threading
from types import TracebackType
from typing import Self
from urllib.parse import unquote

WAIT = 5.0


class Relay:
    """Pass bytes on, one thread for each connection; ``url`` is where clients connect.

    ``lose(b"EVALSHA", times=1)`` lets the next command that contains these bytes run at the server, and then closes
    the client's connection instead of answering.
    """

    def __init__(self, server_url: str) -> None:
        self._server = unquote(server_url.removeprefix("unix://"))
        self._door = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._marks: list[bytes] = []
        self._guard = threading.Lock()
        self.lost = 0

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._door.getsockname()[1]}"

    def lose(self, mark: bytes, *, times: int = 1) -> None:
        self._marks += [mark] * times

    def keep_all(self) -> None:
        self._marks.clear()

    def __enter__(self) -> Self:
        self._run(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        with self._guard:
            for one in self._open:
                _hang_up(one)
        for thread in self._threads:
            thread.join(WAIT)

    def _run(self, work: object, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)  # type: ignore[arg-type]  # any callable
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._door.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._server)
            with self._guard:
                self._open += [client, server]
            self._run(self._serve, client, server)

    def _serve(self, client: socket.socket, server: socket.socket) -> None:
        """Pass on one command and its answer at a time: redis-py never sends a second one before it has the answer."""
        with client, server:
            while asked := _received(client):
                server.sendall(asked)
                answer = _received(server)
                if not answer or self._is_lost(asked):
                    return
                client.sendall(answer)

    def _is_lost(self, asked: bytes) -> bool:
        mark = next((mark for mark in self._marks if mark in asked), None)
        if mark is None:
            return False
        self._marks.remove(mark)
        self.lost += 1
        return True


def _received(one: socket.socket) -> bytes:
    try:
        return one.recv(1 << 20)
    except OSError:
        return b""


def _hang_up(one: socket.socket) -> None:
    try:
        one.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
