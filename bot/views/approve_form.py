"""The dialog of an approval: it repeats what is at stake, and for a live target it asks for the target's name."""

from collections.abc import Mapping
from dataclasses import dataclass

from slack_sdk.models.blocks import Block as SlackBlock
from slack_sdk.models.blocks import PlainTextInputElement

from bot.domain.preview import deceptions, substitute
from bot.domain.request import BroadcastRequest
from bot.errors import Problem
from bot.views import blocks as b
from bot.views import phrases
from bot.views import texts as t
from bot.views.banner import pointed_out
from bot.views.ids import Action, Block, ButtonValue, Callback
from bot.views.inputs import Inputs
from bot.views.wording import say

FIRST_WORDS = 600
"""Characters of the text that are repeated; the card behind the dialog shows it whole."""


@dataclass(frozen=True)
class Approval:
    """Hold what came back: for which request, revision and digest, and the name that was typed."""

    button: ButtonValue
    typed: str = ""


def render(request: BroadcastRequest) -> b.View:
    """Draw the dialog for a request as it is now."""
    content = request.content
    kind = phrases.kind(content)
    text = substitute(content.template, content.values)
    target = content.destination.target
    blocks: list[SlackBlock] = [
        b.header(say(f"approve.verb.{kind}", target=t.one_line(target)[:80])),
        b.fields(
            [
                (say("fact.destination"), phrases.destination(content.destination)),
                (say("fact.audience"), phrases.audience(content.audience)),
                (say("fact.platforms"), phrases.platforms(content.platforms)),
                (say("fact.when"), phrases.when(content.delivery)),
            ]
        ),
        *pointed_out(say("card.deceptive"), deceptions(content.template, content.values, content.extras)),
        b.context(say("approve.text")),
        b.section(b.shown(f"{text.title}\n\n{text.body}", FIRST_WORDS)),
        *([_typed(target)] if phrases.is_live(content) else []),
        b.context(say("card.footer", id=request.id, revision=str(request.revision), digest=request.short_digest)),
    ]
    return b.modal(
        Callback.APPROVE_FORM,
        say(f"approve.title.{kind}"),
        blocks,
        submit=say(f"approve.submit.{kind}"),
        close=say("approve.close"),
        metadata=str(ButtonValue.of(request)),
    )


def _typed(target: str) -> SlackBlock:
    element = PlainTextInputElement(action_id=Action.INPUT, placeholder=b.plain(say("approve.typed.placeholder")))
    label = say("approve.typed", target=t.one_line(target)[:80])
    return b.field(Block.TYPED_TARGET, label, element, hint=say("approve.typed.hint"))


def parse(view: Mapping[str, object]) -> Approval:
    """Read the dialog; raise Refused when its metadata is none of ours."""
    button = ButtonValue.read(str(view.get("private_metadata", "")))
    return Approval(button, Inputs(view).text(Block.TYPED_TARGET))


def check(approval: Approval, request: BroadcastRequest) -> list[Problem]:
    """Say what speaks against counting it: the request changed meanwhile, or the name typed is not the target's.

    Capitals don't matter, since phones write them by themselves.
    """
    if approval.button != ButtonValue.of(request):
        return [Problem("", "stale_button", say("refused.stale_button", id=request.id))]
    target = request.content.destination.target
    if phrases.is_live(request.content) and approval.typed.strip().casefold() != t.one_line(target)[:80].casefold():
        sentence = say("approve.problem.typed", target=t.one_line(target)[:80])
        return [Problem(Block.TYPED_TARGET, "target_not_typed", sentence, {"target": target})]
    return []
