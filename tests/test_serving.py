"""The processes: how they begin, how they refuse to begin, and how they end."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
import redis
from loops.log_lines import logged
from operations.bench import Bench, bench_for_processes, nothing_of_ours
from store.servers import ALWAYS, running

from bot import serving
from bot.domain.states import LegState
from bot.playground.bot_process import BotDied, BotProcess
from bot.playground.cast import ANA, GENERAL
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.serving import LAST_CALL, Loop
from bot.store.connection import connect

PLATFORMS_GIVE = 10.0
"""Seconds between SIGTERM and SIGKILL on the platforms that run such processes."""

LAZY = ALWAYS | {"appendfsync": "everysec"}
EVICTING = ALWAYS | {"maxmemory": "100mb", "maxmemory-policy": "allkeys-lru"}


@pytest.fixture
def bench(redis_client: redis.Redis, tmp_path: Path) -> Iterator[Bench]:
    with bench_for_processes(redis_client, tmp_path) as bench:
        yield bench


@contextmanager
def started(bench: Bench, *verb: str, environ: dict[str, str]) -> Iterator[BotProcess]:
    process = BotProcess(*verb, directory=bench.folder, environ=nothing_of_ours() | environ)
    try:
        yield process
    finally:
        if process.alive:
            process.kill()


def stopped(process: BotProcess) -> int:
    """Ask a process to stop; demand that it does in time, and give its status."""
    began = time.monotonic()
    status = process.stop()
    assert time.monotonic() - began < PLATFORMS_GIVE
    return status


def refused(bench: Bench, *verb: str, environ: dict[str, str]) -> tuple[int, list[str]]:
    """Start a process that must not begin; give its status and what it said."""
    with started(bench, *verb, environ=environ) as process:
        with pytest.raises(BotDied):
            process.ready()
        return process.stop(), process.lines


# Processes ---------------------------------------------------------------------------------------------------------


def test_one_process_over_http_does_everything_and_ends_when_asked(bench: Bench, redis_url: str) -> None:
    with started(bench, "run", "--http", "0", environ=bench.environ(REDIS_URL=redis_url)) as process:
        process.ready()
        (listening,) = process.logged("listening")
        bench.slack.connect_http(listening["address"])
        assert bench.slack.command(ANA.id, GENERAL.id, "/broadcast help").failure == ""
        bench.approved()
        assert bench.mpaas.journal.wait(lambda _: len(bench.executed()) == 2, seconds=20)
        assert bench.slack.wait_until(lambda: len(bench.posted()) == 1, timeout=20)
        assert stopped(process) == 0
    assert process.logged("stopped")
    log = "\n".join(process.lines)
    assert not [secret for secret in bench.settings.secrets() if secret in log]


def test_a_process_that_listens_over_socket_mode_ends_when_asked(bench: Bench, redis_url: str) -> None:
    with started(bench, "slack", environ=bench.environ(REDIS_URL=redis_url)) as process:
        process.ready()
        assert bench.slack.wait_until(lambda: bench.slack.sockets == 1, timeout=20)
        assert bench.slack.command(ANA.id, GENERAL.id, "/broadcast help").failure == ""
        assert bench.store.alive("worker") == ()
        assert stopped(process) == 0
    assert bench.slack.wait_until(lambda: bench.slack.sockets == 0, timeout=20)


def test_a_worker_that_is_asked_to_stop_finishes_the_call_in_hand_and_no_more(bench: Bench, redis_url: str) -> None:
    request = bench.approved()
    bench.mpaas.misbehave(Misbehaviour(kind="hang", action="PushBroadcast"))
    with started(bench, "worker", environ=bench.environ(REDIS_URL=redis_url)) as process:
        assert bench.mpaas.journal.wait(lambda _: bool(bench.pushes()), seconds=30)
        letting_go = threading.Timer(0.5, bench.mpaas.let_go)
        letting_go.start()
        assert stopped(process) == 0
        letting_go.join()
    assert bench.legs(request) == {"android": LegState.ACCEPTED, "ios": LegState.WAITING}


# Refusals ----------------------------------------------------------------------------------------------------------


def test_wrong_settings_end_a_process_with_status_2_and_every_mistake(bench: Bench) -> None:
    bench.configure(quorum=12, approvers=["bo"])
    environ = {"SLACK_BOT_TOKEN": "xoxp-wrong", "REDIS_URL": "localhost", "MPAAS_AK_ENV": "id"}
    status, said = refused(bench, "run", environ=environ)
    assert status == 2
    assert said[0] == "broadcast-bot: the settings are not right:"
    for place in (
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "REDIS_URL",
        "BROADCAST_SEAL_KEY",
        "broadcast.toml, targets.live.approvers",
        "broadcast.toml, targets.live.quorum",
    ):
        assert [line for line in said if line.startswith(f"- {place}")], (place, said)
    assert not [line for line in said if "Traceback" in line]


@pytest.mark.parametrize(
    ("verb", "options", "forbidden", "sentence"),
    [
        ("worker", {"appendonly": "no"}, "", "keeps no append-only file, so a restart forgets: set appendonly yes."),
        (
            "slack",
            LAZY,
            "",
            "appendfsync is everysec, so a power cut may forget a send: set it to always, or add a replica.",
        ),
        (
            "worker",
            EVICTING,
            "",
            "maxmemory-policy is allkeys-lru, so records may be thrown away: set it to noeviction.",
        ),
        ("run", ALWAYS, "-info", "could not be noticed: allow the bot's user to run INFO."),
        ("worker", ALWAYS, "-config", "hides appendfsync: let the bot's user run CONFIG GET, or add a replica."),
    ],
    ids=["AOF off", "everysec", "evicting", "INFO forbidden", "CONFIG forbidden"],
)
def test_a_store_that_may_forget_ends_a_process_with_what_to_change(
    bench: Bench, tmp_path: Path, *, verb: str, options: dict[str, str], forbidden: str, sentence: str
) -> None:
    with running(tmp_path / "server", options) as server:
        if forbidden:
            with connect(server.url) as client:
                client.execute_command("ACL", "SETUSER", "default", forbidden)
        status, said = refused(bench, verb, environ=bench.environ(REDIS_URL=server.url))
    assert status == 1
    assert len(said) == 1
    assert said[0].startswith("broadcast-bot: ")
    assert said[0].endswith(sentence)


def test_a_token_slack_does_not_take_ends_a_process_with_status_2(bench: Bench, redis_url: str) -> None:
    bench.slack.fault("auth.test", "error", code="invalid_auth", times=5)
    status, said = refused(bench, "slack", environ=bench.environ(REDIS_URL=redis_url))
    assert status == 2
    assert "- SLACK_BOT_TOKEN: Slack did not accept it, or could not be reached" in "\n".join(said)
    assert bench.slack.bot_token not in "\n".join(said)


def test_a_port_that_is_taken_ends_a_process_with_status_2(bench: Bench, redis_url: str) -> None:
    port = bench.slack.address.rpartition(":")[2]
    status, said = refused(bench, "slack", "--http", port, environ=bench.environ(REDIS_URL=redis_url))
    assert status == 2
    assert f"- --http: 127.0.0.1:{port} cannot be listened on" in "\n".join(said)


# Loops -------------------------------------------------------------------------------------------------------------


class Latch:
    """A door that only remembers what was done with it."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def open(self) -> None:
        self.done.append("opened")

    def close(self) -> None:
        self.done.append("closed")


def break_down() -> None:
    raise RuntimeError("half a bot would go unnoticed")


def test_a_loop_that_dies_ends_the_whole_process_with_status_1() -> None:
    # The rest of `serve` needs settings and signals; that a dead loop ends it is this function's.
    stopping, door = Event(), Latch()
    sound = Loop(lambda: assert_set(stopping), stopping)
    with logged() as lines:
        status = serving._until_stopped([door], [Loop(break_down, stopping), sound], stopping)
    assert (status, door.done, sound.died) == (1, ["opened", "closed"], False)
    (line,) = lines.of("loop_died")
    assert (line["error"], line["why"]) == ("RuntimeError", "half a bot would go unnoticed")
    assert "break_down" in line["trace"]


def assert_set(stopping: Event) -> None:
    assert stopping.wait(10)


def test_loops_that_end_because_they_were_asked_to_end_with_status_0() -> None:
    stopping, door = Event(), Latch()
    stopping.set()
    assert serving._until_stopped([door], [Loop(lambda: None, stopping)], stopping) == 0


def test_the_last_call_is_shorter_than_what_platforms_give() -> None:
    assert LAST_CALL < PLATFORMS_GIVE
