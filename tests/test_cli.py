"""The command line: what each verb says, what it prints, and how it ends."""

import getpass
import json
import logging
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import clock
import pytest
from builders import REQUEST_ID, a_request, a_step
from operations.bench import ACCESS_KEY, Bench, nothing_of_ours
from places import ROOT

import bot
from bot.cli import main
from bot.domain.request import BroadcastRequest
from bot.domain.states import State
from bot.operations.conditions import Conditions
from bot.store.room import Ahead
from bot.store.store import RequestStore

VERBS = (
    "run",
    "slack",
    "worker",
    "playground",
    "doctor",
    "list",
    "show",
    "settle",
    "halt",
    "resume",
    "audit",
    "manifest",
)
OPTIONS = {
    "run": ("--http", "--host", "--log-level", "3000"),
    "slack": ("--http", "--host", "--log-level"),
    "worker": ("--log-level",),
    "playground": ("--port", "--story", "--no-browser"),
    "doctor": (),
    "list": ("--state", "--limit", "--json", "outcome_unknown"),
    "show": ("ID", "--json", "K7QX-3M9D"),
    "settle": ("ID", "--platform", "--sent", "--not-sent", "--task-id"),
    "halt": ("--for", "why"),
    "resume": (),
    "audit": ("verify", "export"),
    "manifest": ("--url",),
}


class Shell:
    """Run verbs in this process with an environment of their own, and keep what they print."""

    def __init__(self, capsys: pytest.CaptureFixture[str], environ: Mapping[str, str]) -> None:
        self._capsys, self.environ = capsys, dict(environ)
        self.ahead: Ahead = clock.ahead
        self.status = -1
        self.out = self.err = ""

    def run(self, *arguments: str, **changes: str) -> "Shell":
        root = logging.getLogger()
        before, level = root.handlers[:], root.level
        try:
            self.status = main(arguments, self.environ | changes, conditions=Conditions(ahead=self.ahead))
        except SystemExit as end:  # argparse's way to end
            self.status = int(end.code or 0)
        finally:
            root.handlers[:] = before
            root.setLevel(level)
        said = self._capsys.readouterr()
        self.out, self.err = said.out, said.err
        return self

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


@pytest.fixture
def bench(store: RequestStore, tmp_path: Path) -> Iterator[Bench]:
    with Bench(store, tmp_path) as bench:
        yield bench


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], bench: Bench, redis_url: str) -> Shell:
    return Shell(capsys, bench.environ(REDIS_URL=redis_url))


@pytest.fixture
def bare(capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys, {})


def kept(store: RequestStore, state: State = State.PENDING_APPROVAL, **changes: Any) -> BroadcastRequest:
    request = a_request(state, **changes)
    return store.commit(a_step(request), commit_id=f"commit-{request.id}")


def bot_process(*arguments: str, cwd: Path, environ: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """Run ``python -m bot`` as a process of its own, with nothing of this one's environment."""
    whole = nothing_of_ours() | environ
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(command, cwd=cwd, env=whole, capture_output=True, text=True, timeout=60, check=False)


# Help --------------------------------------------------------------------------------------------------------------


def test_the_help_names_every_verb_with_what_it_does(bare: Shell) -> None:
    assert bare.run("--help").status == 0
    assert [verb for verb in VERBS if f"\n    {verb}" not in bare.out] == []
    assert "broadcast-bot playground" in bare.out


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_a_verb_names_all_that_it_takes(bare: Shell, verb: str) -> None:
    assert bare.run(verb, "--help").status == 0
    assert bare.out.startswith(f"usage: broadcast-bot {verb}")
    assert [option for option in OPTIONS[verb] if option not in bare.out] == []


def test_the_version_is_the_packages(bare: Shell) -> None:
    assert bare.run("--version").out == f"broadcast-bot {bot.__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("fly",),
        ("list", "--state", "lost"),
        ("list", "--limit", "many"),
        ("show",),
        ("settle", "7K3M-Q2XD"),
        ("settle", "7K3M-Q2XD", "--sent", "--not-sent"),
        ("settle", "7K3M-Q2XD", "--sent", "--platform", "moon"),
        ("worker", "--http"),
        ("run", "--http", "x"),
        ("run", "--log-level", "LOUD"),
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_status_2_and_a_hint(bare: Shell, arguments: tuple[str, ...]) -> None:
    assert bare.run(*arguments).status == 2
    assert bare.err.startswith("usage: broadcast-bot")
    assert bare.out == ""


# An operator's verbs -----------------------------------------------------------------------------------------------


def test_requests_are_listed_and_filtered(shell: Shell, store: RequestStore) -> None:
    kept(store, State.SENT)
    assert shell.run("list").status == 0
    assert REQUEST_ID in shell.lines[2]
    assert shell.run("list", "--state", "held", "--state", "failed").lines[1:] == ["There are no such requests."]
    assert REQUEST_ID in shell.run("list", "--state", "held", "--state", "sent").out


def test_a_list_and_a_request_can_be_had_as_json(shell: Shell, store: RequestStore) -> None:
    request = kept(store, State.SENT)
    (line,) = shell.run("list", "--json").lines
    assert BroadcastRequest.model_validate_json(line) == request
    (line,) = shell.run("show", "7k3mq2xd", "--json").lines
    assert [entry["after"] for entry in json.loads(line)["history"]] == ["sent"]


@pytest.mark.parametrize("verb", [("show",), ("settle", "--sent")])
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("0000-0000", "broadcast-bot: There is no request 0000-0000.\n"),
        ("moon", "broadcast-bot: 'moon' is not a request's id; they look like K7QX-3M9D.\n"),
    ],
)
def test_an_unknown_id_ends_with_status_1_and_a_sentence(
    shell: Shell, verb: tuple[str, ...], typed: str, sentence: str
) -> None:
    assert shell.run(*verb, typed).status == 1
    assert (len(shell.lines), shell.err) == (1, sentence)  # which store it was


