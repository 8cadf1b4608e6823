"""Nobody decides: late is never now."""

from stories.play import WHOM, Play


def test_a_push_that_nobody_approved_in_time_expires(play: Play) -> None:
    card = play.ana.asks(f"outage city=Berlin time=18:00 --target live --to android {WHOM}")
    card.will_say("Approve until: ")
    yesterdays_card = card.message()

    play.passes(card, hours=25)

    card.will_say("expired, not sent", "Nobody approved it in time.")
    play.ana.hears(card, "expired. Nothing was sent.")
    assert "It has expired." in play.bo.opens(yesterdays_card, "Approve").words
    assert play.pushes(card) == []
