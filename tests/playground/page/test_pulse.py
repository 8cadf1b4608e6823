"""Whether the store answers is known at once, and asked again when it may have changed."""

import threading
from collections.abc import Iterator

import pytest

from bot.playground.page.bell import Bell
from bot.playground.page.pulse import Pulse

PATIENCE = 10.0


class Store:
    """Answer as it is told to; it can take its time."""

    def __init__(self) -> None:
        self.alive = True
        self.asked = 0
        self.may_answer = threading.Event()
        self.may_answer.set()

    def answers(self) -> bool:
        self.asked += 1
        self.may_answer.wait(PATIENCE)
        return self.alive


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
def pulse(store: Store, bell: Bell) -> Iterator[Pulse]:
    pulse = Pulse(store.answers, bell)
    pulse.start()
    yield pulse
    store.may_answer.set()
    bell.close()
    pulse.join()


def test_a_change_on_the_stage_is_asked_about_and_rung(pulse: Pulse, store: Store, bell: Bell) -> None:
    assert pulse.alive()
    store.alive = False
    bell.ring("stage")
    assert bell.wait(1, "stage", seconds=PATIENCE) > 1
    assert not pulse.alive()


def test_a_server_that_ends_by_itself_is_noticed(pulse: Pulse, store: Store, bell: Bell) -> None:
    store.alive = False
    assert bell.wait(0, "stage", seconds=PATIENCE) > 0
    assert not pulse.alive()


def test_nobody_waits_for_a_store_that_takes_its_time(pulse: Pulse, store: Store, bell: Bell) -> None:
    store.may_answer.clear()
    bell.ring("stage")
    assert pulse.alive()


@pytest.mark.usefixtures("pulse")
def test_what_happens_elsewhere_is_no_reason_to_ask(store: Store, bell: Bell) -> None:
    for _ in range(1000):
        bell.ring("slack")
        bell.ring("mpaas")
    assert store.asked < 100
