"""Something is wrong, nobody knows what yet: one word stops everything, another lets it go on."""

from stories.play import WHOM, Play

from bot.playground.cast import GENERAL


def test_nothing_goes_out_between_halt_and_resume(play: Play) -> None:
    # Guests have no say in it; Bo has, and the channel reads what he did.
    assert "Guests cannot do that" in play.gus.types("halt")
    assert "All sending is halted by Bo Berg, until" in play.bo.types("halt 2h wrong prices in the shop")
    assert any("halted" in message.text for message in play.slack.messages(GENERAL.id, seen_by=play.dana.person.id))

    # Asking and approving go on; sending waits, and the card says for what.
    card = play.ana.asks(f"maintenance --target test --to android {WHOM}")
    play.bo.approves(card)
    card.will_say("approved, but kept waiting", "All sending is halted", "wrong prices in the shop")
    assert play.pushes(card) == []

    # The worker looks again after ten seconds.
    assert "Sending goes on." in play.chen.types("resume")
    play.passes(card, seconds=10)
    card.will_say("Test push on test: sent")
    assert play.executed(card) == {"android": 1}
