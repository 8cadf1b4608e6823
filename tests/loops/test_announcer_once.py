"""Each first post once, whatever gets lost; late rather than never; and a loop that goes on."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import clock
import pytest
import redis
from builders import SEALER
from loops.log_lines import logged
from loops.telling import announce, half_a_minute_later, reject, sent, take_over
from operations.bench import Bench
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse
from store.servers import ALWAYS, running

from bot.announcer import GIVE_UP, Announcer
from bot.domain.request import BroadcastRequest
from bot.playground.cast import ANA, APPROVALS, BO, CHEN, GENERAL
from bot.posting import MARKER
from bot.store.connection import connect
from bot.store.keys import Keys
from bot.store.store import RequestStore


def test_two_announcers_at_once_post_each_message_once(bench: Bench, redis_client: redis.Redis) -> None:
    requests = [sent(bench, bench.approved()) for _ in range(4)]
    start = threading.Barrier(2)

    def run(name: str) -> None:
        announcer = bench.announcer(name=name)
        start.wait()
        announce(bench, announcer)

    threads = [threading.Thread(target=run, args=(name,), daemon=True) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    half_a_minute_later(redis_client)
    announce(bench)
    assert bench.store.notices_waiting() == 0
    assert len(bench.posted()) == len(bench.posted(GENERAL.id)) == len(bench.slack.direct(ANA.id)) == len(requests)


def test_while_another_announcer_posts_a_message_it_is_left_to_it(bench: Bench, redis_client: redis.Redis) -> None:
    request = bench.submitted()
    bench.store.reserve_post(request.id, "card", by="somebody else", seconds=30)
    with logged() as lines:
        assert bench.announcer().turn() == 0
    (line,) = lines.of("announce")
    assert line["level"] == "warning"
    assert line["why"] == "This message is being posted, or its post may still be on its way."
    assert "trace" not in line
    assert (bench.posted(), bench.store.notices_waiting()) == ([], 1)
    half_a_minute_later(redis_client)
    announce(bench)
    assert len(bench.posted()) == 1


@pytest.mark.parametrize("kind", ["reset_after", "reset_before", "http_500"])
@pytest.mark.parametrize("name", ["announcer-1", "announcer-2"], ids=["the same announcer", "another one"])
def test_a_first_post_whose_answer_was_lost_is_looked_for_before_it_is_posted_again(
    bench: Bench, redis_client: redis.Redis, kind: Any, name: str
) -> None:
    request = sent(bench, bench.approved())
    bench.slack.fault("chat.postMessage", kind, times=20)
    bench.announcer().turn()
    bench.slack.clear_faults()
    assert "result:sent" not in bench.store.posts(request.id)
    half_a_minute_later(redis_client)
    announce(bench, bench.announcer(name=name))
    assert bench.store.notices_waiting() == 0
    assert set(bench.store.posts(request.id)) == {"card", "result:sent", "direct:sent"}
    assert [len(bench.posted()), len(bench.posted(GENERAL.id)), len(bench.slack.direct(ANA.id))] == [1, 1, 1]


def test_a_post_that_is_still_on_its_way_is_waited_for_before_it_is_said_again(
    bench: Bench, redis_client: redis.Redis
) -> None:
    """The notice is delivered again, to the same announcer, before what it posted has arrived at Slack."""
    request = bench.submitted()
    bench.slack.fault("chat.postMessage", "reset_before")
    assert bench.announcer().turn() == 0
    take_over(redis_client)
    assert bench.announcer().turn() == 0
    assert bench.posted() == []
    marks = {"event_type": MARKER, "event_payload": {"id": request.id, "slot": "card"}}
    WebClient(token=bench.slack.bot_token, base_url=bench.slack.api_url).chat_postMessage(
        channel=APPROVALS.id, text="late", metadata=marks
    )
    take_over(redis_client)
    announce(bench)
    (card,) = bench.posted()
    assert bench.store.posts(request.id)["card"].ts == card.ts
    assert bench.store.notices_waiting() == 0


@pytest.mark.parametrize("code", ["channel_not_found", "internal_error", ""])
def test_what_slack_answered_with_an_error_is_looked_for_and_posted_at_the_next_delivery(
    bench: Bench, redis_client: redis.Redis, code: str
) -> None:
    bench.submitted()
    bench.slack.fault("chat.postMessage", "error" if code else "http_500", code=code or "unused")
    assert bench.announcer().turn() == 0
    take_over(redis_client)
    assert bench.announcer().turn() == 1
    assert len(bench.posted()) == 1


def test_a_newer_notice_does_not_post_a_card_again_whose_answer_was_lost(bench: Bench) -> None:
    request = bench.submitted()
    bench.slack.fault("chat.postMessage", "reset_after")
    bench.announcer().turn()
    assert len(bench.posted()) == 1
    reject(bench, request)  # its notice is new, and its card is the old one's
    bench.announcer().turn()
    (card,) = bench.posted()
    assert bench.store.posts(request.id)["card"].ts == card.ts


def test_a_card_that_was_found_again_is_brought_up_to_date(bench: Bench) -> None:
    request = bench.submitted()
    bench.slack.fault("chat.postMessage", "reset_after")
    bench.announcer().turn()
    reject(bench, request)
    bench.announcer().turn()
    assert ": rejected" in bench.posted()[0].text


@pytest.mark.parametrize("behind", [-25, 25])
def test_a_lost_post_is_found_although_slacks_clock_is_not_ours(
    store: RequestStore, redis_client: redis.Redis, tmp_path: Path, behind: int
) -> None:
    with Bench(store, tmp_path, skew=timedelta(seconds=-behind)) as bench:
        bench.submitted()
        bench.slack.fault("chat.postMessage", "reset_after")
        bench.announcer().turn()
        half_a_minute_later(redis_client)
        announce(bench)
        assert (len(bench.posted()), bench.store.notices_waiting()) == (1, 0)


def test_a_lost_post_is_found_below_many_other_messages(bench: Bench, redis_client: redis.Redis) -> None:
    bench.submitted()
    bench.slack.fault("chat.postMessage", "reset_after")
    bench.announcer().turn()
    for number in range(450):
        bench.slack.say(BO.id, APPROVALS.id, f"message {number}")
    half_a_minute_later(redis_client)
    announce(bench)
    assert (len(bench.posted()), bench.store.notices_waiting()) == (1, 0)
    assert len(bench.slack.journal("conversations.history")) == 3


def test_another_requests_card_is_not_taken_for_the_one_that_was_lost(bench: Bench, redis_client: redis.Redis) -> None:
    first, second = bench.submitted(), bench.submitted()
    announcer = bench.announcer()
    bench.slack.fault("chat.postMessage", "reset_before", times=2)
    announcer.turn()
    half_a_minute_later(redis_client)
    announce(bench)
    posts = [bench.store.posts(request.id)["card"].ts for request in (first, second)]
    assert len(set(posts)) == len(bench.posted()) == 2


# Late rather than never --------------------------------------------------------------------------------------------


def test_while_slack_is_down_nothing_is_lost(bench: Bench, redis_client: redis.Redis) -> None:
    request = sent(bench, bench.approved())
    port = int(bench.slack.address.rpartition(":")[2])
    bench.slack.stop()
    bench.announcer().turn()
    assert bench.store.posts(request.id) == {}
    bench.slack.start(port)
    half_a_minute_later(redis_client)
    announce(bench)
    assert bench.store.notices_waiting() == 0
    assert [len(bench.posted()), len(bench.posted(GENERAL.id)), len(bench.slack.direct(ANA.id))] == [1, 1, 1]


def test_a_slack_that_asks_to_wait_gets_the_message_in_the_same_turn(bench: Bench) -> None:
    bench.submitted()
    bench.slack.fault("chat.postMessage", "ratelimited", seconds=1)
    assert bench.announcer().turn() == 1
    assert len(bench.posted()) == 1


def test_a_slack_that_keeps_asking_to_wait_gets_it_later(bench: Bench, redis_client: redis.Redis) -> None:
    bench.submitted()
    bench.slack.fault("chat.postMessage", "ratelimited", seconds=1, times=2)
    assert bench.announcer().turn() == 0
    half_a_minute_later(redis_client)
    announce(bench)
    assert len(bench.posted()) == 1


def written(redis_client: redis.Redis, request: BroadcastRequest, *, ago: timedelta) -> None:
    """Write the notice of a request's card as if that had happened some time ago."""
    keys = Keys()
    redis_client.delete(keys.notices)
    number = int((redis_client.time()[0] - ago.total_seconds()) * 1000)
    fields: Any = {"request": request.id, "kind": "card", "state": request.state.value}
    redis_client.xadd(keys.notices, fields, id=f"{number}-0")


