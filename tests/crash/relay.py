"""A relay between one real process and one server, the store or an HTTP service, that can be told to lie.

The process is unmodified: it is given the relay's address. The relay names and numbers every call, asks its plan what
to do with it when it has arrived whole, and again when the server has answered it whole. One thread serves one
connection, so a plan may wait, or kill somebody, as long as it likes.
"""

import select
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

from crash import wire
from crash.deeds import DROP, PASS, RESET, TWICE, Cut, Deed, Drip, Drop, Garble, Hold, Pass, Twice

__all__ = [
    "DROP", "HONEST", "PASS", "RESET", "TWICE",
    "Call", "Cut", "Deed", "Drip", "Drop", "Garble", "Hold", "Pass", "Plan", "Protocol", "Relay", "Twice",
    "tcp", "unix",
]  # fmt: skip

Protocol = Literal["resp", "http"]

END = 5.0
"""Seconds in which every connection has ended after the relay has."""

PIECE = 1 << 16
MORE = 0.002
"""Seconds to look for more of a long pipeline: redis-py writes what is longer than 6,000 bytes in pieces."""

LONG = 5_000
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Call:
    """One call as it arrived. ``number`` counts the relay's calls from 1, ``connection`` its connections.

    ``name`` says what was asked: "EVALSHA", "MULTI,XACK,XDEL,EXEC", "PushBroadcast", "chat.postMessage".
    """

    link: str
    number: int
    connection: int
    name: str
    said: bytes


class Plan:
    """Decide what becomes of each call; this one lets everything pass. Both may block; each connection has a thread."""

    def asked(self, call: Call) -> Deed:  # noqa: ARG002 - for those who decide otherwise
        """Say what to do with a whole call, of which nothing was forwarded yet."""
        return PASS

    def answered(self, call: Call, reply: bytes) -> Deed:  # noqa: ARG002 - likewise
        """Say what to do with the server's whole reply, of which nothing was passed back yet."""
        return PASS


HONEST = Plan()


class Relay:
    """Stand between clients at ``port`` and the server that ``upstream`` connects to, which may be another each time.

    ``calls`` lists every call seen. What a plan raises ends its connection, and is raised again on leaving. ``host`` is
    put in the place of the Host header of HTTP requests, for a server that answers to its own address alone.
    """

    def __init__(
        self,
        link: str,
        upstream: Callable[[], socket.socket],
        protocol: Protocol,
        plan: Plan = HONEST,
        *,
        host: str = "",
    ) -> None:
        self.link, self.plan, self.host = link, plan, host
        self._upstream, self._protocol = upstream, protocol
        self._door = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = int(self._door.getsockname()[1])
        self.ending = threading.Event()
        self._changed = threading.Condition()
        self._calls: list[Call] = []
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._failures: list[BaseException] = []
        self._connections = 0

    @property
    def calls(self) -> list[Call]:
        """List every call seen, in the order in which they arrived."""
        with self._changed:
            return list(self._calls)

    def wait(self, condition: Callable[[list[Call]], bool], *, seconds: float = 10.0) -> bool:
        """Wait until ``condition`` holds for the calls, at most so many seconds; tell whether it does."""
        with self._changed:
            return self._changed.wait_for(lambda: condition(self._calls), seconds)

    def connect(self) -> socket.socket:
        """Connect to the server; raises OSError."""
        return self._keep(self._upstream())

    def note(self, connection: int, name: str, said: bytes) -> Call:
        """Number a call."""
        with self._changed:
            call = Call(self.link, len(self._calls) + 1, connection, name, said)
            self._calls.append(call)
            self._changed.notify_all()
        return call

    def __enter__(self) -> Self:
        self._run(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ending.set()
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self.hang_up()
        for thread in self._threads:
            thread.join(END)
        if self._failures and error is None:
            raise self._failures[0]

    def hang_up(self) -> None:
        """Cut every connection that is open now."""
        with self._changed:
            for one in self._open:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while not self.ending.is_set():
            try:
                client, _ = self._door.accept()
            except OSError:
                return
            self._connections += 1
            self._run(lambda client=client, number=self._connections: self._serve(client, number))

    def _serve(self, client: socket.socket, number: int) -> None:
        self._keep(client)
        try:
            with client, self.connect() as server:
                try:
                    _LINKS[self._protocol](self, client, server, number).run()
                finally:
                    self._forget(client, server)
        except OSError:
            self._forget(client)  # no server there, or one side is gone: the other one is told by the close
        except BaseException as failure:  # noqa: BLE001 - a plan failed: whoever owns the relay must hear of it
            self._failures.append(failure)

    def _run(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=f"relay-{self.link}", daemon=True)
        self._threads = [one for one in self._threads if one.is_alive() or one.ident is None] + [thread]
        thread.start()

    def _keep(self, one: socket.socket) -> socket.socket:
        with self._changed:
            self._open.add(one)
        return one

    def _forget(self, *some: socket.socket) -> None:
        with self._changed:
            self._open.difference_update(some)


class _Over(Exception):
    """Tell that a connection has ended, as planned or by one of its sides."""


class _Link:
    """Serve one connection: one call and its reply at a time, as all of our clients do."""

    def __init__(self, relay: Relay, client: socket.socket, server: socket.socket, number: int) -> None:
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
        self._send(self._client, reply, back)
        if isinstance(back, Twice):
            self._send(self._client, reply, PASS)

    def _again(self, call: Call) -> bytes:
        with self._relay.connect() as server:
            server.sendall(call.said)
            kept, self._from_server = self._from_server, b""
            try:
                return self._reply(server, call)
            finally:
                self._from_server = kept
                self._relay._forget(server)

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

    def _next_call(self) -> tuple[str, bytes]:
        raise NotImplementedError

    def _reply(self, server: socket.socket, call: Call) -> bytes:
        raise NotImplementedError


class _Resp(_Link):
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


class _Http(_Link):
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


_LINKS = {"resp": _Resp, "http": _Http}


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


def unix(path: str) -> Callable[[], socket.socket]:
    """Make the connector to a unix socket."""

    def connect() -> socket.socket:
        server = socket.socket(socket.AF_UNIX)
        try:
            server.connect(path)
        except OSError:
            server.close()
            raise
        return server

    return connect


def tcp(port: int, host: str = "127.0.0.1") -> Callable[[], socket.socket]:
    """Make the connector to a TCP port on this machine."""
    return lambda: socket.create_connection((host, port), timeout=None)
