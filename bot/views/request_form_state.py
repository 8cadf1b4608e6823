"""What the form keeps and what it gives back: its metadata, and the draft that was filled in.

The form shows a part of the draft; the rest (Advanced while it is closed, times of another choice of "when") travels in
private_metadata, so that no redraw loses it. Nothing here checks a rule that ``bot.domain.drafting`` checks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import TypeVar

from pydantic import Field, ValidationError

from bot.domain.content import AudienceStatus, ChannelId, Period, Platform, RequestId
from bot.domain.delivery import Cycle
from bot.domain.draft import Draft, Moments
from bot.domain.durations import parse_duration
from bot.domain.value import Value
from bot.errors import BotError, Problem, Refused
from bot.views.blocks import METADATA
from bot.views.ids import Block, suffix_of
from bot.views.inputs import Inputs
from bot.views.plain_text import unclear
from bot.views.wording import say

E = TypeVar("E", bound=StrEnum)


class MetadataTooLong(BotError):
    """Tell that the form has more to keep than Slack carries (3,000 characters): keep the draft and pass its key."""


class Metadata(Value):
    """Hold what a form carries besides its inputs."""

    request_id: RequestId
    channel: ChannelId
    revision: int = Field(default=0, ge=0)
    """The revision that is being edited; 0: a new request."""
    advanced: bool = False
    draft_key: str = ""
    """Where the whole draft is kept when it is too long to travel; ``kept`` is empty then."""
    kept: Draft = Draft()
    """The parts of the draft that no input of the view holds."""
    digest: str = ""
    """Preview only: what was previewed, so that a later submit can't ask for something else."""

    def write(self) -> str:
        """Write it as JSON; raise MetadataTooLong over 3,000 characters."""
        text = self.model_dump_json(exclude_defaults=True)
        if len(text) > METADATA:
            raise MetadataTooLong(say("form.metadata_too_long"))
        return text

    @classmethod
    def read(cls, view: Mapping[str, object]) -> "Metadata":
        """Read it from a view that came back; raise Refused when it is none of ours."""
        try:
            return cls.model_validate_json(str(view.get("private_metadata", "")))
        except ValidationError:
            raise Refused(Problem("", "foreign_form", say("refused.foreign_form"))) from None


@dataclass(frozen=True)
class Filled:
    """Hold what a form gave back: the draft, what travelled with it, and what could not be read."""

    draft: Draft
    metadata: Metadata
    problems: tuple[Problem, ...] = ()


def parse(view: Mapping[str, object], *, kept: Draft | None = None) -> Filled:
    """Read the form: what its inputs say, over what it kept (``kept``: the stored draft of a metadata's draft_key).

    Raise Refused when the view's metadata is none of ours.
    """
    metadata = Metadata.read(view)
    before = kept if kept is not None else metadata.kept
    problems: list[Problem] = []
    inputs = Inputs(view)
    said = _plain(inputs) | _dates(inputs, before) | _calendar(inputs, before) | _named(inputs, before)
    problems.extend(_unclear(inputs))
    for block in (Block.ATTACHED, Block.DETACHED):
        said |= _range(inputs, block, problems)
    said |= _expires(inputs, problems)
    return Filled(Draft.model_validate(dict(before) | said), metadata, tuple(problems))


def _plain(inputs: Inputs) -> dict[str, object]:
    """Read the texts and single choices whose value is the draft's."""
    said: dict[str, object] = {Block.TARGET.value: inputs.text(Block.TARGET)} if Block.TARGET in inputs else {}
    if Block.TASK in inputs:
        said["task"] = inputs.written(Block.TASK)
    if inputs.text(Block.TEMPLATE):
        said["template"] = inputs.text(Block.TEMPLATE)
    if inputs.text(Block.WHEN) in {"now", "scheduled", "recurring"}:
        said["when"] = inputs.text(Block.WHEN)
    for block, kind in ((Block.AUDIENCE, AudienceStatus), (Block.WITHIN, Period), (Block.CYCLE, Cycle)):
        if block in inputs:
            said[block.value] = _member(kind, inputs.text(block))
    for block_id in inputs.ids(Block.PLATFORMS):
        named = inputs.texts(block_id)
        said["platforms"] = tuple(platform.value for platform in Platform if platform.value in named)
    return said


