"""Settle what became of a leg whose outcome is unknown: people say what they found, or that the bot's finding is it."""

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.domain.request import BroadcastRequest
from bot.operations import deciding, evidence, settling
from bot.operations.context import Context
from bot.views import settle_form
from bot.views.blocks import View
from bot.views.ids import Action, Callback
from handlers import payloads
from handlers.errors import shown_under_inputs
from handlers.opening import open_slowly
from handlers.payloads import Body


def register(app: App, context: Context) -> None:
    """Listen to Settle and its dialog, and to the button that records what the bot found."""
    conversation = Settlement(context)
    app.action(Action.SETTLE)(conversation.ask)
    app.action(Action.RECORD)(conversation.record)
    app.view(Callback.SETTLE_FORM)(conversation.settle)


class Settlement:
    """Lead from an unknown outcome to a settled one."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def ask(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Open the dialog that asks, for each unsettled leg, whether it went out."""
        press = payloads.press(body)
        request = self._context.store.get(press.button.request_id)
        deciding.check_can_settle(self._context, request, press.by.user_id, team_id=press.by.team_id)
        settling.check_unsettled(request)
        open_slowly(client, press.trigger_id, lambda: self._dialog(request))
        ack()

    def _dialog(self, request: BroadcastRequest) -> View:
        """Look at mPaaS now, because what is written down may be hours old, and draw the dialog with it."""
        now = self._context.store.now()
        found = evidence.gather(self._context, request, self._context.quick_clients, now=now)
        return settle_form.render(request, now=now, found=found)

    def record(self, ack: Ack, body: Body) -> None:
        """Write down that a leg was sent, as the task that the bot found; which one stands in the store."""
        press = payloads.press(body)
        settling.record(
            self._context,
            press.button.request_id,
            press.button.leg,
            by=press.by.user_id,
            team_id=press.by.team_id,
            revision=press.button.revision,
            digest=press.button.digest,
        )
        ack()

    def settle(self, ack: Ack, body: Body) -> None:
        """Write down what was found, leg by leg."""
        settlement = settle_form.parse(body["view"])
        by = payloads.presser(body)
        if shown_under_inputs(settle_form.check(settlement, body["view"]), body, ack):
            return
        for finding in settlement.findings:
            settling.settle(
                self._context,
                settlement.button.request_id,
                finding.platform,
                sent=finding.sent,
                by=by.user_id,
                team_id=by.team_id,
                task_id=finding.task_id,
            )
        ack()
