"""The log as a feed: every line once when it is new, once more when it has changed, and never more than are kept."""

from functools import partial

import pytest

from bot.playground.bot_settings import ACCESS_KEYS, LIVE
from bot.playground.mpaas.journal import Entry
from bot.playground.mpaas.sim import MpaasSim
from bot.playground.page.bell import Bell
from bot.playground.page.feed import KEPT, Feed
from bot.playground.slack.schema import Json
from bot.playground.slack.sim import SlackSim


class Noise:
    """Hold both simulators, and let them be heard by a feed."""

    def __init__(self) -> None:
        self.slack, self.bell = SlackSim(), Bell()
        self.mpaas = MpaasSim(apps=(LIVE,), access_keys=ACCESS_KEYS, now=self.slack.world.now)
        self.mpaas.journal.on_change.append(partial(self.bell.ring, "mpaas"))
        self.slack.world.on_change.append(partial(self.bell.ring, "slack"))
        self.feed = Feed(self.slack, self.mpaas, self.bell)

    def call(self, name: str) -> None:
        self.slack.world.note("call", name, sent={}, answer={"ok": True}, status=200, milliseconds=1.0)

    def push(self, action: str) -> Entry:
        return self.mpaas.journal.arrived(self.mpaas.now().isoformat(), action, {}, headers=(), body=b"")


@pytest.fixture
def noise() -> Noise:
    return Noise()


def named(lines: list[Json]) -> list[str]:
    return [str(line["name"]) for line in lines]


def test_it_begins_with_what_was_before_in_the_order_of_time(noise: Noise) -> None:
    noise.call("first")
    noise.push("Second")
    noise.call("third")
    lines, count = noise.feed.all()
    assert (named(lines), count) == (["first", "Second", "third"], 3)


def test_it_tells_what_is_new_and_nothing_twice(noise: Noise) -> None:
    noise.call("before")
    _, count = noise.feed.all()
    assert noise.feed.after(count) == ([], count)
    noise.call("new")
    noise.push("Newer")
    lines, later = noise.feed.after(count)
    assert named(lines) == ["new", "Newer"]
    assert noise.feed.after(later) == ([], later)
    assert named(noise.feed.after(count)[0]) == ["new", "Newer"]


def test_a_request_is_told_again_when_something_became_of_it(noise: Noise) -> None:
    pushed = noise.push("PushBroadcast")
    _, count = noise.feed.all()
    noise.push("Other")
    lines, count = noise.feed.after(count)
    assert named(lines) == ["Other"]
    noise.mpaas.journal.note(pushed, misbehaviour="hang before")
    lines, count = noise.feed.after(count)
    assert [(line["trouble"], line["finished"]) for line in lines] == [("hang before", False)]
    noise.mpaas.journal.note(pushed, finished=True, status=200)
    lines, count = noise.feed.after(count)
    assert [(line["id"], line["finished"]) for line in lines] == [(f"mpaas-{pushed.number}", True)]
    assert named(noise.feed.all()[0]) == ["PushBroadcast", "Other"]


def test_what_explains_the_requests_is_told_between_them(noise: Noise) -> None:
    _, count = noise.feed.all()
    noise.slack.advance(60)
    noise.slack.world.happened("view_filled", view="V1")
    assert named(noise.feed.after(count)[0]) == ["clock_moved"]


def test_it_keeps_so_many_lines_and_no_more(noise: Noise) -> None:
    _, count = noise.feed.all()
    for number in range(3 * KEPT):
        noise.call(str(number))
        if not number % 100:
            noise.feed.all()
    lines, _ = noise.feed.all()
    assert named(lines) == [str(number) for number in range(3 * KEPT)][-KEPT:]
    assert noise.feed.after(count) == noise.feed.all()


def test_a_journal_that_was_cleared_goes_on(noise: Noise) -> None:
    noise.push("Before")
    _, count = noise.feed.all()
    noise.mpaas.journal.clear()
    noise.push("After")
    assert named(noise.feed.after(count)[0]) == ["After"]
