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
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_ours_alone(self.path):
            self._close()

    @contextmanager
    def usable(self) -> Iterator[None]:
        """Turn what the file system refuses (no room, no right, not there) into StoreUnavailable."""
        try:
            yield
        except OSError as error:
            raise StoreUnavailable(f"The embedded store's folder {self.path} cannot be used: {error}") from error

    def _close(self) -> None:
        about = self.path.stat()
        if about.st_uid != os.getuid() or about.st_mode & stat.S_ISVTX:
            raise StoreUnavailable(f"{self.path} belongs to others too: give the embedded store a folder of its own.")
        self.path.chmod(0o700)

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
        data = self.path / "appendonlydir"
        if self.filled.exists() and not any(data.glob("*.manifest")):
            raise StoreUnavailable(
                f"The embedded store's data is gone from {data}: bring it back from a backup. "
                f"If nothing of it is needed, remove {self.filled} to begin with an empty store."
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
