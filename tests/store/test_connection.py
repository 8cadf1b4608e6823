"""Clients give up in time, keep secrets, and never let a Redis error out."""

import socket
import threading
import time

import pytest
import redis
from builders import REQUEST_ID, SEALER, a_step
from loopback_only import LeftTheMachine, is_loopback
from store.relay import Relay

from bot.errors import StoreUnavailable
from bot.store.connection import PATIENCE, TIMEOUT, answering, apart, connect, spending_at_most
from bot.store.keys import Keys
from bot.store.store import RequestStore

SLACK_WAITS = 3.0


def test_a_closed_port_is_noticed_long_before_slack_gives_up() -> None:
    began = time.monotonic()
    with connect("redis://127.0.0.1:1") as client, pytest.raises(StoreUnavailable):
        RequestStore(client, sealer=SEALER).now()
    assert time.monotonic() - began < SLACK_WAITS / 3


def test_a_password_shows_nowhere() -> None:
    with connect("redis://user:top-secret@127.0.0.1:1/0") as client:
        with pytest.raises(StoreUnavailable) as failure:
            RequestStore(client, sealer=SEALER).now()
        assert "top-secret" not in f"{client!r} {client.connection_pool!r} {failure.value}"


def test_an_address_that_cannot_be_read_is_not_repeated() -> None:
    with pytest.raises(StoreUnavailable, match=r"redis://HOST") as failure:
        connect("http://user:top-secret@host")
    assert "top-secret" not in str(failure.value)


@pytest.mark.parametrize("error", [redis.ConnectionError, redis.TimeoutError, redis.ResponseError, redis.WatchError])
def test_every_error_of_the_client_is_a_store_that_is_not_available(error: type[redis.RedisError]) -> None:
    with pytest.raises(StoreUnavailable, match="gone"), answering():
        raise error("gone")


def test_a_long_error_is_cut() -> None:
    with pytest.raises(StoreUnavailable) as failure, answering():
        raise redis.ResponseError("x" * 10_000)
    assert len(str(failure.value)) < 300


def test_a_key_of_the_wrong_type_is_an_error_of_the_store(store: RequestStore, redis_client: redis.Redis) -> None:
    redis_client.set(Keys().due, "not a set")
    with pytest.raises(StoreUnavailable, match="WRONGTYPE"):
        store.commit(a_step(), commit_id="c1")
    with pytest.raises(StoreUnavailable):
        store.due(1)


def test_a_connection_apart_shares_nothing_but_the_address(redis_client: redis.Redis) -> None:
    with apart(redis_client) as other:
        assert other.client_id() != redis_client.client_id()
        other.set(Keys().draft(REQUEST_ID), "x", ex=60)
    assert redis_client.get(Keys().draft(REQUEST_ID)) == "x"


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("/run/a.sock", True), (b"\0abstract", True), (("127.0.0.1", 1), True), (("127.8.8.8", 1), True),
        (("::1", 1, 0, 0), True), (("localhost", 1), True), (("fe80::1%lo", 1, 0, 0), False),
        (("10.0.0.1", 1), False), (("example.com", 443), False), (("8.8.8.8", 53), False),
    ],
)  # fmt: skip
def test_only_loopback_counts_as_this_machine(address: object, *, here: bool) -> None:
    assert is_loopback(address) is here


def test_no_test_can_leave_the_machine() -> None:
    """203.0.113.0/24 is kept for examples (RFC 5737): nothing is there."""
    with socket.socket() as one, pytest.raises(LeftTheMachine):
        one.connect(("203.0.113.1", 6379))


def test_a_silent_server_is_asked_once_and_given_up_within_a_second(redis_url: str) -> None:
    with Relay(redis_url) as relay, connect(relay.url) as client:
        store = RequestStore(client, sealer=SEALER)
        store.now()
        relay.lose(b"TIME")  # a connection that breaks is tried once more
        store.now()
        assert relay.lost == 1
    with socket.create_server(("127.0.0.1", 0)) as silent, connect(f"redis://127.0.0.1:{port_of(silent)}") as dumb:
        began = time.monotonic()
        with pytest.raises(StoreUnavailable, match=r"[Tt]ime"):
            RequestStore(dumb, sealer=SEALER).now()
        assert 0.9 < time.monotonic() - began < 1.9


def port_of(door: socket.socket) -> int:
    return int(door.getsockname()[1])


def test_when_the_time_for_the_store_is_spent_nothing_more_is_asked(store: RequestStore) -> None:
    with spending_at_most(0.05):
        store.now()
        with answering():
            threading.Event().wait(0.1)
        with pytest.raises(StoreUnavailable, match="too slowly"):
            store.commit(a_step(), commit_id="c1")
    store.commit(a_step(), commit_id="c1")
    assert store.get(REQUEST_ID).version == 1


def test_what_is_in_time_is_done(store: RequestStore) -> None:
    with spending_at_most(5.0):
        store.commit(a_step(), commit_id="c1")
        assert store.get(REQUEST_ID).version == 1


def test_patience_and_one_more_answer_end_before_slack_gives_up() -> None:
    assert PATIENCE + TIMEOUT < SLACK_WAITS
