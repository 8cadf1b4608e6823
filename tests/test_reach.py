"""The loop that says whether Slack can reach a process: in the store, in the log, and by ending."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from builders import SEALER
from loops.log_lines import logged
from operations.bench import Bench

from bot import wiring
from bot.doors import HttpDoor
from bot.errors import SlackUnreached
from bot.reach import Reach
from bot.store.connection import connect
from bot.store.store import RequestStore
from bot.store.switches import REACHED, UNREACHED

LIMIT = 60.0


class Clock:
    """Count seconds that a test lets pass."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def bench(store: RequestStore, tmp_path: Path) -> Iterator[Bench]:
    with Bench(store, tmp_path) as bench:
        yield bench


@pytest.fixture
def door(bench: Bench) -> Iterator[HttpDoor]:
    door = HttpDoor(wiring.make_app(bench.settings, bench.context), host="127.0.0.1", port=0)
    yield door
    door.close()


def reach_of(store: RequestStore, door: HttpDoor, clock: Clock, *, stopping: Event | None = None) -> Reach:
    return Reach(store, door, name="one", stopping=stopping or Event(), limit=LIMIT, clock=clock)


def test_a_process_that_is_reached_beats_as_one(bench: Bench, door: HttpDoor) -> None:
    door.open()
    reach_of(bench.store, door, Clock()).turn()
    assert (bench.store.alive(REACHED), bench.store.alive(UNREACHED)) == (("one",), ())


def test_a_process_that_is_not_reached_beats_as_one_and_ends_after_the_limit(bench: Bench, door: HttpDoor) -> None:
    clock = Clock()
    reach = reach_of(bench.store, door, clock)  # nobody has opened the door
    with logged() as lines:
        for clock.seconds in (0.0, LIMIT):
            reach.turn()
        assert (bench.store.alive(REACHED), bench.store.alive(UNREACHED)) == ((), ("one",))
        clock.seconds = LIMIT + 1
        with pytest.raises(SlackUnreached, match="has not reached this process for 61 s, so it ends: Nobody answers"):
            reach.turn()
    assert [line["seconds"] for line in lines.of("slack_cannot_reach")] == [0, 60, 61]


def test_a_process_that_was_reached_again_has_all_its_time_again(bench: Bench, door: HttpDoor) -> None:
    clock = Clock()
    reach = reach_of(bench.store, door, clock)
    reach.turn()
    clock.seconds = LIMIT
    door.open()
    reach.turn()
    clock.seconds = 2 * LIMIT
    door.close()
    with pytest.raises(SlackUnreached, match="for 60 s"):  # and yet nobody listens any more: no use in waiting
        reach.turn()


def test_a_store_that_does_not_answer_is_no_reason_to_end(door: HttpDoor) -> None:
    door.open()
    with connect("redis://127.0.0.1:1") as nowhere, logged() as lines:
        reach_of(RequestStore(nowhere, sealer=SEALER), door, Clock()).turn()
    assert len(lines.of("store_unavailable")) == 1


def test_a_process_that_is_asked_to_stop_does_not_complain_that_it_is_not_reached(door: HttpDoor, bench: Bench) -> None:
    stopping = Event()
    stopping.set()
    with logged() as lines:
        reach_of(bench.store, door, Clock(), stopping=stopping).turn()
    assert lines.of("slack_cannot_reach") == []
