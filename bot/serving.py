"""The processes: listen to Slack, tend and announce, or both; and how they end.

A signal sets one event; every part finishes what it has in hand and ends within ``LAST_CALL`` seconds. Nothing is lost
by ending: what was acknowledged is in the store, and what was claimed has a lease.
"""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.error import BoltError
from slack_sdk.errors import SlackClientError
from waitress.server import create_server

from bot import logs, wiring
from bot.announcer import Announcer
from bot.errors import SettingsError, StoreUnfit
from bot.operations.context import Context
from bot.settings import Settings
from bot.worker import Worker

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

LAST_CALL = 9.0
"""Seconds in which everything in hand is finished; platforms that stop processes give 10."""

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
    """Take Slack's requests over HTTP, behind whatever ends TLS."""

    def __init__(self, app: App, *, host: str, port: int) -> None:
        self._server = create_server(
            http_app(app), host=host, port=port, threads=8, max_request_body_size=LARGEST_BODY, ident=""
        )
        self._thread = threading.Thread(target=self._server.run, name="http", daemon=True)
        self.port: int = self._server.effective_port

    def open(self) -> None:
        """Answer requests from now on."""
        self._thread.start()

    def close(self) -> None:
        """Take no more connections."""
        self._server.close()


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


def serve(
    settings: Settings, *, listen: bool, tend: bool, http_port: int | None = None, host: str = "127.0.0.1"
) -> int:
    """Run until a signal asks to stop; return the exit status.

    Raise SettingsError or StoreUnfit when it cannot even begin.
    """
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    with wiring.open_store(settings) as store:
        if complaints := store.fitness():
            raise StoreUnfit(*complaints)
        context = wiring.make_context(settings, store)
        doors = [_door(settings, context, http_port, host)] if listen else []
        loops = _loops(settings, context, stopping) if tend else []
        return _until_stopped(doors, [Loop(run, stopping) for run in loops], stopping)


class Loop(threading.Thread):
    """Run a loop in a thread; when it dies, the whole process ends, because half a bot would go unnoticed."""

    def __init__(self, run: Callable[[], None], stopping: threading.Event) -> None:
        super().__init__(daemon=True)
        self._loop = run
        self._stopping = stopping
        self.died = False

    def run(self) -> None:
        """Go round until asked to stop."""
        try:
            self._loop()
        except Exception as error:  # noqa: BLE001 - whatever it was, a supervisor must start the process again
            self.died = True
            logs.failure("loop_died", error)
            self._stopping.set()


def _until_stopped(doors: Sequence[Door], loops: Sequence[Loop], stopping: threading.Event) -> int:
    for loop in loops:
        loop.start()
    for door in doors:
        door.open()
    logs.write("ready", pid=os.getpid())
    stopping.wait()
    deadline = time.monotonic() + LAST_CALL
    for door in doors:
        door.close()
    for loop in loops:
        loop.join(max(0.0, deadline - time.monotonic()))
    logs.write("stopped", pid=os.getpid())
    return 1 if any(loop.died for loop in loops) else 0


def _loops(settings: Settings, context: Context, stopping: threading.Event) -> list[Callable[[], None]]:
    name = f"{socket.gethostname()}-{os.getpid()}"
    slack = wiring.slack_client(settings, timeout=wiring.ANNOUNCER_TIMEOUT)
    worker = Worker(context, name=name, stopping=stopping)
    announcer = Announcer(context, slack, name=name, stopping=stopping)
    return [worker.run, announcer.run]


def _door(settings: Settings, context: Context, http_port: int | None, host: str) -> Door:
    try:
        app = wiring.make_app(settings, context)
    except (BoltError, SlackClientError, OSError) as error:
        raise SettingsError(f"SLACK_BOT_TOKEN: Slack did not accept it, or could not be reached: {error}") from error
    if http_port is None and settings.slack.socket_mode:
        return SocketDoor(app, settings)
    door = HttpDoor(app, host=host, port=DEFAULT_PORT if http_port is None else http_port)
    logs.write("listening", address=f"http://{host}:{door.port}{EVENTS_PATH}")
    return door
