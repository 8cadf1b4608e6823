"""The store of a stage: the embedded server that the bot's processes share, to be killed and started again.

The stage is one of its users, so the server lives until the stage ends, whichever of the bot's processes are killed.
The bot would start a killed one again within seconds; here it stays dead until it is asked for, so people can look.
"""

import fcntl
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import unquote

from bot.domain.seals import Sealer
from bot.errors import StoreUnavailable
from bot.settings.seal import seal_key_from
from bot.store import embedded_guard
from bot.store.connection import answering, connect, facts
from bot.store.embedded import EmbeddedValkey
from bot.store.embedded_folder import SERVER_LOCK, Folder
from bot.store.room import Ahead
from bot.store.store import RequestStore

_GONE_WITHIN = 5.0
"""Seconds in which a killed server must be gone."""


class StagedStore:
    """Run the server of one folder; every method may be called from any thread."""

    def __init__(self, folder: Path) -> None:
        self._data = folder
        seal_key_from(folder)  # before the store: whoever finds a store without its key does not start
        self._embedded = EmbeddedValkey(folder)
        self._folder = Folder(folder)
        self._held_down: int | None = None
        self._hands = threading.Lock()
        self.url = self._embedded.ensure()
        self._client = connect(self.url)
        self._ended = False

    @contextmanager
    def opened(self, ahead: Ahead) -> Iterator[RequestStore]:
        """Open the store as one of the bot's processes does."""
        with connect(self.url) as client:
            yield RequestStore(client, sealer=self.sealer(), ahead=ahead)

    def sealer(self) -> Sealer:
        """Give what the bot's processes seal with."""
        return Sealer(seal_key_from(self._data).get_secret_value().encode())

    @property
    def alive(self) -> bool:
        """Tell whether the server answers."""
        with suppress(StoreUnavailable), answering():
            return bool(self._client.ping())
        return False

    def kill(self) -> None:
        """Kill the server (SIGKILL) by the id that it tells itself, wait until it is gone, and keep it so.

        Raises ValueError when it does not run.
        """
        with self._hands, self._line() as line:
            if line is None or not self.alive:  # for a moment the kernel takes connections for one that was killed
                raise ValueError("The store is not running; it can be started again.")
            with self._embedded.starting():
                with answering():
                    os.kill(int(facts(self._client, "server")["process_id"]), signal.SIGKILL)
                _wait_for_its_end(line, _GONE_WITHIN)
                self._held_down = self._folder.open(SERVER_LOCK)
                fcntl.flock(self._held_down, fcntl.LOCK_EX)

    def start(self) -> None:
        """Start the server again, on the same data; raises ValueError when it runs, or when the stage has ended."""
        with self._hands:
            if self._ended:
                raise ValueError("The stage has ended.")
            if self.alive:
                raise ValueError("The store is running already.")
            self._let_go()
            self._embedded.ensure()

    def end(self) -> None:
        """Use the server no longer; when everybody else is gone, this waits until it has ended."""
        with self._hands, self._line() as line:
            self._ended = True
            self._let_go()
            self._client.close()
            self._embedded.stop()
            if line is not None:  # one that a process of the bot started again is not waited for by ours
                _wait_for_its_end(line, embedded_guard.PATIENCE)

    def _let_go(self) -> None:
        if self._held_down is not None:
            os.close(self._held_down)
            self._held_down = None

    @contextmanager
    def _line(self) -> Iterator[socket.socket | None]:
        """Connect to the server without a word, to notice its end; None when there is no server."""
        with socket.socket(socket.AF_UNIX) as line:
            try:
                line.connect(unquote(self.url.removeprefix("unix://")))
            except OSError:
                yield None
            else:
                yield line


def _wait_for_its_end(line: socket.socket, seconds: float) -> None:
    line.settimeout(seconds)
    with suppress(OSError):
        line.recv(1)
