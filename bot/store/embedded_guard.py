"""The guard of an embedded server: it starts the server, and ends it when nobody uses it any more.

Run as a script of its own, by ``bot.store.embedded``::

    python -I embedded_guard.py USERS LOCK SERVER ARGUMENT...

Every process that uses the server holds a shared lock on the file USERS. The kernel frees a lock when its holder dies,
however it dies, so the guard has only to wait for the exclusive lock: when it gets it, the last user is gone. It keeps
the lock until the server has ended, so that a new user cannot meet a server that is about to go. The guard ends with
its server. Its standard output is a pipe on which it says nothing: its end tells the starter that the guard ended.

A server whose socket was removed, by a cleaner of temporary files or by hand, lives and is reached by nobody, and it
never opens another. The guard, its parent, ends it, cleanly; whoever needs it finds its lock free and starts it again.

LOCK is the number of an open file with a lock on it. The server alone keeps it open, unaware, so that the lock says
whether the server lives, also when its guard was killed.

Only the standard library is used, and nothing of the bot is imported: it starts in a few hundredths of a second.
"""

import fcntl
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from contextlib import suppress
from types import FrameType

PATIENCE = 10.0
"""Seconds that the server has to end by itself before it is killed; what it answered is on disk either way."""

LOOK_EVERY = 0.5
"""Seconds between two looks at the socket; a look is one question to the file system."""

LOOK_FOR_IT = 0.002
"""Seconds between two looks until it is there: it must not be gone again before the first that sees it."""

APPEARS_WITHIN = 30.0
"""Seconds in which a server has opened its socket, which it does before it reads its data."""


def main(arguments: list[str]) -> int:
    """Leave the starter's family, start the server, and stay with it until it has ended."""
    users, lock, *command = arguments
    if os.fork():
        return 0
    socket = command[command.index("--unixsocket") + 1] if "--unixsocket" in command else ""
    with suppress(OSError):
        os.unlink(socket)  # noqa: PTH108 - nothing else is imported; a killed server left it
    server = subprocess.Popen(  # noqa: S603 - by its path
        command, stdin=subprocess.DEVNULL, stdout=sys.stderr, pass_fds=(int(lock),)
    )
    os.close(int(lock))

    def ended_from_outside(_number: int, _frame: FrameType | None) -> None:
        server.terminate()

    signal.signal(signal.SIGTERM, ended_from_outside)
    threading.Thread(target=_end_when_unused, args=(server, users), daemon=True).start()
    if socket:
        threading.Thread(target=_end_when_unreachable, args=(server, socket), daemon=True).start()
    server.wait()
    return 0


def _end_when_unused(server: "subprocess.Popen[bytes]", users: str) -> None:
    lock = os.open(users, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    _end(server)


def _end_when_unreachable(server: "subprocess.Popen[bytes]", path: str) -> None:
    opened, deadline = None, time.monotonic() + APPEARS_WITHIN
    while server.poll() is None:
        there = _socket_at(path)
        if there != opened and (opened or time.monotonic() > deadline):
            _end(server)
        opened = opened or there
        time.sleep(LOOK_EVERY if opened else LOOK_FOR_IT)


def _socket_at(path: str) -> tuple[int, int] | None:
    """Say which socket is there, or None: nothing, or something else."""
    try:
        about = os.lstat(path)
    except OSError:
        return None
    return (about.st_dev, about.st_ino) if stat.S_ISSOCK(about.st_mode) else None


def _end(server: "subprocess.Popen[bytes]") -> None:
    """End the server cleanly: it writes what it answered and closes its files; kill it when it does not."""
    server.terminate()
    try:
        server.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        server.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
