"""A commit stores all of a step or nothing, and only the step whose turn it is."""

import threading
from datetime import timedelta

import pytest
import redis
from builders import NOON, REQUEST_ID, SEALER, a_line, a_request, a_step
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.request import BroadcastRequest, Notice, NoticeKind, Step
from bot.domain.states import SETTLED_STATES, State
from bot.errors import Conflict, StoreUnavailable, UnknownRequest
from bot.store.connection import connect
from bot.store.keys import KEEP_SECONDS, Keys
from bot.store.scripts import milliseconds
from bot.store.store import RequestStore

KEYS = Keys()
LASTING = (KEYS.request(REQUEST_ID), KEYS.history(REQUEST_ID), KEYS.posts(REQUEST_ID))


@pytest.fixture
def pending(store: RequestStore) -> BroadcastRequest:
    return store.commit(a_step(), commit_id="c1")


def everything(client: redis.Redis) -> dict[str, object]:
    """Take a picture of the whole database, but for times that run."""
    return {str(key): client.dump(key) for key in client.scan_iter()}


def test_what_was_committed_is_what_is_read(store: RequestStore) -> None:
    committed = store.commit(a_step(), commit_id="c1")
    assert store.get(REQUEST_ID) == committed == a_step().request


@pytest.mark.parametrize("state", State)
def test_a_request_in_any_state_survives_the_store(store: RequestStore, state: State) -> None:
    request = store.commit(a_step(state=state), commit_id="c1")
    assert store.get(REQUEST_ID) == request


def test_an_unknown_id_is_said_to_be_unknown(store: RequestStore) -> None:
    with pytest.raises(UnknownRequest, match=REQUEST_ID):
        store.get(REQUEST_ID)
    with pytest.raises(UnknownRequest):
        store.history(REQUEST_ID)


def test_an_id_is_never_taken_twice(store: RequestStore, pending: BroadcastRequest, redis_client: redis.Redis) -> None:
    before = everything(redis_client)
    with pytest.raises(Conflict, match="at version 1, and version 1 was to follow"):
        store.commit(a_step(channel="C0OTHER"), commit_id="c2")
    assert everything(redis_client) == before
    assert store.get(REQUEST_ID) == pending


def test_a_step_from_an_older_version_is_a_conflict_and_changes_nothing(
    store: RequestStore, pending: BroadcastRequest, redis_client: redis.Redis
) -> None:
    store.commit(a_step(pending, version=2, state=State.APPROVED), commit_id="c2")
    before = everything(redis_client)
    with pytest.raises(Conflict, match="at version 2, and version 2 was to follow"):
        store.commit(a_step(pending, version=2, state=State.REJECTED), commit_id="c3")
    assert everything(redis_client) == before


def test_a_step_that_skips_a_version_is_a_conflict(store: RequestStore, pending: BroadcastRequest) -> None:
    with pytest.raises(Conflict, match="at version 1"):
        store.commit(a_step(pending, version=3), commit_id="c2")


def test_a_step_of_a_request_that_is_not_there_is_refused(store: RequestStore) -> None:
    with pytest.raises(UnknownRequest):
        store.commit(a_step(version=2), commit_id="c2")


def test_a_repeated_commit_gets_the_first_answer_and_changes_nothing(
    store: RequestStore, redis_client: redis.Redis
) -> None:
    first = store.commit(a_step(), commit_id="c1")
    before = everything(redis_client)
    assert store.commit(a_step(), commit_id="c1") == first
    assert everything(redis_client) == before


def test_a_repeat_is_known_even_after_others_committed(store: RequestStore, pending: BroadcastRequest) -> None:
    second = a_step(pending, version=2, state=State.APPROVED)
    approved = store.commit(second, commit_id="c2")
    store.commit(a_step(approved, version=3, state=State.WITHDRAWN), commit_id="c3")
    assert store.commit(second, commit_id="c2") == second.request
    assert store.get(REQUEST_ID).state is State.WITHDRAWN


def test_a_step_of_another_history_that_reached_the_same_version_is_a_conflict(
    store: RequestStore, redis_client: redis.Redis, pending: BroadcastRequest
) -> None:
    """A primary's second version was lost in a fail-over, and another one was written since."""
    lost = a_step(pending, version=2, state=State.APPROVED)
    stored = store.commit(a_step(pending, version=2, state=State.REJECTED), commit_id="c2")
    before = everything(redis_client)
    with pytest.raises(Conflict):
        store.commit(a_step(lost.request, version=3, state=State.SENDING), commit_id="c3")
    assert everything(redis_client) == before
    assert store.get(REQUEST_ID) == stored


def test_an_alarm_is_written_over_another_history(store: RequestStore, pending: BroadcastRequest) -> None:
    lost = a_step(pending, version=2, state=State.APPROVED)
    store.commit(a_step(pending, version=2, state=State.REJECTED), commit_id="c2")
    held = a_step(lost.request, version=3, state=State.HELD, alarm="Its seal is broken.")
    assert store.commit(held, commit_id="c3") == store.get(REQUEST_ID)


def test_a_record_of_before_lines_were_compared_goes_on(
    store: RequestStore, redis_client: redis.Redis, pending: BroadcastRequest
) -> None:
    redis_client.hdel(Keys().request(REQUEST_ID), "head")
    approved = store.commit(a_step(pending, version=2, state=State.APPROVED), commit_id="c2")
    assert redis_client.hget(Keys().request(REQUEST_ID), "head") == approved.head


