"""Notices are delivered at least once: whoever dies, somebody says what was to be said."""

import threading
from datetime import timedelta

import pytest
import redis
from builders import REQUEST_ID, SEALER, a_step

from bot.domain.request import Notice, NoticeKind
from bot.domain.states import State
from bot.store.connection import connect
from bot.store.notices import GROUP, TAKE_OVER_MS, PendingNotice
from bot.store.store import RequestStore

SOON = {"count": 9, "block_ms": 0}


@pytest.fixture
def told(store: RequestStore) -> RequestStore:
    """Give a store with one notice that waits."""
    store.commit(a_step(), commit_id="c1")
    return store


def test_nothing_to_say_is_an_empty_list_at_once(store: RequestStore) -> None:
    assert store.next_notices("one", count=9, block_ms=0) == []


def test_a_notice_that_was_written_before_anybody_listened_is_delivered(told: RequestStore) -> None:
    (pending,) = told.next_notices("one", **SOON)
    notice = Notice(kind=NoticeKind.CARD, state=State.PENDING_APPROVAL)
    assert pending == PendingNotice(pending.entry_id, REQUEST_ID, notice, 1)


def test_a_finished_notice_is_gone_for_good(told: RequestStore, redis_client: redis.Redis) -> None:
    (pending,) = told.next_notices("one", **SOON)
    told.finish_notice(pending.entry_id)
    told.finish_notice(pending.entry_id)
    assert told.next_notices("two", **SOON, idle_ms=0) == []
    assert told.notices_waiting() == 0
    assert redis_client.xpending("{broadcast}:notices", GROUP)["pending"] == 0


def test_two_announcers_do_not_say_the_same(told: RequestStore) -> None:
    assert len(told.next_notices("one", **SOON)) == 1
    assert told.next_notices("two", **SOON) == []


def test_what_a_dead_announcer_left_is_taken_over(told: RequestStore) -> None:
    (first,) = told.next_notices("dead", **SOON)
    (second,) = told.next_notices("alive", **SOON, idle_ms=0)
    assert (second.entry_id, second.notice, second.times_delivered) == (first.entry_id, first.notice, 2)


def test_what_was_not_finished_comes_again_to_the_same_announcer(told: RequestStore) -> None:
    deliveries = [told.next_notices("one", **SOON, idle_ms=0)[0].times_delivered for _ in range(3)]
    assert deliveries == [1, 2, 3]


def test_what_was_left_comes_before_what_is_new_and_no_more_than_asked_for(told: RequestStore) -> None:
    told.next_notices("dead", **SOON)
    for version in (2, 3):
        told.commit(a_step(version=version, state=State.APPROVED), commit_id=f"c{version}")
    found = told.next_notices("alive", count=2, block_ms=0, idle_ms=0)
    assert [(one.notice.state, one.times_delivered) for one in found] == [
        (State.PENDING_APPROVAL, 2),
        (State.APPROVED, 1),
    ]


def test_many_notices_that_were_left_are_all_taken_over(store: RequestStore) -> None:
    """XAUTOCLAIM looks at ten times as many entries as it was asked for, and then wants to be asked again."""
    for version in range(1, 41):
        store.commit(a_step(version=version), commit_id=f"c{version}")
    store.next_notices("dead", count=40, block_ms=0)
    for _ in range(40):
        (one,) = store.next_notices("alive", count=1, block_ms=0, idle_ms=0)
        store.finish_notice(one.entry_id)
    assert store.notices_waiting() == 0


def test_a_notice_that_was_left_is_found_behind_many_that_are_being_said(
    store: RequestStore, redis_client: redis.Redis
) -> None:
    for version in range(1, 16):
        store.commit(a_step(version=version), commit_id=f"c{version}")
    said = store.next_notices("busy", count=15, block_ms=0)
    left = said[-1].entry_id
    redis_client.xclaim("{broadcast}:notices", GROUP, "dead", 0, [left], idle=2 * TAKE_OVER_MS)
    assert [one.entry_id for one in store.next_notices("alive", count=1, block_ms=0)] == [left]


def test_an_announcer_that_waits_hears_of_a_new_notice(redis_url: str, store: RequestStore) -> None:
    heard: list[PendingNotice] = []

    def listen() -> None:
        with connect(redis_url) as client:
            heard.extend(RequestStore(client, sealer=SEALER).next_notices("one", count=9, block_ms=5_000))

    listener = threading.Thread(target=listen)
    listener.start()
    store.commit(a_step(), commit_id="c1")
    listener.join(10)
    assert [one.request_id for one in heard] == [REQUEST_ID]


def test_waiting_longer_than_the_timeout_of_an_answer_is_no_error(store: RequestStore) -> None:
    assert store.next_notices("one", count=1, block_ms=1_200) == []


