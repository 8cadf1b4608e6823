"""Requests are listed by state and person, newest first."""

import redis
from builders import ANA, BO, a_step

from bot.domain.content import RequestId
from bot.domain.states import State
from bot.store.keys import KEEP_SECONDS, Keys
from bot.store.store import RequestStore


def ids(found: list[object]) -> list[str]:
    return [one.id[-4:] for one in found]


def fill(store: RequestStore) -> None:
    for name, state, person in (
        ("AAAA-0001", State.PENDING_APPROVAL, ANA),
        ("AAAA-0002", State.SENT, BO),
        ("AAAA-0003", State.PENDING_APPROVAL, BO),
        ("AAAA-0004", State.SCHEDULED, ANA),
    ):
        store.commit(a_step(id=name, state=state, requester=person), commit_id="c1")


def test_all_requests_are_listed_newest_first(store: RequestStore) -> None:
    fill(store)
    assert ids(store.list_requests()) == ["0004", "0003", "0002", "0001"]
    assert ids(store.list_requests(limit=2)) == ["0004", "0003"]


def test_a_state_lists_what_is_in_it_now(store: RequestStore) -> None:
    fill(store)
    assert ids(store.list_requests(states={State.PENDING_APPROVAL})) == ["0003", "0001"]
    store.commit(a_step(id="AAAA-0001", version=2, state=State.APPROVED), commit_id="c2")
    assert ids(store.list_requests(states={State.PENDING_APPROVAL})) == ["0003"]
    assert ids(store.list_requests(states={State.APPROVED, State.SENT})) == ["0002", "0001"]


def test_a_change_does_not_make_a_request_newer(store: RequestStore) -> None:
    fill(store)
    store.commit(a_step(id="AAAA-0001", version=2), commit_id="c2")
    assert ids(store.list_requests(limit=4))[-1] == "0001"


def test_a_person_has_a_list(store: RequestStore) -> None:
    fill(store)
    assert ids(store.list_requests(requester=ANA)) == ["0004", "0001"]
    assert ids(store.list_requests(requester=BO, states={State.SENT})) == ["0002"]
    assert store.list_requests(requester=ANA, limit=0) == []


def test_more_than_one_round_trip_of_requests_are_listed(store: RequestStore) -> None:
    names = [f"BBBB-{number:04}" for number in range(120)]
    for name in names:
        store.commit(a_step(id=name), commit_id="c1")
    assert [one.id for one in store.list_requests(requester=ANA, limit=200)] == names[::-1]
    assert len(store.list_requests(states={State.PENDING_APPROVAL}, limit=60)) == 60


def test_a_request_that_is_gone_is_not_listed(store: RequestStore, redis_client: redis.Redis) -> None:
    fill(store)
    redis_client.delete(Keys().request(RequestId("AAAA-0002")))
    assert ids(store.list_requests()) == ["0004", "0003", "0001"]


def test_an_index_forgets_requests_that_are_too_old_to_be_kept(store: RequestStore, redis_client: redis.Redis) -> None:
    in_state, of_person = Keys().state(State.SENT), Keys().requester(BO)
    long_ago = int((redis_client.time()[0] - KEEP_SECONDS - 60) * 1_000_000)
    for index in (in_state, of_person):
        redis_client.zadd(index, {"OLD0-0001": long_ago, "OLD0-0002": long_ago + 120_000_000})
    fill(store)
    assert redis_client.zrange(in_state, 0, -1) == ["OLD0-0002", "AAAA-0002"]
    assert redis_client.zrange(of_person, 0, -1) == ["OLD0-0002", "AAAA-0002", "AAAA-0003"]


def test_no_request_is_in_two_states(store: RequestStore, redis_client: redis.Redis) -> None:
    for version, state in enumerate(State, start=1):
        store.commit(a_step(version=version, state=state), commit_id=f"c{version}")
        sizes = [redis_client.zcard(Keys().state(one)) for one in State]
        assert sum(sizes) == 1
        assert store.list_requests(states={state})
