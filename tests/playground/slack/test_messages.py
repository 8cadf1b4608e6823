"""Messages in the simulated Slack, driven by the real slack_sdk: what is taken, and each refusal once."""

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playground.slack_bot import refused, section
from slack_sdk import WebClient

from bot.playground.cast import ANA, APPROVALS, BO, CAST, DEX, GENERAL, OLD, OLGA, RANDOM, SECRET
from bot.playground.slack.sim import SlackSim

MORNING = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def sim() -> Iterator[SlackSim]:
    with SlackSim(now=lambda: MORNING) as running:
        yield running


@pytest.fixture
def web(sim: SlackSim) -> WebClient:
    return WebClient(sim.bot_token, base_url=sim.api_url)


def test_a_posted_message_is_seen_by_the_members_alone(sim: SlackSim, web: WebClient) -> None:
    ts = web.chat_postMessage(channel=APPROVALS.id, text="hello", blocks=[section()])["ts"]
    assert [message.ts for message in sim.messages(APPROVALS.id, seen_by=BO.id)] == [ts]
    assert sim.messages(APPROVALS.id, seen_by=OLGA.id) == []


def test_ids_that_were_left_out_are_filled_in(web: WebClient) -> None:
    block = web.chat_postMessage(channel=GENERAL.id, text="x", blocks=[section()])["message"]["blocks"][0]
    assert block["block_id"]
    assert block["text"]["emoji"] is True


def test_a_message_to_a_person_goes_to_their_direct_conversation(sim: SlackSim, web: WebClient) -> None:
    channel = web.chat_postMessage(channel=ANA.id, text="psst")["channel"]
    assert channel == web.conversations_open(users=[ANA.id])["channel"]["id"]
    assert [message.text for message in sim.direct(ANA.id)] == ["psst"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"text": "x"}, "invalid_arguments"),
        ({"channel": "C404", "text": "x"}, "channel_not_found"),
        ({"channel": SECRET.id, "text": "x"}, "channel_not_found"),
        ({"channel": RANDOM.id, "text": "x"}, "not_in_channel"),
        ({"channel": OLD.id, "text": "x"}, "is_archived"),
        ({"channel": DEX.id, "text": "x"}, "channel_not_found"),
        ({"channel": OLGA.id, "text": "x"}, "channel_not_found"),
        ({"channel": GENERAL.id}, "no_text"),
        ({"channel": GENERAL.id, "text": "", "blocks": []}, "no_text"),
        ({"channel": GENERAL.id, "text": "x", "thread_ts": "1.2"}, "thread_not_found"),
        ({"channel": GENERAL.id, "text": "x", "blocks": "[{"}, "invalid_blocks_format"),
        ({"channel": GENERAL.id, "text": "x", "blocks": [{"type": "nope"}]}, "invalid_blocks"),
        ({"channel": GENERAL.id, "text": "x", "blocks": [section("y" * 2700)] * 5}, "msg_blocks_too_long"),
        ({"channel": GENERAL.id, "text": "x", "attachments": [{"text": "x"}] * 101}, "too_many_attachments"),
        ({"channel": GENERAL.id, "text": "x", "metadata": {"event_type": 7}}, "invalid_metadata_format"),
    ],
)
def test_a_message_slack_would_refuse_is_refused(web: WebClient, arguments: dict[str, Any], code: str) -> None:
    assert refused(web, "chat.postMessage", **arguments)["error"] == code


def test_with_the_scope_for_it_a_public_channel_need_not_be_joined() -> None:
    wide = dataclasses.replace(CAST, scopes=CAST.scopes | {"chat:write.public"})
    with SlackSim(people=wide) as sim:
        web = WebClient(sim.bot_token, base_url=sim.api_url)
        assert web.chat_postMessage(channel=RANDOM.id, text="hello")["ok"] is True
        assert refused(web, "chat.postMessage", channel=SECRET.id, text="hello")["error"] == "channel_not_found"


def test_invalid_blocks_say_where(web: WebClient) -> None:
    answer = refused(web, "chat.postMessage", channel=GENERAL.id, text="x", blocks=[section("x" * 3001)])
    line = "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {line}"]
    assert answer["errors"] == [line]


