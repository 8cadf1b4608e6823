"""What operators read: no text from outside can rewrite their screen, forge a line, or break what a machine reads."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import SEALER, a_request, a_step
from hostile.corpus import TOKENS
from hostile.planting import planted
from operations.bench import Bench

from bot import logs
from bot.cli import main
from bot.domain.request import BroadcastRequest
from bot.store.documents import dump
from bot.store.keys import Keys
from bot.store.store import RequestStore

SCREEN = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202e\u2066\x00\r\nK7QX-3M9D  sent  \u2028 \U000e0001\x7f\u200b"
"""Clears the screen, names the window, turns the text, and forges a line of the list."""


@pytest.fixture
def bench(store: RequestStore, tmp_path: Path) -> Iterator[Bench]:
    with Bench(store, tmp_path) as bench:
        yield bench


@pytest.fixture
def hostile(store: RequestStore) -> BroadcastRequest:
    """Keep a request of which every text is hostile, as somebody who has the store and its key could write it."""
    request = a_request()
    store.commit(a_step(request), commit_id="c1")
    worse: BroadcastRequest = planted(request, SCREEN)
    sealed = {"document": dump(worse), "seal": SEALER.document(request.id, dump(worse))}
    state = {"version": worse.version, "state": str(worse.state)}
    store._client.hset(Keys().request(request.id), mapping=sealed | state)  # whoever reaches the store and has the key
    line = f"c1 {planted(store.history(request.id)[0], SCREEN).model_dump_json()}"
    store._client.lset(Keys().history(request.id), 0, line)
    return request


def printed(bench: Bench, redis_url: str, capsys: pytest.CaptureFixture[str], *verb: str) -> str:
    root = logging.getLogger()
    before = root.handlers[:]
    main(verb, bench.environ(REDIS_URL=redis_url))
    root.handlers[:] = before
    out, err = capsys.readouterr()
    return out + err


def strange(text: str) -> list[str]:
    return [letter for letter in text if not letter.isprintable() and letter not in "\n\u00a0\u3000"]


@pytest.mark.parametrize("verb", [("list",), ("show",), ("list", "--json"), ("show", "--json")], ids=" ".join)
def test_no_text_of_a_request_acts_on_the_terminal(
    bench: Bench, redis_url: str, hostile: BroadcastRequest, capsys: pytest.CaptureFixture[str], verb: tuple[str, ...]
) -> None:
    words = (verb[0], hostile.id, *verb[1:]) if verb[0] == "show" else verb
    said = printed(bench, redis_url, capsys, *words)
    assert hostile.id in said
    assert strange(said) == []
    assert not [line for line in said.splitlines() if line.startswith("K7QX-3M9D")]


def test_what_a_machine_reads_is_what_is_stored(
    bench: Bench, redis_url: str, hostile: BroadcastRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    main(("show", hostile.id, "--json"), bench.environ(REDIS_URL=redis_url))
    told = json.loads(capsys.readouterr().out)
    assert told["content"]["template"]["title"] == SCREEN


@pytest.mark.parametrize("words", [("show", SCREEN), ("settle", SCREEN, "--sent"), ("halt", "--for", SCREEN)])
def test_what_was_typed_is_repeated_without_acting_on_the_terminal(
    bench: Bench, redis_url: str, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    said = printed(bench, redis_url, capsys, *words)
    assert said
    assert strange(said) == []


@pytest.mark.parametrize("text", [*TOKENS, SCREEN])
def test_a_line_of_the_log_stays_one_line(text: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        logs.write("halted", why=text, person=text)
    (record,) = caplog.records
    for line in (formatted(record, is_terminal=True), formatted(record, is_terminal=False)):
        assert len(line.splitlines()) == 1
        assert strange(line) == []


def formatted(record: logging.LogRecord, *, is_terminal: bool) -> str:
    """Format a record as the handlers of a terminal and of a file do."""

    class Where(io.StringIO):
        def isatty(self) -> bool:
            return is_terminal

    root = logging.getLogger()
    level, stream = root.level, Where()
    handler = logs.set_up(stream, secrets=[])
    try:
        handler.handle(record)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    return stream.getvalue()
