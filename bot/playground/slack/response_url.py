"""Response URLs: a bot's way to answer where a person did something, five times within thirty minutes.

Rules: docs.slack.dev/interactivity/handling-user-interaction. The words of the 404 are those people report.
"""

import json
import time
from dataclasses import replace
from typing import Any

from bot.playground.slack.arguments import Arguments
from bot.playground.slack.gate import OK, Reply
from bot.playground.slack.messages import compose, post, put_back, remove
from bot.playground.slack.refusal import SlackRefused
from bot.playground.slack.schema import Json
from bot.playground.slack.world import RESPONSE_URL_LIFE, RESPONSE_URL_USES, Message, ResponseUrl, World

_GONE = 404


def answer_at(world: World, key: str, body: bytes) -> Reply:
    """Take one POST to a response URL and write it into the journal."""
    began = time.monotonic()
    sent: Any = None
    try:
        sent = json.loads(body)
        reply = _answered(world, key, sent)
    except ValueError:
        reply = Reply(400, "invalid_payload")
    except SlackRefused as refusal:
        reply = Reply(400, refusal.answer)
    world.note(
        "call",
        "response_url",
        sent=sent if isinstance(sent, dict) else {},
        answer=reply.body,
        status=reply.status,
        milliseconds=(time.monotonic() - began) * 1000,
    )
    return reply


def _answered(world: World, key: str, said: Any) -> Reply:
    if not isinstance(said, dict):
        return Reply(400, "invalid_payload")
    with world.lock:
        url = world.response_urls.get(key)
        if url is None:
            return Reply(_GONE, "no_service")
        if world.now() - url.issued_at > RESPONSE_URL_LIFE:
            return Reply(_GONE, "expired_url")
        if url.uses >= RESPONSE_URL_USES:
            return Reply(_GONE, "used_url")
        show(world, url, said)
        url.uses += 1
    return Reply(OK, "ok")


def show(world: World, url: ResponseUrl, said: Json) -> None:
    """Do what an answer says: post, replace the source message or delete it. Raises SlackRefused for bad content."""
    arguments = Arguments(said)
    source = _current(world, url.source)
    if arguments.flag("delete_original"):
        if source is not None:
            remove(world, source)
        return
    message = compose(world, arguments, world.channels[url.channel])
    if arguments.flag("replace_original") and source is not None:
        put_back(world, replace(source, text=message.text, blocks=message.blocks))
        return
    visible = arguments.text("response_type", "ephemeral") == "in_channel"
    thread_ts = message.thread_ts or url.thread_ts
    post(world, replace(message, viewer=None if visible else url.user, thread_ts=thread_ts))


def _current(world: World, source: Message | None) -> Message | None:
    if source is None:
        return None
    shelf = world.ephemerals if source.viewer else world.messages
    return shelf.get(source.channel, {}).get(source.ts)
