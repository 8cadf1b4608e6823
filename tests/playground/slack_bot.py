"""A bot for the simulator's tests: a real HTTP server that keeps what it was sent and answers as a test tells it."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.playground.cast import ANA
from bot.playground.slack.sim import SlackSim


@dataclass(frozen=True)
class Received:
    """One request: its raw body and headers, and the payload as Bolt would see it."""

    headers: dict[str, str]
    raw: str
    payload: dict[str, Any] = field(default_factory=dict)


Reply = None | str | int | dict[str, Any]


def silent(received: Received) -> Reply:
    """Acknowledge with an empty 200."""
    del received
    return None


def _payload(content_type: str, raw: str) -> dict[str, Any]:
    if content_type.startswith("application/json"):
        return dict(json.loads(raw))
    fields = dict(parse_qsl(raw, keep_blank_values=True))
    return dict(json.loads(fields["payload"])) if "payload" in fields else dict(fields)


class ScriptedBot:
    """Listen on loopback; ``answer`` decides: None is an empty 200, text and dicts go as 200, a number as a status."""

    def __init__(self, answer: Callable[[Received], Reply] = silent) -> None:
        self.answer = answer
        self.received: list[Received] = []
        bot = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                received = Received(headers, raw, _payload(headers["content-type"], raw))
                bot.received.append(received)
                reply = bot.answer(received)
                body = b"" if reply is None or isinstance(reply, int) else _encoded(reply)
                self.send_response(reply if isinstance(reply, int) else 200)
                self.send_header("Content-Type", "application/json" if isinstance(reply, dict) else "text/plain")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: object, client_address: object) -> None:
                pass  # the simulator hangs up on a bot that is too late; that is what some tests are about

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/slack/events"

    @property
    def last(self) -> dict[str, Any]:
        return self.received[-1].payload

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _encoded(reply: str | dict[str, Any]) -> bytes:
    return (reply if isinstance(reply, str) else json.dumps(reply)).encode()


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def modal(*blocks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain("A form"), "submit": plain("Send"), "blocks": list(blocks), **fields}


def section(text: str = "words", **fields: Any) -> dict[str, Any]:
    return {"type": "section", "text": plain(text), **fields}


def button(action_id: str = "go", **fields: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain("Go"), **fields}


def actions(*elements: dict[str, Any], block_id: str = "buttons") -> dict[str, Any]:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def field_of(element_type: str, name: str = "field", *, block: dict[str, Any] | None = None, **fields: Any) -> Any:
    element = {"type": element_type, "action_id": name, **fields}
    return {"type": "input", "block_id": name, "label": plain(name), "element": element, **(block or {})}


def option(value: str) -> dict[str, Any]:
    return {"text": plain(value.title()), "value": value}


def refused(web: WebClient, method: str, **arguments: Any) -> dict[str, Any]:
    """Call a method that must be refused and return the answer."""
    with pytest.raises(SlackApiError) as caught:
        web.api_call(method, json=arguments)
    return dict(caught.value.response.data)


def trigger(sim: SlackSim, user: str = ANA.id, **place: str) -> str:
    """Mint a trigger as if a person had just done something."""
    return sim.world.trigger(user, **place)
