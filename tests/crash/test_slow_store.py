"""A slow store: every press is answered before Slack gives up, and nothing is sent without a confirmed claim."""

import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import clock
import pytest
from builders import SEALER
from crash.labels import label_of
from crash.people import Somebody
from crash.relay import HONEST, PASS, Call, Deed, Hold, Plan
from crash.relayed import RelayedStage
from crash.theatre import COMMAND, VETO
from operations.bench import Bench
from operations.tended import tend_all
from store.servers import ALWAYS, running

from bot.domain.content import RequestId
from bot.domain.request import BroadcastRequest
from bot.domain.states import LegState, State
from bot.errors import StoreUnavailable
from bot.operations.tending import tend
from bot.playground.cast import ANA, BO, CAST, GENERAL
from bot.playground.reading import names_of, read
from bot.playground.slack.parts import Deed as Press
from bot.store.connection import connect
from bot.store.store import RequestStore

SLACK_WAITS = 3.0
DELAYS = (0.3, 0.5, 0.9, 1.5, 5.0)
NOTHING = "Nothing was recorded; press again."
PERHAPS = "it is not known whether this was recorded. Press again: it counts once."


class Slow(Plan):
    """Hold every answer of the store to the process that listens to Slack."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def answered(self, call: Call, reply: bytes) -> Deed:  # noqa: ARG002 - whatever it says
        return Hold(self._seconds) if call.link == "slack>store" else PASS


class Slowest(Plan):
    """Hold the store's answer to one commit for longer than anybody waits for it."""

    def __init__(self, label: str) -> None:
        self._label = label

    def answered(self, call: Call, reply: bytes) -> Deed:
        """Pass on at once that another commit came first: then it is said again."""
        written = call.link == "slack>store" and label_of(call) == self._label and b"\r\nok\r\n" in reply
        return Hold(1.5) if written else PASS


class Presses:
    """Let Ana and Bo press, and measure how long the answer takes."""

    def __init__(self, stage: RelayedStage, store: RequestStore) -> None:
        self.stage, self.slack, self.store = stage, stage.slack, store
        self.ana, self.bo = (Somebody(stage, one, store, calm=lambda: None) for one in (ANA, BO))

    def asked(self) -> RequestId:
        self.stage.lie(HONEST)
        return self.ana.asks(COMMAND)

    def told(self, slow: Plan, press: Callable[[], Press]) -> str:
        """Press while the store is slow; demand an answer in time, and return what is said."""
        for one in (ANA, BO):
            assert len(self.slack.views(one.id)) <= 1
        self.stage.lie(slow)
        began = time.monotonic()
        answer = press()
        took = time.monotonic() - began
        self.stage.lie(HONEST)
        assert (answer.acked, answer.failure) == (True, "")
        assert took < SLACK_WAITS, f"{took:.2f} s"
        tops = [views[-1] for one in (ANA, BO) if (views := self.slack.views(one.id))]
        return " ".join([str(answer.answer), *(word for top in tops for word in read(top, names_of(CAST)))])

    def begins_again(self) -> None:
        self.ana._close_all()
        self.bo._close_all()


@pytest.fixture(scope="module")
def presses() -> Iterator[Presses]:
    stage = RelayedStage(processes=(("slack", "--http", "0"), ("worker",)), veto=VETO)
    with stage, stage.store() as store:
        yield Presses(stage, store)


@pytest.mark.parametrize("seconds", DELAYS)
def test_a_command_and_a_submit_are_answered_in_time_and_truly(presses: Presses, seconds: float) -> None:
    presses.begins_again()
    command = lambda: presses.slack.command(ANA.id, GENERAL.id, f"/broadcast {COMMAND}")  # noqa: E731 - pressed twice
    said = presses.told(Slow(seconds), command)
    assert NOTHING in said or "Berlin" in said
    presses.begins_again()
    command()
    preview = presses.slack.views(ANA.id)[-1]
    before = {one.id for one in presses.store.list_requests()}
    said = presses.told(Slow(seconds), lambda: presses.slack.submit(ANA.id, preview))
    new = {one.id for one in presses.store.list_requests()} - before
    assert (not new) if NOTHING in said else (len(new) == 1 and f"{new.pop()} is stored" in said)


