"""A claim is a commit that nothing stands against, and that the store cannot forget."""

import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest
import redis
from builders import BO, NOON, REQUEST_ID, SEALER, a_request, a_step
from store.relay import Relay
from store.servers import ALWAYS, Server, free_port, running
from store.users import eventually

from bot.domain.content import Platform, RequestId
from bot.domain.request import BroadcastRequest, Step
from bot.domain.sending import claim
from bot.domain.states import LegState, State
from bot.domain.trail import Entry, Head
from bot.errors import Conflict, EpochChanged, NotDurable, Refused, StoreUnavailable, UnknownRequest
from bot.store.connection import connect
from bot.store.keys import Keys
from bot.store.store import RequestStore
from bot.store.trail import START


def approved(store: RequestStore) -> BroadcastRequest:
    request = a_request(State.APPROVED, epoch=store.epoch())
    return store.commit(a_step(request), commit_id="approved")


def claimed(request: BroadcastRequest, platform: Platform = Platform.ANDROID, *, attempt: str = "a1") -> Step:
    return claim(request, platform, attempt=attempt, lease_until=NOON + timedelta(minutes=1), now=NOON)


def stands_as_it_was(store: RequestStore, request: BroadcastRequest) -> bool:
    return store.get(REQUEST_ID) == request and len(store.history(REQUEST_ID)) == request.version


def test_a_claim_moves_the_request_to_sending(store: RequestStore) -> None:
    request = approved(store)
    sending = store.claim(claimed(request), commit_id="c2", epoch=request.epoch)
    assert store.get(REQUEST_ID) == sending
    assert (sending.state, sending.leg(Platform.ANDROID).state) == (State.SENDING, LegState.SENDING)


def test_the_next_leg_is_claimed_in_the_same_way(store: RequestStore) -> None:
    waiting = store.commit(a_step(state=State.APPROVED, epoch=store.epoch()), commit_id="c1")
    first = store.claim(claimed(waiting), commit_id="c2", epoch=waiting.epoch)
    second = store.claim(claimed(first, Platform.IOS), commit_id="c3", epoch=waiting.epoch)
    assert [leg.state for leg in second.legs] == [LegState.SENDING, LegState.SENDING]


def test_of_two_claims_one_is_told_that_the_other_was_first(store: RequestStore) -> None:
    request = approved(store)
    store.claim(claimed(request, attempt="a1"), commit_id="c2", epoch=request.epoch)
    with pytest.raises(Conflict):
        store.claim(claimed(request, attempt="a2"), commit_id="c3", epoch=request.epoch)
    assert store.get(REQUEST_ID).leg(Platform.ANDROID).attempt == "a1"


def test_a_claim_of_a_request_that_is_not_there_is_refused(store: RequestStore) -> None:
    request = a_request(State.APPROVED, epoch=store.epoch())
    with pytest.raises(UnknownRequest):
        store.claim(claimed(request), commit_id="c2", epoch=request.epoch)


def test_a_claim_of_an_older_record_that_was_put_back_is_refused(
    store: RequestStore, redis_client: redis.Redis
) -> None:
    """The gates asked the audit trail before that; the claim asks it once more."""
    request, key = approved(store), Keys().request(REQUEST_ID)
    older = redis_client.hgetall(key)
    store.claim(claimed(request), commit_id="c2", epoch=request.epoch)
    redis_client.hset(key, mapping=older)
    assert store.get(REQUEST_ID) == request
    with pytest.raises(Conflict, match="knows a later version"):
        store.claim(claimed(request, attempt="a2"), commit_id="c3", epoch=request.epoch)
    assert store.get(REQUEST_ID) == request


def test_a_claim_without_its_place_in_the_trail_is_refused(store: RequestStore, redis_client: redis.Redis) -> None:
    request = approved(store)
    redis_client.hdel(Keys().request(REQUEST_ID), "entry")
    with pytest.raises(Conflict, match="does not know this version"):
        store.claim(claimed(request), commit_id="c2", epoch=request.epoch)


def test_a_claim_is_made_while_others_commit_all_the_time(store: RequestStore, redis_client: redis.Redis) -> None:
    request, others, read = approved(store), iter(range(5)), list[int]()

    class Overtaken(RequestStore):
        """Whenever this one has read the trail, another request is committed."""

        def head_under(self, step: Step, *, commit_id: str) -> Head:
            head = super().head_under(step, commit_id=commit_id)
            for number in islice(others, 1):
                store.commit(a_step(id=RequestId(f"AAAA-AAA{number}")), commit_id=f"other-{number}")
            return head

        def trail_entries(self, place: str = START) -> Iterator[tuple[str, Entry | None]]:
            found = list(super().trail_entries(place))
            read.append(len(found))
            return iter(found)

    mine = Overtaken(redis_client, sealer=SEALER)
    for number in range(50):
        store.commit(a_step(id=RequestId(f"BBBB-BB{number:02}")), commit_id=f"before-{number}")
    assert mine.trail_complaint(request) == ""
    assert mine.claim(claimed(request), commit_id="c2", epoch=request.epoch).state is State.SENDING
    assert next(others, None) is None
    assert read == [51, 0, 1, 1, 1, 1, 1], "Each try reads what is new since the one before, the first since the gates."
    assert store.trail_complaint(store.get(REQUEST_ID)) == ""


