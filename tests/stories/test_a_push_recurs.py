"""A push again and again: asked for and approved once, kept by mPaaS, shown with its next times."""

from datetime import timedelta

from stories.play import WHOM, Play

from bot.playground.mpaas.calendar import SHANGHAI


def test_a_push_recurs_every_day_until_it_is_cancelled(play: Play) -> None:
    first = play.mpaas.now().astimezone(SHANGHAI).date() + timedelta(days=1)
    days = f"--every day --time 09:30 --from {first} --until {first + timedelta(days=4)}"

    card = play.ana.asks(f"maintenance --target test --to android {days} {WHOM}")
    card.will_say(f"When: Every day at 09:30 (Asia/Shanghai), from {first}")
    play.bo.approves(card)
    card.will_say("Test push on test: scheduled", "Next: ")

    # One approval, one call, five days.
    assert play.executed(card) == {"android": 1}
    kept = [sub.push_time.astimezone(SHANGHAI) for sub in play.mpaas.scheduled()]
    assert [f"{moment:%H:%M}" for moment in kept] == ["09:30"] * 5
    assert [moment.date() for moment in kept] == [first + timedelta(days=number) for number in range(5)]

    # An approver may cancel it too; the days that are left go with it.
    play.bo.presses(card, "Cancel")
    card.will_say("Test push on test: cancelled", "Cancelled at mPaaS by Bo Berg")
    assert play.mpaas.scheduled() == []
