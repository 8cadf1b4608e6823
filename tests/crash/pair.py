"""A primary, its replica, the cable between them, sentinels, and the address behind which the primary of the moment is.

The cable can be stalled (it swallows what is said and stays up, so that both ends think all is well) or cut. Whoever
promotes, three sentinels or a test, the address follows: it is the load balancer in front of the pair.
"""

import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

import redis
from store.servers import ALWAYS, Server, free_port, running
from store.users import eventually

from bot.store.connection import connect
from bot.store.server_program import find_program

SENTINELS: Final = 3
DOWN_AFTER_MS: Final = 500
_PIECE: Final = 1 << 16
_HOST: Final = "127.0.0.1"


class Cable:
    """Pass bytes on in both directions, between whoever connects and the port that ``upstream`` names then."""

    def __init__(self, upstream: Callable[[], int]) -> None:
        self._upstream = upstream
        self._door = socket.create_server((_HOST, 0), backlog=64)
        self.port = int(self._door.getsockname()[1])
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._flows = threading.Event()
        self._flows.set()
        self._is_cut = self._ended = False
        threading.Thread(target=self._accept, daemon=True).start()

    def stall(self) -> None:
        """Swallow whatever is said from now on; nobody is told."""
        self._flows.clear()

    def cut(self) -> None:
        """Hang up, and take no connection until it is mended; what was swallowed is lost."""
        with self._lock:
            self._is_cut = True
            for one in self._open:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
        self._flows.set()

    def mend(self) -> None:
        """Take connections again."""
        self._is_cut = False

    def end(self) -> None:
        """Take no connection ever again."""
        self._ended = True
        self.cut()
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def _accept(self) -> None:
        while not self._ended:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            try:
                if self._is_cut:
                    raise ConnectionRefusedError
                far = socket.create_connection((_HOST, self._upstream()))
            except OSError:
                near.close()
                continue
            with self._lock:
                self._open |= {near, far}
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                self._flows.wait()
                if self._is_cut:
                    break
                sink.sendall(piece)
        with self._lock:
            self._open -= {source, sink}
        for one in (source, sink):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        source.close()


class Pair:
    """Two servers; ``first`` begins as the primary. ``link`` is the cable of the replication."""

    def __init__(self, folder: Path, stack: ExitStack, *, sentinels: int) -> None:
        self.first = _server(folder / "first", stack)
        self.link = Cable(lambda: self.first.port)
        stack.callback(self.link.end)
        self.second = _server(folder / "second", stack, replicaof=f"{_HOST} {self.link.port}")
        self.primary = self.first
        self._balancer = Cable(lambda: self.primary.port)
        stack.callback(self._balancer.end)
        self.second.server.follows()
        self._sentinels = [_sentinel(folder / f"sentinel-{n}", stack, self.first.port) for n in range(sentinels)]
        if self._sentinels:
            eventually(self._sentinels_agree, "the sentinels know each other and the replica")

    @property
    def url(self) -> str:
        """Give the address behind which the primary of the moment is."""
        return f"redis://{_HOST}:{self._balancer.port}"

    def replicated(self) -> None:
        """Wait until the replica has everything that the primary has."""
        eventually(lambda: self.first.offset == self.second.offset, "the replica has everything")

    def fail_over(self) -> None:
        """Kill the primary, let the replica be promoted, and let the address follow it."""
        self.first.server.process.kill()
        self.first.server.process.wait()
        self.link.cut()
        if not self._sentinels:
            self.second.says("REPLICAOF NO ONE")
        eventually(lambda: self.second.role == "master", "the replica is promoted", seconds=60)
        self._go_to(self.second)

    def promote_second(self) -> None:
        """Promote the replica while the old primary lives on, cut off and forgotten by the address."""
        self.link.cut()
        self.second.says("REPLICAOF NO ONE")
        self._go_to(self.second)

    def fail_back(self) -> None:
        """Make the old process follow the new primary, and then take its place again."""
        self.first.says(f"REPLICAOF {_HOST} {self.second.port}")
        eventually(lambda: self.first.offset == self.second.offset and self.first.is_linked, "the old one follows")
        self.first.says("REPLICAOF NO ONE")
        self._go_to(self.first)

    def old_one_follows(self) -> None:
        """Start the killed primary again, as the replica of the new one: sentinels would do that too, in their time."""
        self.first.server.again()
        self.first.says(f"REPLICAOF {_HOST} {self.second.port}")
        eventually(lambda: self.second.replicas == 1 and self.first.is_linked, "the old one follows", seconds=60)

    def _go_to(self, primary: "Numbered") -> None:
        self.primary = primary
        self._balancer.cut()
        self._balancer.mend()

    def _sentinels_agree(self) -> bool:
        for client in self._sentinels:
            try:
                client.execute_command("SENTINEL", "CKQUORUM", "bot")
                (known,) = client.execute_command("SENTINEL", "MASTERS")
            except (redis.RedisError, ValueError):
                return False
            said = known if isinstance(known, dict) else dict(zip(known[::2], known[1::2], strict=True))
            if (int(said["num-slaves"]), int(said["num-other-sentinels"])) != (1, len(self._sentinels) - 1):
                return False
        return True


class Numbered:
    """A server with a port, asked behind the bot's back."""

    def __init__(self, server: Server, port: int) -> None:
        self.server, self.port = server, port
        self._client = connect(server.url)

    def says(self, command: str) -> object:
        """Let it do what an operator or a sentinel would ask."""
        return self._client.execute_command(*command.split())

    @property
    def role(self) -> str:
        return str(self._about("role"))

    @property
    def is_linked(self) -> bool:
        return self._about("master_link_status") == "up"

    @property
    def replicas(self) -> int:
        return int(str(self._about("connected_slaves")))

    @property
    def offset(self) -> int:
        return int(str(self._about("master_repl_offset")))

    def _about(self, name: str) -> object:
        return self._client.info("replication").get(name)


def _server(folder: Path, stack: ExitStack, **options: str) -> Numbered:
    port = free_port()
    said = ALWAYS | {"port": str(port), "bind": _HOST, "repl-diskless-sync-delay": "0", "repl-ping-replica-period": "1"}
    return Numbered(stack.enter_context(running(folder, said | options)), port)


def _sentinel(folder: Path, stack: ExitStack, primary: int) -> redis.Redis:
    folder.mkdir()
    port = free_port()
    told = folder / "sentinel.conf"
    told.write_text(
        f"port {port}\nbind {_HOST}\ndir {folder}\nsentinel monitor bot {_HOST} {primary} 2\n"
        f"sentinel down-after-milliseconds bot {DOWN_AFTER_MS}\nsentinel failover-timeout bot 10000\n",
        encoding="utf-8",
    )
    process = subprocess.Popen([find_program(), told, "--sentinel"], stdout=subprocess.DEVNULL)
    stack.callback(process.wait)
    stack.callback(process.kill)
    return connect(f"redis://{_HOST}:{port}")


@contextmanager
def pair(folder: Path, *, sentinels: int = 0) -> Iterator[Pair]:
    """Run a primary and its replica; with ``sentinels`` they promote, without the test does, by hand."""
    with ExitStack() as stack:
        yield Pair(folder, stack, sentinels=sentinels)
