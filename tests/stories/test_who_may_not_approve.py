"""Slack lets anybody who sees a button press it: every press gets an answer, and only approvers' presses count."""

from stories.play import WHOM, Play

from bot.playground.cast import BO


def test_people_who_may_not_approve_are_told_why(play: Play) -> None:
    # The card of this target stands in a channel that another company shares.
    card = play.ana.asks(f"outage city=Berlin time=18:00 --target shared --to android {WHOM}")

    assert "your account belongs to another company" in play.olga.opens(card, "Approve").words
    assert "You are not listed as an approver of shared." in play.dana.opens(card, "Approve").words

    elsewhere = play.ana.asks(f"outage city=Berlin time=18:00 --target live --to android {WHOM}")
    assert "Guests cannot do that" in play.gus.opens(elsewhere, "Approve").words

    for one in (card, elsewhere):
        one.will_say("Approvals: 0 of 1")
        assert play.pushes(one) == []


def test_the_vote_of_somebody_who_left_before_the_send_does_not_count(play: Play) -> None:
    card = play.ana.asks(f"outage city=Berlin time=18:00 --target patient --to android {WHOM}")
    play.bo.approves(card, typing="patient")
    card.will_say("approved, can still be stopped")

    with play.without(BO):
        play.passes(card, hours=1)
        card.will_say("changes asked for", "It needs 1 approvals of people who may still give them.")
    assert play.pushes(card) == []
