"""Floods by one person are answered in words, and everybody else goes on as if nothing had happened."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
from desk import ASK, Desk, words

from bot.domain.limits import LIMITS, TOLD, Counted, Limits
from bot.playground.cast import ANA, BO, CHEN, GENERAL
from bot.store.keys import Keys
from bot.views.ids import Action, Callback
from handlers.limits import kind_of, person_of

TOO_FAST = re.compile(r"That was more than (\d+) times within a minute.*Wait \d+ seconds?, then go on; halt works")


@pytest.fixture
def limited(desk: Desk) -> Iterator[Desk]:
    """Put the bot behind Slack as it is in production; the desk's own is for scripts in a hurry."""
    with desk.app_with(limits=LIMITS):
        yield desk


def test_a_thousand_commands_by_one_person_are_answered_and_another_ones_approval_works_meanwhile(
    limited: Desk,
) -> None:
    request = limited.asks(ANA)
    with ThreadPoolExecutor(4) as hands:
        flood = [hands.submit(limited.slack.command, CHEN.id, GENERAL.id, "/broadcast list") for _ in range(1_000)]
        limited.approves(BO, request)
        assert limited.now(request).state == "approved"
        said = [words(deed.result()) for deed in flood]
    refused = [text for text in said if TOO_FAST.search(text)]
    assert len(said) - len(refused) == LIMITS.asking
    assert {TOO_FAST.search(text)[1] for text in refused} == {str(LIMITS.asking)}  # type: ignore[index]  # all match


def test_the_counts_forget_themselves(limited: Desk, redis_client: redis.Redis) -> None:
    for _ in range(LIMITS.asking + 1):
        deed = limited.types(ANA, "list")
    assert TOO_FAST.search(words(deed))
    key = Keys().tally(Counted.ASKING, ANA.id)
    assert 0 < redis_client.ttl(key) <= 60
    redis_client.delete(key)  # as it would a minute later
    assert not TOO_FAST.search(words(limited.types(ANA, "list")))


def test_halt_and_help_always_work(limited: Desk, redis_client: redis.Redis) -> None:
    for kind in Counted:
        redis_client.set(Keys().tally(kind, ANA.id), 10_000, ex=60)
    for _ in range(3):
        assert "All sending is halted." in words(limited.types(ANA, "halt 1h why"))
        assert "opens the form" in words(limited.types(ANA, "help"))


def test_what_holds_a_push_back_is_not_used_up_by_anything_else(limited: Desk, redis_client: redis.Redis) -> None:
    request = limited.asks(ANA)
    for kind in (Counted.ASKING, Counted.OTHER):
        redis_client.set(Keys().tally(kind, ANA.id), 10_000, ex=60)
    limited.presses(ANA, limited.card(request), "withdraw")
    limited.submits(ANA)
    assert limited.now(request).state == "withdrawn"


def test_a_flood_of_presses_is_told_a_few_times_and_then_costs_slack_no_call(
    limited: Desk, redis_client: redis.Redis
) -> None:
    card = limited.card(limited.asks(ANA))
    redis_client.set(Keys().tally(Counted.OTHER, CHEN.id), LIMITS.other, ex=60)
    for _ in range(TOLD):
        limited.presses(CHEN, card, "show_details")
        assert TOO_FAST.search(limited.reads(CHEN))
        limited.clears(CHEN)
    calls = len(limited.slack.journal(direction="api"))
    for _ in range(20):
        assert limited.presses(CHEN, card, "show_details").acked
    assert len(limited.slack.journal(direction="api")) == calls
    assert not limited.slack.views(CHEN.id)


def test_a_form_that_is_submitted_too_often_is_answered_every_time(limited: Desk, redis_client: redis.Redis) -> None:
    limited.types(ANA, ASK.format(target="test"))
    redis_client.set(Keys().tally(Counted.ASKING, ANA.id), 10_000, ex=60)
    limited.submits(ANA)
    assert TOO_FAST.search(limited.reads(ANA))
    assert limited.store.list_requests() == []
    redis_client.delete(Keys().tally(Counted.ASKING, ANA.id))
    limited.slack.close(ANA.id, limited.sees(ANA))
    limited.submits(ANA)
    assert len(limited.store.list_requests()) == 1


