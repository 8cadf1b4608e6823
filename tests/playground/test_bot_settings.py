"""What the bot is given on a stage: nothing of the person's own, and settings that the bot accepts."""

import json
import subprocess
import sys

import pytest
from places import ROOT

from bot.playground.bot_settings import Rules, configuration
from bot.playground.stage import Stage
from bot.settings import Settings

OF_THE_PERSON = {
    "SLACK_BOT_TOKEN": "xoxb-of-the-person",
    "slack_app_token": "xapp-of-the-person",
    "MPAAS_SK_ENV": "secret-of-the-person",
    "ALIBABA_CLOUD_SECURITY_TOKEN": "token-of-the-person",
    "BROADCAST_SEAL_KEY": "key-of-the-person",
    "REDIS_URL": "redis://of-the-person",
    "https_proxy": "http://proxy-of-the-person",
}


def test_nothing_of_the_persons_own_accounts_reaches_the_bot() -> None:
    script = (
        "import json; from bot.playground.stage import Stage\n"
        "with Stage(processes=()) as stage: print(json.dumps(stage.environ()))\n"
    )
    environ = OF_THE_PERSON | {"PYTHONPATH": str(ROOT), "KEPT": "1"}
    said = subprocess.run(
        [sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=True, timeout=60
    ).stdout
    assert "of-the-person" not in said
    assert json.loads(said)["KEPT"] == "1"


def test_its_rules_are_settings_that_the_bot_accepts() -> None:
    more = {"calm": Rules(veto="1h", quorum=2, approvers=("U02BO", "U03CHEN"))}
    with Stage(processes=(), quorum=2, veto="5s", targets=more) as stage:
        settings = Settings.from_environ(
            stage.environ(), directory=stage.directory, needs=frozenset({"slack", "mpaas"})
        )
    found = {name: (str(it.environment), it.quorum, it.veto_window) for name, it in settings.targets.items()}
    assert found == {"live": ("live", 2, 5), "test": ("test", 1, 0), "calm": ("live", 2, 3600)}
    live, test = (settings.access_keys[name].id.get_secret_value() for name in ("live", "test"))
    assert live != test


@pytest.mark.parametrize("environment", ["live", "test"])
def test_a_target_has_the_app_and_the_key_of_its_environment_alone(environment: str) -> None:
    written = configuration({"it": Rules("live" if environment == "live" else "test")}, endpoint="http://127.0.0.1:1")
    other = {"live": ("ONEXTEST", "PLAYGROUND_TEST"), "test": ("ONEXLIVE", "MPAAS_")}[environment]
    assert not [word for word in other if word in written]
