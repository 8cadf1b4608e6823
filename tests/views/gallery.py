"""Every view and message of the bot, drawn from example data: what the tests of all views look at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from builders import CHANNEL, NOON, REQUEST_ID, a_content, a_destination, a_line, a_request, a_template

from bot.domain.content import AudienceStatus, ChannelId, Content, Environment, Period, Platform
from bot.domain.delivery import Cycle, Recurring, Scheduled
from bot.domain.draft import Draft
from bot.domain.evidence import Evidence
from bot.domain.preview import previews, warnings
from bot.domain.request import BroadcastRequest
from bot.domain.sending import unsettled
from bot.domain.states import State
from bot.domain.target import Target
from bot.domain.trail import Head
from bot.domain.unposted import UNPOSTED
from bot.errors import Problem
from bot.views import (
    approve_form,
    details,
    home,
    messages,
    preview,
    reason_form,
    request_card,
    request_form,
    settle_form,
)
from bot.views.blocks import Message
from bot.views.request_form_state import Metadata

NOW = NOON + timedelta(minutes=8)
CLOSED = messages.Closed(CHANNEL, "is_archived", "Unarchive the channel.")
TEST = a_destination(target="test", environment=Environment.TEST)
BERLIN = ZoneInfo("Europe/Berlin")
WEEKLY = Recurring(cycle=Cycle.WEEKLY, on=(1, 3), time=time(9, 0), first=date(2026, 12, 1), last=date(2026, 12, 31))


@dataclass(frozen=True)
class Halt:
    """Be halted like the store says it."""

    by: str = "U02BO"
    why: str = "Wrong price in the sale."
    until: datetime | None = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)


def a_target(**changes: Any) -> Target:
    parts: dict[str, Any] = {
        "destination": a_destination(),
        "platforms": tuple(Platform),
        "approvals_channel": ChannelId("C0123APPROVE"),
    }
    return Target(**parts | changes)


TARGETS = (a_target(), a_target(destination=TEST, platforms=(Platform.ANDROID, Platform.IOS)))

FULL = Draft(
    target="live",
    template="outage",
    values={"city": "Berlin"},
    platforms=("android", "harmonyos"),
    when="recurring",
    cycle=Cycle.MONTHLY,
    on=(1, 15),
    time=time(9, 30, 15),
    first=date(2026, 12, 1),
    last=date(2027, 1, 31),
    expires=5400,
    audience=AudienceStatus.ALL,
    within=Period.DAYS_60,
    task="December sale",
    extras={"AndroidChannel": "2", "NotifyLevel": '{"oppo": "2"}', "MiChannelId": "123321"},
)


def a_form(draft: Draft = Draft(), **changes: Any) -> dict[str, Any]:  # noqa: B008 - a frozen value
    parts: dict[str, Any] = {
        "request_id": REQUEST_ID,
        "channel": CHANNEL,
        "targets": TARGETS,
        "zone": BERLIN,
        "template": a_template() if draft.template else None,
    }
    return dict(request_form.render(draft, **parts | changes))


def a_preview(content: Content, **changes: Any) -> dict[str, Any]:
    text = (content.template, content.values, content.platforms)
    parts: dict[str, Any] = {
        "metadata": Metadata(request_id=REQUEST_ID, channel=CHANNEL, kept=Draft(target="live"), digest="ab" * 32),
        "previews": previews(*text),
        "warnings": warnings(*text, environment=content.destination.environment),
        "quorum": 1,
        "veto_window": 60,
        "now": NOW,
    }
    return dict(preview.render(content, **parts | changes))


def a_card(request: BroadcastRequest, **changes: Any) -> Message:
    parts: dict[str, Any] = {"now": NOW, "approvers": ("U02BO", "S02ONCALL"), "quorum": 1}
    return request_card.render(request, **parts | changes)


def content_of(state: State) -> Content:
    """Give a scheduled request something to be scheduled for."""
    later = Scheduled(at=NOON + timedelta(days=1))
    return a_content(delivery=later) if state in {State.SCHEDULED, State.CANCELLED} else a_content()


def found(request: BroadcastRequest, **seen: Any) -> BroadcastRequest:
    """Let the bot have looked at mPaaS for every unsettled leg, a moment ago."""
    evidence = Evidence(since=NOW, looked_at=NOW, **seen)
    waiting = unsettled(request)
    legs = [leg.model_copy(update={"evidence": evidence}) if leg in waiting else leg for leg in request.legs]
    return request.model_copy(update={"legs": tuple(legs)})


def requests() -> Iterator[tuple[str, BroadcastRequest]]:
    for state in State:
        yield state.value, a_request(state, content=content_of(state))
    yield "test", a_request(content=a_content(destination=TEST))
    yield "recurring", a_request(State.SCHEDULED, content=a_content(delivery=WEEKLY))
    yield "waiting", a_request(State.APPROVED, waiting_for="halted", remark=a_request(State.HELD).remark)
    yield "alarm", a_request(State.HELD, alarm="Its seal is broken.", remark=None)
    yield "edited", a_request(revision=2, editor="U03CY")
    yield "unposted", a_request(waiting_for=UNPOSTED, remark=a_request(State.HELD).remark)


def drawings_of(name: str, request: BroadcastRequest) -> Iterator[tuple[str, Message | dict[str, Any]]]:
    """Draw everything that shows one request."""
    wire = {platform: {"Msgkey": f"{request.id}-1-{platform}"} for platform in request.content.platforms}
    lines = [a_line(), a_line(version=2, event="vote", actor="U02BO", before="pending_approval", after="approved")]
    yield f"card-{name}", a_card(request, first=True, hints={"TemplateNotFound": "Check its name."})
    yield f"result-{name}", messages.result(request, now=NOW)
    yield f"direct-{name}", messages.direct(request, now=NOW)
    yield f"details-{name}", details.render(request, history=lines, wire=wire, now=NOW)
    if unsettled(request):
        yield f"settle_form-{name}", settle_form.render(request, now=NOW)
    if request.state is State.PENDING_APPROVAL:
        yield f"approve_form-{name}", approve_form.render(request)
        yield f"reject_form-{name}", reason_form.render_reject(request)
        yield f"withdraw_form-{name}", reason_form.render_withdraw(request)


def looked_for() -> Iterator[tuple[str, Message]]:
    """Draw the card of a request that the bot looks for, with everything it can find."""
    unknown, held = a_request(State.OUTCOME_UNKNOWN), a_request(State.HELD)
    kept = a_request(State.OUTCOME_UNKNOWN, content=a_content(delivery=WEEKLY))
    yield "card-unknown-found", a_card(found(unknown, task_ids=("20842863",)))
    yield "card-unknown-found-twice", a_card(found(unknown, task_ids=("20842863", "20842864")))
    yield "card-unknown-not-found", a_card(found(unknown))
    yield "card-unknown-not-asked", a_card(found(unknown, failure="connection refused"))
    yield "card-unknown-absent", a_card(found(unknown, conclusive=3))
    yield "card-unknown-in-calendar", a_card(found(kept, task_ids=("4f1c",), in_calendar=True))
    yield "card-held-not-found", a_card(found(held))


def forms() -> Iterator[tuple[str, dict[str, Any]]]:
    scheduled = Draft(target="test", template="gone", values={"city": "Berlin"}, when="scheduled", at=NOON)
    yield "form-empty", a_form()
    yield "form-without-targets", a_form(targets=())
    yield "form-scheduled", a_form(scheduled, template=None, templates_known=("outage",))
    yield "form-full", a_form(FULL)
    yield "form-full-advanced", a_form(FULL, advanced=True, revision=1)
    yield "form-problems", a_form(problems=[Problem("at", "late", "The time <1> has passed.")])
    yield "preview-live", a_preview(a_content())
    yield "preview-test", a_preview(a_content(destination=TEST), veto_window=0, quorum=2)
    yield "preview-recurring", a_preview(a_content(delivery=WEEKLY, task="sale", extras={"Silent": 0}))
    yield "preview-too-long", a_preview(a_content(values={"city": "Berlin and Hamburg " * 12}))


def others() -> Iterator[tuple[str, Message | dict[str, Any]]]:
    waiting, mine = a_request(), a_request(State.CHANGES_REQUESTED)
    scheduled, sent = a_request(State.SCHEDULED, content=a_content(delivery=WEEKLY)), a_request(State.SENT)
    yield "submitted", preview.submitted(waiting)
    yield "submitted-already", preview.submitted(waiting, already=True)
    yield (
        "home",
        home.render(waiting=[waiting], mine=[mine] * 12, scheduled=[scheduled], recent=[sent], now=NOW),
    )
    yield (
        "home-halted",
        home.render(waiting=[], mine=[], scheduled=[], recent=[], now=NOW, worker_alive=False, halted=Halt()),
    )
    yield "card-halted", a_card(a_request(State.APPROVED), halted=Halt(until=None), worker_alive=False)
    deceptive = a_request(content=a_content(template=a_template(uri="https://b\u0430nk.com@evil.com/\u202e")))
    yield "card-deceptive", a_card(deceptive, first=True)
    yield "approve_form-deceptive", approve_form.render(deceptive)
    yield "listing", messages.listing([waiting, scheduled], now=NOW)
    yield "listing-none", messages.listing([], now=NOW, kind="scheduled")
    yield "help", messages.help_text()
    yield "note", messages.note("It was already approved by <@U02BO>.", names_people=True)
    yield "refused", messages.refused([Problem("", "a", "No <!channel>."), Problem("", "b", "Nor that.")])
    yield "refused-without-a-word", messages.refused([])
    yield "nothing-recorded", messages.nothing_recorded()
    yield "alarm", messages.alarm(REQUEST_ID, approvers=["U02BO", "S02ONCALL"])
    yield "alarm-of-a-card", messages.alarm(REQUEST_ID)
    for reader, name in ((waiting.requester, "requester"), ("U02BO", "approver")):
        yield f"unposted-to-{name}", messages.unposted(waiting, CLOSED, reader=reader)
    yield "result-elsewhere", messages.result(sent, now=NOW, instead_of=CLOSED)
    yield "day-head", messages.day_head(Head(812, "ab" * 32), day="2026-11-30")
    yield "done", messages.done(waiting)
    yield "loading", messages.loading()
    yield "error", messages.error("There is no request 7K3M-Q2XE.")


def everything() -> Mapping[str, Message | dict[str, Any]]:
    """Draw the whole gallery, by name."""
    shown = dict(forms()) | dict(others()) | dict(looked_for())
    return shown | {name: it for word, request in requests() for name, it in drawings_of(word, request)}


def blocks_of(drawing: Message | Mapping[str, Any]) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = drawing.blocks if isinstance(drawing, Message) else list(drawing["blocks"])
    return blocks


def objects_in(value: object) -> Iterator[dict[str, Any]]:
    """Walk through everything inside blocks that is an object."""
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from objects_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from objects_in(part)


def texts_of(drawing: Message | Mapping[str, Any], kind: str = "mrkdwn") -> list[str]:
    """List the texts of a kind; a message's fallback is mrkdwn too."""
    found = [str(each["text"]) for each in objects_in(blocks_of(drawing)) if each.get("type") == kind]
    return [*found, drawing.text] if isinstance(drawing, Message) and kind == "mrkdwn" else found


def labels_of(drawing: Message | Mapping[str, Any]) -> list[str]:
    """List the words on the buttons, in order."""
    return [each["text"]["text"] for each in objects_in(blocks_of(drawing)) if each.get("type") == "button"]
