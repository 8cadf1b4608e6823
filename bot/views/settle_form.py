"""The dialog that settles legs whose outcome is unknown: people look at mPaaS and say what they found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import Block as SlackBlock
from slack_sdk.models.blocks import PlainTextInputElement, RadioButtonsElement

from bot.domain.content import Platform
from bot.domain.evidence import Evidence
from bot.domain.request import BroadcastRequest, Leg
from bot.domain.sending import unsettled
from bot.errors import Problem
from bot.views import blocks as b
from bot.views import phrases
from bot.views.ids import Action, Block, ButtonValue, Callback, suffix_of
from bot.views.inputs import Inputs
from bot.views.record import leg_line
from bot.views.wording import say

LONGEST_TASK_ID = 64
"""Characters of a task id that is typed in; those of mPaaS are numbers of far fewer digits."""


@dataclass(frozen=True)
class Finding:
    """Say of one leg whether it went out, and under which task id if it was found."""

    platform: Platform
    sent: bool
    task_id: str = ""


@dataclass(frozen=True)
class Settlement:
    """Hold what came back: for which request, revision and digest, and one finding per leg that was answered."""

    button: ButtonValue
    findings: tuple[Finding, ...] = ()


def render(request: BroadcastRequest, *, now: datetime, found: Mapping[Platform, Evidence] | None = None) -> b.View:
    """Draw the dialog; ``found`` is what mPaaS shows at this moment, where that is newer than what is stored."""
    blocks: list[SlackBlock] = [b.section(b.plain(phrases.headline(request))), b.section(say("settle.about"))]
    for leg in unsettled(request):
        newest = (found or {}).get(leg.platform, leg.evidence)
        blocks += _leg(leg.model_copy(update={"evidence": newest}), now=now)
    return b.modal(
        Callback.SETTLE_FORM,
        say("settle.title"),
        blocks,
        submit=say("settle.submit"),
        close=say("settle.close"),
        metadata=str(ButtonValue.of(request)),
    )


def _leg(leg: Leg, *, now: datetime) -> list[SlackBlock]:
    name = say(f"platform.{leg.platform.value}")
    answers = [b.option(say(f"settle.{answer}"), answer) for answer in ("sent", "unsent")]
    radio = RadioButtonsElement(action_id=Action.INPUT, options=answers)
    task = PlainTextInputElement(action_id=Action.INPUT, max_length=LONGEST_TASK_ID)
    return [
        b.section(leg_line(leg, now=now, hints={})),
        b.field(Block.LEG.of(leg.platform.value), say("settle.leg", platform=name), radio, optional=True),
        b.field(
            Block.TASK_ID.of(leg.platform.value),
            say("settle.task_id", platform=name),
            task,
            hint=say("settle.task_id.hint"),
            optional=True,
        ),
    ]


def parse(view: Mapping[str, object]) -> Settlement:
    """Read the dialog; raise Refused when its metadata is none of ours."""
    button = ButtonValue.read(str(view.get("private_metadata", "")))
    inputs = Inputs(view)
    known = {platform.value: platform for platform in Platform}
    findings = []
    for block in inputs.ids(Block.LEG):
        name, answer = suffix_of(block), inputs.text(block)
        if name in known and answer in {"sent", "unsent"}:
            task_id = inputs.text(Block.TASK_ID.of(name)).strip()
            findings.append(Finding(known[name], answer == "sent", task_id))
    return Settlement(button, tuple(findings))


def check(settlement: Settlement, view: Mapping[str, object]) -> list[Problem]:
    """Say what is missing or contradicts itself: no answer at all, or a task id of what did not go out."""
    if not settlement.findings:
        first = next(iter(Inputs(view).ids(Block.LEG)), "")
        return [Problem(first, "finding_missing", say("settle.problem.none"))]
    return [
        Problem(Block.TASK_ID.of(finding.platform.value), "task_id_of_unsent", say("settle.problem.task_id"))
        for finding in settlement.findings
        if finding.task_id and not finding.sent
    ]
