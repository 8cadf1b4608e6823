"""No secret in any log, error, repr or crash dump: planted ones are searched for in all that real processes write."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import clock
import pytest
import redis
from desk import ASK
from hostile import canaries
from hostile.canaries import found_in
from operations.bench import LIVE, TEST, Bench, nothing_of_ours
from store.servers import ALWAYS, free_port, running

from bot import wiring
from bot.domain.seals import Sealer
from bot.errors import BotError
from bot.playground.bot_process import THE_BOT, BotProcess
from bot.playground.cast import ANA, BO, GENERAL
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.mpaas.sim import MpaasSim
from bot.playground.slack.sim import SlackSim
from bot.settings import Settings
from bot.settings.environment import Environment
from bot.store.room import not_ahead
from bot.store.store import RequestStore

KEYS = {canaries.KEY_ID: canaries.KEY_SECRET}


class Planted(Bench):
    """A bench on which every secret is a canary."""

    def __init__(self, store: RequestStore, folder: Path) -> None:
        super().__init__(store, folder, ahead=not_ahead)  # real processes take no other clock
        self.slack = SlackSim(
            bot_token=canaries.BOT_TOKEN, app_token=canaries.APP_TOKEN, signing_secret=canaries.SIGNING_SECRET
        )
        self.mpaas = MpaasSim(apps=(LIVE, TEST), access_keys=KEYS, now=clock.machine_now)
        self.written: list[str] = []

    def environ(self, **changes: str) -> dict[str, str]:
        key = {"MPAAS_AK_ENV": canaries.KEY_ID, "MPAAS_SK_ENV": canaries.KEY_SECRET}
        return super().environ() | key | {"BROADCAST_SEAL_KEY": canaries.SEAL_KEY} | changes

    def hear(self, *verb: str, **changes: str) -> str:
        """Run a verb to its end; give all it wrote."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", *verb], cwd=self.folder, env=nothing_of_ours() | self.environ(**changes),
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        return done.stdout + done.stderr

    @contextmanager
    def process(self, *verb: str, program: tuple[str, ...] = THE_BOT, **changes: str) -> Iterator[BotProcess]:
        environ = nothing_of_ours() | self.environ(**changes)
        process = BotProcess(*verb, directory=self.folder, environ=environ, program=program)
        try:
            yield process
        finally:
            if process.alive:
                process.kill()

    def __enter__(self) -> Self:
        super().__enter__()
        return self


@pytest.fixture
def bench(redis_client: redis.Redis, tmp_path: Path) -> Iterator[Planted]:
    store = RequestStore(redis_client, sealer=Sealer(canaries.SEAL_KEY.encode()))
    with Planted(store, tmp_path) as bench:
        yield bench


def log_of(process: BotProcess) -> str:
    return "\n".join(process.lines)


# Processes at work, with everything going wrong ----------------------------------------------------------------------


def test_nothing_is_written_while_everything_goes_wrong_at_the_loudest_level(bench: Planted, redis_url: str) -> None:
    slack, loud = bench.slack, ("--log-level", "DEBUG")
    store = {"REDIS_URL": redis_url}
    with (
        bench.process("slack", "--http", "0", *loud, **store) as listening,
        bench.process("worker", *loud, **store) as worker,
    ):
        listening.ready()
        worker.ready()
        slack.connect_http(listening.logged("listening")[0]["address"])
        for kind in ("http_500", "reset_before", "error", "ratelimited"):
            slack.fault("views.open", kind, times=2, seconds=9)  # type: ignore[arg-type]  # a parameter is any text to mypy
            slack.command(ANA.id, GENERAL.id, "/broadcast")
        slack.fault("chat.postMessage", "http_500")
        slack.fault("chat.postMessage", "reset_after")
        slack.command(ANA.id, GENERAL.id, f"/broadcast {ASK.format(target='live')}")
        bench.mpaas.misbehave(Misbehaviour(kind="rubbish", action="PushBroadcast"))
        bench.mpaas.misbehave(Misbehaviour(kind="reset", action="PushBroadcast"))
        request = bench.approved()
        assert bench.mpaas.journal.wait(lambda _: len(bench.pushes()) >= 1, seconds=20)
        assert bench.slack.wait_until(lambda: bool(bench.posted()), timeout=20)
        unsigned = slack.signing_secret
        slack.connect_http(listening.logged("listening")[0]["address"], "not the secret")
        slack.command(BO.id, GENERAL.id, f"/broadcast show {request.id}")
        slack.connect_http(listening.logged("listening")[0]["address"], unsigned)
        listening.stop()
        worker.stop()
    said = log_of(listening) + log_of(worker)
    assert "incident" in said
    assert "refused" in said
    assert found_in(said) == []


