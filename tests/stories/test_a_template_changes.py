"""Somebody edits the template at mPaaS after the approval: what was approved is not what would be sent."""

from stories.play import WHOM, Play

from bot.playground.mpaas.templates import Template
from bot.playground.stage import LIVE


def edit_template(play: Play, body: str) -> None:
    play.mpaas.put_template(LIVE.app_id, LIVE.workspace_id, Template("offer", "For you", body))


def test_a_push_whose_template_changed_after_the_approval_is_not_sent(play: Play) -> None:
    edit_template(play, "Ten percent off everything in #city#.")
    card = play.ana.asks(f"offer city=Berlin --target patient --to android {WHOM}")
    play.bo.approves(card, typing="patient")
    card.will_say("approved, can still be stopped")

    # Meanwhile, in the mPaaS console ... and then the time to stop it is over.
    edit_template(play, "NINETY percent off everything in #city#.")
    play.passes(card, hours=1)

    card.will_say("changes asked for", "The template offer was changed after the request was made.")
    play.ana.hears(card, "asks for changes", "The template offer was changed")
    assert play.pushes(card) == []

    # Ana sees what it says now before she asks again, and it needs a new approval.
    preview = play.ana.opens(card, "Edit").submit()
    assert preview is not None
    assert "NINETY percent off everything in Berlin." in preview.words
    play.ana.card_of(preview.submit())
    card.will_say("revision 2", "Approvals: 0 of 1", "NINETY percent off everything in Berlin.")
    assert play.pushes(card) == []
