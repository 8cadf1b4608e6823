"""The stages of the stories: one that most of them share, and the way to one of their own."""

from collections.abc import Iterator

import clock
import pytest
from stories.play import Play

from bot.playground.cast import PARTNERS
from bot.playground.stage import Rules, Stage

MACHINE = (("slack",), ("worker",))
TARGETS = {
    "patient": Rules(veto="1h"),
    "double": Rules(veto="0s", quorum=2),
    "shared": Rules(veto="0s", approvals=PARTNERS.id),
}
"""Targets beside live and test: one that waits long, one that needs two, one whose channel another company sees."""


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """Put up two machines with both process types, which send at once after the last approval.

    Every story leaves the stage as it found it.
    """
    with Stage(processes=MACHINE * 2, veto="0s", targets=TARGETS) as stage:
        stage.advance(clock.hour_ahead().total_seconds())
        yield stage


@pytest.fixture
def play(stage: Stage) -> Iterator[Play]:
    """Play on the shared stage; at the end of every story, the first law holds."""
    stage.mpaas.journal.clear()
    play = Play(stage)
    yield play
    with stage.store() as store:
        was_halted, planned = store.resume(), stage.mpaas.faults.planned()
    stage.mpaas.faults.clear()
    play.law_one_holds()
    assert (was_halted, planned) == (None, [])
