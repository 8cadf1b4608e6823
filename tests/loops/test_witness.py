"""Slack as the witness: alarms and the day's head, where they are posted, and how often."""

from dataclasses import replace
from datetime import timedelta

import pytest
import redis
from builders import SEALER
from loops.telling import announce, text
from operations.bench import Bench

from bot.domain.request import BroadcastRequest
from bot.domain.seals import ALARM
from bot.operations.context import Context
from bot.operations.tending import tend
from bot.playground.cast import ANA, APPROVALS, BO, BROADCASTS, GENERAL, ONCALL
from bot.store.keys import Keys
from bot.store.store import RequestStore
from bot.witness import Witness

KEYS = Keys()
DAY = timedelta(days=1)


@pytest.fixture
def later(bench: Bench, redis_client: redis.Redis) -> "Later":
    return Later(bench, redis_client)


class Later:
    """A bot whose clock is as many days ahead as one says."""

    def __init__(self, bench: Bench, client: redis.Redis) -> None:
        self.bench, self.client, self.days = bench, client, 0

    def context(self, *targets: str) -> Context:
        store = RequestStore(self.client, sealer=SEALER, ahead=lambda: self.days * DAY)
        return replace(self.bench.context_with(*targets), store=store)

    def witness(self, *targets: str, name: str = "announcer-1") -> Witness:
        self.client.delete(KEYS.audit_posting)  # whoever posted the last one did it long ago
        return self.bench.announcer(self.context(*targets), name=name)._witness

    def heads(self, channel: str = APPROVALS.id) -> list[str]:
        return [text(message) for message in self.bench.posted(channel) if "Audit: on" in message.text]


def broken(bench: Bench, client: redis.Redis, document: str = "{") -> BroadcastRequest:
    """Have a request with its card, whose record was changed."""
    request = bench.approved()
    announce(bench)
    client.hset(KEYS.request(request.id), "document", document)
    bench.store.sound_alarm(request.id)
    return request


# Alarms ------------------------------------------------------------------------------------------------------------


def test_a_broken_record_turns_its_card_into_an_alarm_without_buttons(bench: Bench, redis_client: redis.Redis) -> None:
    request = broken(bench, redis_client)
    announce(bench)
    card, alarm = bench.posted()
    assert card.text == f"ALARM: the stored record of request {request.id} was changed"
    assert [block["type"] for block in card.blocks] == ["header", "section", "context"]
    assert f"<!subteam^{ONCALL.id}>" in text(alarm)
    assert bench.store.notices_waiting() == 0


def test_an_alarm_is_told_once_however_often_its_notice_comes(bench: Bench, redis_client: redis.Redis) -> None:
    request = broken(bench, redis_client)
    for _ in range(3):
        redis_client.delete(KEYS.alarm(request.id))
        bench.store.sound_alarm(request.id)
        announce(bench)
    assert len(bench.posted()) == 2


def test_while_one_announcer_tells_of_it_the_other_does_not(bench: Bench, redis_client: redis.Redis) -> None:
    request = broken(bench, redis_client)
    assert bench.store.reserve_post(request.id, f"alarm:{APPROVALS.id}", by="announcer-2", seconds=60)
    announce(bench)
    assert len(bench.posted()) == 1


def test_an_alarm_that_slack_does_not_take_is_told_later(bench: Bench, redis_client: redis.Redis) -> None:
    request = broken(bench, redis_client)
    bench.slack.fault("chat.update", "http_500")
    bench.announcer().turn()
    assert bench.store.notices_waiting() == 1
    bench.announcer()._witness.tell_broken(request.id)
    assert len(bench.posted()) == 2


def test_a_broken_record_that_never_had_a_card_is_told_wherever_people_approve(
    bench: Bench, redis_client: redis.Redis
) -> None:
    context = bench.context_with("live", "test")
    request = bench.submitted()
    redis_client.hset(KEYS.request(request.id), "document", "{")
    announce(bench, bench.announcer(context))
    for channel in (APPROVALS.id, BROADCASTS.id):
        assert [message.text[:5] for message in bench.posted(channel)] == ["ALARM"]