def test_a_leg_is_settled_in_the_operators_name(shell: Shell, store: RequestStore) -> None:
    kept(store, State.OUTCOME_UNKNOWN)
    shell.run("settle", REQUEST_ID, "--sent", "--platform", "ios", "--task-id", "4711")
    assert shell.status == 0
    assert shell.lines[1:] == [f"{REQUEST_ID}: ios is written down as sent; the request is sent."]
    assert store.get(REQUEST_ID).legs[1].settled_by == f"operator:{getpass.getuser()}"


def test_a_settlement_that_is_refused_ends_with_status_1(shell: Shell, store: RequestStore) -> None:
    kept(store, State.SENT)
    assert shell.run("settle", REQUEST_ID, "--not-sent").status == 1
    assert "unsettled: none" in shell.err


def test_sending_is_halted_and_resumed(shell: Shell, store: RequestStore) -> None:
    assert shell.run("halt", "--for", "2h", "the", "wrong", "template").status == 0
    halt = store.halted()
    assert halt is not None
    assert (halt.by, halt.why) == (f"operator:{getpass.getuser()}", "the wrong template")
    assert shell.run("resume").out.startswith("Sending goes on in the store at unix://")
    assert shell.run("halt", "--for", "soon").status == 1
    assert store.halted() is None


def test_a_store_that_is_gone_ends_with_status_1_and_a_sentence(shell: Shell) -> None:
    assert shell.run("list", REDIS_URL="redis://:secret@127.0.0.1:1/0").status == 1
    assert shell.err.startswith("broadcast-bot: The store did not do what it was asked")
    assert "secret" not in shell.err


def test_wrong_settings_end_with_status_2_and_every_mistake(bare: Shell, tmp_path: Path) -> None:
    bare.environ["BROADCAST_CONFIG"] = str(tmp_path / "none.toml")
    assert bare.run("list", REDIS_URL="http://x", BROADCAST_DATADIR="x").status == 2
    heading, *mistakes = bare.err.splitlines()
    assert heading == "broadcast-bot: the settings are not right:"
    assert [mistake.partition(":")[0] for mistake in mistakes] == [
        "- REDIS_URL",
        "- BROADCAST_SEAL_KEY",
        "- BROADCAST_DATADIR",
        f"- {tmp_path / 'none.toml'}",
    ]


# Manifest and doctor -----------------------------------------------------------------------------------------------


def test_the_manifest_is_json_for_socket_mode_or_for_an_address(bare: Shell) -> None:
    socket_mode = json.loads(bare.run("manifest").out)
    assert socket_mode["settings"]["socket_mode_enabled"] is True
    url = "https://bot.example/slack/events"
    over_http = json.loads(bare.run("manifest", "--url", url).out)
    assert over_http["settings"]["socket_mode_enabled"] is False
    assert over_http["features"]["slash_commands"][0]["url"] == url


def test_the_manifest_in_the_repository_is_what_is_printed(bare: Shell) -> None:
    assert bare.run("manifest").out == (ROOT / "manifest.json").read_text(encoding="utf-8")


