"""Posts, members and drafts are kept as long as they are of use."""

import redis
from builders import ANA, BO, REQUEST_ID, a_step

from bot.domain.states import State
from bot.store.keepsakes import Post
from bot.store.keys import KEEP_SECONDS, Keys
from bot.store.store import RequestStore

POSTS = Keys().posts(REQUEST_ID)


def test_the_first_post_of_a_slot_wins(store: RequestStore) -> None:
    first = store.remember_post(REQUEST_ID, "card", channel="C01", ts="1.1")
    assert store.remember_post(REQUEST_ID, "card", channel="C02", ts="2.2") == first == Post(channel="C01", ts="1.1")
    store.remember_post(REQUEST_ID, "result:sent", channel="C03", ts="3.3")
    assert store.posts(REQUEST_ID) == {"card": first, "result:sent": Post(channel="C03", ts="3.3")}


def test_a_post_takes_the_place_of_the_one_that_is_gone_and_of_no_other(store: RequestStore) -> None:
    gone = store.remember_post(REQUEST_ID, "card", channel="C01", ts="1.1")
    anew = store.remember_post(REQUEST_ID, "card", channel="C01", ts="2.2", gone=gone)
    assert anew == Post(channel="C01", ts="2.2")
    assert store.remember_post(REQUEST_ID, "card", channel="C01", ts="3.3", gone=gone) == anew
    assert store.posts(REQUEST_ID) == {"card": anew}


def test_one_announcer_at_a_time_may_post_for_the_first_time(store: RequestStore, redis_client: redis.Redis) -> None:
    assert store.reserve_post(REQUEST_ID, "card", by="one", seconds=60)
    assert store.reserve_post(REQUEST_ID, "card", by="one", seconds=60), "whoever has it still has it"
    assert not store.reserve_post(REQUEST_ID, "card", by="other", seconds=60)
    assert store.reserve_post(REQUEST_ID, "direct:sent", by="other", seconds=60)
    assert 0 < redis_client.ttl(Keys().posting(REQUEST_ID, "card")) <= 60


def test_a_request_that_posted_nothing_has_no_posts(store: RequestStore) -> None:
    assert store.posts(REQUEST_ID) == {}


def test_posts_of_an_open_request_stay(store: RequestStore, redis_client: redis.Redis) -> None:
    store.commit(a_step(), commit_id="c1")
    store.remember_post(REQUEST_ID, "card", channel="C01", ts="1.1")
    assert redis_client.pttl(POSTS) == -1


def test_posts_of_a_settled_request_end_with_it(store: RequestStore, redis_client: redis.Redis) -> None:
    store.commit(a_step(state=State.SENT), commit_id="c1")
    redis_client.expire(Keys().request(REQUEST_ID), 1_000)
    store.remember_post(REQUEST_ID, "result:sent", channel="C01", ts="1.1")
    assert 0 < redis_client.pttl(POSTS) <= 1_000_000


def test_posts_of_a_request_that_is_gone_end_too(store: RequestStore, redis_client: redis.Redis) -> None:
    store.remember_post(REQUEST_ID, "card", channel="C01", ts="1.1")
    assert KEEP_SECONDS - 60 < redis_client.ttl(POSTS) <= KEEP_SECONDS


def test_members_are_known_for_a_while(store: RequestStore, redis_client: redis.Redis) -> None:
    store.put_members("S01", [BO, ANA], seconds=60)
    assert store.members("S01") == {ANA, BO}
    assert 0 < redis_client.ttl(Keys().members("S01")) <= 60


def test_an_empty_group_is_not_an_unknown_one(store: RequestStore) -> None:
    store.put_members("S01", [], seconds=60)
    assert store.members("S01") == frozenset()
    assert store.members("S02") is None


def test_a_group_that_is_gone_holds_nobody_and_is_news_once(store: RequestStore, redis_client: redis.Redis) -> None:
    store.put_members("S01", [BO], seconds=60)
    assert (store.put_gone("S01", seconds=60), store.put_gone("S01", seconds=60)) == (True, False)
    assert (store.members("S01"), store.last_members("S01"), store.is_gone("S01")) == (frozenset(), None, True)
    assert 0 < redis_client.ttl(Keys().gone_group("S01")) <= 60


def test_the_last_members_are_known_longer_than_the_members(store: RequestStore, redis_client: redis.Redis) -> None:
    store.put_gone("S01", seconds=60)
    store.put_members("S01", [BO], seconds=60)
    redis_client.delete(Keys().members("S01"))  # its time is over
    assert (store.members("S01"), store.last_members("S01"), store.is_gone("S01")) == (None, {BO}, False)


def test_a_draft_is_kept_read_and_dropped(store: RequestStore, redis_client: redis.Redis) -> None:
    text = '{"body": "' + "长" * 4_000 + '"}'
    store.keep_draft("7K3M-Q2XD", text, seconds=3_600)
    assert store.draft("7K3M-Q2XD") == text
    assert 0 < redis_client.ttl(Keys().draft("7K3M-Q2XD")) <= 3_600
    store.drop_draft("7K3M-Q2XD")
    assert store.draft("7K3M-Q2XD") is None
