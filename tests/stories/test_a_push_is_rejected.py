"""An approver says no, and says why."""

from stories.play import WHOM, Play


def test_a_push_is_rejected_with_a_reason(play: Play) -> None:
    card = play.ana.asks(f"recall product=Kettle batch=K-7 --target live --to all {WHOM}")
    shown_to_chen = card.message()

    play.bo.answers(card, "Reject for good", "Legal has not seen the text.")

    # The card says who and why, and offers nothing but a new start.
    card.will_say("rejected", "Rejected by Bo Berg", "Legal has not seen the text.")
    card.offers_only("New request like this", "Show details")
    play.ana.hears(card, "Bo Berg rejected your request", "Legal has not seen the text.")

    # Chen, who still has the old card before him, is told that Bo was first.
    assert "It was already rejected by Bo Berg." in play.chen.opens(shown_to_chen, "Approve").words
    assert play.pushes(card) == []
