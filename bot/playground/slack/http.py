"""The HTTP side of the simulated Slack: ``/api/METHOD``, ``/response/KEY`` and ``/_control/VERB``, on loopback only.

Carries bytes; decides nothing but whether the caller may knock: the Host must be loopback and this port, and a browser
must come from a page of the same origin.
"""

import json
import socket
import struct
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from bot.playground.slack.gate import Reply

HOST = "127.0.0.1"
BIGGEST = 2_000_000
"""Bytes of a request body that are read."""
Take = Callable[["Request"], Reply]


class Request:
    """Hold one HTTP request as values."""

    def __init__(self, verb: str, target: str, headers: dict[str, str], body: bytes) -> None:
        parts = urlsplit(target)
        self.verb, self.path, self.query, self.body = verb, parts.path, parts.query, body
        self.authorization = headers.get("authorization", "")
        self.content_type = headers.get("content-type", "")
        self.host = headers.get("host", "")
        self.origin = headers.get("origin", "")


class _Server(ThreadingHTTPServer):
    """Serve with daemon threads, which ``server_close`` does not wait for."""

    daemon_threads = True
    take: Take

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over callers who hung up; a fault of our own is printed, as http.server does."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "SimulatedSlack"
    sys_version = ""

    def do_POST(self) -> None:
        self._serve("POST")

    def do_GET(self) -> None:
        self._serve("GET")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Stay silent: the journal tells more."""

    def _serve(self, verb: str) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > BIGGEST:
            self._answer(Reply(413, "request_too_large"))
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(verb, self.path, headers, self.rfile.read(int(length)))
        self._answer(self.server.take(request))

    def _answer(self, reply: Reply) -> None:
        if reply.reset:
            self._reset()
            return
        as_json = not isinstance(reply.body, str)
        body = json.dumps(reply.body).encode() if as_json else str(reply.body).encode()
        self.send_response(reply.status)
        self.send_header("Content-Type", "application/json; charset=utf-8" if as_json else "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _reset(self) -> None:
        """Close so that the caller gets a reset, not an orderly end: zero linger."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.rfile.close()
        self.connection.close()


class SlackHttp:
    """Listen on loopback and hand every request that may knock to ``take``."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def start(self, port: int = 0) -> None:
        """Listen; port 0 takes a free one."""
        self._server = _Server((HOST, port), _Handler)
        self._server.take = self._guarded
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, name="slack-http", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop listening."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
        self._server = self._thread = None

    @property
    def port(self) -> int:
        """Tell the port; raises RuntimeError before the start."""
        if self._server is None:
            raise RuntimeError("The simulated Slack is not running.")
        return int(self._server.server_address[1])

    @property
    def address(self) -> str:
        """Tell the origin, such as ``http://127.0.0.1:40123``."""
        return f"http://{HOST}:{self.port}"

    def _guarded(self, request: Request) -> Reply:
        hosts = {f"{name}:{self.port}" for name in ("127.0.0.1", "localhost")}
        if request.host not in hosts:
            return Reply(403, "This server answers to loopback only.")
        if request.origin and request.origin not in {f"http://{host}" for host in hosts}:
            return Reply(403, "Another origin may not use this server.")
        return self._take(request)
