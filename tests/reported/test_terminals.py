"""A terminal that cannot show a letter stops no verb: what it cannot show is escaped, and the verb ends as it would."""

import csv
import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from builders import REQUEST_ID, a_content, a_line, a_request, a_step, a_template
from operations.bench import Bench, bench_for_processes, nothing_of_ours

from bot import logs, terminal
from bot.domain.states import State
from bot.store.store import RequestStore

pytestmark = pytest.mark.long
"""Dozens of real processes."""

BEIJING, SMILE = "\u5317\u4eac", "\U0001f600"
TERMINALS = {
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "gbk": {"PYTHONIOENCODING": "gbk"},
    "latin-1": {"PYTHONIOENCODING": "latin-1"},
    "C": {"PYTHONUTF8": "0", "LC_ALL": "C"},
}
ENCODINGS = {"ascii": "ascii", "gbk": "gbk", "latin-1": "latin-1", "C": "ascii"}


@pytest.fixture
def bench(store: RequestStore, redis_client: redis.Redis, tmp_path: Path) -> Iterator[Bench]:
    """Keep a request of which every text has letters from far away."""
    template = a_template(name=BEIJING, title=f"{BEIJING} {SMILE}", body="#city#")
    content = a_content(template=template, values={"city": f"{BEIJING} {SMILE}"})
    step = a_step(a_request(State.SENT, content=content), line=a_line(detail=f"{BEIJING} {SMILE}"))
    store.commit(step, commit_id="c1")
    with bench_for_processes(redis_client, tmp_path) as bench:
        yield bench


def said(
    bench: Bench, redis_url: str, which: str, *verb: str | bytes, **changes: str
) -> "subprocess.CompletedProcess[bytes]":
    environ = nothing_of_ours() | bench.environ(REDIS_URL=redis_url) | TERMINALS[which] | changes
    command = [sys.executable, "-m", "bot", *verb]
    return subprocess.run(command, cwd=bench.folder, env=environ, capture_output=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("which", "verb"),
    [(which, ("show", REQUEST_ID)) for which in TERMINALS]
    + [(which, ("list",)) for which in ("ascii", "gbk")]
    + [("C", verb) for verb in (("list",), ("audit", "verify"), ("resume",), ("doctor",), ("show", "--help"))],
    ids=str,
)
def test_a_verb_prints_what_the_terminal_can_show(
    bench: Bench, redis_url: str, store: RequestStore, which: str, verb: tuple[str, ...]
) -> None:
    """Show ended in a UnicodeEncodeError where the terminal was ASCII's or GBK's."""
    for role in ("worker", "slack"):
        store.beat(f"{role}-1", role=role, seconds=600)
    shown = said(bench, redis_url, which, *verb)
    assert (shown.returncode, shown.stderr) == (0, b"")
    text = shown.stdout.decode(ENCODINGS[which])
    if verb == ("show", REQUEST_ID):
        beijing = BEIJING if which == "gbk" else r"\u5317\u4eac"
        assert f"template   {beijing}: {beijing} \\U0001f600 / #city#" in text
        assert text.rstrip().endswith(rf"{beijing} \U0001f600")


@pytest.mark.parametrize("which", ["gbk", "C"])
def test_what_a_machine_reads_is_the_same_on_every_terminal(bench: Bench, redis_url: str, which: str) -> None:
    """The history is exported into a file, from a cron job without a locale."""
    exported = said(bench, redis_url, which, "audit", "export")
    (row,) = map(json.loads, exported.stdout.decode().splitlines())
    assert (exported.returncode, row["detail"]) == (0, f"{BEIJING} {SMILE}")
    table = said(bench, redis_url, which, "audit", "export", "--format", "csv")
    (cells,) = csv.DictReader(io.StringIO(table.stdout.decode(), newline=""))
    assert (table.returncode, cells["detail"]) == (0, f"{BEIJING} {SMILE}")
    for verb in (("list", "--json"), ("show", REQUEST_ID, "--json")):
        whole = said(bench, redis_url, which, *verb)
        assert whole.returncode == 0
        assert json.loads(whole.stdout.decode())["content"]["template"]["name"] == BEIJING
    manifest = said(bench, redis_url, which, "manifest")
    assert (manifest.returncode, json.loads(manifest.stdout.decode())["_metadata"]["major_version"] > 0) == (0, True)


