"""A push for later: mPaaS keeps the calendar, the card says when, and a button takes it back."""

from datetime import timedelta

from stories.play import WHOM, Play


def test_a_push_is_scheduled_and_cancelled(play: Play) -> None:
    card = play.ana.asks(f'outage city=Berlin time=18:00 --target live --to android,ios --at "in 2h" {WHOM}')
    card.will_say("When: Once, at ")

    # Approved, it is at mPaaS at once, but goes out in two hours.
    play.bo.approves(card)
    card.will_say("Push to all devices of live: scheduled")
    waiting = play.mpaas.scheduled()
    assert [sub.push.title for sub in waiting] == ["Service notice", "Service notice"]
    assert all(
        timedelta(hours=1, minutes=55) < sub.push_time - play.mpaas.now() < timedelta(hours=2) for sub in waiting
    )

    # The card says when, to the minute that mPaaS has; so does the list of what goes out later.
    card.will_say(f"When: Once, at {waiting[0].push_time:%Y-%m-%d %H:%M} UTC")
    assert "Scheduled pushes: 1" in play.dana.types("scheduled")

    # Ana changes her mind. mPaaS has forgotten it, and the card says by whom.
    play.ana.presses(card, "Cancel")
    card.will_say("Push to all devices of live: cancelled", "Cancelled at mPaaS by Ana Alves")
    assert play.mpaas.scheduled() == []
    play.ana.hears(card, "was cancelled by Ana Alves")
