"""What the tests of the announcer share: turn it, let time pass for its notices, read its messages."""

import redis
from operations.bench import Bench

from bot.announcer import Announcer
from bot.domain.request import BroadcastRequest
from bot.operations import deciding
from bot.operations.tending import tend
from bot.playground.cast import BO, TEAM
from bot.playground.slack.world import Message
from bot.store.keys import Keys
from bot.store.notices import GROUP, TAKE_OVER_MS


def announce(bench: Bench, announcer: Announcer | None = None) -> None:
    """Turn the announcer until nothing more can be told."""
    announcer = announcer or bench.announcer()
    while bench.store.notices_waiting() and announcer.turn():
        pass


def half_a_minute_later(redis_client: redis.Redis) -> None:
    """Let reservations be over, and let notices that somebody took be taken over."""
    for name in redis_client.scan_iter(f"{Keys().prefix}:posting:*"):
        redis_client.delete(name)
    take_over(redis_client)


def take_over(redis_client: redis.Redis) -> None:
    """Let notices that somebody took be delivered again, while what is reserved stays reserved."""
    for key in (Keys().alarms, Keys().notices):
        for entry in redis_client.xpending_range(key, GROUP, "-", "+", 100):
            redis_client.xclaim(
                key,
                GROUP,
                str(entry["consumer"]),
                min_idle_time=0,
                message_ids=[str(entry["message_id"])],
                idle=TAKE_OVER_MS + 1,
                justid=True,
            )


def text(message: Message) -> str:
    """Give everything a message shows, as one text."""
    return str([message.text, message.blocks])


def sent(bench: Bench, request: BroadcastRequest) -> BroadcastRequest:
    for _ in request.legs:
        tend(bench.context, request.id)
    return bench.now(request)


def reject(bench: Bench, request: BroadcastRequest) -> BroadcastRequest:
    return deciding.reject(
        bench.context,
        request.id,
        BO.id,
        team_id=TEAM,
        revision=request.revision,
        digest=request.short_digest,
        why="Wrong city",
    )