@pytest.mark.parametrize("which", ["gbk", "C"])
def test_the_reason_of_a_halt_is_kept_as_it_was_typed(
    bench: Bench, redis_url: str, store: RequestStore, which: str
) -> None:
    """The emergency stop, with a reason in Chinese, failed where the locale knows no Chinese."""
    halted = said(bench, redis_url, which, "halt", f"{BEIJING} {SMILE}".encode())
    assert (halted.returncode, halted.stderr) == (0, b"")
    halt = store.halted()
    assert halt is not None
    assert halt.why == f"{BEIJING} {SMILE}"


def test_a_reason_that_is_no_text_at_all_stops_no_halt(bench: Bench, redis_url: str, store: RequestStore) -> None:
    """The terminal sends another encoding than the locale says."""
    halted = said(bench, redis_url, "C", "halt", BEIJING.encode("gbk"))
    assert (halted.returncode, halted.stderr) == (0, b"")
    halt = store.halted()
    assert halt is not None
    assert halt.why == r"\udcb1\udcb1\udcbe\udca9"


@pytest.mark.parametrize("which", ["ascii", "C"])
@pytest.mark.parametrize(
    ("verb", "status", "sentence"),
    [(("show", BEIJING), 1, "is not a request's id"), (("list", "--state", BEIJING), 2, "invalid choice")],
    ids=["id", "usage"],
)
def test_a_refusal_is_told_on_every_terminal(
    bench: Bench, redis_url: str, which: str, verb: tuple[str, ...], status: int, sentence: str
) -> None:
    """What was typed is repeated in the complaint."""
    refused = said(bench, redis_url, which, *(word.encode() for word in verb))
    assert refused.returncode == status
    assert sentence in refused.stderr.decode(ENCODINGS[which])
    assert b"Traceback" not in refused.stderr


@pytest.mark.parametrize("which", ["gbk", "C"])
def test_paths_with_letters_from_far_away_are_found_in_every_locale(bench: Bench, redis_url: str, which: str) -> None:
    """The configuration lies in a folder with a Chinese name, said in the environment or in .env."""
    folder = bench.folder / BEIJING
    folder.mkdir()
    (bench.folder / "broadcast.toml").rename(folder / "broadcast.toml")
    listed = said(bench, redis_url, which, "list", BROADCAST_CONFIG=f"{BEIJING}/broadcast.toml")
    assert (listed.returncode, listed.stderr) == (0, b"")
    (bench.folder / ".env").write_text(f"BROADCAST_CONFIG={BEIJING}/none.toml\n", encoding="utf-8")
    (folder / "broadcast.toml").rename(folder / "none.toml")
    environ = nothing_of_ours() | TERMINALS[which] | {"REDIS_URL": redis_url, "BROADCAST_SEAL_KEY": "k" * 20}
    command = [sys.executable, "-m", "bot", "list"]
    ended = subprocess.run(command, cwd=bench.folder, env=environ, capture_output=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_a_line_of_the_log_is_not_lost_on_a_terminal_that_cannot_show_it() -> None:
    """A handler that cannot write a line says nothing of it, so the line must be one that it can write."""

    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    raw = io.BytesIO()
    stream = Terminal(raw, encoding="ascii", errors="strict")
    terminal.show_what_it_can(stream)
    root = logging.getLogger()
    level, handler = root.level, logs.set_up(stream, secrets=[])
    try:
        logs.write("halted", why=f"{BEIJING} {SMILE}")
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    stream.flush()
    assert rb"halted  why=\u5317\u4eac \U0001f600" in raw.getvalue()
