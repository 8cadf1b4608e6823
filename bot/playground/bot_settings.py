"""What the bot is given on a stage: its ``broadcast.toml`` and its environment, as an operator would write them.

The environment is the bot's own: nothing of the person's real tokens reaches it. All keys and apps are invented.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from bot.playground.cast import ANA, APPROVALS, ONCALL, TEAM
from bot.playground.mpaas.results import App
from bot.playground.slack.sim import SlackSim

LIVE, TEST = App("ONEXLIVE", "default"), App("ONEXTEST", "test")
ACCESS_KEYS = {"playground-live-id": "playground-live-secret", "playground-test-id": "playground-test-secret"}
KEYS_OF = MappingProxyType(
    {"live": ("MPAAS_AK_ENV", "MPAAS_SK_ENV"), "test": ("PLAYGROUND_TEST_ID", "PLAYGROUND_TEST_SECRET")}
)
"""The variables that hold the AccessKey of each environment: a test never signs with the live one."""

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


def configuration(targets: Mapping[str, Rules], *, endpoint: str) -> str:
    """Write ``broadcast.toml`` for these targets, all of them at one mPaaS."""
    top = _toml({"team_id": TEAM, "timezone": "Asia/Shanghai"})
    tables = [f"[targets.{name}]\n{_toml(_target(rules, endpoint))}" for name, rules in targets.items()]
    return "\n".join([top, *tables])


def _target(rules: Rules, endpoint: str) -> dict[str, object]:
    app = LIVE if rules.environment == "live" else TEST
    key_id, secret = KEYS_OF[rules.environment]
    return {
        "environment": rules.environment,
        "app_id": app.app_id,
        "workspace_id": app.workspace_id,
        "endpoint": endpoint,
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


def environment(slack: SlackSim, *, data_dir: Path) -> dict[str, str]:
    """Make the environment of the bot's processes, from what is harmless in this one's."""
    variables = [name for pair in KEYS_OF.values() for name in pair]
    keys = [part for pair in ACCESS_KEYS.items() for part in pair]
    return (
        {name: value for name, value in os.environ.items() if not name.upper().startswith(_NOT_OURS)}
        | dict(zip(variables, keys, strict=True))
        | {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": slack.api_url,
            "BROADCAST_DATA_DIR": str(data_dir),
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
    )
