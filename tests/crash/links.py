"""One connection through a relay: a call and its reply at a time, as all of our clients do."""

import select
import socket
import struct
import threading
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import Protocol

from crash import wire
from crash.deeds import Call, Cut, Deed, Drip, Drop, Garble, Hold, Pass, Plan, Twice

PIECE = 1 << 16
MORE = 0.002
"""Seconds to look for more of a long pipeline: redis-py writes what is longer than 6,000 bytes in pieces."""

LONG = 5_000
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Owner(Protocol):
    """The relay, as its connections see it."""

    plan: Plan
    host: str
    ending: threading.Event

    def note(self, connection: int, name: str, said: bytes) -> Call:
        """Number a call."""

    def connect(self) -> socket.socket:
        """Connect to the server once more."""

    def forget(self, *some: socket.socket) -> None:
        """Let go of sockets that are closed."""


class _Over(Exception):
    """Tell that a connection has ended, as planned or by one of its sides."""


class Link(ABC):
    """Serve one connection: one call and its reply at a time, as all of our clients do."""

    def __init__(self, relay: Owner, client: socket.socket, server: socket.socket, number: int) -> None:
        self._relay, self._client, self._server, self._number = relay, client, server, number
        self._from_client, self._from_server = b"", b""

    def run(self) -> None:
        with suppress(_Over):
            while True:
                self._once(*self._next_call())

    def _once(self, name: str, said: bytes) -> None:
        call = self._relay.note(self._number, name, said)
        deed = self._relay.plan.asked(call)
        self._send(self._server, said, deed)
        reply = self._reply(self._server, call)
        if isinstance(deed, Twice):
            second = self._again(call)
            reply = second if deed.hears_second else reply
        back = self._relay.plan.answered(call, reply)
        self._send(self._client, reply * 2 if isinstance(back, Twice) else reply, back)

    def _again(self, call: Call) -> bytes:
        with self._relay.connect() as server:
            server.sendall(call.said)
            kept, self._from_server = self._from_server, b""
            try:
                return self._reply(server, call)
            finally:
                self._from_server = kept
                self._relay.forget(server)

    def _send(self, to: socket.socket, said: bytes, deed: Deed) -> None:
        match deed:
            case Drop(reset):
                self._close(reset=reset)
            case Cut(at, reset):
                to.sendall(said[:at])
                self._close(reset=reset)
            case Drip(seconds, size):
                for start in range(0, len(said), size):
                    to.sendall(said[start : start + size])
                    self._relay.ending.wait(seconds)
            case Hold(seconds):
                self._relay.ending.wait(seconds)
                to.sendall(said)
            case Garble(change):
                to.sendall(change(said))
            case Pass() | Twice():
                to.sendall(said)

    def _close(self, *, reset: bool) -> None:
        if reset:
            for one in (self._client, self._server):
                if one.family != socket.AF_UNIX:
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        raise _Over

    def _hear_client(self) -> None:
        """Read more of what the client says; when the server hangs up before, the client is told so."""
        ready, _, _ = select.select([self._client, self._server], [], [])
        if self._client not in ready and not self._server.recv(1, socket.MSG_PEEK):
            raise _Over
        self._from_client += _received(self._client)

    def _hear_server(self, server: socket.socket) -> None:
        """Read more of a reply; when the server hangs up in its middle, the client gets what there is."""
        piece = server.recv(PIECE)
        if not piece:
            self._client.sendall(self._from_server)
            raise _Over
        self._from_server += piece

    def _take(self, end: int) -> bytes:
        reply, self._from_server = self._from_server[:end], self._from_server[end:]
        return reply

    @abstractmethod
    def _next_call(self) -> tuple[str, bytes]:
        """Wait for a complete call; give its name and its bytes."""

    @abstractmethod
    def _reply(self, server: socket.socket, call: Call) -> bytes:
        """Wait for the complete reply to a call."""


class _Resp(Link):
    """A pipeline of commands in one burst is one call, and has as many replies as commands."""

    def _next_call(self) -> tuple[str, bytes]:
        while True:
            found, rest = wire.commands(self._from_client)
            names = [wire.name_of_command(one) for one in found]
            if names and names[0] in wire.HANDSHAKE:
                self._from_client = self._from_client[len(found[0]) :]
                return names[0], found[0]
            if wire.is_whole_burst(names, rest) and not self._is_more_to_come():
                said, self._from_client = self._from_client, b""
                return ",".join(names), said
            self._hear_client()

    def _is_more_to_come(self) -> bool:
        return len(self._from_client) > LONG and bool(select.select([self._client], [], [], MORE)[0])

    def _reply(self, server: socket.socket, call: Call) -> bytes:
        count = len(wire.commands(call.said)[0])
        while (end := _end_of_replies(self._from_server, count)) is None:
            self._hear_server(server)
        return self._take(end)


class _Http(Link):
    """One request after the other, each read with its body."""

    def _next_call(self) -> tuple[str, bytes]:
        while (end := wire.end_of_http(self._from_client, is_answer=False)) is None:
            self._hear_client()
        said, self._from_client = self._from_client[:end], self._from_client[end:]
        return wire.name_of_request(said), wire.addressed_to(self._relay.host, said)

    def _reply(self, server: socket.socket, call: Call) -> bytes:
        method = call.said.partition(b" ")[0].decode()
        while (end := wire.end_of_http(self._from_server, is_answer=True, to=method)) is None:
            self._hear_server(server)
        return self._take(end)


LINKS = {"resp": _Resp, "http": _Http}


def _end_of_replies(data: bytes, count: int) -> int | None:
    end: int | None = 0
    for _ in range(count):
        end = None if end is None else wire.end_of_value(data, end)
    return end


def _received(one: socket.socket) -> bytes:
    piece = one.recv(PIECE)
    if not piece:
        raise _Over
    return piece
