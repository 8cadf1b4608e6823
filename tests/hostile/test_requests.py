"""Requests that are not Slack's, and bodies that Slack never sends, at the real door: refused in words, in no time.

``tests/test_doors.py`` has what the door does with good ones; here is the corpus.
"""

import http.client
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import clock
import pytest
import redis
from hostile.corpus import FORGED, LARGEST, SIGNATURE, STALE_SECONDS, STAMP, TOO_LARGE, UNREADABLE, forged
from operations.bench import Bench

from bot import wiring
from bot.doors import EVENTS_PATH, LARGEST_BODY, HttpDoor
from bot.playground.cast import ANA, GENERAL, TEAM
from bot.playground.slack.delivery import signature
from bot.store.connection import facts
from bot.store.store import RequestStore

FORM = "application/x-www-form-urlencoded"
HALT = urlencode(
    {"command": "/broadcast", "text": "halt", "user_id": ANA.id, "team_id": TEAM, "channel_id": GENERAL.id}
).encode()
IN_TIME = 3.0
TRACES = ("Traceback", 'File "', "Exception", "slack_bolt", "/bot/", "waitress")


@pytest.fixture
def bench(store: RequestStore, tmp_path: Path) -> Iterator[Bench]:
    with Bench(store, tmp_path) as bench:
        yield bench


@pytest.fixture
def door(bench: Bench) -> Iterator[HttpDoor]:
    door = HttpDoor(wiring.make_app(bench.settings, bench.context), host="127.0.0.1", port=0)
    door.open()
    yield door
    door.close()


def right(bench: Bench, body: bytes, *, ago: float = 0, content_type: str = FORM) -> dict[str, str]:
    """Sign a body as Slack does."""
    stamp = str(int(clock.now().timestamp() - ago))
    return {"Content-Type": content_type, STAMP: stamp, SIGNATURE: signature(bench.slack.signing_secret, stamp, body)}


