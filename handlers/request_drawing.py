"""Draw the request form and its preview: with the template as mPaaS has it, and with what the form could not carry.

What a form may not hold (Slack's ``private_metadata`` ends at 3,000 characters) is kept in the store under the
request's id. Which listener draws what, and when, is ``request``'s.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.domain.content import Template
from bot.domain.draft import Draft
from bot.domain.drafting import unknown_values
from bot.domain.policy import Person
from bot.domain.preview import own_channel_only, previews, warnings
from bot.domain.target import Target
from bot.errors import Problem, Refused
from bot.operations import asking
from bot.operations.asking import Ready
from bot.operations.context import Context
from bot.views import preview, request_form
from bot.views.command import did_you_mean, needs_nothing_more
from bot.views.request_form_state import Filled, Metadata, MetadataTooLong, parse
from handlers import payloads
from handlers.opening import View
from handlers.payloads import Presser

KEPT = 24 * 60 * 60
"""Seconds for which a long draft is kept while its form is open."""

LONGEST_LOOK = timedelta(seconds=1)
"""After this no further target is asked for its templates: a last look may take 1.8 seconds, and Slack waits for 3."""


@dataclass(frozen=True)
class Reading:
    """What one look at mPaaS brought: the draft's template (None: there is none), or why it could not be read.

    Every listener looks once: a second look at an mPaaS that is slow would outlast Slack's 3 seconds.
    """

    template: Template | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """What somebody is filling in: the draft, what travels with its form, who they are, and where they may push to."""

    draft: Draft
    metadata: Metadata
    person: Person
    targets: Sequence[Target]
    problems: Sequence[Problem] = ()
    nearly: str = ""
    """The word of the house that the line nearly begins with: the draft's template may be no template."""

    @property
    def needs_mpaas(self) -> bool:
        """Tell whether drawing it needs a look at mPaaS."""
        return bool(self.nearly or (self.draft.template and self.draft.target))


