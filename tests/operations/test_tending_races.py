"""Several workers, and a store that loses answers, does not confirm, or dies: a leg is sent once, or not at all."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import clock
import pytest
from builders import SEALER
from operations.bench import Bench
from store.relay import Relay
from store.servers import ALWAYS, Server, free_port, running

from bot.domain import sending
from bot.domain.outcome import NotSent
from bot.domain.request import BroadcastRequest
from bot.domain.states import LegState, State
from bot.errors import StoreUnavailable
from bot.operations.context import Context
from bot.operations.tending import REPORT_TRIES, tend
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.store.connection import connect
from bot.store.store import RequestStore

ROUNDS = 12


def turn_until(bench: Bench, context: Context, name: str, start: threading.Barrier, done: Callable[[], bool]) -> None:
    """Be one worker of several, from the same moment on."""
    worker = bench.worker(context, name=name)
    start.wait()
    while not done():
        worker.turn()


def test_two_workers_on_the_same_requests_send_each_leg_once(bench: Bench) -> None:
    requests = [bench.approved() for _ in range(ROUNDS)]

    def done() -> bool:
        return all(bench.now(request).state is not State.APPROVED for request in requests) and not bench.store.due(1)

    start = threading.Barrier(2)
    contexts = [bench.context, replace(bench.context, stopwatch=time.monotonic)]
    threads = [
        threading.Thread(target=turn_until, args=(bench, context, f"worker-{number}", start, done), daemon=True)
        for number, context in enumerate(contexts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    assert {bench.now(request).state for request in requests} == {State.SENT}
    assert bench.executed() == {leg.msgkey: 1 for request in requests for leg in request.legs}
    assert len(bench.pushes()) == 2 * ROUNDS


def test_a_worker_that_comes_between_gates_and_claim_of_another_leaves_the_leg_to_it(bench: Bench) -> None:
    request = bench.approved()
    seen: list[str] = []

    def overtaken() -> float:
        if not seen:
            seen.append(tend(bench.context, request.id).event)
        return time.monotonic()

    assert tend(replace(bench.context, stopwatch=overtaken), request.id).event == "claimed_elsewhere"
    assert seen == [State.SENDING]
    assert len(bench.pushes()) == 1


# A store that loses answers ----------------------------------------------------------------------------------------


@contextmanager
def behind_a_relay(bench: Bench, redis_url: str) -> Iterator[tuple[Relay, Context]]:
    """Give a context whose store's answers can get lost."""
    with Relay(redis_url) as relay, connect(relay.url) as client:
        yield relay, replace(bench.context, store=RequestStore(client, sealer=SEALER, ahead=clock.ahead))


def test_a_claim_whose_answer_is_lost_is_not_sent_and_says_so(bench: Bench, redis_url: str) -> None:
    request = bench.approved()
    with behind_a_relay(bench, redis_url) as (relay, context):
        relay.lose(b"claim android")
        tend(context, request.id)
        assert relay.lost == 1
    leg = bench.now(request).legs[0]
    assert leg.state is LegState.NOT_SENT
    assert isinstance(leg.outcome, NotSent)
    assert "did not confirm the claim" in leg.outcome.why
    assert bench.pushes() == []


def test_a_report_whose_answer_is_lost_is_written_once(bench: Bench, redis_url: str) -> None:
    request = bench.approved()
    with behind_a_relay(bench, redis_url) as (relay, context):
        relay.lose(b"accept android")
        tend(context, request.id)
        assert relay.lost == 1
    fresh = bench.now(request)
    assert fresh.legs[0].state is LegState.ACCEPTED
    assert [line.event for line in bench.store.history(request.id)].count("accept android") == 1
    assert bench.executed() == {fresh.legs[0].msgkey: 1}


def test_a_report_that_the_store_keeps_losing_is_said_again_until_it_is_heard(bench: Bench, redis_url: str) -> None:
    request = bench.approved()
    pauses: list[float] = []
    with behind_a_relay(bench, redis_url) as (relay, context):
        relay.lose(b"accept android", times=2)  # the client repeats once by itself
        tended = tend(replace(context, pause=pauses.append), request.id)
        assert relay.lost == 2
    assert (pauses, tended.event) == ([1.0], State.SENDING)
    assert tended.request == bench.now(request)
    assert [line.event for line in bench.store.history(request.id)].count("accept android") == 1


# A store that does not confirm -------------------------------------------------------------------------------------


@contextmanager
def another_store(folder: Path, options: dict[str, str]) -> Iterator[tuple[Server, Bench]]:
    """Put a bench up on a store of its own, which may be set up wrongly, and killed."""
    with (
        running(folder / "server", options) as server,
        connect(server.url) as client,
        Bench(RequestStore(client, sealer=SEALER, ahead=clock.ahead), folder) as bench,
    ):
        yield server, bench


