"""The trail in the store: written with each commit, read in order, thrown away only when it is old."""

import threading
from datetime import timedelta

import pytest
import redis
from builders import REQUEST_ID, SEALER, a_step

from bot.domain.content import RequestId
from bot.domain.states import State
from bot.domain.trail import Entry, Head, is_chain
from bot.errors import StoreUnavailable
from bot.store import trail
from bot.store.connection import connect
from bot.store.keys import KEEP_SECONDS, Keys
from bot.store.store import RequestStore

KEYS = Keys()


def names(count: int) -> list[RequestId]:
    return [RequestId(f"AAAA-{number:04}") for number in range(count)]


def entries(store: RequestStore) -> list[Entry]:
    found = [entry for _, entry in store.trail_entries()]
    return [entry for entry in found if entry is not None]


def test_every_commit_adds_one_entry_that_names_its_line(store: RequestStore) -> None:
    first = store.commit(a_step(), commit_id="c1")
    step = a_step(first, version=2, state=State.APPROVED)
    store.commit(step, commit_id="c2")
    one, two = entries(store)
    assert (one.n, one.version, one.commit) == (1, 1, "c1")
    assert (two.n, two.version, two.commit, two.line) == (2, 2, "c2", step.line.fingerprint)
    assert is_chain([one, two], SEALER)
    assert store.trail_head() == two.head
    assert store.trail_health(9) == (2, True)


def test_an_empty_trail_has_no_head_and_nothing_wrong(store: RequestStore) -> None:
    assert store.trail_head() == Head()
    assert store.trail_health(9) == (0, True)


def test_a_commit_that_is_refused_or_repeated_adds_none(store: RequestStore) -> None:
    store.commit(a_step(), commit_id="c1")
    store.commit(a_step(), commit_id="c1")
    with pytest.raises(Exception, match="at version 1"):
        store.commit(a_step(channel="C0OTHER"), commit_id="c2")
    assert len(entries(store)) == 1


def test_a_store_that_took_another_entry_for_the_newest_seals_anew(redis_client: redis.Redis) -> None:
    one, other = (RequestStore(redis_client, sealer=SEALER) for _ in range(2))
    for number, name in enumerate(names(6)):
        (one, other)[number % 2].commit(a_step(id=name), commit_id=f"c{number}")
    assert [entry.request for entry in entries(one)] == names(6)
    assert is_chain(entries(one), SEALER)


def test_in_the_usual_case_a_commit_is_one_round_trip(redis_url: str, redis_client: redis.Redis) -> None:
    with connect(redis_url) as client:
        store = RequestStore(client, sealer=SEALER)
        store.commit(a_step(), commit_id="c1")
        before = redis_client.info("commandstats")["cmdstat_evalsha"]["calls"]
        for number, name in enumerate(names(5)):
            store.commit(a_step(id=name), commit_id=f"c{number}")
        assert redis_client.info("commandstats")["cmdstat_evalsha"]["calls"] == before + 5


