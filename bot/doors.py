"""The doors through which Slack's requests come in: a WebSocket of its own, or HTTP. Nothing is decided here."""

import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

from slack_bolt import App
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk.errors import SlackClientError
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from waitress import wasyncore
from waitress.server import create_server
from waitress.task import ThreadedTaskDispatcher

from bot import logs
from bot.errors import SettingsError
from bot.settings import Settings
from bot.socket_client import USUAL, Backoff, SocketClient

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

THREADS = 8
"""Requests answered at the same time over HTTP; each takes milliseconds, and waits for Slack at most."""

TURN = 0.2
"""Seconds for which the loop waits for something to happen."""

LAST_ANSWERS = 5.0
"""Seconds for the requests in hand; Slack has given up on them after 3."""

LARGEST_BODY = 1_000_000
"""Bytes of a request from Slack that are read at most; a view has up to 250 kB."""

DEFAULT_PORT = 3000
"""Bolt's own default for HTTP."""

LAST_PORT = 65_535

ANSWERS_ITSELF = 2.0
"""Seconds in which the port must answer the bot's own question."""

# Bolt makes a number of the one, and slack_sdk compares the other with a text of ASCII, before anybody is refused: what
# has another shape would raise, and be answered by those who answer Slack's own requests.
_SECONDS = re.compile(r"[0-9]{1,15}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")

_OK = b"HTTP/1.0 200"

EVENTS_PATH = "/slack/events"
"""Where Slack's requests arrive in HTTP mode, for commands, interactivity, options and events alike."""


class Door(Protocol):
    """Something through which Slack's requests come in."""

    def open(self) -> None:
        """Begin to take requests."""

    def close(self) -> None:
        """Take no more requests, and end those in hand."""

    @property
    def lost(self) -> bool:
        """Tell whether no further try can make it reachable."""

    def unreached(self) -> str:
        """Say why Slack cannot reach this process; empty when it can."""


class SocketDoor:
    """Take Slack's requests over Socket Mode. ``stopping`` ends the wait for Slack's greeting."""

    def __init__(
        self, app: App, settings: Settings, *, stopping: threading.Event | None = None, backoff: Backoff = USUAL
    ) -> None:
        token = settings.slack.app_token.get_secret_value()
        self._client = SocketClient(token, app.client, logger=app.logger, backoff=backoff)
        self._client.socket_mode_request_listeners.append(self._answer)
        self._app = app
        self._stopping = stopping or threading.Event()

    def open(self) -> None:
        """Connect, and wait until Slack greets this process; it reconnects by itself from then on."""
        try:
            self._client.connect()
        except (SlackClientError, OSError) as error:
            raise SettingsError(f"SLACK_APP_TOKEN: Slack did not open a Socket Mode connection: {error}") from error
        while not (self._client.reachable or self._client.lost or self._stopping.is_set()):
            self._client.await_news(TURN)
        if self.lost:
            self._client.close()
            raise SettingsError(f"SLACK_APP_TOKEN: {self._client.lost}")

    def _answer(self, client: BaseSocketModeClient, req: SocketModeRequest) -> None:
        began = time.time()
        send_response(client, req, run_bolt_app(self._app, req), began)

    @property
    def lost(self) -> bool:
        """Tell whether no further try can help."""
        return bool(self._client.lost)

    def unreached(self) -> str:
        """Say why Slack cannot reach this process; empty when it can."""
        return self._client.lost or ("" if self._client.reachable else self._client.why)

    def close(self) -> None:
        """Let the requests in hand be answered, then disconnect: an answer needs the connection it came by."""
        self._client.wait_until_idle(LAST_ANSWERS)
        self._client.close()


