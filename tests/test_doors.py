"""How Slack's requests come in: over HTTP, refused in plain words when they are not Slack's, and over Socket Mode."""

import gc
import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event
from urllib.parse import urlencode

import clock
import pytest
from operations.bench import Bench
from slack_bolt import Ack, App

from bot import wiring
from bot.doors import EVENTS_PATH, LARGEST_BODY, THREADS, HttpDoor, SocketDoor
from bot.errors import SettingsError
from bot.playground.cast import ANA, GENERAL, TEAM
from bot.playground.slack.delivery import signature
from bot.store.store import RequestStore

FORM = "application/x-www-form-urlencoded"
HELP = urlencode(
    {"command": "/broadcast", "text": "help", "user_id": ANA.id, "team_id": TEAM, "channel_id": GENERAL.id}
).encode()


@pytest.fixture
def bench(store: RequestStore, tmp_path: Path) -> Iterator[Bench]:
    with Bench(store, tmp_path) as bench:
        yield bench


@pytest.fixture
def app(bench: Bench) -> App:
    return wiring.make_app(bench.settings, bench.context)


@contextmanager
def opened(app: App) -> Iterator[HttpDoor]:
    door = HttpDoor(app, host="127.0.0.1", port=0)
    door.open()
    try:
        yield door
    finally:
        door.close()


@pytest.fixture
def door(app: App) -> Iterator[HttpDoor]:
    with opened(app) as door:
        yield door


def ask(
    door: HttpDoor,
    method: str = "POST",
    path: str = EVENTS_PATH,
    body: bytes = b"",
    headers: dict[str, str] | None = None,
) -> tuple[int, str]:
    """Send one request and read the whole answer."""
    line = http.client.HTTPConnection("127.0.0.1", door.port, timeout=10)
    try:
        line.request(method, path, body, headers or {})
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    finally:
        line.close()


def signed(bench: Bench, body: bytes, *, at: float | str | None = None, secret: str = "") -> dict[str, str]:
    """Sign a body as Slack does, now or at another time."""
    stamp = str(int(clock.now().timestamp())) if at is None else str(at)
    return {
        "Content-Type": FORM,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature(secret or bench.slack.signing_secret, stamp, body),
    }


# What is taken -----------------------------------------------------------------------------------------------------


def test_a_signed_command_is_answered(bench: Bench, door: HttpDoor) -> None:
    status, answer = ask(door, body=HELP, headers=signed(bench, HELP))
    assert status == 200
    assert "/broadcast" in answer


def test_slack_itself_can_speak_to_it(bench: Bench, door: HttpDoor) -> None:
    bench.slack.connect_http(f"http://127.0.0.1:{door.port}{EVENTS_PATH}")
    deed = bench.slack.command(ANA.id, GENERAL.id, "/broadcast help")
    assert (deed.acked, deed.failure) == (True, "")


def test_health_is_told_without_a_signature(door: HttpDoor) -> None:
    assert ask(door, "GET", "/health") == (200, "ok\n")


# What is refused ---------------------------------------------------------------------------------------------------


def test_a_wrong_signature_is_refused(bench: Bench, door: HttpDoor) -> None:
    assert ask(door, body=HELP, headers=signed(bench, HELP, secret="not the secret"))[0] == 401
    assert ask(door, body=HELP, headers=signed(bench, HELP + b"&x=y"))[0] == 401


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_signature_of_another_time_is_refused(bench: Bench, door: HttpDoor, minutes: int) -> None:
    stale = int(clock.now().timestamp()) + 60 * minutes
    assert ask(door, body=HELP, headers=signed(bench, HELP, at=stale))[0] == 401


@pytest.mark.parametrize("stamp", ["", "now", "-1", "1.5", "\u00b2", "9" * 5000, "0x10"])
def test_a_timestamp_that_is_no_number_is_refused(bench: Bench, door: HttpDoor, stamp: str) -> None:
    headers = signed(bench, HELP, at=stamp)
    assert ask(door, body=HELP, headers=headers)[0] == 401


@pytest.mark.parametrize("missing", ["X-Slack-Signature", "X-Slack-Request-Timestamp"])
def test_a_request_without_signature_or_timestamp_is_refused(bench: Bench, door: HttpDoor, missing: str) -> None:
    headers = signed(bench, HELP)
    del headers[missing]
    assert ask(door, body=HELP, headers=headers)[0] == 401


