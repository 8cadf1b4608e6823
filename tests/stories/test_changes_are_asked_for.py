"""An approver wants another text: the requester edits, and every approval starts from nothing."""

from stories.play import WHOM, Play


def test_changes_are_asked_for_and_the_next_revision_is_sent(play: Play) -> None:
    # This target needs two approvals. Bo gives his; Chen sees a mistake.
    card = play.ana.asks(f"outage city=Berlin time=18:00 --target double --to android,ios {WHOM}")
    play.bo.approves(card, typing="double")
    first_revision = card.will_say("Approvals: 1 of 2")
    old_card = card.message()
    play.chen.answers(card, "Ask for changes", "It is Hamburg, not Berlin.")
    card.will_say("changes asked for", "It is Hamburg, not Berlin.")
    play.ana.hears(card, "Chen Chu asks for changes", "It is Hamburg, not Berlin.")

    # Ana presses Edit: the form is as she left it. She changes one word.
    preview = play.ana.opens(card, "Edit").fill("Value of city", "Hamburg").submit()
    assert preview is not None
    assert "Hamburg is back online at 18:00." in preview.words
    play.ana.card_of(preview.submit())

    # It is a new revision with a digest of its own, and Bo's vote for the old one does not count.
    second_revision = card.will_say("revision 2", "Approvals: 0 of 2", "Hamburg is back online")
    assert second_revision.splitlines()[-1] != first_revision.splitlines()[-1]
    assert "This card shows an older version of the request." in play.chen.opens(old_card, "Approve").words
    play.chen.approves(card, typing="double")
    card.will_say("waiting for approval", "Approvals: 1 of 2")
    assert play.pushes(card) == []

    # With both votes for what will really be sent, it goes out.
    play.bo.approves(card, typing="double")
    card.will_say("Push to all devices of double: sent")
    assert play.executed(card) == {"android": 1, "ios": 1}
    assert all("Hamburg" in entry.parameters["TemplateKeyValue"] for entry in play.pushes(card))
