"""The control API as JSON over HTTP, ``/_control/VERB``: what the Python API can do, for pages and other processes.

Arguments come as a JSON object (POST) or a query (GET). A message is named ``{"channel": ..., "ts": ...}``, a view by
its id. Answers are ``{"ok": true, "result": ...}`` or ``{"ok": false, "error": "a sentence"}``.
"""

import dataclasses
import inspect
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from bot.playground.http_server import Request
from bot.playground.slack.gate import OK, Reply
from bot.playground.slack.inspection import Inspection
from bot.playground.slack.parts import Target
from bot.playground.slack.refusal import CannotDo
from bot.playground.slack.schema import Json

Verb = Callable[..., Any]
TARGETS = ("target", "view", "message")
NUMBERS = ("after", "wait", "seconds", "times")


class Control:
    """Answer control requests with a closed list of verbs; ``reads`` may also be asked by GET."""

    def __init__(self, looking: Inspection, *, acts: Mapping[str, Verb], reads: Mapping[str, Verb]) -> None:
        self._looking = looking
        self._acts = dict(acts)
        self._reads = dict(reads)

    def offer(self, *, acts: Mapping[str, Verb], reads: Mapping[str, Verb]) -> None:
        """Add verbs, or put them in the place of those of the same name."""
        self._acts |= acts
        self._reads |= reads

    def answer(self, request: Request) -> Reply:
        """Do what a request asks for."""
        name = request.path.removeprefix("/_control/")
        verb = self._reads.get(name) or (self._acts.get(name) if request.method == "POST" else None)
        if verb is None:
            return _no(404, f"There is no {request.method} {request.path}.")
        if request.method == "POST" and not request.header("Content-Type").startswith("application/json"):
            return _no(415, "Send JSON.")
        try:
            arguments = self._resolved(_arguments(request))
            inspect.signature(verb).bind(**arguments)
        except (ValueError, TypeError) as error:
            return _no(400, f"{name}: {error}.")
        except CannotDo as refusal:
            return _no(409, str(refusal))
        try:
            return Reply(OK, {"ok": True, "result": plain(verb(**arguments))})
        except (CannotDo, ValueError) as refusal:
            return _no(409, str(refusal))

    def _resolved(self, arguments: Json) -> Json:
        """Put messages, views and numbers in the place of what names them."""
        found = dict(arguments)
        for name in TARGETS:
            if arguments.get(name):
                found[name] = self._target(arguments[name])
        for name in NUMBERS:
            if isinstance(arguments.get(name), str):
                found[name] = float(arguments[name]) if name in ("wait", "seconds") else int(arguments[name])
        return found

    def _target(self, named: Any) -> Target:
        if isinstance(named, str):
            return self._looking.find_view(named)
        if isinstance(named, dict) and {"channel", "ts"} <= named.keys():
            return self._looking.message(str(named["channel"]), str(named["ts"]))
        raise ValueError('name a view by its id, a message by {"channel": ..., "ts": ...}')


def _arguments(request: Request) -> Json:
    arguments: Json = dict(parse_qsl(request.query))
    if request.body:
        said = json.loads(request.body)
        if not isinstance(said, dict):
            raise ValueError("the arguments must be a JSON object")
        arguments |= said
    return arguments


def _no(status: int, sentence: str) -> Reply:
    return Reply(status, {"ok": False, "error": sentence})


def plain(value: Any) -> Any:
    """Turn results into JSON: dataclasses into objects, moments into ISO 8601, sets into sorted lists."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value