def _member(kind: type[E], text: str) -> E | None:
    return next((member for member in kind if member.value == text), None)


def _dates(inputs: Inputs, before: Draft) -> dict[str, object]:
    said: dict[str, object] = {}
    if Block.AT in inputs:
        said["at"] = _moment(inputs, Block.AT)
    for name in (Block.FIRST, Block.LAST):
        if name in inputs:
            said[name.value] = date.fromisoformat(inputs.text(name)) if inputs.text(name) else None
    if Block.TIME in inputs:
        said["time"] = _time(inputs.text(Block.TIME), before.time)
    return said


def _moment(inputs: Inputs, block: str) -> datetime | None:
    epoch = inputs.epoch(block)
    return datetime.fromtimestamp(epoch, UTC) if epoch is not None else None


def _time(text: str, before: time | None) -> time | None:
    """Read a time of day; Slack's picker knows no seconds, so those that were typed stay while its minute stays."""
    if not text:
        return None
    picked = time.fromisoformat(text)
    return before if before is not None and before.replace(second=0, microsecond=0) == picked else picked


def _calendar(inputs: Inputs, before: Draft) -> dict[str, object]:
    """Read the days that belong to the cycle that is chosen now; days of another cycle mean nothing."""
    if Block.CYCLE not in inputs:
        return {}
    cycle = inputs.text(Block.CYCLE)
    own = Block.ON.of(cycle)
    if own in inputs:
        return {"on": tuple(sorted(int(day) for day in inputs.texts(own) if day.isdecimal()))}
    return {"on": before.on if before.cycle is not None and before.cycle.value == cycle else ()}


def _named(inputs: Inputs, before: Draft) -> dict[str, object]:
    """Read the placeholders' values and the extras, each under the name in its block id."""
    values, extras = inputs.ids(Block.VALUES), inputs.ids(Block.EXTRAS)
    said: dict[str, object] = {}
    if values:
        typed = {suffix_of(suffix_of(block)): inputs.written(block) for block in values}
        said["values"] = {name: text for name, text in (before.values | typed).items() if text}
    if extras:
        typed = {suffix_of(block): inputs.written(block) for block in extras}
        said["extras"] = {name: text for name, text in (before.extras | typed).items() if text}
    return said


def _unclear(inputs: Inputs) -> Iterator[Problem]:
    """Ask about what Slack made of a text, and nobody can read."""
    for block in inputs.ids(Block.VALUES):
        yield from unclear(inputs.text(block), f"values.{suffix_of(suffix_of(block))}")
    for block in (*inputs.ids(Block.EXTRAS), *inputs.ids(Block.TASK)):
        yield from unclear(inputs.text(block), block)


def _range(inputs: Inputs, block: Block, problems: list[Problem]) -> dict[str, object]:
    if block.of("start") not in inputs:
        return {}
    start, end = _moment(inputs, block.of("start")), _moment(inputs, block.of("end"))
    if (start is None) != (end is None):
        problems.append(Problem(block.value, "range_half", say("form.problem.range_half")))
    return {block.value: Moments(start=start, end=end) if start and end else None}


def _expires(inputs: Inputs, problems: list[Problem]) -> dict[str, object]:
    if Block.EXPIRES not in inputs:
        return {}
    text = inputs.text(Block.EXPIRES).strip()
    try:
        return {"expires": parse_duration(text) if text else None}
    except Refused as refused:
        problems.extend(Problem("expires", each.code, each.sentence, each.values) for each in refused.problems)
        return {"expires": None}
