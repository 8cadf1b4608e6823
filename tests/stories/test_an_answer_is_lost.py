"""mPaaS executes a push, and its answer is lost: the bot never sends again, and people settle what happened."""

import re
from collections.abc import Iterator

import pytest
from stories.play import WHOM, Card, Play

from bot.playground.mpaas.misbehaviour import Misbehaviour

ASK = f"outage city=Berlin time=18:00 --target live --to android,ios {WHOM}"


@pytest.fixture
def lost(play: Play) -> Iterator[Card]:
    """Send a push of which mPaaS executes Android's call and resets the connection."""
    card = play.ana.asks(ASK)
    play.mpaas.misbehave(Misbehaviour(kind="reset", when="after", action="PushBroadcast"))
    play.bo.approves(card)
    card.will_say("outcome unknown", "Android: outcome unknown", "iOS: accepted by mPaaS")
    yield card
    assert play.executed(card) == {"android": 1, "ios": 1}
    assert len(play.pushes(card)) == 2, "A push whose outcome was unknown was sent again."


@pytest.fixture
def unlisted(play: Play) -> Iterator[Card]:
    """Send a push of which Android's call is lost on its way, so that mPaaS lists nothing."""
    card = play.ana.asks(ASK)
    play.mpaas.misbehave(Misbehaviour(kind="reset", when="before", action="PushBroadcast"))
    play.bo.approves(card)
    yield card
    assert play.executed(card) == {"ios": 1}
    assert len(play.pushes(card)) == 2, "A push whose outcome was unknown was sent again."


def test_the_bot_finds_the_task_and_one_press_records_it(play: Play, lost: Card) -> None:
    # Within seconds the card shows what the bot found at mPaaS; nobody had to look.
    said = lost.will_say("Found at mPaaS", "of this name. It went out.")
    found = re.search(r"task (\d+) of this name", said)
    assert found is not None, said
    lost.offers_only("Record Android as sent", "Settle", "Show details")
    play.ana.hears(lost, "was lost. Look and settle; it is not resent.")

    # Still it is a person who decides. Bo does, and Chen, who pressed later, is told so.
    before = lost.message()
    assert play.bo.presses(lost, "Record Android as sent") is None
    told = play.chen.opens(before, "Record Android as sent")
    assert re.search(r"There is nothing to settle for android: .* did it already\.", told.words)
    lost.will_say("Push to all devices of live: sent", f"Task {found[1]}.", "Settled by Bo Berg.")


def test_somebody_who_is_not_involved_records_nothing(play: Play, lost: Card) -> None:
    lost.will_offer("Record Android as sent")
    assert "or an approver of live can do that." in play.dana.opens(lost, "Record Android as sent").words
    assert play.request(lost).state == "outcome_unknown"


def test_what_mpaas_does_not_list_proves_nothing_before_its_time(play: Play, unlisted: Card) -> None:
    said = unlisted.will_say("Not found at mPaaS", f"the mPaaS console for the task outage {unlisted.id}-1-android.")
    assert re.search(r"Until .* UTC its absence proves nothing\.", said)
    unlisted.offers_only("Settle", "Show details")

    # "It did not go out" would be a guess now: the signed request could still arrive.
    guess = play.ana.opens(unlisted, "Settle").fill("Android: what did you find?", "It did not go out").submit()
    assert guess is not None
    assert "It is too early to say that it did not go out" in guess.words

    # Quarter of an hour later no copy of the signed request is good any more: the bot looks again, and says so.
    for looks in (1, 2, 3):
        play.passes(unlisted, minutes=18 if looks == 1 else 1)
        play.found(unlisted, lambda seen, looks=looks: seen.conclusive == looks)
    unlisted.will_say("Not found at mPaaS in 3 looks", "it very probably did not go out.")

    dialog = play.ana.opens(unlisted, "Settle").fill("Android: what did you find?", "It did not go out")
    assert dialog.submit() is None
    unlisted.will_say("sent in part", "Android: not sent.", "Settled by Ana Alves.")


def test_the_dialog_shows_what_the_bot_finds_at_that_moment(play: Play, lost: Card) -> None:
    dialog = play.ana.opens(lost, "Settle")
    found = re.search(r"task (\d+) of this name\. It went out\.", dialog.words)
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
