"""The store of a stage: killed and started again on the same data, and gone with everything around it at the end."""

import os
import select
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from builders import REQUEST_ID, a_step
from store.users import another_process, killed, pid_of

from bot.errors import StoreUnavailable
from bot.playground.staged_store import StagedStore
from bot.store.embedded import EmbeddedValkey
from bot.store.room import not_ahead

SECONDS = 15.0

needs_pidfd = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux lets wait for foreign processes")


@pytest.fixture
def staged(tmp_path: Path) -> Iterator[StagedStore]:
    staged = StagedStore(tmp_path)
    yield staged
    staged.end()


@contextmanager
def watched(pid: int) -> Iterator[int]:
    handle = os.pidfd_open(pid)
    try:
        yield handle
    finally:
        os.close(handle)


def is_gone(handle: int) -> bool:
    return bool(select.select([handle], [], [], SECONDS)[0])


def parent_of(pid: int) -> int:
    said = subprocess.run(["ps", "-o", "ppid=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(said.stdout)


def url(folder: Path) -> str:
    return f"unix://{folder / 'valkey.sock'}"


def test_what_was_stored_is_there_after_it_was_killed_and_started_again(staged: StagedStore) -> None:
    with staged.opened(not_ahead) as store:
        store.commit(a_step(), commit_id="c1")
        first = store.epoch()
        staged.kill()
        assert not staged.alive
        with pytest.raises(StoreUnavailable):
            store.get(REQUEST_ID)

        staged.start()
        assert staged.alive
        assert store.get(REQUEST_ID) == a_step().request
        assert store.epoch() != first


def test_it_is_opened_by_a_clock_that_may_be_ahead(staged: StagedStore) -> None:
    with staged.opened(not_ahead) as real, staged.opened(lambda: timedelta(hours=1)) as ahead:
        assert timedelta(minutes=59) < ahead.now() - real.now() < timedelta(minutes=61)


def test_what_is_already_so_is_refused_with_a_sentence(staged: StagedStore) -> None:
    with pytest.raises(ValueError, match=r"The store is running already\."):
        staged.start()
    staged.kill()
    with pytest.raises(ValueError, match=r"The store is not running; it can be started again\."):
        staged.kill()


@needs_pidfd
def test_neither_a_killed_server_nor_its_guard_lingers(staged: StagedStore, tmp_path: Path) -> None:
    server = pid_of(url(tmp_path))
    with watched(server) as server_end, watched(parent_of(server)) as guard_end:
        staged.kill()
        assert is_gone(server_end)
        assert is_gone(guard_end)


@needs_pidfd
def test_it_waits_at_the_end_for_a_server_that_another_process_started(tmp_path: Path) -> None:
    staged = StagedStore(tmp_path)
    killed(url(tmp_path))
    with another_process(tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        assert staged.alive
        with watched(pid_of(url(tmp_path))) as server_end:
            process.communicate("")
            assert staged.alive
            staged.end()
            assert not staged.alive
            assert is_gone(server_end)
    with pytest.raises(ValueError, match="has ended"):
        staged.start()


def test_a_killed_one_stays_dead_until_it_is_started(staged: StagedStore, tmp_path: Path) -> None:
    staged.kill()
    rival = EmbeddedValkey(tmp_path)
    assert rival.lives(), "Whoever looks after it must not start it."
    with pytest.raises(StoreUnavailable, match="runs, but does not answer"):
        rival.ensure()
    staged.start()
    assert pid_of(rival.ensure()) == pid_of(url(tmp_path))
    rival.stop()


def test_ending_a_killed_one_is_quiet(tmp_path: Path) -> None:
    staged = StagedStore(tmp_path)
    staged.kill()
    staged.end()
    staged.end()
    assert not staged.alive
