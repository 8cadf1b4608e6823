"""Counters that forget themselves."""

from concurrent.futures import ThreadPoolExecutor

import redis
from builders import ANA, BO, a_request, a_step

from bot.domain.states import State
from bot.store.keys import Keys
from bot.store.store import RequestStore


def test_it_counts_each_person_and_each_kind_apart(store: RequestStore) -> None:
    assert [store.tally("asking", ANA, seconds=60).times for _ in range(3)] == [1, 2, 3]
    assert store.tally("other", ANA, seconds=60).times == 1
    assert store.tally("asking", BO, seconds=60).times == 1


def test_the_window_begins_with_the_first_and_is_not_drawn_out_by_the_later_ones(
    store: RequestStore, redis_client: redis.Redis
) -> None:
    key = Keys().tally("asking", ANA)
    store.tally("asking", ANA, seconds=60)
    redis_client.pexpire(key, 30_500)
    assert store.tally("asking", ANA, seconds=60) == (2, 31)
    assert redis_client.pttl(key) <= 30_500


def test_a_count_forgets_itself(store: RequestStore, redis_client: redis.Redis) -> None:
    for _ in range(5):
        store.tally("asking", ANA, seconds=60)
    redis_client.pexpire(Keys().tally("asking", ANA), 1)
    while redis_client.exists(Keys().tally("asking", ANA)):
        pass  # a millisecond, by the server's clock
    assert store.tally("asking", ANA, seconds=60).times == 1


def test_nothing_is_lost_when_many_count_at_once(store: RequestStore) -> None:
    with ThreadPoolExecutor(8) as many:
        counts = list(many.map(lambda _: store.tally("asking", ANA, seconds=60).times, range(200)))
    assert sorted(counts) == list(range(1, 201))


def test_a_persons_requests_are_counted_by_state_without_reading_them(store: RequestStore) -> None:
    for place, state in enumerate((State.PENDING_APPROVAL, State.PENDING_APPROVAL, State.SENT)):
        store.commit(a_step(a_request(state, id=f"000{place}-0000")), commit_id="c1")
    store.commit(a_step(a_request(id="0009-0000", requester=BO)), commit_id="c1")
    assert store.count_requests(ANA, states=[State.PENDING_APPROVAL, State.CHANGES_REQUESTED]) == 2
    assert store.count_requests(ANA, states=[State.SENT]) == 1
    assert store.count_requests(BO, states=list(State)) == 1


def test_a_command_is_taken_once_and_by_the_same_attempt_again(store: RequestStore, redis_client: redis.Redis) -> None:
    assert store.take_once("1.2.a", by="one", seconds=60)
    assert store.take_once("1.2.a", by="one", seconds=60), "its answer may have been lost"
    assert not store.take_once("1.2.a", by="two", seconds=60)
    assert store.take_once("1.2.b", by="two", seconds=60)
    assert 0 < redis_client.ttl(Keys().taken("1.2.a")) <= 60
