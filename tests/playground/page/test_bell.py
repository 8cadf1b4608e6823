"""One bell for everything that changes: it counts, it wakes, and it never waits for anybody."""

import threading

from bot.playground.page.bell import Bell

LONG = 10.0


def test_it_counts_by_what_has_changed() -> None:
    bell = Bell()
    for what in ("slack", "mpaas", "slack"):
        bell.ring(what)
    assert (bell.rung("slack"), bell.rung("mpaas"), bell.rung("stage")) == (2, 1, 0)
    assert (bell.rung("slack", "mpaas"), bell.rung()) == (3, 3)


def test_who_has_not_heard_the_last_ring_does_not_wait() -> None:
    bell = Bell()
    bell.ring("slack")
    assert bell.wait(0, seconds=LONG) == 1


def test_who_waits_for_one_thing_does_not_hear_another() -> None:
    bell = Bell()
    bell.ring("slack")
    assert bell.wait(0, "stage", seconds=0.01) == 0
    bell.ring("stage")
    assert bell.wait(0, "stage", seconds=LONG) == 1


def test_who_has_heard_everything_waits_so_long_at_most() -> None:
    bell = Bell()
    bell.ring("slack")
    assert bell.wait(1, seconds=0.01) == 1
    assert bell.wait(1, seconds=-1) == 1


def test_a_ring_wakes_everybody_who_waits() -> None:
    bell, heard = Bell(), list[int]()
    waiting = [threading.Thread(target=lambda: heard.append(bell.wait(0, seconds=LONG))) for _ in range(3)]
    for one in waiting:
        one.start()
    bell.ring("slack")
    for one in waiting:
        one.join(LONG)
    assert heard == [1, 1, 1]


def test_closing_wakes_everybody_for_the_last_time() -> None:
    bell, heard = Bell(), list[int]()
    waiting = threading.Thread(target=lambda: heard.append(bell.wait(0, seconds=LONG)))
    waiting.start()
    bell.close()
    waiting.join(LONG)
    assert (heard, bell.closed) == ([0], True)
    assert bell.wait(0, seconds=LONG) == 0
