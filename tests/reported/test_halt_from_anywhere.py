"""The emergency stop acts on the store of the bot that runs, wherever it is said; or it says that there is none."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from builders import REQUEST_ID
from operations.bench import Bench, bench_for_processes, nothing_of_ours
from store.servers import ALWAYS
from store.servers import running as server_running

from bot.playground.bot_process import BotDied, BotProcess
from bot.settings import seal_key_from
from bot.store.connection import connect
from bot.store.embedded import EmbeddedValkey

pytestmark = pytest.mark.long
"""Dozens of real processes."""

OPERATORS = [
    ("list",),
    ("list", "--json"),
    ("show", REQUEST_ID),
    ("settle", REQUEST_ID, "--sent"),
    ("halt", "stop"),
    ("resume",),
    ("audit", "verify"),
    ("audit", "export"),
]


@pytest.fixture
def bench(redis_client: redis.Redis, tmp_path: Path) -> Iterator[Bench]:
    (tmp_path / "bot").mkdir()
    with bench_for_processes(redis_client, tmp_path / "bot") as bench:
        yield bench


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Give the folder in which somebody happens to be."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


def environ(bench: Bench, **changes: str) -> dict[str, str]:
    """Make the environment of a bot with the default data folder and the key that it makes itself."""
    whole = nothing_of_ours() | bench.environ()
    for name in ("BROADCAST_DATA_DIR", "BROADCAST_SEAL_KEY"):
        del whole[name]
    return whole | changes


def said(*verb: str, cwd: Path, environ: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "bot", *verb]
    return subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, timeout=60, check=False)


@contextmanager
def running(cwd: Path, environ: dict[str, str]) -> Iterator[BotProcess]:
    process = BotProcess("worker", directory=cwd, environ=environ)
    try:
        process.ready()
        yield process
    finally:
        process.stop()


def begun(folder: Path) -> None:
    """Let a store have begun in a folder, as the first start of the bot does; its server has ended."""
    seal_key_from(folder)
    with EmbeddedValkey(folder) as server, connect(server.ensure()) as client:
        client.set("a", "b")


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


def test_a_halt_said_in_another_folder_stops_the_bot_that_runs(bench: Bench, elsewhere: Path) -> None:
    """The operator stood in another folder, had an absolute BROADCAST_CONFIG, and a new empty store was halted."""
    with running(bench.folder, environ(bench)):
        halted = said("halt", "wrong", "text", cwd=elsewhere, environ=environ(bench))
        assert (halted.returncode, halted.stderr) == (0, "")
        where = f"in the store in {bench.folder / 'var'}"
        assert halted.stdout == f"All sending is halted until somebody resumes it, {where}.\n"
        resumed = said("resume", cwd=bench.folder, environ=environ(bench, BROADCAST_CONFIG="broadcast.toml"))
        assert resumed.stdout == f"Sending goes on {where}; it was halted by operator:ana.\n"
    assert names_in(elsewhere) == []


@pytest.mark.parametrize("verb", OPERATORS, ids=" ".join)
def test_no_verb_of_an_operator_begins_a_store(bench: Bench, elsewhere: Path, verb: tuple[str, ...]) -> None:
    """Whatever is said where no store is, nothing is made there, and the sentence says where it looked and why."""
    before = names_in(bench.folder)
    ended = said(*verb, cwd=elsewhere, environ=environ(bench))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (
        f"broadcast-bot: There is no store in {bench.folder / 'var'}: BROADCAST_DATA_DIR is not set, which means var, "
        f"and the configuration is {bench.folder / 'broadcast.toml'}. "
        "Let REDIS_URL, BROADCAST_CONFIG and BROADCAST_DATA_DIR be what the running bot has.\n"
    )
    assert names_in(bench.folder) == before
    assert names_in(elsewhere) == []


@pytest.mark.parametrize("half", ["empty", "key", "no data yet"])
def test_a_folder_in_which_no_store_began_is_none(bench: Bench, half: str) -> None:
    """A first start that broke off leaves a folder, a key, or a server's folder without data: a halt would be lost."""
    data = bench.folder / "var"
    data.mkdir(mode=0o700)
    if half != "empty":
        seal_key_from(data)
    if half == "no data yet":
        (data / "appendonlydir").mkdir()
    before = names_in(data)
    ended = said("halt", cwd=bench.folder, environ=environ(bench))
    assert (ended.returncode, "There is no store in" in ended.stderr) == (1, True)
    assert names_in(data) == before


