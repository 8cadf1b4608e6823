"""A real Bolt app against the simulated Slack: the same listeners over signed HTTP and over Socket Mode."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any, Literal
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from playground.slack_bot import actions, button, field_of, modal, option, section
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient

from bot.playground.cast import ANA, APPROVALS, BO, GENERAL
from bot.playground.slack.sim import SlackSim

FORM = modal(
    field_of("external_select", "template", min_query_length=0),
    field_of("plain_text_input", "city"),
    callback_id="form",
)
CARD = [section("Push to all devices?"), actions(button("approve", value="r-7"))]


def app_for(sim: SlackSim, *, secret: str = "") -> App:
    """Build a small bot the way the real one is built: one transition per listener, ack last."""
    app = App(
        client=WebClient(sim.bot_token, base_url=sim.api_url),
        signing_secret=secret or sim.signing_secret,
        process_before_response=True,
    )

    @app.command("/broadcast")
    def command(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        if body["text"] == "help":
            ack("Type /broadcast.")
            return
        client.views_open(trigger_id=body["trigger_id"], view=FORM)
        ack()

    @app.options("template")
    def templates(ack: Any) -> None:
        ack(options=[option("outage")])

    @app.view("form")
    def submitted(ack: Any, view: dict[str, Any], client: WebClient) -> None:
        if view["state"]["values"]["city"]["city"]["value"] == "Atlantis":
            ack(response_action="errors", errors={"city": "There is no such city."})
            return
        client.chat_postMessage(channel=APPROVALS.id, text="card", blocks=CARD)
        ack()

    @app.action("approve")
    def approved(ack: Any, body: dict[str, Any], client: WebClient, respond: Any) -> None:
        place = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
        client.chat_update(**place, text="approved", blocks=[section(f"Approved by {body['user']['id']}")])
        respond("Your vote is stored.")
        ack()

    @app.event("app_home_opened")
    def home(event: dict[str, Any], client: WebClient) -> None:
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section("Nothing waits.")]})

    return app


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        pass


@contextmanager
def over_http(sim: SlackSim, app: App) -> Iterator[None]:
    with make_server("127.0.0.1", 0, SlackRequestHandler(app), Server, Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        sim.connect_http(f"http://127.0.0.1:{server.server_port}/slack/events")
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def over_sockets(sim: SlackSim, app: App) -> Iterator[None]:
    handler = SocketModeHandler(app, sim.app_token, ping_interval=0.2)
    handler.connect()
    sim.wait_until(lambda: sim.sockets, description="the bot's connection")
    try:
        yield
    finally:
        handler.client.auto_reconnect_enabled = False
        sim.drop_sockets()
        handler.close()


@pytest.fixture(params=["http", "sockets"])
def sim(request: pytest.FixtureRequest) -> Iterator[SlackSim]:
    mode: Literal["http", "sockets"] = request.param
    with (
        SlackSim(ack_seconds=1.5) as running,
        {"http": over_http, "sockets": over_sockets}[mode](running, app_for(running)),
    ):
        yield running


def test_a_push_from_the_slash_to_the_vote(sim: SlackSim) -> None:
    assert sim.command(ANA.id, GENERAL.id, "/broadcast").failure == ""
    form = sim.view(ANA.id)
    assert [one["value"] for one in sim.load_options(ANA.id, form, "template", "").options] == ["outage"]
    sim.choose(ANA.id, form, "template", "outage")
    sim.type(ANA.id, form, "city", "Atlantis")
    assert sim.submit(ANA.id, form).problems == {"city": "There is no such city."}
    sim.type(ANA.id, form, "city", "Berlin")
    assert sim.submit(ANA.id, form).failure == ""
    assert sim.views(ANA.id) == []
    card = sim.messages(APPROVALS.id, seen_by=BO.id)[-1]
    assert sim.press(BO.id, card, "approve").acked
    seen = sim.messages(APPROVALS.id, seen_by=BO.id)
    assert [message.text for message in seen] == ["approved", "Your vote is stored."]
    assert seen[0].blocks is not None
    assert seen[0].blocks[0]["text"]["text"] == f"Approved by {BO.id}"


def test_help_is_shown_to_the_one_who_asked(sim: SlackSim) -> None:
    assert sim.command(ANA.id, GENERAL.id, "/broadcast help").acked
    assert [message.text for message in sim.messages(GENERAL.id, seen_by=ANA.id)] == ["Type /broadcast."]


def test_the_home_tab_is_published(sim: SlackSim) -> None:
    assert sim.open_home(ANA.id).acked
    home = sim.wait_until(lambda: sim.home(ANA.id), description="the Home view")
    assert home is not None
    assert home.blocks[0]["text"]["text"] == "Nothing waits."


def test_a_command_without_a_listener_fails(sim: SlackSim) -> None:
    deed = sim.command(ANA.id, GENERAL.id, "/unknown")
    assert deed.acked is False
    assert deed.failure.startswith("/unknown failed with the error")


def test_bolt_refuses_deliveries_that_are_signed_with_another_secret() -> None:
    with SlackSim() as sim, over_http(sim, app_for(sim, secret="another")):
        deed = sim.command(ANA.id, GENERAL.id, "/broadcast help")
        assert sim.journal("/broadcast")[-1].status == 401
    assert deed.failure == '/broadcast failed with the error "dispatch_failed"'