NOBODY = "No process is reached by Slack: nobody can ask or approve. Start `broadcast-bot slack` or `run`."


def test_doctor_tells_one_line_each_and_ends_with_status_1_if_anything_is_wrong(
    shell: Shell, store: RequestStore
) -> None:
    shell.run("doctor")
    assert (shell.status, shell.err) == (1, "")
    wrong = [line for line in shell.lines if line.startswith("FAIL")]
    assert wrong == [
        "FAIL  worker: No worker is alive: approved requests wait. Start one.",
        f"FAIL  receiver: {NOBODY}",
    ]
    store.beat("worker-1", role="worker", seconds=60)
    store.beat("slack-1", role="slack", seconds=60)
    assert shell.run("doctor").status == 0
    assert all(line.startswith("ok    ") for line in shell.lines)
    assert "ok    Slack: broadcast in Harbour" in shell.lines
    assert ACCESS_KEY[1] not in shell.out


# As a process ------------------------------------------------------------------------------------------------------


def test_a_dotenv_file_is_read_and_the_environment_wins(bench: Bench, redis_url: str, store: RequestStore) -> None:
    kept(store)
    bench.configure()
    said = bench.environ(REDIS_URL=redis_url, BROADCAST_CONFIG="broadcast.toml")
    (bench.folder / ".env").write_text("\n".join(f"{key}={value}" for key, value in said.items()), encoding="utf-8")
    read = bot_process("list", cwd=bench.folder, environ={})
    assert (read.returncode, REQUEST_ID in read.stdout, read.stderr) == (0, True, "")
    won = bot_process("list", cwd=bench.folder, environ={"REDIS_URL": "redis://127.0.0.1:1/0"})
    assert (won.returncode, won.stdout) == (1, "The store at redis://127.0.0.1:1/0:\n")


def test_a_dotenv_file_that_cannot_be_read_is_a_wrong_setting(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"REDIS_URL=\xff")
    ended = bot_process("list", cwd=tmp_path, environ={})
    assert ended.returncode == 2
    assert "- .env, byte 10: is not UTF-8, which begins to go wrong in line 1." in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("verb", [("manifest",), ("list", "--json")], ids=" ".join)
def test_a_reader_that_has_seen_enough_is_no_failure(
    bench: Bench, redis_url: str, store: RequestStore, verb: tuple[str, ...]
) -> None:
    kept(store)
    bench.configure()
    environ = nothing_of_ours() | bench.environ(REDIS_URL=redis_url)
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *verb],
        cwd=bench.folder,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()  # before a word was said
    assert process.stderr is not None
    said = process.stderr.read()
    process.stderr.close()
    assert (process.wait(30), said.startswith(b"The store at ") or said == b"") == (0, True)
    assert b"Error" not in said


@pytest.mark.parametrize("count", ["0", "-1", "many"])
def test_a_list_of_no_requests_cannot_be_asked_for(count: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["list", f"--limit={count}"])
    assert ended.value.code == 2
    assert "is not a number from 1 on" in capsys.readouterr().err


# A clock that is ahead ---------------------------------------------------------------------------------------------


def test_a_verb_goes_by_the_clock_it_is_given(shell: Shell, store: RequestStore) -> None:
    store.halt("U02BO", "drill", until=store.now() + timedelta(days=1), at=store.now())
    shell.ahead = lambda: clock.ahead() + timedelta(days=2)
    assert shell.run("resume").out.startswith("Sending was not halted in the store at ")
    assert shell.run("halt", "--for", "2h").status == 0
    halt = store.halted()
    assert halt is not None
    assert halt.until is not None
    assert timedelta(hours=49) < halt.until - store.now() <= timedelta(hours=50)


def test_doctor_sees_when_the_clock_is_ahead_of_mpaas(bench: Bench, shell: Shell, store: RequestStore) -> None:
    store.beat("worker-1", role="worker", seconds=60)
    store.beat("slack-1", role="slack", seconds=60)
    bench.slack.advance(60)
    shell.ahead = lambda: clock.ahead() + timedelta(minutes=1)
    assert shell.run("doctor").status == 1
    assert [line for line in shell.lines if line.startswith("FAIL")] == [
        "FAIL  live: mPaaS: Its clock and this machine's do not agree within 30 s, so its signatures may be refused."
    ]
    bench.mpaas.advance(60)
    assert shell.run("doctor").status == 0
