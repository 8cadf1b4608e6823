"""What Slack does not take now waits by itself, ever longer, and holds up nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import redis
from loops.log_lines import logged
from loops.telling import announce, sent, take_over, text
from operations.bench import Bench
from reported.closed_places import much_later, posts_tried, uninvited

from bot.domain.request import BroadcastRequest
from bot.playground.cast import ANA, APPROVALS, GENERAL
from bot.store.keys import Keys
from bot.store.store import RequestStore


@pytest.fixture
def bench(store: RequestStore, tmp_path: Path) -> Iterator[Bench]:
    with Bench(store, tmp_path) as bench:
        yield bench


def test_notices_that_slack_limits_do_not_hold_up_a_new_card(bench: Bench) -> None:
    """One channel is limited for a minute: ten results for it made every other message wait ten minutes."""
    bench.slack.fault("chat.postMessage", "ratelimited", seconds=60, times=None, channel=GENERAL.id)
    for _ in range(3):
        sent(bench, bench.approved())
    announcer = bench.announcer()
    while announcer.turn():
        pass
    request = bench.submitted()
    announcer.turn()
    assert request.id in text(bench.posted()[-1])
    assert posts_tried(bench, GENERAL.id) == 1, "a channel that asks to wait is not asked again meanwhile"


def test_what_is_limited_comes_when_slack_said(bench: Bench, redis_client: redis.Redis) -> None:
    """Its own time is kept for it, and it is not lost."""
    bench.slack.fault("chat.postMessage", "ratelimited", seconds=60, channel=APPROVALS.id)
    bench.submitted()
    assert bench.announcer().turn() == 0
    take_over(redis_client)
    assert bench.announcer().turn() == 0, "half a minute is not the minute that Slack asked for"
    assert posts_tried(bench, APPROVALS.id) == 1
    (key,) = redis_client.scan_iter(f"{Keys().prefix}:waiting:*")
    assert 30 < redis_client.ttl(str(key)) <= 60
    much_later(redis_client)
    announce(bench)
    assert len(bench.posted()) == 1


def test_many_that_were_left_leave_room_for_what_is_new(bench: Bench, redis_client: redis.Redis) -> None:
    """Whatever could not be said yesterday is not said before everything of today."""
    bench.slack.archive(GENERAL.id)
    for _ in range(12):
        bench.submitted()
    bench.slack.fault("chat.postMessage", "http_500", times=None)
    announcer = bench.announcer()
    for _ in range(3):
        announcer.turn()
    take_over(redis_client)
    bench.slack.clear_faults()
    newest = bench.submitted()
    announcer.turn()
    assert any(newest.id in text(card) for card in bench.posted())


def test_the_log_warns_of_a_refusal_once(bench: Bench, redis_client: redis.Redis) -> None:
    """Nothing changes for a day: the log said so every half minute."""
    uninvited(bench, APPROVALS.id)
    bench.submitted()
    with logged() as lines:
        for _ in range(4):
            bench.announcer().turn()
            much_later(redis_client)
    assert len(lines.of("message_refused")) == 1
    assert [line["level"] for line in lines.of("announce")] == ["info"] * 4


def aged(redis_client: redis.Redis, request: BroadcastRequest, *, seconds: int) -> None:
    """Write the notice of a request's card as if that had been so long ago."""
    redis_client.delete(Keys().notices)
    fields: Any = {"request": request.id, "kind": "card", "state": request.state.value}
    redis_client.xadd(Keys().notices, fields, id=f"{int(redis_client.time()[0] - seconds) * 1000}-0")


@pytest.mark.parametrize(("age", "wait"), [(100, 100), (7 * 86_400, 900)])
def test_what_people_have_to_mend_is_tried_ever_more_seldom(
    bench: Bench, redis_client: redis.Redis, age: int, wait: int
) -> None:
    """The card of a request under way is not given up, however long its channel takes nothing."""
    uninvited(bench, APPROVALS.id)
    request = bench.submitted()
    aged(redis_client, request, seconds=age)
    bench.announcer().turn()
    (key,) = redis_client.scan_iter(f"{Keys().prefix}:waiting:*")
    assert wait - 5 < redis_client.ttl(str(key)) <= wait + 5
    assert bench.store.notices_waiting() == 1


def test_a_word_of_slack_that_nobody_knows_is_tried_for_a_day(bench: Bench, redis_client: redis.Redis) -> None:
    """Slack has new words now and then: they may pass, and have an end."""
    request = bench.submitted()
    aged(redis_client, request, seconds=86_400 + 60)
    bench.slack.fault("chat.postMessage", "error", code="a_word_of_next_year")
    with logged() as lines:
        assert bench.announcer().turn() == 1
    assert lines.of("notice_given_up")
    assert bench.slack.direct(ANA.id) == []


def test_a_requester_who_takes_no_messages_holds_up_nobody(bench: Bench) -> None:
    """They left the company: their direct message is refused, the card and the result are told."""
    request = sent(bench, bench.approved())
    bench.slack.world.people[ANA.id] = replace(ANA, deleted=True)
    announcer = bench.announcer()
    while announcer.turn():
        pass
    assert len(bench.posted()) == len(bench.posted(GENERAL.id)) == 1
    assert "direct:sent" not in bench.store.posts(request.id)
    assert bench.store.notices_waiting() == 1
