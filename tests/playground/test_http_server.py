"""The simulators' HTTP floor: values in and out, loopback only, and bad endings on request."""

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Queue

import pytest

from bot.playground.http_server import BIGGEST_BODY, Ending, LoopbackServer, Request, Response


def echo(request: Request) -> Response:
    """Answer with what arrived; the path says how the answer ends."""
    endings: dict[str, Ending] = {"/half": "half", "/close": "close", "/reset": "reset"}
    if request.path == "/fail":
        raise RuntimeError("inside")
    headers = [[name, value] for name, value in request.headers]
    seen = Response.of_json(
        {"path": request.path, "query": request.query, "body": request.body.hex(), "headers": headers}
    )
    return Response(201, seen.body, {**seen.headers, "X-Own": "1"}, endings.get(request.path, "whole"))


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    server = LoopbackServer(echo, guarded=("/_control",)).start()
    yield server
    server.stop()


def ask(
    server: LoopbackServer, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def raw(server: LoopbackServer, sent: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(sent)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_a_request_arrives_as_it_was_sent(server: LoopbackServer) -> None:
    body = bytes(range(256))
    lines = b"POST /a%20b?x=1&y= HTTP/1.1\r\nHost: h\r\nx-B: 2\r\nX-a: 1\r\nx-B:  3 \r\nContent-Length: 256\r\n\r\n"
    head, _, text = raw(server, lines + body).partition(b"\r\n\r\n")
    seen = json.loads(text)
    assert head.startswith(b"HTTP/1.1 201 ")
    assert b"X-Own: 1" in head
    assert (seen["path"], seen["query"], bytes.fromhex(seen["body"])) == ("/a%20b", "x=1&y=", body)
    assert [[n, v.strip()] for n, v in seen["headers"]][1:4] == [["x-B", "2"], ["X-a", "1"], ["x-B", "3"]]


def test_a_request_reads_its_own_parts() -> None:
    request = Request("GET", "/", "a=1&b=&a=2", (("X-One", " 1 "), ("x-one", "2")), b"")
    assert request.arguments() == {"a": "2", "b": ""}
    assert (request.header("x-ONE"), request.header("none", "?")) == ("1", "?")
    assert request.json() == {}
    with pytest.raises(ValueError):
        Request("POST", "/", "", (), b"{").json()


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_every_method_reaches_the_handler(server: LoopbackServer, method: str) -> None:
    assert ask(server, "/x", method)[0] == 201


def test_a_head_request_gets_no_body(server: LoopbackServer) -> None:
    assert ask(server, "/x", "HEAD") == (201, b"")


def test_it_listens_on_loopback_only(server: LoopbackServer) -> None:
    assert server.url == f"http://127.0.0.1:{server.port}"
    with pytest.raises(OSError), socket.create_connection(("127.0.0.2", server.port), timeout=5):
        pass


def test_a_failing_handler_becomes_a_sentence_and_is_remembered(server: LoopbackServer) -> None:
    status, body = ask(server, "/fail")
    assert (status, json.loads(body)) == (500, {"error": "The simulator failed: RuntimeError."})
    assert [str(failure) for failure in server.failures] == ["inside"]


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (b"Content-Length: -1", b"400"),
        (b"Content-Length: ten", b"400"),
        (b"Content-Length: 1\r\nContent-Length: 2", b"400"),
        (b"Content-Length: %d" % (BIGGEST_BODY + 1), b"413"),
        (b"Transfer-Encoding: chunked", b"411"),
    ],
)
def test_a_body_of_unclear_length_is_refused(server: LoopbackServer, lines: bytes, status: bytes) -> None:
    assert raw(server, b"POST / HTTP/1.1\r\nHost: h\r\n" + lines + b"\r\n\r\n").split(b" ")[1] == status


def test_a_control_path_answers_to_this_loopback_server_only(server: LoopbackServer) -> None:
    own = f"127.0.0.1:{server.port}"
    assert ask(server, "/_control/x")[0] == 201
    assert ask(server, "/_control/x", Host=f"localhost:{server.port}", Origin=f"http://{own}")[0] == 201
    assert ask(server, "/_control/x", Host="evil.example")[0] == 403
    assert ask(server, "/_control/x", Host=f"evil.example:{server.port}")[0] == 403
    assert ask(server, "/_control/x", Host="127.0.0.1:1")[0] == 403
    assert ask(server, "/_control/x", Origin="https://evil.example")[0] == 403
    assert ask(server, "/_control/x", Origin="null")[0] == 403
    assert ask(server, "/_control/x", Origin=f"http://127.0.0.1:{server.port + 1}")[0] == 403
    assert ask(server, "/_control/x", Sec_Fetch_Site="cross-site")[0] == 403
    assert ask(server, "/other", Host="evil.example", Origin="https://evil.example")[0] == 201


def test_half_an_answer_ends_before_its_stated_length(server: LoopbackServer) -> None:
    with pytest.raises(http.client.IncompleteRead) as cut:
        ask(server, "/half")
    assert 0 < len(cut.value.partial) <= (cut.value.expected or 0) + 1


def test_a_closed_connection_ends_without_a_byte(server: LoopbackServer) -> None:
    assert raw(server, b"GET /close HTTP/1.1\r\nHost: h\r\n\r\n") == b""


