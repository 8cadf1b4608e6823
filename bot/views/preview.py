"""The second step of the form: what each platform will show, before anybody is asked to approve it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block as SlackBlock
from slack_sdk.models.blocks import DividerBlock

from bot.domain.content import Content
from bot.domain.durations import say_duration
from bot.domain.preview import PlatformPreview
from bot.domain.request import BroadcastRequest
from bot.errors import Problem
from bot.views import blocks as b
from bot.views import phrases
from bot.views import texts as t
from bot.views.banner import pointed_out
from bot.views.ids import Callback
from bot.views.request_form_state import Metadata
from bot.views.wording import say

MOST_WARNINGS = 12
"""Warnings shown; the rest are counted."""


def render(
    content: Content,
    *,
    metadata: Metadata,
    previews: Sequence[PlatformPreview],
    warnings: Sequence[str],
    quorum: int,
    veto_window: int,
    now: datetime,
    problems: Sequence[Problem] = (),
) -> b.View:
    """Draw the preview of complete content.

    ``metadata`` carries the whole draft (or its key) and the digest of what is shown, ``quorum`` and ``veto_window``
    (seconds) are the target's. Raise MetadataTooLong when the metadata has over 3,000 characters.
    """
    kind = phrases.kind(content)
    blocks: list[SlackBlock] = [
        *_refusals(problems),
        b.header(say(f"preview.verb.{kind}", target=t.one_line(content.destination.target)[:80])),
        b.section(phrases.destination(content.destination)),
        b.fields(_facts(content, now)),
        *pointed_out(say("preview.warnings"), warnings, most=MOST_WARNINGS),
        DividerBlock(),
        *(block for preview, names in _groups(previews) for block in _preview(preview, names)),
        b.context(_what_next(quorum, veto_window)),
    ]
    return b.modal(
        Callback.PREVIEW,
        say("preview.title"),
        blocks,
        submit=say(f"preview.submit.{kind}"),
        close=say("preview.close"),
        metadata=metadata.write(),
    )


def submitted(request: BroadcastRequest, *, already: bool = False) -> b.View:
    """Draw what replaces the form once the request is stored; ``already``: an earlier press had stored it."""
    blocks: list[SlackBlock] = [
        b.section(say("submitted.already" if already else "submitted.now", id=request.id)),
        b.section(b.plain(phrases.headline(request))),
        b.context(say("submitted.next")),
    ]
    return b.modal(Callback.SUBMITTED, say("submitted.title"), blocks, close=say("done"))


def _facts(content: Content, now: datetime) -> Iterable[tuple[str, str]]:
    yield say("fact.audience"), phrases.audience(content.audience)
    yield say("fact.platforms"), phrases.platforms(content.platforms)
    yield say("fact.when"), phrases.when(content.delivery)
    times = phrases.next_times(content.delivery, now=now)
    if times:
        yield say("fact.next_times"), "\n".join(times)
    yield say("fact.validity"), phrases.validity(content.expires)
    yield say("fact.template"), t.inline(content.template.name)
    if content.task:
        yield say("fact.task"), t.inline(content.task)
    if content.extras:
        yield say("fact.extras"), t.inline(", ".join(content.extras))


def _refusals(problems: Sequence[Problem]) -> list[SlackBlock]:
    if not problems:
        return []
    lines = [t.sentence(problem.sentence, names_people=problem.names_people) for problem in problems]
    return [b.section("\n".join([say("form.problems"), *lines])), DividerBlock()]


def _groups(previews: Sequence[PlatformPreview]) -> Iterable[tuple[PlatformPreview, list[str]]]:
    """Put channels together that show the same and fare the same, so that nobody reads the same text six times."""
    found: dict[tuple[object, ...], tuple[PlatformPreview, list[str]]] = {}
    for preview in previews:
        same = (preview.title, preview.body, preview.is_refused)
        found.setdefault(same, (preview, []))[1].append(preview.channel.name)
    return found.values()


def _preview(preview: PlatformPreview, names: Sequence[str]) -> list[SlackBlock]:
    fate = "refused" if preview.is_refused else "whole" if preview.fits else "cut"
    blocks: list[SlackBlock] = [
        b.section(say(f"preview.{fate}", channels=phrases.listed([t.inline(name, 60) for name in names]))),
        b.section(b.shown(f"{preview.title.marked}\n{preview.body.marked}")),
    ]
    hidden = " / ".join(part for part in (preview.title.hidden, preview.body.hidden) if part.strip())
    return [*blocks, b.context(b.shown(say("preview.hidden", text=t.one_line(hidden)), 300))] if hidden else blocks


def _what_next(quorum: int, veto_window: int) -> str:
    who = say("preview.next.one") if quorum == 1 else say("preview.next.more", quorum=str(quorum))
    return " ".join([who, say("preview.next.veto", window=say_duration(veto_window)) if veto_window else ""]).strip()
