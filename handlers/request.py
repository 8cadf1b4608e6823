"""Ask for a push: the command or a button opens the form, the form becomes a preview, the preview becomes a request.

The form itself is ``bot.views.request_form``'s; here is the order of things. A draft that is too long to travel with
Slack's view is kept in the store under the request's id.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.domain.content import ChannelId, RequestId
from bot.domain.draft import Draft
from bot.domain.drafting import draft_of
from bot.domain.policy import Person
from bot.domain.preview import previews, warnings
from bot.domain.request import BroadcastRequest
from bot.domain.target import Target
from bot.errors import Problem, Refused
from bot.operations import asking
from bot.operations.asking import Ready
from bot.operations.context import Context
from bot.views import inputs, messages, preview, request_form
from bot.views.command import needs_nothing_more, read_command
from bot.views.ids import COMMAND, Action, Callback
from bot.views.request_form_state import Filled, Metadata, MetadataTooLong, parse
from handlers import payloads
from handlers.payloads import Body, Presser

KEPT = 24 * 60 * 60
"""Seconds for which a long draft is kept while its form is open."""

View = dict[str, object]


def register(app: App, context: Context, *, zone: ZoneInfo) -> None:
    """Listen to the command, the ways to open a form, and the form."""
    conversation = Asking(context, zone)
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

    def __init__(self, context: Context, zone: ZoneInfo) -> None:
        self._context = context
        self._zone = zone

    def command(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Open the form filled with what was typed; open the preview when nothing more is needed."""
        command = payloads.command(body)
        person, targets = self._requester(command.by)
        said = read_command(command.text, now=self._context.store.now(), zone=self._zone_of(person))
        metadata = Metadata(request_id=self._context.mint_request_id(), channel=ChannelId(command.channel))
        self._open(client, command.trigger_id, said.draft, metadata, person, targets, problems=said.problems)
        if said.problems:
            message = messages.refused(said.problems)
            ack(response_type="ephemeral", text=message.text, blocks=message.blocks)
        else:
            ack()

    def new(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Open an empty form, from the Home tab, a message or the shortcut."""
        by = payloads.presser(body)
        person, targets = self._requester(by)
        channel = (body.get("channel") or {}).get("id") or by.user_id
        metadata = Metadata(request_id=self._context.mint_request_id(), channel=ChannelId(channel))
        self._open(client, body["trigger_id"], Draft(), metadata, person, targets)
        ack()

    def again(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Open the form filled with what another request asked for; it becomes a request of its own."""
        press = payloads.press(body)
        person, targets = self._requester(press.by)
        request = self._context.store.get(press.button.request_id)
        metadata = Metadata(request_id=self._context.mint_request_id(), channel=request.channel)
        self._open(client, press.trigger_id, draft_of(request.content), metadata, person, targets, check=True)
        ack()

    def edit(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Open the form filled with the request, to make its next revision."""
        press = payloads.press(body)
        request = self._context.store.get(press.button.request_id)
        asking.check_can_revise(self._context, request, press.by.user_id, team_id=press.by.team_id)
        person, targets = self._requester(press.by)
        metadata = Metadata(request_id=request.id, channel=request.channel, revision=request.revision)
        self._open(client, press.trigger_id, draft_of(request.content), metadata, person, targets, check=True)
        ack()

    def redraw(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Draw the form again after a choice that changes what it shows."""
        view = body["view"]
        filled = self._filled(view)
        if body["actions"][0]["action_id"] == Action.FORM_ADVANCED:
            advanced = not filled.metadata.advanced
            filled = replace(filled, metadata=filled.metadata.model_copy(update={"advanced": advanced}))
        person, targets = self._requester(payloads.presser(body))
        drawn = self._form(filled.draft, filled.metadata, person, targets, problems=filled.problems)
        _update(client, drawn, view_id=view["id"], view_hash=view["hash"])
        ack()

    def offer_templates(self, ack: Ack, body: Body) -> None:
        """Offer the target's templates that fit what was typed; none while no target is chosen."""
        draft = self._filled(body["view"]).draft
        names = asking.template_names(self._context, draft.target) if draft.target else []
        ack(options=request_form.template_options(names, str(body.get("value") or "")))

    def check(self, ack: Ack, body: Body) -> None:
        """Show the preview of a complete form, or what is missing under its fields."""
        filled = self._filled(body["view"])
        try:
            ready = self._prepare(filled)
        except Refused as refused:
            self._answer_problems(ack, body, filled, refused.problems)
            return
        if filled.problems:
            self._answer_problems(ack, body, filled, filled.problems)
            return
        ack(response_action="push", view=self._preview(ready, filled.draft, filled.metadata))

    def submit(self, ack: Ack, body: Body) -> None:
        """Submit what was previewed; a second submit of the same form is told so."""
        metadata = Metadata.read(body["view"])
        draft = self._kept(metadata) or metadata.kept
        person, _ = self._requester(payloads.presser(body))
        try:
            request = self._submit(draft, metadata, person)
        except Refused as refused:
            if refused.code == "already_submitted":
                request = self._context.store.get(metadata.request_id)
                ack(response_action="update", view=preview.submitted(request, already=True))
            elif refused.code == "preview_outdated":
                ready = self._prepare(Filled(draft, metadata))
                ack(response_action="update", view=self._preview(ready, draft, metadata, refused.problems))
            else:
                raise
            return
        ack(response_action="update", view=preview.submitted(request))

    def _submit(self, draft: Draft, metadata: Metadata, person: Person) -> BroadcastRequest:
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

    def _open(
        self,
        client: WebClient,
        trigger_id: str,
        draft: Draft,
        metadata: Metadata,
        person: Person,
        targets: Sequence[Target],
        *,
        problems: Sequence[Problem] = (),
        check: bool = False,
    ) -> None:
        """Open the form, or the preview when nothing is missing; with ``check``, what no longer holds is pointed out.

        What needs a look at mPaaS first is opened as a small view at once, because the trigger lives for 3 seconds.
        """
        if not (draft.template and draft.target):
            view = self._form(draft, metadata, person, targets, problems=problems)
            client.views_open(trigger_id=trigger_id, view=view)
            return
        opened = client.views_open(trigger_id=trigger_id, view=messages.loading())["view"]
        drawn = self._form_or_preview(draft, metadata, person, targets, problems=problems, check=check)
        _update(client, drawn, view_id=opened["id"], view_hash=opened["hash"])

    def _form_or_preview(
        self,
        draft: Draft,
        metadata: Metadata,
        person: Person,
        targets: Sequence[Target],
        *,
        problems: Sequence[Problem],
        check: bool,
    ) -> View:
        if check or (needs_nothing_more(draft) and not problems):
            try:
                ready = self._prepare(Filled(draft, metadata))
            except Refused as refused:
                problems = refused.problems
            else:
                if not check:
                    return self._preview(ready, draft, metadata)
        return self._form(draft, metadata, person, targets, problems=problems)

    def _form(
        self,
        draft: Draft,
        metadata: Metadata,
        person: Person,
        targets: Sequence[Target],
        *,
        problems: Sequence[Problem] = (),
    ) -> View:
        """Draw the form with the template as mPaaS has it; a template that cannot be read is a problem, not an end."""
        try:
            template = asking.template(self._context, draft.target, draft.template)
            known = None if template is None else [template.name]
        except Refused as refused:
            template, known, problems = None, None, [*problems, *refused.problems]

        def drawn(draft_key: str) -> View:
            return request_form.render(
                draft,
                request_id=metadata.request_id,
                channel=metadata.channel,
                targets=targets,
                zone=self._zone_of(person),
                template=template,
                templates_known=known,
                advanced=metadata.advanced,
                revision=metadata.revision,
                problems=problems,
                draft_key=draft_key,
            )

        try:
            return drawn("")
        except MetadataTooLong:
            self._keep(metadata.request_id, draft)
            return drawn(metadata.request_id)

    def _preview(self, ready: Ready, draft: Draft, metadata: Metadata, problems: Sequence[Problem] = ()) -> View:
        self._keep(metadata.request_id, draft)
        content = ready.content
        return preview.render(
            content,
            metadata=Metadata(
                request_id=metadata.request_id,
                channel=metadata.channel,
                revision=metadata.revision,
                draft_key=metadata.request_id,
                digest=ready.digest,
            ),
            previews=previews(content.template, content.values, content.platforms),
            warnings=warnings(
                content.template,
                content.values,
                content.platforms,
                environment=content.destination.environment,
                extras=content.extras,
            ),
            quorum=ready.target.quorum,
            veto_window=ready.target.veto_window,
            now=self._context.store.now(),
            problems=problems,
        )

    def _answer_problems(self, ack: Ack, body: Body, filled: Filled, problems: Sequence[Problem]) -> None:
        """Put each problem under its field; when one has no field, draw the form again with all of them on top."""
        everything = list(dict.fromkeys([*filled.problems, *problems]))
        if not inputs.homeless(everything, body["view"]):
            ack(response_action="errors", errors=inputs.errors(everything, body["view"]))
            return
        person, targets = self._requester(payloads.presser(body))
        view = self._form(filled.draft, filled.metadata, person, targets, problems=everything)
        ack(response_action="update", view=view)

    def _prepare(self, filled: Filled) -> Ready:
        revision = filled.metadata.revision + 1
        return asking.prepare(
            self._context,
            filled.draft,
            request_id=filled.metadata.request_id,
            revision=revision,
            now=self._context.store.now(),
        )

    def _filled(self, view: Mapping[str, object]) -> Filled:
        return parse(view, kept=self._kept(Metadata.read(view)))

    def _keep(self, request_id: RequestId, draft: Draft) -> None:
        self._context.store.keep_draft(request_id, draft.model_dump_json(), seconds=KEPT)

    def _kept(self, metadata: Metadata) -> Draft | None:
        """Fetch a draft that was too long to travel; raise Refused when its form was open for too long."""
        if not metadata.draft_key:
            return None
        text = self._context.store.draft(metadata.draft_key)
        if text is None:
            raise Refused(Problem("", "draft_gone", "This form was open for more than a day; please start again."))
        return Draft.model_validate(json.loads(text))

    def _requester(self, by: Presser) -> tuple[Person, list[Target]]:
        person = asking.requester(self._context, by.user_id, team_id=by.team_id)
        return person, asking.targets_for(self._context, person)

    def _zone_of(self, person: Person) -> ZoneInfo:
        return payloads.zone_of(person.zone, otherwise=self._zone)


def _update(client: WebClient, view: View, *, view_id: str, view_hash: str) -> None:
    """Replace a view unless a newer change is on its way, which will draw it again."""
    try:
        client.views_update(view_id=view_id, hash=view_hash, view=view)
    except SlackApiError as error:
        if error.response.get("error") != "hash_conflict":
            raise
