"""The door of the Web API: token, scopes, arguments, faults; then the method; then a line in the journal.

Knows nothing of sockets: a request comes in as values and an answer goes out as a value. ``http`` carries them.
"""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from bot.playground.slack.arguments import Arguments
from bot.playground.slack.faults import Fault, Faults
from bot.playground.slack.refusal import SlackRefused
from bot.playground.slack.schema import Json
from bot.playground.slack.web_api import METHODS, Method
from bot.playground.slack.world import World

SECRET_ARGUMENTS = ("token",)
OK = 200


@dataclass(frozen=True)
class Reply:
    """Say what goes back: a status, headers and a body; ``reset`` cuts the connection instead."""

    status: int
    body: Json | str
    headers: dict[str, str] = field(default_factory=dict)
    reset: bool = False


class Gate:
    """Take Web API calls for one world."""

    def __init__(self, world: World, *, bot_token: str, app_token: str, connect: Callable[[], str]) -> None:
        self.world = world
        self.faults = Faults(world.happened)
        self.stopped = threading.Event()
        self._tokens = {bot_token: "bot", app_token: "app"}
        self._methods = {**METHODS, "apps.connections.open": Method(lambda *_: {"url": connect()}, "app")}

    @property
    def methods(self) -> frozenset[str]:
        """Name the methods that there are."""
        return frozenset(self._methods)

    def call(self, name: str, *, authorization: str, content_type: str, query: str, body: bytes) -> Reply:
        """Answer one call and write it into the journal."""
        began = time.monotonic()
        arguments: Json = {}
        fault: Fault | None = None
        try:
            arguments = parsed(content_type, query, body)
            fault = self.faults.take(name, channel=str(arguments.get("channel") or ""))
            reply = self._met(fault, name, authorization, arguments)
        except SlackRefused as refusal:
            reply = Reply(OK, refusal.answer)
        if _charset_missing(content_type) and isinstance(reply.body, dict):
            warned = reply.body | {"warning": "missing_charset"}
            details = {**reply.body.get("response_metadata", {}), "warnings": ["missing_charset"]}
            reply = Reply(reply.status, warned | {"response_metadata": details}, reply.headers, reply.reset)
        sent = {key: value for key, value in arguments.items() if key not in SECRET_ARGUMENTS}
        self.world.note(
            "call",
            name,
            sent=sent,
            answer=reply.body,
            status=reply.status,
            milliseconds=(time.monotonic() - began) * 1000,
            note=fault.in_words if fault else "",
        )
        return reply

    def _met(self, fault: Fault | None, name: str, authorization: str, arguments: Json) -> Reply:
        kind = fault.kind if fault else ""
        if fault and kind == "ratelimited":
            return Reply(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(fault.retry_after)})
        if fault and kind == "error":
            return Reply(OK, {"ok": False, "error": fault.code})
        if kind == "http_500":
            return Reply(500, "Internal Server Error")
        if kind == "reset_before":
            return Reply(0, "", reset=True)
        if fault and kind == "slow":
            self.stopped.wait(fault.seconds)
        reply = self._act(name, authorization, arguments)
        return Reply(0, reply.body, reset=True) if kind == "reset_after" else reply

    def _act(self, name: str, authorization: str, arguments: Json) -> Reply:
        method = self._methods.get(name)
        if method is None:
            raise SlackRefused("unknown_method", req_method=name)
        headers = self._authorise(method, authorization or str(arguments.get("token", "")))
        answer = method.run(self.world, Arguments(arguments))
        return Reply(OK, {"ok": True, **answer}, headers)

    def _authorise(self, method: Method, authorization: str) -> dict[str, str]:
        if not method.token:
            return {}
        token = authorization.removeprefix("Bearer ").strip()
        if not token:
            raise SlackRefused("not_authed")
        kind = self._tokens.get(token)
        if kind is None:
            raise SlackRefused("invalid_auth")
        if kind != method.token:
            raise SlackRefused("not_allowed_token_type")
        held = self.world.cast.scopes
        if method.scopes and not held.intersection(method.scopes):
            raise SlackRefused("missing_scope", needed=",".join(method.scopes), provided=",".join(sorted(held)))
        return {"x-oauth-scopes": ",".join(sorted(held))} if kind == "bot" else {}


def parsed(content_type: str, query: str, body: bytes) -> Json:
    """Read the arguments of a call from its query and its form or JSON body."""
    arguments: Json = dict(parse_qsl(query, keep_blank_values=True))
    if not body:
        return arguments
    if content_type.startswith("application/json"):
        return arguments | _from_json(body)
    if content_type.startswith("application/x-www-form-urlencoded"):
        return arguments | dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    raise SlackRefused("invalid_post_type" if content_type else "missing_post_type")


def _from_json(body: bytes) -> Json:
    try:
        value: Any = json.loads(body)
    except ValueError:
        raise SlackRefused("invalid_json") from None
    if not isinstance(value, dict):
        raise SlackRefused("json_not_object")
    return value


def _charset_missing(content_type: str) -> bool:
    return content_type.startswith("application/json") and "charset" not in content_type.lower()
