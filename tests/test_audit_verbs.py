"""`broadcast-bot audit`: what it prints and how it ends, through the command line."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import redis
from builders import BO, REQUEST_ID, a_line, a_request, a_step
from operations.bench import Bench

from bot.cli import main
from bot.store.keys import Keys
from bot.store.store import RequestStore

KEYS = Keys()

LAST_NIGHT = datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC)
AFTER_MIDNIGHT = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
"""The last second of a day in Asia/Shanghai, the configured zone, and the first of the next: one day in UTC."""


@pytest.fixture
def environ(store: RequestStore, redis_url: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Give the environment of an operator, and one request of two versions in the store."""
    with Bench(store, tmp_path) as bench:
        first = store.commit(a_step(line=a_line(at=LAST_NIGHT)), commit_id="c1")
        step = a_step(first, version=2, line=a_line(version=2, at=AFTER_MIDNIGHT, actor=BO, detail="=1+1"))
        store.commit(step, commit_id="c2")
        yield bench.environ(REDIS_URL=redis_url)


def test_a_sound_store_is_said_to_be_one(
    environ: dict[str, str], store: RequestStore, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", "verify", "--posted", str(store.trail_head())], environ) == 0
    store_line, *told = capsys.readouterr().out.splitlines()
    assert store_line == f"The store at {environ['REDIS_URL']}:"
    assert told == ["2 entries of 1 requests were checked.", "Nothing was changed outside the bot."]


def test_what_was_changed_is_named_and_the_status_says_so(
    environ: dict[str, str], redis_client: redis.Redis, capsys: pytest.CaptureFixture[str]
) -> None:
    redis_client.lset(KEYS.history(REQUEST_ID), 1, f"c2 {a_line(version=2).written()}")
    assert main(["audit", "verify"], environ) == 1
    _, *found, summary = capsys.readouterr().out.splitlines()
    assert summary == f"{len(found) - 1} things are not right."
    assert (
        f"entry 2, request {REQUEST_ID}, version 2: Its line of history is not the one that the trail knows." in found
    )


def test_a_head_that_is_not_in_the_trail_is_named(environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "verify", "--posted", f"2:{'0' * 64}", "--posted", f"7:{'1' * 64}"], environ) == 1
    out = capsys.readouterr().out
    assert "entry 2: The head that was posted" in out
    assert "entry 7: The head that was posted" in out


def test_another_key_makes_everything_wrong(environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "verify"], environ | {"BROADCAST_SEAL_KEY": "another key altogether"}) == 1
    assert "Its seal is broken." in capsys.readouterr().out


def test_the_history_is_printed_as_json_lines(environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "export"], environ) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["entry"], row["request"], row["detail"]) for row in rows] == [
        (1, REQUEST_ID, ""),
        (2, REQUEST_ID, "=1+1"),
    ]


def test_the_history_is_printed_as_csv_without_formulas(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", "export", "--format", "csv"], environ) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out, newline="")))
    assert [row["detail"] for row in rows] == ["", "'=1+1"]


def test_a_day_or_a_request_can_be_chosen(
    environ: dict[str, str], store: RequestStore, capsys: pytest.CaptureFixture[str]
) -> None:
    store.commit(a_step(a_request(id="AAAA-0001")), commit_id="c1")
    of_request = ["--request", REQUEST_ID.lower()]
    assert versions_since(["2026-11-30", *of_request], environ, capsys) == [1, 2]
    assert versions_since(["2026-12-01", *of_request], environ, capsys) == [2]
    assert versions_since(["2026-12-02", *of_request], environ, capsys) == []


def versions_since(chosen: list[str], environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> list[int]:
    assert main(["audit", "export", "--since", *chosen], environ) == 0
    return [json.loads(line)["version"] for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["audit"], "VERB"),
        (["audit", "verify", "--posted", "12"], "is not a posted head: a number, a colon and a seal"),
        (["audit", "export", "--since", "soon"], "is not a day like 2026-11-30"),
        (["audit", "export", "--request", "moon"], "is not a request's id; they look like K7QX-3M9D"),
        (["audit", "export", "--format", "xml"], "jsonl"),
    ],
)
def test_what_cannot_be_meant_is_said_with_what_is_allowed(
    capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments, {})
    assert end.value.code == 2
    assert sentence in capsys.readouterr().err