def test_a_held_request_with_an_alarm_says_so_on_its_card_and_to_its_requester(
    bench: Bench, redis_client: redis.Redis
) -> None:
    request = bench.approved()
    announce(bench)
    document = bench.store.record(request.id).text.replace("Berlin", "Bonn")
    redis_client.hset(KEYS.request(request.id), "document", document)
    assert tend(bench.context, request.id).event == ALARM
    announce(bench)
    card, alarm = bench.posted()
    assert ": ALARM, held" in card.text
    assert "Its seal is broken." in text(card)
    assert f"request {request.id}" in alarm.text
    assert "was changed outside the bot" in text(bench.slack.direct(ANA.id)[-1])
    assert ": ALARM, held" in bench.posted(GENERAL.id)[0].text


# The day's head ----------------------------------------------------------------------------------------------------


def test_the_days_head_is_posted_once_a_day_and_names_the_newest_entry(later: Later) -> None:
    later.bench.submitted()
    later.witness().tell_head()
    assert later.heads() == [], "the first one is only remembered"
    request = later.bench.submitted()
    later.days = 1
    later.witness(name="announcer-1").tell_head()
    head = later.bench.store.trail_head()
    later.bench.submitted()
    later.witness(name="announcer-2").tell_head()
    (said,) = later.heads()
    assert head.n == 2
    assert f"audit verify --posted {head}" in said
    assert f"{(later.context().store.now()).astimezone(later.bench.context.zone):%Y-%m-%d}" in said
    assert later.bench.store.history(request.id)


def test_a_day_on_which_nothing_changed_has_no_head(later: Later) -> None:
    later.bench.submitted()
    later.witness().tell_head()
    later.bench.submitted()
    for days in (1, 2, 3):
        later.days = days
        later.witness().tell_head()
    assert len(later.heads()) == 1


def test_an_empty_trail_has_nothing_to_post(later: Later) -> None:
    for days in (0, 1):
        later.days = days
        later.witness().tell_head()
    assert later.heads() == []


def test_every_approvals_channel_gets_the_head_and_a_new_one_from_its_second_day_on(later: Later) -> None:
    later.bench.submitted()
    later.witness().tell_head()
    later.bench.submitted()
    later.days = 1
    later.witness("live", "test").tell_head()
    assert (len(later.heads()), len(later.heads(BROADCASTS.id))) == (1, 0)
    later.bench.submitted()
    later.days = 2
    later.witness("live", "test").tell_head()
    assert (len(later.heads()), len(later.heads(BROADCASTS.id))) == (2, 1)


def test_of_two_announcers_at_the_same_moment_one_posts(later: Later) -> None:
    later.bench.submitted()
    later.witness().tell_head()
    later.bench.submitted()
    later.days = 1
    first, second = later.witness(name="announcer-1"), later.witness(name="announcer-2")
    assert later.bench.store.reserve_head(by="announcer-1", seconds=60)
    second.tell_head()
    assert later.heads() == []
    later.client.delete(KEYS.audit_posting)
    first.tell_head()
    assert len(later.heads()) == 1


def test_a_head_that_slack_does_not_take_is_posted_later(later: Later) -> None:
    later.bench.submitted()
    later.witness().tell_head()
    later.bench.submitted()
    later.days = 1
    later.bench.slack.fault("chat.postMessage", "http_500")
    later.witness().tell_head()
    assert later.heads() == []
    later.witness().tell_head()
    assert len(later.heads()) == 1


def test_an_announcer_looks_now_and_then_and_not_at_every_turn(later: Later) -> None:
    ticks = iter([0.0, 1.0, 40.0])
    context = replace(later.context(), stopwatch=lambda: next(ticks))
    announcer = later.bench.announcer(context)
    later.bench.submitted()
    announcer._witness.tell_head()
    later.bench.submitted()
    later.days = 1
    later.client.delete(KEYS.audit_posting)
    announcer._witness.tell_head()
    assert later.heads() == []
    announcer._witness.tell_head()
    assert len(later.heads()) == 1


def test_the_loop_of_the_announcer_posts_it(later: Later) -> None:
    request = later.bench.submitted()
    later.bench.announcer(later.context()).turn()
    later.bench.approve(request, by=BO.id)
    later.days, _ = 1, later.client.delete(KEYS.audit_posting)
    later.bench.announcer(later.context()).turn()
    assert len(later.heads()) == 1
