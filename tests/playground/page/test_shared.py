"""What every page shows alike is made once for all of them, and again as soon as it may have changed."""

import json
from collections.abc import Iterator

import pytest

from bot.playground.page.backstage import Backstage
from bot.playground.page.bell import Bell
from bot.playground.page.shared import Shared, as_json
from bot.playground.stage import Stage


class Counted(Backstage):
    """Count how often it is asked what it shows."""

    asked = 0

    def shown(self) -> dict[str, object]:
        self.asked += 1
        return {"asked": self.asked}


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
def backstage(stage: Stage) -> Counted:
    return Counted(stage)


@pytest.fixture
def shared(stage: Stage, backstage: Counted, bell: Bell) -> Iterator[Shared]:
    def ring() -> None:
        bell.ring("mpaas")

    stage.mpaas.journal.on_change.append(ring)
    yield Shared(stage, backstage, bell)
    stage.mpaas.journal.on_change.remove(ring)


def test_the_parts_are_json_by_their_names(shared: Shared) -> None:
    assert json.loads(shared.backstage()) == {"asked": 1}
    parts = {name: json.loads(text) for name, text in shared.mpaas().items()}
    assert {"tasks", "scheduled", "templates", "requests", "statistics"} <= parts.keys()


def test_many_pages_ask_and_it_is_made_once(shared: Shared, backstage: Counted) -> None:
    pages = 1000
    for _ in range(pages):
        shared.backstage()
    assert backstage.asked < pages / 10  # once a second, because some things change by themselves


def test_after_every_ring_it_is_made_again(shared: Shared, bell: Bell) -> None:
    before = json.loads(shared.backstage())["asked"]
    for what in ("slack", "mpaas", "stage"):
        bell.ring(what)
        after = json.loads(shared.backstage())["asked"]
        assert after > before
        before = after


def test_mpaas_is_looked_at_when_it_has_changed(shared: Shared, stage: Stage) -> None:
    before = json.loads(shared.mpaas()["requests"])
    arrived = stage.mpaas.journal.arrived
    arrived(stage.mpaas.now().isoformat(), "PushBroadcast", {"Msgkey": "m1"}, headers=(), body=b"")
    after = json.loads(shared.mpaas()["requests"])
    assert len(after) == len(before) + 1


def test_the_log_is_one_for_all(shared: Shared, stage: Stage) -> None:
    lines, count = shared.lines()
    stage.slack.world.note("call", "chat.test", sent={}, answer={}, status=200, milliseconds=1.0)
    first, second = shared.lines_after(count), shared.lines_after(count)
    assert [line["name"] for line in first[0]] == ["chat.test"]
    assert first == second
    assert shared.lines()[0] == [*lines, *first[0]]


def test_half_a_surrogate_pair_can_be_written() -> None:
    assert json.loads(as_json("\ud83d").encode()) == "\ud83d"
