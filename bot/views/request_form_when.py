"""The form's part about time: now, at a moment, or again and again."""

from datetime import datetime
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import Block as SlackBlock
from slack_sdk.models.blocks import (
    DatePickerElement,
    DateTimePickerElement,
    InputBlock,
    RadioButtonsElement,
    StaticMultiSelectElement,
    StaticSelectElement,
    TimePickerElement,
)

from bot.domain.delivery import Cycle
from bot.domain.draft import Draft
from bot.views import blocks as b
from bot.views.ids import Action, Block
from bot.views.wording import say

FIRST_EPOCH, LAST_EPOCH = 1_000_000_000, 9_999_999_999
"""What Slack's picker of moments takes: epochs of ten digits (Block Kit reference, datetimepicker)."""

CALENDAR_ZONE = "Asia/Shanghai"
"""Where mPaaS keeps the calendar of recurring pushes."""


def when_fields(draft: Draft, *, zone: ZoneInfo) -> list[SlackBlock]:
    """Draw the choice of time and the inputs that belong to it."""
    kinds = [b.option(say(f"form.when.{kind}"), kind) for kind in ("now", "scheduled", "recurring")]
    radio = RadioButtonsElement(action_id=Action.FORM_WHEN, options=kinds, initial_option=b.chosen(kinds, draft.when))
    found: list[SlackBlock] = [b.field(Block.WHEN, say("form.when"), radio, dispatch=True)]
    if draft.when == "scheduled":
        hint = say("form.at.hint", zone=zone.key)
        found.append(moment_field(Block.AT, say("form.at"), draft.at, hint=hint))
    if draft.when == "recurring":
        found += _recurring(draft)
    return found


def moment_field(block: str, label: str, at: datetime | None, *, hint: str = "", optional: bool = False) -> InputBlock:
    """Make a picker of a moment; it starts empty when the moment is out of its range."""
    epoch = int(at.timestamp()) if at else None
    start = epoch if epoch is not None and FIRST_EPOCH <= epoch <= LAST_EPOCH else None
    picker = DateTimePickerElement(action_id=Action.INPUT, initial_date_time=start)
    return b.field(block, label, picker, hint=hint, optional=optional)


def _recurring(draft: Draft) -> list[SlackBlock]:
    return [_cycle(draft), *_days(draft), _time(draft), *_span(draft)]


def _cycle(draft: Draft) -> SlackBlock:
    cycles = [b.option(say(f"form.cycle.{cycle.value}"), cycle.value) for cycle in Cycle]
    select = StaticSelectElement(
        action_id=Action.FORM_CYCLE,
        placeholder=b.plain(say("form.cycle.placeholder")),
        options=cycles,
        initial_option=b.chosen(cycles, draft.cycle.value if draft.cycle else None),
    )
    return b.field(Block.CYCLE, say("form.cycle"), select, dispatch=True)


def _days(draft: Draft) -> list[SlackBlock]:
    """Offer the cycle's days; the block id carries the cycle, so that weekdays never become days of the month."""
    if draft.cycle is None or draft.cycle is Cycle.DAILY:
        return []
    weekly = draft.cycle is Cycle.WEEKLY
    numbers = range(1, 8 if weekly else 32)
    options = [b.option(say(f"weekday.{day}") if weekly else str(day), str(day)) for day in numbers]
    picked = [option for option in options if int(option.value) in draft.on]
    select = StaticMultiSelectElement(
        action_id=Action.INPUT,
        placeholder=b.plain(say("form.on.placeholder")),
        options=options,
        initial_options=picked or None,
    )
    hint = "" if weekly else say("form.on.monthly.hint")
    return [b.field(Block.ON.of(draft.cycle.value), say("form.on"), select, hint=hint)]


def _time(draft: Draft) -> SlackBlock:
    picker = TimePickerElement(
        action_id=Action.INPUT,
        initial_time=f"{draft.time:%H:%M}" if draft.time else None,
        timezone=CALENDAR_ZONE,
    )
    seconds = draft.time.second if draft.time else 0
    hint = say("form.time.seconds", seconds=str(seconds)) if seconds else say("form.time.hint")
    return b.field(Block.TIME, say("form.time"), picker, hint=hint)


def _span(draft: Draft) -> list[SlackBlock]:
    return [
        b.field(
            block,
            say(f"form.{block.value}"),
            DatePickerElement(action_id=Action.INPUT, initial_date=day.isoformat() if day else None),
            hint=say("form.last.hint") if block is Block.LAST else "",
        )
        for block, day in ((Block.FIRST, draft.first), (Block.LAST, draft.last))
    ]
