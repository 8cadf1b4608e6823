"""Notices become messages that show the present state: what is told, where, and to whom."""

from collections.abc import Callable
from threading import Event
from typing import Any

import redis
from loops.telling import announce, half_a_minute_later, reject, sent, text
from operations.bench import Bench
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.announcer import Announcer
from bot.operations import deciding
from bot.playground.cast import ANA, BO, BROADCASTS, GENERAL, ONCALL, TEAM
from bot.store.keys import Keys

# The card ----------------------------------------------------------------------------------------------------------


def test_a_new_request_gets_one_card_where_it_is_approved(bench: Bench) -> None:
    request = bench.submitted()
    announce(bench)
    (card,) = bench.posted()
    assert "Berlin is back online" in text(card)
    assert card.metadata == {"event_type": "broadcast_request", "event_payload": {"id": request.id, "slot": "card"}}
    assert bench.store.posts(request.id)["card"].ts == card.ts
    assert bench.store.notices_waiting() == 0


def test_the_approvers_are_mentioned_in_the_first_post_alone(bench: Bench) -> None:
    request = bench.submitted()
    announce(bench)
    assert f"<!subteam^{ONCALL.id}>" in text(bench.posted()[0])
    bench.approve(request)
    announce(bench)
    assert f"<!subteam^{ONCALL.id}>" not in text(bench.posted()[0])


def test_the_card_becomes_what_the_request_became(bench: Bench) -> None:
    request = bench.submitted()
    announce(bench)
    reject(bench, request)
    announce(bench)
    (card,) = bench.posted()
    assert ": rejected" in card.text
    assert len(bench.slack.journal("chat.update")) == 1


def test_an_old_notice_shows_the_new_truth(bench: Bench) -> None:
    request = sent(bench, bench.approved())
    announce(bench)
    (card,) = bench.posted()
    assert ": sent" in card.text
    assert len(bench.posted(GENERAL.id)) == 1
    assert bench.store.notices_waiting() == 0
    assert set(bench.store.posts(request.id)) == {"card", "result:sent", "direct:sent"}


class Interrupted(WebClient):
    """A client during whose first update of a message something else happens."""

    def __init__(self, event: Callable[[], object], bench: Bench) -> None:
        super().__init__(token=bench.slack.bot_token, base_url=bench.slack.api_url)
        self._event: Callable[[], object] | None = event

    def chat_update(self, **said: Any) -> SlackResponse:
        event, self._event = self._event, None
        if event:
            event()
        return super().chat_update(**said)


def test_a_card_that_was_overtaken_while_it_was_drawn_is_drawn_again(bench: Bench) -> None:
    request = bench.submitted()
    announce(bench)
    bench.commit(request)

    def somebody_rejects_and_another_announcer_is_faster() -> None:
        reject(bench, request)
        announce(bench, bench.announcer(name="announcer-2"))
        assert ": rejected" in bench.posted()[0].text

    slow = Interrupted(somebody_rejects_and_another_announcer_is_faster, bench)
    Announcer(bench.context, slow, name="announcer-1", stopping=Event()).turn()
    (card,) = bench.posted()
    assert ": rejected" in card.text


def test_a_request_for_a_target_that_is_gone_has_no_card_and_its_requester_is_told(bench: Bench) -> None:
    request = bench.submitted()
    without = bench.context_with("test")
    reject(bench, request)
    announce(bench, bench.announcer(without))
    assert bench.posted() == []
    assert ": rejected" in bench.slack.direct(ANA.id)[0].text


def test_a_request_whose_record_has_expired_is_not_told(bench: Bench, redis_client: redis.Redis) -> None:
    request = bench.submitted()
    redis_client.delete(Keys().request(request.id))
    announce(bench)
    assert (bench.posted(), bench.store.notices_waiting()) == ([], 0)


def test_a_request_this_version_cannot_read_is_left_to_one_that_can(bench: Bench, redis_client: redis.Redis) -> None:
    newer, sound = bench.submitted(), bench.submitted()
    key, text_of_newer = Keys().request(newer.id), '{"schema_number": 99}'
    document, seal = redis_client.hmget(key, "document", "seal")
    sealed = bench.store.sealer.document(newer.id, text_of_newer)
    redis_client.hset(key, mapping={"document": text_of_newer, "seal": sealed})
    announcer = bench.announcer()
    announcer.turn()
    assert [card.metadata["event_payload"]["id"] for card in bench.posted() if card.metadata] == [sound.id]
    assert bench.store.notices_waiting() == 1
    redis_client.hset(key, mapping={"document": str(document), "seal": str(seal)})
    half_a_minute_later(redis_client)
    announce(bench)
    assert len(bench.posted()) == 2


# Results and direct messages ---------------------------------------------------------------------------------------


def test_the_result_is_told_where_it_was_asked_for_and_to_the_requester(bench: Bench) -> None:
    request = sent(bench, bench.approved())
    announce(bench)
    (result,) = bench.posted(GENERAL.id)
    assert ": sent" in result.text
    assert request.id in text(result)
    assert [(": sent" in message.text) for message in bench.slack.direct(ANA.id)] == [True]


def test_the_result_goes_to_the_targets_own_channel_when_it_names_one(bench: Bench) -> None:
    context = bench.context_with(results_channel=BROADCASTS.id)
    sent(bench, bench.approved(context=context))
    announce(bench, bench.announcer(context))
    assert len(bench.posted(BROADCASTS.id)) == 1
    assert bench.posted(GENERAL.id) == []


def test_a_request_from_the_home_tab_is_told_to_its_requester_alone(bench: Bench) -> None:
    request = bench.approve(bench.submitted(channel=ANA.id))
    sent(bench, request)
    announce(bench)
    assert len(bench.slack.direct(ANA.id)) == 1
    assert bench.posted(GENERAL.id) == []
    assert "result:sent" not in bench.store.posts(request.id)


def test_a_state_that_has_passed_by_is_not_told_any_more(bench: Bench) -> None:
    request = bench.approved()  # a direct message for this is waiting
    sent(bench, request)
    announce(bench)
    (message,) = bench.slack.direct(ANA.id)
    assert ": sent" in message.text


def test_changes_asked_for_a_second_time_are_told_a_second_time(bench: Bench) -> None:
    request = bench.submitted()
    for revision, why in ((1, "Which city?"), (2, "And when?")):
        fresh = bench.now(request)
        deciding.ask_changes(
            bench.context, fresh.id, BO.id, team_id=TEAM, revision=revision, digest=fresh.short_digest, why=why
        )
        announce(bench)
        assert why in text(bench.slack.direct(ANA.id)[-1])
        bench.revised(bench.now(request))
        announce(bench)
    assert len(bench.slack.direct(ANA.id)) == 2
