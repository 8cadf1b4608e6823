"""Web API methods that only look: who is there, which conversations, what was said.

Each takes the world and the arguments and returns the fields of the answer beside ``ok``, or raises SlackRefused.
"""

import base64
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.playground.cast import Channel, Group, Person
from bot.playground.slack.arguments import Arguments
from bot.playground.slack.blocks import check_blocks, check_view
from bot.playground.slack.messages import find, joined_channel, readable_channel, replies
from bot.playground.slack.payloads import bot_profile, message_body
from bot.playground.slack.refusal import SlackRefused, invalid_arguments
from bot.playground.slack.schema import Complaint, Json
from bot.playground.slack.world import Message, World

CREATED = 1_700_000_000
PAGE = 999
"""Objects in one page of conversations.history at most."""


def auth_test(world: World, arguments: Arguments) -> Json:
    """Say whose token it is."""
    del arguments
    cast = world.cast
    return {
        "url": f"https://{cast.team_domain}.slack.com/",
        "team": cast.team_name,
        "user": cast.bot.name,
        "team_id": cast.enterprise_id if cast.is_enterprise_install else cast.team_id,
        "user_id": cast.bot.id,
        "bot_id": cast.bot_id,
        "is_enterprise_install": cast.is_enterprise_install,
        **({"enterprise_id": cast.enterprise_id} if cast.enterprise_id else {}),
    }


def auth_teams_list(world: World, arguments: Arguments) -> Json:
    """List the workspaces for which the organisation's app was approved."""
    cast = world.cast
    teams, cursor = _page([{"id": cast.team_id, "name": cast.team_name}], arguments, least=1, default=100)
    return {"teams": teams, "response_metadata": {"next_cursor": cursor}}


def api_test(world: World, arguments: Arguments) -> Json:
    """Echo the arguments; ``error`` makes it fail with that code."""
    del world
    if code := arguments.text("error"):
        raise SlackRefused(code, args=arguments.values)
    return {"args": arguments.values}


def bots_info(world: World, arguments: Arguments) -> Json:
    """Describe the bot."""
    if arguments.text("bot", world.cast.bot_id) != world.cast.bot_id:
        raise SlackRefused("bot_not_found")
    profile = bot_profile(world.cast)
    del profile["team_id"]
    return {"bot": profile | {"user_id": world.cast.bot.id}}


def users_info(world: World, arguments: Arguments) -> Json:
    """Describe one person."""
    person = world.people.get(arguments.required("user"))
    if person is None:
        raise SlackRefused("user_not_found")
    locale = {"locale": person.locale} if arguments.flag("include_locale") else {}
    return {"user": user_body(person, world.now()) | locale}


def user_body(person: Person, now: datetime) -> Json:
    """Shape a person as ``users.info`` does; a stranger's address and a leaver's zone are not told."""
    profile = {"real_name": person.real_name, "real_name_normalized": person.real_name, "display_name": person.name}
    profile |= {"display_name_normalized": person.name, "status_text": "", "status_emoji": "", "team": person.team_id}
    body: Json = {
        "id": person.id,
        "team_id": person.team_id,
        "name": person.name,
        "deleted": person.deleted,
        "profile": profile
        if person.is_stranger
        else profile | {"email": f"{person.name}@{person.team_domain}.example"},
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": CREATED,
    }
    if person.is_stranger:
        body["is_stranger"] = True
    if person.enterprise_id:
        del body["team_id"]
        body["enterprise_user"] = _enterprise_user(person)
    if person.deleted:
        return body
    local = now.astimezone(ZoneInfo(person.tz))
    offset = local.utcoffset()
    rights = dict.fromkeys(("is_admin", "is_owner", "is_primary_owner", "is_ultra_restricted"), False)
    zone = {"tz": person.tz, "tz_label": local.tzname() or person.tz}
    seconds = {"tz_offset": int(offset.total_seconds()) if offset else 0}
    named = {"real_name": person.real_name, "color": "9f69e7"}
    return body | named | zone | seconds | rights | {"is_restricted": person.is_restricted}


