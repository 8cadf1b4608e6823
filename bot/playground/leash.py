"""Tie a process's life to its starter's: run as a script, it starts a command and ends it when standard input ends.

Whoever holds the other end of that pipe may die in any way: the kernel closes the pipe, the command is asked to stop,
and killed when it does not. Only the standard library is used, so that it starts in a few hundredths of a second::

    python -I leash.py COMMAND ARGUMENT...

Its first line of output is the command's process id; its exit status is the command's.
"""

import os
import signal
import subprocess
import sys
import threading
from types import FrameType

PATIENCE = 12.0
"""Seconds that the command has to end by itself: a little more than the bot's own last call."""


def main(command: list[str], *, patience: float = PATIENCE) -> int:
    """Start the command, stay with it until it has ended, and return its exit status as a shell would.

    ``patience`` are the seconds that it has to end by itself when the starter has gone.
    """
    held = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - the starter's own command

    def pass_on(number: int, _frame: FrameType | None) -> None:
        held.send_signal(number)

    signal.signal(signal.SIGTERM, pass_on)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the starter decides what it means
    sys.stdout.write(f"{held.pid}\n")
    sys.stdout.flush()
    threading.Thread(target=_end_with_starter, args=(held, patience), daemon=True).start()
    status = held.wait()
    return 128 - status if status < 0 else status


def _end_with_starter(held: subprocess.Popen[bytes], patience: float) -> None:
    while os.read(0, 4096):
        pass
    held.terminate()
    try:
        held.wait(patience)
    except subprocess.TimeoutExpired:
        held.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