def test_a_notice_of_a_newer_version_is_left_to_a_newer_announcer(
    store: RequestStore, redis_client: redis.Redis
) -> None:
    redis_client.xadd("{broadcast}:notices", {"request": REQUEST_ID, "kind": "fax", "state": "sent"})
    assert store.next_notices("one", **SOON) == []
    assert store.notices_waiting() == 1


def test_a_store_that_was_emptied_gets_its_group_again(told: RequestStore, redis_client: redis.Redis) -> None:
    told.next_notices("one", **SOON)
    redis_client.flushdb()
    told.commit(a_step(), commit_id="c1")
    assert len(told.next_notices("one", **SOON)) == 1


def test_the_age_of_a_notice_is_the_time_that_has_really_passed(redis_client: redis.Redis, told: RequestStore) -> None:
    assert told.notices_waiting() == 1
    ahead = [timedelta(0)]
    moved = RequestStore(redis_client, sealer=SEALER, ahead=lambda: ahead[-1])
    (pending,) = moved.next_notices("one", **SOON)
    for step in (timedelta(0), timedelta(days=2)):
        ahead.append(step)
        assert timedelta(seconds=-1) < moved.now() - pending.written_at < timedelta(minutes=1)


# Alarms, and what has to wait ---------------------------------------------------------------------------------------


def test_an_alarm_is_delivered_before_everything_that_was_written_earlier(store: RequestStore) -> None:
    for version in range(1, 6):
        store.commit(a_step(version=version), commit_id=f"c{version}")
    store.commit(a_step(version=6, state=State.HELD, alarm="Its seal is broken."), commit_id="c6")
    found = store.next_notices("one", count=3, block_ms=0)
    assert found[0].notice.state is State.HELD
    assert found[1].notice.state is State.PENDING_APPROVAL


def test_an_alarm_that_was_left_comes_before_what_is_new(store: RequestStore) -> None:
    store.sound_alarm(REQUEST_ID)
    (alarm,) = store.next_notices("dead", **SOON)
    store.commit(a_step(), commit_id="c1")
    again, _ = store.next_notices("alive", **SOON, idle_ms=0)
    assert (again.entry_id, again.times_delivered) == (alarm.entry_id, 2)
    store.finish_notice(alarm.entry_id)
    assert store.notices_waiting() == 1


def test_an_alarm_and_a_notice_of_the_same_moment_are_not_taken_for_each_other(
    store: RequestStore, redis_client: redis.Redis
) -> None:
    fields = {"request": REQUEST_ID, "kind": "card", "state": "held"}
    for name in ("alarms", "notices"):
        redis_client.xadd(f"{{broadcast}}:{name}", fields, id="1796083200000-0")  # type: ignore[arg-type]
    alarm, notice = store.next_notices("one", **SOON)
    assert alarm.delivery != notice.delivery
    assert alarm.written_at == notice.written_at
    store.finish_notice(alarm.entry_id)
    assert redis_client.xlen("{broadcast}:notices") == 1


def test_what_has_to_wait_for_long_is_not_taken_over_before(told: RequestStore, redis_client: redis.Redis) -> None:
    (pending,) = told.next_notices("one", **SOON)
    told.postpone_notice(pending.entry_id, "one", seconds=120)
    assert told.next_notices("two", **SOON, idle_ms=0) == []
    redis_client.delete("{broadcast}:waiting:" + pending.entry_id)
    (again,) = told.next_notices("two", **SOON, idle_ms=0)
    assert again.entry_id == pending.entry_id


def test_what_has_to_wait_for_a_moment_comes_sooner_than_what_a_dead_announcer_left(
    told: RequestStore, redis_client: redis.Redis
) -> None:
    (pending,) = told.next_notices("one", **SOON)
    told.postpone_notice(pending.entry_id, "one", seconds=10)
    (entry,) = redis_client.xpending_range("{broadcast}:notices", GROUP, "-", "+", 9)
    assert TAKE_OVER_MS - 10_000 <= entry["time_since_delivered"] < TAKE_OVER_MS
    assert entry["times_delivered"] == 1


def test_a_notice_that_was_finished_has_nothing_to_wait_for(told: RequestStore, redis_client: redis.Redis) -> None:
    (pending,) = told.next_notices("one", **SOON)
    told.postpone_notice(pending.entry_id, "one", seconds=120)
    told.finish_notice(pending.entry_id)
    assert list(redis_client.scan_iter("{broadcast}:waiting:*")) == []
    told.postpone_notice(pending.entry_id, "one", seconds=1)
    assert told.notices_waiting() == 0


def test_what_was_left_takes_at_most_half_of_the_room(store: RequestStore) -> None:
    for version in range(1, 11):
        store.commit(a_step(version=version), commit_id=f"c{version}")
    store.next_notices("dead", count=10, block_ms=0)
    for version in range(11, 21):
        store.commit(a_step(version=version), commit_id=f"c{version}")
    found = store.next_notices("alive", count=10, block_ms=0, idle_ms=0)
    assert [one.times_delivered for one in found] == [2] * 5 + [1] * 5
