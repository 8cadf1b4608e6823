"""The dialog that asks for a reason: to reject a request, to hand it back for changes, or to withdraw it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from slack_sdk.models.blocks import Block as SlackBlock
from slack_sdk.models.blocks import PlainTextInputElement, RadioButtonsElement

from bot.domain.request import BroadcastRequest
from bot.errors import Problem
from bot.views import blocks as b
from bot.views import phrases
from bot.views import texts as t
from bot.views.ids import Action, Block, ButtonValue, Callback
from bot.views.inputs import Inputs
from bot.views.wording import say

LONGEST_REASON = 1000
"""Characters of a reason: it is shown on the card and in the history."""

End = Literal["reject", "ask_changes", "withdraw"]


@dataclass(frozen=True)
class Reason:
    """Hold what came back: for which request, revision and digest, how it ends, and why."""

    button: ButtonValue
    end: End | None
    """None: nothing was chosen."""
    why: str = ""


def render_reject(request: BroadcastRequest) -> b.View:
    """Ask an approver whether it is a no for good or a wish for changes, and why."""
    ends = [b.option(say(f"reason.{end}"), end, say(f"reason.{end}.about")) for end in ("ask_changes", "reject")]
    radio = RadioButtonsElement(action_id=Action.INPUT, options=ends)
    choice = b.field(Block.CHOICE, say("reason.choice"), radio)
    return _render(request, Callback.REJECT_FORM, "reject", [choice, _why(optional=False)])


def render_withdraw(request: BroadcastRequest) -> b.View:
    """Ask why it is taken back; a reason is welcome, not needed."""
    return _render(request, Callback.WITHDRAW_FORM, "withdraw", [_why(optional=True)])


def _render(request: BroadcastRequest, callback: str, kind: str, inputs: list[SlackBlock]) -> b.View:
    about = say("reason.about", headline=t.escape(phrases.headline(request)))
    words = b.shown(phrases.first_words(request.content), 300)
    return b.modal(
        callback,
        say(f"reason.title.{kind}"),
        [b.section(about), b.section(words), *inputs],
        submit=say(f"reason.submit.{kind}"),
        close=say("reason.close"),
        metadata=str(ButtonValue.of(request)),
    )


def _why(*, optional: bool) -> SlackBlock:
    element = PlainTextInputElement(action_id=Action.INPUT, multiline=True, max_length=LONGEST_REASON)
    return b.field(Block.REASON, say("reason.why"), element, hint=say("reason.why.hint"), optional=optional)


def parse(view: Mapping[str, object]) -> Reason:
    """Read the dialog; raise Refused when its metadata is none of ours."""
    button = ButtonValue.read(str(view.get("private_metadata", "")))
    inputs = Inputs(view)
    why = inputs.written(Block.REASON).strip()
    if view.get("callback_id") == Callback.WITHDRAW_FORM:
        return Reason(button, "withdraw", why)
    ends: dict[str, End] = {"reject": "reject", "ask_changes": "ask_changes"}
    return Reason(button, ends.get(inputs.text(Block.CHOICE)), why)


def check(reason: Reason) -> list[Problem]:
    """Say what is missing: a choice, or the reason that a no owes."""
    problems = []
    if reason.end is None:
        problems.append(Problem(Block.CHOICE, "choice_missing", say("reason.problem.choice")))
    if reason.end != "withdraw" and not reason.why:
        problems.append(Problem(Block.REASON, "reason_missing", say("reason.problem.why")))
    return problems
