"""Words from outside, in every field that can carry text, on every surface: nobody is notified, nothing leads away."""

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from builders import NOON, REQUEST_ID, a_content, a_leg, a_line, a_request, a_template
from hostile import reading
from hostile.corpus import TOKENS
from hostile.planting import OWN_WORDS, planted, texts_in
from hypothesis import given, settings
from hypothesis import strategies as st
from views import gallery
from views.gallery import Halt

from bot.domain.content import Platform
from bot.domain.draft import Draft
from bot.domain.evidence import Evidence
from bot.domain.outcome import Accepted, Declined, NotSent, SendOutcome, Unknown
from bot.domain.preview import substitute, warnings
from bot.domain.request import BroadcastRequest
from bot.domain.states import LegState, State
from bot.errors import NAMING_PEOPLE, Problem
from bot.views import approve_form, details, home, messages, preview, reason_form, request_card, settle_form
from bot.views.blocks import Message

EVERYTHING_AT_ONCE = " ".join(TOKENS)
HOSTILE = (*TOKENS, EVERYTHING_AT_ONCE)
SOME_STATES = (State.PENDING_APPROVAL, State.REJECTED, State.OUTCOME_UNKNOWN)
"""Enough for each word by itself; all of them together are tried in every state."""

OUTCOMES: dict[LegState, SendOutcome] = {
    LegState.ACCEPTED: Accepted(task_id="1001", request_id="4F1C"),
    LegState.DECLINED: Declined(code="TemplateNotFound", message="no such template", request_id="4F1C"),
    LegState.NOT_SENT: NotSent(why="connection refused"),
    LegState.UNKNOWN: Unknown(why="no answer", request_id="4F1C"),
}
FOUND = {
    LegState.UNKNOWN: Evidence(since=NOON, looked_at=NOON, task_ids=("4711", "4712"), failure="mPaaS is silent"),
}
Drawing = Message | Mapping[str, Any]


def a_full_request(state: State) -> BroadcastRequest:
    """Make a request in which every field that may be empty is filled."""
    template = a_template(
        uri="app://page", action="open", push_style="big", icon_urls="https://i", image_urls="https://j"
    )
    content = a_content(template=template, task="December sale", extras={"MiChannelId": "123"})
    legs = tuple(
        a_leg(platform, leg, outcome=outcome, settled_by="operator:eve", evidence=FOUND.get(leg))
        for platform, (leg, outcome) in zip(Platform, OUTCOMES.items(), strict=False)
    )
    remark = a_request(State.HELD).remark
    return a_request(state, content=content, legs=legs, remark=remark, revision=2, editor="U03CY")


def surfaces(request: BroadcastRequest, text: str) -> Iterator[tuple[str, Drawing]]:
    """Draw everything that shows the request, with the text in whatever else is shown beside it."""
    halted, now = Halt(by=text, why=text, until=None), gallery.NOW
    lines = [planted(a_line(detail="why"), text)] * 2
    wire = {platform: {text: text, "Msgkey": text} for platform in Platform}
    yield (
        "card",
        gallery.a_card(request, first=True, approvers=(text, "U02BO"), halted=halted, hints={text: text}),
    )
    yield "result", messages.result(request, now=now, hints={text: text})
    yield "direct", messages.direct(request, now=now)
    closed = messages.Closed(text, text, "Invite the bot there.")
    for reader in (request.requester, "U02BO"):
        yield f"unposted, to {reader}", messages.unposted(request, closed, reader=reader)
    yield "result elsewhere", messages.result(request, now=now, instead_of=closed)
    yield "details", details.render(request, history=lines, wire=wire, now=now, hints={text: text})
    yield "settle form", settle_form.render(request, now=now)
    yield "approve form", approve_form.render(request)
    yield "reject form", reason_form.render_reject(request)
    yield "withdraw form", reason_form.render_withdraw(request)
    yield "submitted", preview.submitted(request)
    yield "preview", a_preview(request, text)
    yield "listing", messages.listing([request], now=now)
    yield (
        "home",
        home.render(waiting=[request], mine=[request], scheduled=[request], recent=[request], now=now, halted=halted),
    )
    yield "done", messages.done(request)
    yield "halted", messages.halted(halted)
    yield "alarm", messages.alarm(request.id, approvers=(text, "U02BO"))
    yield "note", messages.note(text)
    yield "error", messages.error(text)
    yield "refused", messages.refused([Problem("", "x", text), Problem(text, text, text)])
    yield "form", a_form(text)
    yield "form, advanced", a_form(text, advanced=True)


def a_preview(request: BroadcastRequest, text: str) -> Drawing:
    content = request.content
    said = warnings(content.template, content.values, content.platforms, environment=content.destination.environment)
    return gallery.a_preview(content, warnings=[*said, text], problems=[Problem("", "x", text)])


def a_form(text: str, **changes: Any) -> Drawing:
    draft: Draft = planted(gallery.FULL, text)
    targets = (planted(gallery.a_target(), text[:70]),)  # their names are checked when they are read
    problems = [Problem("target", "x", text)]
    template = planted(a_template(), text)
    return gallery.a_form(draft, targets=targets, problems=problems, template=template, draft_key="key", **changes)


def views_that_draw() -> set[str]:
    """Name every function of the views that draws something with words from outside."""
    modules = (approve_form, details, home, messages, preview, reason_form, request_card, settle_form)
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
        if str(inspect.signature(function).return_annotation).endswith(("Message", "View"))
        or "Message" in str(inspect.signature(function).return_annotation)
        or "dict[str, object]" in str(inspect.signature(function).return_annotation)
    }


