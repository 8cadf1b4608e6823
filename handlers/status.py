"""Look at requests: help, list, show and scheduled by command, details by button, and the Home tab."""

from zoneinfo import ZoneInfo

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.domain.content import RequestId
from bot.operations import looking
from bot.operations.context import Context
from bot.store.switches import UNREACHED
from bot.views import details, home, messages
from bot.views.blocks import Message
from bot.views.command import read_which, read_word
from bot.views.ids import COMMAND, Action
from handlers import payloads
from handlers.payloads import Body


def register(app: App, context: Context, *, zone: ZoneInfo) -> None:
    """Listen to what only looks."""
    conversation = Looking(context, zone)
    for word in ("help", "list", "show", "scheduled"):
        app.command(COMMAND, matchers=[payloads.begins_with(word)])(getattr(conversation, word))
    app.action(Action.DETAILS)(conversation.show_details)
    app.event("app_home_opened")(conversation.draw_home)


class Looking:
    """Show requests to members of the team; nothing is changed."""

    def __init__(self, context: Context, zone: ZoneInfo) -> None:
        self._context = context
        self._zone = zone

    def help(self, ack: Ack) -> None:
        """Explain the command with examples."""
        _ephemeral(ack, messages.help_text())

    def list(self, ack: Ack, body: Body) -> None:
        """List requests that are under way, and the latest that ended."""
        self._check_member(body)
        _ephemeral(ack, messages.listing(looking.open_requests(self._context), now=self._context.store.now()))

    def scheduled(self, ack: Ack, body: Body) -> None:
        """List what mPaaS keeps for later."""
        self._check_member(body)
        requests = looking.scheduled(self._context)
        _ephemeral(ack, messages.listing(requests, now=self._context.store.now(), kind="scheduled"))

    def show(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Open the details of the request whose id was typed."""
        self._check_member(body)
        command = payloads.command(body)
        request_id, _ = read_which("show", read_word(command.text)[1])
        client.views_open(trigger_id=command.trigger_id, view=self._details(request_id))
        ack()

    def show_details(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Open the details of the card's request."""
        press = payloads.press(body)
        looking.check_member(self._context, press.by.user_id, team_id=press.by.team_id)
        client.views_open(trigger_id=press.trigger_id, view=self._details(press.button.request_id))
        ack()

    def draw_home(self, body: Body, client: WebClient) -> None:
        """Draw somebody's Home tab."""
        event = body["event"]
        if event.get("tab") != "home":
            return
        shelf = looking.home_of(self._context, str(event["user"]))
        view = home.render(
            waiting=shelf.waiting,
            mine=shelf.mine,
            scheduled=shelf.scheduled,
            recent=shelf.recent,
            now=self._context.store.now(),
            worker_alive=bool(self._context.store.alive("worker")),
            halted=self._context.store.halted(),
            unreached=self._context.store.alive(UNREACHED),
        )
        client.views_publish(user_id=event["user"], view=view)

    def _details(self, request_id: RequestId) -> dict[str, object]:
        seen = looking.look(self._context, request_id)
        return details.render(
            seen.request, history=seen.history, wire=seen.wire, now=self._context.store.now(), hints=seen.hints
        )

    def _check_member(self, body: Body) -> None:
        by = payloads.command(body).by
        looking.check_member(self._context, by.user_id, team_id=by.team_id)


def _ephemeral(ack: Ack, message: Message) -> None:
    ack(response_type="ephemeral", text=message.text, blocks=message.blocks)
