"""What the tests of gone messages and closed places share: close them, let waits be over, count what was tried."""

from dataclasses import replace

import redis
from loops.telling import announce, half_a_minute_later
from operations.bench import Bench

from bot.domain.request import BroadcastRequest
from bot.playground.slack.world import Message
from bot.store.keys import Keys


def uninvited(bench: Bench, channel: str) -> None:
    """Take the bot out of a channel."""
    place = bench.slack.world.channels[channel]
    members = place.members - {bench.slack.world.cast.bot.id}
    bench.slack.world.channels[channel] = replace(place, members=members)


def much_later(redis_client: redis.Redis) -> None:
    """Let every wait be over, however long it was to be."""
    for key in redis_client.scan_iter(f"{Keys().prefix}:waiting:*"):
        redis_client.delete(key)
    half_a_minute_later(redis_client)


def posts_tried(bench: Bench, channel: str) -> int:
    """Count the calls that tried to post in a channel, whatever came of them."""
    return sum(entry.sent.get("channel") == channel for entry in bench.slack.journal("chat.postMessage"))


def request_told(bench: Bench) -> tuple[BroadcastRequest, Message]:
    """Let Ana ask for a push; give the request and its card."""
    request = bench.submitted()
    announce(bench)
    return request, bench.posted()[0]
