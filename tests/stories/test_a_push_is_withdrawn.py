"""The requester thinks again before anybody has approved."""

from stories.play import WHOM, Play


def test_a_push_is_withdrawn_by_who_asked(play: Play) -> None:
    card = play.ana.asks(f"outage city=Berlin time=18:00 --target live --to android {WHOM}")
    shown_to_bo = card.message()

    # It is nobody's business but Ana's and the approvers'.
    assert "Only Ana Alves or an approver of live can do that." in play.dana.opens(card, "Withdraw").words

    dialog = play.ana.opens(card, "Withdraw").fill("Why", "It is back already.")
    assert dialog.submit() is None
    card.will_say("withdrawn", "Withdrawn by Ana Alves", "It is back already.", "Nothing was sent.")

    # Bo's screen was slow. His press is answered, and nothing happens.
    assert "It was already withdrawn by Ana Alves." in play.bo.opens(shown_to_bo, "Approve").words
    assert play.pushes(card) == []


def test_a_push_is_withdrawn_by_a_command(play: Play) -> None:
    card = play.ana.asks(f"maintenance --target test --to android {WHOM}")
    assert f"Done. {card.id}" in play.ana.types(f"withdraw {card.id.lower()} wrong week")
    card.will_say("withdrawn", "wrong week")