def test_a_reset_connection_is_told_from_a_closed_one(server: LoopbackServer) -> None:
    with pytest.raises(ConnectionResetError):
        raw(server, b"GET /reset HTTP/1.1\r\nHost: h\r\n\r\n")


def test_a_server_refuses_and_accepts_again_on_the_same_port(server: LoopbackServer) -> None:
    port = server.port
    for _ in range(3):
        server.refuse()
        server.refuse()
        with pytest.raises(ConnectionRefusedError):
            ask(server, "/x")
        server.accept()
        server.accept()
        assert (ask(server, "/x")[0], server.port) == (201, port)


def gate(opened: threading.Event, arrived: threading.Event) -> Callable[[Request], Response]:
    def handler(_: Request) -> Response:
        arrived.set()
        opened.wait(5)
        return Response(body=b"late")

    return handler


def test_a_request_under_way_survives_a_closed_door() -> None:
    opened, arrived, answers = threading.Event(), threading.Event(), list[tuple[int, bytes]]()
    server = LoopbackServer(gate(opened, arrived)).start()
    caller = threading.Thread(target=lambda: answers.append(ask(server, "/slow")))
    caller.start()
    assert arrived.wait(5)
    server.refuse()
    opened.set()
    caller.join(5)
    server.stop()
    assert answers == [(200, b"late")]


def test_stopping_cuts_idle_connections_and_may_be_repeated(server: LoopbackServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as idle:
        idle.sendall(b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf")
        assert ask(server, "/x")[0] == 201  # a later connection was served, so the idle one is known
        server.stop()
        server.stop()
        server.accept()
        with pytest.raises(ConnectionRefusedError):
            ask(server, "/x")


# Answers that come piece by piece -------------------------------------------------------------------------------------


class Tap:
    """Pour pieces when they are asked for, and know whether it was closed."""

    def __init__(self, *, ending: Exception | None = None) -> None:
        self._pieces: Queue[bytes | None] = Queue()
        self._ending = ending
        self.closed = threading.Event()

    def pour(self, piece: bytes | None) -> None:
        """Put one piece; None is the end."""
        self._pieces.put(piece)

    def stream(self) -> Iterator[bytes]:
        try:
            yield from iter(self._pieces.get, None)
            if self._ending:
                raise self._ending
        finally:
            self.closed.set()

    def answer(self, _: Request) -> Response:
        return Response(headers={"Content-Type": "text/event-stream"}, stream=self.stream())


@contextmanager
def pouring(tap: Tap) -> Iterator[tuple[LoopbackServer, socket.socket]]:
    server = LoopbackServer(tap.answer).start()
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as reader:
        reader.sendall(b"GET /live HTTP/1.1\r\nHost: h\r\n\r\n")
        try:
            yield server, reader
        finally:
            tap.pour(None)
            server.stop()


def read_to(reader: socket.socket, last: bytes) -> bytes:
    """Read until what has arrived ends so, or the connection does."""
    arrived = b""
    while not arrived.endswith(last) and (some := reader.recv(65536)):
        arrived += some
    return arrived


def test_a_stream_arrives_piece_by_piece_and_ends_with_the_connection() -> None:
    tap = Tap()
    with pouring(tap) as (server, reader):
        tap.pour(b"one")
        head = read_to(reader, b"one")
        assert head.startswith(b"HTTP/1.1 200 ")
        assert b"Content-Length" not in head
        assert b"Connection: close" in head
        tap.pour(b"two")
        assert read_to(reader, b"two") == b"two"
        tap.pour(None)
        assert (reader.recv(1), server.failures) == (b"", [])


def test_a_stream_is_closed_when_its_reader_has_gone() -> None:
    tap = Tap()
    with pouring(tap) as (server, reader):
        tap.pour(b"one")
        read_to(reader, b"one")
        reader.close()
        for _ in range(1000):
            tap.pour(b"more" * 1000)
        assert tap.closed.wait(5)
        assert server.failures == []


def test_a_stream_that_fails_ends_and_is_remembered() -> None:
    tap = Tap(ending=RuntimeError("inside"))
    with pouring(tap) as (server, reader):
        tap.pour(b"one")
        tap.pour(None)
        assert read_to(reader, b"never").endswith(b"one")
        assert [str(failure) for failure in server.failures] == ["inside"]


def test_a_head_request_opens_no_stream() -> None:
    tap = Tap()
    with pouring(tap) as (server, _):
        assert ask(server, "/live", "HEAD") == (200, b"")


def test_stopping_ends_the_streams() -> None:
    tap = Tap()
    with pouring(tap) as (server, reader):
        tap.pour(b"one")
        read_to(reader, b"one")
        stopping = threading.Thread(target=server.stop)
        stopping.start()
        assert reader.recv(1) == b""
        tap.pour(b"two")  # what is written then meets a cut connection
        stopping.join(5)
        assert tap.closed.wait(5)


def test_a_taken_port_is_told(server: LoopbackServer) -> None:
    with pytest.raises(OSError):
        LoopbackServer(echo).start(server.port)


def test_many_callers_at_once_all_get_their_own_answer(server: LoopbackServer) -> None:
    paths = [f"/caller/{number}" for number in range(40)]
    seen: list[str] = []
    callers = [
        threading.Thread(target=lambda p=path: seen.append(json.loads(ask(server, p)[1])["path"])) for path in paths
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(5)
    assert sorted(seen) == sorted(paths)
