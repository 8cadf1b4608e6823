"""The embedded server is shared by all who use its folder, and ends with the last of them, however they end."""

import threading
from pathlib import Path

import pytest
from builders import REQUEST_ID, SEALER, a_step
from store.users import is_running, killed, pid_of

from bot.errors import StoreUnavailable
from bot.store.connection import connect
from bot.store.embedded import EmbeddedValkey
from bot.store.store import RequestStore


def test_it_is_fit_for_the_store(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path) as server, connect(server.ensure()) as client:
        assert RequestStore(client, sealer=SEALER).fitness() == []
        assert client.config_get("port")["port"] == "0"


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
        killed(server.ensure())
        with connect(server.ensure()) as anew:
            assert RequestStore(anew, sealer=SEALER).get(REQUEST_ID) == stored
            assert RequestStore(anew, sealer=SEALER).epoch() != epoch


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
