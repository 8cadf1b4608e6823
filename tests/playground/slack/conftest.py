"""A simulated Slack with a scripted bot behind it, for the tests that need no more than the two."""

from collections.abc import Iterator

import pytest
from playground.slack_bot import ScriptedBot

from bot.playground.slack.sim import SlackSim


@pytest.fixture
def bot() -> Iterator[ScriptedBot]:
    with ScriptedBot() as listening:
        yield listening


@pytest.fixture
def sim(bot: ScriptedBot) -> Iterator[SlackSim]:
    with SlackSim() as running:
        running.connect_http(bot.url)
        yield running