def test_a_claim_leads_to_sending_and_nowhere_else(store: RequestStore) -> None:
    with pytest.raises(ValueError, match="not to approved"):
        store.claim(a_step(state=State.APPROVED), commit_id="c1", epoch=store.epoch())


def test_nothing_is_claimed_while_sending_is_halted(store: RequestStore) -> None:
    request = approved(store)
    store.halt(BO, "wrong template", until=None, at=NOON)
    with pytest.raises(Refused, match=f"halted by {BO} \\(wrong template\\)") as refusal:
        store.claim(claimed(request), commit_id="c2", epoch=request.epoch)
    assert refusal.value.code == "halted"
    assert stands_as_it_was(store, request)


def test_after_resume_it_is_claimed(store: RequestStore) -> None:
    request = approved(store)
    store.halt(BO, "", until=None, at=NOON)
    store.resume()
    assert store.claim(claimed(request), commit_id="c2", epoch=request.epoch).state is State.SENDING


@pytest.mark.parametrize("epoch", ["", ":", "other:life"])
def test_a_request_of_another_store_is_not_claimed(store: RequestStore, epoch: str) -> None:
    request = approved(store)
    with pytest.raises(EpochChanged, match=REQUEST_ID):
        store.claim(claimed(request), commit_id="c2", epoch=epoch)
    assert stands_as_it_was(store, request)


def test_the_time_and_the_life_of_the_store_are_one_question(store: RequestStore) -> None:
    before = store.now()
    now, epoch = store.moment()
    assert before <= now <= store.now()
    assert epoch == store.epoch()


@pytest.mark.parametrize("half", [0, 1], ids=["another process", "another line of replication"])
def test_both_halves_of_the_epoch_must_agree(store: RequestStore, half: int) -> None:
    request = approved(store)
    halves = store.epoch().split(":")
    halves[half] = "f" * 40
    with pytest.raises(EpochChanged):
        store.claim(claimed(request), commit_id="c2", epoch=":".join(halves))


def test_a_restart_of_the_store_between_approval_and_claim_is_noticed(tmp_path: Path) -> None:
    with running(tmp_path, ALWAYS) as server, connect(server.url) as client:
        store = RequestStore(client, sealer=SEALER)
        request = approved(store)
        server.again()
        with pytest.raises(EpochChanged):
            store.claim(claimed(request), commit_id="c2", epoch=request.epoch)
        assert stands_as_it_was(store, request)
        assert store.epoch() != request.epoch


def test_the_same_claim_again_is_known(store: RequestStore) -> None:
    request = approved(store)
    first = store.claim(claimed(request), commit_id="c2", epoch=request.epoch)
    assert store.claim(claimed(request), commit_id="c2", epoch=request.epoch) == first
    assert len(store.history(REQUEST_ID)) == first.version


def test_the_same_claim_again_is_a_conflict_once_somebody_went_on(store: RequestStore) -> None:
    request = approved(store)
    first = store.claim(claimed(request), commit_id="c2", epoch=request.epoch)
    store.commit(a_step(first, version=first.version + 1), commit_id="the-lease-ran-out")
    with pytest.raises(Conflict):
        store.claim(claimed(request), commit_id="c2", epoch=request.epoch)


def test_a_claim_whose_answer_is_lost_is_not_repeated_by_the_client(redis_url: str, store: RequestStore) -> None:
    with Relay(redis_url) as relay, connect(relay.url) as client:
        mine = RequestStore(client, sealer=SEALER)
        request = approved(mine)
        relay.lose(b"EVALSHA")
        with pytest.raises(StoreUnavailable):
            mine.claim(claimed(request), commit_id="c2", epoch=request.epoch)
    assert relay.lost == 1
    assert store.get(REQUEST_ID).state is State.SENDING


@pytest.mark.parametrize(
    "options", [{"appendonly": "no"}, {"appendonly": "yes", "appendfsync": "everysec"}], ids=["no AOF", "everysec"]
)
def test_a_lone_server_that_may_forget_holds_no_claim(tmp_path: Path, options: dict[str, str]) -> None:
    with running(tmp_path, options) as server, connect(server.url) as client:
        store = RequestStore(client, sealer=SEALER)
        request = approved(store)
        with pytest.raises(NotDurable, match="no replica"):
            store.claim(claimed(request), commit_id="c2", epoch=request.epoch)
        assert stands_as_it_was(store, request)


def test_a_server_that_hides_its_settings_is_taken_for_one_that_may_forget(tmp_path: Path) -> None:
    with running(tmp_path, ALWAYS) as server, connect(server.url) as client:
        client.execute_command("ACL", "SETUSER", "default", "-config")
        store = RequestStore(client, sealer=SEALER)
        request = approved(store)
        with pytest.raises(NotDurable):
            store.claim(claimed(request), commit_id="c2", epoch=request.epoch)


