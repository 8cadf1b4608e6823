"""Two machines, each with both process types: they share the work, and nothing happens twice.

All stories on the shared stage are played by two of every process; these are about the moments at which they meet.
"""

from concurrent.futures import ThreadPoolExecutor

from stories.play import WHOM, Play, Sheet

from bot.playground.mpaas.misbehaviour import Misbehaviour

LOOK = "QueryPushAnalysisTaskList"
"""What every worker asks mPaaS before it sends: is there a task of this name already?"""


def test_two_presses_at_once_are_one_approval_and_every_push_goes_out_once(play: Play) -> None:
    assert [bot.verb for bot in play.stage.bots if bot.alive] == [("slack",), ("worker",)] * 2
    cards = [play.ana.asks(f"maintenance --target test --to android,ios {WHOM}") for _ in range(4)]

    with ThreadPoolExecutor(2) as at_once:
        for card in cards:
            # Bo and Chen have the dialog open at the same time, and press at the same time.
            dialogs = [person.opens(card, "Approve") for person in (play.bo, play.chen)]
            said = list(at_once.map(Sheet.submit, dialogs))
            assert None in said, "Neither press was counted."
            assert all("It was already approved by" in sheet.words for sheet in said if sheet)

    for card in cards:
        card.will_say("Test push on test: sent", "Approvals: 1 of 1")
        assert play.executed(card) == {"android": 1, "ios": 1}
        assert len(play.pushes(card)) == 2


def test_a_worker_that_was_slow_to_look_steps_back(play: Play) -> None:
    card = play.ana.asks(f"maintenance --target test --to android,ios {WHOM}")
    # One worker's look at mPaaS is stuck on its way. The other one sends Android, and has to wait a moment before it
    # may look again, for iOS.
    play.mpaas.misbehave(Misbehaviour(kind="hang", action=LOOK))
    play.mpaas.misbehave(Misbehaviour(kind="slow", seconds=0, action=LOOK))
    play.mpaas.misbehave(Misbehaviour(kind="throttle", retry_after_ms=500, action=LOOK))
    play.bo.approves(card)
    assert play.mpaas.journal.wait(lambda entries: any("throttle" in one.misbehaviour for one in entries))

    # Only now the slow worker hears that mPaaS lists a task of this request: the other's. It must not hold the rest.
    play.mpaas.let_go()
    card.will_say("Test push on test: sent")
    assert play.executed(card) == {"android": 1, "ios": 1}
