"""Servers of a test's own: set up wrongly on purpose, to be killed, or to be a primary and its replica."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.store.server_program import find_program

ALWAYS = {"appendonly": "yes", "appendfsync": "always"}


class Server:
    """A running server; ``url`` is its address."""

    def __init__(self, folder: Path, options: dict[str, str]) -> None:
        folder.mkdir(exist_ok=True)
        self._said = {"port": "0", "unixsocket": str(folder / "s"), "dir": str(folder), "save": ""} | options
        self.url = f"unix://{folder / 's'}"
        self.process = self._start()

    def again(self) -> None:
        """Kill the server and start it with the same data."""
        self.end()
        self.process = self._start()

    def follows(self) -> None:
        """Wait until a replica has everything that its primary has."""
        _until(self.process, b"sync: Finished with success")

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()

    def _start(self) -> "subprocess.Popen[bytes]":
        words = [word for name, value in self._said.items() for word in (f"--{name}", value)]
        process = subprocess.Popen([find_program(), *words], stdout=subprocess.PIPE)
        _until(process, b"Ready to accept connections")
        return process


def _until(process: "subprocess.Popen[bytes]", words: bytes) -> None:
    assert process.stdout
    said = []
    for line in process.stdout:
        said.append(line)
        if words in line:
            return
    raise AssertionError(b"".join(said))


@contextmanager
def running(folder: Path, options: dict[str, str]) -> Iterator[Server]:
    server = Server(folder, options)
    try:
        yield server
    finally:
        server.end()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])
