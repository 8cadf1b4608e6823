"""A small HTTP server on loopback, the floor that the simulators stand on.

It turns what arrives into a ``Request`` value, asks one function for a ``Response`` value, and writes that down; a
response may also end badly on purpose (half of it, a closed connection, a reset). Every connection carries one request.
What the paths mean belongs to the simulators; nothing here knows Slack or mPaaS.
"""

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from pydantic import JsonValue

LOOPBACK = "127.0.0.1"
BIGGEST_BODY = 1_048_576
"""Bytes; more is answered with 413."""
SOCKET_TIMEOUT = 30.0
"""Seconds that a client may pause while it sends."""

_LINGER = struct.Struct("ii")
_RESET_ON_CLOSE = _LINGER.pack(1, 0)
"""Linger for zero seconds: closing then sends RST in place of FIN."""

STOP_TIMEOUT = 5.0
"""Seconds that ``stop`` waits for handlers that are at work."""

Ending = Literal["whole", "half", "close", "reset"]


@dataclass(frozen=True, slots=True)
class Request:
    """Hold one request as it arrived: header order, spelling and repeats are kept, the body is the exact bytes."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str, default: str = "") -> str:
        """Return the first header of that name in any spelling, or ``default``."""
        return next((value.strip() for key, value in self.headers if key.lower() == name.lower()), default)

    def arguments(self) -> dict[str, str]:
        """Return the query as names and values; of a repeated name the last one counts."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    def json(self) -> JsonValue:
        """Return the body read as JSON; an empty body is an empty object. Raises ``ValueError`` when it is not JSON."""
        value: JsonValue = json.loads(self.body) if self.body.strip() else {}
        return value