def ask(door: HttpDoor, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    """Send a request as it is: no client of ours checks its headers first."""
    whole = {"Host": "127.0.0.1", "Content-Length": str(len(body))} | headers
    head = "\r\n".join([f"POST {EVENTS_PATH} HTTP/1.1", *(f"{name}: {value}" for name, value in whole.items()), "", ""])
    with socket.create_connection(("127.0.0.1", door.port), timeout=IN_TIME) as line:
        line.sendall(head.encode("utf-8") + body)
        answer = http.client.HTTPResponse(line)
        answer.begin()
        return answer.status, answer.read().decode()


def commands_of(client: redis.Redis) -> int:
    return int(facts(client, "stats")["total_commands_processed"])


def assert_alive(bench: Bench, door: HttpDoor) -> None:
    """Whatever came before, the next right request is answered."""
    body = HALT.replace(b"halt", b"help")
    assert ask(door, body, right(bench, body))[0] == 200


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_request_is_refused_and_the_store_never_hears_of_it(
    bench: Bench, door: HttpDoor, redis_client: redis.Redis, name: str
) -> None:
    headers = right(bench, HALT)
    for header, value in forged(headers[STAMP], headers[SIGNATURE])[name].items():
        if value is None:
            del headers[header]
        else:
            headers[header] = value
    before = commands_of(redis_client)
    status, words = ask(door, HALT, headers)
    assert status in {401, 431}, words  # 431: more headers than anybody needs
    assert not [trace for trace in TRACES if trace in words]
    assert commands_of(redis_client) == before + 1, "only the question itself"
    assert bench.store.halted() is None


@pytest.mark.parametrize("seconds", STALE_SECONDS)
def test_a_stale_request_is_refused(bench: Bench, door: HttpDoor, seconds: int) -> None:
    assert ask(door, HALT, right(bench, HALT, ago=seconds))[0] == 401
    assert bench.store.halted() is None


def test_the_window_is_five_minutes(bench: Bench, door: HttpDoor) -> None:
    assert ask(door, HALT, right(bench, HALT, ago=290))[0] == 200


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_body_that_slack_never_sends_is_answered_in_words_and_in_time(
    bench: Bench, door: HttpDoor, name: str
) -> None:
    content_type, body = UNREADABLE[name]
    began = time.monotonic()
    status, words = ask(door, body, right(bench, body, content_type=content_type))
    assert time.monotonic() - began < IN_TIME
    assert status in range(200, 500), words
    assert status < 400 or words, "a refusal without words"
    assert not [trace for trace in TRACES if trace in words]
    assert bench.store.list_requests() == []
    assert_alive(bench, door)


@pytest.mark.parametrize("name", UNREADABLE)
def test_the_same_body_unsigned_is_refused(door: HttpDoor, name: str) -> None:
    content_type, body = UNREADABLE[name]
    status, _ = ask(door, body, {"Content-Type": content_type, STAMP: str(int(clock.now().timestamp()))})
    assert status == 401


@pytest.mark.parametrize("length", TOO_LARGE)
def test_a_body_that_is_announced_too_large_is_refused_before_it_is_read(
    bench: Bench, door: HttpDoor, length: int
) -> None:
    status, words = ask(door, b"", right(bench, b"") | {"Content-Length": str(length)})
    assert status in {400, 413}, words
    assert_alive(bench, door)


def test_the_largest_body_is_what_the_corpus_thinks() -> None:
    assert LARGEST == LARGEST_BODY


@pytest.mark.parametrize("length", ["-1", "+5", "0x10", "1e3", "5, 5", "five"])
def test_a_length_that_is_none_is_refused(bench: Bench, door: HttpDoor, length: str) -> None:
    assert ask(door, b"", right(bench, b"") | {"Content-Length": length})[0] == 400
    assert_alive(bench, door)


def test_a_length_and_chunks_together_are_no_way_to_smuggle_a_second_request(bench: Bench, door: HttpDoor) -> None:
    inner = b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
    body = b"0\r\n\r\n" + inner
    headers = right(bench, body) | {"Transfer-Encoding": "chunked", "Content-Length": str(len(body))}
    assert ask(door, body, headers)[0] in {400, 401}
    assert bench.store.list_requests() == []


def test_of_two_people_in_one_body_one_counts_and_no_mixture_of_both(bench: Bench, door: HttpDoor) -> None:
    """The last of equal fields counts, for all of them alike; whoever could sign such a body is Slack."""
    body = UNREADABLE["two people"][1].replace(b"text=list", b"text=halt")
    reversed_ = b"&".join(reversed(body.split(b"&")))
    assert "halted" in ask(door, body, right(bench, body))[1]
    halt = bench.store.resume()
    assert halt is not None
    assert halt.by == ANA.id
    assert "belongs to another company" in ask(door, reversed_, right(bench, reversed_))[1]
    assert bench.store.halted() is None


def test_a_press_with_a_signature_that_cannot_be_compared_makes_no_call_to_slack(bench: Bench, door: HttpDoor) -> None:
    """Bolt's check raised here, and the answer to the fault was shown in Slack, to whomever the forger named."""
    press = {"type": "block_actions", "trigger_id": "1.1.a", "user": {"id": ANA.id}, "channel": {"id": GENERAL.id}}
    body = urlencode({"payload": json.dumps(press)}).encode()
    before = len(bench.slack.journal(direction="api"))
    assert ask(door, body, right(bench, body) | {SIGNATURE: "v0=\u00e9"})[0] == 401
    assert len(bench.slack.journal(direction="api")) == before


def test_a_client_that_never_ends_its_request_keeps_nobody_waiting(bench: Bench, door: HttpDoor) -> None:
    lines = []
    for _ in range(50):
        line = socket.create_connection(("127.0.0.1", door.port), timeout=IN_TIME)
        line.sendall(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
        lines.append(line)
    assert_alive(bench, door)
    for line in lines:
        line.close()
