"""Processes that use an embedded server, and ways to see it live and end."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event
from urllib.parse import unquote

from builders import SEALER
from places import ROOT

from bot.errors import StoreUnavailable
from bot.store.connection import connect
from bot.store.store import RequestStore

PATIENCE = 15.0

STARTER = """
import sys
from pathlib import Path
from bot.store.embedded import EmbeddedValkey
with EmbeddedValkey(Path(sys.argv[1])) as server:
    print(server.ensure(), flush=True)
    sys.stdin.readline()
"""


@contextmanager
def another_process(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """Run a process that uses the server of a folder until it reads a line; its first line is the address."""
    with subprocess.Popen(
        [sys.executable, "-c", STARTER, folder],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def watching(url: str) -> Iterator[socket.socket]:
    """Stay connected to a server, so as to notice its end."""
    with socket.socket(socket.AF_UNIX) as watch:
        watch.settimeout(PATIENCE)
        watch.connect(unquote(url.removeprefix("unix://")))
        yield watch


def pid_of(url: str) -> int:
    with connect(url) as client:
        return int(client.info("server")["process_id"])


def killed(url: str) -> int:
    """Kill the server behind an address (SIGKILL), wait until it is gone, and return the id it had."""
    pid = pid_of(url)
    with watching(url) as watch:
        os.kill(pid, signal.SIGKILL)
        with suppress(ConnectionResetError):  # it had not looked at us yet
            assert watch.recv(1) == b""
    return pid


def eventually(so: Callable[[], object], what: str, *, seconds: float = PATIENCE) -> None:
    """Wait until something is so that nobody tells us about, at most so many seconds."""
    deadline, looking = time.monotonic() + seconds, Event()
    while not so():
        assert time.monotonic() < deadline, f"In vain: {what}"
        looking.wait(0.05)


def is_running(url: str) -> bool:
    with connect(url) as client:
        try:
            RequestStore(client, sealer=SEALER).now()
        except StoreUnavailable:
            return False
    return True
