"""A target with a quorum of two."""

from stories.play import WHOM, Play


def test_a_push_waits_for_its_second_approval(play: Play) -> None:
    card = play.ana.asks(f"outage city=Berlin time=18:00 --target double --to android {WHOM}")

    play.bo.approves(card, typing="double")
    card.will_say("waiting for approval", "Approvals: 1 of 2; Bo Berg")

    # One person counts once.
    assert "You approved this already; your vote is counted." in play.bo.opens(card, "Approve").words
    assert play.pushes(card) == []

    play.chen.approves(card, typing="double")
    card.will_say("Push to all devices of double: sent", "Approvals: 2 of 2")
    assert play.executed(card) == {"android": 1}
