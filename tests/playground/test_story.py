"""The story is told as it happens, and what does not happen ends it with a sentence and status 1."""

from collections.abc import Iterator
from io import StringIO

import pytest

from bot.playground import run
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.stage import Stage
from bot.playground.story import COMMAND, Story, Untold

HURRY = 5.0
"""Seconds that a thing of a broken story may take."""


@pytest.fixture
def stage() -> Iterator[Stage]:
    with Stage(veto="1s") as stage:
        yield stage


def test_the_story_tells_one_push_from_the_slash_to_the_result(stage: Stage) -> None:
    told: list[tuple[str, ...]] = []
    Story(stage, tell=lambda who, *said: told.append((who, *said))).play()

    assert [who for who, *_ in told] == [
        *("Ana", "bot to Ana", "Ana", "#approvals"),  # she asks
        *("Ana", "bot to Ana"),  # she cannot approve it
        *("Bo", "bot to Bo", "Bo", "#approvals"),  # he can
        *("bot", "mPaaS", "mPaaS", "#general", "bot to Ana", "#approvals"),  # it is sent
    ]
    assert told[0] == ("Ana", COMMAND)
    assert told[3][-1] == "[Approve] [Reject] [Edit] [Withdraw] [Show details]"
    assert told[5][1].startswith("You asked for this push, so somebody else has to decide.")
    assert told[-1][1] == "Push to all devices of live: sent"
    # People read names, not ids, and none of Slack's marks.
    everything = " ".join(line for _, *said in told for line in said)
    assert [mark for mark in ("<@", "<!", "*", "&lt;", "U01ANA") if mark in everything] == []


def test_a_story_in_which_mpaas_cannot_be_reached_says_what_ana_was_shown(stage: Stage) -> None:
    stage.mpaas.refuse()
    with pytest.raises(Untold, match="Ana Alves was shown “New broadcast” in place of the view 'preview'") as broken:
        Story(stage, tell=lambda *_: None, patience=HURRY).play()
    assert "mPaaS did not show its templates" in str(broken.value)


def test_a_story_in_which_mpaas_declines_everything_ends_with_status_1(stage: Stage) -> None:
    stage.mpaas.misbehave(Misbehaviour(kind="result", code="3050", action="PushBroadcast", times=None))
    out, err = StringIO(), StringIO()

    assert run.play(stage, out=out, err=err, patience=HURRY) == 1

    sentence = err.getvalue().strip().splitlines()[0]
    assert sentence.startswith("The story broke. mPaaS did not execute ")
    assert "3050" in sentence
    assert "--- worker, its last lines" in err.getvalue()
    assert "The story is complete" not in out.getvalue()
    assert "[Stop]" in out.getvalue()
