"""An answer that is lost on its way must not turn the winner into a loser, nor one step into two."""

from collections.abc import Iterator

import pytest
from builders import REQUEST_ID, SEALER, a_step
from store.relay import Relay

from bot.domain.states import State
from bot.errors import StoreUnavailable
from bot.store.connection import connect
from bot.store.store import RequestStore


@pytest.fixture
def relay(redis_url: str) -> Iterator[Relay]:
    with Relay(redis_url) as relay:
        yield relay


def test_the_winner_stays_the_winner_when_its_answer_is_lost(relay: Relay, store: RequestStore) -> None:
    with connect(relay.url) as client:
        mine = RequestStore(client, sealer=SEALER)
        mine.commit(a_step(), commit_id="c1")
        relay.lose(b"EVALSHA")
        approved = mine.commit(a_step(version=2, state=State.APPROVED), commit_id="c2")
    assert relay.lost == 1
    assert store.get(REQUEST_ID) == approved
    assert len(store.history(REQUEST_ID)) == 2
    assert len(store.next_notices("one", count=9, block_ms=0)) == 2


def test_one_quick_repeat_is_all_there_is(relay: Relay, store: RequestStore) -> None:
    with connect(relay.url) as client:
        mine = RequestStore(client, sealer=SEALER)
        store.commit(a_step(), commit_id="c1")
        relay.lose(b"EVALSHA", times=2)
        step = a_step(version=2, state=State.APPROVED)
        with pytest.raises(StoreUnavailable):
            mine.commit(step, commit_id="c2")
        assert mine.commit(step, commit_id="c2") == store.get(REQUEST_ID)
    assert relay.lost == 2


def test_a_lost_answer_to_a_read_is_asked_for_again(relay: Relay, store: RequestStore) -> None:
    stored = store.commit(a_step(), commit_id="c1")
    with connect(relay.url) as client:
        relay.lose(b"HMGET")
        assert RequestStore(client, sealer=SEALER).get(REQUEST_ID) == stored
    assert relay.lost == 1


def test_a_notice_whose_delivery_is_lost_comes_again(relay: Relay, store: RequestStore) -> None:
    store.commit(a_step(), commit_id="c1")
    assert store.next_notices("other", count=0 + 1, block_ms=0, idle_ms=0)
    with connect(relay.url) as client:
        mine = RequestStore(client, sealer=SEALER)
        store.commit(a_step(version=2), commit_id="c2")
        relay.lose(b"XREADGROUP")
        with pytest.raises(StoreUnavailable):
            mine.next_notices("one", count=9, block_ms=0)
        again = mine.next_notices("one", count=9, block_ms=0, idle_ms=0)
    assert [one.times_delivered for one in again] == [2, 2]
