"""Cancel what mPaaS keeps for later, and recall what went out: by its requester or an approver."""

from slack_bolt import Ack, App

from bot.operations import retracting
from bot.operations.context import Context
from bot.views.ids import Action
from handlers import payloads
from handlers.payloads import Body


def register(app: App, context: Context) -> None:
    """Listen to Cancel and Recall; Slack's own dialog has asked whether it is meant."""
    conversation = Retraction(context)
    app.action(Action.CANCEL)(conversation.cancel)
    app.action(Action.RECALL)(conversation.recall)


class Retraction:
    """Take back what mPaaS has."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def cancel(self, ack: Ack, body: Body) -> None:
        """Cancel a scheduled or recurring push."""
        press = payloads.press(body)
        retracting.cancel(self._context, press.button.request_id, press.by.user_id, team_id=press.by.team_id)
        ack()

    def recall(self, ack: Ack, body: Body) -> None:
        """Recall a push of the last 7 days."""
        press = payloads.press(body)
        retracting.recall(self._context, press.button.request_id, press.by.user_id, team_id=press.by.team_id)
        ack()
