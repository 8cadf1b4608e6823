"""What one person sees in the simulated Slack, as JSON for the page: only what is theirs to see.

Values in, values out; nothing is changed here. The simulator decides who sees what (``messages.seen_by``).
"""

from typing import Any

from bot.playground.cast import Channel, Group, Person
from bot.playground.slack.schema import Json
from bot.playground.slack.sim import SlackSim
from bot.playground.slack.world import Message, View, World
from bot.views.manifest import manifest


def opening(slack: SlackSim, user: str) -> Json:
    """Tell everything that a page needs when it is opened by a person: the workspace and all of their messages."""
    world = slack.world
    with world.lock:
        mine = [channel for channel in world.channels.values() if user in channel.members]
        return {
            "me": user,
            "team": {"id": world.cast.team_id, "name": world.cast.team_name, "domain": world.cast.team_domain},
            "bot": person_shown(world.cast.bot),
            "people": [person_shown(world.people[person.id]) for person in world.cast.people],
            "groups": [group_shown(group) for group in world.groups.values()],
            "commands": commands(),
            "shortcuts": shortcuts(),
            "channels": [channel_shown(channel, user) for channel in mine],
            "messages": {
                channel.id: [message_shown(one) for one in everything_in(world, user, channel.id)] for channel in mine
            },
            **forms(slack, user),
        }


def forms(slack: SlackSim, user: str) -> Json:
    """Tell which modals lie before a person, the topmost last, and what their Home tab shows."""
    home = slack.home(user)
    return {"views": [view_shown(view) for view in slack.views(user)], "home": view_shown(home) if home else None}


def find(world: World, user: str, channel: str, ts: str) -> Message | None:
    """Find a message that a person may see; None when it is gone, or somebody else's."""
    own = world.ephemerals.get(channel, {}).get(ts)
    return world.messages.get(channel, {}).get(ts) or (own if own is not None and own.viewer == user else None)


def everything_in(world: World, user: str, channel: str) -> list[Message]:
    """List what a person may see in a channel, oldest first, replies in threads included."""
    own = [one for one in world.ephemerals.get(channel, {}).values() if one.viewer == user]
    return sorted([*world.messages.get(channel, {}).values(), *own], key=lambda one: one.ts)


def commands() -> list[Json]:
    """List the slash commands of the app's manifest; what is not in it cannot be typed."""
    return _features()["slash_commands"]


def shortcuts() -> list[Json]:
    """List the shortcuts of the app's manifest."""
    return _features()["shortcuts"]


def _features() -> dict[str, list[Json]]:
    features: Any = manifest(socket_mode=True)["features"]
    return {name: features[name] for name in ("slash_commands", "shortcuts")}


def person_shown(person: Person) -> Json:
    """Show a person."""
    return {
        "id": person.id,
        "name": person.name,
        "real_name": person.real_name,
        "tz": person.tz,
        "locale": person.locale,
        "is_guest": person.is_restricted,
        "is_stranger": person.is_stranger,
        "team_domain": person.team_domain,
        "deleted": person.deleted,
        "is_bot": person.is_bot,
    }


def group_shown(group: Group) -> Json:
    """Show a user group."""
    return {"id": group.id, "handle": group.handle, "name": group.name, "users": list(group.users)}


def channel_shown(channel: Channel, user: str) -> Json:
    """Show a conversation as one of its members sees it; ``with`` names the other one of a direct message."""
    others = sorted(channel.members - {user})
    return {
        "id": channel.id,
        "name": channel.name,
        "is_private": channel.is_private,
        "is_ext_shared": channel.is_ext_shared,
        "is_archived": channel.is_archived,
        "is_im": channel.is_im,
        "members": sorted(channel.members),
        "with": others[0] if channel.is_im and others else None,
    }


def message_shown(message: Message) -> Json:
    """Show a message; ``viewer`` is set on one that only its reader sees."""
    return {
        "channel": message.channel,
        "ts": message.ts,
        "user": message.user,
        "text": message.text,
        "blocks": message.blocks,
        "thread_ts": message.thread_ts,
        "viewer": message.viewer,
        "edited": message.edited is not None,
        "in_channel_too": message.extra.get("subtype") == "thread_broadcast",
    }


def view_shown(view: View) -> Json:
    """Show a modal or a Home view with what is filled in and the errors below its inputs."""
    texts = {name: (view.content.get(name) or {}).get("text", "") for name in ("title", "submit", "close")}
    return {
        "id": view.id,
        "type": view.type,
        "callback_id": view.content.get("callback_id", ""),
        **texts,
        "blocks": view.blocks,
        "state": view.state,
        "errors": view.errors,
        "hash": view.hash,
    }
