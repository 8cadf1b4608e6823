"""Halt stops everybody, resume lets them go on, and heartbeats say who is there."""

from datetime import UTC, datetime, timedelta

import pytest
import redis
from builders import ANA, BO, NOON, SEALER

from bot.store.keys import Keys
from bot.store.store import RequestStore
from bot.store.switches import Halt


class Moved:
    """A store whose clock can be moved."""

    def __init__(self, client: redis.Redis) -> None:
        self.ahead = timedelta(0)
        self.store = RequestStore(client, sealer=SEALER, ahead=lambda: self.ahead)


@pytest.fixture
def moved(redis_client: redis.Redis) -> Moved:
    redis_client.flushdb()
    return Moved(redis_client)


def test_nothing_is_halted_at_first(store: RequestStore) -> None:
    assert store.halted() is None
    assert store.resume() is None


def test_a_halt_says_who_why_and_until_when(store: RequestStore) -> None:
    until = store.now().replace(microsecond=0) + timedelta(hours=2)
    store.halt(BO, "wrong template", until=until, at=NOON)
    assert store.halted() == Halt(by=BO, why="wrong template", at=NOON, until=until)


def test_a_halt_reads_as_the_end_of_a_sentence() -> None:
    until = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
    assert Halt(by=BO, at=NOON).words == "by U02BO"
    assert Halt(by=BO, why="drill", at=NOON, until=until).words == "by U02BO until 2026-12-01 10:00 UTC (drill)"


def test_the_last_halt_counts_and_resume_ends_it(store: RequestStore) -> None:
    store.halt(BO, "first", until=store.now() + timedelta(hours=1), at=NOON)
    last = store.halt(ANA, "second", until=None, at=NOON)
    assert store.resume() == last
    assert store.halted() is None


def test_a_halt_that_is_over_is_none(store: RequestStore) -> None:
    store.halt(BO, "", until=store.now() - timedelta(milliseconds=1), at=NOON)
    assert store.halted() is None


def test_the_living_of_a_role_are_named(store: RequestStore) -> None:
    store.beat("host-2", "worker", seconds=30)
    store.beat("host-1", "worker", seconds=30)
    store.beat("host-1", "slack", seconds=30)
    assert store.alive("worker") == ("host-1", "host-2")
    assert store.alive("announcer") == ()


def test_a_beat_that_is_over_does_not_count_and_is_swept_by_the_next(
    store: RequestStore, redis_client: redis.Redis
) -> None:
    store.beat("dead", "worker", seconds=0)
    assert store.alive("worker") == ()
    store.beat("alive", "worker", seconds=30)
    assert redis_client.zrange(Keys().alive("worker"), 0, -1) == ["alive"]


# A clock that was moved --------------------------------------------------------------------------------------------


def test_a_halt_ends_by_the_clock_that_people_read_for_claims_too(moved: Moved, redis_client: redis.Redis) -> None:
    moved.store.halt(BO, "drill", until=moved.store.now() + timedelta(hours=2), at=NOON)
    moved.ahead = timedelta(minutes=119)
    assert moved.store.halted() is not None
    moved.ahead = timedelta(hours=2)
    assert moved.store.halted() is None
    assert redis_client.get(Keys().halt) is None, "A claim asks for the key alone."


def test_a_halt_that_is_over_is_not_resumed_either(moved: Moved) -> None:
    moved.store.halt(BO, "drill", until=moved.store.now() + timedelta(hours=2), at=NOON)
    moved.ahead = timedelta(hours=2)
    assert moved.store.resume() is None


def test_a_halt_made_ahead_of_the_server_lasts_no_longer_than_was_said(moved: Moved, redis_client: redis.Redis) -> None:
    moved.ahead = timedelta(days=30)
    halt = moved.store.halt(BO, "drill", until=moved.store.now() + timedelta(hours=2), at=NOON)
    assert moved.store.halted() == halt
    assert 7_000_000 < redis_client.pttl(Keys().halt) <= 7_200_001, "its end is rounded up to a whole millisecond"


def test_a_halt_without_an_end_outlasts_every_move_of_the_clock(moved: Moved) -> None:
    halt = moved.store.halt(BO, "drill", until=None, at=NOON)
    moved.ahead = timedelta(days=4000)
    assert moved.store.halted() == moved.store.resume() == halt


def test_a_new_halt_survives_that_an_old_one_is_found_to_be_over(moved: Moved, redis_client: redis.Redis) -> None:
    moved.store.halt(BO, "old", until=moved.store.now() + timedelta(hours=2), at=NOON)
    old = str(redis_client.get(Keys().halt))
    new = moved.store.halt(BO, "new", until=None, at=NOON)
    # The moment between reading the old one and forgetting it cannot be hit from outside.
    moved.store._drop_halt(old)
    assert moved.store.halted() == new


def test_a_heartbeat_counts_in_real_seconds(moved: Moved) -> None:
    moved.store.beat("host-1", "worker", seconds=30)
    moved.ahead = timedelta(days=1)
    assert moved.store.alive("worker") == ("host-1",)
    moved.store.beat("host-2", "worker", seconds=0)
    assert moved.store.alive("worker") == ("host-1",)
