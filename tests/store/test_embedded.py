"""The embedded server is shared by all who use its folder, and ends with the last of them, however they end."""

import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

import pytest
from builders import REQUEST_ID, a_step

from bot.errors import StoreUnavailable
from bot.store.connection import connect
from bot.store.embedded import EmbeddedValkey
from bot.store.server_program import find_program, version_of
from bot.store.store import RequestStore

REPOSITORY = Path(__file__).parents[2]
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
        cwd=REPOSITORY,
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


def is_running(url: str) -> bool:
    with connect(url) as client:
        try:
            RequestStore(client).now()
        except StoreUnavailable:
            return False
    return True


def test_it_is_fit_for_the_store(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path) as server, connect(server.ensure()) as client:
        assert RequestStore(client).fitness() == []
        assert client.config_get("port")["port"] == "0"


def test_the_folder_is_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "with a blank" / "data"
    with EmbeddedValkey(folder) as server:
        assert is_running(server.ensure())
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert (folder / "appendonlydir").is_dir()


def test_a_folder_that_was_open_to_others_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with EmbeddedValkey(tmp_path):
        assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


def test_a_folder_for_everybody_is_refused_and_left_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    with pytest.raises(StoreUnavailable, match="folder of its own"):
        EmbeddedValkey(tmp_path).ensure()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o1777
    assert list(tmp_path.iterdir()) == []


def test_whoever_comes_second_shares_the_server(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path) as first, EmbeddedValkey(tmp_path) as second:
        assert pid_of(first.ensure()) == pid_of(second.ensure())


def test_many_who_come_at_once_get_one_server(tmp_path: Path) -> None:
    users = [EmbeddedValkey(tmp_path) for _ in range(4)]
    pids: list[int] = []
    threads = [threading.Thread(target=lambda user=user: pids.append(pid_of(user.ensure()))) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    for user in users:
        user.stop()
    assert len(pids) == 4
    assert len(set(pids)) == 1


def test_it_stays_while_somebody_uses_it_and_ends_with_the_last(tmp_path: Path) -> None:
    starter, guest = EmbeddedValkey(tmp_path), EmbeddedValkey(tmp_path)
    url = starter.ensure()
    guest.ensure()
    starter.stop()
    assert is_running(url)
    with watching(url) as watch:
        guest.stop()
        assert watch.recv(1) == b""


def test_when_the_only_user_stops_it_has_ended(tmp_path: Path) -> None:
    server = EmbeddedValkey(tmp_path)
    url = server.ensure()
    pid = pid_of(url)
    server.stop()
    server.stop()
    assert not is_running(url)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_it_ends_when_its_starter_is_killed(tmp_path: Path) -> None:
    with another_process(tmp_path) as starter:
        url = starter.stdout.readline().strip()
        with watching(url) as watch:
            starter.send_signal(signal.SIGKILL)
            assert watch.recv(1) == b""
    with EmbeddedValkey(tmp_path) as server:
        assert is_running(server.ensure())


def test_a_starter_that_is_killed_does_not_take_it_from_the_others(tmp_path: Path) -> None:
    with another_process(tmp_path) as starter:
        url = starter.stdout.readline().strip()
        with EmbeddedValkey(tmp_path) as guest:
            pid = pid_of(guest.ensure())
            starter.kill()
            starter.wait()
            assert pid_of(url) == pid


def test_an_interrupt_from_the_terminal_does_not_reach_it(tmp_path: Path) -> None:
    """Ctrl-C goes to everybody in the foreground; the bot still has something to store then."""
    with EmbeddedValkey(tmp_path) as server:
        assert os.getpgid(pid_of(server.ensure())) != os.getpgid(0)


def test_what_was_stored_is_there_after_a_restart(tmp_path: Path) -> None:
    for version in (1, 2, 3):
        with EmbeddedValkey(tmp_path) as server, connect(server.ensure()) as client:
            store = RequestStore(client)
            store.commit(a_step(version=version), commit_id=f"c{version}")
            assert [line.version for line in store.history(REQUEST_ID)] == list(range(1, version + 1))


def test_what_was_stored_survives_the_killing_of_the_server(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path) as server, connect(server.ensure()) as client:
        store = RequestStore(client)
        stored = store.commit(a_step(), commit_id="c1")
        epoch = store.epoch()
        kill(server)
        with connect(server.ensure()) as anew:
            assert RequestStore(anew).get(REQUEST_ID) == stored
            assert RequestStore(anew).epoch() != epoch


def kill(server: EmbeddedValkey) -> None:
    url = server.ensure()
    with watching(url) as watch:
        os.kill(pid_of(url), signal.SIGKILL)
        while watch.recv(1):
            pass


def test_a_path_that_is_too_long_for_a_socket_gets_a_short_one_that_is_remembered(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 30)
    with EmbeddedValkey(folder) as server:
        url = server.ensure()
        assert is_running(url)
        assert len(url) < 100
        with another_process(folder) as guest:
            assert guest.stdout.readline().strip() == url
    with EmbeddedValkey(folder) as again:
        assert again.ensure() == url
    Path(unquote(url.removeprefix("unix://"))).parent.rmdir()


def test_a_short_path_that_somebody_else_could_use_is_not_used_again(tmp_path: Path) -> None:
    folder, open_to_all = tmp_path / ("long" * 30), tmp_path / "open"
    folder.mkdir(mode=0o700)
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    (folder / "valkey.socket-path").write_text(str(open_to_all / "valkey.sock"))
    with EmbeddedValkey(folder) as server:
        path = Path(unquote(server.ensure().removeprefix("unix://")))
        assert path.parent != open_to_all
    path.parent.rmdir()


def test_a_server_that_cannot_start_says_its_last_words(tmp_path: Path) -> None:
    (tmp_path / "appendonlydir").write_text("not a folder")
    server = EmbeddedValkey(tmp_path)
    with pytest.raises(StoreUnavailable, match=r"(?s)did not start.*appendonlydir"):
        server.ensure()
    (tmp_path / "appendonlydir").unlink()
    # The one that failed is no user: it does not keep the next server alive.
    with EmbeddedValkey(tmp_path) as another:
        url = another.ensure()
        assert is_running(url)
    assert not is_running(url)


def test_a_program_that_is_no_server_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="did not start"):
        EmbeddedValkey(tmp_path, program=Path("/bin/true")).ensure()


def test_a_server_program_is_found_and_new_enough() -> None:
    assert version_of(find_program()) >= (7, 2)


@pytest.mark.parametrize("program", ["/bin/true", "/nowhere/valkey-server"])
def test_a_program_that_does_not_say_its_version_has_none(program: str) -> None:
    assert version_of(Path(program)) == ()
