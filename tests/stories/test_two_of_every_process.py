"""Two machines, each with both process types: they share the work, and two presses at once are one approval."""

from concurrent.futures import ThreadPoolExecutor

from stories.play import WHOM, Play

from bot.playground.stage import Stage

BOTH = (("slack",), ("worker",))


def test_two_slack_processes_and_two_workers_send_every_push_once() -> None:
    with Stage(processes=BOTH * 2, veto="0s") as stage, ThreadPoolExecutor(2) as at_once:
        play = Play(stage)
        assert stage.slack.sockets == 2
        cards = [play.ana.asks(f"maintenance --target test --to android,ios {WHOM}") for _ in range(4)]

        for card in cards:
            # Bo and Chen have the dialog open at the same time, and press at the same time.
            dialogs = [person.opens(card, "Approve") for person in (play.bo, play.chen)]
            said = list(at_once.map(lambda dialog: dialog.submit(), dialogs))
            assert [sheet for sheet in said if sheet is None], "Neither press was counted."
            assert all("It was already approved by" in sheet.words for sheet in said if sheet)

        for card in cards:
            card.will_say("Test push on test: sent", "Approvals: 1 of 1")
            assert play.executed(card) == {"android": 1, "ios": 1}
            assert len(play.pushes(card)) == 2
        play.law_one_holds()
