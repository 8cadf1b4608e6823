"""The laws can be broken: each mistake that they speak of is made here, by hand, and is noticed."""

import json
import secrets
from collections.abc import Iterator

import pytest
from crash.laws import Acknowledged, Witness, broken
from crash.network import come_to_rest
from crash.relay import HONEST, Call
from crash.relayed import RelayedStage
from pydantic import SecretStr
from slack_sdk import WebClient
from stories.play import WHOM, Card, Play

from bot.domain.content import RequestId
from bot.domain.states import State
from bot.mpaas.client import PushClient
from bot.mpaas.signing import Credentials
from bot.playground.bot_settings import ACCESS_KEYS, LIVE
from bot.playground.cast import APPROVALS, BO


@pytest.fixture(scope="module")
def stage() -> Iterator[RelayedStage]:
    with RelayedStage() as stage:
        yield stage


@pytest.fixture
def sent(stage: RelayedStage) -> Card:
    """Send a push, and leave everything in order."""
    stage.mpaas.journal.clear()
    play = Play(stage)
    card = play.ana.asks(f"outage city=Berlin time=18:00 --target live --to android,ios {WHOM}")
    play.bo.approves(card)
    card.will_say("Push to all devices of live: sent")
    come_to_rest(stage, [card.id])
    assert broken(stage, [card.id]) == []
    return card


def forged(stage: RelayedStage, parameters: dict[str, str]) -> None:
    """Push as the bot would, without the bot."""
    key, secret = next(iter(ACCESS_KEYS.items()))
    with PushClient(
        stage.endpoint(),
        Credentials(key, SecretStr(secret)),
        app_id=LIVE.app_id,
        workspace_id=LIVE.workspace_id,
        now=stage.now,
        nonce=lambda: secrets.token_hex(16),
    ) as client:
        client.push_broadcast(parameters)


def say(stage: RelayedStage, request_id: RequestId, slot: str) -> None:
    """Post as the announcer would, without it."""
    client = WebClient(stage.slack.bot_token, base_url=stage.slack.api_url)
    payload = {"id": request_id, "slot": slot}
    client.chat_postMessage(
        channel=APPROVALS.id, text=slot, metadata={"event_type": "broadcast_request", "event_payload": payload}
    )


def parameters_of(stage: RelayedStage) -> dict[str, str]:
    return stage.mpaas.journal.entries("PushBroadcast")[0].parameters


def test_a_second_push_is_noticed(stage: RelayedStage, sent: Card) -> None:
    witness = Witness(stage, HONEST)
    stage.lie(witness)
    forged(stage, parameters_of(stage))
    found = broken(stage, [sent.id])
    assert any("was executed 2 times." in sentence for sentence in found)
    assert any("left for mPaaS while the store says accepted" in sentence for sentence in witness.broken)


def test_a_push_of_a_leg_that_nobody_knows_is_noticed(stage: RelayedStage, sent: Card) -> None:
    witness = Witness(stage, HONEST)
    stage.lie(witness)
    forged(stage, parameters_of(stage) | {"Msgkey": f"{sent.id}-2-android"})
    forged(stage, parameters_of(stage) | {"Msgkey": "0000-0000-1-android"})
    assert f"{sent.id}-2-android is no leg." in broken(stage, [sent.id])
    assert len(witness.broken) == 2


def test_a_message_that_is_posted_again_is_noticed(stage: RelayedStage, sent: Card) -> None:
    say(stage, sent.id, "result:sent")
    assert broken(stage, [sent.id]) == [f"{sent.id}: result:sent was posted 2 times."]


def test_an_announcement_of_what_never_was_is_noticed(stage: RelayedStage, sent: Card) -> None:
    say(stage, sent.id, "result:failed")
    assert f"result:failed of {sent.id} was announced, and its history never was in that state." in broken(
        stage, [sent.id]
    )


def test_a_card_of_the_future_and_one_of_the_past_are_noticed(stage: RelayedStage, sent: Card) -> None:
    witness = Witness(stage, HONEST)
    body = json.dumps({"blocks": [{"block_id": "card.99", "text": sent.id}]})
    witness.asked(Call("worker>slack", 1, 1, "chat.update", b"POST / HTTP/1.1\r\n\r\n" + body.encode()))
    assert witness.broken == [f"The card of {sent.id} shows version 99, and 6 are committed."]
    world, message = stage.slack.world, sent.message()
    blocks = [block | {"block_id": "card.5"} if block["type"] == "actions" else block for block in message.blocks or []]
    client = WebClient(stage.slack.bot_token, base_url=stage.slack.api_url)
    client.chat_update(channel=message.channel, ts=message.ts, text=message.text, blocks=blocks)
    assert world.messages[message.channel][message.ts].blocks != message.blocks
    assert broken(stage, [sent.id]) == [f"{sent.id}: the card shows card.5, and version 6 is stored."]


def test_a_vote_that_was_acknowledged_and_is_not_stored_is_noticed(stage: RelayedStage, sent: Card) -> None:
    kept = Acknowledged(sent.id, BO.id, frozenset({"vote", "quorum"}))
    lost = Acknowledged(sent.id, "U03CHEN", frozenset({"vote"}))
    assert broken(stage, [sent.id], [kept]) == []
    assert broken(stage, [sent.id], [lost]) == [
        f"{sent.id}: U03CHEN was told that it is done, but there is no {{'vote'}}."
    ]


def test_what_is_left_in_the_middle_and_unsaid_is_noticed(stage: RelayedStage) -> None:
    play = Play(stage)
    card = play.ana.asks(f"outage city=Berlin time=18:00 --target live --to android,ios {WHOM}")
    stage.kill("worker")
    play.bo.approves(card)
    with stage.store() as store:
        assert store.get(card.id).state is State.APPROVED
    found = broken(stage, [card.id])
    stage.revive("worker")
    assert f"{card.id} is left approved: it neither ended nor waits for a person." in found
    assert f"{card.id}: direct:approved is missing." in found
    assert any("notices were never said" in sentence for sentence in found)
