"""A message stands in its place once, and is brought up to date there; how long to wait is a rule."""

import pytest
from operations.bench import Bench

from bot import wiring
from bot.domain.content import ChannelId
from bot.errors import Refused
from bot.playground.cast import APPROVALS, BROADCASTS
from bot.posting import LONGEST_WAIT, Busy, NotTaken, Place, Posting, Reserved, Told, Undelivered, seconds_to_wait
from bot.views.blocks import Message

FIRST, AGAIN = Message("first", []), Message("again", [])


def posting(bench: Bench) -> Posting:
    return Posting(bench.context, wiring.slack_client(bench.settings, timeout=5))


def a_place(channel: str = APPROVALS.id, **parts: object) -> Place:
    return Place("card", ChannelId(channel), AGAIN, **{"first": FIRST, "follows": True} | parts)  # type: ignore[arg-type]


def test_it_is_posted_with_its_first_words_and_redrawn_with_the_others(bench: Bench) -> None:
    request = bench.submitted()
    posting(bench).show(request.id, a_place(), Told("a"))
    assert [message.text for message in bench.posted()] == ["first"]
    posting(bench).show(request.id, a_place(), Told("b"))
    assert [message.text for message in bench.posted()] == ["again"]


def test_a_message_that_does_not_follow_is_posted_and_left(bench: Bench) -> None:
    request = bench.submitted()
    for by in ("a", "b"):
        posting(bench).show(request.id, a_place(follows=False), Told(by))
    assert [message.text for message in bench.posted()] == ["first"]
    assert bench.slack.journal("chat.update") == []


def test_what_somebody_else_posts_is_left_to_them(bench: Bench) -> None:
    request = bench.submitted()
    assert bench.store.reserve_post(request.id, "card", by="somebody else", seconds=60)
    with pytest.raises(Reserved):
        posting(bench).show(request.id, a_place(), Told("a"))


def test_a_channel_that_asks_to_wait_is_left_alone_and_no_other_one(bench: Bench) -> None:
    request = bench.submitted()
    one = posting(bench)
    bench.slack.fault("chat.postMessage", "ratelimited", seconds=40, channel=APPROVALS.id)
    for _ in range(2):
        with pytest.raises(Busy) as caught:
            one.show(request.id, a_place(), Told("a"))
        assert 38 <= caught.value.seconds <= 41
    one.show(request.id, a_place(BROADCASTS.id), Told("a"))
    assert len(bench.slack.journal("chat.postMessage")) == 2


@pytest.mark.parametrize(
    ("error", "age", "seconds"),
    [
        (Busy(3), 9_999.0, 3),
        (Undelivered("reset", passes=True), 9_999.0, 30),
        (Undelivered("a new word", passes=False), 0.0, 30),
        (Undelivered("a new word", passes=False), 200.0, 200),
        (NotTaken("is_archived", "Unarchive it."), 1.0, 30),
        (NotTaken("is_archived", "Unarchive it."), 600.0, 600),
        (NotTaken("is_archived", "Unarchive it."), 99_999.0, LONGEST_WAIT),
        (ValueError("nobody foresaw this"), 600.0, 600),
    ],
)
def test_what_passes_is_tried_soon_and_what_people_have_to_mend_ever_more_seldom(
    error: Exception, age: float, seconds: int
) -> None:
    assert seconds_to_wait(error, age, least=30.0) == seconds


def test_a_refusal_for_good_is_expected_and_says_what_to_do() -> None:
    error = NotTaken("is_archived", "Somebody unarchives the channel.")
    assert isinstance(error, Refused)
    assert (error.code, error.sentence) == (
        "is_archived",
        "Slack refuses it (is_archived). Somebody unarchives the channel.",
    )