class HttpDoor:
    """Take Slack's requests over HTTP, behind whatever ends TLS.

    waitress has no graceful end of its own, so its loop is turned here: closing takes what has arrived and nothing
    more, lets the requests in hand be answered, and then ends the loop. Raise SettingsError for an address that cannot
    be listened on.
    """

    def __init__(self, app: App, *, host: str, port: int) -> None:
        self._sockets: dict[int, Any] = {}
        self._tasks = ThreadedTaskDispatcher()
        self._server = create_server(
            http_app(app),
            map=self._sockets,
            _dispatcher=self._tasks,
            sockets=[_listening(host, port)],
            max_request_body_size=LARGEST_BODY,
            ident="",
        )
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._turn, name="http", daemon=True)
        self._address = self._server.socket.getsockname()[:2]
        self.port = int(self._server.effective_port)

    def open(self) -> None:
        """Answer requests from now on."""
        self._tasks.set_thread_count(THREADS)
        self._thread.start()

    @property
    def lost(self) -> bool:
        """Tell whether nobody listens any more."""
        return self._thread.ident is not None and not self._thread.is_alive()

    def unreached(self) -> str:
        """Ask the port as anybody would: a socket that is there may have nobody behind it."""
        try:
            with socket.create_connection(self._address, ANSWERS_ITSELF) as line:
                line.sendall(b"GET /health HTTP/1.0\r\n\r\n")
                answered = line.recv(len(_OK)) == _OK
        except OSError as error:
            return f"Nobody answers at port {self.port} any more: {error}."
        return "" if answered else f"Something else than the bot answers at port {self.port}."

    def _turn(self) -> None:
        while not self._closing.is_set():
            self._poll(TURN)
        self._refuse_new()
        deadline = time.monotonic() + LAST_ANSWERS
        while self._in_hand() and time.monotonic() < deadline:
            self._poll(TURN)
        self._end()

    def _poll(self, seconds: float) -> None:
        wasyncore.loop(timeout=seconds, use_poll=True, map=self._sockets, count=1)

    def _refuse_new(self) -> None:
        """Take the connections that wait to be taken, and what they have said already; then listen no more."""
        before = -1
        while before < len(self._sockets):
            before = len(self._sockets)
            self._poll(0)
        self._server.del_channel()
        self._server.socket.close()

    def _in_hand(self) -> bool:
        """Tell whether a request is being read or answered, or an answer is on its way."""
        return any(
            channel.request is not None or channel.requests or channel.total_outbufs_len
            for channel in self._server.active_channels.values()
        )

    def _end(self) -> None:
        self._tasks.shutdown()
        wasyncore.close_all(self._sockets)

    def close(self) -> None:
        """Take no more connections, and end when the requests in hand are answered."""
        self._closing.set()
        if self._thread.ident is None:
            self._end()
        elif self._thread.is_alive():
            with suppress(OSError):  # the loop saw it by itself and has closed the trigger already
                self._server.pull_trigger()
            self._thread.join(LAST_ANSWERS + 1)


def _listening(host: str, port: int) -> socket.socket:
    if not 0 <= port <= LAST_PORT:
        raise SettingsError(f"--http: {port} is no port; they end at {LAST_PORT}.")
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise SettingsError(f"--http: {host}:{port} cannot be listened on: {error}") from error


def http_app(app: App) -> Callable[["WSGIEnvironment", "StartResponse"], Iterable[bytes]]:
    """Wrap Bolt for a web server: refuse, before Bolt sees it, what Bolt would answer with a fault of its own."""
    bolt = SlackRequestHandler(app, path=EVENTS_PATH)

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ.get("PATH_INFO") == "/health" and environ.get("REQUEST_METHOD") == "GET":
            return _plain(start_response, "200 OK", "ok\n")
        if refusal := _refusal(environ):
            return _plain(start_response, *refusal)
        try:
            return bolt(environ, start_response)
        except Exception as error:  # noqa: BLE001 - Bolt reads a body before it checks who signed it, and trusts its shape
            logs.write("unreadable_request", level=logging.WARNING, error=type(error).__name__, why=str(error))
            return _plain(start_response, "400 Bad Request", "The body is not one that Slack sends.\n")

    return answer


def _refusal(environ: "WSGIEnvironment") -> tuple[str, str] | None:
    """Say with which status and words a request is refused before Bolt sees it; None: Bolt may see it."""
    if environ.get("PATH_INFO") != EVENTS_PATH:
        return "404 Not Found", f"Slack's requests go to {EVENTS_PATH}.\n"
    if environ.get("REQUEST_METHOD") != "POST":
        return "405 Method Not Allowed", "Only POST is taken here.\n"
    if not _SECONDS.fullmatch(str(environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", ""))):
        return "401 Unauthorized", "The request does not carry Slack's timestamp.\n"
    if not _SIGNATURE.fullmatch(str(environ.get("HTTP_X_SLACK_SIGNATURE", ""))):
        return "401 Unauthorized", "The request does not carry Slack's signature.\n"
    return None


def _plain(start_response: "StartResponse", status: str, text: str) -> list[bytes]:
    start_response(status, [("Content-Type", "text/plain; charset=utf-8")])
    return [text.encode()]
