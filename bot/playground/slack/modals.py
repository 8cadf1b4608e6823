"""Views: opening with a trigger, stacking up to three, replacing under a hash, closing; and the Home view.

Codes and rules: docs.slack.dev/reference/methods, views.* pages, and docs.slack.dev/surfaces/modals.
"""

import json
import secrets
from dataclasses import replace
from typing import Any

from bot.playground.slack.blocks import VIEW_BYTES, check_view
from bot.playground.slack.fill_in import filled_blocks, filled_text, long_id
from bot.playground.slack.refusal import SlackRefused, invalid_arguments
from bot.playground.slack.schema import Json
from bot.playground.slack.state import first_state
from bot.playground.slack.world import TRIGGER_LIFE, Trigger, View, World

DEPTH = 3
"""Views in one stack."""


def checked_view(view: Any) -> Json:
    """Take a view as Slack would keep it, or refuse it."""
    if len(json.dumps(view, ensure_ascii=False).encode(errors="surrogatepass")) > VIEW_BYTES:
        raise SlackRefused("view_too_large")
    if complaints := check_view(view):
        raise invalid_arguments(*(str(complaint) for complaint in complaints))
    texts = {name: filled_text(view.get(name)) for name in ("title", "submit", "close")}
    return {
        "type": view["type"],
        "blocks": filled_blocks(view["blocks"]),
        "private_metadata": view.get("private_metadata", ""),
        "callback_id": view.get("callback_id", ""),
        "external_id": view.get("external_id", ""),
        "clear_on_close": view.get("clear_on_close", False),
        "notify_on_close": view.get("notify_on_close", False),
        **texts,
    }


def spend_trigger(world: World, trigger_id: str) -> Trigger:
    """Use a trigger up: it is good for three seconds of the simulated clock, once."""
    trigger = world.triggers.get(trigger_id)
    if trigger is None:
        raise SlackRefused("invalid_trigger_id")
    if trigger.used:
        raise SlackRefused("exchanged_trigger_id")
    if world.now() - trigger.issued_at > TRIGGER_LIFE:
        raise SlackRefused("expired_trigger_id")
    trigger.used = True
    return trigger


def open_view(world: World, trigger_id: str, view: Any) -> View:
    """Open a modal for whoever caused the trigger: from inside a modal on top of it, else as a stack of its own."""
    with world.lock:
        content = _fresh_modal(world, view)
        trigger = spend_trigger(world, trigger_id)
        if trigger.view not in world.stacks.get(trigger.user, []):
            for closed in close_all(world, trigger.user):
                world.happened("view_replaced", view=closed.id, user=trigger.user)
        return stack(world, content, user=trigger.user, channel=trigger.channel)


def push_view(world: World, trigger_id: str, view: Any) -> View:
    """Put a modal on top of the one the trigger came from; the fourth is refused."""
    with world.lock:
        content = _fresh_modal(world, view)
        known = world.triggers.get(trigger_id)
        if known is not None and known.view not in world.stacks.get(known.user, []):
            raise SlackRefused("invalid_trigger_id")
        if known is not None and len(world.stacks[known.user]) >= DEPTH:
            raise SlackRefused("push_limit_reached")
        trigger = spend_trigger(world, trigger_id)
        return stack(world, content, user=trigger.user, channel=trigger.channel)


def stack(world: World, content: Json, *, user: str, channel: str | None) -> View:
    """Put a checked modal on top of a person's stack."""
    with world.lock:
        standing = world.stacks.setdefault(user, [])
        if len(standing) >= DEPTH:
            raise SlackRefused("push_limit_reached")
        view_id = long_id("V")
        below = world.views[standing[-1]] if standing else None
        view = View(
            id=view_id,
            owner=user,
            content=content,
            hash=_next_hash(world),
            root_id=below.root_id if below else view_id,
            previous_id=below.id if below else None,
            channel=channel or (below.channel if below else None),
        )
        view = replace(view, state=first_state(content["blocks"], channel=view.channel))
        world.views[view_id] = view
        standing.append(view_id)
        world.happened("view_opened", view=view_id, user=user)
        return view


def update_view(world: World, old: View, content: Json) -> View:
    """Replace a view's content; what is filled in stays where block id, action id and type stay the same."""
    with world.lock:
        if content["type"] != old.type:
            raise invalid_arguments(f"must be a {old.type} view [json-pointer:/view/type]")
        state = first_state(content["blocks"], channel=old.channel, kept=world.views[old.id].state)
        view = replace(old, content=content, hash=_next_hash(world), state=state, errors={})
        world.views[old.id] = view
        world.happened("view_updated", view=view.id, user=view.owner)
        return view


def find_view(world: World, view_id: str, external_id: str) -> View:
    """Find an open view by its id or the app's own id for it."""
    for view in world.views.values():
        if view.id == view_id or (external_id and view.content["external_id"] == external_id):
            return view
    raise SlackRefused("not_found")


def guard_hash(view: View, given: str) -> None:
    """Refuse a change that was made for an older picture of the view."""
    if given and given != view.hash:
        raise SlackRefused("hash_conflict")


def guard_external_id(world: World, content: Json, *, but: str = "") -> None:
    """Refuse the app's own id when another open view has it."""
    wanted = content["external_id"]
    if wanted and any(view.content["external_id"] == wanted and view.id != but for view in world.views.values()):
        raise SlackRefused("duplicate_external_id")


def publish(world: World, user: str, view: Any, given_hash: str) -> View:
    """Set a person's Home view."""
    content = checked_view(view)
    if content["type"] != "home":
        raise invalid_arguments("must be a home view [json-pointer:/view/type]")
    with world.lock:
        old = world.views.get(world.homes.get(user, ""))
        guard_external_id(world, content, but=old.id if old else "")
        if old is not None:
            guard_hash(old, given_hash)
            return update_view(world, old, content)
        view_id = long_id("V")
        home = View(view_id, user, content, _next_hash(world), view_id, state=first_state(content["blocks"]))
        world.views[view_id] = home
        world.homes[user] = view_id
        world.happened("home_published", view=view_id, user=user)
        return home


def close_view(world: World, view: View) -> None:
    """Take one modal off its owner's stack; the one below it comes to light."""
    with world.lock:
        standing = world.stacks.get(view.owner, [])
        if view.id in standing:
            standing.remove(view.id)
        world.views.pop(view.id, None)
        world.happened("view_closed", view=view.id, user=view.owner)


def close_all(world: World, user: str) -> list[View]:
    """Close all modals of a person, the topmost first."""
    with world.lock:
        standing = [world.views[view_id] for view_id in reversed(world.stacks.get(user, []))]
        for view in standing:
            close_view(world, view)
        return standing


def _fresh_modal(world: World, view: Any) -> Json:
    content = checked_view(view)
    if content["type"] != "modal":
        raise invalid_arguments("must be a modal view [json-pointer:/view/type]")
    guard_external_id(world, content)
    return content


def _next_hash(world: World) -> str:
    return f"{int(world.now().timestamp())}.{secrets.token_hex(4)}"
