"""A store that is set up wrongly while the bot runs: nothing is sent, the card says why, and set right it goes on."""

from collections.abc import Iterator
from pathlib import Path

import clock
import pytest
import redis
from builders import SEALER
from operations.bench import Bench
from operations.tended import kept_from_sending, tend_all
from store.servers import ALWAYS, running

from bot.domain.request import BroadcastRequest
from bot.domain.states import State
from bot.errors import BotError, StoreUnavailable
from bot.playground.cast import CAST
from bot.playground.reading import names_of, read
from bot.store.connection import connect
from bot.store.store import RequestStore

Commands = tuple[str, ...]


@pytest.fixture
def client(tmp_path: Path) -> Iterator[redis.Redis]:
    """Connect to a server of the test's own, set up as it should be."""
    with running(tmp_path / "server", ALWAYS) as server, connect(server.url) as client:
        yield client


@pytest.fixture
def bench(client: redis.Redis, tmp_path: Path) -> Iterator[Bench]:
    with Bench(RequestStore(client, sealer=SEALER, ahead=clock.ahead), tmp_path) as bench:
        yield bench


def tell(client: redis.Redis, *commands: str) -> None:
    for command in commands:
        client.execute_command(*command.split())


SYNCED = "does not write to disk before it answers"


@pytest.mark.parametrize(
    ("wrong", "right", "words"),
    [
        (("CONFIG SET appendonly no",), ("CONFIG SET appendonly yes",), SYNCED),
        (("CONFIG SET appendfsync everysec",), ("CONFIG SET appendfsync always",), SYNCED),
        (("CONFIG SET appendfsync no",), ("CONFIG SET appendfsync always",), SYNCED),
        (
            ("CONFIG SET maxmemory 100mb", "CONFIG SET maxmemory-policy allkeys-lru"),
            ("CONFIG SET maxmemory-policy noeviction",),
            "may throw records away (maxmemory-policy is allkeys-lru)",
        ),
        (("ACL SETUSER default -info",), ("ACL SETUSER default +info",), "hides INFO"),
        (("ACL SETUSER default -config",), ("ACL SETUSER default +config",), SYNCED),
    ],
    ids=["AOF off", "everysec", "no sync", "evicting", "INFO forbidden", "CONFIG forbidden"],
)
def test_what_is_set_wrongly_after_the_approval_keeps_it_from_being_sent(
    bench: Bench, client: redis.Redis, wrong: Commands, right: Commands, words: str
) -> None:
    request = bench.approved()
    assert bench.store.fitness() == []
    tell(client, *wrong)
    assert bench.store.fitness() != [], "doctor and the next start say so too."
    kept_from_sending(bench, request, "not_durable")

    while bench.announcer().turn():
        pass
    (card,) = bench.posted()
    assert words in "\n".join(read(card, names_of(CAST)))

    tell(client, *right)
    assert bench.store.fitness() == []
    assert tend_all(bench, request).state is State.SENT
    assert bench.executed() == {leg.msgkey: 1 for leg in request.legs}


def test_between_two_legs_the_second_waits_as_well(bench: Bench, client: redis.Redis) -> None:
    request = bench.approved()
    bench.worker().turn()
    tell(client, "CONFIG SET appendfsync everysec")
    bench.worker().turn()
    assert len(bench.pushes()) == 1
    assert bench.now(request).waiting_for == "not_durable"
    tell(client, "CONFIG SET appendfsync always")
    assert tend_all(bench, request).state is State.SENT
    assert bench.executed() == {leg.msgkey: 1 for leg in request.legs}


def tend_often(bench: Bench, request: BroadcastRequest) -> None:
    for _ in range(20):
        tend_all(bench, request)


def test_a_store_that_evicts_already_forgets_requests_and_sends_none(bench: Bench, client: redis.Redis) -> None:
    requests = [bench.approved() for _ in range(5)]
    tell(client, "CONFIG SET maxmemory-policy allkeys-random", "CONFIG SET maxmemory 1mb")
    for request in requests:
        with pytest.raises(BotError):  # it is gone, or goes with one of the next writes
            tend_often(bench, request)
    tell(client, "CONFIG SET maxmemory-policy noeviction", "CONFIG SET maxmemory 0")
    for _ in range(5):
        bench.worker().turn()
    assert bench.pushes() == []


def test_memory_that_is_full_takes_no_claim_and_the_request_goes_on_when_there_is_room(
    bench: Bench, client: redis.Redis
) -> None:
    request = bench.approved()
    tell(client, "CONFIG SET maxmemory 1mb")
    with pytest.raises(StoreUnavailable):
        bench.worker().turn()
    with pytest.raises(StoreUnavailable):
        tend_all(bench, request)
    assert (bench.now(request).state, bench.pushes()) == (State.APPROVED, [])
    tell(client, "CONFIG SET maxmemory 0")
    assert tend_all(bench, request).state is State.SENT
    assert bench.executed() == {leg.msgkey: 1 for leg in request.legs}