def test_a_store_that_may_forget_is_not_claimed_in_and_the_request_waits(tmp_path: Path) -> None:
    with another_store(tmp_path, {"appendonly": "yes", "appendfsync": "everysec"}) as (_, bench):
        request = bench.approved()
        tend(bench.context, request.id)
        fresh = bench.now(request)
        assert (fresh.state, fresh.waiting_for) == (State.APPROVED, "not_durable")
        assert bench.pushes() == []


def test_a_claim_that_no_replica_confirms_is_not_sent(tmp_path: Path) -> None:
    port = str(free_port())
    options = {"port": port, "bind": "127.0.0.1", "repl-diskless-sync-delay": "0"}
    with (
        another_store(tmp_path, options) as (_, bench),
        running(tmp_path / "replica", {"replicaof": f"127.0.0.1 {port}"}) as replica,
    ):
        replica.follows()
        request = bench.approved()
        os.kill(replica.process.pid, signal.SIGSTOP)
        tend(bench.context, request.id)
        leg = bench.now(request).legs[0]
        assert leg.state is LegState.NOT_SENT
        assert isinstance(leg.outcome, NotSent)
        assert "could not be confirmed" in leg.outcome.why
        assert bench.pushes() == []


# A store that dies -------------------------------------------------------------------------------------------------


def crash(server: Server) -> None:
    """Let the server die without a word."""
    server.process.kill()
    server.process.wait()


def at_the_first_reading(event: Callable[[], None]) -> Callable[[], float]:
    """Make a stopwatch that lets something happen between the gates and the claim."""
    readings: list[float] = []

    def stopwatch() -> float:
        if not readings:
            event()
        readings.append(0.0)
        return 0.0

    return stopwatch


def test_a_store_that_dies_before_the_claim_leaves_the_request_held(tmp_path: Path) -> None:
    with another_store(tmp_path, ALWAYS) as (server, bench):
        request = bench.approved()
        context = replace(
            bench.context,
            stopwatch=at_the_first_reading(lambda: crash(server)),
            pause=lambda _: server.again(),
        )
        assert tend(context, request.id).event == "claim_lost"
        assert bench.now(request).state is State.APPROVED
        assert tend(bench.context, request.id).event == State.HELD  # this store may have forgotten a send
        assert bench.pushes() == []


def dies_while_mpaas_works(server: Server, bench: Bench, request: BroadcastRequest, context: Context) -> None:
    """Kill the store after the push arrived at mPaaS and before the worker can report."""
    bench.mpaas.misbehave(Misbehaviour(kind="hang", action="PushBroadcast"))

    def kill() -> None:
        assert bench.mpaas.journal.wait(lambda entries: entries[-1].action == "PushBroadcast")
        crash(server)
        bench.mpaas.let_go()

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    try:
        tend(context, request.id)
    finally:
        killer.join(10)


def test_a_store_that_is_back_in_time_hears_the_report(tmp_path: Path) -> None:
    with another_store(tmp_path, ALWAYS) as (server, bench):
        request = bench.approved()
        pauses: list[float] = []

        def pause(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 3:
                server.again()

        dies_while_mpaas_works(server, bench, request, replace(bench.context, pause=pause))
        assert pauses == [1.0, 1.0, 1.0]
        assert bench.legs(request) == {"android": LegState.ACCEPTED, "ios": LegState.WAITING}
        tend(bench.context, request.id)  # and the other leg meets a store that may have forgotten something
        assert bench.legs(request) == {"android": LegState.ACCEPTED, "ios": LegState.HELD}
        assert set(bench.executed().values()) == {1}


def test_a_store_that_stays_away_makes_the_leg_unknown_and_nothing_is_sent_again(tmp_path: Path) -> None:
    with another_store(tmp_path, ALWAYS) as (server, bench):
        request = bench.approved()
        pauses: list[float] = []
        with pytest.raises(StoreUnavailable):
            dies_while_mpaas_works(server, bench, request, replace(bench.context, pause=pauses.append))
        assert len(pauses) == REPORT_TRIES - 1
        server.again()
        fresh = bench.now(request)
        assert bench.legs(request) == {"android": LegState.SENDING, "ios": LegState.WAITING}
        assert fresh.legs[0].lease_until is not None
        bench.store.commit(sending.lose(fresh, now=fresh.legs[0].lease_until), commit_id="when-the-lease-is-over")
        tend(bench.context, request.id)
        assert bench.legs(request) == {"android": LegState.UNKNOWN, "ios": LegState.HELD}
        assert bench.now(request).state is State.HELD
        assert bench.executed() == {fresh.legs[0].msgkey: 1}