def test_a_posted_text_is_cut_at_40_000_characters(web: WebClient) -> None:
    assert len(web.chat_postMessage(channel=GENERAL.id, text="x" * 40_001)["message"]["text"]) == 40_000


def test_text_stays_as_it_was_sent(web: WebClient) -> None:
    said = "<!channel> &lt;b&gt; *bold*"
    assert web.chat_postMessage(channel=GENERAL.id, text=said)["message"]["text"] == said


def test_an_update_with_text_alone_takes_the_blocks_away(sim: SlackSim, web: WebClient) -> None:
    ts = web.chat_postMessage(channel=GENERAL.id, text="x", blocks=[section()])["ts"]
    web.chat_update(channel=GENERAL.id, ts=ts, text="y")
    message = sim.message(GENERAL.id, ts)
    assert (message.text, message.blocks, message.edited is None) == ("y", None, False)


def test_an_update_with_blocks_keeps_the_edited_mark_away(sim: SlackSim, web: WebClient) -> None:
    ts = web.chat_postMessage(channel=GENERAL.id, text="x", blocks=[section()])["ts"]
    web.chat_update(channel=GENERAL.id, ts=ts, text="y", blocks=[section("z")])
    assert sim.message(GENERAL.id, ts).edited is None


def test_an_update_keeps_the_metadata(web: WebClient) -> None:
    metadata = {"event_type": "card", "event_payload": {"id": "7"}}
    ts = web.chat_postMessage(channel=GENERAL.id, text="x", metadata=metadata)["ts"]
    web.chat_update(channel=GENERAL.id, ts=ts, text="y")
    found = web.conversations_history(channel=GENERAL.id, include_all_metadata=True)["messages"]
    assert found[0]["metadata"] == metadata
    assert "metadata" not in web.conversations_history(channel=GENERAL.id)["messages"][0]


def test_updates_slack_would_refuse_are_refused(sim: SlackSim, web: WebClient) -> None:
    theirs = sim.say(ANA.id, GENERAL.id, "mine").ts
    ours = web.chat_postMessage(channel=GENERAL.id, text="x")["ts"]
    place = {"channel": GENERAL.id}
    assert refused(web, "chat.update", **place, ts=theirs, text="y")["error"] == "cant_update_message"
    assert refused(web, "chat.update", **place, ts="1.2", text="y")["error"] == "message_not_found"
    assert refused(web, "chat.update", **place, ts=ours, text="y" * 4001)["error"] == "msg_too_long"
    assert refused(web, "chat.update", **place, ts=ours)["error"] == "no_text"
    assert refused(web, "chat.update", channel=RANDOM.id, ts=ours, text="y")["error"] == "not_in_channel"
    assert refused(web, "chat.delete", **place, ts=theirs)["error"] == "cant_delete_message"
    assert refused(web, "chat.delete", **place, ts="1.2")["error"] == "message_not_found"


def test_a_deleted_message_is_gone(sim: SlackSim, web: WebClient) -> None:
    ts = web.chat_postMessage(channel=GENERAL.id, text="x")["ts"]
    web.chat_delete(channel=GENERAL.id, ts=ts)
    assert sim.messages(GENERAL.id, seen_by=ANA.id) == []


def test_an_ephemeral_message_is_seen_by_its_viewer_alone(sim: SlackSim, web: WebClient) -> None:
    web.chat_postEphemeral(channel=GENERAL.id, user=ANA.id, text="psst")
    assert [message.text for message in sim.messages(GENERAL.id, seen_by=ANA.id)] == ["psst"]
    assert sim.messages(GENERAL.id, seen_by=BO.id) == []
    assert web.conversations_history(channel=GENERAL.id)["messages"] == []
    answer = refused(web, "chat.postEphemeral", channel=GENERAL.id, user=OLGA.id, text="psst")
    assert answer["error"] == "user_not_in_channel"