def _enterprise_user(person: Person) -> Json:
    """Shape what ``users.info`` tells of somebody as a member of an Enterprise organisation."""
    rights = dict.fromkeys(("is_admin", "is_owner", "is_primary_owner"), False)
    enterprise = {"enterprise_id": person.enterprise_id, "enterprise_name": person.team_domain}
    return {"id": person.id, **enterprise, **rights, "teams": list(person.teams)}


def usergroups_list(world: World, arguments: Arguments) -> Json:
    """List the user groups."""
    users = arguments.flag("include_users")
    return {"usergroups": [_group_body(world, group, users=users) for group in world.groups.values()]}


def _group_body(world: World, group: Group, *, users: bool) -> Json:
    body: Json = {
        "id": group.id,
        "team_id": world.cast.team_id,
        "is_usergroup": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": CREATED,
        "date_update": CREATED,
        "date_delete": 0,
        "auto_type": None,
        "created_by": world.cast.people[0].id,
        "updated_by": world.cast.people[0].id,
        "deleted_by": None,
        "prefs": {"channels": [], "groups": []},
        "user_count": len(group.users),
    }
    return body | ({"users": list(group.users)} if users else {})


def usergroups_users_list(world: World, arguments: Arguments) -> Json:
    """List a user group's members; a token of an organisation has to say in which workspace the group is."""
    if world.cast.is_enterprise_install:
        arguments.required("team_id")
    group = world.groups.get(arguments.required("usergroup"))
    elsewhere = world.cast.is_enterprise_install and arguments.text("team_id") != world.cast.team_id
    if group is None or elsewhere or (group.disabled and not arguments.flag("include_disabled")):
        raise SlackRefused("no_such_subteam")
    return {"users": list(group.users)}


def conversations_info(world: World, arguments: Arguments) -> Json:
    """Describe one conversation."""
    channel = readable_channel(world, arguments.required("channel"))
    body = channel_body(world, channel)
    if arguments.flag("include_num_members"):
        body["num_members"] = len(channel.members)
    return {"channel": body}


def channel_body(world: World, channel: Channel) -> Json:
    """Shape a conversation as ``conversations.info`` does."""
    if channel.is_im:
        other = next(iter(channel.members - {world.cast.bot.id}))
        shared = {"is_archived": False, "is_org_shared": False, "context_team_id": world.cast.team_id}
        return {"id": channel.id, "created": CREATED, "is_im": True, "user": other, "is_open": True, **shared}
    never = ("is_im", "is_group", "is_org_shared", "is_pending_ext_shared", "is_read_only")
    topic = {"value": "", "creator": "", "last_set": 0}
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.is_mpim,
        **dict.fromkeys(never, False),
        "is_mpim": channel.is_mpim,
        "created": CREATED,
        "creator": world.cast.people[0].id,
        "is_archived": channel.is_archived,
        "is_general": channel.name == "general",
        "unlinked": 0,
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_member": world.cast.bot.id in channel.members,
        "is_private": channel.is_private,
        "pending_shared": [],
        "previous_names": [],
        "topic": topic,
        "purpose": topic,
        "context_team_id": world.cast.team_id,
    }


def conversations_members(world: World, arguments: Arguments) -> Json:
    """List the members of a conversation, page by page."""
    channel = readable_channel(world, arguments.required("channel"))
    members, cursor = _page(sorted(channel.members), arguments, least=1, default=100)
    return {"members": members, "response_metadata": {"next_cursor": cursor}}


