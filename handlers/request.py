"""Ask for a push: the command or a button opens the form, the form becomes a preview, the preview becomes a request.

Here is the order of things. What the form looks like is ``bot.views.request_form``'s; ``request_drawing`` puts into it
what mPaaS and the store know.
"""

from dataclasses import replace
from zoneinfo import ZoneInfo

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.domain.content import ChannelId
from bot.domain.draft import Draft
from bot.domain.drafting import draft_of
from bot.domain.policy import Person
from bot.domain.request import BroadcastRequest
from bot.domain.target import Target
from bot.errors import Refused
from bot.operations import asking
from bot.operations.context import Context
from bot.views import inputs, messages, preview, request_form
from bot.views.command import did_you_mean, nearly_a_word, read_command
from bot.views.ids import COMMAND, Action, Callback
from bot.views.request_form_state import Filled, Metadata
from handlers import payloads
from handlers.opening import open_slowly, update
from handlers.payloads import Body, Command
from handlers.request_drawing import Drawing, Reading, Sheet


def register(app: App, context: Context, *, zone: ZoneInfo) -> None:
    """Listen to the command, the ways to open a form, and the form."""
    conversation = Asking(context, Drawing(context, zone))
    app.command(COMMAND)(conversation.command)
    app.shortcut(Callback.NEW_BROADCAST)(conversation.new)
    app.action(Action.NEW)(conversation.new)
    app.action(Action.AGAIN)(conversation.again)
    app.action(Action.EDIT)(conversation.edit)
    for action in (Action.FORM_TARGET, Action.FORM_TEMPLATE, Action.FORM_WHEN, Action.FORM_CYCLE, Action.FORM_ADVANCED):
        app.action(action)(conversation.redraw)
    app.options(Action.FORM_TEMPLATE)(conversation.offer_templates)
    app.view(Callback.REQUEST_FORM)(conversation.check)
    app.view(Callback.PREVIEW)(conversation.submit)