@pytest.mark.parametrize("path", ["/", "/slack", "/slack/events/", "/slack/eventsx", "/health"])
def test_another_path_is_not_found_and_says_where_to_go(bench: Bench, door: HttpDoor, path: str) -> None:
    status, answer = ask(door, path=path, body=HELP, headers=signed(bench, HELP))
    assert (status, answer) == (404, "Slack's requests go to /slack/events.\n")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_another_method_is_not_allowed(door: HttpDoor, method: str) -> None:
    assert ask(door, method) == (405, "Only POST is taken here.\n")


def test_a_body_that_is_not_utf_8_is_a_bad_request(bench: Bench, door: HttpDoor) -> None:
    body = b"text=\xff\xfe"
    assert ask(door, body=body, headers=signed(bench, body)) == (400, "The body is not one that Slack sends.\n")


def test_a_body_that_is_too_large_is_refused_before_it_is_read(bench: Bench, door: HttpDoor) -> None:
    headers = signed(bench, b"") | {"Content-Length": str(LARGEST_BODY + 1)}
    assert ask(door, headers=headers)[0] == 413


def test_a_large_body_within_the_limit_is_taken(bench: Bench, door: HttpDoor) -> None:
    body = HELP + b"&more=" + b"x" * (LARGEST_BODY - len(HELP) - 100)
    assert ask(door, body=body, headers=signed(bench, body))[0] == 200


def test_the_answers_do_not_tell_which_server_gives_them(door: HttpDoor) -> None:
    line = http.client.HTTPConnection("127.0.0.1", door.port, timeout=10)
    line.request("GET", "/health")
    answer = line.getresponse()
    answer.read()
    line.close()
    assert answer.getheader("Server") is None


# The end -----------------------------------------------------------------------------------------------------------


class Slow:
    """A command that takes until it is let go; ``begun`` and ``handled`` count."""

    def __init__(self, app: App) -> None:
        self.let_go = Event()
        self.begun = threading.Semaphore(0)
        self.handled = 0
        self._lock = threading.Lock()
        app.command("/slow")(self.run)
        app.command("/count")(self.count)

    def run(self, ack: Ack) -> None:
        self.begun.release()
        assert self.let_go.wait(10)
        self.count(ack)

    def count(self, ack: Ack) -> None:
        with self._lock:
            self.handled += 1
        ack("done")


