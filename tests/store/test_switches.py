"""Halt stops everybody, resume lets them go on, and heartbeats say who is there."""

from datetime import UTC, datetime, timedelta

import redis
from builders import ANA, BO, NOON

from bot.store.keys import Keys
from bot.store.store import RequestStore
from bot.store.switches import Halt


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