def test_a_store_whose_server_does_not_run_is_served_as_before(bench: Bench, elsewhere: Path) -> None:
    """The bot is down, and its operator lists what it left."""
    begun(bench.folder / "var")
    listed = said("list", cwd=elsewhere, environ=environ(bench))
    assert (listed.returncode, listed.stderr) == (0, "")
    assert listed.stdout == f"The store in {bench.folder / 'var'}:\nThere are no such requests.\n"


def test_a_store_whose_data_is_gone_is_not_halted_anew(bench: Bench) -> None:
    """Somebody lost the data beside its key: an empty store in its place would only look halted."""
    begun(bench.folder / "var")
    for path in (bench.folder / "var" / "appendonlydir").iterdir():
        path.unlink()
    ended = said("halt", cwd=bench.folder, environ=environ(bench))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "The embedded store's data is gone from" in ended.stderr


def test_doctor_says_that_there_is_no_store_yet_and_checks_the_rest(bench: Bench, elsewhere: Path) -> None:
    """Before the first start, doctor made the store that it then found healthy."""
    before = names_in(bench.folder)
    looked = said("doctor", cwd=elsewhere, environ=environ(bench))
    store, *rest = looked.stdout.splitlines()
    assert store.startswith(f"ok    store: There is none in {bench.folder / 'var'} yet (BROADCAST_DATA_DIR is not set")
    assert store.endswith("): the first start makes it.")
    failed = [line for line in rest if line.startswith("FAIL")]
    assert [line.partition(":")[0] for line in failed] == ["FAIL  worker", "FAIL  receiver"], failed
    assert "ok    Slack: broadcast in Harbour" in rest
    assert [line for line in rest if line.startswith("ok    live: mPaaS")]
    assert names_in(bench.folder) == before
    assert names_in(elsewhere) == []


def test_a_bot_does_not_begin_anew_while_its_store_lies_where_it_used_to_be(bench: Bench, elsewhere: Path) -> None:
    """It ran in a folder that is not its configuration's; after the upgrade it would start empty, in silence."""
    begun(elsewhere / "var")
    process = BotProcess("worker", directory=elsewhere, environ=environ(bench))
    with pytest.raises(BotDied):
        process.ready()
    assert process.stop() == 1
    there = elsewhere / "var"
    assert f"There is one in {there}: to go on with it, set BROADCAST_DATA_DIR={there}" in " ".join(process.lines)
    assert not (bench.folder / "var").exists()
    ended = said("halt", cwd=elsewhere, environ=environ(bench))
    assert f"There is one in {there}" in ended.stderr
    looked = said("doctor", cwd=elsewhere, environ=environ(bench))
    assert looked.stdout.startswith(f"FAIL  store: There is no store in {bench.folder / 'var'}: ")
    followed = said("halt", cwd=bench.folder, environ=environ(bench, BROADCAST_DATA_DIR=str(there)))
    assert f"in the store in {there}." in followed.stdout


def test_a_bot_does_not_choose_between_two_stores(bench: Bench, elsewhere: Path) -> None:
    """A verb had once made an empty store beside the configuration; after the upgrade the bot would take that one."""
    begun(elsewhere / "var")
    begun(bench.folder / "var")
    started = said("worker", cwd=elsewhere, environ=environ(bench))
    assert started.returncode == 1
    assert f"There are two stores, one in {bench.folder / 'var'} and one in {elsewhere / 'var'}," in started.stderr
    with running(elsewhere, environ(bench, BROADCAST_DATA_DIR=str(elsewhere / "var"))):
        pass