class Asking:
    """Lead from the slash to a submitted request."""

    def __init__(self, context: Context, drawing: Drawing) -> None:
        self._context = context
        self._drawing = drawing

    def command(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Open the form filled with what was typed; open the preview when nothing more is needed."""
        command = payloads.command(body)
        nearly = nearly_a_word(command.text)
        person, targets = self._requester_or_asked(command, nearly)
        said = read_command(command.text, now=self._context.store.now(), zone=self._drawing.zone_of(person))
        metadata = Metadata(request_id=self._context.mint_request_id(), channel=ChannelId(command.channel))
        self._open(client, command.trigger_id, Sheet(said.draft, metadata, person, targets, said.problems, nearly))
        if said.problems:
            message = messages.refused(said.problems)
            ack(response_type="ephemeral", text=message.text, blocks=message.blocks)
        else:
            ack()

    def _requester_or_asked(self, command: Command, nearly: str) -> tuple[Person, list[Target]]:
        """Describe who asks; who may not ask for pushes may still have mistyped a word, and is asked about it first."""
        try:
            return self._drawing.requester(command.by)
        except Refused as refused:
            asked = [did_you_mean(nearly, "", is_read=True)] if nearly else []
            raise Refused(*asked, *refused.problems) from None

    def new(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Open an empty form, from the Home tab, a message or the shortcut."""
        by = payloads.presser(body)
        person, targets = self._drawing.requester(by)
        channel = (body.get("channel") or {}).get("id") or by.user_id
        metadata = Metadata(request_id=self._context.mint_request_id(), channel=ChannelId(channel))
        self._open(client, body["trigger_id"], Sheet(Draft(), metadata, person, targets))
        ack()

    def again(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Open the form filled with what another request asked for; it becomes a request of its own."""
        press = payloads.press(body)
        person, targets = self._drawing.requester(press.by)
        request = self._context.store.get(press.button.request_id)
        metadata = Metadata(request_id=self._context.mint_request_id(), channel=request.channel)
        self._open(client, press.trigger_id, Sheet(draft_of(request.content), metadata, person, targets), check=True)
        ack()

    def edit(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Open the form filled with the request, to make its next revision."""
        press = payloads.press(body)
        request = self._context.store.get(press.button.request_id)
        asking.check_can_revise(self._context, request, press.by.user_id, team_id=press.by.team_id)
        person, targets = self._drawing.requester(press.by)
        metadata = Metadata(request_id=request.id, channel=request.channel, revision=request.revision)
        self._open(client, press.trigger_id, Sheet(draft_of(request.content), metadata, person, targets), check=True)
        ack()

    def redraw(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Draw the form again after a choice that changes what it shows."""
        view = body["view"]
        filled = self._drawing.read(view)
        metadata = filled.metadata
        if body["actions"][0]["action_id"] == Action.FORM_ADVANCED:
            metadata = metadata.model_copy(update={"advanced": not metadata.advanced})
        person, targets = self._drawing.requester(payloads.presser(body))
        drawn = self._drawing.form(Sheet(filled.draft, metadata, person, targets, filled.problems))
        update(client, drawn, view_id=view["id"], view_hash=view["hash"])
        ack()

    def offer_templates(self, ack: Ack, body: Body) -> None:
        """Offer the target's templates that fit what was typed; none while no target is chosen."""
        draft = self._drawing.read(body["view"]).draft
        names = asking.template_names(self._context, draft.target) if draft.target else []
        ack(options=request_form.template_options(names, str(body.get("value") or "")))

    def check(self, ack: Ack, body: Body) -> None:
        """Show the preview of a complete form, or what is missing under its fields."""
        filled = self._drawing.read(body["view"])
        reading = self._drawing.look(filled.draft)
        try:
            ready = self._drawing.prepare(filled.draft, filled.metadata, reading)
        except Refused as refused:
            filled = replace(filled, problems=(*filled.problems, *refused.problems))
            self._answer_problems(ack, body, filled, reading)
            return
        if filled.problems:
            self._answer_problems(ack, body, filled, reading)
            return
        ack(response_action="push", view=self._drawing.preview(ready, filled.draft, filled.metadata))

    def submit(self, ack: Ack, body: Body) -> None:
        """Submit what was previewed; a second submit of the same form is told so."""
        metadata = Metadata.read(body["view"])
        draft = self._drawing.kept(metadata) or metadata.kept
        person, _ = self._drawing.requester(payloads.presser(body))
        try:
            request, already = self._submitted(draft, metadata, person), False
        except Refused as refused:
            if refused.code == "preview_outdated":
                ready = self._drawing.prepare(draft, metadata, self._drawing.look(draft))
                ack(response_action="update", view=self._drawing.preview(ready, draft, metadata, refused.problems))
                return
            if refused.code != "already_submitted":
                raise
            request, already = self._context.store.get(metadata.request_id), True
        ack(response_action="update", view=preview.submitted(request, already=already))

    def _submitted(self, draft: Draft, metadata: Metadata, person: Person) -> BroadcastRequest:
        if metadata.revision:
            return asking.revise(
                self._context,
                draft,
                request_id=metadata.request_id,
                person=person,
                revision=metadata.revision + 1,
                seen_digest=metadata.digest,
            )
        return asking.submit(
            self._context,
            draft,
            request_id=metadata.request_id,
            person=person,
            channel=metadata.channel,
            seen_digest=metadata.digest,
        )

    def _answer_problems(self, ack: Ack, body: Body, filled: Filled, reading: Reading) -> None:
        """Put each problem under its field; when one has no field, draw the form again with all of them on top.

        A template that lost a placeholder meanwhile needs other fields, so that is drawn again as well.
        """
        problems = list(dict.fromkeys(filled.problems))
        outdated = any(problem.code == "values_unknown" for problem in problems)
        if not outdated and not inputs.homeless(problems, body["view"]):
            ack(response_action="errors", errors=inputs.errors(problems, body["view"]))
            return
        person, targets = self._drawing.requester(payloads.presser(body))
        sheet = Sheet(filled.draft, filled.metadata, person, targets, problems)
        ack(response_action="update", view=self._drawing.form(sheet, reading))

    def _open(self, client: WebClient, trigger_id: str, sheet: Sheet, *, check: bool = False) -> None:
        """Open the form, or the preview when nothing is missing; with ``check``, point out what no longer holds."""
        if not sheet.needs_mpaas:
            client.views_open(trigger_id=trigger_id, view=self._drawing.form(sheet))
            return
        draw = self._drawing.checked_form if check else self._drawing.form_or_preview
        open_slowly(client, trigger_id, lambda: draw(sheet))
