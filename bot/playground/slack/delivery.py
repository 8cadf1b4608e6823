"""How things reach the bot: one signed HTTP request, or one envelope over Socket Mode; both wait three seconds.

What is delivered is built in ``payloads``; what an answer does to the world, in ``people``.
"""

import hashlib
import hmac
import http.client
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol
from urllib.parse import urlencode, urlsplit

from bot.playground.slack.schema import Json

ACK_SECONDS = 3.0
"""docs.slack.dev/interactivity/handling-user-interaction: acknowledge within three seconds."""
SUCCESS = range(200, 300)
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
Kind = Literal["slash_commands", "interactive", "events_api"]
Problem = Literal["", "timeout", "unreachable", "status", "no_connection"]


@dataclass(frozen=True)
class Answer:
    """Say what came back: ``body`` is JSON, text or None; ``problem`` is empty when it was acknowledged in time."""

    problem: Problem
    milliseconds: float
    body: Any = None
    status: int | None = None

    @property
    def acked(self) -> bool:
        """Say whether it was acknowledged in time."""
        return not self.problem


@dataclass(frozen=True)
class Retry:
    """Say the how-manieth repetition of an event this is, and why; ``attempt`` 0 is the first delivery."""

    attempt: int = 0
    reason: str = ""


class Courier(Protocol):
    """Carry one payload to the bot and bring its answer back."""

    def deliver(self, kind: Kind, payload: Json, retry: Retry) -> Answer:
        """Deliver, and wait for the answer no longer than Slack does."""


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Sign a request: ``v0=`` and HMAC-SHA256 over ``v0:timestamp:body`` (docs.slack.dev, verifying requests)."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class HttpCourier:
    """Deliver by signed POST requests to the bot's request URL (``http://``, loopback)."""

    def __init__(
        self, url: str, signing_secret: str, *, epoch: Callable[[], float], ack_seconds: float = ACK_SECONDS
    ) -> None:
        self._url = urlsplit(url)
        if self._url.scheme != "http" or self._url.hostname not in LOOPBACK:
            raise ValueError(f"The bot's address must be http://127.0.0.1:PORT/PATH, not {url!r}.")
        self._secret = signing_secret
        self._epoch = epoch
        self._ack_seconds = ack_seconds

    def deliver(self, kind: Kind, payload: Json, retry: Retry) -> Answer:
        """Post a form (commands, interactivity) or JSON (events) and measure the time until the whole answer."""
        content_type, body = _encoded(kind, payload)
        began = time.monotonic()
        try:
            status, answered_type, answer = self._post(content_type, body, _retry_headers(kind, retry))
        except TimeoutError:
            return Answer("timeout", _since(began))
        except (OSError, http.client.HTTPException):
            return Answer("unreachable", _since(began))
        spent = _since(began)
        if spent > self._ack_seconds * 1000:
            return Answer("timeout", spent, status=status)
        parsed = _decoded(answered_type, answer)
        return Answer("" if status in SUCCESS else "status", spent, parsed, status)

    def _post(self, content_type: str, body: bytes, extra: dict[str, str]) -> tuple[int, str, bytes]:
        timestamp = str(int(self._epoch()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
            **extra,
        }
        connection = http.client.HTTPConnection(
            str(self._url.hostname), self._url.port or 80, timeout=self._ack_seconds
        )
        try:
            connection.request("POST", self._url.path or "/", body, headers)
            response = connection.getresponse()
            return response.status, response.getheader("Content-Type", ""), response.read()
        finally:
            connection.close()


def _retry_headers(kind: Kind, retry: Retry) -> dict[str, str]:
    if kind != "events_api" or not retry.attempt:
        return {}
    return {"X-Slack-Retry-Num": str(retry.attempt), "X-Slack-Retry-Reason": retry.reason}


def _encoded(kind: Kind, payload: Json) -> tuple[str, bytes]:
    if kind == "events_api":
        return "application/json", json.dumps(payload).encode()
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return "application/x-www-form-urlencoded", urlencode(fields).encode()


def _decoded(content_type: str, body: bytes) -> Any:
    text = body.decode(errors="replace")
    if not text:
        return None
    if content_type.startswith("application/json"):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def _since(began: float) -> float:
    return (time.monotonic() - began) * 1000
