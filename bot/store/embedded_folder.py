"""The folder of an embedded server: who may enter, its locks, its socket, and whether its data is still there.

Inside: ``appendonlydir`` (the data), ``valkey.sock``, ``valkey.log``, ``valkey.users``, ``valkey.starting`` and
``valkey.server`` (locks), ``valkey.filled`` (there has been data), and ``valkey.socket-path`` when the folder's path is
too long for a socket.
"""

import fcntl
import os
import shutil
import stat
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from bot.errors import StoreUnavailable
from bot.owners import owner_of, why_refused

USERS_LOCK: Final = "valkey.users"
"""The file on which every user of the server holds a shared lock."""

STARTING_LOCK: Final = "valkey.starting"
"""The file on which whoever starts a server holds an exclusive lock."""

SERVER_LOCK: Final = "valkey.server"
"""The file on which a living server holds an exclusive lock."""

_LONGEST_SOCKET_PATH: Final = 100
"""Bytes; a unix socket's path ends at 103 on macOS and 107 on Linux (sun_path)."""

_NOTE: Final = "valkey.socket-path"
_LAST_LOG_LINES: Final = 8
_ROOM: Final = 1 << 16
"""Bytes; with less than this a server cannot even write why it does not start."""


class Folder:
    """Be one folder; nothing is looked at or made before it is asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.log = path / "valkey.log"
        self.filled = path / "valkey.filled"

    def make(self) -> None:
        """Make the folder and close it to others; raise StoreUnavailable when it belongs to others."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except FileExistsError:
            raise StoreUnavailable(f"{self.path} is not a folder, so it cannot hold the embedded store.") from None
        if not _is_ours_alone(self.path):
            self._close()

    def holds_a_store(self) -> bool:
        """Tell whether a server has begun to keep data here; an empty folder, or a key alone, is no store.

        Raises StoreUnavailable when this user may not look.
        """
        with self.usable():
            return self.filled.exists() or self._has_data()

    def _has_data(self) -> bool:
        return any((self.path / "appendonlydir").glob("*.manifest"))

    @contextmanager
    def usable(self) -> Iterator[None]:
        """Turn what the file system refuses (no room, no right, not there) into StoreUnavailable."""
        try:
            yield
        except PermissionError as error:
            why = f"it {why_refused(self.path)}, and the user who runs this may not use it; run it as who runs the bot"
            raise StoreUnavailable(f"The embedded store's folder {self.path} cannot be used: {why}.") from error
        except OSError as error:
            raise StoreUnavailable(f"The embedded store's folder {self.path} cannot be used: {error}") from error

    def _close(self) -> None:
        about = self.path.stat()
        if about.st_mode & stat.S_ISVTX:
            raise StoreUnavailable(f"{self.path} is for everybody: give the embedded store a folder of its own.")
        if about.st_uid != os.getuid():
            raise StoreUnavailable(f"{self.path} {self._anothers(about.st_mode)}")
        self.path.chmod(0o700)

    def _anothers(self, mode: int) -> str:
        """Say what to do about a folder of somebody else: his store, or a volume that is lent to our group."""
        owner = owner_of(self.path.resolve())
        if self.holds_a_store():
            return f"holds the store of {owner}: run this as {owner}, who runs the bot."
        if mode & stat.S_IWGRP:
            inside = self.path / "var"
            return (
                f"belongs to {owner} and is open to a group, as Kubernetes mounts a volume (fsGroup): set "
                f"BROADCAST_DATA_DIR to a folder in it that the bot makes for itself alone, such as {inside}."
            )
        return f"belongs to {owner}: give the embedded store a folder of its own, or run this as {owner}."

    def open(self, name: str) -> int:
        """Open one of the locks' files."""
        return os.open(self.path / name, os.O_RDWR | os.O_CREAT, 0o600)

    def socket(self, known: Path | None = None) -> Path:
        """Choose where the socket is: in the folder, or in a short one of our own that the folder remembers.

        A short one that was removed is made again, and where the folder forgot it, ``known`` is where it was: who is
        connected there looks nowhere else.
        """
        here = self.path / "valkey.sock"
        if len(os.fsencode(here)) <= _LONGEST_SOCKET_PATH:
            return here
        note = self.path / _NOTE
        there = Path(note.read_text(encoding="utf-8")) if note.exists() else known
        if there is None or not _made_ours(there.parent):
            there = Path(tempfile.mkdtemp(prefix="broadcast-")) / "valkey.sock"
        note.write_text(str(there), encoding="utf-8")
        return there

    def remember(self, socket: Path) -> None:
        """Say again where the socket is, if that is not in the folder and the folder does not say so."""
        note = self.path / _NOTE
        if socket.parent != self.path and not (note.exists() and note.read_text(encoding="utf-8") == str(socket)):
            note.write_text(str(socket), encoding="utf-8")

    def refuse_to_begin_anew(self) -> None:
        """Refuse to start without the data that was there: what is empty would be taken for a store where all is new.

        Raises StoreUnavailable.
        """
        if self.filled.exists() and not self._has_data():
            raise StoreUnavailable(
                f"The embedded store's data is gone from {self.path / 'appendonlydir'}: bring it back from a backup. "
                "To begin with an empty store, set BROADCAST_DATA_DIR to another folder."
            )

    def last_words(self) -> str:
        """Read the end of what the server had to tell, and say whether its disk is full: then it could tell nothing."""
        try:
            with self.log.open(encoding="utf-8", errors="replace") as lines:
                said = "".join(deque(lines, maxlen=_LAST_LOG_LINES)).strip()
        except FileNotFoundError:
            said = ""
        full = "\nThere is no room left on its disk." if shutil.disk_usage(self.path).free < _ROOM else ""
        return (said or "(it wrote nothing)") + full


def locks(handle: int, kind: int) -> bool:
    """Try to lock an open file, without waiting; tell whether it is locked now."""
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _made_ours(folder: Path) -> bool:
    """Make a short folder again if it is gone; tell whether nobody else could have put a socket there."""
    with suppress(OSError):
        folder.mkdir(mode=0o700)
    return _is_ours_alone(folder)


def _is_ours_alone(folder: Path) -> bool:
    """Tell whether nobody else could have put a socket there."""
    try:
        about = folder.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(about.st_mode) and about.st_uid == os.getuid() and not stat.S_IMODE(about.st_mode) & 0o077
