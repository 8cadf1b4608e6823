"""The simulated workspace's memory: what passes is forgotten, however long a playground runs."""

from bot.playground.cast import ANA, CAST, GENERAL
from bot.playground.slack.world import REMEMBERED, ResponseUrl, World


def test_old_triggers_and_response_urls_are_forgotten() -> None:
    world = World(CAST)
    triggers = [world.trigger(ANA.id) for _ in range(REMEMBERED + 1)]
    urls = [world.response_url(ResponseUrl(ANA.id, GENERAL.id, world.now())) for _ in range(REMEMBERED + 1)]
    assert list(world.triggers) == triggers[1:]
    assert list(world.response_urls) == urls[1:]