def test_a_new_store_may_begin_at_a_whole_path_beside_an_old_one(bench: Bench, elsewhere: Path) -> None:
    """An old trial's folder lies about; who says a whole path means it."""
    begun(elsewhere / "var")
    with running(elsewhere, environ(bench, BROADCAST_DATA_DIR=str(bench.folder / "var"))):
        assert (bench.folder / "var" / "seal.key").exists()


def test_a_tilde_is_the_home_folder_for_the_configuration_and_for_the_data(bench: Bench, elsewhere: Path) -> None:
    """A unit file says ~/broadcast.toml and ~/data, which no shell expands."""
    begun(bench.folder / "data")
    home = environ(bench, HOME=str(bench.folder), BROADCAST_CONFIG="~/broadcast.toml", BROADCAST_DATA_DIR="~/data")
    halted = said("halt", cwd=elsewhere, environ=home)
    assert halted.stdout.endswith(f"in the store in {bench.folder / 'data'}.\n")
    refused = said("halt", cwd=elsewhere, environ=home | {"BROADCAST_DATA_DIR": "~nobody/data"})
    assert (refused.returncode, "BROADCAST_DATA_DIR: must be a path; " in refused.stderr) == (2, True)


@pytest.mark.parametrize(
    "verb", [("list", "--json"), ("audit", "export"), ("audit", "export", "--format", "csv")], ids=" ".join
)
def test_what_a_machine_reads_is_not_mixed_with_the_name_of_the_store(bench: Bench, verb: tuple[str, ...]) -> None:
    """A script reads the output; which store it was is said beside it."""
    begun(bench.folder / "var")
    read = said(*verb, cwd=bench.folder, environ=environ(bench))
    assert (read.returncode, read.stderr) == (0, f"The store in {bench.folder / 'var'}:\n")
    assert [json.loads(line) for line in read.stdout.splitlines() if "csv" not in verb] == []


def test_a_store_by_its_address_is_named_without_its_password(bench: Bench, elsewhere: Path) -> None:
    """The name of the store is read by everybody who looks over the operator's shoulder."""
    with server_running(elsewhere, ALWAYS | {"requirepass": "hunter-2"}) as server:
        address = f"{server.url.replace('unix://', 'unix://:hunter-2@')}?db=3"
        for verb in ("list", "halt", "resume"):
            read = said(verb, cwd=bench.folder, environ=bench.environ(REDIS_URL=address) | nothing_of_ours())
            assert f"store at {server.url}?db=3" in read.stdout
            assert "hunter-2" not in read.stdout + read.stderr


def test_a_dotenv_file_beside_the_configuration_that_is_not_read_is_pointed_out(bench: Bench, elsewhere: Path) -> None:
    """The bot's .env says where its store is, and the operator stands in another folder, where it is not read."""
    (bench.folder / ".env").write_text("REDIS_URL=redis://127.0.0.1:1/0\n", encoding="utf-8")
    begun(bench.folder / "var")
    halted = said("halt", cwd=elsewhere, environ=environ(bench))
    assert halted.stderr.startswith(
        f"{bench.folder / '.env'} is not read, only the .env of the folder where this is run"
    )


def test_a_halt_whose_words_nobody_hears_is_a_halt(bench: Bench) -> None:
    """A script closed the output, and the halt that was stored ended as a failure."""
    begun(bench.folder / "var")
    deaf = ["sh", "-c", f'exec "{sys.executable}" -m bot halt >&-']
    ended = subprocess.run(
        deaf, cwd=bench.folder, env=environ(bench), capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "it was halted by operator:ana" in said("resume", cwd=bench.folder, environ=environ(bench)).stdout


def test_a_halt_in_a_folder_that_is_gone_says_so(bench: Bench, elsewhere: Path) -> None:
    """A release directory was replaced under the operator's shell."""
    gone = ["sh", "-c", f'rmdir "{elsewhere}" && exec "{sys.executable}" -m bot halt']
    ended = subprocess.run(
        gone, cwd=elsewhere, env=environ(bench), capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 2
    assert "The folder where this is run is gone: change to one that is there." in ended.stderr
