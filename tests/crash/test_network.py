"""The network lies about a push: it is sent at most once, nothing acknowledged is lost, and people read the truth.

``python tests/crash/network.py`` tells every lie; here are those that matter most, with how each must end, and a
slice of the rest.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pytest
from crash.laws import broken
from crash.lies import Case, Side, label
from crash.network import PACE, Point, Report, cases, come_to_rest, play, record, told
from crash.relay import PASS, Call, Deed, Plan
from crash.relayed import RelayedStage
from stories.play import WHOM, Play, Sheet

from bot.domain.states import LegState, State
from bot.playground.bot_settings import Rules
from bot.playground.cast import ANA, BO

SLICE = 24
"""Lies of all that there are; the command tells the rest."""

BOTH = {"android": 1, "ios": 1}
TARGETS = {"double": Rules(veto="0s", quorum=2)}


def lie(phase: str, link: str, about: str, side: Side, deed: str) -> tuple[Point, Case]:
    names_it = phase == "work" and link != "worker>slack"
    named = names_it or about.startswith("chat.")
    return Point(phase, link, about, 1, named), Case(link, about, 1, side, deed)


def of_mpaas(side: Side, deed: str) -> tuple[Point, Case]:
    return lie("work", "bot>mpaas", "PushBroadcast android", side, deed)


def of_store(about: str, side: Side, deed: str) -> tuple[Point, Case]:
    return lie("work", "worker>store", f"EVALSHA {about}", side, deed)


ENDS: list[tuple[tuple[Point, Case], State, dict[str, int]]] = [
    # mPaaS has it, or may have it, and nobody can say: never sent again, never called declined.
    (of_mpaas("request", "twice, the second heard"), State.OUTCOME_UNKNOWN, BOTH),
    (of_mpaas("reply", "drop"), State.OUTCOME_UNKNOWN, BOTH),
    (of_mpaas("reply", "cut in the middle"), State.OUTCOME_UNKNOWN, BOTH),
    (of_mpaas("reply", "cut before the last byte"), State.OUTCOME_UNKNOWN, BOTH),
    (of_mpaas("reply", "hold"), State.OUTCOME_UNKNOWN, BOTH),
    (of_mpaas("reply", "a byte a second"), State.OUTCOME_UNKNOWN, BOTH),
    (of_mpaas("request", "drop"), State.OUTCOME_UNKNOWN, {"ios": 1}),
    (of_mpaas("request", "cut in the middle"), State.OUTCOME_UNKNOWN, {"ios": 1}),
    # The network repeats what was said once: mPaaS refuses the second, which nobody hears.
    (of_mpaas("request", "twice"), State.SENT, BOTH),
    # A claim that nobody confirmed is not sent, even if it was written.
    (of_store("claim android", "reply", "drop"), State.PARTLY_SENT, {"ios": 1}),
    (of_store("claim android", "reply", "cut in the middle"), State.PARTLY_SENT, {"ios": 1}),
    (of_store("claim android", "reply", "hold"), State.PARTLY_SENT, {"ios": 1}),
    # One that was confirmed too slowly is not sent either: each piece came in time, and all together did not.
    (of_store("claim android", "reply", "two bytes a second"), State.PARTLY_SENT, {"ios": 1}),
    # One that never arrived is made again; one that arrives twice is one.
    (of_store("claim android", "request", "drop"), State.SENT, BOTH),
    (of_store("claim android", "request", "twice"), State.SENT, BOTH),
    (of_store("claim android", "request", "twice, the second heard"), State.SENT, BOTH),
    # The report of an outcome is repeated until it is stored, and is stored once.
    (of_store("accept android", "reply", "drop"), State.SENT, BOTH),
    (of_store("accept android", "request", "twice, the second heard"), State.SENT, BOTH),
    # The winner of a compare-and-set stays the winner when its answer is lost.
    (lie("ask", "slack>store", "EVALSHA submit", "reply", "drop"), State.SENT, BOTH),
    (lie("approve", "slack>store", "EVALSHA quorum", "reply", "drop"), State.SENT, BOTH),
    (lie("approve", "slack>store", "EVALSHA quorum", "reply", "cut in the middle"), State.SENT, BOTH),
    (lie("approve", "slack>store", "EVALSHA quorum", "reply", "hold"), State.SENT, BOTH),
    (lie("approve", "slack>store", "EVALSHA quorum", "request", "hold"), State.SENT, BOTH),
    (lie("approve", "slack>store", "EVALSHA quorum", "request", "twice, the second heard"), State.SENT, BOTH),
    # What was posted and not heard of is found again; what is drawn twice is the same.
    (lie("approve", "slack>slack", "views.open", "reply", "drop"), State.SENT, BOTH),
    (lie("work", "worker>slack", "chat.postMessage card", "reply", "drop"), State.SENT, BOTH),
    (lie("work", "worker>slack", "chat.postMessage result:sent", "reply", "drop"), State.SENT, BOTH),
    (lie("work", "worker>slack", "chat.postMessage direct:sent", "reply", "cut in the middle"), State.SENT, BOTH),
    (lie("work", "worker>slack", "chat.update card.6", "request", "twice"), State.SENT, BOTH),
]


@pytest.fixture(scope="module")
def stage() -> Iterator[RelayedStage]:
    with RelayedStage(veto="1s", targets=TARGETS, pace=PACE) as stage:
        yield stage


def test_each_lie_ends_as_the_design_says_and_none_breaks_a_law(stage: RelayedStage) -> None:
    """Tell the lies that matter most and a slice of all others, in one go: they wait for the same half minute.

    Those that keep the worker waiting come last, while what was posted and not heard of is waited for.
    """
    every = list(cases(record(stage)))
    chosen = every[7 :: len(every) // SLICE] + [one for one, _, _ in reversed(ENDS)]
    report = play(stage, chosen, at_once=len(chosen))
    assert report.broken == [], "\n".join(told(report))
    assert [case for case in report.untold if case in {case for (_, case), _, _ in ENDS}] == []
    assert sum(report.tried.values()) > len(ENDS) + SLICE * 0.8
    assert {link for link, _ in report.tried} == set(stage.relays) - {"slack<slack"}
    assert (report.duplicates, report.losses, report.ended) == (0, 0, 0)
    ends = {str(case): end_of(stage, report, case) for (_, case), _, _ in ENDS}
    assert ends == {str(case): End(state, executed) for (_, case), state, executed in ENDS}


class End(NamedTuple):
    """Say how a push ended; ``odd`` is what no lie may lead to."""

    state: State
    executed: dict[str, int]
    odd: tuple[str, ...] = ()


def end_of(stage: RelayedStage, report: Report, case: Case) -> End:
    request_id = report.ids[case]
    with stage.store() as store:
        request = store.get(request_id)
        events = Counter(line.event for line in store.history(request_id))
    counts = stage.mpaas.journal.executed_by_msgkey()
    executed = {leg.platform.value: counts[leg.msgkey] for leg in request.legs if leg.msgkey in counts}
    looks = events.pop("look", 0)  # as many as mPaaS had news
    odd = [event for event, count in events.items() if count != 1]
    odd += [] if (looks > 0) == (request.state is State.OUTCOME_UNKNOWN) else [f"{looks} looks"]
    odd += {leg.state for leg in request.legs} & {LegState.DECLINED, LegState.WAITING, LegState.SENDING}
    told_so = {one.actor for one in report.acknowledged if one.request_id == request_id}
    return End(request.state, executed, (*odd, *({ANA.id, BO.id} - told_so)))


def test_two_votes_whose_commits_overtake_each_other_both_count(stage: RelayedStage) -> None:
    overtaken = threading.Event()

    class Overtaking(Plan):
        """Hold Bo's vote until Chen's, which was said later, has been stored."""

        def asked(self, call: Call) -> Deed:
            if label(call) == "EVALSHA vote" and f'"actor":"{BO.id}"'.encode() in call.said:
                assert overtaken.wait(0.8), "Chen's vote did not come."  # less than a client waits for an answer
            return PASS

        def answered(self, call: Call, reply: bytes) -> Deed:  # noqa: ARG002 - only the call counts
            if label(call).startswith("EVALSHA ") and b'"actor":"U03CHEN"' in call.said:
                overtaken.set()
            return PASS

    play = Play(stage)
    stage.mpaas.journal.clear()
    card = play.ana.asks(f"outage city=Berlin time=18:00 --target double --to android,ios {WHOM}")
    dialogs = [
        person.opens(card, "Approve").fill("Type the target's name", "double") for person in (play.bo, play.chen)
    ]
    stage.lie(Overtaking())
    with ThreadPoolExecutor(2) as at_once:
        assert list(at_once.map(Sheet.submit, dialogs)) == [None, None]
    assert overtaken.is_set()
    card.will_say("Push to all devices of double: sent", "Approvals: 2 of 2")
    play.ana.hears(card, "was sent")
    assert play.executed(card) == BOTH
    come_to_rest(stage, [card.id])
    assert broken(stage, [card.id]) == []


def test_of_two_workers_that_claim_at_once_one_sends() -> None:
    class Claims(Plan):
        """Hold the first claim until another worker's, which came later, was answered."""

        def __init__(self) -> None:
            self.first: Call | None = None
            self.overtaken = threading.Event()
            self.verdicts: list[bytes] = []

        def asked(self, call: Call) -> Deed:
            if label(call) == "EVALSHA claim android":
                self.first = self.first or call
                if self.first is call:
                    self.overtaken.wait(0.8)  # less than a client waits for an answer
            return PASS

        def answered(self, call: Call, reply: bytes) -> Deed:
            is_sealed_anew = b"\r\nhead\r\n" in reply
            if label(call) == "EVALSHA claim android" and not is_sealed_anew:
                self.verdicts.append(reply.split(b"\r\n")[2])
                if self.first is not call:
                    self.overtaken.set()
            return PASS

    claims = Claims()
    with RelayedStage(processes=(("slack",), ("worker",), ("worker",)), plan=claims) as stage:
        play = Play(stage)
        card = play.ana.asks(f"outage city=Berlin time=18:00 --target live --to android,ios {WHOM}")
        play.bo.approves(card)
        card.will_say("Push to all devices of live: sent")
        assert claims.overtaken.is_set()
        assert sorted(claims.verdicts) == [b"conflict", b"ok"]
        come_to_rest(stage, [card.id])
        assert broken(stage, [card.id]) == []
        assert play.executed(card) == BOTH
        assert len(play.pushes(card)) == len(BOTH)
