"""mPaaS executes a push, and its answer is lost: the bot never sends again, and people settle what happened."""

import re
from collections.abc import Iterator

import pytest
from stories.play import WHOM, Card, Play

from bot.playground.mpaas.misbehaviour import Misbehaviour


@pytest.fixture
def lost(play: Play) -> Iterator[Card]:
    """Send a push of which mPaaS executes Android's call and resets the connection."""
    card = play.ana.asks(f"outage city=Berlin time=18:00 --target live --to android,ios {WHOM}")
    play.mpaas.misbehave(Misbehaviour(kind="reset", when="after", action="PushBroadcast"))
    play.bo.approves(card)
    card.will_say("outcome unknown", "Android: outcome unknown", "iOS: accepted by mPaaS")
    yield card
    assert play.executed(card) == {"android": 1, "ios": 1}
    assert len(play.pushes(card)) == 2, "A push whose outcome was unknown was sent again."


def test_a_lost_answer_is_settled_by_a_button(play: Play, lost: Card) -> None:
    # The card says what to look for, and until when its absence proves nothing.
    said = lost.will_say(f"Look in the mPaaS console for the task outage {lost.id}-1-android.")
    assert re.search(r"Until .* UTC its absence proves nothing\.", said)
    lost.offers_only("Settle", "Show details")
    play.ana.hears(lost, "was lost. Look and settle; it is not resent.")

    # "It did not go out" would be a guess now: the signed request could still arrive.
    guess = play.ana.opens(lost, "Settle").fill("Android: what did you find?", "It did not go out").submit()
    assert guess is not None
    assert "It is too early to say that it did not go out" in guess.words

    # The dialog shows what the bot found at mPaaS. Ana settles with that.
    dialog = play.ana.opens(lost, "Settle")
    found = re.search(r"mPaaS lists a task of this name: (\d+)\. It went out\.", dialog.words)
    assert found is not None, dialog.words
    dialog.fill("Android: what did you find?", "It went out").fill("Android: task id", found[1])
    assert dialog.submit() is None
    lost.will_say("Push to all devices of live: sent", f"Task {found[1]}.", "Settled by Ana Alves.")


def test_a_lost_answer_is_settled_at_the_command_line(play: Play, lost: Card) -> None:
    too_early = play.stage.operate("settle", lost.id, "--not-sent")
    assert too_early.returncode == 1
    assert "It is too early to say that it did not go out" in too_early.stderr

    settled = play.stage.operate("settle", lost.id, "--sent")
    assert (settled.returncode, settled.stderr) == (0, "")
    assert "android is written down as sent; the request is sent." in settled.stdout
    lost.will_say("Push to all devices of live: sent", "Settled by operator:")


def test_what_is_long_past_may_be_settled_as_not_sent(play: Play, lost: Card) -> None:
    # Quarter of an hour later no copy of the signed request is good any more; people may conclude what they like.
    play.passes(lost, minutes=18)
    dialog = play.chen.opens(lost, "Settle").fill("Android: what did you find?", "It did not go out")
    assert dialog.submit() is None
    lost.will_say("sent in part", "Android: not sent.", "Settled by Chen Chu.")
