"""The folded part of the form: the task's name, time ranges of the audience, and every other parameter of the push.

One input per row of ``bot.domain.extras``; what may be written there is checked there.
"""

from slack_sdk.models.blocks import Block as SlackBlock
from slack_sdk.models.blocks import (
    DividerBlock,
    InputInteractiveElement,
    PlainTextInputElement,
    StaticSelectElement,
)

from bot.domain.content import LONGEST_TASK
from bot.domain.draft import Draft
from bot.domain.extras import EXTRAS, Extra, Kind
from bot.views import blocks as b
from bot.views import texts as t
from bot.views.ids import Action, Block
from bot.views.phrases import listed
from bot.views.request_form_audience import range_fields
from bot.views.wording import say


def toggle(draft: Draft, *, advanced: bool) -> list[SlackBlock]:
    """Draw the button that opens or closes Advanced; while it is closed, say what is set behind it."""
    button = b.button(Action.FORM_ADVANCED, say("form.advanced.close" if advanced else "form.advanced.open"))
    found: list[SlackBlock] = [b.actions([button], Block.ADVANCED)]
    hidden = [] if advanced else _set(draft)
    if hidden:
        found.append(b.context(b.plain(say("form.advanced.set", names=listed(hidden)), 1000)))
    return found


def _set(draft: Draft) -> list[str]:
    names = [say("form.task")] if draft.task else []
    names += [say("form.ranges")] if draft.attached_between or draft.detached_between else []
    return names + [EXTRAS[name].label if name in EXTRAS else t.one_line(name) for name in draft.extras]


def advanced_fields(draft: Draft) -> list[SlackBlock]:
    """Draw everything that most pushes do without."""
    return [
        DividerBlock(),
        _task(draft),
        b.context(say("form.ranges.hint")),
        *range_fields(draft),
        DividerBlock(),
        *(_extra(name, extra, draft.extras.get(name, "")) for name, extra in EXTRAS.items()),
    ]


def _task(draft: Draft) -> SlackBlock:
    longest = LONGEST_TASK if t.size(draft.task) <= LONGEST_TASK else None
    text = t.fit(draft.task, t.TEXT) or None
    element = PlainTextInputElement(action_id=Action.INPUT, initial_value=text, max_length=longest)
    return b.field(Block.TASK, say("form.task"), element, hint=say("form.task.hint"), optional=True)


def _extra(name: str, extra: Extra, written: str) -> SlackBlock:
    label = say("form.extra", label=extra.label, name=name)
    return b.field(Block.EXTRAS.of(name), label, _element(extra, written), hint=extra.hint, optional=True)


def _element(extra: Extra, written: str) -> InputInteractiveElement:
    if extra.choices:
        options = [b.option(choice.label, str(choice.value)) for choice in extra.choices]
        return StaticSelectElement(
            action_id=Action.INPUT,
            placeholder=b.plain(say("form.extra.placeholder")),
            options=options,
            initial_option=b.chosen(options, written),
        )
    return PlainTextInputElement(
        action_id=Action.INPUT,
        initial_value=t.fit(written, t.TEXT) or None,
        multiline=extra.kind is Kind.JSON_OBJECT,
    )
