"""Everything the simulated mPaaS can do wrong, seen from the other end of the wire, and whether it was executed."""

import http.client
import threading
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playground.mpaas_bench import APP, BROADCAST, NOON, call, exchange, signed, simulated
from pydantic import ValidationError

from bot.playground.mpaas.misbehaviour import Faults, Misbehaviour
from bot.playground.mpaas.sim import MpaasSim

BODY = urlencode(BROADCAST).encode()


@pytest.fixture
def sim() -> Iterator[MpaasSim]:
    sim = simulated().start()
    yield sim
    sim.stop()
    assert not sim.failures


def send(sim: MpaasSim) -> tuple[int, dict[str, str], object]:
    return exchange(sim.url, "POST", "/", body=BODY, headers=signed(sim, "PushBroadcast", BODY))


def executed(sim: MpaasSim) -> int:
    return sim.journal.executed_by_msgkey().get(BROADCAST["Msgkey"], 0)


both = pytest.mark.parametrize(("when", "times_executed"), [("before", 0), ("after", 1)])


@both
def test_a_reset_connection(sim: MpaasSim, when: str, times_executed: int) -> None:
    sim.misbehave(Misbehaviour(kind="reset", when=when))
    with pytest.raises(ConnectionResetError):
        send(sim)
    assert executed(sim) == len(sim.tasks()) == times_executed


@both
def test_a_connection_closed_without_an_answer(sim: MpaasSim, when: str, times_executed: int) -> None:
    sim.misbehave(Misbehaviour(kind="close", when=when))
    with pytest.raises(http.client.RemoteDisconnected):
        send(sim)
    assert executed(sim) == times_executed
    (entry,) = sim.journal.entries()
    assert (entry.misbehaviour, entry.signature, entry.status, entry.reply) == (f"close {when}", "right", None, "")


@both
def test_half_an_answer(sim: MpaasSim, when: str, times_executed: int) -> None:
    sim.misbehave(Misbehaviour(kind="half", when=when))
    with pytest.raises(http.client.IncompleteRead):
        send(sim)
    assert executed(sim) == times_executed


@both
def test_rubbish_with_status_200(sim: MpaasSim, when: str, times_executed: int) -> None:
    sim.misbehave(Misbehaviour(kind="rubbish", when=when))
    with pytest.raises(ValueError, match="Expecting value"):
        send(sim)
    assert executed(sim) == times_executed


@both
@pytest.mark.parametrize(("status", "code"), [(500, "InternalError"), (503, "ServiceUnavailable")])
def test_a_server_error(sim: MpaasSim, when: str, times_executed: int, status: int, code: str) -> None:
    sim.misbehave(Misbehaviour(kind="status", status=status, when=when))
    got, _, answer = send(sim)
    assert (got, answer["Code"], executed(sim)) == (status, code, times_executed)


@both
def test_any_result_code(sim: MpaasSim, when: str, times_executed: int) -> None:
    sim.misbehave(Misbehaviour(kind="result", code="8011", when=when))
    status, _, answer = send(sim)
    assert (status, answer["ResultCode"], answer["PushResult"]["Success"]) == (200, "8011", False)
    assert executed(sim) == times_executed
    sim.misbehave(Misbehaviour(kind="result", when=when))
    templates = call(
        sim, "GetTemplate", {**{k: BROADCAST[k] for k in ("AppId", "WorkspaceId")}, "TemplateName": "recall"}
    )
    assert (templates["Success"], templates["Code"]) == (False, "9000")


@pytest.mark.parametrize("wait", [None, 1500])
def test_throttling_is_never_executed_and_may_say_how_long_to_wait(sim: MpaasSim, wait: int | None) -> None:
    sim.misbehave(Misbehaviour(kind="throttle", retry_after_ms=wait))
    status, headers, answer = send(sim)
    assert (status, answer["Code"], executed(sim)) == (400, "Throttling.User", 0)
    assert headers.get("x-acs-retry-after") == (str(wait) if wait else None)


def test_a_wrong_date_beside_a_right_answer(sim: MpaasSim) -> None:
    assert parsedate_to_datetime(send(sim)[1]["date"]) == NOON
    sim.misbehave(Misbehaviour(kind="wrong_date", seconds=-3600))
    _, headers, answer = send(sim)
    assert (parsedate_to_datetime(headers["date"]) - NOON).total_seconds() == -3600
    assert answer["PushResult"]["Success"]
    assert executed(sim) == 2


class Caller(threading.Thread):
    """Send in the background and keep what came of it."""

    def __init__(self, sim: MpaasSim) -> None:
        super().__init__()
        self.sim, self.outcome = sim, ""
        self.start()

    def run(self) -> None:
        try:
            status, _, answer = send(self.sim)
            self.outcome = f"{status} {answer.get('Code') or answer['ResultCode']}"
        except (OSError, http.client.HTTPException) as no:
            self.outcome = type(no).__name__

    def told(self) -> str:
        self.join(10)
        return self.outcome


@both
def test_a_hanging_request_goes_on_when_let_go(sim: MpaasSim, when: str, times_executed: int) -> None:
    sim.misbehave(Misbehaviour(kind="hang", when=when))
    caller = Caller(sim)
    assert sim.journal.wait(lambda entries: bool(entries) and entries[0].executed == (when == "after"))
    assert executed(sim) == times_executed
    sim.let_go()
    assert caller.told() == "200 OK"
    assert executed(sim) == 1


