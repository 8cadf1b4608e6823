"""Approve a request, reject it, or ask for changes: a press on the card, a dialog, a decision."""

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.domain.request import BroadcastRequest
from bot.operations import deciding
from bot.operations.context import Context
from bot.views import approve_form, reason_form
from bot.views.ids import Action, Callback
from handlers import payloads
from handlers.errors import shown_under_inputs
from handlers.payloads import Body, Press


def register(app: App, context: Context) -> None:
    """Listen to Approve, Reject and their dialogs."""
    conversation = Approval(context)
    app.action(Action.APPROVE)(conversation.ask_to_confirm)
    app.action(Action.REJECT)(conversation.ask_for_reason)
    app.view(Callback.APPROVE_FORM)(conversation.approve)
    app.view(Callback.REJECT_FORM)(conversation.reject)


class Approval:
    """Lead from the card's buttons to a committed decision."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def ask_to_confirm(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Open the dialog that repeats what is approved, for those who may approve."""
        press = payloads.press(body)
        client.views_open(trigger_id=press.trigger_id, view=approve_form.render(self._open_to(press, approves=True)))
        ack()

    def ask_for_reason(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Open the dialog that asks why, for those who may decide."""
        press = payloads.press(body)
        client.views_open(
            trigger_id=press.trigger_id, view=reason_form.render_reject(self._open_to(press, approves=False))
        )
        ack()

    def _open_to(self, press: Press, *, approves: bool) -> BroadcastRequest:
        """Load the request of a press; raise Refused when its button is old, or the person may not decide about it."""
        request = self._context.store.get(press.button.request_id)
        deciding.check_button(request, revision=press.button.revision, digest=press.button.digest)
        by = press.by
        deciding.check_can_decide(self._context, request, by.user_id, team_id=by.team_id, approves=approves)
        return request

    def approve(self, ack: Ack, body: Body) -> None:
        """Count the vote, if the target's name was typed where it has to be."""
        approval = approve_form.parse(body["view"])
        by = payloads.presser(body)
        request = self._context.store.get(approval.button.request_id)
        if shown_under_inputs(approve_form.check(approval, request), body, ack):
            return
        deciding.approve(
            self._context,
            approval.button.request_id,
            by.user_id,
            team_id=by.team_id,
            revision=approval.button.revision,
            digest=approval.button.digest,
        )
        ack()

    def reject(self, ack: Ack, body: Body) -> None:
        """End the request, or hand it back, with the reason."""
        reason = reason_form.parse(body["view"])
        by = payloads.presser(body)
        if shown_under_inputs(reason_form.check(reason), body, ack):
            return
        verb = deciding.ask_changes if reason.end == "ask_changes" else deciding.reject
        verb(
            self._context,
            reason.button.request_id,
            by.user_id,
            team_id=by.team_id,
            revision=reason.button.revision,
            digest=reason.button.digest,
            why=reason.why,
        )
        ack()