@pytest.mark.parametrize(("minutes", "left"), [(-5, 1), (5, 0)], ids=["not before", "and after"])
def test_a_message_slack_refuses_is_given_up_after_a_day(
    bench: Bench, redis_client: redis.Redis, minutes: int, left: int
) -> None:
    request = reject(bench, bench.submitted())
    written(redis_client, request, ago=GIVE_UP + timedelta(minutes=minutes))
    bench.slack.fault("chat.postMessage", "error", code="channel_not_found")
    with logged() as lines:
        bench.announcer().turn()
    assert bench.store.notices_waiting() == left
    assert len(lines.of("notice_given_up")) == 1 - left
    assert bench.posted() == []


def test_a_message_that_is_a_day_late_is_still_posted_when_slack_takes_it(
    bench: Bench, redis_client: redis.Redis
) -> None:
    request = bench.submitted()
    written(redis_client, request, ago=GIVE_UP * 2)
    announce(bench)
    assert len(bench.posted()) == 1


def test_a_channel_the_bot_is_not_in_is_logged_by_slacks_own_word(bench: Bench) -> None:
    channel = bench.slack.world.channels[APPROVALS.id]
    bench.slack.world.channels[APPROVALS.id] = replace(channel, members=frozenset({ANA.id, BO.id, CHEN.id}))
    bench.submitted()
    with logged() as lines:
        assert bench.announcer().turn() == 0
    assert "not_in_channel" in str(lines.of("announce"))
    assert "Traceback" not in str(lines.of("announce"))
    assert bench.store.notices_waiting() == 1