def conversations_history(world: World, arguments: Arguments) -> Json:
    """List messages, the newest first; replies stay in their threads unless they were broadcast."""
    channel = joined_channel(world, arguments.required("channel"))
    shown = [
        message
        for message in world.messages.get(channel.id, {}).values()
        if message.thread_ts in (None, message.ts) or message.extra.get("subtype") == "thread_broadcast"
    ]
    answer = _messages(world, arguments, sorted(shown, key=lambda message: message.ts, reverse=True))
    return answer | {"pin_count": 0}


def conversations_replies(world: World, arguments: Arguments) -> Json:
    """List a thread: the message itself, then its replies, the oldest first."""
    channel = joined_channel(world, arguments.required("channel"))
    root = world.messages.get(channel.id, {}).get(arguments.required("ts"))
    if root is None:
        raise SlackRefused("thread_not_found")
    return _messages(world, arguments, [root, *replies(world, channel.id, root.ts)])


def _messages(world: World, arguments: Arguments, found: list[Message]) -> Json:
    oldest, latest = _moment(arguments, "oldest", "0"), _moment(arguments, "latest", "9999999999")
    edges = arguments.flag("inclusive")
    found = [one for one in found if oldest < float(one.ts) < latest or (edges and float(one.ts) in (oldest, latest))]
    page, cursor = _page(found, arguments, least=1, default=100)
    metadata = arguments.flag("include_all_metadata")
    answer: Json = {"messages": [_threaded(world, one, metadata=metadata) for one in page], "has_more": bool(cursor)}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def _threaded(world: World, message: Message, *, metadata: bool) -> Json:
    body = message_body(world.cast, message, metadata=metadata)
    below = replies(world, message.channel, message.ts)
    if below:
        users = list(dict.fromkeys(reply.user for reply in below))
        body |= {"thread_ts": message.ts, "reply_count": len(below), "reply_users": users, "latest_reply": below[-1].ts}
    if message.thread_ts and (root := world.messages[message.channel].get(message.thread_ts)):
        body["parent_user_id"] = root.user
    return body


def _moment(arguments: Arguments, name: str, default: str) -> float:
    try:
        return float(arguments.text(name, default) or default)
    except ValueError:
        raise SlackRefused(f"invalid_ts_{name}") from None


def _page(items: list[Any], arguments: Arguments, *, least: int, default: int) -> tuple[list[Any], str]:
    limit = arguments.whole("limit", default, least=least, most=PAGE)
    start = 0
    if cursor := arguments.text("cursor"):
        try:
            start = int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
        except ValueError:
            raise SlackRefused("invalid_cursor") from None
    following = start + limit
    more = base64.b64encode(f"next:{following}".encode()).decode() if following < len(items) else ""
    return items[start:following], more


def get_permalink(world: World, arguments: Arguments) -> Json:
    """Make the address of a message."""
    channel = readable_channel(world, arguments.required("channel"))
    message = find(world, channel.id, arguments.required("message_ts"))
    place = f"https://{world.cast.team_domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    thread = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.thread_ts else ""
    return {"channel": channel.id, "permalink": place + thread}


def blocks_validate(world: World, arguments: Arguments) -> Json:
    """Check blocks, a message or a view without a token, as Slack offers since 2026."""
    del world
    given = [name for name in ("blocks", "message", "view") if name in arguments]
    if len(given) != 1:
        raise invalid_arguments("must provide exactly one of: blocks, message, view")
    complaints = _complaints(given[0], arguments.json(given[0]))
    if complaints:
        raise SlackRefused(f"invalid_{given[0]}", errors=[complaint.as_error() for complaint in complaints])
    return {}


def _complaints(what: str, value: Any) -> list[Complaint]:
    if what == "view":
        return check_view(value, "")
    if what == "blocks":
        return check_blocks(value, "message", "")
    if not isinstance(value, dict):
        return [Complaint("", "must provide an object")]
    unknown = [
        Complaint("", f"invalid additional property: {name}")
        for name in value
        if name not in ("blocks", "attachments")
    ]  # fmt: skip
    return unknown + check_blocks(value.get("blocks", []), "message", "/blocks")
