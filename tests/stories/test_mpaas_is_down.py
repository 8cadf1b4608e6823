"""mPaaS cannot be reached, or has too much to do: proof that nothing was executed, so the bot may try again."""

from stories.play import WHOM, Play

from bot.playground.mpaas.misbehaviour import Misbehaviour


def test_a_push_waits_while_mpaas_is_down_and_goes_out_once(play: Play) -> None:
    card = play.ana.asks(f"maintenance --target test --to android,ios {WHOM}")
    play.mpaas.refuse()
    try:
        play.bo.approves(card)
        card.will_say("approved, but kept waiting", "mPaaS could not be asked", "No connection to")
        assert play.pushes(card) == []
    finally:
        play.mpaas.accept()

    # The worker looks again after ten seconds.
    play.passes(card, seconds=10)
    card.will_say("Test push on test: sent")
    assert play.executed(card) == {"android": 1, "ios": 1}


def test_a_throttled_call_is_repeated_by_its_own_worker(play: Play) -> None:
    card = play.ana.asks(f"maintenance --target test --to android {WHOM}")
    play.mpaas.misbehave(Misbehaviour(kind="throttle", action="PushBroadcast", times=2, retry_after_ms=50))

    play.bo.approves(card)

    card.will_say("Test push on test: sent")
    pushes = play.pushes(card)
    assert [entry.executed for entry in pushes] == [False, False, True]
    nonces = [dict(entry.headers).get("x-acs-signature-nonce") for entry in pushes]
    assert len(set(nonces)) == 3, "Every try is signed afresh."
