"""The embedded server is shared by all who use its folder, and ends with the last of them, however they end."""

import os
import signal
import stat
import threading
from pathlib import Path
from urllib.parse import unquote

import pytest
from builders import REQUEST_ID, SEALER, a_step
from store.users import another_process, is_running, pid_of, watching

from bot.errors import StoreUnavailable
from bot.store.connection import connect
from bot.store.embedded import EmbeddedValkey
from bot.store.store import RequestStore


def test_it_is_fit_for_the_store(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path) as server, connect(server.ensure()) as client:
        assert RequestStore(client, sealer=SEALER).fitness() == []
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
        thread.join(15)
    for user in users:
        user.stop()
    assert len(pids) == 4
    assert len(set(pids)) == 1


def test_what_was_stored_is_there_after_a_restart(tmp_path: Path) -> None:
    for version in (1, 2, 3):
        with EmbeddedValkey(tmp_path) as server, connect(server.ensure()) as client:
            store = RequestStore(client, sealer=SEALER)
            store.commit(a_step(version=version), commit_id=f"c{version}")
            assert [line.version for line in store.history(REQUEST_ID)] == list(range(1, version + 1))


def test_what_was_stored_survives_the_killing_of_the_server(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path) as server, connect(server.ensure()) as client:
        store = RequestStore(client, sealer=SEALER)
        stored = store.commit(a_step(), commit_id="c1")
        epoch = store.epoch()
        kill(server)
        with connect(server.ensure()) as anew:
            assert RequestStore(anew, sealer=SEALER).get(REQUEST_ID) == stored
            assert RequestStore(anew, sealer=SEALER).epoch() != epoch


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
