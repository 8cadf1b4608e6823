"""A stage: simulated Slack, simulated mPaaS, a store and the bot's real processes, put up and taken down together.

The story plays on it, and so do the tests. The bot's processes get an environment of their own: nothing of the person's
real tokens reaches them, and no ``.env`` is read.
"""

import os
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.playground.bot_process import BotProcess
from bot.playground.cast import ANA, APPROVALS, ONCALL, TEAM
from bot.playground.mpaas.results import App
from bot.playground.mpaas.sim import MpaasSim
from bot.playground.slack.sim import SlackSim

LIVE, TEST = App("ONEXLIVE", "default"), App("ONEXTEST", "test")
ACCESS_KEYS = {"playground-live-id": "playground-live-secret", "playground-test-id": "playground-test-secret"}
TEST_APPROVALS = "C0002BROADCASTS"

CONFIGURATION = """\
team_id  = "{team}"
timezone = "Asia/Shanghai"

[targets.live]
environment       = "live"
app_id            = "{live.app_id}"
workspace_id      = "{live.workspace_id}"
endpoint          = "{endpoint}"
platforms         = ["android", "ios", "harmonyos"]
approvals_channel = "{approvals}"
requesters        = ["{requester}"]
approvers         = ["{approvers}"]
quorum            = {quorum}
veto_window       = "{veto}"

[targets.test]
environment       = "test"
app_id            = "{test.app_id}"
workspace_id      = "{test.workspace_id}"
endpoint          = "{endpoint}"
platforms         = ["android", "ios", "harmonyos"]
approvals_channel = "{test_approvals}"
requesters        = ["{requester}"]
approvers         = ["{approvers}"]
veto_window       = "0s"
access_key_id_env     = "PLAYGROUND_TEST_ID"
access_key_secret_env = "PLAYGROUND_TEST_SECRET"
"""

_NOT_OURS = ("SLACK_", "MPAAS_", "ALIBABA_", "BROADCAST_", "REDIS_", "PLAYGROUND_", "HTTP_PROXY", "HTTPS_PROXY")


class Stage:
    """Put everything up on entering, take everything down on leaving.

    ``processes`` are the bot's verbs; ``quorum`` and ``veto`` ("3s") are those of the live target.
    """

    def __init__(
        self,
        *,
        processes: Iterable[tuple[str, ...]] = (("slack",), ("worker",)),
        port: int = 0,
        quorum: int = 1,
        veto: str = "3s",
    ) -> None:
        self._verbs = tuple(processes)
        self._port = port
        self._rules = {"quorum": quorum, "veto": veto}
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
        started = [self.start(*verb) for verb in self._verbs]
        for bot in started:
            bot.ready()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the bot, then the simulators; the store goes with its last user."""
        self._stack.close()

    def start(self, *verb: str) -> BotProcess:
        """Start one more process of the bot; it is stopped with the stage."""
        bot = BotProcess(*verb, directory=self.directory, environ=self.environ())
        self._stack.callback(bot.stop)
        self.bots.append(bot)
        return bot

    def environ(self) -> dict[str, str]:
        """Make the environment of the bot's processes."""
        keys = list(ACCESS_KEYS.items())
        return _without_secrets(os.environ) | {
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_API_URL": self.slack.api_url,
            "BROADCAST_DATA_DIR": str(self.directory / "var"),
            "MPAAS_AK_ENV": keys[0][0],
            "MPAAS_SK_ENV": keys[0][1],
            "PLAYGROUND_TEST_ID": keys[1][0],
            "PLAYGROUND_TEST_SECRET": keys[1][1],
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }

    def _configuration(self) -> str:
        return CONFIGURATION.format(
            team=TEAM,
            live=LIVE,
            test=TEST,
            endpoint=self.mpaas.url.rstrip("/"),
            approvals=APPROVALS.id,
            test_approvals=TEST_APPROVALS,
            requester=ANA.id,
            approvers=ONCALL.id,
            **self._rules,
        )


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the playground reads a clock


def _without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if not name.upper().startswith(_NOT_OURS)}
