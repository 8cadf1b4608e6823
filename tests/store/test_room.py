"""Every room of the store shares its clock, its keys and its client."""

from datetime import timedelta

import clock
import pytest
import redis
from builders import REQUEST_ID, SEALER, a_step

from bot.store.room import Room
from bot.store.store import RequestStore


def test_the_clock_is_the_stores(redis_client: redis.Redis) -> None:
    before = redis_client.time()[0]
    now = RequestStore(redis_client, sealer=SEALER).now()
    assert now.utcoffset().total_seconds() == 0
    assert before <= now.timestamp() <= redis_client.time()[0] + 1


def test_the_clock_is_as_far_ahead_as_is_said_at_that_moment(redis_client: redis.Redis) -> None:
    store = RequestStore(redis_client, sealer=SEALER)
    said = [timedelta(0), timedelta(hours=1), timedelta(days=400)]
    ahead = iter(said)
    moved = RequestStore(redis_client, sealer=SEALER, ahead=lambda: next(ahead))
    for expected in said:
        assert timedelta(0) <= moved.now() - store.now() - expected + timedelta(seconds=5) < timedelta(seconds=10)


def test_what_is_due_is_due_by_the_moved_clock(redis_client: redis.Redis, store: RequestStore) -> None:
    store.commit(a_step(wake_at=store.now() + timedelta(minutes=59)), commit_id="c1")
    assert store.due(9) == []
    assert RequestStore(redis_client, sealer=SEALER, ahead=lambda: clock.ahead() + timedelta(hours=1)).due(9) == [
        REQUEST_ID
    ]


def test_nothing_is_asked_of_the_server_before_it_is_needed() -> None:
    with redis.Redis(host="127.0.0.1", port=1) as nobody:
        assert Room(nobody, sealer=SEALER)


def test_stores_with_other_prefixes_are_other_stores(redis_client: redis.Redis) -> None:
    one, other = (RequestStore(redis_client, sealer=SEALER, prefix=prefix) for prefix in ("{one}", "{other}"))
    one.commit(a_step(), commit_id="c1")
    other.commit(a_step(channel="C0OTHER"), commit_id="c1")
    assert (one.get(REQUEST_ID).channel, other.get(REQUEST_ID).channel) == (a_step().request.channel, "C0OTHER")
    assert one.now() <= other.now()


def test_a_prefix_without_a_hash_tag_makes_no_room(redis_client: redis.Redis) -> None:
    with pytest.raises(ValueError, match="hash tag"):
        RequestStore(redis_client, sealer=SEALER, prefix="broadcast")
