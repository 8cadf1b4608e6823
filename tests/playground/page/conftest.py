"""The page without a browser: a stage without the bot, the page before it, and those who look at it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playground.page.viewer import Viewer

from bot.playground.page.front import Front
from bot.playground.stage import Stage


@pytest.fixture
def stage() -> Iterator[Stage]:
    """Put up simulators and a store, without the bot; in the end, nothing failed inside."""
    with Stage(processes=()) as stage:
        yield stage
        assert [*stage.slack.failures, *stage.mpaas.failures] == []


@pytest.fixture
def front(stage: Stage) -> Iterator[Front]:
    """Serve the page of that stage."""
    with Front(stage) as front:
        yield front


@pytest.fixture
def view(front: Front) -> Iterator[Callable[[str], Viewer]]:
    """Open the page's stream as a person, and wait for the first event; all are closed in the end."""
    with ExitStack() as closing:
        yield lambda user: closing.enter_context(Viewer(front.address, user))
