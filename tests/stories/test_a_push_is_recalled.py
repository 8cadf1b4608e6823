"""It went out, and it was wrong: mPaaS takes it back where it still can."""

from stories.play import WHOM, Play


def test_a_push_that_went_out_is_recalled(play: Play) -> None:
    card = play.ana.asks(f"maintenance --target test --to android,ios {WHOM}")
    play.bo.approves(card)
    card.will_say("Test push on test: sent")

    play.bo.presses(card, "Recall")

    card.will_say("recalled", "Recalled at mPaaS by Bo Berg", "Devices that showed it already may still show it.")
    ours = [task for task in play.mpaas.tasks() if card.id in task.push.task_name]
    assert len(ours) == 2
    assert all(task.revoked_at for task in ours)