@pytest.mark.parametrize("seconds", DELAYS)
def test_a_vote_is_answered_in_time_and_truly(presses: Presses, seconds: float) -> None:
    presses.begins_again()
    request_id = presses.asked()
    card = presses.bo.card_of(request_id)
    presses.told(Slow(seconds), lambda: presses.bo._press(card, "Approve"))
    presses.begins_again()
    presses.bo._press(card, "Approve")
    dialog = presses.slack.views(BO.id)[-1]
    presses.slack.type(BO.id, dialog, "input", "live", block_id="typed_target")
    view = presses.slack.find_view(dialog.id)
    said = presses.told(Slow(seconds), lambda: presses.slack.submit(BO.id, view))
    votes = presses.store.get(request_id).votes
    assert [vote.approver for vote in votes] == ([] if NOTHING in said else [BO.id])
    if seconds < 0.5:
        assert NOTHING not in said, "A store that is slow and in time is waited for."


def test_a_vote_whose_answer_is_lost_is_not_said_to_be_unrecorded_and_counts_once(presses: Presses) -> None:
    presses.begins_again()
    request_id = presses.asked()
    presses.bo._press(presses.bo.card_of(request_id), "Approve")
    dialog = presses.slack.views(BO.id)[-1]
    presses.slack.type(BO.id, dialog, "input", "live", block_id="typed_target")
    submit = lambda: presses.slack.submit(BO.id, presses.slack.find_view(dialog.id))  # noqa: E731 - pressed twice
    said = presses.told(Slowest("commit quorum"), submit)
    assert PERHAPS in said
    presses.bo._back_to(dialog)
    submit()
    assert "already approved by Bo Berg" in presses.bo._words()
    assert [vote.approver for vote in presses.store.get(request_id).votes] == [BO.id]


# The worker ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with (
        running(tmp_path / "server", ALWAYS | {"enable-debug-command": "yes"}) as server,
        connect(server.url) as client,
        Bench(RequestStore(client, sealer=SEALER, ahead=clock.ahead), tmp_path) as bench,
    ):
        yield bench


@pytest.mark.parametrize("stall", ["CLIENT PAUSE 2500 WRITE", "CLIENT PAUSE 2500 ALL", "DEBUG SLEEP 2.5"])
def test_a_claim_that_is_not_answered_in_time_is_not_sent(bench: Bench, stall: str) -> None:
    request = bench.approved()
    readings: list[float] = []

    def stopwatch() -> float:
        if not readings:
            stall_the_server(bench, stall)
        readings.append(0.0)
        return 0.0

    tend(replace(bench.context, stopwatch=stopwatch), request.id)
    assert bench.pushes() == []
    # Whether the claim was written in the end, the store knows; either way each leg goes out once at most.
    after = tended_when_it_answers(bench, request)
    assert after.state in {State.SENT, State.PARTLY_SENT}
    executed = {leg.msgkey: 1 for leg in after.legs if leg.state is LegState.ACCEPTED}
    assert bench.executed() == executed
    assert {leg.state for leg in after.legs} <= {LegState.ACCEPTED, LegState.NOT_SENT}


def stall_the_server(bench: Bench, stall: str) -> None:
    """Say it on a line of its own; the server takes it up before anything that is said later."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(bench.store._client.connection_pool.connection_kwargs["path"])
        line.sendall(f"{stall}\r\n".encode())
        if stall.startswith("CLIENT"):
            assert line.recv(100).startswith(b"+OK")


def tended_when_it_answers(bench: Bench, request: BroadcastRequest) -> BroadcastRequest:
    for _ in range(10):
        try:
            return tend_all(bench, request)
        except StoreUnavailable:
            continue
    raise AssertionError("The store never answered again.")
