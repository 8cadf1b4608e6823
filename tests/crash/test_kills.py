"""Kill -9 at the crash points of a push: nothing is sent twice, nothing lost, nothing said that is not so.

Here a part of the points is tried; ``python tests/crash/points.py`` tries them all.
"""

from crash import wrong_bot
from crash.findings import DUPLICATE
from crash.points import recorded, struck, summary
from crash.relayed import RelayedStage
from crash.theatre import points_of, strikes_at, theatre
from crash.watch import Point, Side, Strike

EVERY = {
    "sent": 36,
    "mPaaS acts and hangs up": 72,
    "mPaaS throttles": 72,
    "scheduled, then cancelled": 30,
    "sent, then recalled": 30,
    "unknown, then settled": 48,
}
"""Every how-manieth kill of a scenario is tried here; which of them, ``--turn`` says."""

STORIES = 3
"""Stories that are recorded for each scenario, fewer than by hand."""

MORE_THAN = 100
"""Crash points that a push has at least; there were 135 when this was written."""


def test_whoever_is_killed_wherever_every_push_ends_well(turn: int) -> None:
    endings = []
    with theatre() as played:
        for scenario, every in EVERY.items():
            strikes = recorded(played, scenario, stories=STORIES)
            if scenario == "sent":
                assert len(strikes) > 2 * MORE_THAN
            endings += struck(played, strikes[turn % every :: every], scenario=scenario)
    assert [(str(ending.strike), ending.found) for ending in endings if ending.found] == []
    assert summary(endings)["not met"] == 0


# The harness has teeth ------------------------------------------------------------------------------------------------


class WrongStage(RelayedStage):
    """Let a worker with a planted mistake work."""

    def entry_of(self, verb: tuple[str, ...]) -> tuple[str, ...]:
        return (wrong_bot.__file__,) if verb[0] == "worker" else super().entry_of(verb)


CLAIM = Point("send", "worker", "worker>store", "commit claim android")
PUSH = Point("send", "worker", "bot>mpaas", "PushBroadcast android")
REPORT = Point("send", "worker", "worker>store", "commit accept android")


def test_a_worker_that_sends_again_what_it_did_not_report_is_caught_between_push_and_report() -> None:
    caught: dict[tuple[Point, Side], int] = {}
    with theatre(WrongStage) as played:
        assert {CLAIM, PUSH, REPORT} <= set(points_of(played.play()))
        for strike in strikes_at([CLAIM, PUSH, REPORT]):
            ending = played.play(strike)
            assert ending.hit, strike
            caught[strike.point, strike.side] = sum(one.startswith(DUPLICATE) for one in ending.found)
    assert caught == {
        (CLAIM, "before"): 0,
        (CLAIM, "after"): 0,
        (PUSH, "before"): 0,
        (PUSH, "after"): 1,
        (REPORT, "before"): 1,
        (REPORT, "after"): 0,
    }


def test_the_bot_itself_sends_nothing_twice_where_the_wrong_one_does() -> None:
    with theatre() as played:
        for strike in (Strike(PUSH, "after"), Strike(REPORT, "before")):
            ending = played.play(strike)
            assert (ending.hit, ending.found, ending.state) == (True, [], "outcome_unknown")
