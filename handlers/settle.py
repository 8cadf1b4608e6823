"""Settle what became of a leg whose outcome is unknown: people look at mPaaS, and say what they found."""

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.operations import deciding, settling
from bot.operations.context import Context
from bot.views import settle_form
from bot.views.ids import Action, Callback
from handlers import payloads
from handlers.errors import shown_under_inputs
from handlers.opening import open_slowly
from handlers.payloads import Body


def register(app: App, context: Context) -> None:
    """Listen to Settle and its dialog."""
    conversation = Settlement(context)
    app.action(Action.SETTLE)(conversation.ask)
    app.view(Callback.SETTLE_FORM)(conversation.settle)


class Settlement:
    """Lead from an unknown outcome to a settled one."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def ask(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Open the dialog that asks, for each unsettled leg, whether it went out."""
        press = payloads.press(body)
        request = self._context.store.get(press.button.request_id)
        deciding.check_can_take_back(self._context, request, press.by.user_id, team_id=press.by.team_id)
        settling.check_unsettled(request)
        open_slowly(
            client,
            press.trigger_id,
            lambda: settle_form.render(
                request, now=self._context.store.now(), evidence=settling.evidence(self._context, request)
            ),
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