DRAWN = {
    "approve_form.render", "details.render", "home.render", "messages.alarm", "messages.direct", "messages.done",
    "messages.error",
    "messages.halted", "messages.listing", "messages.note", "messages.refused", "messages.result", "messages.unposted",
    "preview.render",
    "preview.submitted", "reason_form.render_reject", "reason_form.render_withdraw", "request_card.render",
    "settle_form.render",
}  # fmt: skip
WITHOUT_WORDS_FROM_OUTSIDE = {
    "messages.day_head",
    "messages.help_text",
    "messages.loading",
    "messages.nothing_recorded",
}


def test_every_view_that_there_is_is_looked_at() -> None:
    assert views_that_draw() == DRAWN | WITHOUT_WORDS_FROM_OUTSIDE


@pytest.mark.parametrize("text", HOSTILE)
def test_no_word_from_outside_means_anything_to_slack_on_any_surface_in_any_state(text: str) -> None:
    found = {}
    for state in State if text == EVERYTHING_AT_ONCE else SOME_STATES:
        request = planted(a_full_request(state), text)
        for name, drawing in surfaces(request, text):
            if strange := reading.found_in(drawing):
                found[name, state.value] = strange
    assert found == {}


@settings(max_examples=10)
@given(
    parts=st.lists(st.sampled_from(TOKENS) | st.text(max_size=5), max_size=20).map(lambda some: "".join(["x", *some])),
    state=st.sampled_from(list(State)),
)
def test_nor_does_any_mixture_of_them(parts: str, state: State) -> None:
    request = planted(a_full_request(state), parts)
    assert [name for name, drawing in surfaces(request, parts) if reading.found_in(drawing)] == []


@pytest.mark.parametrize("text", ["<!channel>", "<https://evil.example|https://bank.example>"])
def test_a_word_alone_in_one_field_means_nothing_either(text: str) -> None:
    """One at a time, so that no other field's text stands between it and a surface."""
    whole = a_full_request(State.OUTCOME_UNKNOWN)
    for field in type(whole).model_fields:
        if field in OWN_WORDS:
            continue
        request = whole.model_copy(update={field: planted(getattr(whole, field), text, name=field)})
        for name, drawing in surfaces(request, "harmless"):
            assert reading.found_in(drawing) == [], (field, name)


@pytest.mark.parametrize("state", State)
def test_what_is_pushed_stands_in_plain_text_alone_where_it_is_shown_exactly(state: State) -> None:
    template = a_template(title="*Title* <!here>", body="_Body_ of #city# :tada: <@U0EVIL> & co.", uri="app://p?a&b")
    request = a_request(state, content=a_content(template=template))
    shown = substitute(template, request.content.values)
    for drawing in (gallery.a_card(request), details.render(request, history=[], wire={}, now=gallery.NOW)):
        exact = "\n".join(gallery.texts_of(drawing, "plain_text"))
        assert f"{shown.title}\n\n{shown.body}\n\n{shown.uri}" in exact
        for text in gallery.texts_of(drawing):
            assert shown.body not in text
        for each in gallery.objects_in(gallery.blocks_of(drawing)):
            if each.get("type") == "plain_text" and shown.body in each["text"]:
                assert each["emoji"] is False, "Slack would make a picture of :tada:"


def test_rules_that_name_people_hold_no_word_from_outside() -> None:
    """Only these sentences keep mentions: whoever adds one looks at what stands in it."""
    assert {"illegal_transition", "not_involved", "not_requester_of_it"} == NAMING_PEOPLE
    said = messages.refused([Problem("", "target_unknown", "There is no target '<@U0EVIL>'.")])
    assert reading.found_in(said) == []
    assert reading.tokens(messages.note("Only <@U01ANA> can do that.", names_people=True).text) == ["@U01ANA"]


# The judges themselves -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pair:
    text: str
    found: list[str]


@pytest.mark.parametrize(
    "pair",
    [
        Pair("<!channel> and <@U02BO>", ["!channel"]),
        Pair("<https://evil|bank>", ["https://evil|bank"]),
        Pair("a < b", ["<"]),
        Pair("fish & chips", ["&"]),
        Pair("&lt;!channel&gt; &amp;", []),
        Pair("<!date^1796086800^{date_short_pretty} {time}|2026-12-01 01:00 UTC>", []),
        Pair("<!date^1796086800^{date_short_pretty} {time}^https://evil|2026-12-01 01:00 UTC>", ["!date^1796086800^{date_short_pretty} {time}^https://evil|2026-12-01 01:00 UTC"]),  # noqa: E501
    ],
)  # fmt: skip
def test_the_reader_finds_what_slack_would_act_on(pair: Pair) -> None:
    assert reading.strange(pair.text) == pair.found


def test_a_view_that_forgot_to_escape_would_be_found() -> None:
    blocks: list[dict[str, object]] = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "by <!here>", "verbatim": True}}
    ]
    assert reading.found_in(Message("fine", blocks)) == ["!here"]
    assert reading.found_in(Message("by <!here>", [])) == ["!here"]


def test_the_text_is_planted_in_every_field_and_key() -> None:
    whole = a_full_request(State.OUTCOME_UNKNOWN)
    text = "<!channel>"
    dumped = repr(planted(whole, text))
    assert dumped.count(text) == texts_in(whole) > 40
    for word in ("December sale", "TemplateNotFound", "Berlin", "outage", "U02BO", "operator:eve", "MiChannelId"):
        assert word in repr(whole)
        assert word not in dumped
    assert planted(whole, text).id == REQUEST_ID
    assert NOON + timedelta(minutes=8) == gallery.NOW
