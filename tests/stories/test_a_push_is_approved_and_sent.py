"""The usual day: Ana asks, Bo approves, every device gets it, once."""

from stories.play import WHOM, Play

from bot.playground.cast import GENERAL


def test_a_push_is_approved_and_sent(play: Play) -> None:
    # Ana types one line; the preview shows what it means, and she submits it.
    card = play.ana.asks(f"outage city=Berlin time=18:00 --target live --to android,ios {WHOM}")

    # The card shows the approvers the exact text, and nothing has been sent.
    card.will_say(
        "Ana Alves asks to push to ALL LIVE devices of live.", "Berlin is back online at 18:00. Thank you for waiting."
    )
    card.offers_only("Approve", "Reject", "Edit", "Withdraw", "Show details")
    assert play.pushes(card) == []

    # She cannot approve it herself.
    assert "You asked for this push, so somebody else has to decide." in play.ana.opens(card, "Approve").words

    # Bo can. He types the target's name, because real people will read it.
    play.bo.approves(card, typing="live")

    # mPaaS gets one call per platform, and the card becomes the record.
    card.will_say("Push to all devices of live: sent", "Approvals: 1 of 1; Bo Berg")
    assert play.executed(card) == {"android": 1, "ios": 1}
    assert {entry.signature for entry in play.pushes(card)} == {"right"}

    # The channel where Ana asked reads the result, and so does she.
    play.dana.sees_in(GENERAL, card, "sent", "Asked by Ana Alves, approved by Bo Berg.")
    play.ana.hears(card, "was sent")