def said_at_once(bench: Bench, door: HttpDoor, body: bytes) -> socket.socket:
    """Say a whole request, without waiting for anything."""
    head = {"Host": "127.0.0.1", "Content-Length": str(len(body))} | signed(bench, body)
    lines = [f"POST {EVENTS_PATH} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
    line = socket.create_connection(("127.0.0.1", door.port), timeout=10)
    line.sendall("\r\n".join(lines).encode() + body)
    return line


def test_requests_in_hand_are_answered_while_it_closes_and_new_ones_are_not_taken(bench: Bench, app: App) -> None:
    slow, body = Slow(app), urlencode({"command": "/slow"}).encode()
    with opened(app) as door, ExitStack() as lines:
        # More than there are threads: the last ones wait their turn, and may not even be read yet.
        in_hand = [lines.enter_context(said_at_once(bench, door, body)) for _ in range(THREADS + 3)]
        for _ in range(THREADS):
            assert slow.begun.acquire(timeout=10)
        closing = threading.Thread(target=door.close)
        closing.start()
        closing.join(0.3)
        assert closing.is_alive()
        with pytest.raises(ConnectionRefusedError):
            ask(door, "GET", "/health")
        slow.let_go.set()
        for line in in_hand:
            answer = http.client.HTTPResponse(line)
            answer.begin()
            assert (answer.status, answer.read()) == (200, b"done")
        closing.join(10)
        assert not closing.is_alive()
    assert slow.handled == THREADS + 3


def test_requests_that_arrived_before_it_closes_are_answered_although_nobody_took_them_yet(
    bench: Bench, app: App
) -> None:
    slow, body = Slow(app), urlencode({"command": "/count"}).encode()
    with ExitStack() as lines:
        door = HttpDoor(app, host="127.0.0.1", port=0)
        arrived = [lines.enter_context(said_at_once(bench, door, body)) for _ in range(20)]
        door.open()
        door.close()
        assert slow.handled == len(arrived)
        assert [line.recv(15) for line in arrived] == [b"HTTP/1.1 200 OK"] * len(arrived)


@pytest.mark.parametrize("number", range(5))
def test_under_load_every_request_that_was_handled_is_answered(bench: Bench, app: App, number: int) -> None:
    slow, body = Slow(app), urlencode({"command": "/count"}).encode()
    enough, answered = Event(), []
    lock = threading.Lock()

    def press_on(door: HttpDoor) -> None:
        while True:
            try:
                answer = ask(door, body=body, headers=signed(bench, body))
            except (OSError, http.client.HTTPException):
                return  # the door is closed
            with lock:
                answered.append(answer)
                if len(answered) > 40 + number:
                    enough.set()

    with opened(app) as door, ThreadPoolExecutor(12) as clients:
        running = [clients.submit(press_on, door) for _ in range(12)]
        assert enough.wait(20)
        door.close()
        for client in running:
            client.result(20)
    assert set(answered) == {(200, "done")}
    assert len(answered) == slow.handled


def test_a_closed_door_leaves_no_socket_and_no_thread(app: App) -> None:
    before = {thread.name for thread in threading.enumerate()}
    with opened(app) as door:
        assert ask(door, "GET", "/health")[0] == 200
        idle = socket.create_connection(("127.0.0.1", door.port))  # a client that says nothing
    assert idle.recv(1) == b""
    idle.close()
    gc.collect()  # a socket that was left open would be a warning, and so a failure
    assert {
        thread.name for thread in threading.enumerate() if "waitress" in thread.name or thread.name == "http"
    } <= before


def test_a_door_that_was_never_opened_can_be_closed(app: App) -> None:
    door = HttpDoor(app, host="127.0.0.1", port=0)
    door.close()
    gc.collect()
    with socket.create_server(("127.0.0.1", door.port)):
        pass  # the port is free again


def test_a_port_that_is_taken_is_told(app: App) -> None:
    with opened(app) as door, pytest.raises(SettingsError, match=f"127.0.0.1:{door.port} cannot be listened on"):
        HttpDoor(app, host="127.0.0.1", port=door.port)
    gc.collect()


@pytest.mark.parametrize(
    ("host", "port", "words"),
    [
        ("127.0.0.1", 65_536, "65536 is no port"),
        ("127.0.0.1", -1, "-1 is no port"),
        ("no such host", 0, "no such host:0 cannot be listened on"),
    ],
)
def test_an_address_that_is_none_is_told(app: App, host: str, port: int, words: str) -> None:
    with pytest.raises(SettingsError, match=f"--http: {words}"):
        HttpDoor(app, host=host, port=port)
    gc.collect()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_host_may_be_said_by_its_name(app: App, host: str) -> None:
    door = HttpDoor(app, host=host, port=0)
    door.open()
    assert ask(door, "GET", "/health") == (200, "ok\n")
    door.close()


# Socket Mode -------------------------------------------------------------------------------------------------------


def test_over_socket_mode_a_command_is_answered_until_it_is_closed(bench: Bench, app: App) -> None:
    door = SocketDoor(app, bench.settings)
    door.open()
    try:
        assert bench.slack.wait_until(lambda: bench.slack.sockets == 1)
        deed = bench.slack.command(ANA.id, GENERAL.id, "/broadcast help")
        assert (deed.acked, deed.failure) == (True, "")
    finally:
        door.close()
    assert bench.slack.wait_until(lambda: bench.slack.sockets == 0)


def test_over_socket_mode_a_command_in_hand_is_answered_before_it_hangs_up(bench: Bench, app: App) -> None:
    begun, go_on = Event(), Event()

    @app.command("/slow")
    def slow(ack: Ack) -> None:
        begun.set()
        go_on.wait(5)
        ack("done")

    door = SocketDoor(app, bench.settings)
    door.open()
    assert bench.slack.wait_until(lambda: bench.slack.sockets == 1)
    with ThreadPoolExecutor() as hands:
        said = hands.submit(bench.slack.command, ANA.id, GENERAL.id, "/slow")
        assert begun.wait(5)
        closed = hands.submit(door.close)
        go_on.set()
        assert said.result().failure == ""
        closed.result()


@pytest.mark.parametrize("prepare", [lambda sim: sim.fault("apps.connections.open", "error", code="invalid_auth")])
def test_an_app_token_that_slack_does_not_take_is_a_wrong_setting(
    bench: Bench, app: App, prepare: Callable[[object], None]
) -> None:
    prepare(bench.slack)
    with pytest.raises(SettingsError, match="SLACK_APP_TOKEN: Slack did not open a Socket Mode connection"):
        SocketDoor(app, bench.settings).open()
