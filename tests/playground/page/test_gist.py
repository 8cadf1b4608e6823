"""What a line of the log says that it is about: names in place of ids, and the first words that somebody reads."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bot.playground.cast import ANA, APPROVALS, BO, GENERAL, ONCALL
from bot.playground.mpaas.journal import Entry
from bot.playground.page import gist
from bot.playground.slack.sim import SlackSim
from bot.playground.slack.world import World

HEADLINE = "Push to all devices of live: sent"
CARD = [{"type": "header", "text": {"type": "plain_text", "text": HEADLINE}}]


@pytest.fixture
def world() -> Iterator[World]:
    with SlackSim() as slack:
        yield slack.world


MODAL = {"type": "modal", "callback_id": "preview", "blocks": CARD}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"channel": APPROVALS.id, "blocks": CARD, "text": "x"}, f"#approvals · {HEADLINE}"),
        ({"channel": ANA.id, "blocks": json.dumps(CARD)}, f"Ana Alves · {HEADLINE}"),
        ({"channel": GENERAL.id, "user": BO.id, "text": f"<@{ANA.id}> asks\n."}, "#general · Bo Berg · Ana Alves asks"),
        ({"user": BO.id, "include_locale": "1"}, "Bo Berg"),
        ({"usergroup": ONCALL.id}, "@oncall"),
        ({"trigger_id": "1", "view": MODAL}, f"preview · {HEADLINE}"),
        ({"user_id": ANA.id, "view": json.dumps({"type": "home", "blocks": []})}, "Ana Alves · home"),
        ({"channel": "C404"}, "C404"),
        ({"view": "no JSON", "blocks": "[1]"}, ""),
        ({}, ""),
    ],
)
def test_a_call_says_where_for_whom_and_its_first_line(world: World, sent: dict[str, Any], said: str) -> None:
    assert gist.of_call(world, sent) == said


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (
            {"command": "/broadcast", "text": "help", "channel_id": GENERAL.id, "user_id": ANA.id},
            "help · #general · Ana Alves",
        ),
        (
            {"type": "block_actions", "actions": [{"action_id": "approve"}], "channel": {"id": APPROVALS.id},
             "user": {"id": BO.id}, "view": None},
            "approve · #approvals · Bo Berg",
        ),
        (
            {"type": "view_submission", "view": {"callback_id": "preview"}, "user": {"id": ANA.id}},
            "preview · Ana Alves",
        ),
        (
            {"type": "block_suggestion", "action_id": "template", "value": "out", "user": {"id": ANA.id}},
            "template · out · Ana Alves",
        ),
        ({"type": "shortcut", "callback_id": "new_broadcast", "user": {"id": ANA.id}}, "new_broadcast · Ana Alves"),
        ({"event": {"type": "app_home_opened", "tab": "home", "user": BO.id}}, "home · Bo Berg"),
    ],
)  # fmt: skip
def test_a_delivery_says_what_was_pressed_where_and_by_whom(world: World, payload: dict[str, Any], said: str) -> None:
    assert gist.of_delivery(world, payload) == said


def test_what_is_in_a_direct_message_names_its_owner_once(world: World) -> None:
    direct = world.direct_channel(ANA.id)
    payload = {"type": "block_actions", "channel": {"id": direct.id}, "user": {"id": ANA.id}}
    assert gist.of_delivery(world, payload) == "direct message of Ana Alves"


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"TaskName": "outage 7F3K", "Msgkey": "7F3K-android", "TemplateName": "outage"}, "7F3K-android"),
        ({"TaskName": "outage 7F3K", "StartTime": "1"}, "outage 7F3K"),
        ({"TemplateName": "outage"}, "outage"),
        ({"PageSize": "50"}, ""),
    ],
)
def test_a_request_to_mpaas_says_its_key_its_task_or_its_template(parameters: dict[str, str], said: str) -> None:
    assert gist.of_request(Entry(1, "", "PushBroadcast", parameters, (), b"")) == said


def test_a_gist_stays_short_and_on_one_line(world: World) -> None:
    said = gist.of_call(world, {"channel": GENERAL.id, "text": "word " * 100})
    assert len(said) == gist.LONGEST
    assert said.endswith("…")
    assert gist.of_delivery(world, {"command": "/broadcast", "text": "a\n\n b"}) == "a b"