class Drawing:
    """Draw sheets as views, and read them back."""

    def __init__(self, context: Context, zone: ZoneInfo) -> None:
        self._context = context
        self._zone = zone

    def zone_of(self, person: Person) -> ZoneInfo:
        """Tell the person's own time zone, or the configured one."""
        return payloads.zone_of(person.zone, otherwise=self._zone)

    def requester(self, by: Presser) -> tuple[Person, list[Target]]:
        """Describe who asks, and where they may push to; raise Refused when that is nowhere."""
        person = asking.requester(self._context, by.user_id, team_id=by.team_id)
        return person, asking.targets_for(self._context, person)

    def form_or_preview(self, sheet: Sheet) -> View:
        """Draw the preview when nothing is missing, and the form with everything that is wrong otherwise.

        Raise Refused when a word of the house was probably meant, so that nobody fills in a form believing it was done.
        """
        reading = self.look(sheet.draft)
        if sheet.nearly:
            self._check_template_meant(sheet, reading)
        if needs_nothing_more(sheet.draft) and not sheet.problems:
            try:
                ready = self.prepare(sheet.draft, sheet.metadata, reading)
                return self.preview(ready, sheet.draft, sheet.metadata)
            except Refused as refused:
                sheet = replace(sheet, problems=refused.problems)
        elif reading.template is not None:
            sheet = replace(sheet, problems=[*sheet.problems, *unknown_values(sheet.draft, reading.template)])
        return self.form(sheet, reading)

    def _check_template_meant(self, sheet: Sheet, reading: Reading) -> None:
        """Ask whether the word was meant, unless there is such a template; to ask is right when that can't be read."""
        found = reading if sheet.draft.target in self._context.targets else self._look_everywhere(sheet)
        if found.template is None:
            raise Refused(did_you_mean(sheet.nearly, sheet.draft.template, is_read=not found.problems))

    def _look_everywhere(self, sheet: Sheet) -> Reading:
        """Look for the template at every target the person may push to, and give up when that takes too long."""
        begun = self._context.store.now()
        for target in sheet.targets:
            if self._context.store.now() - begun > LONGEST_LOOK:
                return Reading(problems=(Problem("template", "templates_unread", "mPaaS takes too long."),))
            reading = self.look(sheet.draft.model_copy(update={"target": target.name}))
            if reading.template is not None or reading.problems:
                return reading
        return Reading()

    def checked_form(self, sheet: Sheet) -> View:
        """Draw the form, pointing out what no longer holds of a request that is edited or asked for again."""
        reading = self.look(sheet.draft)
        try:
            self.prepare(sheet.draft, sheet.metadata, reading)
        except Refused as refused:
            sheet = replace(sheet, problems=refused.problems)
        return self.form(sheet, reading)

    def form(self, sheet: Sheet, reading: Reading | None = None) -> View:
        """Draw the form; a template that cannot be read is a problem, not an end."""
        if reading is None:
            reading = self.look(sheet.draft)
        sheet = replace(sheet, problems=[*sheet.problems, *reading.problems])
        try:
            return self._render(sheet, reading.template)
        except MetadataTooLong:
            self._keep(sheet.metadata, sheet.draft)
            return self._render(sheet, reading.template, draft_key=sheet.metadata.request_id)

    def _render(self, sheet: Sheet, template: Template | None, draft_key: str = "") -> View:
        return request_form.render(
            sheet.draft,
            request_id=sheet.metadata.request_id,
            channel=sheet.metadata.channel,
            targets=sheet.targets,
            zone=self.zone_of(sheet.person),
            template=template,
            templates_known=None if template is None else [template.name],
            advanced=sheet.metadata.advanced,
            revision=sheet.metadata.revision,
            problems=sheet.problems,
            draft_key=draft_key,
        )

    def preview(self, ready: Ready, draft: Draft, metadata: Metadata, problems: Sequence[Problem] = ()) -> View:
        """Draw the preview; the draft is kept in the store, so that its submit asks for exactly this."""
        self._keep(metadata, draft)
        content = ready.content
        where = content.destination.environment
        own = metadata.model_copy(
            update={"kept": Draft(), "draft_key": metadata.request_id, "digest": ready.digest, "advanced": False}
        )
        return preview.render(
            content,
            metadata=own,
            previews=previews(
                content.template, content.values, content.platforms, own_channel_only=own_channel_only(content.extras)
            ),
            warnings=warnings(
                content.template, content.values, content.platforms, environment=where, extras=content.extras
            ),
            quorum=ready.target.quorum,
            veto_window=ready.target.veto_window,
            now=self._context.store.now(),
            problems=problems,
        )

    def look(self, draft: Draft) -> Reading:
        """Read the draft's template from mPaaS, once."""
        try:
            return Reading(asking.template(self._context, draft.target, draft.template))
        except Refused as refused:
            return Reading(problems=refused.problems)

    def prepare(self, draft: Draft, metadata: Metadata, reading: Reading) -> Ready:
        """Complete a draft; raise Refused with everything that is missing or wrong."""
        if reading.problems:
            raise Refused(*reading.problems)
        return asking.prepare(
            self._context,
            draft,
            template=reading.template,
            request_id=metadata.request_id,
            revision=metadata.revision + 1,
            now=self._context.store.now(),
        )

    def read(self, view: Mapping[str, object]) -> Filled:
        """Read a form as it was filled in; raise Refused when it was open for too long."""
        return parse(view, kept=self.kept(Metadata.read(view)))

    def kept(self, metadata: Metadata) -> Draft | None:
        """Fetch a draft that did not travel with its view; raise Refused when that was too long ago."""
        if not metadata.draft_key:
            return None
        text = self._context.store.draft(metadata.draft_key)
        if text is None:
            raise Refused(Problem("", "draft_gone", "This form was open for more than a day; please start again."))
        return Draft.model_validate(json.loads(text))

    def _keep(self, metadata: Metadata, draft: Draft) -> None:
        self._context.store.keep_draft(metadata.request_id, draft.model_dump_json(), seconds=KEPT)
