"""The loop that brings a killed embedded server back: with its data, once among many, and never empty."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import clock
import pytest
from builders import REQUEST_ID, SEALER, a_step
from loops.log_lines import logged
from store.users import PATIENCE, eventually, is_running, killed, pid_of

from bot.errors import StoreUnavailable
from bot.keeper import EVERY, TRIES, Keeper
from bot.store.connection import connect
from bot.store.embedded import EmbeddedValkey
from bot.store.store import RequestStore

AFTER_FEW_SECONDS = 5.0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    with EmbeddedValkey(tmp_path) as server:
        yield server


def keeper_of(server: EmbeddedValkey) -> Keeper:
    return Keeper(server, stopping=Event())


def test_a_killed_server_is_started_again_with_everything_it_had_acknowledged(server: EmbeddedValkey) -> None:
    url = server.ensure()
    with connect(url) as client:
        store = RequestStore(client, sealer=SEALER, ahead=clock.ahead)
        stored = store.commit(a_step(), commit_id="c1")
        killed(url)
        with logged() as lines:
            keeper_of(server).turn()
        assert store.get(REQUEST_ID) == stored
    assert [line["level"] for line in lines.of("store_started_again")] == ["warning"]


def test_a_server_that_runs_is_left_alone(server: EmbeddedValkey) -> None:
    pid = pid_of(server.ensure())
    with logged() as lines:
        keeper_of(server).turn()
    assert pid_of(server.ensure()) == pid
    assert lines.of("store_started_again") == []


def test_a_server_that_lives_but_does_not_answer_gets_no_rival(server: EmbeddedValkey) -> None:
    """Two servers on one data folder would each forget what the other was told."""
    url = server.ensure()
    pid = pid_of(url)
    os.kill(pid, signal.SIGSTOP)
    try:
        keeper_of(server).turn()
        with pytest.raises(StoreUnavailable, match="runs, but does not answer"):
            server.ensure()
    finally:
        os.kill(pid, signal.SIGCONT)
    assert pid_of(url) == pid


def test_many_keepers_at_once_start_one_server(tmp_path: Path, server: EmbeddedValkey) -> None:
    url, stopping = server.ensure(), Event()
    users = [EmbeddedValkey(tmp_path) for _ in range(4)]
    for user in users:
        user.ensure()
    threads = [threading.Thread(target=Keeper(user, stopping=stopping, every=0.01).run) for user in users]
    for thread in threads:
        thread.start()
    for _ in range(3):
        before = killed(url)
        eventually(lambda: is_running(url), "the server comes back")
        pid = pid_of(url)
        assert pid != before
    stopping.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert pid_of(url) == pid
    started = server.log.read_text(encoding="utf-8").count("Ready to accept connections")
    assert started == 1 + 3
    for user in users:
        user.stop()


def test_data_that_cannot_be_read_is_not_given_up_for_an_empty_store(tmp_path: Path, server: EmbeddedValkey) -> None:
    url = server.ensure()
    with connect(url) as client:
        RequestStore(client, sealer=SEALER, ahead=clock.ahead).commit(a_step(), commit_id="c1")
    killed(url)
    (data,) = (tmp_path / "appendonlydir").glob("*.incr.aof")
    whole = data.read_bytes()
    data.write_bytes(whole.replace(b"$", b"?", 3))

    keeper = Keeper(server, stopping=Event(), every=0.01)
    with logged() as lines, pytest.raises(StoreUnavailable, match=r"(?s)did not start.*Bad file format"):
        keeper.run()
    assert [line["attempt"] for line in lines.of("store_not_started")] == list(range(1, TRIES + 1))
    assert not is_running(url)

    # Nothing was touched: with the file mended everything is there.
    data.write_bytes(whole)
    keeper.turn()
    with connect(url) as client:
        assert RequestStore(client, sealer=SEALER, ahead=clock.ahead).get(REQUEST_ID).version == 1


def test_a_last_command_that_was_not_written_to_its_end_is_cut_off(tmp_path: Path, server: EmbeddedValkey) -> None:
    """It was never acknowledged: a server that syncs always answers when the whole command is on disk."""
    url = server.ensure()
    with connect(url) as client:
        RequestStore(client, sealer=SEALER, ahead=clock.ahead).commit(a_step(), commit_id="c1")
    killed(url)
    (data,) = (tmp_path / "appendonlydir").glob("*.incr.aof")
    data.write_bytes(data.read_bytes() + b"*3\r\n$3\r\nSET\r\n$5\r\nno")
    keeper_of(server).turn()
    with connect(url) as client:
        assert RequestStore(client, sealer=SEALER, ahead=clock.ahead).get(REQUEST_ID).version == 1


@pytest.mark.parametrize("gone", ["*.manifest", "*"], ids=["the manifest", "everything"])
def test_data_that_is_gone_is_not_given_up_for_an_empty_store(
    tmp_path: Path, server: EmbeddedValkey, gone: str
) -> None:
    url = server.ensure()
    killed(url)
    for file in (tmp_path / "appendonlydir").glob(gone):
        file.unlink()
    with logged(), pytest.raises(StoreUnavailable, match=r"data is gone from .*appendonlydir: bring it back"):
        Keeper(server, stopping=Event(), every=0.01).run()

    # People who need nothing of it say so.
    (tmp_path / "valkey.filled").unlink()
    assert is_running(server.ensure())


def test_asked_to_stop_it_ends(server: EmbeddedValkey) -> None:
    stopping = Event()
    stopping.set()
    Keeper(server, stopping=stopping).run()


def test_it_looks_again_within_seconds() -> None:
    assert AFTER_FEW_SECONDS > EVERY > 0.5