def test_nothing_is_written_over_socket_mode(bench: Planted, redis_url: str) -> None:
    with bench.process("run", "--log-level", "DEBUG", REDIS_URL=redis_url) as process:
        process.ready()
        assert bench.slack.wait_until(lambda: bench.slack.sockets == 1, timeout=20)
        bench.slack.fault("views.open", "http_500", times=2)
        bench.slack.command(ANA.id, GENERAL.id, "/broadcast")
        bench.slack.drop_sockets()
        process.stop()
    assert "incident" in log_of(process)
    assert found_in(log_of(process)) == []


# Operators' verbs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", ["none", "key", "token", "slack", "redirect", "garbage", "temporary"])
def test_doctor_tells_what_is_wrong_and_no_secret(bench: Planted, redis_url: str, trouble: str) -> None:
    changes = {"REDIS_URL": redis_url}
    if trouble == "key":
        changes["MPAAS_SK_ENV"] = canaries.KEY_SECRET[::-1]
    if trouble == "token":
        changes["SLACK_BOT_TOKEN"] = f"{canaries.BOT_TOKEN}x"
    if trouble == "slack":
        bench.slack.fault("*", "http_500", times=None)
    if trouble == "redirect":
        changes["SLACK_API_URL"] = f"{bench.mpaas.url.rstrip('/')}/api"
    if trouble == "garbage":
        bench.mpaas.misbehave(Misbehaviour(kind="rubbish", times=None))
    if trouble == "temporary":
        changes |= {"MPAAS_AK_ENV": "", "MPAAS_SK_ENV": "", "ALIBABA_CLOUD_ACCESS_KEY_ID": canaries.KEY_ID}
        changes["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = canaries.KEY_SECRET
        changes["ALIBABA_CLOUD_SECURITY_TOKEN"] = canaries.SECURITY_TOKEN
    said = bench.hear("doctor", **changes)
    assert "live: mPaaS" in said
    assert ("FAIL" in said) or trouble == "none"
    assert found_in(said) == []


def test_a_store_that_refuses_the_password_is_told_without_it(bench: Planted, tmp_path: Path) -> None:
    port = free_port()
    options = ALWAYS | {"port": str(port), "requirepass": "another", "maxmemory-policy": "noeviction"}
    with running(tmp_path / "locked", options):
        url = f"redis://:{quote(canaries.REDIS_PASSWORD, safe='')}@127.0.0.1:{port}/0"
        for verb in (("doctor",), ("list",), ("run", "--log-level", "DEBUG"), ("worker",)):
            said = bench.hear(*verb, REDIS_URL=url)
            assert "The store did not do what it was asked" in said or "WRONGPASS" in said, said
            assert found_in(said) == []


@pytest.mark.parametrize("variable", Environment.model_fields)
@pytest.mark.parametrize("secret", canaries.EVERY)
def test_a_secret_in_the_wrong_variable_is_not_repeated(tmp_path: Path, variable: str, secret: str) -> None:
    with pytest.raises(BotError) as error:
        Settings.from_environ({variable: secret}, directory=tmp_path)
    assert found_in(f"{error.value} {error.value!r}") == [] or variable == "BROADCAST_CONFIG", "a path is named"


@pytest.mark.parametrize("secret", [canaries.KEY_SECRET, canaries.BOT_TOKEN, canaries.SIGNING_SECRET, canaries.KEY_ID])
def test_a_secret_in_the_wrong_line_of_the_configuration_is_not_repeated(
    bench: Planted, tmp_path: Path, secret: str
) -> None:
    path = tmp_path / "broadcast.toml"
    good = path.read_text(encoding="utf-8")
    lines = good.splitlines()
    for place, line in enumerate(lines):
        name, equals, _ = line.partition(" = ")
        if not equals:
            continue
        for wrong in (f'{name} = "{secret}"', f'{name} = ["{secret}"]', f'"{secret}" = 1', f"{name}= {secret}"):
            path.write_text("\n".join([*lines[:place], wrong, *lines[place + 1 :]]), encoding="utf-8")
            try:
                settings = Settings.from_environ(bench.environ(), directory=tmp_path)
            except BotError as error:
                said = str(error) + repr(error)
                assert f"{name}" in said or "TOML" in said or "no such key" in said
                if wrong.startswith(name):
                    assert found_in(said) == [], wrong
            else:
                assert name in {"app_id", "workspace_id", "tenant_id"}, "only what may be anything is taken"
                assert settings


# Crashes -------------------------------------------------------------------------------------------------------------

BOOM = """
import os, sys, threading
from bot import cli, serving

def boom(*_, **__):
    hidden = {name: value for name, value in os.environ.items() if "CANARY" in value}
    raise RuntimeError("could not connect with " + repr(hidden))

if sys.argv[1] == "thread":
    threading.Timer(0.5, boom).start()
else:
    threading.Timer(0.5, lambda: None).start()
    serving.logs.write = boom
sys.exit(cli.main(sys.argv[2:]))
"""


@pytest.mark.parametrize("where", ["thread", "main"])
def test_an_exception_that_nobody_catches_is_written_without_secrets(
    bench: Planted, redis_url: str, where: str
) -> None:
    program = ("-c", BOOM, where)
    with bench.process("worker", program=program, REDIS_URL=redis_url) as process:
        died = process.wait_for("uncaught", timeout=30)
        process.stop()
    assert died["error"] == "RuntimeError"
    assert "could not connect with" in died["why"]
    assert "boom" in died["trace"]
    assert found_in(log_of(process)) == []


@pytest.mark.parametrize("number", [signal.SIGABRT, signal.SIGSEGV])
def test_a_crash_dump_of_the_interpreter_names_functions_and_no_values(
    bench: Planted, redis_url: str, number: signal.Signals
) -> None:
    with bench.process("run", "--log-level", "DEBUG", REDIS_URL=redis_url, PYTHONFAULTHANDLER="1") as process:
        process.ready()
        os.kill(process.pid, number)
        assert process.ended(within=20)
        process.stop()
    assert "Fatal Python error" in log_of(process)
    assert "File " in log_of(process)
    assert found_in(log_of(process)) == []


# Files and reprs -----------------------------------------------------------------------------------------------------


def test_no_file_of_the_bot_holds_a_secret_but_the_key_it_makes_itself(bench: Planted) -> None:
    (bench.folder / "broadcast.toml").read_text(encoding="utf-8")
    with bench.process("run", "--http", "0", BROADCAST_SEAL_KEY="") as process:
        process.ready()
        bench.slack.connect_http(process.logged("listening")[0]["address"])
        bench.slack.command(ANA.id, GENERAL.id, f"/broadcast {ASK.format(target='live')}")
        bench.slack.submit(ANA.id, bench.slack.view(ANA.id))
        assert bench.slack.wait_until(lambda: bool(bench.posted()), timeout=20)
        process.stop()
    own = (bench.folder / "var" / "seal.key").read_text(encoding="ascii").strip()
    assert re.fullmatch(r"[0-9a-f]{64}", own)
    kept = [path for path in bench.folder.rglob("*") if path.is_file() and path.name != "seal.key"]
    assert len(kept) > 2
    for path in kept:
        text = path.read_bytes().decode("latin-1")
        assert found_in(text) == [], path
        assert own not in text, path
    assert own not in log_of(process)


def everything(value: Any, depth: int = 3) -> Iterator[Any]:
    """Give a thing, the things it holds, and those that they hold."""
    if depth and hasattr(value, "__dict__"):
        yield value
        for part in vars(value).values():
            yield from everything(part, depth - 1)


def test_no_repr_of_the_bots_own_things_shows_a_secret(bench: Planted) -> None:
    password = "redis://:{}@127.0.0.1:1/0"
    temporary = {"ALIBABA_CLOUD_ACCESS_KEY_ID": canaries.KEY_ID, "MPAAS_AK_ENV": "", "MPAAS_SK_ENV": ""}
    temporary |= {"ALIBABA_CLOUD_ACCESS_KEY_SECRET": canaries.KEY_SECRET}
    temporary |= {"ALIBABA_CLOUD_SECURITY_TOKEN": canaries.SECURITY_TOKEN}
    url = password.format(quote(canaries.REDIS_PASSWORD, safe=""))
    settings = Settings.from_environ(bench.environ(REDIS_URL=url, **temporary), directory=bench.folder)
    with wiring.open_store(settings) as store:
        context = wiring.make_context(settings, store)
        app = wiring.make_app(settings, context)
        things = (settings, context, store, app, wiring.slack_client(settings, timeout=1))
        assert {type(thing).__name__ for thing in things} == {
            "Settings",
            "Context",
            "RequestStore",
            "TimedApp",
            "WebApi",
        }
        for thing in things:
            assert found_in(repr(thing) + str(thing)) == [], thing
        for client in (*context.clients.values(), *context.quick_clients.values()):
            assert [repr(part) for part in everything(client) if found_in(repr(part))] == []
            client.close()
        assert found_in(repr(store._client)) == []
    assert set(settings.secrets()) >= set(canaries.EVERY)
