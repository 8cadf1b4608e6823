"""The guard of an embedded server: it starts the server, and ends it when nobody uses it any more.

Run as a script of its own, by ``bot.store.embedded``::

    python -I embedded_guard.py USERS LOCK SERVER ARGUMENT...

Every process that uses the server holds a shared lock on the file USERS. The kernel frees a lock when its holder dies,
however it dies, so the guard has only to wait for the exclusive lock: when it gets it, the last user is gone. It keeps
the lock until the server has ended, so that a new user cannot meet a server that is about to go. The guard ends with
its server. Its standard output is a pipe on which it says nothing: its end tells the starter that the guard ended.

LOCK is the number of an open file with a lock on it. The server alone keeps it open, unaware, so that the lock says
whether the server lives, also when its guard was killed.

Only the standard library is used, and nothing of the bot is imported: it starts in a few hundredths of a second.
"""

import fcntl
import os
import signal
import subprocess
import sys
import threading
from types import FrameType

PATIENCE = 10.0
"""Seconds that the server has to end by itself before it is killed; what it answered is on disk either way."""


def main(arguments: list[str]) -> int:
    """Leave the starter's family, start the server, and stay with it until it has ended."""
    users, lock, *command = arguments
    if os.fork():
        return 0
    server = subprocess.Popen(  # noqa: S603 - by its path
        command, stdin=subprocess.DEVNULL, stdout=sys.stderr, pass_fds=(int(lock),)
    )
    os.close(int(lock))

    def ended_from_outside(_number: int, _frame: FrameType | None) -> None:
        server.terminate()

    signal.signal(signal.SIGTERM, ended_from_outside)
    threading.Thread(target=_end_when_unused, args=(server, users), daemon=True).start()
    server.wait()
    return 0


def _end_when_unused(server: subprocess.Popen[bytes], users: str) -> None:
    lock = os.open(users, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    server.terminate()
    try:
        server.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        server.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