def test_filling_in_a_form_with_every_change_of_mind_is_far_from_the_limit(
    limited: Desk, redis_client: redis.Redis
) -> None:
    limited.types(ANA, "--target test")
    for when in ("scheduled", "recurring", "now"):
        limited.fills(ANA, "when", when)
        limited.presses(ANA, limited.sees(ANA), "form_advanced")
    for typed in ("o", "ou", "out", "outage"):
        limited.slack.load_options(ANA.id, limited.sees(ANA), "form_template", typed)
    counted = {kind: int(redis_client.get(Keys().tally(kind, ANA.id)) or 0) for kind in Counted}
    assert counted[Counted.OTHER] == 10
    assert all(counted[kind] < LIMITS.of(kind) / 3 for kind in Counted), counted


def test_a_person_with_many_open_requests_withdraws_one_before_the_next(desk: Desk) -> None:
    with desk.app_with(limits=Limits(asking=100, holding_back=100, other=100, open_requests=2)):
        first, _ = desk.asks(ANA), desk.asks(ANA)
        desk.types(ANA, ASK.format(target="test"))
        desk.submits(ANA)
        assert "2 of your requests wait for approval or for changes; 2 are the most." in desk.reads(ANA)
        assert len(desk.store.list_requests()) == 2
        desk.clears(ANA)
        desk.types(ANA, f"withdraw {first.id}")
        desk.clears(ANA)
        desk.types(ANA, ASK.format(target="test"))
        desk.submits(ANA)
        assert "is stored" in desk.reads(ANA)
    assert len(desk.store.list_requests()) == 3


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"command": "/broadcast", "text": ""}, Counted.ASKING),
        ({"command": "/broadcast", "text": "HALT now"}, None),
        ({"command": "/broadcast", "text": "help"}, None),
        ({"command": "/broadcast", "text": "withdraw 7K3M-Q2XD"}, Counted.HOLDING_BACK),
        ({"command": "/broadcast", "text": "halting problem"}, Counted.ASKING),
        ({"type": "block_actions", "actions": [{"action_id": Action.AGAIN}]}, Counted.ASKING),
        ({"type": "block_actions", "actions": [{"action_id": Action.STOP}]}, Counted.HOLDING_BACK),
        ({"type": "block_actions", "actions": [{"action_id": Action.APPROVE}]}, Counted.OTHER),
        ({"type": "block_actions", "actions": []}, Counted.OTHER),
        ({"type": "block_actions", "actions": "x"}, Counted.OTHER),
        ({"type": "block_actions", "actions": [None]}, Counted.OTHER),
        ({"type": "view_submission", "view": {"callback_id": Callback.PREVIEW}}, Counted.ASKING),
        ({"type": "view_submission", "view": {"callback_id": Callback.REQUEST_FORM}}, Counted.OTHER),
        ({"type": "view_submission", "view": []}, Counted.OTHER),
        ({"type": "shortcut", "callback_id": Callback.NEW_BROADCAST}, Counted.ASKING),
        ({"type": "event_callback", "event": {"type": "app_home_opened"}}, Counted.OTHER),
        ({"callback_id": ["preview"]}, Counted.OTHER),
    ],
)
def test_what_counts_as_what(body: dict[str, object], kind: Counted | None) -> None:
    assert kind_of(body) is kind


@pytest.mark.parametrize(
    ("body", "person"),
    [
        ({"user_id": "U01ANA"}, "U01ANA"),
        ({"user": {"id": "U01ANA"}}, "U01ANA"),
        ({"event": {"user": "U01ANA"}}, "U01ANA"),
        ({}, ""),
        ({"user": "U01ANA", "event": None}, ""),
        ({"user_id": "*:}{ FLUSHALL"}, ""),
        ({"user_id": "U" * 25}, ""),
        ({"user": {"id": {"$ne": 1}}}, ""),
    ],
)
def test_a_person_is_counted_by_an_id_as_slack_makes_them_or_not_at_all(body: dict[str, object], person: str) -> None:
    assert person_of(body) == person