def test_a_commit_id_that_begins_like_another_is_another(store: RequestStore, pending: BroadcastRequest) -> None:
    store.commit(a_step(pending, version=2), commit_id="c22")
    with pytest.raises(Conflict):
        store.commit(a_step(pending, version=2), commit_id="c2")


@pytest.mark.parametrize("commit_id", ["", "two words"])
def test_a_commit_id_must_be_one_word(store: RequestStore, commit_id: str) -> None:
    with pytest.raises(ValueError, match="token"):
        store.commit(a_step(), commit_id=commit_id)


def test_a_step_whose_request_does_not_name_its_line_is_a_mistake(store: RequestStore) -> None:
    with pytest.raises(ValueError, match=r"Step\.chained"):
        store.commit(Step(a_request(), a_line()), commit_id="c1")
    assert store.list_requests() == []


def test_history_keeps_every_line_in_order(store: RequestStore, pending: BroadcastRequest) -> None:
    second = a_step(pending, version=2, line=a_line(version=2, event="vote", detail="first { of } two"))
    third = a_step(second.request, version=3, line=a_line(version=3, event="quorum"))
    for step in (second, third):
        store.commit(step, commit_id=f"c{step.line.version}")
    assert store.history(REQUEST_ID) == [a_step().line, second.line, third.line]


def test_notices_are_written_with_the_step_that_says_them(store: RequestStore) -> None:
    notices = [Notice(kind=kind, state=State.SENT) for kind in NoticeKind]
    store.commit(a_step(state=State.SENT, notices=notices), commit_id="c1")
    found = store.next_notices("one", count=9, block_ms=0)
    assert [(one.request_id, one.notice) for one in found] == [(REQUEST_ID, notice) for notice in notices]


def test_a_settled_request_is_kept_for_400_days_with_all_that_belongs_to_it(
    store: RequestStore, redis_client: redis.Redis, pending: BroadcastRequest
) -> None:
    store.remember_post(REQUEST_ID, "card", channel="C01", ts="1.2")
    assert [redis_client.pttl(key) for key in LASTING] == [-1, -1, -1]
    store.commit(a_step(pending, version=2, state=State.SENT, wake_at=None), commit_id="c2")
    lives = [redis_client.pttl(key) / 1000 for key in LASTING]
    assert all(KEEP_SECONDS - 60 < life <= KEEP_SECONDS for life in lives)


@pytest.mark.parametrize("state", State)
def test_only_settled_requests_expire(store: RequestStore, redis_client: redis.Redis, state: State) -> None:
    store.commit(a_step(state=state), commit_id="c1")
    expires = redis_client.pttl(KEYS.request(REQUEST_ID)) > 0
    assert expires is (state in SETTLED_STATES)


def test_a_settled_request_that_is_opened_again_does_not_expire(store: RequestStore, redis_client: redis.Redis) -> None:
    sent = store.commit(a_step(state=State.SENT), commit_id="c1")
    store.commit(a_step(sent, version=2, state=State.HELD), commit_id="c2")
    assert redis_client.pttl(KEYS.request(REQUEST_ID)) == -1


def test_a_request_wakes_at_its_time_and_not_before(store: RequestStore) -> None:
    now = store.now()
    store.commit(a_step(wake_at=now), commit_id="c1")
    early = store.commit(a_step(id="LATE-R000", wake_at=now + timedelta(hours=1)), commit_id="c2")
    assert store.due(9) == [REQUEST_ID]
    store.commit(a_step(version=2, wake_at=None), commit_id="c3")
    assert store.due(9) == []
    assert store.next_wake() == early.wake_at.replace(microsecond=0) + timedelta(
        milliseconds=milliseconds(early.wake_at) % 1000
    )


def test_the_longest_due_come_first(store: RequestStore) -> None:
    now = store.now()
    for minutes, name in ((1, "AAAA-0001"), (3, "AAAA-0003"), (2, "AAAA-0002")):
        store.commit(a_step(id=name, wake_at=now - timedelta(minutes=minutes)), commit_id="c")
    assert store.due(2) == ["AAAA-0003", "AAAA-0002"]


def test_nothing_waits_in_an_empty_store(store: RequestStore) -> None:
    assert (store.due(9), store.next_wake()) == ([], None)


@given(st.integers(0, 999_999))
def test_a_moment_is_never_scored_before_itself(microsecond: int) -> None:
    moment = NOON.replace(microsecond=microsecond)
    assert 0 <= milliseconds(moment) - moment.timestamp() * 1000 < 1


def test_of_many_at_once_exactly_one_commits(redis_url: str, store: RequestStore, pending: BroadcastRequest) -> None:
    racers, won, lost = 8, [], []
    start = threading.Barrier(racers)

    def race(number: int) -> None:
        with connect(redis_url) as client:
            mine = RequestStore(client, sealer=SEALER)
            start.wait(5)
            try:
                won.append(mine.commit(a_step(pending, version=2, channel=f"C{number}"), commit_id=f"racer-{number}"))
            except Conflict:
                lost.append(number)

    threads = [threading.Thread(target=race, args=(number,)) for number in range(racers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert (len(won), len(lost)) == (1, racers - 1)
    assert won == [store.get(REQUEST_ID)]


def test_a_store_that_is_not_there_is_said_to_be_unavailable() -> None:
    with connect("redis://127.0.0.1:1") as client, pytest.raises(StoreUnavailable, match="did not do"):
        RequestStore(client, sealer=SEALER).get(REQUEST_ID)
