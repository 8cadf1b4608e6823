"""The veto window: between the last approval and the send, anybody concerned can stop it with one press."""

from stories.play import WHOM, Play


def test_an_approved_push_is_stopped_before_it_goes_out(play: Play) -> None:
    card = play.ana.asks(f"outage city=Berlin time=18:00 --target patient --to android,ios {WHOM}")
    play.bo.approves(card, typing="patient")
    card.will_say("approved, can still be stopped", "Can be stopped until: ")
    card.offers_only("Stop", "Show details")

    # Chen is an approver too, and he has just seen that it is the wrong city.
    play.chen.presses(card, "Stop")
    card.will_say("withdrawn", "Withdrawn by Chen Chu", "Nothing was sent.")
    play.ana.hears(card, "was withdrawn by Chen Chu. Nothing was sent.")

    # The window ends. The worker sends another push meanwhile, but never this one.
    play.passes(card, hours=1)
    another = play.ana.asks(f"maintenance --target test --to android {WHOM}")
    play.bo.approves(another)
    another.will_say("Test push on test: sent")
    assert play.pushes(card) == []
