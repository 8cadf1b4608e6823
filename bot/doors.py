"""The doors through which Slack's requests come in: a WebSocket of its own, or HTTP. Nothing is decided here."""

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk.errors import SlackClientError
from waitress import wasyncore
from waitress.server import create_server
from waitress.task import ThreadedTaskDispatcher

from bot.errors import SettingsError
from bot.settings import Settings

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

EVENTS_PATH = "/slack/events"
"""Where Slack's requests arrive in HTTP mode, for commands, interactivity, options and events alike."""


class Door(Protocol):
    """Something through which Slack's requests come in."""

    def open(self) -> None:
        """Begin to take requests."""

    def close(self) -> None:
        """Take no more requests, and end those in hand."""


class SocketDoor:
    """Take Slack's requests over Socket Mode."""

    def __init__(self, app: App, settings: Settings) -> None:
        self._handler = SocketModeHandler(
            app, settings.slack.app_token.get_secret_value(), web_client=app.client, trace_enabled=False
        )

    def open(self) -> None:
        """Connect; slack_sdk reconnects by itself from then on."""
        try:
            self._handler.connect()  # type: ignore[no-untyped-call]  # slack_bolt leaves it untyped
        except (SlackClientError, OSError) as error:
            raise SettingsError(f"SLACK_APP_TOKEN: Slack did not open a Socket Mode connection: {error}") from error

    def close(self) -> None:
        """Disconnect."""
        self._handler.close()  # type: ignore[no-untyped-call]  # slack_bolt leaves it untyped


class HttpDoor:
    """Take Slack's requests over HTTP, behind whatever ends TLS.

    waitress has no graceful end of its own, so its loop is turned here: closing refuses new connections at once, lets
    the requests in hand be answered, and then ends the loop.
    """

    def __init__(self, app: App, *, host: str, port: int) -> None:
        self._sockets: dict[int, Any] = {}
        self._tasks = ThreadedTaskDispatcher()
        self._tasks.set_thread_count(THREADS)
        self._server = create_server(
            http_app(app),
            map=self._sockets,
            _dispatcher=self._tasks,
            host=host,
            port=port,
            max_request_body_size=LARGEST_BODY,
            ident="",
        )
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._turn, name="http", daemon=True)
        self.port: int = self._server.effective_port

    def open(self) -> None:
        """Answer requests from now on."""
        self._thread.start()

    def _turn(self) -> None:
        listening = True
        while listening or self._tasks.queue or self._tasks.active_count:
            if listening and self._closing.is_set():
                listening = False
                self._server.del_channel()
                self._server.socket.close()
            wasyncore.loop(timeout=TURN, use_poll=True, map=self._sockets, count=1)
        wasyncore.loop(timeout=TURN, use_poll=True, map=self._sockets, count=1)  # the last answers leave
        self._tasks.shutdown()
        wasyncore.close_all(self._sockets)

    def close(self) -> None:
        """Take no more connections, and end when the requests in hand are answered."""
        self._closing.set()
        if self._thread.is_alive():
            self._server.pull_trigger()
            self._thread.join(LAST_ANSWERS)


def http_app(app: App) -> Callable[["WSGIEnvironment", "StartResponse"], Iterable[bytes]]:
    """Wrap Bolt for a web server: refuse, before Bolt sees it, what Bolt would answer with a fault of its own."""
    bolt = SlackRequestHandler(app, path=EVENTS_PATH)

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", "")
        if path == "/health" and method == "GET":
            return _plain(start_response, "200 OK", "ok\n")
        if path != EVENTS_PATH:
            return _plain(start_response, "404 Not Found", f"Slack's requests go to {EVENTS_PATH}.\n")
        if method != "POST":
            return _plain(start_response, "405 Method Not Allowed", "Only POST is taken here.\n")
        if not str(environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", "")).isdecimal():
            return _plain(start_response, "401 Unauthorized", "The request does not carry Slack's timestamp.\n")
        try:
            return bolt(environ, start_response)
        except UnicodeDecodeError:
            return _plain(start_response, "400 Bad Request", "The body is not UTF-8.\n")

    return answer


def _plain(start_response: "StartResponse", status: str, text: str) -> list[bytes]:
    start_response(status, [("Content-Type", "text/plain; charset=utf-8")])
    return [text.encode()]
