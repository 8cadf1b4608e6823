"""The store's disk is full: what was acknowledged is there, what could not be stored is not sent, nothing goes twice.

A server that syncs always ends when it cannot write (it must not answer what is not on disk), and a lone one has a new
epoch when it is back. One with a replica stays, refuses to write, and goes on by itself when there is room.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event

import clock
import pytest
from builders import REQUEST_ID, SEALER, a_step
from crash.small_disk import PAGE, SmallDisk, small_disk
from operations.bench import Bench
from operations.tended import tend_all
from store.servers import ALWAYS, Server, free_port, running
from store.users import eventually, is_running

from bot.domain.outcome import NotSent
from bot.domain.request import BroadcastRequest
from bot.domain.states import LegState, State
from bot.errors import StoreUnavailable, UnknownRequest
from bot.keeper import Keeper
from bot.operations.tending import tend
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.store.connection import connect
from bot.store.embedded import EmbeddedValkey
from bot.store.store import RequestStore


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk") as disk:
        yield disk


@contextmanager
def on(disk: SmallDisk, folder: Path, options: dict[str, str]) -> Iterator[tuple[Server, Bench]]:
    """Put a bench up on a store that keeps its data on the small disk; its socket is elsewhere."""
    options |= {"dir": str(disk.path)}
    with (
        running(folder / "server", options) as server,
        connect(server.url) as client,
        Bench(RequestStore(client, sealer=SEALER, ahead=clock.ahead), folder) as bench,
    ):
        yield server, bench


def fill_up(store: RequestStore) -> list[int]:
    """Commit versions of one request until the store takes no more; return those that were acknowledged."""
    taken = []
    for version in range(1, 10_000):
        try:
            store.commit(a_step(version=version), commit_id=f"c{version}")
        except StoreUnavailable:
            return taken
        taken.append(version)
    raise AssertionError("The disk is not small.")


def test_whatever_was_acknowledged_before_the_disk_was_full_is_there(tmp_path: Path, disk: SmallDisk) -> None:
    with on(disk, tmp_path, ALWAYS) as (server, bench):
        (disk.path / "ballast").write_bytes(b"x" * 300_000)
        taken = fill_up(bench.store)
        assert len(taken) > 5
        assert server.process.wait(10) != 0
        disk.make_room()
        server.again()
        stored = [line.version for line in bench.store.history(REQUEST_ID)]
        # The last one may have been written whole though its answer never came: that is no loss.
        assert stored[: len(taken)] == taken
        assert len(stored) <= len(taken) + 1


def test_a_disk_that_is_full_at_the_claim_sends_nothing_and_leaves_the_request_held(
    tmp_path: Path, disk: SmallDisk
) -> None:
    with on(disk, tmp_path, ALWAYS) as (server, bench):
        request = bench.approved()
        readings: list[float] = []

        def at_the_last_moment() -> float:
            if not readings:
                use_up_the_page(server, disk)
                disk.fill()
            readings.append(0.0)
            return 0.0

        def somebody_makes_room(_: float) -> None:
            disk.make_room()
            server.again()

        context = replace(bench.context, stopwatch=at_the_last_moment, pause=somebody_makes_room)
        tended = tend(context, request.id)
        assert bench.pushes() == []
        leg = tended.request.legs[0]
        assert leg.state is LegState.WAITING or isinstance(leg.outcome, NotSent)
        after = tend_all(bench, request)
        assert after.state is State.HELD
        assert bench.pushes() == []

        new = bench.approved()
        assert tend_all(bench, new).state is State.SENT


def use_up_the_page(server: Server, disk: SmallDisk) -> None:
    """Fill the page in which the file ends: on a full disk that page alone still takes something."""
    (data,) = (disk.path / "appendonlydir").glob("*.incr.aof")
    left = 2 * PAGE - data.stat().st_size % PAGE
    command = len("*3|$3|SET|$6|filler|$1234||".replace("|", "\r\n"))
    with connect(server.url) as client:
        client.set("filler", "x" * (left - command))
    assert data.stat().st_size % PAGE == 0


def test_a_disk_that_is_full_at_the_report_sends_nothing_twice_and_the_outcome_is_written_when_there_is_room(
    tmp_path: Path, disk: SmallDisk
) -> None:
    with on(disk, tmp_path, ALWAYS) as (server, bench):
        request = bench.approved()
        bench.mpaas.misbehave(Misbehaviour(kind="hang", action="PushBroadcast"))
        tries: list[float] = []

        def on_the_third_try(seconds: float) -> None:
            tries.append(seconds)
            if len(tries) == 3:
                disk.make_room()
                server.again()

        worker = threading.Thread(target=lambda: tend(replace(bench.context, pause=on_the_third_try), request.id))
        worker.start()
        assert bench.mpaas.journal.wait(lambda _: bool(bench.pushes()), seconds=30)
        disk.fill()
        bench.mpaas.let_go()
        worker.join(30)
        assert len(tries) >= 3
        assert bench.legs(request)["android"] is LegState.ACCEPTED
        # The second leg was never claimed; on a store of another life people look first.
        assert tend_all(bench, request).leg(request.legs[1].platform).state is LegState.HELD
        assert bench.executed() == {request.legs[0].msgkey: 1}


def test_a_server_with_a_replica_refuses_to_write_and_goes_on_when_there_is_room(
    tmp_path: Path, disk: SmallDisk
) -> None:
    port = str(free_port())
    lazy = {"appendonly": "yes", "appendfsync": "everysec", "port": port, "bind": "127.0.0.1"}
    with (
        on(disk, tmp_path, lazy | {"repl-diskless-sync-delay": "0"}) as (server, bench),
        running(tmp_path / "replica", {"replicaof": f"127.0.0.1 {port}"}) as replica,
    ):
        replica.follows()
        request = bench.approved()
        disk.fill()
        refused_writes(bench)
        with pytest.raises(StoreUnavailable, match="MISCONF"):
            bench.worker().turn()
        with pytest.raises(StoreUnavailable, match="MISCONF"):
            tend(bench.context, request.id)
        assert bench.pushes() == []
        assert "could not write its append-only file" in " ".join(bench.store.fitness())

        disk.make_room()
        eventually(lambda: bench.store.fitness() == [], "the server writes again")
        assert server.process.poll() is None
        assert tend_all(bench, request).state is State.SENT
        assert bench.executed() == {leg.msgkey: 1 for leg in request.legs}


def refused_writes(bench: Bench) -> None:
    """Write until the server notices that its disk is full, which it does once a second."""

    def refused() -> bool:
        try:
            bench.store.beat("somebody", role="worker", seconds=1)
        except StoreUnavailable:
            return True
        return False

    eventually(refused, "the server notices")


def test_the_embedded_store_comes_back_as_soon_as_there_is_room(disk: SmallDisk) -> None:
    with EmbeddedValkey(disk.path / "var") as server, connect(server.ensure()) as client:
        store, keeper = RequestStore(client, sealer=SEALER), Keeper(server, stopping=Event())
        stored = store.commit(a_step(), commit_id="c1")
        disk.fill()
        with pytest.raises(StoreUnavailable):
            changed(store, stored)
        eventually(lambda: not server.lives(), "the server ends")
        keeper.turn()  # it starts, for what is on disk can be read
        assert is_running(server.ensure())
        assert store.get(REQUEST_ID) == stored
        with pytest.raises(StoreUnavailable):
            changed(store, stored)

        disk.make_room()
        eventually(lambda: not server.lives(), "the server ends")
        keeper.turn()
        changed(store, stored)
        assert store.get(REQUEST_ID).version == 2


def changed(store: RequestStore, request: BroadcastRequest) -> None:
    store.commit(a_step(request, version=request.version + 1), commit_id="c2")


def test_on_a_disk_that_is_full_from_the_beginning_the_embedded_store_says_so(disk: SmallDisk) -> None:
    disk.fill()
    with pytest.raises(StoreUnavailable, match=r"no room left on its disk"):
        EmbeddedValkey(disk.path / "var").ensure()


def test_nothing_is_there_of_what_was_never_acknowledged(disk: SmallDisk) -> None:
    with EmbeddedValkey(disk.path / "var") as server, connect(server.ensure()) as client:
        disk.fill()
        with pytest.raises(StoreUnavailable):
            RequestStore(client, sealer=SEALER).commit(a_step(), commit_id="c1")
        disk.make_room()
        eventually(lambda: not server.lives(), "the server ends")
        Keeper(server, stopping=Event()).turn()
        with pytest.raises(UnknownRequest):
            RequestStore(client, sealer=SEALER).get(REQUEST_ID)
