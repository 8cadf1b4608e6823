"""Withdraw a request, or stop it in the veto window: by its requester or an approver."""

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.operations import deciding
from bot.operations.context import Context
from bot.views import messages, reason_form
from bot.views.command import read_which, read_word
from bot.views.ids import COMMAND, Action, Callback
from handlers import payloads
from handlers.payloads import Body


def register(app: App, context: Context) -> None:
    """Listen to Withdraw, Stop, the dialog, and ``/broadcast withdraw ID``."""
    conversation = Withdrawal(context)
    app.action(Action.WITHDRAW)(conversation.ask_for_reason)
    app.action(Action.STOP)(conversation.stop)
    app.view(Callback.WITHDRAW_FORM)(conversation.withdraw)
    app.command(COMMAND, matchers=[payloads.begins_with("withdraw")])(conversation.withdraw_by_command)


class Withdrawal:
    """Take requests back."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def ask_for_reason(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Open the dialog that asks why, for those who may withdraw."""
        press = payloads.press(body)
        request = self._context.store.get(press.button.request_id)
        deciding.check_can_take_back(self._context, request, press.by.user_id, team_id=press.by.team_id)
        client.views_open(trigger_id=press.trigger_id, view=reason_form.render_withdraw(request))
        ack()

    def withdraw(self, ack: Ack, body: Body) -> None:
        """Withdraw the request."""
        reason = reason_form.parse(body["view"])
        by = payloads.presser(body)
        deciding.withdraw(self._context, reason.button.request_id, by.user_id, team_id=by.team_id, why=reason.why)
        ack()

    def stop(self, ack: Ack, body: Body) -> None:
        """Stop the request at one press: seconds count."""
        press = payloads.press(body)
        deciding.withdraw(self._context, press.button.request_id, press.by.user_id, team_id=press.by.team_id, why="")
        ack()

    def withdraw_by_command(self, ack: Ack, body: Body) -> None:
        """Withdraw the request whose id was typed."""
        command = payloads.command(body)
        request_id, why = read_which("withdraw", read_word(command.text)[1])
        by, team_id = command.by, command.by.team_for(self._context.team_id)
        after = deciding.withdraw(self._context, request_id, by.user_id, team_id=team_id, why=why)
        message = messages.done(after)
        ack(response_type="ephemeral", text=message.text, blocks=message.blocks)
