"""A stage: simulated Slack, simulated mPaaS, a store and the bot's real processes, put up and taken down together.

The story plays on it, and so do the tests. The bot's processes get an environment of their own: nothing of the person's
real tokens reaches them, and no ``.env`` is read.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Literal, Self

from bot.playground.bot_process import START, BotProcess
from bot.playground.cast import ANA, APPROVALS, BROADCASTS, ONCALL, TEAM
from bot.playground.mpaas.results import App
from bot.playground.mpaas.sim import MpaasSim
from bot.playground.slack.sim import SlackSim
from bot.store.connection import connect
from bot.store.embedded import EmbeddedValkey
from bot.store.store import RequestStore

LIVE, TEST = App("ONEXLIVE", "default"), App("ONEXTEST", "test")
ACCESS_KEYS = {"playground-live-id": "playground-live-secret", "playground-test-id": "playground-test-secret"}
KEYS_OF = MappingProxyType(
    {"live": ("MPAAS_AK_ENV", "MPAAS_SK_ENV"), "test": ("PLAYGROUND_TEST_ID", "PLAYGROUND_TEST_SECRET")}
)
"""The variables that hold the AccessKey of each environment: a test never signs with the live one."""

OPERATOR = 30.0
"""Seconds that an operator's verb may take."""

_NOT_OURS = ("SLACK_", "MPAAS_", "ALIBABA_", "BROADCAST_", "REDIS_", "PLAYGROUND_", "HTTP_PROXY", "HTTPS_PROXY")
_PLATFORMS = ["android", "ios", "harmonyos"]


@dataclass(frozen=True)
class Rules:
    """Say the rules of one target, in the words of ``broadcast.toml``; ``veto`` is a duration such as "3s"."""

    environment: Literal["live", "test"] = "live"
    quorum: int = 1
    veto: str = "3s"
    approvals: str = APPROVALS.id
    requesters: tuple[str, ...] = (ANA.id,)
    approvers: tuple[str, ...] = (ONCALL.id,)


class Stage:
    """Put everything up on entering, take everything down on leaving.

    ``processes`` are the bot's verbs; one with ``--http`` is called by the simulated Slack over signed HTTP. There is a
    target ``live`` with this ``quorum`` and ``veto`` ("3s"), and a target ``test``; ``targets`` adds more of them.
    """

    def __init__(
        self,
        *,
        processes: Iterable[tuple[str, ...]] = (("slack",), ("worker",)),
        port: int = 0,
        quorum: int = 1,
        veto: str = "3s",
        targets: Mapping[str, Rules] = MappingProxyType({}),
    ) -> None:
        self._verbs = tuple(processes)
        self._port = port
        own = {"live": Rules(quorum=quorum, veto=veto), "test": Rules("test", veto="0s", approvals=BROADCASTS.id)}
        self.targets: Mapping[str, Rules] = MappingProxyType(own | dict(targets))
        self._stack = ExitStack()
        self.slack = SlackSim()
        self.mpaas = MpaasSim(apps=(LIVE, TEST), access_keys=ACCESS_KEYS, now=_now)
        self.bots: list[BotProcess] = []
        self.directory = Path()

    def __enter__(self) -> Self:
        """Start the simulators, then the bot's processes, and wait until they are ready."""
        try:
            return self._put_up()
        except BaseException:
            self._stack.close()
            raise

    def _put_up(self) -> Self:
        self.directory = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="broadcast-")))
        self.slack.start(self._port)
        self._stack.callback(self.slack.stop)
        self.mpaas.start()
        self._stack.callback(self.mpaas.stop)
        (self.directory / "broadcast.toml").write_text(self._configuration(), encoding="utf-8")
        self._stack.callback(self._stop_bots)
        for bot in [self.start(*verb) for verb in self._verbs]:
            bot.ready()
            for listening in bot.logged("listening"):
                self.slack.connect_http(listening["address"])
        wanted = sum(verb[0] in {"slack", "run"} and "--http" not in verb for verb in self._verbs)
        self.slack.wait_until(lambda: self.slack.sockets >= wanted, timeout=START, description="Socket Mode")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the bot, then the simulators; the store goes with its last user."""
        self._stack.close()

    def start(self, *verb: str) -> BotProcess:
        """Start one more process of the bot; it is stopped with the stage."""
        bot = BotProcess(*verb, directory=self.directory, environ=self.environ())
        self.bots.append(bot)
        return bot

    def _stop_bots(self) -> None:
        """Ask all at once; Slack hangs up meanwhile, because slack_sdk's close() waits seconds for its last read."""
        for bot in self.bots:
            bot.terminate()
        with ExitStack() as stopping:
            for bot in self.bots:
                stopping.callback(bot.stop)
            while any(not bot.ended(within=0.1) for bot in self.bots) and self.slack.sockets:
                self.slack.drop_sockets()

    def operate(self, *verb: str) -> "subprocess.CompletedProcess[str]":
        """Run one of an operator's verbs to its end, as at a terminal of the same machine."""
        return subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "bot", *verb],
            cwd=self.directory,
            env=self.environ(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=OPERATOR,
        )

    @contextmanager
    def store(self) -> Iterator[RequestStore]:
        """Open the store that the bot uses; without any process of the bot, start it."""
        with EmbeddedValkey(self.directory / "var") as embedded, connect(embedded.ensure()) as client:
            yield RequestStore(client)

    def environ(self) -> dict[str, str]:
        """Make the environment of the bot's processes."""
        variables = [name for pair in KEYS_OF.values() for name in pair]
        keys = [part for pair in ACCESS_KEYS.items() for part in pair]
        return (
            _without_secrets(os.environ)
            | dict(zip(variables, keys, strict=True))
            | {
                "SLACK_BOT_TOKEN": self.slack.bot_token,
                "SLACK_APP_TOKEN": self.slack.app_token,
                "SLACK_SIGNING_SECRET": self.slack.signing_secret,
                "SLACK_API_URL": self.slack.api_url,
                "BROADCAST_DATA_DIR": str(self.directory / "var"),
                "PYTHONPATH": str(Path(__file__).parents[2]),
            }
        )

    def _configuration(self) -> str:
        top = _toml({"team_id": TEAM, "timezone": "Asia/Shanghai"})
        tables = [f"[targets.{name}]\n{_toml(self._target(rules))}" for name, rules in self.targets.items()]
        return "\n".join([top, *tables])

    def _target(self, rules: Rules) -> dict[str, object]:
        app = LIVE if rules.environment == "live" else TEST
        key_id, secret = KEYS_OF[rules.environment]
        return {
            "environment": rules.environment,
            "app_id": app.app_id,
            "workspace_id": app.workspace_id,
            "endpoint": self.mpaas.url.rstrip("/"),
            "platforms": _PLATFORMS,
            "approvals_channel": rules.approvals,
            "requesters": rules.requesters,
            "approvers": rules.approvers,
            "quorum": rules.quorum,
            "veto_window": rules.veto,
            "access_key_id_env": key_id,
            "access_key_secret_env": secret,
        }


def _toml(table: Mapping[str, object]) -> str:
    """Write a flat table; strings, whole numbers and lists of strings look in TOML as they do in JSON."""
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in table.items())


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the playground reads a clock


def _without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if not name.upper().startswith(_NOT_OURS)}