def test_of_many_at_once_every_commit_gets_a_link(redis_url: str, store: RequestStore) -> None:
    """Eight clients, each with threads of its own, commit to requests of their own: nobody is refused."""
    start, wrong = threading.Barrier(16), []

    def commit(mine: RequestStore, number: int) -> None:
        start.wait(10)
        try:
            for turn in range(5):
                mine.commit(a_step(id=f"{number:04}-{turn:04}"), commit_id=f"c{number}")
        except StoreUnavailable as error:
            wrong.append(error)

    clients = [connect(redis_url) for _ in range(8)]
    stores = [RequestStore(client, sealer=SEALER) for client in clients]
    threads = [threading.Thread(target=commit, args=(stores[number % 8], number)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    for client in clients:
        client.close()
    assert wrong == []
    assert len(entries(store)) == 80
    assert is_chain(entries(store), SEALER)


@pytest.mark.parametrize("n", ["x", ""])
def test_a_newest_entry_that_is_none_stops_commits_with_a_sentence(
    store: RequestStore, redis_client: redis.Redis, n: str
) -> None:
    redis_client.xadd(KEYS.audit, {"n": n, "mac": "m"})
    with pytest.raises(StoreUnavailable, match="audit verify"):
        store.commit(a_step(), commit_id="c1")
    assert store.trail_health(9) == (1, False)


def test_a_long_trail_is_read_in_pages(store: RequestStore, redis_client: redis.Redis) -> None:
    first = store.commit(a_step(), commit_id="c1")
    both = redis_client.pipeline()
    for _ in range(2 * trail.AT_ONCE):
        both.xadd(KEYS.audit, {"n": "x"})
    both.execute()
    assert len(list(store.trail_entries())) == 2 * trail.AT_ONCE + 1
    assert store.get(REQUEST_ID) == first


def old(store: RequestStore, redis_client: redis.Redis, *ages: timedelta) -> None:
    """Have entries that were written so long ago."""
    now = redis_client.time()[0] * 1000
    for name in names(len(ages)):
        store.commit(a_step(id=name), commit_id="c1")
    kept = [entry.written() for entry in entries(store)]
    redis_client.delete(KEYS.audit)
    for number, (fields, age) in enumerate(zip(kept, ages, strict=True)):
        redis_client.xadd(KEYS.audit, dict(fields), id=f"{now - int(age.total_seconds() * 1000)}-{number}")


def test_of_entries_that_are_too_old_the_newest_stays(store: RequestStore, redis_client: redis.Redis) -> None:
    keep, day = timedelta(seconds=KEEP_SECONDS), timedelta(days=1)
    old(store, redis_client, keep + 3 * day, keep + 2 * day, keep + day, keep - day, day)
    assert len(entries(store)) == 5
    store.commit(a_step(), commit_id="c9")
    assert [entry.n for entry in entries(store)] == [3, 4, 5, 6]
    store.commit(a_step(version=2), commit_id="c10")
    assert [entry.n for entry in entries(store)] == [3, 4, 5, 6, 7]


def test_everything_of_a_request_is_read_at_one_moment(store: RequestStore) -> None:
    store.commit(a_step(), commit_id="c1")
    places = [place for place, _ in store.trail_entries()]
    step = a_step(store.get(REQUEST_ID), version=2)
    store.commit(step, commit_id="c2")
    kept = store.kept(REQUEST_ID, after=places[-1])
    assert kept.record is not None
    assert kept.record.sound() == step.request
    assert kept.lines[1] == f"c2 {step.line.written()}"
    assert [entry.n for _, entry in kept.entries if entry] == [2]
    nothing = store.kept(RequestId("ZZZZ-ZZZZ"))
    assert (nothing.record, nothing.lines, len(nothing.entries)) == (None, (), 2)


def test_requests_are_named_in_the_order_in_which_they_were_made(
    store: RequestStore, redis_client: redis.Redis
) -> None:
    for name in (*names(4), REQUEST_ID)[::-1]:
        store.commit(a_step(id=name), commit_id="c1")
    redis_client.hset(KEYS.request(names(4)[1]), "created", "nonsense")
    redis_client.delete(KEYS.request(names(4)[0]))
    assert store.request_ids() == [names(4)[0], names(4)[1], REQUEST_ID, names(4)[3], names(4)[2]]


def test_a_head_is_remembered_for_its_channel_and_posted_by_one(store: RequestStore) -> None:
    assert store.posted_heads() == {}
    store.remember_head("C1", Head(3, "ab"), day="2026-11-30")
    assert {channel: (said.day, said.head) for channel, said in store.posted_heads().items()} == {
        "C1": ("2026-11-30", "3:ab")
    }
    assert [store.reserve_head(by=name, seconds=60) for name in ("one", "two", "one")] == [True, False, False]


def test_an_alarm_is_sounded_once_an_hour_and_keeps_what_was_found(
    store: RequestStore, redis_client: redis.Redis
) -> None:
    store.commit(a_step(notices=(), wake_at=None), commit_id="c1")
    redis_client.hset(KEYS.request(REQUEST_ID), "document", "forged")
    assert store.sound_alarm(REQUEST_ID)
    assert not store.sound_alarm(REQUEST_ID)
    assert store.due(9) == [REQUEST_ID]
    assert [one.request_id for one in store.next_notices("one", count=9, block_ms=0)] == [REQUEST_ID]
    redis_client.hset(KEYS.request(REQUEST_ID), "document", "forged again")
    redis_client.delete(KEYS.alarm(REQUEST_ID))
    store.sound_alarm(REQUEST_ID)
    assert redis_client.hget(KEYS.request(REQUEST_ID), "found") == "forged"