def test_a_server_that_hides_which_it_is_has_no_epoch(tmp_path: Path) -> None:
    with running(tmp_path, ALWAYS) as server, connect(server.url) as client:
        client.execute_command("ACL", "SETUSER", "default", "-info")
        with pytest.raises(StoreUnavailable, match="permissions"):
            RequestStore(client, sealer=SEALER).epoch()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    """Run a primary that syncs lazily, and its replica."""
    port = str(free_port())
    options = {"port": port, "bind": "127.0.0.1", "repl-diskless-sync-delay": "0"}
    with (
        running(tmp_path / "primary", options) as primary,
        running(tmp_path / "replica", {"replicaof": f"127.0.0.1 {port}"}) as replica,
    ):
        replica.follows()
        yield primary, replica


def test_with_a_replica_a_claim_counts_when_it_is_there(pair: tuple[Server, Server]) -> None:
    primary, replica = pair
    with connect(primary.url) as client, connect(replica.url) as follower:
        store = RequestStore(client, sealer=SEALER)
        request = approved(store)
        sending = store.claim(claimed(request), commit_id="c2", epoch=request.epoch)
        assert RequestStore(follower, sealer=SEALER).get(REQUEST_ID) == sending


def test_a_claim_that_no_replica_confirms_is_not_durable(pair: tuple[Server, Server]) -> None:
    primary, replica = pair
    with connect(primary.url) as client:
        store = RequestStore(client, sealer=SEALER)
        request = approved(store)
        os.kill(replica.process.pid, signal.SIGSTOP)
        with pytest.raises(NotDurable, match="0 of 1 replicas confirmed"):
            store.claim(claimed(request), commit_id="c2", epoch=request.epoch)
        # It stands there, and whoever made it knows that it sent nothing.
        assert store.get(REQUEST_ID).state is State.SENDING
        # Asked again, it still waits for the replica: a repeat is no shortcut around the confirmation.
        with pytest.raises(NotDurable):
            store.claim(claimed(request), commit_id="c2", epoch=request.epoch)
        os.kill(replica.process.pid, signal.SIGCONT)
        assert store.claim(claimed(request), commit_id="c2", epoch=request.epoch).state is State.SENDING


def test_of_two_replicas_both_must_have_a_claim(pair: tuple[Server, Server], tmp_path: Path) -> None:
    """Promoted, one that missed it may have missed the last vote as well, and would ask for it and claim again."""
    primary, _ = pair
    with connect(primary.url) as client:
        port = client.config_get("port")["port"]
        with running(tmp_path / "second", {"replicaof": f"127.0.0.1 {port}"}) as second:
            second.follows()
            store = RequestStore(client, sealer=SEALER)
            request = approved(store)
            os.kill(second.process.pid, signal.SIGSTOP)
            with pytest.raises(NotDurable, match="1 of 2 replicas confirmed"):
                store.claim(claimed(request), commit_id="c2", epoch=request.epoch)
            os.kill(second.process.pid, signal.SIGCONT)
            assert store.claim(claimed(request), commit_id="c2", epoch=request.epoch).state is State.SENDING


def test_a_primary_that_has_lost_its_replicas_holds_no_claim_until_one_is_back(tmp_path: Path) -> None:
    """Cut off, it would go on by itself while others approve on the replica that took its place."""
    port = str(free_port())
    primary_is = ALWAYS | {"port": port, "bind": "127.0.0.1", "repl-diskless-sync-delay": "0"}
    replica_is = {"replicaof": f"127.0.0.1 {port}"}
    with running(tmp_path / "primary", primary_is) as primary, connect(primary.url) as client:
        store = RequestStore(client, sealer=SEALER)
        with running(tmp_path / "replica", replica_is) as replica:
            replica.follows()
            request = approved(store)
        eventually(lambda: client.info("replication")["connected_slaves"] == 0, "it knows that it is alone")
        with pytest.raises(NotDurable, match="lost its replicas"):
            store.claim(claimed(request), commit_id="c2", epoch=request.epoch)
        assert stands_as_it_was(store, request)
        with running(tmp_path / "another", replica_is) as replica:
            replica.follows()
            assert store.claim(claimed(request), commit_id="c2", epoch=request.epoch).state is State.SENDING


def test_a_promoted_replica_is_another_store(pair: tuple[Server, Server]) -> None:
    primary, replica = pair
    with connect(primary.url) as client, connect(replica.url) as follower:
        request = approved(RequestStore(client, sealer=SEALER))
        client.wait(1, 1000)
        follower.execute_command("REPLICAOF", "NO", "ONE")
        follower.config_set("appendonly", "yes")
        follower.config_set("appendfsync", "always")
        with pytest.raises(EpochChanged):
            RequestStore(follower, sealer=SEALER).claim(claimed(request), commit_id="c2", epoch=request.epoch)
