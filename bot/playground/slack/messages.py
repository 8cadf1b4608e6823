"""Messages: posting, changing, deleting, finding, and who can see them.

Codes and rules: docs.slack.dev/reference/methods, chat.* pages.
"""

import json
from dataclasses import replace
from typing import Any

from bot.playground.cast import Channel
from bot.playground.slack.arguments import Arguments
from bot.playground.slack.blocks import check_blocks
from bot.playground.slack.fill_in import filled_blocks
from bot.playground.slack.refusal import SlackRefused, invalid_blocks
from bot.playground.slack.schema import Json
from bot.playground.slack.world import Message, World

POSTED_TEXT = 40_000
"""chat.postMessage cuts longer texts, silently."""
UPDATED_TEXT = 4_000
"""chat.update refuses longer texts."""
ALL_BLOCKS = 13_200
"""Characters of the blocks as compact JSON; no page names it, seen in slackapi/bolt-js#2509."""
ATTACHMENTS = 100
KEPT = ("attachments", "unfurl_links", "unfurl_media", "parse", "link_names", "mrkdwn", "username", "icon_emoji")
"""Arguments without effect here that are kept with the message, so that a test can look at them."""


def checked_blocks(arguments: Arguments) -> list[Json] | None:
    """Read ``blocks`` as Slack would take them: None when there are none."""
    blocks: Any = arguments.json("blocks", "invalid_blocks_format")
    if not blocks:
        return None
    if complaints := check_blocks(blocks, "message"):
        raise invalid_blocks(complaints)
    if len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) > ALL_BLOCKS:
        raise SlackRefused("msg_blocks_too_long")
    return filled_blocks(blocks)


def checked_metadata(arguments: Arguments) -> Json | None:
    """Read ``metadata``: an ``event_type`` and a flat ``event_payload``."""
    metadata = arguments.json("metadata", "invalid_metadata_format")
    if metadata in (None, {}):
        return None
    fits = isinstance(metadata, dict) and isinstance(metadata.get("event_type"), str)
    if not fits or not isinstance(metadata.get("event_payload"), dict):
        raise SlackRefused("invalid_metadata_format")
    return dict(metadata)


def readable_channel(world: World, channel_id: str) -> Channel:
    """Find a conversation the bot may know of: public ones, and private ones it is in."""
    channel = world.channels.get(channel_id)
    if channel is None or (channel.is_private and world.cast.bot.id not in channel.members):
        raise SlackRefused("channel_not_found")
    return channel


def joined_channel(world: World, channel_id: str) -> Channel:
    """Find a conversation the bot is in."""
    channel = readable_channel(world, channel_id)
    if world.cast.bot.id not in channel.members:
        raise SlackRefused("not_in_channel")
    return channel


def writable_channel(world: World, channel_id: str) -> Channel:
    """Find a conversation the bot may post to; a person's id means the direct conversation with them.

    With the scope ``chat:write.public`` these are all public channels, else those it is in.
    """
    if channel_id in world.people and channel_id != world.cast.bot.id:
        person = world.people[channel_id]
        if person.deleted or person.is_stranger:
            raise SlackRefused("channel_not_found")
        return world.direct_channel(channel_id)
    open_to_all = "chat:write.public" in world.cast.scopes
    channel = readable_channel(world, channel_id) if open_to_all else joined_channel(world, channel_id)
    if channel.is_archived:
        raise SlackRefused("is_archived")
    return channel


def compose(world: World, arguments: Arguments, channel: Channel) -> Message:
    """Build the message a call asks for, or refuse it."""
    attachments = arguments.json("attachments") or []
    if len(attachments) > ATTACHMENTS:
        raise SlackRefused("too_many_attachments")
    text, blocks = arguments.text("text"), checked_blocks(arguments)
    if not text and not blocks and not attachments:
        raise SlackRefused("no_text")
    thread_ts = arguments.text("thread_ts") or None
    if thread_ts and thread_ts not in world.messages.get(channel.id, {}):
        raise SlackRefused("thread_not_found")
    extra = {name: arguments.json(name) if name == "attachments" else arguments.values[name] for name in KEPT
             if name in arguments}  # fmt: skip
    if thread_ts and arguments.flag("reply_broadcast"):
        extra["subtype"] = "thread_broadcast"
    return Message(
        channel.id, world.next_ts(), world.cast.bot.id, text[:POSTED_TEXT], blocks, thread_ts,
        checked_metadata(arguments), extra=extra,
    )  # fmt: skip


def post(world: World, message: Message) -> Message:
    """Put a message into its channel, before everybody's or its one viewer's eyes."""
    with world.lock:
        shelf = world.ephemerals if message.viewer else world.messages
        shelf.setdefault(message.channel, {})[message.ts] = message
        world.happened("message_posted", channel=message.channel, ts=message.ts, viewer=message.viewer)
    return message


def find(world: World, channel_id: str, ts: str) -> Message:
    """Find a message that is not ephemeral."""
    message = world.messages.get(channel_id, {}).get(ts)
    if message is None:
        raise SlackRefused("message_not_found")
    return message


def changed(world: World, message: Message, arguments: Arguments) -> Message:
    """Change the bot's own message as chat.update does: text without blocks takes the blocks away."""
    if message.user != world.cast.bot.id:
        raise SlackRefused("cant_update_message")
    text, blocks = arguments.text("text"), checked_blocks(arguments)
    if len(text) > UPDATED_TEXT:
        raise SlackRefused("msg_too_long")
    if not text and not blocks and "attachments" not in arguments:
        raise SlackRefused("no_text")
    metadata = checked_metadata(arguments) if "metadata" in arguments else message.metadata
    edited = message.edited if blocks else {"user": world.cast.bot.id, "ts": world.next_ts()}
    return put_back(world, replace(message, text=text, blocks=blocks, metadata=metadata, edited=edited))


def put_back(world: World, message: Message) -> Message:
    """Put a changed message in place of the one with its ``ts``."""
    with world.lock:
        shelf = world.ephemerals if message.viewer else world.messages
        shelf.setdefault(message.channel, {})[message.ts] = message
        world.happened("message_changed", channel=message.channel, ts=message.ts, viewer=message.viewer)
    return message


def remove(world: World, message: Message) -> None:
    """Take a message away."""
    with world.lock:
        shelf = world.ephemerals if message.viewer else world.messages
        shelf.get(message.channel, {}).pop(message.ts, None)
        world.happened("message_deleted", channel=message.channel, ts=message.ts, viewer=message.viewer)


def seen_by(world: World, user: str, channel_id: str) -> list[Message]:
    """List, oldest first, what a person sees in a channel: its messages, and the ephemeral ones meant for them."""
    channel = world.channels.get(channel_id)
    if channel is None or user not in channel.members:
        return []
    own = [note for note in world.ephemerals.get(channel_id, {}).values() if note.viewer == user]
    return sorted([*world.messages.get(channel_id, {}).values(), *own], key=lambda message: message.ts)


def replies(world: World, channel_id: str, thread_ts: str) -> list[Message]:
    """List the replies to a message, oldest first, without the message itself."""
    return [message for message in world.messages.get(channel_id, {}).values() if message.thread_ts == thread_ts]
