"""A relay between one real process and one server, the store or an HTTP service, that can be told to lie.

The process is unmodified: it is given the relay's address. The relay names and numbers every call, asks its plan what
to do with it when it has arrived whole, and again when the server has answered it whole. One thread serves one
connection, so a plan may wait, or kill somebody, as long as it likes.
"""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Literal, Self

from crash.deeds import (
    DROP,
    HONEST,
    PASS,
    RESET,
    TWICE,
    Call,
    Cut,
    Deed,
    Drip,
    Drop,
    Garble,
    Hold,
    Pass,
    Plan,
    Twice,
)
from crash.links import LINKS

__all__ = [
    "DROP", "HONEST", "PASS", "RESET", "TWICE",
    "Call", "Cut", "Deed", "Drip", "Drop", "Garble", "Hold", "Pass", "Plan", "Protocol", "Relay", "Twice",
    "tcp", "unix",
]  # fmt: skip

Protocol = Literal["resp", "http"]

END = 5.0
"""Seconds in which every connection has ended after the relay has."""


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
            self._run(partial(self._serve, client, self._connections))

    def _serve(self, client: socket.socket, number: int) -> None:
        self._keep(client)
        try:
            with client, self.connect() as server:
                try:
                    LINKS[self._protocol](self, client, server, number).run()
                finally:
                    self.forget(client, server)
        except OSError:
            self.forget(client)  # no server there, or one side is gone: the other one is told by the close
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

    def forget(self, *some: socket.socket) -> None:
        with self._changed:
            self._open.difference_update(some)


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