def test_replies_stay_in_their_thread(sim: SlackSim, web: WebClient) -> None:
    ts = web.chat_postMessage(channel=GENERAL.id, text="root")["ts"]
    web.chat_postMessage(channel=GENERAL.id, text="reply", thread_ts=ts)
    web.chat_postMessage(channel=GENERAL.id, text="loud", thread_ts=ts, reply_broadcast=True)
    assert [message.text for message in sim.thread(GENERAL.id, ts)] == ["reply", "loud"]
    assert [one["text"] for one in web.conversations_replies(channel=GENERAL.id, ts=ts)["messages"]] == [
        "root",
        "reply",
        "loud",
    ]
    assert [one["text"] for one in web.conversations_history(channel=GENERAL.id)["messages"]] == ["loud", "root"]
    assert refused(web, "conversations.replies", channel=GENERAL.id, ts="1.2")["error"] == "thread_not_found"


def test_history_is_read_in_pages_from_a_moment_on(web: WebClient) -> None:
    stamps = [web.chat_postMessage(channel=GENERAL.id, text=str(number))["ts"] for number in range(5)]
    first = web.conversations_history(channel=GENERAL.id, limit=3)
    assert [one["text"] for one in first["messages"]] == ["4", "3", "2"]
    assert first["has_more"] is True
    cursor = first["response_metadata"]["next_cursor"]
    rest = web.conversations_history(channel=GENERAL.id, limit=3, cursor=cursor)
    assert [one["text"] for one in rest["messages"]] == ["1", "0"]
    assert rest["has_more"] is False
    assert len(web.conversations_history(channel=GENERAL.id, oldest=stamps[3])["messages"]) == 1
    assert len(web.conversations_history(channel=GENERAL.id, oldest=stamps[3], inclusive=True)["messages"]) == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"channel": "C404"}, "channel_not_found"),
        ({"channel": RANDOM.id}, "not_in_channel"),
        ({"channel": GENERAL.id, "limit": 1000}, "invalid_limit"),
        ({"channel": GENERAL.id, "limit": "many"}, "invalid_limit"),
        ({"channel": GENERAL.id, "cursor": "?"}, "invalid_cursor"),
        ({"channel": GENERAL.id, "oldest": "noon"}, "invalid_ts_oldest"),
        ({"channel": GENERAL.id, "latest": "noon"}, "invalid_ts_latest"),
    ],
)
def test_history_slack_would_refuse_is_refused(web: WebClient, arguments: dict[str, Any], code: str) -> None:
    assert refused(web, "conversations.history", **arguments)["error"] == code


def test_a_permalink_names_the_message(web: WebClient) -> None:
    ts = web.chat_postMessage(channel=GENERAL.id, text="x")["ts"]
    link = web.chat_getPermalink(channel=GENERAL.id, message_ts=ts)["permalink"]
    assert link == f"https://harbour.slack.com/archives/{GENERAL.id}/p{ts.replace('.', '')}"
    assert refused(web, "chat.getPermalink", channel=GENERAL.id, message_ts="1.2")["error"] == "message_not_found"


def test_a_message_that_a_person_deleted_is_not_there_for_the_bot(sim: SlackSim, web: WebClient) -> None:
    ts = web.chat_postMessage(channel=GENERAL.id, text="hello")["ts"]
    sim.delete(BO.id, sim.message(GENERAL.id, ts))
    assert sim.messages(GENERAL.id, seen_by=BO.id) == []
    assert refused(web, "chat.update", channel=GENERAL.id, ts=ts, text="again")["error"] == "message_not_found"


def test_a_channel_is_archived_and_comes_back_with_its_messages(sim: SlackSim, web: WebClient) -> None:
    ts = web.chat_postMessage(channel=GENERAL.id, text="hello")["ts"]
    sim.archive(GENERAL.id)
    assert refused(web, "chat.postMessage", channel=GENERAL.id, text="x")["error"] == "is_archived"
    assert refused(web, "chat.update", channel=GENERAL.id, ts=ts, text="x")["error"] == "is_inactive"
    sim.archive(GENERAL.id, archived=False)
    assert web.chat_update(channel=GENERAL.id, ts=ts, text="x")["ok"] is True