@both
def test_a_hanging_request_can_be_dropped(sim: MpaasSim, when: str, times_executed: int) -> None:
    sim.misbehave(Misbehaviour(kind="hang", when=when))
    caller = Caller(sim)
    assert sim.journal.wait(lambda entries: bool(entries) and bool(entries[0].misbehaviour))
    assert sim.journal.wait(lambda entries: entries[0].executed == (when == "after"))
    sim.stop()
    assert caller.told() in ("RemoteDisconnected", "ConnectionResetError")
    assert executed(sim) == times_executed


def test_a_request_stuck_on_its_way_for_too_long_arrives_dead(sim: MpaasSim) -> None:
    sim.misbehave(Misbehaviour(kind="hang"))
    caller = Caller(sim)
    assert sim.journal.wait(bool)
    sim.advance(15 * 60 + 1)
    sim.let_go()
    assert caller.told() == "400 InvalidTimeStamp.Expired"
    assert executed(sim) == 0


def test_a_request_stuck_for_less_is_executed_though_the_caller_has_gone(sim: MpaasSim) -> None:
    sim.misbehave(Misbehaviour(kind="hang"))
    connection = http.client.HTTPConnection(sim.url.removeprefix("http://"), timeout=5)
    connection.request("POST", "/", BODY, signed(sim, "PushBroadcast", BODY))
    assert sim.journal.wait(bool)
    connection.close()
    sim.advance(14 * 60)
    sim.let_go()
    assert sim.journal.wait(lambda entries: entries[0].finished)
    assert executed(sim) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_slow_answer_takes_its_seconds_and_is_right(sim: MpaasSim, when: str) -> None:
    sim.misbehave(Misbehaviour(kind="slow", seconds=0.05, when=when))
    start = time.monotonic()
    assert send(sim)[0] == 200
    assert time.monotonic() - start >= 0.05
    assert executed(sim) == 1


def test_a_refused_connection_leaves_no_trace_and_ends_by_itself(sim: MpaasSim) -> None:
    sim.misbehave(Misbehaviour(kind="refuse", seconds=30))
    with pytest.raises(ConnectionRefusedError):
        send(sim)
    assert sim.journal.entries() == []
    sim.accept()
    assert send(sim)[0] == 200
    sim.misbehave(Misbehaviour(kind="refuse", seconds=0))
    assert sim.reopened()
    assert send(sim)[0] == 200


def test_it_happens_in_so_many_calls_of_one_action_and_then_no_more(sim: MpaasSim) -> None:
    sim.misbehave(Misbehaviour(kind="result", code="9000", action="PushBroadcast", times=2))
    other = call(
        sim, "QueryPushAnalysisTaskList", {"AppId": APP.app_id, "WorkspaceId": APP.workspace_id, "StartTime": "0"}
    )
    assert other["ResultCode"] == "OK"
    codes = [call(sim, "PushBroadcast", BROADCAST)["ResultCode"] for _ in range(4)]
    assert codes == ["9000", "9000", "OK", "OK"]


def test_without_a_number_it_lasts_until_it_is_cleared(sim: MpaasSim) -> None:
    sim.misbehave(Misbehaviour(kind="result", times=None))
    assert [call(sim, "PushBroadcast", BROADCAST)["ResultCode"] for _ in range(3)] == ["9000"] * 3
    sim.faults.clear()
    assert call(sim, "PushBroadcast", BROADCAST)["ResultCode"] == "OK"


def test_a_wrong_signature_is_never_executed_whatever_is_planned(sim: MpaasSim) -> None:
    sim.misbehave(Misbehaviour(kind="status", when="after"))
    answer = call(sim, "PushBroadcast", BROADCAST, secret="guess")
    assert answer["Code"] == "ServiceUnavailable"
    assert (executed(sim), sim.journal.entries()[0].signature) == (0, "SignatureDoesNotMatch")


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "explode"},
        {"kind": "throttle", "when": "after"},
        {"kind": "refuse", "seconds": 1, "when": "after"},
        {"kind": "refuse", "seconds": 1, "action": "PushBroadcast"},
        {"kind": "refuse"},
        {"kind": "slow"},
        {"kind": "slow", "seconds": -1},
        {"kind": "status", "status": 200},
        {"kind": "result", "code": "OK"},
        {"kind": "reset", "times": 0},
        {"kind": "reset", "often": True},
    ],
    ids=str,
)
def test_a_misbehaviour_that_makes_no_sense_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Misbehaviour.model_validate(said)


@given(st.lists(st.integers(1, 5), max_size=5), st.integers(0, 30))
def test_planned_misbehaviours_are_used_in_order_and_exactly_as_often_as_said(times: list[int], calls: int) -> None:
    faults = Faults()
    for number, count in enumerate(times):
        faults.plan(Misbehaviour(kind="result", code=str(number), times=count))
    got = [fault.code for fault in (faults.take("PushBroadcast") for _ in range(calls)) if fault]
    assert got == [str(number) for number, count in enumerate(times) for _ in range(count)][:calls]
