"""Open a view that takes a look at mPaaS: a small one at once, then the real one.

Slack's trigger lives for 3 seconds, and opens one view. What is drawn is the conversations' business.
"""

from collections.abc import Callable

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import logs
from bot.views import messages
from handlers.errors import names_people, sentence_for

View = dict[str, object]

_GONE = frozenset({"hash_conflict", "not_found"})
"""Answers of views.update (docs.slack.dev/reference/methods/views.update) where nobody looks at that view any more: a
newer one took its place, or its reader closed it."""


def open_slowly(client: WebClient, trigger_id: str, draw: Callable[[], View]) -> None:
    """Open a small view, draw, and put what was drawn in its place; what ``draw`` raises is said there as well."""
    opened = client.views_open(trigger_id=trigger_id, view=messages.loading())["view"]
    try:
        view = draw()
    except Exception as error:  # noqa: BLE001 - the trigger is spent: only the open view can still say it
        view = messages.error(sentence_for(error), names_people=names_people(error))
    update(client, view, view_id=opened["id"], view_hash=opened["hash"])


def update(client: WebClient, view: View, *, view_id: str, view_hash: str) -> None:
    """Replace a view, unless its reader closed it meanwhile, or a newer change is on its way, which draws it again."""
    try:
        client.views_update(view_id=view_id, hash=view_hash, view=view)
    except SlackApiError as error:
        if error.response.get("error") not in _GONE:
            raise
        logs.write("view_gone", why=error.response.get("error"))
