"""Every key is in the table, has the type it says, and goes away when it says."""

import re
from datetime import timedelta

import pytest
import redis
from builders import ANA, BO, SEALER, a_step

from bot.domain.request import BroadcastRequest
from bot.domain.states import SETTLED_STATES, State
from bot.store.keys import TABLE, Keys, Kind, Lifetime
from bot.store.store import RequestStore


def use_everything(store: RequestStore) -> dict[str, BroadcastRequest]:
    """Do everything that writes, so that every kind of key is there."""
    ids = {state: f"{place:04}-{place:04}" for place, state in enumerate(State)}
    requests = [
        store.commit(a_step(id=ids[state], state=state, wake_at=store.now()), commit_id="c1") for state in State
    ]
    for request in requests:
        store.remember_post(request.id, "card", channel="C01", ts="1.2")
    (told,) = store.next_notices("one", count=1, block_ms=0)
    store.postpone_notice(told.entry_id, "one", seconds=60)
    store.halt(BO, "", until=store.now() + timedelta(hours=1), at=store.now())
    store.beat("host-1", "worker", seconds=30)
    store.put_members("S01", [ANA], seconds=60)
    store.put_gone("S02", seconds=60)
    store.keep_draft("U01:7K3M", "{}", seconds=60)
    store.take_once("123.456.abc", by="m1", seconds=60)
    store.tally("asking", ANA, seconds=60)
    store.reserve_head(by="announcer-1", seconds=60)
    store.remember_head("C01", store.trail_head(), day="2026-11-30")
    store.sound_alarm(requests[0].id)
    store.reserve_post(requests[0].id, "card", by="announcer-1", seconds=60)
    store.fitness()
    return {str(request.id): request for request in requests}


def expires_as_it_says(kind: Kind, *, expires: bool, request: BroadcastRequest | None) -> bool:
    match kind.lifetime:
        case Lifetime.PERMANENT:
            return not expires
        case Lifetime.SETTLED:
            return request is not None and expires is (request.state in SETTLED_STATES)
        case _:
            return expires


def test_every_key_is_in_the_table_with_its_type_and_lifetime(store: RequestStore, redis_client: redis.Redis) -> None:
    requests, keys = use_everything(store), Keys()
    seen = set()
    for key in redis_client.scan_iter():
        kind = keys.kind_of(key)
        assert kind is not None, f"{key} is not in the table"
        assert redis_client.type(key) == kind.type, key
        request = requests.get(key.rpartition(":")[2])
        assert expires_as_it_says(kind, expires=redis_client.pttl(key) > 0, request=request), key
        seen.add(kind)
    assert seen == set(TABLE), "every row of the table is used"


def test_a_halt_without_an_end_stays(store: RequestStore, redis_client: redis.Redis) -> None:
    store.halt(BO, "", until=None, at=store.now())
    assert redis_client.pttl(Keys().halt) == -1


@pytest.mark.parametrize("key", ["other", "{broadcast}:surprise", "{broadcast}request:1", "{broadcast}:due:2"])
def test_a_key_of_nobody_is_found_out(key: str) -> None:
    assert Keys().kind_of(key) is None


def test_all_keys_share_one_hash_tag_under_any_prefix(redis_client: redis.Redis) -> None:
    use_everything(RequestStore(redis_client, sealer=SEALER, prefix="team-a:{push}"))
    tags = {tuple(re.findall(r"{(.*?)}", key)) for key in redis_client.scan_iter()}
    assert tags == {("push",)}
    assert all(Keys("team-a:{push}").kind_of(key) for key in redis_client.scan_iter())


def test_two_prefixes_do_not_see_each_other(redis_client: redis.Redis) -> None:
    one, other = (
        RequestStore(redis_client, sealer=SEALER, prefix="{one}"),
        RequestStore(redis_client, sealer=SEALER, prefix="{other}"),
    )
    use_everything(one)
    assert other.list_requests() == []
    assert other.halted() is None


@pytest.mark.parametrize("prefix", ["broadcast", "{}", "{a}{b}", "{a", ""])
def test_a_prefix_without_one_hash_tag_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="exactly one hash tag"):
        Keys(prefix)


def test_every_row_says_what_it_means() -> None:
    assert all(kind.meaning and kind.pattern for kind in TABLE)
    assert len({kind.pattern for kind in TABLE}) == len(TABLE)
