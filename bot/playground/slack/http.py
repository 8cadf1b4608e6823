"""The HTTP side of the simulated Slack: its answers as the shared loopback server writes them.

Decides nothing: ``gate`` knows the Web API, ``control`` the verbs, and ``bot.playground.http_server`` who may knock.
"""

import json
from datetime import UTC, datetime
from email.utils import format_datetime

from bot.playground.http_server import Response
from bot.playground.slack.gate import Reply


def written(reply: Reply, now: datetime) -> Response:
    """Write a reply down, dated by Slack's clock: text as text, the rest as JSON; a reset has nothing to write."""
    if reply.reset:
        return Response(ending="reset")
    is_text = isinstance(reply.body, str)
    body = str(reply.body) if is_text else json.dumps(reply.body)
    headers = {"Content-Type": f"{'text/plain' if is_text else 'application/json'}; charset=utf-8"}
    headers |= {"Date": format_datetime(now.astimezone(UTC), usegmt=True), "Cache-Control": "no-store"}
    return Response(reply.status, body.encode(), {**headers, **reply.headers})
