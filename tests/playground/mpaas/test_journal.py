"""The journal's picture of one request: what arrived to the letter, what was answered, and no secret."""

import base64
import json
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playground.mpaas_bench import BROADCAST, KEYS, call, exchange, simulated

from bot.playground.mpaas.journal import KEPT, Journal
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.mpaas.sim import MpaasSim


@pytest.fixture
def sim() -> Iterator[MpaasSim]:
    sim = simulated().start()
    yield sim
    sim.stop()
    assert not sim.failures


def test_a_request_and_its_reply_are_kept_to_the_letter(sim: MpaasSim) -> None:
    call(sim, "PushBroadcast", BROADCAST)
    (kept,) = (entry.exported() for entry in sim.journal.entries())
    assert kept["line"] == "POST /"
    assert base64.b64decode(str(kept["body_base64"])) == urlencode(BROADCAST).encode()
    headers = {name.lower(): value for name, value in map(tuple, kept["reply_headers"])}
    assert headers["content-type"] == "application/json;charset=utf-8"
    assert json.loads(str(kept["reply"]))["RequestId"] == headers["x-acs-request-id"]


def test_the_line_tells_another_method_and_a_query(sim: MpaasSim) -> None:
    exchange(sim.url, "GET", "/elsewhere?a=1")
    assert sim.journal.entries()[0].line == "GET /elsewhere?a=1"


def test_a_connection_that_was_dropped_has_no_reply(sim: MpaasSim) -> None:
    sim.misbehave(Misbehaviour(kind="close", when="after"))
    with pytest.raises(OSError):
        call(sim, "PushBroadcast", BROADCAST)
    (kept,) = sim.journal.entries()
    assert (kept.finished, kept.executed, kept.status, kept.reply, kept.reply_headers) == (True, True, None, "", ())


def test_the_secret_of_an_access_key_is_in_no_entry(sim: MpaasSim) -> None:
    call(sim, "PushBroadcast", BROADCAST)
    call(sim, "PushBroadcast", BROADCAST, secret="guess")
    kept = json.dumps(sim.journal.exported())
    assert "Credential=testid" in kept
    assert [secret for secret in (*KEYS.values(), "guess") if secret in kept] == []


def test_old_entries_are_forgotten_and_executions_are_counted_for_ever() -> None:
    journal = Journal()
    for number in range(3 * KEPT):
        said = {"Msgkey": f"request {number % KEPT}"}
        entry = journal.arrived("now", "PushBroadcast", said, headers=(), body=b"")
        journal.note(entry, executed=True)
        journal.note(entry, finished=True)
    kept = [entry.number for entry in journal.entries()]
    assert (kept[-1], len(kept) in range(KEPT, 2 * KEPT)) == (3 * KEPT, True)
    assert set(journal.executed_by_msgkey().values()) == {3}
    assert len(journal.executed_by_msgkey()) == KEPT


def test_a_journal_that_was_cleared_counts_anew() -> None:
    journal = Journal()
    journal.note(journal.arrived("now", "PushBroadcast", {"Msgkey": "one"}, headers=(), body=b""), executed=True)
    journal.clear()
    assert journal.executed_by_msgkey() == {}
