"""The loop that wakes requests: what is due is tended, what cannot be tended is left alone, and stop means stop."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event

import clock
import redis
from builders import SEALER
from loops.log_lines import logged
from operations.bench import Bench
from store.servers import ALWAYS, running

from bot.domain import sending
from bot.domain.content import RequestId
from bot.domain.outcome import Accepted
from bot.domain.request import BroadcastRequest
from bot.domain.states import LegState, State
from bot.operations.pace import USUAL
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.store.connection import connect
from bot.store.keys import Keys
from bot.store.store import RequestStore
from bot.worker import Worker


def test_a_turn_tends_what_is_due_and_says_how_much_that_was(bench: Bench) -> None:
    worker = bench.worker()
    assert worker.turn() == 0
    requests = [bench.approved() for _ in range(3)]
    assert [worker.turn() for _ in range(3)] == [3, 3, 0]
    assert {bench.now(request).state for request in requests} == {State.SENT}


def test_a_turn_writes_one_line_per_request_with_what_was_done(bench: Bench) -> None:
    request = bench.approved()
    with logged() as lines:
        bench.worker().turn()
    (line,) = lines.of("tend")
    assert (line["request"], line["state"], line["code"]) == (request.id, "sending", "sending")


def test_every_turn_is_a_heartbeat(bench: Bench) -> None:
    assert bench.store.alive("worker") == ()
    bench.worker(name="a").turn()
    bench.worker(name="b").turn()
    assert bench.store.alive("worker") == ("a", "b")


def test_a_request_that_cannot_be_read_is_left_alone_and_stops_no_other(
    bench: Bench, redis_client: redis.Redis
) -> None:
    broken, sound = bench.approved(), bench.approved()
    redis_client.hset(Keys().request(broken.id), "document", '{"schema_number": 99}')
    with logged() as lines:
        assert bench.worker().turn() == 2
    assert [line["level"] for line in lines.of("tend") if line["request"] == broken.id] == ["warning"]
    assert bench.now(sound).legs[0].state is LegState.ACCEPTED
    assert bench.store.due(10) == [sound.id]
    wake = redis_client.zscore(Keys().due, broken.id)
    assert wake is not None
    assert float(wake) / 1000 > (bench.store.now() + timedelta(seconds=USUAL.after_fault - 5)).timestamp()


def test_a_request_that_expired_from_the_store_is_left_alone(bench: Bench, redis_client: redis.Redis) -> None:
    request = bench.approved()
    redis_client.delete(Keys().request(request.id))
    assert bench.worker().turn() == 1
    assert bench.store.due(10) == []


def test_a_request_that_is_due_although_nothing_is_to_do_does_not_spin(bench: Bench, redis_client: redis.Redis) -> None:
    request = bench.submitted()
    redis_client.zadd(Keys().due, {request.id: 1})
    assert [bench.worker().turn() for _ in range(2)] == [1, 0]


def test_a_request_that_is_due_while_another_worker_has_it_in_hand_does_not_spin(
    bench: Bench, redis_client: redis.Redis
) -> None:
    request, now = bench.approved(), bench.store.now()
    step = sending.claim(
        request, request.legs[0].platform, attempt="other", lease_until=now + timedelta(seconds=20), now=now
    )
    bench.store.commit(step, commit_id="other")
    redis_client.zadd(Keys().due, {request.id: 1})
    assert bench.worker().turn() == 0


def test_asked_to_stop_in_a_turn_it_takes_no_further_request(bench: Bench) -> None:
    stopping = Event()

    def stop_now() -> float:
        stopping.set()
        return 0.0

    for _ in range(2):
        bench.approved()
    worker = Worker(replace(bench.context, stopwatch=stop_now), name="w", stopping=stopping)
    assert worker.turn() == 1
    assert len(bench.pushes()) == 1
    worker.run()  # and a stopped one does nothing more
    assert len(bench.pushes()) == 1


def test_the_loop_works_until_it_is_asked_to_stop(bench: Bench) -> None:
    stopping = Event()
    thread = threading.Thread(target=Worker(bench.context, name="w", stopping=stopping).run, daemon=True)
    thread.start()
    request = bench.approved()
    assert bench.mpaas.journal.wait(lambda _: len(bench.executed()) == 2)
    stopping.set()
    thread.join(10)
    assert not thread.is_alive()
    assert bench.now(request).state is State.SENT


def test_a_call_in_hand_is_finished_and_reported_before_the_loop_ends(bench: Bench) -> None:
    request = bench.approved()
    stopping = Event()
    bench.mpaas.misbehave(Misbehaviour(kind="hang", action="PushBroadcast"))
    thread = threading.Thread(target=Worker(bench.context, name="w", stopping=stopping).run, daemon=True)
    thread.start()
    assert bench.mpaas.journal.wait(lambda entries: bool(entries) and entries[-1].action == "PushBroadcast")
    stopping.set()
    bench.mpaas.let_go()
    thread.join(10)
    assert not thread.is_alive()
    assert bench.legs(request) == {"android": LegState.ACCEPTED, "ios": LegState.WAITING}


def test_a_store_that_goes_away_and_comes_back_does_not_end_the_loop(tmp_path: Path) -> None:
    stopping = Event()
    with (
        running(tmp_path / "server", ALWAYS) as server,
        connect(server.url) as client,
        Bench(RequestStore(client, sealer=SEALER, ahead=clock.ahead), tmp_path) as bench,
        logged() as lines,
    ):
        server.process.kill()
        server.process.wait()
        thread = threading.Thread(target=Worker(bench.context, name="w", stopping=stopping).run, daemon=True)
        thread.start()
        server.again()
        request = bench.approved()
        assert bench.mpaas.journal.wait(lambda _: len(bench.executed()) == 2)
        stopping.set()
        thread.join(10)
        assert not thread.is_alive()
        assert bench.now(request).state is State.SENT
        assert lines.of("store_unavailable")


class Overtaken(RequestStore):
    """Let another worker claim just before this one loads the request, and report just after."""

    def __init__(self, client: redis.Redis, other: Bench) -> None:
        super().__init__(client, sealer=SEALER, ahead=clock.ahead)
        self._other = other

    def get(self, request_id: RequestId) -> BroadcastRequest:
        store, now = self._other.store, self._other.store.now()
        before = store.get(request_id)
        platform, until = before.legs[0].platform, now + timedelta(seconds=USUAL.lease)
        claim = sending.claim(before, platform, attempt="other", lease_until=until, now=now)
        claimed = store.claim(claim, commit_id="claim", epoch=before.epoch)
        seen = super().get(request_id)
        report = sending.report(claimed, platform, attempt="other", outcome=Accepted(task_id="1"), now=now)
        store.commit(report, commit_id="report")
        return seen


def test_a_worker_that_looks_while_another_sends_does_not_put_off_the_next_leg(
    bench: Bench, redis_client: redis.Redis
) -> None:
    request = bench.approved()
    overtaken = replace(bench.context, store=Overtaken(redis_client, bench))
    assert bench.worker(overtaken).turn() == 0
    assert bench.legs(request) == {"android": LegState.ACCEPTED, "ios": LegState.WAITING}
    assert bench.store.due(10) == [request.id]