@dataclass(frozen=True, slots=True)
class Response:
    """Hold one answer. ``ending`` says whether it is written whole, cut in the middle, or not at all (close, reset).

    With a ``stream`` the body is what that yields, piece by piece as it comes, and the answer ends with it.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    ending: Ending = "whole"
    stream: Iterator[bytes] | None = None

    @classmethod
    def of_json(cls, value: JsonValue, status: int = 200, *, headers: Mapping[str, str] | None = None) -> "Response":
        """Return ``value`` as a JSON answer in UTF-8."""
        body = json.dumps(value, ensure_ascii=False).encode()
        return cls(status, body, {"Content-Type": "application/json;charset=utf-8", **(headers or {})})


class LoopbackServer:
    """Serve ``handler`` on 127.0.0.1, one thread per connection.

    Paths that begin with a prefix in ``guarded`` (an empty one guards all) answer only to a loopback ``Host`` of this
    very server and never to another web origin, so that no page on the internet can steer a simulator through
    somebody's browser.
    """

    def __init__(self, handler: Callable[[Request], Response], *, guarded: tuple[str, ...] = ("/_control",)) -> None:
        self._handler = handler
        self._guarded = guarded
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self._door = threading.RLock()
        self._connections: set[socket.socket] = set()
        self._changed = threading.Condition()
        self.port = 0
        self.failures: list[Exception] = []
        """What the handler raised, oldest first; the client got a sentence with status 500."""

    @property
    def url(self) -> str:
        """Return the base address, without a slash at the end."""
        return f"http://{LOOPBACK}:{self.port}"

    def start(self, port: int = 0) -> "LoopbackServer":
        """Listen on ``port`` (0: a free one) and return self. Raises ``OSError`` when the port is taken."""
        with self._door:
            self._bind(port)
            self._listen()
        return self

    def refuse(self) -> None:
        """Close the listening socket: whoever connects is refused, until ``accept``. Open connections live on."""
        with self._door:
            if self._thread is not None:
                self._close_door()
                self._bind(self.port)  # bound and not listening: refuses, and keeps the port for us

    def accept(self) -> None:
        """Listen again after ``refuse``; harmless when the server listens already or was stopped."""
        with self._door:
            if self._server is not None and self._thread is None:
                self._listen()

    def stop(self) -> None:
        """Stop listening, cut the open connections and wait for their threads; harmless when repeated."""
        with self._door:
            if self._server is not None:
                self._close_door()
        with self._changed:
            for connection in self._connections:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._changed.wait_for(lambda: not self._connections, timeout=STOP_TIMEOUT)

    def _bind(self, port: int) -> None:
        self._server = _Server(self, port)
        self.port = self._server.server_address[1]

    def _listen(self) -> None:
        assert self._server is not None  # noqa: S101  a promise between private functions, for the type checker
        self._server.server_activate()
        serve = self._server.serve_forever
        self._thread = threading.Thread(target=serve, args=(0.02,), name=f"loopback-{self.port}", daemon=True)
        self._thread.start()

    def _close_door(self) -> None:
        server, thread = self._server, self._thread
        self._server = self._thread = None
        if server is not None and thread is not None:
            server.shutdown()
            thread.join()
        if server is not None:
            server.server_close()

    def opened(self, connection: socket.socket) -> None:
        """Remember a connection that ``stop`` must cut."""
        with self._changed:
            self._connections.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """Forget a connection that is over."""
        with self._changed:
            self._connections.discard(connection)
            self._changed.notify_all()

    def answer(self, request: Request) -> Response:
        """Ask the handler, behind the guard; a failing handler becomes a sentence and an entry in ``failures``."""
        try:
            complaint = self._complaint(request)
            if complaint:
                return Response.of_json({"error": complaint}, 403)
            return self._handler(request)
        except Exception as failure:  # noqa: BLE001  whatever it was: the client gets an answer, the owner the cause
            self.failures.append(failure)
            return Response.of_json({"error": f"The simulator failed: {type(failure).__name__}."}, 500)

    def _complaint(self, request: Request) -> str:
        if not request.path.startswith(self._guarded):
            return ""
        hosts = {f"{name}:{self.port}" for name in (LOOPBACK, "localhost", "[::1]")}
        if request.header("Host").lower() not in hosts:
            return "This path answers only to a loopback Host header with this server's port."
        origin = request.header("Origin").lower()
        if origin and origin not in {f"http://{host}" for host in hosts}:
            return "This path does not answer to pages of another origin."
        if not origin and request.header("Sec-Fetch-Site") in ("cross-site", "same-site"):
            return "This path does not answer to pages of another site."
        return ""


class _Server(ThreadingHTTPServer):
    """Bind at once, listen later; tell the owner about every connection."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, owner: LoopbackServer, port: int) -> None:
        super().__init__((LOOPBACK, port), _Connection, bind_and_activate=False)
        self.owner = owner
        try:
            self.server_bind()
        except OSError:
            self.server_close()
            raise

    def server_bind(self) -> None:
        """Bind without the reverse look-up of the host name that the base class makes."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = LOOPBACK, self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        self.owner.opened(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close, politely unless the connection lingers for zero seconds: then the close is a reset."""
        try:
            if request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER.size) != _RESET_ON_CLOSE:
                with suppress(OSError):
                    request.shutdown(socket.SHUT_WR)
        finally:
            request.close()
            self.owner.closed(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that goes away in the middle is ordinary here."""


class _Connection(BaseHTTPRequestHandler):
    """Read one request, write one response, close."""

    server: _Server
    timeout = SOCKET_TIMEOUT
    protocol_version = "HTTP/1.1"

    def serve(self) -> None:
        """Answer the request whose line and headers were just read."""
        self.close_connection = True
        status, body = self._body()
        if status:
            self._write(Response.of_json({"error": "The body's length is missing, wrong, or too big."}, status))
            return
        url = urlsplit(self.path)
        headers = tuple((name, str(value)) for name, value in self.headers.items())
        self._write(self.server.owner.answer(Request(self.command, url.path, url.query, headers, body)))

    def _body(self) -> tuple[int, bytes]:
        """Return a status to refuse with (0: none) and the body."""
        lengths = self.headers.get_all("Content-Length") or ["0"]
        if self.headers.get("Transfer-Encoding"):
            return 411, b""
        if len(lengths) > 1 or not lengths[0].strip().isascii() or not lengths[0].strip().isdigit():
            return 400, b""
        if int(lengths[0]) > BIGGEST_BODY:
            return 413, b""
        body = self.rfile.read(int(lengths[0]))
        return (0, body) if len(body) == int(lengths[0]) else (400, b"")

    def _write(self, response: Response) -> None:
        if response.ending == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        if response.ending in ("reset", "close"):
            return
        self.send_response_only(response.status)
        headers = {"Date": formatdate(usegmt=True), "Connection": "close"}
        length = {"Content-Length": str(len(response.body))} if response.stream is None else {}
        for name, value in {**headers, **length, **response.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        if response.stream is not None:
            self._pour(response.stream)
            return
        whole = response.body
        self.wfile.write(whole if response.ending == "whole" else whole[: len(whole) // 2])

    def _pour(self, stream: Iterator[bytes]) -> None:
        """Write what comes, as it comes, until it ends, fails, or the client has gone or does not read any more."""
        try:
            for piece in stream:
                try:
                    self.wfile.write(piece)
                except OSError:
                    return
        except Exception as failure:  # noqa: BLE001  the client sees an end, the owner the cause
            self.server.owner.failures.append(failure)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class names it so
        """Say nothing: the simulators keep journals."""


for _method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
    setattr(_Connection, f"do_{_method}", _Connection.serve)
