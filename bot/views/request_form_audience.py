"""The form's part about whom: nothing is chosen before somebody chooses, because a missing audience means nobody."""

from slack_sdk.models.blocks import Block as SlackBlock
from slack_sdk.models.blocks import RadioButtonsElement, StaticSelectElement

from bot.domain.content import AudienceStatus, Period
from bot.domain.draft import Draft
from bot.views import blocks as b
from bot.views.ids import Action, Block
from bot.views.request_form_when import moment_field
from bot.views.wording import say


def audience_fields(draft: Draft, *, advanced: bool) -> list[SlackBlock]:
    """Draw status and period; the period may stay empty where time ranges can be said instead."""
    statuses = [b.option(say(f"form.audience.{status.value}"), status.value) for status in AudienceStatus]
    radio = RadioButtonsElement(
        action_id=Action.INPUT,
        options=statuses,
        initial_option=b.chosen(statuses, draft.audience.value if draft.audience else None),
    )
    periods = [b.option(say(f"form.within.{period.value}"), period.value) for period in Period]
    select = StaticSelectElement(
        action_id=Action.INPUT,
        placeholder=b.plain(say("form.within.placeholder")),
        options=periods,
        initial_option=b.chosen(periods, draft.within.value if draft.within else None),
    )
    ranges_possible = advanced or bool(draft.attached_between or draft.detached_between)
    return [
        b.field(Block.AUDIENCE, say("form.audience"), radio, hint=say("form.audience.hint")),
        b.field(Block.WITHIN, say("form.within"), select, hint=say("form.within.hint"), optional=ranges_possible),
    ]


def range_fields(draft: Draft) -> list[SlackBlock]:
    """Draw the time ranges that can be said instead of a period."""
    found: list[SlackBlock] = []
    for block, span in ((Block.ATTACHED, draft.attached_between), (Block.DETACHED, draft.detached_between)):
        for end, at in (("start", span.start if span else None), ("end", span.end if span else None)):
            label = say(f"form.{block.value}.{end}")
            found.append(moment_field(block.of(end), label, at, optional=True))
    return found
