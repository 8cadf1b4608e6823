"""mPaaS takes one platform and refuses the other: told as it is, and not tried again."""

from stories.play import WHOM, Play

from bot.playground.cast import GENERAL
from bot.playground.mpaas.misbehaviour import Misbehaviour


def test_a_push_that_one_platform_declined_is_told_honestly(play: Play) -> None:
    card = play.ana.asks(f"outage city=Berlin time=18:00 --target live --to android,ios {WHOM}")
    # Android's call goes through. To the next one, for iOS, mPaaS says that the message is too long.
    play.mpaas.misbehave(Misbehaviour(kind="slow", seconds=0, action="PushBroadcast"))
    play.mpaas.misbehave(Misbehaviour(kind="result", code="3050", action="PushBroadcast"))

    play.bo.approves(card)

    card.will_say("sent in part", "Android: accepted by mPaaS", "iOS: refused by mPaaS", "Code 3050.", "shorter")
    assert play.executed(card) == {"android": 1}
    assert len(play.pushes(card)) == 2
    play.dana.sees_in(GENERAL, card, "sent in part", "iOS: refused by mPaaS")
    play.ana.hears(card, "was sent to some of its platforms only")
