"""Count what everybody does, before any conversation hears of it, and say so when it is too much.

One place for all of them: a middleware, behind the check of the signature. When the store does not answer, what it says
is what every conversation would say; nobody waits for it twice.
"""

import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import App, BoltResponse

from bot import logs
from bot.domain.limits import TOLD, WINDOW, Counted, check_pace
from bot.operations.context import Context
from bot.views.ids import Action, Callback
from handlers import payloads
from handlers.payloads import Body

NEVER_COUNTED = payloads.begins_with("halt", "help")
"""``halt`` must always work; ``help`` asks nobody."""

_HOLDS_BACK = payloads.begins_with("withdraw", "resume")
_ACTIONS: Mapping[str, Counted] = {
    **dict.fromkeys((Action.NEW, Action.AGAIN, Action.EDIT), Counted.ASKING),
    **dict.fromkeys((Action.REJECT, Action.WITHDRAW, Action.STOP, Action.CANCEL, Action.RECALL), Counted.HOLDING_BACK),
}
_CALLBACKS: Mapping[str, Counted] = {
    Callback.NEW_BROADCAST: Counted.ASKING,
    Callback.PREVIEW: Counted.ASKING,
    Callback.REJECT_FORM: Counted.HOLDING_BACK,
    Callback.WITHDRAW_FORM: Counted.HOLDING_BACK,
}
_USER = re.compile(r"[A-Z0-9]{1,24}", re.ASCII)


def register(app: App, context: Context) -> None:
    """Stand in front of every listener."""
    app.use(Limiter(context).count)


class Limiter:
    """Let a person through until it is too much."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def count(self, body: Body, next_: Callable[[], None]) -> BoltResponse | None:
        """Count one deed of a person; raise Refused for one too many, and answer a flood of presses without a word."""
        kind, person = kind_of(body), person_of(body)
        if kind is None or not person:
            next_()
            return None
        count, left = self._context.store.tally(kind, person, seconds=WINDOW)
        most = self._context.limits.of(kind)
        if count == most + 1:
            logs.write("limited", level=logging.WARNING, person=person, kind=kind.value)
        if count > most + TOLD and not _answered_by_itself(body):
            return BoltResponse(status=200, body="")
        check_pace(self._context.limits, kind, count=count, seconds_left=left)
        next_()
        return None


def kind_of(body: Body) -> Counted | None:
    """Say what counts together with this; None for what is never counted."""
    if "command" in body:
        if NEVER_COUNTED(body):
            return None
        return Counted.HOLDING_BACK if _HOLDS_BACK(body) else Counted.ASKING
    if body.get("type") == "view_submission":
        return _CALLBACKS.get(_text(body.get("view"), "callback_id"), Counted.OTHER)
    if body.get("type") == "block_actions":
        actions = body.get("actions")
        first = actions[0] if isinstance(actions, list) and actions else None
        return _ACTIONS.get(_text(first, "action_id"), Counted.OTHER)
    return _CALLBACKS.get(_text(body, "callback_id"), Counted.OTHER)


def person_of(body: Body) -> str:
    """Name who did it; "" when the body does not say so as Slack does."""
    event = body.get("event")
    found = (str(body.get("user_id", "")), _text(body.get("user"), "id"), _text(event, "user"))
    return next((name for name in found if _USER.fullmatch(name)), "")


def _text(part: Any, name: str) -> str:
    value = part.get(name) if isinstance(part, Mapping) else None
    return value if isinstance(value, str) else ""


def _answered_by_itself(body: Body) -> bool:
    """Tell whether the words go back with the answer, so that they take no call to Slack."""
    return "command" in body or body.get("type") in {"view_submission", "block_suggestion"}