# The loop ----------------------------------------------------------------------------------------------------------


def test_asked_to_stop_in_a_turn_it_leaves_the_rest_for_later(bench: Bench) -> None:
    for _ in range(2):
        bench.submitted()
    stopping = Event()
    bench.slack.world.groups.clear()  # nobody is asked about groups here

    class Stopping(WebClient):
        def chat_postMessage(self, **said: Any) -> SlackResponse:  # noqa: N802 - slack_sdk's own name
            stopping.set()
            return super().chat_postMessage(**said)

    web = Stopping(token=bench.slack.bot_token, base_url=bench.slack.api_url)
    assert Announcer(bench.context, web, name="a", stopping=stopping).turn() == 1
    assert (len(bench.posted()), bench.store.notices_waiting()) == (1, 1)


def test_the_loop_tells_until_it_is_asked_to_stop(bench: Bench) -> None:
    stopping = Event()
    web = WebClient(token=bench.slack.bot_token, base_url=bench.slack.api_url)
    loop = Announcer(bench.context, web, name="a", stopping=stopping)
    thread = threading.Thread(target=loop.run, daemon=True)
    thread.start()
    bench.submitted()
    assert bench.slack.wait_until(bench.posted)
    stopping.set()
    thread.join(10)
    assert not thread.is_alive()


def test_a_store_that_goes_away_and_comes_back_does_not_end_the_loop(tmp_path: Path) -> None:
    stopping = Event()
    with (
        running(tmp_path / "server", ALWAYS) as server,
        connect(server.url) as client,
        Bench(RequestStore(client, sealer=SEALER, ahead=clock.ahead), tmp_path) as bench,
        logged() as lines,
    ):
        server.process.kill()
        server.process.wait()
        web = WebClient(token=bench.slack.bot_token, base_url=bench.slack.api_url)
        loop = Announcer(bench.context, web, name="a", stopping=stopping)
        thread = threading.Thread(target=loop.run, daemon=True)
        thread.start()
        server.again()
        bench.submitted()
        assert bench.slack.wait_until(bench.posted)
        stopping.set()
        thread.join(10)
        assert not thread.is_alive()
        assert lines.of("store_unavailable")
