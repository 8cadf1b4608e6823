"""Somebody between Slack and the bot who keeps every request as it was, byte for byte, and can send it again."""

import http.client
import socket
import threading
from types import TracebackType
from typing import Self

IN_TIME = 3.0


class Eavesdropper:
    """Pass each request on to the bot and its answer back; ``heard`` are the requests, oldest first."""

    def __init__(self, port: int, path: str) -> None:
        self._to = ("127.0.0.1", port)
        self._path = path
        self._door = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self.heard: list[bytes] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._door.getsockname()[1]}{self._path}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._thread.join(IN_TIME)

    def send_again(self, request: bytes) -> tuple[int, bytes]:
        """Send a request that was heard, as it was, to the bot itself."""
        with socket.create_connection(self._to, timeout=IN_TIME) as line:
            line.sendall(request)
            answer = http.client.HTTPResponse(line)
            answer.begin()
            return answer.status, answer.read()

    def _listen(self) -> None:
        while True:
            try:
                line, _ = self._door.accept()
            except OSError:
                return
            with line:
                line.settimeout(IN_TIME)
                self._pass_on(line)

    def _pass_on(self, line: socket.socket) -> None:
        request = _whole(line)
        self.heard.append(request)
        with socket.create_connection(self._to, timeout=IN_TIME) as bot:
            bot.sendall(request.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
            while piece := bot.recv(65_536):
                line.sendall(piece)


def _whole(line: socket.socket) -> bytes:
    """Read one request to its end."""
    said = b""
    while b"\r\n\r\n" not in said:
        said += line.recv(65_536)
    head, _, body = said.partition(b"\r\n\r\n")
    lengths = [row.partition(b":")[2] for row in head.split(b"\r\n") if row.lower().startswith(b"content-length:")]
    while len(body) < int(lengths[0]):
        body += line.recv(65_536)
    return head + b"\r\n\r\n" + body
