"""Socket Mode of the simulated Slack, driven by the real client of slack_sdk."""

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from places import BESIDE
from slack_sdk import WebClient
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from bot.playground.cast import ANA, GENERAL
from bot.playground.slack.sim import SlackSim

SAMPLES = BESIDE / "slack_payloads" / "socket_mode"


@pytest.fixture
def sim() -> Iterator[SlackSim]:
    with SlackSim(ack_seconds=0.5) as running:
        yield running


class Listener:
    """Keep the envelopes that arrive, and acknowledge them with ``answer`` (False: do not)."""

    def __init__(self, answer: dict[str, Any] | bool | None = None) -> None:
        self.answer = answer
        self.received: list[SocketModeRequest] = []

    def __call__(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        self.received.append(request)
        if not isinstance(self.answer, bool):
            client.send_socket_mode_response(SocketModeResponse(request.envelope_id, self.answer))


@contextmanager
def connected(sim: SlackSim, listener: Listener) -> Iterator[SocketModeClient]:
    web = WebClient(sim.bot_token, base_url=sim.api_url)
    client = SocketModeClient(app_token=sim.app_token, web_client=web, ping_interval=0.2)
    client.socket_mode_request_listeners.append(listener)
    before = sim.sockets
    client.connect()
    try:
        sim.wait_until(lambda: sim.sockets > before, description="the connection")
        yield client
    finally:
        client.auto_reconnect_enabled = False
        sim.drop_sockets()  # the client's close() waits three seconds for a read, unless the other side hangs up
        client.close()


def test_an_envelope_is_acknowledged(sim: SlackSim) -> None:
    listener = Listener()
    with connected(sim, listener):
        deed = sim.command(ANA.id, GENERAL.id, "/broadcast x")
    assert (deed.acked, deed.failure) == (True, "")
    request = listener.received[0]
    assert (request.type, request.payload["text"], request.accepts_response_payload) == ("slash_commands", "x", True)


def test_the_answer_travels_with_the_acknowledgement(sim: SlackSim) -> None:
    with connected(sim, Listener({"text": "Help is here."})):
        sim.command(ANA.id, GENERAL.id, "/broadcast help")
    assert [message.text for message in sim.messages(GENERAL.id, seen_by=ANA.id)] == ["Help is here."]


def test_an_envelope_that_is_not_acknowledged_times_out(sim: SlackSim) -> None:
    with connected(sim, Listener(answer=False)):
        deed = sim.command(ANA.id, GENERAL.id, "/broadcast")
    assert deed.failure == '/broadcast failed with the error "operation_timeout"'
    assert deed.milliseconds >= 490


def test_several_connections_share_the_load(sim: SlackSim) -> None:
    one, other = Listener(), Listener()
    with connected(sim, one), connected(sim, other):
        for _ in range(4):
            sim.command(ANA.id, GENERAL.id, "/broadcast")
    assert (len(one.received), len(other.received)) == (2, 2)


def test_a_client_that_is_asked_to_refresh_comes_back(sim: SlackSim) -> None:
    listener = Listener()
    with connected(sim, listener):
        assert sim.refresh_sockets() == 1
        sim.wait_until(lambda: len(_connections(sim)) >= 2, description="a second connection")
        assert sim.command(ANA.id, GENERAL.id, "/broadcast").acked


def test_a_client_whose_connection_is_cut_comes_back(sim: SlackSim) -> None:
    with connected(sim, Listener()):
        assert sim.drop_sockets() == 1
        sim.wait_until(lambda: len(_connections(sim)) >= 2 and sim.sockets == 1, description="a new connection")
        assert sim.command(ANA.id, GENERAL.id, "/broadcast").acked


def _connections(sim: SlackSim) -> list[str]:
    return [one.kind for one in sim.happenings() if one.kind == "socket_connected"]


def test_an_envelope_in_a_dying_connection_fails_at_once(sim: SlackSim) -> None:
    with connect(_address(sim), proxy=None) as client:
        client.recv()
        sim.wait_until(lambda: sim.sockets, description="the connection")
        closer = threading.Thread(target=lambda: (client.recv(), client.close()))
        closer.start()
        deed = sim.command(ANA.id, GENERAL.id, "/broadcast")
        closer.join()
    assert (deed.acked, deed.milliseconds < 490) == (False, True)


def _address(sim: SlackSim) -> str:
    web = WebClient(sim.bot_token, base_url=sim.api_url)
    return str(web.apps_connections_open(app_token=sim.app_token)["url"])


def test_a_ticket_is_good_for_one_connection(sim: SlackSim) -> None:
    address = _address(sim)
    with connect(address, proxy=None) as client:
        assert json.loads(client.recv())["type"] == "hello"
        with connect(address, proxy=None) as again, pytest.raises(ConnectionClosed):
            again.recv()


def test_the_eleventh_connection_is_sent_away(sim: SlackSim) -> None:
    with ExitStack() as ten:
        clients = [ten.enter_context(connect(_address(sim), proxy=None)) for _ in range(10)]
        numbers = [json.loads(client.recv())["num_connections"] for client in clients]
        sim.wait_until(lambda: sim.sockets == 10, description="ten connections")
        with connect(_address(sim), proxy=None) as eleventh:
            goodbye = json.loads(eleventh.recv())
    assert max(numbers) == 10
    assert (goodbye["type"], goodbye["reason"]) == ("disconnect", "too_many_websockets")


def test_when_socket_mode_is_switched_off_everybody_is_sent_away_and_nobody_comes_in(sim: SlackSim) -> None:
    with connect(_address(sim), proxy=None) as client:
        client.recv()
        sim.wait_until(lambda: sim.sockets, description="the connection")
        sim.disable_sockets()
        assert json.loads(client.recv())["reason"] == "link_disabled"
    with connect(_address(sim), proxy=None) as late:
        assert json.loads(late.recv())["reason"] == "link_disabled"
    sim.wait_until(lambda: not sim.sockets, description="nobody")


def test_what_is_no_acknowledgement_is_passed_over(sim: SlackSim) -> None:
    with connect(_address(sim), proxy=None) as client:
        client.recv()
        sim.wait_until(lambda: sim.sockets, description="the connection")
        for noise in ("sdk-ping-pong", "[]", '{"envelope_id": "unknown"}'):
            client.send(noise)
        unknown = sim.wait_until(
            lambda: [one for one in sim.happenings() if one.kind == "late_or_unknown_ack"], description="the noise"
        )
    assert unknown[0].facts == {"milliseconds": None}


def test_a_late_acknowledgement_is_told_with_its_time(sim: SlackSim) -> None:
    with connect(_address(sim), proxy=None) as client:
        client.recv()
        sim.wait_until(lambda: sim.sockets, description="the connection")
        assert not sim.command(ANA.id, GENERAL.id, "/broadcast").acked
        client.send(json.dumps({"envelope_id": json.loads(client.recv())["envelope_id"]}))
        late = sim.wait_until(
            lambda: [one for one in sim.happenings() if one.kind == "late_or_unknown_ack"], description="the answer"
        )
    assert [one.facts["milliseconds"] >= 490 for one in late] == [True]


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the collection of real payloads is not beside this checkout")
def test_hello_and_disconnect_have_the_keys_of_slacks_own(sim: SlackSim) -> None:
    with connect(_address(sim), proxy=None) as client:
        hello = json.loads(client.recv())
        sim.wait_until(lambda: sim.sockets, description="the connection")
        sim.refresh_sockets()
        goodbye = json.loads(client.recv())
    assert hello.keys() == json.loads((SAMPLES / "hello.json").read_text()).keys()
    assert goodbye.keys() == json.loads((SAMPLES / "disconnect_warning.json").read_text()).keys()
    assert goodbye["reason"] == "refresh_requested"
