"""The stage: what it puts up stands apart from the person's own accounts, and all of it is taken down."""

import logging
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.domain.content import RequestId
from bot.errors import UnknownRequest
from bot.playground.bot_process import BotDied
from bot.playground.stage import Stage


def is_closed(url: str) -> bool:
    parts = urlsplit(url)
    with socket.socket() as probe:
        return probe.connect_ex((parts.hostname, parts.port)) != 0


def test_an_operator_and_a_test_see_the_store_of_the_bot() -> None:
    with Stage(processes=(("worker",),)) as stage:
        listed = stage.operate("list")
        assert (listed.returncode, listed.stderr) == (0, "")
        assert listed.stdout == f"The store in {stage.directory / 'var'}:\nThere are no such requests.\n"
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
