"""A stage on which every call of the bot's real processes goes through a relay that can be told to lie.

The processes are those of production, told other addresses. ``relays`` has one relay for each way:

============== ============================================================================================
"slack>store"  the store, as the processes that listen to Slack find it
"slack>slack"  Slack's Web API, as they find it
"worker>store" the store, as the workers find it
"worker>slack" Slack's Web API, as the workers (their announcers) find it
"bot>mpaas"    mPaaS, as all of them find it: approvals are bound to its address, so there is one for all
"slack<slack"  the bot, as Slack finds it; only for ``slack --http``
============== ============================================================================================

Processes of one kind share their relays. What a test itself asks the stage (``store()``, ``slack``, ``mpaas``) goes
through none of them.
"""

import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import Final
from urllib.parse import unquote, urlsplit

from crash.relay import HONEST, Call, Plan, Relay, tcp, unix

from bot.operations.pace import USUAL, Pace
from bot.playground.bot_settings import Rules
from bot.playground.stage import Stage
from bot.settings.seal import seal_key_from

FAST: Final = replace(USUAL, look_again=0.5, after_fault=1.0, slack_call=1, reserved=3, take_over=1.0)
"""A pace at which a crash is over in seconds. A lease stays as long as it is: the stage's clock is moved past it."""


class RelayedStage(Stage):
    """Put up the stage with a relay in every way; ``plan`` may be replaced for one relay, or for all (``lie``)."""

    def __init__(
        self,
        *,
        processes: tuple[tuple[str, ...], ...] = (("slack",), ("worker",)),
        veto: str = "0s",
        targets: Mapping[str, Rules] | None = None,
        plan: Plan = HONEST,
        pace: Pace = FAST,
    ) -> None:
        super().__init__(processes=processes, veto=veto, targets=targets or {}, pace=pace)
        self._plan = plan
        self._listens_at = ""
        self.relays: dict[str, Relay] = {}

    def lie(self, plan: Plan) -> None:
        """Let one plan decide about every call from now on."""
        for relay in self.relays.values():
            relay.plan = plan

    def calls(self) -> Iterator[Call]:
        """Go through every call of every relay; those of one relay in the order in which they arrived."""
        for relay in self.relays.values():
            yield from relay.calls

    def stand_between(self, stack: ExitStack) -> None:
        """Put up a relay for every way."""
        slack = urlsplit(self.slack.api_url)

        def store() -> socket.socket:
            return unix(unquote(self.store_url.removeprefix("unix://")))()

        def bot() -> socket.socket:
            return tcp(urlsplit(self._listens_at).port or 0)()

        made = [Relay("bot>mpaas", tcp(urlsplit(self.mpaas.url).port or 0), "http", self._plan)]
        for kind in sorted({verb[0] for verb in self._verbs} | {"worker"}):
            made.append(Relay(f"{kind}>store", store, "resp", self._plan))
            made.append(Relay(f"{kind}>slack", tcp(slack.port or 0), "http", self._plan, host=slack.netloc))
        made.append(Relay("slack<slack", bot, "http", self._plan))
        self.relays = {relay.link: stack.enter_context(relay) for relay in made}

    def endpoint(self) -> str:
        """Say where all processes find mPaaS."""
        return self._address("bot>mpaas")

    def environ(self) -> dict[str, str]:
        """Add the key that an operator must give when the store is not the bot's own."""
        return super().environ() | {"BROADCAST_SEAL_KEY": seal_key_from(self.directory / "var").get_secret_value()}

    def environ_of(self, verb: tuple[str, ...]) -> dict[str, str]:
        """Tell a process the addresses of its relays."""
        kind = verb[0]
        return self.environ() | {
            "REDIS_URL": f"redis://127.0.0.1:{self.relays[f'{kind}>store'].port}",
            "SLACK_API_URL": f"{self._address(f'{kind}>slack')}/api/",
        }

    def reached_at(self, address: str) -> str:
        """Let Slack reach the bot through a relay too."""
        self._listens_at = address
        return self._address("slack<slack") + urlsplit(address).path

    def _address(self, link: str) -> str:
        return f"http://127.0.0.1:{self.relays[link].port}"
