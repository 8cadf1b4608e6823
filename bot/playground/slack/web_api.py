"""The Web API: which methods there are, what they need, and what they do.

A method that is not in ``METHODS`` is refused as unknown; nothing answers ``ok: true`` by accident.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.playground.cast import Channel
from bot.playground.slack import web_reads as reads
from bot.playground.slack.arguments import Arguments
from bot.playground.slack.fill_in import long_id
from bot.playground.slack.messages import changed, compose, find, joined_channel, post, remove, writable_channel
from bot.playground.slack.modals import (
    checked_view,
    find_view,
    guard_external_id,
    guard_hash,
    open_view,
    publish,
    push_view,
    update_view,
)
from bot.playground.slack.payloads import message_body, view_body
from bot.playground.slack.refusal import SlackRefused
from bot.playground.slack.schema import Json
from bot.playground.slack.world import Message, View, World


@dataclass(frozen=True)
class Method:
    """Describe one method: what it does, which token it takes ("bot", "app", "" for none), which scopes suffice."""

    run: Callable[[World, Arguments], Json]
    token: str = "bot"  # noqa: S105 - the kind of token, not one
    scopes: tuple[str, ...] = ()


def chat_post_message(world: World, arguments: Arguments) -> Json:
    """Post a message."""
    channel = writable_channel(world, arguments.required("channel"))
    message = post(world, compose(world, arguments, channel))
    return {"channel": channel.id, "ts": message.ts, "message": message_body(world.cast, message)}


def chat_post_ephemeral(world: World, arguments: Arguments) -> Json:
    """Show a message to one person, until they reload."""
    channel, user = writable_channel(world, arguments.required("channel")), arguments.required("user")
    if user not in channel.members:
        raise SlackRefused("user_not_in_channel")
    message = compose(world, arguments, channel)
    shown = Message(**{**vars(message), "viewer": user, "metadata": None})
    return {"message_ts": post(world, shown).ts}


def chat_update(world: World, arguments: Arguments) -> Json:
    """Change one of the bot's own messages."""
    channel = joined_channel(world, arguments.required("channel"))
    message = find(world, channel.id, arguments.required("ts"))
    if channel.is_archived:
        raise SlackRefused("is_inactive")
    message = changed(world, message, arguments)
    body = message_body(world.cast, message)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": body}


def chat_delete(world: World, arguments: Arguments) -> Json:
    """Delete one of the bot's own messages."""
    channel = joined_channel(world, arguments.required("channel"))
    message = find(world, channel.id, arguments.required("ts"))
    if message.user != world.cast.bot.id:
        raise SlackRefused("cant_delete_message")
    remove(world, message)
    return {"channel": channel.id, "ts": message.ts}


def conversations_open(world: World, arguments: Arguments) -> Json:
    """Open, or find, the direct conversation with one person or with several."""
    if "channel" in arguments:
        return {"channel": {"id": joined_channel(world, arguments.text("channel")).id}}
    users = arguments.names("users")
    if not users:
        raise SlackRefused("users_list_not_supplied")
    for user in users:
        person = world.people.get(user)
        if person is None:
            raise SlackRefused("user_not_found")
        if person.deleted:
            raise SlackRefused("user_disabled")
    channel = world.direct_channel(users[0]) if len(users) == 1 else _group_conversation(world, users)
    whole = arguments.flag("return_im")
    return {"channel": reads.channel_body(world, channel) if whole else {"id": channel.id}}


def _group_conversation(world: World, users: list[str]) -> Channel:
    members = frozenset({*users, world.cast.bot.id})
    with world.lock:
        for channel in world.channels.values():
            if channel.is_mpim and channel.members == members:
                return channel
        channel = Channel(long_id("C"), "mpdm", members, is_mpim=True, is_private=True)
        world.channels[channel.id] = channel
        return channel


def _shown(world: World, view: View) -> Json:
    return {"view": view_body(world.cast, view)}


def views_open(world: World, arguments: Arguments) -> Json:
    """Open a modal for whoever caused the trigger."""
    trigger_id = arguments.required("trigger_id")
    return _shown(world, open_view(world, trigger_id, arguments.json("view")))


def views_push(world: World, arguments: Arguments) -> Json:
    """Put a modal on top of the one the trigger came from."""
    trigger_id = arguments.required("trigger_id")
    return _shown(world, push_view(world, trigger_id, arguments.json("view")))


def views_update(world: World, arguments: Arguments) -> Json:
    """Replace an open view."""
    content = checked_view(arguments.json("view"))
    with world.lock:
        view = find_view(world, arguments.text("view_id"), arguments.text("external_id"))
        guard_hash(view, arguments.text("hash"))
        guard_external_id(world, content, but=view.id)
        return _shown(world, update_view(world, view, content))


def views_publish(world: World, arguments: Arguments) -> Json:
    """Set a person's Home view."""
    user = arguments.required("user_id")
    person = world.people.get(user)
    if person is None or person.is_bot:
        raise SlackRefused("invalid_arguments", response_metadata={"messages": ["invalid `user_id`"]})
    if person.deleted or person.is_stranger:
        raise SlackRefused("not_enabled")
    return _shown(world, publish(world, user, arguments.json("view"), arguments.text("hash")))


_CHANNELS = ("channels:read", "groups:read")
_HISTORY = ("channels:history", "groups:history")
METHODS: Mapping[str, Method] = {
    "api.test": Method(reads.api_test, ""),
    "auth.teams.list": Method(reads.auth_teams_list),
    "auth.test": Method(reads.auth_test),
    "blocks.validate": Method(reads.blocks_validate, ""),
    "bots.info": Method(reads.bots_info, scopes=("users:read",)),
    "chat.delete": Method(chat_delete, scopes=("chat:write",)),
    "chat.getPermalink": Method(reads.get_permalink),
    "chat.postEphemeral": Method(chat_post_ephemeral, scopes=("chat:write",)),
    "chat.postMessage": Method(chat_post_message, scopes=("chat:write",)),
    "chat.update": Method(chat_update, scopes=("chat:write",)),
    "conversations.history": Method(reads.conversations_history, scopes=_HISTORY),
    "conversations.info": Method(reads.conversations_info, scopes=_CHANNELS),
    "conversations.members": Method(reads.conversations_members, scopes=_CHANNELS),
    "conversations.open": Method(conversations_open, scopes=("im:write",)),
    "conversations.replies": Method(reads.conversations_replies, scopes=_HISTORY),
    "usergroups.list": Method(reads.usergroups_list, scopes=("usergroups:read",)),
    "usergroups.users.list": Method(reads.usergroups_users_list, scopes=("usergroups:read",)),
    "users.info": Method(reads.users_info, scopes=("users:read",)),
    "views.open": Method(views_open),
    "views.publish": Method(views_publish),
    "views.push": Method(views_push),
    "views.update": Method(views_update),
}
"""Every method but ``apps.connections.open``, which belongs to ``socket``. Any one of the scopes suffices."""
