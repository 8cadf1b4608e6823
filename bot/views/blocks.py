"""The bricks of every view: texts that are safe and fit, and the few Block Kit shapes the bot uses.

Everything from outside goes through ``plain`` (shown as it is, nothing is parsed) or ``escape``/``inline`` (inside
mrkdwn). Limits are Slack's, from docs.slack.dev/reference/block-kit. What is said stands in ``wording``.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

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

from bot.views.wording import say

View = dict[str, object]
"""A modal or Home view as ``views.open`` takes it."""

TEXT = 3000
"""Characters of a text object, and of an input's value."""
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
ELLIPSIS = "…"


@dataclass(frozen=True)
class Message:
    """Hold a message as ``chat.postMessage`` and ``chat.update`` take it: always the fallback and the blocks."""

    text: str
    blocks: list[dict[str, object]]


def size(text: str) -> int:
    """Count a text's UTF-16 units: the largest count anybody at Slack could mean by "characters"."""
    return len(text) + sum(character > "\uffff" for character in text)


def escape(text: str) -> str:
    """Escape the three characters that mean something to Slack's mrkdwn, in the order its documentation asks for."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def one_line(text: str) -> str:
    """Make one line of a text, without control characters and without marks that reverse the direction of writing."""
    spaced = "".join(" " if character in "\r\n\t\v\f\x85\u2028\u2029" else character for character in text)
    return "".join(c for c in spaced if unicodedata.category(c) not in {"Cc", "Cs"} and c not in _DIRECTIONS).strip()


def inline(text: str, limit: int = 300) -> str:
    """Make outside text fit into a line of mrkdwn: one line, cut at ``limit`` characters, escaped."""
    return escape(fit(one_line(text), limit))


def with_people(sentence: str) -> str:
    """Escape a sentence of the bot's rules, but let it name people: user ids stay mentions, nothing else does."""
    return _PERSON.sub(r"<@\1>", escape(sentence))


def fit(text: str, limit: int) -> str:
    """Cut a text to ``limit`` characters and mark the cut; never inside an escape, a token or a grapheme."""
    if size(text) <= limit:
        return text
    room, kept = limit - size(ELLIPSIS), []
    for atom in _atoms(text):
        room -= size(atom)
        if room < 0:
            break
        kept.append(atom)
    return "".join(kept) + ELLIPSIS


def pieces(text: str, limit: int = TEXT) -> list[str]:
    """Split a text into pieces of at most ``limit`` characters whose concatenation is the text."""
    found, current, room = list[str](), list[str](), limit
    for atom in _atoms(text):
        if size(atom) > room and current:
            found.append("".join(current))
            current, room = [], limit
        current.append(atom)
        room -= size(atom)
    return [*found, "".join(current)] if current else found


def _atoms(text: str) -> Iterable[str]:
    """Take a text apart where it may be cut: escapes, short tokens, graphemes of at most 64 characters."""
    return (match.group() for match in _ATOM.finditer(text))


_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_PERSON = re.compile(r"&lt;@([UW][A-Z0-9]{1,20})&gt;")
_EXTEND = (
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0e31\u0e34-\u0e3a"
    "\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u20d0-\u20ff\u302a-\u302f\u3099\u309a\ufe00-\ufe0f\ufe20-\ufe2f"
    "\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\U000e0100-\U000e01ef]"
)
_ATOM = re.compile(
    r"&(?:amp|lt|gt);"
    r"|<[@#!][^<>\n]{1,120}>"
    "|[\U0001f1e6-\U0001f1ff]{2}"
    "|\r\n"
    rf"|.{_EXTEND}{{0,24}}(?:\u200d.{_EXTEND}{{0,8}}){{0,4}}",
    re.DOTALL,
)


def shown(text: str, limit: int = TEXT) -> PlainTextObject:
    """Show outside text as it is: nothing is parsed, not even ``:tada:``; an empty one is named as such."""
    return PlainTextObject(text=fit(text, limit) if text.strip() else say("empty"), emoji=False)


def plain(text: str, limit: int = TEXT) -> PlainTextObject:
    """Make a plain text of the bot's own words."""
    return PlainTextObject(text=fit(text, limit), emoji=True)


def marked(text: str, limit: int = TEXT) -> MarkdownTextObject:
    """Make mrkdwn in which Slack links nothing by itself; its outside parts must be escaped already."""
    return MarkdownTextObject(text=fit(text, limit), verbatim=True)


def moment(at: datetime) -> str:
    """Write a moment as a token that Slack shows in the reader's own zone, with a fallback in UTC (mrkdwn only)."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{utc(at)}>"


def utc(at: datetime) -> str:
    """Write a moment in UTC, for texts in which Slack replaces nothing."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def mention(person: str) -> str:
    """Mention a user or a user group by its id; anything else (worker, operator:NAME) is written out, escaped."""
    if _USER.fullmatch(person):
        return f"<@{person}>"
    return f"<!subteam^{person}>" if _GROUP.fullmatch(person) else inline(person, 80)


_USER = re.compile(r"[UW][A-Z0-9]{1,20}")
_GROUP = re.compile(r"S[A-Z0-9]{1,20}")


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
