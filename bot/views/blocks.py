"""The bricks of every view: the few Block Kit shapes the bot uses, each within Slack's limits.

Text from outside goes through ``shown`` or ``verbatim`` (plain text, nothing is parsed) or, in a line of mrkdwn,
through ``texts.inline``. Limits are Slack's, from docs.slack.dev/reference/block-kit.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    HeaderBlock,
    InputBlock,
    InputInteractiveElement,
    InteractiveElement,
    MarkdownTextObject,
    Option,
    PlainTextObject,
    SectionBlock,
    TextObject,
)
from slack_sdk.models.views import View as SlackView

from bot.views.texts import TEXT, fit, one_line, pieces, size
from bot.views.wording import say

View = dict[str, object]
"""A modal or Home view as ``views.open`` takes it."""

FIELD = 2000
"""Characters of a section's field."""
HEADER = 150
TITLE = 24
"""Characters of a view's title, submit and close."""
OPTION = 75
OPTION_VALUE = 150
BUTTON = 75
FALLBACK = 3000
"""Characters of a message's ``text``: Slack advises to stay under 4,000."""
MOST_OPTIONS = 100
METADATA = 3000
"""Characters of a view's private_metadata."""


@dataclass(frozen=True)
class Message:
    """Hold a message as ``chat.postMessage`` and ``chat.update`` take it: always the fallback and the blocks."""

    text: str
    blocks: list[dict[str, object]]


def shown(text: str, limit: int = TEXT) -> PlainTextObject:
    """Show outside text as it is: nothing is parsed, not even ``:tada:``; an empty one is named as such."""
    return PlainTextObject(text=fit(text, limit) if text.strip() else say("empty"), emoji=False)


def plain(text: str, limit: int = TEXT) -> PlainTextObject:
    """Make a plain text of the bot's own words."""
    return PlainTextObject(text=fit(text, limit), emoji=True)


def marked(text: str, limit: int = TEXT) -> MarkdownTextObject:
    """Make mrkdwn in which Slack links nothing by itself; its outside parts must be escaped already."""
    return MarkdownTextObject(text=fit(text, limit), verbatim=True)


def header(text: str) -> HeaderBlock:
    """Make a heading of the bot's own words, with outside names made one line before."""
    return HeaderBlock(text=plain(text, HEADER))


def section(text: TextObject | str, *, accessory: InteractiveElement | None = None) -> SectionBlock:
    """Make a section; a string is mrkdwn."""
    return SectionBlock(text=marked(text) if isinstance(text, str) else text, accessory=accessory)


def fields(pairs: Iterable[tuple[str, str]]) -> SectionBlock:
    """Make a section of up to ten labelled values; the values are mrkdwn, escaped already."""
    return SectionBlock(fields=[marked(f"*{label}*\n{value}", FIELD) for label, value in pairs])


def context(*texts: TextObject | str) -> ContextBlock:
    """Make a line of small print of up to ten texts; strings are mrkdwn."""
    return ContextBlock(elements=[marked(text) if isinstance(text, str) else text for text in texts])


def verbatim(text: str, limit: int = TEXT) -> list[Block]:
    """Show outside text in as many plain sections as it takes, cut and marked at ``limit`` characters in all."""
    if not text.strip():
        return [section(shown(""))]
    return [section(shown(piece)) for piece in pieces(fit(text, limit)) if piece.strip()]


def actions(elements: Sequence[InteractiveElement], block_id: str | None = None) -> ActionsBlock:
    """Make a row of buttons."""
    return ActionsBlock(elements=list(elements), block_id=block_id)


def button(
    action: str, label: str, *, value: str | None = None, style: str | None = None, confirm: ConfirmObject | None = None
) -> ButtonElement:
    """Make a button; ``style`` is "primary" or "danger"."""
    return ButtonElement(action_id=action, text=plain(label, BUTTON), value=value, style=style, confirm=confirm)


def sure(title: str, text: str, *, confirm: str, deny: str) -> ConfirmObject:
    """Ask once more before what can't be undone; it is a courtesy of the client, no check."""
    return ConfirmObject(
        title=plain(title, 100), text=plain(text, 300), confirm=plain(confirm, 30), deny=plain(deny, 30), style="danger"
    )


def option(label: str, value: str, description: str | None = None) -> Option:
    """Make a choice; its value must have at most 150 characters, its words are cut to fit."""
    about = PlainTextObject(text=fit(description, OPTION), emoji=False) if description else None
    return Option(text=shown(one_line(label), OPTION), value=value, description=about)


def chosen(options: Sequence[Option], value: str | None) -> Option | None:
    """Pick the option of a value, or None: an initial option must be one of the options."""
    return next((each for each in options if each.value == value), None)


def field(
    block_id: str,
    label: str,
    element: InputInteractiveElement,
    *,
    hint: str = "",
    optional: bool = False,
    dispatch: bool | None = None,
) -> InputBlock:
    """Make a labelled input; ``dispatch`` tells the bot at once when it changes."""
    return InputBlock(
        block_id=block_id,
        label=plain(label, 150),
        element=element,
        hint=plain(hint, FIELD) if hint else None,
        optional=optional,
        dispatch_action=dispatch,
    )


def dicts(blocks: Iterable[Block]) -> list[dict[str, object]]:
    """Write blocks as Slack takes them; raise slack_sdk's SlackObjectFormationError when one breaks a limit."""
    return [block.to_dict() for block in blocks]


def weight(blocks: Iterable[Block]) -> int:
    """Count the characters of blocks as JSON: Slack refuses messages that are too long without saying the limit."""
    return size(json.dumps(dicts(blocks), ensure_ascii=False))


def message(text: str, blocks: Iterable[Block]) -> Message:
    """Make a message; ``text`` is mrkdwn, escaped already, for notifications and screen readers."""
    return Message(fit(text, FALLBACK), dicts(blocks))


def modal(
    callback: str,
    title: str,
    blocks: Iterable[Block],
    *,
    submit: str | None = None,
    close: str | None = None,
    metadata: str = "",
) -> View:
    """Make a modal; raise SlackObjectFormationError when its metadata is too long."""
    view = SlackView(
        type="modal",
        callback_id=callback,
        title=plain(title, TITLE),
        submit=plain(submit, TITLE) if submit else None,
        close=plain(close or say("close"), TITLE),
        private_metadata=metadata,
        blocks=list(blocks),
    )
    return dict(view.to_dict())


def home_view(callback: str, blocks: Iterable[Block]) -> View:
    """Make the view of the Home tab."""
    return dict(SlackView(type="home", callback_id=callback, blocks=list(blocks)).to_dict())
