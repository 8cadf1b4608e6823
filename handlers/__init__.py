"""The list of conversations: one module per thing a person can do in Slack.

Bolt comes in, operations go out, a view goes back. Every listener decides, commits, and acknowledges last; what a rule
refuses rises, and ``errors`` says it in a sentence. Conversations do not know each other; ``request`` comes last,
because it takes every command that no other conversation knows.
"""

from zoneinfo import ZoneInfo

from slack_bolt import App

from bot.operations.context import Context
from handlers import approval, errors, halt, limits, request, schedule, settle, status, withdraw


def register_all(app: App, context: Context, *, zone: ZoneInfo) -> None:
    """Register every listener; ``zone`` is for people whose own time zone is unknown."""
    errors.register(app)
    limits.register(app, context)
    approval.register(app, context)
    withdraw.register(app, context)
    schedule.register(app, context)
    settle.register(app, context)
    status.register(app, context, zone=zone)
    halt.register(app, context, zone=zone)
    request.register(app, context, zone=zone)
