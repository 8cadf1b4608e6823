"""The stage: what it puts up stands apart from the person's own accounts, and all of it is taken down."""

import json
import logging
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from places import ROOT

from bot.domain.content import RequestId
from bot.errors import UnknownRequest
from bot.playground.bot_process import BotDied
from bot.playground.stage import Rules, Stage
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


def is_closed(url: str) -> bool:
    parts = urlsplit(url)
    with socket.socket() as probe:
        return probe.connect_ex((parts.hostname, parts.port)) != 0


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


def test_an_operator_and_a_test_see_the_store_of_the_bot() -> None:
    with Stage(processes=(("worker",),)) as stage:
        listed = stage.operate("list")
        assert (listed.returncode, listed.stdout, listed.stderr) == (0, "There are no such requests.\n", "")
        with stage.store() as store:
            assert store.fitness() == []
            assert store.alive("worker")
            with pytest.raises(UnknownRequest):
                store.get(RequestId("7K3M-Q2XD"))


def test_a_stage_that_cannot_be_put_up_leaves_nothing_behind() -> None:
    stage = Stage(processes=(("worker",), ("slack", "--no-such-option")))
    with pytest.raises(BotDied, match="unrecognized arguments"), stage:
        raise AssertionError("It was put up nevertheless.")
    assert [bot.alive for bot in stage.bots] == [False, False]
    assert not stage.directory.exists()


def test_when_it_is_taken_down_nothing_is_left(caplog: pytest.LogCaptureFixture) -> None:
    with Stage() as stage:
        addresses, folder = [stage.slack.address, stage.mpaas.url], stage.directory
        assert stage.slack.sockets == 1
        # A process that is killed hangs up without a word; the simulated Slack does not make a fuss about it.
        stage.bots[0].kill()
        stage.slack.wait_until(lambda: stage.slack.sockets == 0, description="the lost connection")
    assert [bot.alive for bot in stage.bots] == [False, False]
    assert all(is_closed(address) for address in addresses)
    assert not Path(folder).exists()
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []
