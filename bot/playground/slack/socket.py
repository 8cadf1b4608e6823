"""Socket Mode: tickets, WebSocket connections that share the load, envelopes and their acknowledgements.

Rules: docs.slack.dev/apis/events-api/using-socket-mode (up to ten connections, any payload may come on any of them).
"""

import json
import secrets
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from bot.playground.slack.delivery import ACK_SECONDS, Answer, Kind, Retry
from bot.playground.slack.payloads import envelope
from bot.playground.slack.schema import Json
from bot.playground.slack.world import World

CONNECTIONS = 10
REMEMBERED_LATE = 100
"""Envelopes that were given up and whose acknowledgement would still be recognised."""
HOST = "127.0.0.1"
_DEBUG_HOST = {"host": "applink-playground"}
_LINK_DISABLED: Json = {"type": "disconnect", "reason": "link_disabled", "debug_info": _DEBUG_HOST}
_BAD_TICKET = 4001


@dataclass
class _Waiting:
    """Wait for one envelope's acknowledgement on one connection."""

    connection: ServerConnection
    done: threading.Event = field(default_factory=threading.Event)
    acked: bool = False
    payload: Any = None


class SocketHub:
    """Run the WebSocket server and deliver envelopes over whichever connection is next."""

    def __init__(self, world: World, *, ack_seconds: float = ACK_SECONDS) -> None:
        self._world = world
        self._ack_seconds = ack_seconds
        self._server: Server | None = None
        self._thread: threading.Thread | None = None
        self._tickets: set[str] = set()
        self._connections: list[ServerConnection] = []
        self._leaving: list[ServerConnection] = []
        self._waiting: dict[str, _Waiting] = {}
        self._given_up: dict[str, float] = {}
        self._turn = 0
        self._disabled = False

    def start(self) -> None:
        """Listen on a free port of loopback."""
        self._server = serve(self._serve_connection, HOST, 0, compression=None)
        self._thread = threading.Thread(target=self._server.serve_forever, name="slack-socket", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close every connection and the server; returns when their threads have ended."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
        self._server = self._thread = None

    @property
    def url(self) -> str:
        """Tell the address without a ticket; raises RuntimeError before the start."""
        if self._server is None:
            raise RuntimeError("Socket Mode is not running.")
        return f"ws://{HOST}:{self._server.socket.getsockname()[1]}/link"

    @property
    def connections(self) -> int:
        """Count the open connections."""
        return len(self._connections)

    def ticket(self) -> str:
        """Issue an address that is good for one connection, as apps.connections.open does."""
        ticket = secrets.token_hex(16)
        with self._world.lock:
            self._tickets.add(ticket)
        return f"{self.url}?ticket={ticket}&app_id={self._world.cast.app_id}"

    def deliver(self, kind: Kind, payload: Json, retry: Retry) -> Answer:
        """Send one envelope and wait for its acknowledgement."""
        began = time.monotonic()
        envelope_id = secrets.token_hex(16)
        with self._world.lock:
            if not self._connections:
                return Answer("no_connection", 0.0)
            waiting = self._waiting[envelope_id] = _Waiting(self._next())
        wrapped = envelope(kind, payload, envelope_id=envelope_id, retry=(retry.attempt, retry.reason))
        try:
            waiting.connection.send(json.dumps(wrapped))
            waiting.done.wait(self._ack_seconds)
        except ConnectionClosed:
            pass
        finally:
            with self._world.lock:
                del self._waiting[envelope_id]
                if not waiting.acked:
                    self._give_up(envelope_id, began)
        spent = (time.monotonic() - began) * 1000
        return Answer("", spent, waiting.payload) if waiting.acked else Answer("timeout", spent)

    def _give_up(self, envelope_id: str, began: float) -> None:
        self._given_up[envelope_id] = began
        while len(self._given_up) > REMEMBERED_LATE:
            del self._given_up[next(iter(self._given_up))]

    def refresh(self) -> int:
        """Ask every client to reconnect, as Slack does every few hours; returns how many were asked.

        A connection that was asked gets no more envelopes as soon as there is another, and is cut when one comes.
        """
        with self._world.lock:
            connections = self._leaving = list(self._connections)
        for connection in connections:
            _send(connection, {"type": "disconnect", "reason": "refresh_requested", "debug_info": _DEBUG_HOST})
        return len(connections)

    def disable(self) -> None:
        """Switch Socket Mode off, as in the app's settings: all are sent away, and so is whoever comes."""
        with self._world.lock:
            self._disabled = True
            connections = list(self._connections)
        for connection in connections:
            _send(connection, _LINK_DISABLED)
            _cut(connection)

    def drop(self) -> int:
        """Cut every connection without a word; returns how many there were."""
        with self._world.lock:
            connections = list(self._connections)
        for connection in connections:
            _cut(connection)
        return len(connections)

    def _next(self) -> ServerConnection:
        self._turn += 1
        staying = [one for one in self._connections if one not in self._leaving] or self._connections
        return staying[self._turn % len(staying)]

    def _serve_connection(self, connection: ServerConnection) -> None:
        path = connection.request.path if connection.request else ""
        ticket = parse_qs(urlsplit(path).query).get("ticket", [""])[0]
        with self._world.lock:
            known = ticket in self._tickets
            self._tickets.discard(ticket)
        if not known:
            connection.close(_BAD_TICKET, "unknown ticket")
        elif self._admit(connection):
            try:
                with suppress(ConnectionClosed):
                    for text in connection:
                        self._acknowledge(text)
            finally:
                self._forget(connection)

    def _admit(self, connection: ServerConnection) -> bool:
        """Greet a connection and list it; the eleventh is sent away. A connection that was to leave is cut."""
        with self._world.lock:
            standing = len(self._connections)
            if self._disabled:
                _send(connection, _LINK_DISABLED)
                return False
            if standing >= CONNECTIONS:
                _send(connection, _disconnect_too_many(self._world.cast.app_id, standing))
                return False
            _send(connection, _hello(self._world.cast.app_id, standing + 1))
            self._connections.append(connection)
            self._world.happened("socket_connected", connections=standing + 1)
            replaced = self._leaving[:1]
        for old in replaced:
            _cut(old)
        return True

    def _forget(self, connection: ServerConnection) -> None:
        """Take a connection off the list; what waits on it fails at once."""
        with self._world.lock:
            self._connections.remove(connection)
            self._leaving = [one for one in self._leaving if one is not connection]
            for waiting in self._waiting.values():
                if waiting.connection is connection:
                    waiting.done.set()
            self._world.happened("socket_disconnected", connections=self.connections)

    def _acknowledge(self, text: str | bytes) -> None:
        try:
            said = json.loads(text)
        except ValueError:
            return
        with self._world.lock:
            envelope_id = str(said.get("envelope_id", "")) if isinstance(said, dict) else ""
            waiting = self._waiting.get(envelope_id)
            if waiting is None:
                began = self._given_up.pop(envelope_id, None)
                spent = None if began is None else round((time.monotonic() - began) * 1000, 1)
                self._world.happened("late_or_unknown_ack", milliseconds=spent)
                return
            waiting.acked, waiting.payload = True, said.get("payload")
            waiting.done.set()


def _send(connection: ServerConnection, said: Json) -> None:
    try:
        connection.send(json.dumps(said))
    except ConnectionClosed:
        return


def _cut(connection: ServerConnection) -> None:
    """End the TCP connection; its reader notices at once."""
    with suppress(OSError):
        connection.socket.shutdown(socket.SHUT_RDWR)


def _hello(app_id: str, connections: int) -> Json:
    debug = {**_DEBUG_HOST, "build_number": 1, "approximate_connection_time": 18060}
    return {
        "type": "hello",
        "num_connections": connections,
        "debug_info": debug,
        "connection_info": {"app_id": app_id},
    }


def _disconnect_too_many(app_id: str, connections: int) -> Json:
    return {
        "type": "disconnect",
        "reason": "too_many_websockets",
        "num_connections": connections,
        "debug_info": _DEBUG_HOST,
        "connection_info": {"app_id": app_id},
    }
