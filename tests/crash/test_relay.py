"""The relay of the crash tests: it names and counts what passes, and lies only as it was told to."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import unquote, urlsplit
from urllib.request import urlopen

import clock
import pytest
import redis
from crash.relay import (
    DROP,
    PASS,
    RESET,
    TWICE,
    Call,
    Cut,
    Deed,
    Drip,
    Garble,
    Hold,
    Plan,
    Protocol,
    Relay,
    Twice,
    tcp,
    unix,
)
from playground.mpaas_bench import APP, BROADCAST, simulated
from pydantic import SecretStr
from redis.backoff import NoBackoff
from redis.retry import Retry
from slack_sdk import WebClient

from bot.domain.outcome import Accepted, Unknown
from bot.mpaas.client import PushClient
from bot.mpaas.exchange import Timeouts
from bot.mpaas.signing import Credentials
from bot.playground.cast import ANA, GENERAL
from bot.playground.http_server import LoopbackServer, Request, Response
from bot.playground.mpaas.sim import MpaasSim
from bot.playground.slack.sim import SlackSim


@dataclass
class Once(Plan):
    """Do something to the first call of a name, and let the others pass."""

    name: str
    request: Deed = PASS
    reply: Deed = PASS
    replies: list[bytes] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def asked(self, call: Call) -> Deed:
        return self.request if self._first(call, "asked") else PASS

    def answered(self, call: Call, reply: bytes) -> Deed:
        self.replies.append(reply)
        return self.reply if self._first(call, "answered") else PASS

    def _first(self, call: Call, side: str) -> bool:
        if call.name != self.name or side in self._seen:
            return False
        self._seen.add(side)
        return True


def server_of(redis_url: str) -> Callable[[], socket.socket]:
    return unix(unquote(redis_url.removeprefix("unix://")))


@pytest.fixture
def relay(redis_url: str) -> Iterator[Relay]:
    with Relay("store", server_of(redis_url), "resp") as relay:
        yield relay


@pytest.fixture
def client(relay: Relay, redis_client: redis.Redis) -> Iterator[redis.Redis]:  # noqa: ARG001 - it empties the store
    with a_client(relay) as client:
        yield client


def a_client(relay: Relay, *, timeout: float = 1.0) -> redis.Redis:
    return redis.Redis(
        port=relay.port, decode_responses=True, protocol=2, retry=Retry(NoBackoff(), 0), socket_timeout=timeout
    )


def names(relay: Relay) -> list[str]:
    return [call.name for call in relay.calls if call.name != "CLIENT"]


def test_calls_are_named_and_numbered_in_the_order_of_their_arrival(relay: Relay, client: redis.Redis) -> None:
    client.set("a", "x" * 200_000)
    assert client.get("a") == "x" * 200_000
    with client.pipeline() as both:
        both.set("b", "y" * 20_000).hset("c", mapping={"d": "e"}).execute()
    with client.pipeline(transaction=False) as both:
        assert both.hgetall("c").get("b").execute() == [{"d": "e"}, "y" * 20_000]
    assert names(relay) == ["SET", "GET", "MULTI,SET,HSET,EXEC", "HGETALL,GET"]
    assert [call.number for call in relay.calls] == list(range(1, len(relay.calls) + 1))
    assert {call.connection for call in relay.calls} == {1}
    assert {call.link for call in relay.calls} == {"store"}


def test_the_handshake_is_one_call_a_command(relay: Relay, client: redis.Redis) -> None:
    client.ping()
    assert {call.name for call in relay.calls} == {"CLIENT", "PING"}


def test_every_kind_of_reply_is_read_to_its_end(relay: Relay, client: redis.Redis) -> None:
    plan = relay.plan = Once("EVAL")
    assert client.eval("return {1, {'two', {}}, false}", 0) == [1, ["two", []], None]
    with pytest.raises(redis.ResponseError, match="no such command"):
        client.eval("return {err = 'no such command'}", 0)
    assert client.get("none") is None
    assert plan.replies[-3:] == [b"*3\r\n:1\r\n*2\r\n$3\r\ntwo\r\n*0\r\n$-1\r\n", b"-no such command\r\n", b"$-1\r\n"]


def test_replies_of_the_newer_protocol_are_read_to_their_end(relay: Relay, client: redis.Redis) -> None:
    client.hset("c", mapping={"d": "e"})
    client.sadd("s", "t")
    with redis.Redis(port=relay.port, protocol=3, decode_responses=True) as newer:
        assert (newer.hgetall("c"), newer.smembers("s"), newer.get("none")) == ({"d": "e"}, {"t"}, None)


def test_a_call_that_waits_at_the_server_keeps_only_its_own_connection_waiting(
    relay: Relay, client: redis.Redis
) -> None:
    taken: list[object] = []
    waiting = threading.Thread(target=lambda: taken.append(a_client(relay, timeout=10).blpop(["l"], timeout=10)))
    waiting.start()
    assert relay.wait(lambda calls: any(call.name == "BLPOP" for call in calls))
    client.rpush("l", "there")
    waiting.join(5)
    assert taken == [("l", "there")]


def test_a_request_that_is_dropped_never_reaches_the_server(relay: Relay, client: redis.Redis) -> None:
    relay.plan = Once("INCRBY", request=DROP)
    with pytest.raises(redis.ConnectionError):
        client.incr("n")
    assert client.incr("n") == 1


@pytest.mark.parametrize("deed", [DROP, RESET, Cut(0), Cut(1), Cut(-1)])
def test_a_reply_that_is_lost_was_executed(relay: Relay, client: redis.Redis, deed: Deed) -> None:
    relay.plan = Once("INCRBY", reply=deed)
    with pytest.raises(redis.ConnectionError):
        client.incr("n")
    assert client.incr("n") == 2


@pytest.mark.parametrize("at", [1, 10, -1])
def test_half_a_request_is_not_executed(relay: Relay, client: redis.Redis, at: int) -> None:
    relay.plan = Once("INCRBY", request=Cut(at))
    with pytest.raises(redis.ConnectionError):
        client.incr("n")
    assert client.incr("n") == 1


@pytest.mark.parametrize(("hears_second", "heard"), [(False, 1), (True, 2)])
def test_a_request_that_is_said_twice_is_executed_twice(
    relay: Relay, client: redis.Redis, hears_second: bool, heard: int
) -> None:
    relay.plan = Once("INCRBY", request=Twice(hears_second=hears_second))
    assert client.incr("n") == heard
    assert client.get("n") == "2"


def test_a_reply_that_is_passed_back_twice_answers_no_other_question(relay: Relay, client: redis.Redis) -> None:
    relay.plan = Once("INCRBY", reply=TWICE)
    assert client.incr("n") == 1
    assert client.get("other") is None  # redis-py hangs up when a connection holds bytes that nobody asked for
    assert {call.connection for call in relay.calls} == {1, 2}


def test_what_is_held_arrives_late(relay: Relay, client: redis.Redis) -> None:
    relay.plan = Once("INCRBY", reply=Hold(0.3))
    with a_client(relay, timeout=0.1) as hasty, pytest.raises(redis.TimeoutError):
        hasty.incr("n")
    assert client.get("n") == "1"
    relay.plan = Once("INCRBY", request=Hold(0.3))
    begun = time.monotonic()
    assert client.incr("n") == 2
    assert time.monotonic() - begun >= 0.3


def test_what_drips_arrives_whole(relay: Relay, client: redis.Redis) -> None:
    relay.plan = Once("GET", request=Drip(0.001), reply=Drip(0.001, size=2))
    client.set("a", "hello")
    assert client.get("a") == "hello"


def test_bytes_can_be_changed_on_the_way(relay: Relay, client: redis.Redis) -> None:
    relay.plan = Once("GET", reply=Garble(lambda reply: reply.replace(b"hello", b"HELLO")))
    client.set("a", "hello")
    assert (client.get("a"), client.get("a")) == ("HELLO", "hello")


def test_two_connections_can_be_reordered_by_a_plan_that_waits(relay: Relay, client: redis.Redis) -> None:
    overtaken = threading.Event()

    class Reordered(Plan):
        def asked(self, call: Call) -> Deed:
            if b"slow" in call.said:
                assert overtaken.wait(5)
            return PASS

        def answered(self, call: Call, reply: bytes) -> Deed:  # noqa: ARG002 - only the call counts
            if b"fast" in call.said:
                overtaken.set()
            return PASS

    relay.plan = Reordered()
    first = threading.Thread(target=lambda: a_client(relay, timeout=5).rpush("order", "slow"))
    first.start()
    assert relay.wait(lambda calls: any(b"slow" in call.said for call in calls))
    client.rpush("order", "fast")
    first.join(5)
    assert client.lrange("order", 0, -1) == ["fast", "slow"]


def test_who_is_connected_to_a_server_that_goes_away_is_told_so() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as door,
        Relay("store", tcp(door.getsockname()[1]), "resp") as relay,
        socket.create_connection(("127.0.0.1", relay.port), timeout=5) as client,
    ):
        door.accept()[0].close()
        assert client.recv(1) == b""


def test_the_server_may_be_another_one_at_the_next_connection(redis_url: str, redis_client: redis.Redis) -> None:
    redis_client.set("a", "here")
    servers = iter([tcp(1), server_of(redis_url)])  # nobody listens at port 1

    def next_one() -> socket.socket:
        return next(servers)()

    with Relay("store", next_one, "resp") as relay, a_client(relay) as client:
        with pytest.raises(redis.ConnectionError):
            client.get("a")
        assert client.get("a") == "here"


# HTTP -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def web() -> Iterator[LoopbackServer]:
    def answer(request: Request) -> Response:
        if request.path == "/stream":
            return Response(headers={"Transfer-Encoding": "chunked"}, stream=iter([b"3\r\nabc\r\n", b"0\r\n\r\n"]))
        return Response(body=request.method.encode() + b" " + request.body)

    server = LoopbackServer(answer).start()
    yield server
    server.stop()


def through(server: LoopbackServer, plan: Plan, protocol: Protocol = "http") -> Relay:
    return Relay("web", tcp(server.port), protocol, plan)


def read(relay: Relay, path: str, *, data: bytes | None = None) -> bytes:
    with urlopen(f"http://127.0.0.1:{relay.port}{path}", data=data, timeout=5) as answer:
        return bytes(answer.read())


def test_bodies_and_chunks_are_passed_whole(web: LoopbackServer) -> None:
    plan = Once("POST /a")
    with through(web, plan) as relay:
        assert read(relay, "/a", data=b"x" * 300_000) == b"POST " + b"x" * 300_000
        assert read(relay, "/stream") == b"abc"
        assert [call.name for call in relay.calls] == ["POST /a", "GET /stream"]
        assert [call.connection for call in relay.calls] == [1, 2]
    assert plan.replies[-1].endswith(b"\r\n\r\n3\r\nabc\r\n0\r\n\r\n")


def test_a_failing_plan_is_raised_on_leaving(web: LoopbackServer) -> None:
    class Broken(Plan):
        def asked(self, call: Call) -> Deed:
            raise ValueError(f"{call.name}: what now?")

    def ask() -> None:
        with through(web, Broken()) as relay, pytest.raises(OSError, match="closed"):
            read(relay, "/a")

    with pytest.raises(ValueError, match="GET /a: what now"):
        ask()


@pytest.fixture
def mpaas() -> Iterator[MpaasSim]:
    sim = simulated(clock.now).start()
    yield sim
    sim.stop()


@pytest.fixture
def between(mpaas: MpaasSim) -> Iterator[Relay]:
    with Relay("mpaas", tcp(int(mpaas.url.rpartition(":")[2])), "http") as relay:
        yield relay


@pytest.fixture
def pushing(between: Relay) -> Iterator[PushClient]:
    numbers = count()
    with PushClient(
        f"http://127.0.0.1:{between.port}",
        Credentials("testid", SecretStr("testsecret")),
        app_id=APP.app_id,
        workspace_id=APP.workspace_id,
        now=clock.now,
        nonce=lambda: f"{next(numbers):032}",
        timeouts=Timeouts(read=1.0, total=2.0),
    ) as client:
        yield client


@pytest.mark.parametrize(
    ("request_side", "reply_side", "outcome", "executed"),
    [
        (PASS, PASS, Accepted, 1),
        (DROP, PASS, Unknown, 0),
        (PASS, DROP, Unknown, 1),
        (PASS, Cut(-1), Unknown, 1),
        (PASS, Hold(1.5), Unknown, 1),
        (PASS, Drip(0.1), Unknown, 1),
        (TWICE, PASS, Accepted, 1),
    ],
)
def test_a_push_whose_bytes_are_lied_about_is_executed_at_most_once(
    between: Relay,
    pushing: PushClient,
    mpaas: MpaasSim,
    request_side: Deed,
    reply_side: Deed,
    outcome: type,
    executed: int,
) -> None:
    between.plan = Once("PushBroadcast", request_side, reply_side)
    assert isinstance(pushing.push_broadcast(BROADCAST), outcome)
    assert [call.name for call in between.calls] == ["PushBroadcast"]
    assert sum(mpaas.journal.executed_by_msgkey().values()) == executed


def test_calls_of_slack_are_named_by_their_method() -> None:
    slack = SlackSim()
    slack.start()
    try:
        address = urlsplit(slack.api_url)
        with Relay("slack", tcp(address.port or 0), "http", host=address.netloc) as relay:
            client = WebClient(
                slack.bot_token, base_url=f"http://127.0.0.1:{relay.port}/api/", retry_handlers=[], timeout=2
            )
            relay.plan = Once("chat.postMessage", reply=DROP)
            with pytest.raises(OSError, match="closed"):
                client.chat_postMessage(channel=GENERAL.id, text="once")
            client.conversations_history(channel=GENERAL.id)
            assert [call.name for call in relay.calls] == ["chat.postMessage", "conversations.history"]
        assert [one.text for one in slack.messages(GENERAL.id, seen_by=ANA.id) if one.text == "once"] == ["once"]
    finally:
        slack.stop()
