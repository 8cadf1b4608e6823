"""Halt all sending, and resume it: one word, for people in a hurry."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from slack_bolt import Ack, App

from bot.operations import halting
from bot.operations.context import Context
from bot.views import messages
from bot.views.command import read_halt, read_word
from bot.views.ids import COMMAND
from bot.views.wording import say
from handlers import payloads
from handlers.payloads import Body


def register(app: App, context: Context, *, zone: ZoneInfo) -> None:
    """Listen to ``/broadcast halt`` and ``/broadcast resume``."""
    conversation = Halting(context, zone)
    app.command(COMMAND, matchers=[payloads.begins_with("halt")])(conversation.halt)
    app.command(COMMAND, matchers=[payloads.begins_with("resume")])(conversation.resume)


class Halting:
    """Stop everything, and let it go on."""

    def __init__(self, context: Context, zone: ZoneInfo) -> None:
        self._context = context
        self._zone = zone

    def halt(self, ack: Ack, body: Body) -> None:
        """Halt all sending from now on, for a time or until it is resumed."""
        command = payloads.command(body)
        seconds, why = read_halt(read_word(command.text)[1])
        lasting = None if seconds is None else timedelta(seconds=seconds)
        by, once = command.by, command.trigger_id
        team_id = by.team_for(self._context.team_id)
        halted = halting.halt(self._context, by.user_id, team_id=team_id, why=why, lasting=lasting, once=once)
        message = messages.halted(halted)
        ack(response_type="in_channel", text=message.text, blocks=message.blocks)

    def resume(self, ack: Ack, body: Body) -> None:
        """Let sending go on."""
        command = payloads.command(body)
        by, once = command.by, command.trigger_id
        ended = halting.resume(self._context, by.user_id, team_id=by.team_id, once=once)
        message = messages.note(say("resume.now") if ended else say("resume.not_halted"))
        ack(response_type="in_channel" if ended else "ephemeral", text=message.text, blocks=message.blocks)
