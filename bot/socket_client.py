"""The client of Socket Mode: slack_sdk's own, but for three habits of it that leave a bot deaf.

It takes an open connection for one that Slack uses, though Slack greets it first (``hello``) or sends it away; it
connects again at once, however often it is sent away; and it repeats for ever what Slack will never grant.
"""

import json
import logging
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Condition, Event, Lock
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.builtin import SocketModeClient

from bot import logs

PING_INTERVAL: Final = 2.0
"""Seconds between two pings over Socket Mode. slack_sdk gives a silent connection up after a few of them: with Bolt's
10 s, a line that broke without a word left the bot unreachable for a minute (measured); with 2 s, for 10 s."""

STEADY: Final = 10.0
"""Seconds after which a connection that was greeted counts as a good one, so that the next may follow it at once."""

# Slack's words for why a connection ends (docs.slack.dev, using Socket Mode), and what they mean for whoever runs it.
_REASONS: Final = {
    "too_many_websockets": "Slack allows an app ten Socket Mode connections, and others have them: end processes that "
    "are not needed, or use HTTP mode.",
    "link_disabled": "Socket Mode was switched off in the app's settings: switch it on, or use HTTP mode.",
    "refresh_requested": "Slack asks for a new connection, as it does every few hours.",
    "warning": "Slack ends this connection soon, as it does every few hours.",
}
_ORDINARY: Final = frozenset({"refresh_requested", "warning"})

_LONGEST: Final = 4_096
"""Characters; what Slack says of a connection is shorter, most requests are longer."""

# Errors of apps.connections.open that no further try changes (docs.slack.dev, apps.connections.open).
_NEVER: Final = frozenset(
    {
        "invalid_auth", "not_authed", "not_allowed_token_type", "missing_scope", "account_inactive", "token_revoked",
        "token_expired", "access_denied", "no_permission", "org_login_required", "forbidden_team",
        "team_access_not_granted",
    }
)  # fmt: skip


def _some() -> float:
    """Give a number from a half to one, so that processes that were sent away together do not come back together."""
    return 0.5 + secrets.randbelow(1000) / 2000


@dataclass(frozen=True)
class Backoff:
    """Say how long to wait before a connection: not at all after a good one, then longer each time.

    Slack grants ``apps.connections.open`` once a minute for certain (Tier 1), and more for a while.
    """

    first: float = 1.0
    longest: float = 20.0
    jitter: Callable[[], float] = _some

    def before(self, tries: int) -> float:
        """Give the seconds before the next try, after so many that led nowhere."""
        return min(self.longest, self.first * 2.0 ** (tries - 1)) * self.jitter() if tries else 0.0


USUAL: Final = Backoff()


class SocketClient(SocketModeClient):
    """Know whether Slack uses the connection, and be patient when it does not.

    ``lost`` is a sentence when there is nothing to wait for, and empty as long as there is.
    """

    def __init__(self, app_token: str, web_client: WebClient, *, logger: logging.Logger, backoff: Backoff) -> None:
        super().__init__(
            app_token, logger=logger, web_client=web_client, proxy=web_client.proxy, ping_interval=PING_INTERVAL
        )
        self.proxy = web_client.proxy  # without one, slack_sdk has looked for one in the environment
        self.on_message_listeners.append(self._hear)
        self.lost = ""
        self.why = "Slack did not say hello."
        self._backoff = backoff
        self._turn = Lock()
        self._ending = Event()
        self._changed = Condition()
        self._greeted_at: float | None = None
        self._tries = 0
        self._in_hand = 0

    @property
    def reachable(self) -> bool:
        """Tell whether Slack has greeted the connection that is open now."""
        return self._greeted_at is not None and bool(self.is_connected())

    def await_news(self, seconds: float) -> None:
        """Wait, so long at most, until it is reachable or lost."""
        with self._changed:
            self._changed.wait_for(lambda: self.reachable or self.lost, seconds)

    def issue_new_wss_url(self) -> str:
        """Ask for an address once: slack_sdk sleeps in here as long as Slack asks, and asks again."""
        try:
            return str(self.web_client.apps_connections_open(app_token=self.app_token)["url"])
        except SlackApiError as error:
            code = str(error.response.get("error"))
            if code in _NEVER:
                self._lose(f"Slack does not take SLACK_APP_TOKEN any more: {code}.")
            raise

    def connect(self) -> None:
        """Open a connection; it counts when it is greeted."""
        self._forget_greeting()
        super().connect()

    def connect_to_new_endpoint(self, force: bool = False) -> None:
        """Open another connection, later and later while that leads nowhere; three threads of slack_sdk ask for it."""
        asked_for = self.session_id()
        with self._turn:
            already = self.is_connected() and (not force or self.session_id() != asked_for)
            if already or self.lost or self._ending.wait(self._pause()):
                return
            try:
                super().connect_to_new_endpoint(force=True)
                if self._ending.is_set():
                    self.disconnect()
            except Exception as error:  # noqa: BLE001 - whatever it was, the next try comes, or the end with a sentence
                self.why = str(error)
                logs.write("slack_not_reached", level=logging.WARNING, tries=self._tries, why=self.why)

    def run_message_listeners(self, message: dict[str, Any], raw_message: str) -> None:
        """Answer one message, and count it as one in hand: slack_sdk hangs up without a look at them."""
        with self._changed:
            self._in_hand += 1
        try:
            super().run_message_listeners(message, raw_message)
        finally:
            with self._changed:
                self._in_hand -= 1
                self._changed.notify_all()

    def wait_until_idle(self, seconds: float) -> None:
        """Wait, so long at most, until no message is in hand."""
        with self._changed:
            self._changed.wait_for(lambda: self._in_hand == 0, seconds)

    def _pause(self) -> float:
        """Count this try, and say how long to wait before it."""
        self._note_steadiness()
        pause = self._backoff.before(self._tries)
        self._tries += 1
        return pause

    def _hear(self, text: str) -> None:
        """Look at what Slack says of the connection itself; requests are for others."""
        message = _parsed(text) if len(text) < _LONGEST else {}
        if message.get("type") == "hello":
            with self._changed:
                self._greeted_at = time.monotonic()
                self._changed.notify_all()
        elif message.get("type") == "disconnect":
            self._sent_away(str(message.get("reason")))

    def _sent_away(self, reason: str) -> None:
        ordinary = reason in _ORDINARY
        why = _REASONS.get(reason, f"Slack ended the connection: {reason}.")
        logs.write("slack_sent_away", level=logging.INFO if ordinary else logging.WARNING, code=reason, why=why)
        if not ordinary:
            self.why = why
            self._forget_greeting()
        if reason == "link_disabled":
            self._lose(why)

    def _forget_greeting(self) -> None:
        """Count as unreachable until the next hello."""
        with self._changed:
            self._note_steadiness()
            self._greeted_at = None

    def _note_steadiness(self) -> None:
        """Let the next connection follow a good one at once."""
        if self._greeted_at is not None and time.monotonic() - self._greeted_at >= STEADY:
            self._tries = 0

    def _lose(self, sentence: str) -> None:
        with self._changed:
            self.lost = sentence
            self._changed.notify_all()

    def disconnect(self) -> None:
        """Hang up; slack_sdk's reader may be doing the same, and neither waits for the other (3.47, connection.py)."""
        with suppress(AttributeError):
            super().disconnect()

    def close(self) -> None:
        """Hang up, and try no more."""
        self._ending.set()
        super().close()


def _parsed(text: str) -> dict[str, Any]:
    try:
        message = json.loads(text)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}
