"""Slack's way of writing is not content: no device may show a code, an entity or a bracket that Slack made."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from desk import APPS, Desk, words
from hypothesis import given
from hypothesis import strategies as st
from strategies import NOW

from bot.domain.drafting import draft_of
from bot.domain.request import BroadcastRequest
from bot.playground.cast import ANA, BO
from bot.playground.mpaas.templates import Template
from bot.views.command import read_command, write_command
from bot.views.inputs import Inputs
from bot.views.plain_text import plain_text
from bot.views.texts import escape

WHOLE = "outage city={} time=18:00 --target test --to android,ios --audience attached --within 60d"
"""A command that says everything, so that the preview opens."""

MEANT = {
    "an emoji": ("Berlin\U0001f44d", "Berlin\U0001f44d"),
    "an emoji in a skin tone": (":thumbsup::skin-tone-3:", "\U0001f44d\U0001f3fc"),
    "an emoji by its code": ("Berlin:tada:", "Berlin\U0001f389"),
    "a flag": (":flag-de:", "\U0001f1e9\U0001f1ea"),
    "an ampersand": ("R&D", "R&D"),
    "angles": ("'a <b> c'", "a <b> c"),
    "an entity that was typed": ("&lt;", "&lt;"),
    "an address": ("https://a.example/?b=c&d", "https://a.example/?b=c&d"),
    "an address without a scheme": ("shop.example", "shop.example"),
    "an e-mail address": ("ana@shop.example", "ana@shop.example"),
    "a person": ("@ana", "@ana"),
    "a group": ("@marketing", "@marketing"),
    "a channel": ("#general", "#general"),
    "everybody here": ("@here", "@here"),
    "a text between quotes": ("'ask @ana & #general \U0001f389'", "ask @ana & #general \U0001f389"),
}


def asked(desk: Desk) -> BroadcastRequest:
    """Submit the preview that is open, and give the request."""
    assert desk.sees(ANA).content["callback_id"] == "preview", desk.reads(ANA)
    desk.submits(ANA)
    desk.announces()
    (request,) = desk.store.list_requests()
    return request


def sent(desk: Desk, request: BroadcastRequest) -> dict[str, str]:
    """Approve the request, let the worker send it, and give the parameters of the first call."""
    desk.approves(BO, request)
    desk.works(2)
    return dict(desk.mpaas.journal.entries("PushBroadcast")[0].parameters)


@pytest.mark.parametrize("kind", MEANT)
@pytest.mark.parametrize("should_escape", [False, True], ids=["as it is set up", "with links and names escaped"])
def test_what_is_typed_in_a_command_is_what_mpaas_gets(desk: Desk, kind: str, should_escape: bool) -> None:
    """An emoji, an ampersand, a link or a name in a command went to every phone as Slack writes it."""
    typed, meant = MEANT[kind]
    desk.slack.should_escape = should_escape
    desk.types(ANA, WHOLE.format(typed))
    assert meant in desk.reads(ANA)
    request = asked(desk)
    assert request.content.values["city"] == meant
    assert meant in words(desk.card(request))


@pytest.mark.parametrize("kind", ["an emoji by its code", "an emoji in a skin tone", "a flag"])
def test_what_is_typed_in_the_form_is_what_mpaas_gets(desk: Desk, kind: str) -> None:
    """The form takes the same codes as the command, and its preview shows the characters."""
    typed, meant = MEANT[kind]
    desk.types(ANA, WHOLE.format("x").replace("city=x ", ""))
    desk.fills(ANA, "values", typed)
    desk.submits(ANA)
    assert meant in desk.reads(ANA)
    assert asked(desk).content.values["city"] == meant


def test_a_push_goes_out_with_the_characters(desk: Desk) -> None:
    """What counts is what reaches the phones."""
    desk.types(ANA, WHOLE.format("Berlin\U0001f44d") + " --task 'R&D \U0001f389'")
    parameters = str(sent(desk, asked(desk)))
    assert "Berlin\U0001f44d" in parameters
    assert "R&D \U0001f389" in parameters
    assert ":+1:" not in parameters


@pytest.mark.parametrize(
    ("line", "field", "code"),
    [
        ("outage city=<@U01ANA>", "values.city", "mention_nameless"),
        ("outage city=<#C01|>", "values.city", "mention_nameless"),
        ("outage city=<https://a.example|Big sale> time=18:00", "values.city", "link_ambiguous"),
        ("outage --task <!subteam^S01>", "task", "mention_nameless"),
        ("<@U01ANA> city=a", "template", "mention_nameless"),
        ("outage --target <#C01>", "target", "mention_nameless"),
        ("outage --set MiChannelId=<@U01ANA>", "extras.MiChannelId", "mention_nameless"),
    ],
)
def test_what_nobody_can_read_is_asked_about_and_not_taken(line: str, field: str, code: str) -> None:
    """A link under other words, or a person whose name Slack left out, can mean two things."""
    said = read(line)
    assert [(problem.field, problem.code) for problem in said.problems] == [(field, code)]
    assert "<" not in str(said.draft.model_dump())


def test_what_nobody_can_read_is_asked_about_under_its_input(desk: Desk) -> None:
    """In the form the question stands where the text was typed, and the text stays to be mended."""
    desk.types(ANA, WHOLE.format("x").replace("city=x ", "") + " --set ChannelId=news")
    desk.fills(ANA, "values", "<https://a.example|Big sale>")
    deed = desk.submits(ANA)
    assert [sentence for sentence in deed.problems.values() if '"Big sale" hides the address' in sentence]
    assert desk.store.list_requests() == []
    desk.fills(ANA, "values", "Big sale")
    desk.submits(ANA)
    assert asked(desk).content.values["city"] == "Big sale"


@pytest.mark.parametrize(
    ("line", "part", "expected"),
    [
        ("R&amp;D", "template", "R&D"),
        ("--template 'a :tada:'", "template", "a \U0001f389"),
        ("t --task 'a &lt; b :x:'", "task", "a < b \u274c"),
        ("t --target r&amp;d", "target", "r&d"),
        ("t a&amp;b=1", "values", {"a&b": "1"}),
        ("t a='&amp;amp;'", "values", {"a": "&amp;"}),
        ('t a="&lt;b&gt;; c"', "values", {"a": "<b>; c"}),
        ("t a=<https://x.example|x.example> b=1", "values", {"a": "x.example", "b": "1"}),
        ("t a=<@U1|Ana Alves> b=1", "values", {"a": "@Ana Alves", "b": "1"}),
        ("t a='see <https://x.example|x.example>, :tada:'", "values", {"a": "see x.example, \U0001f389"}),
        ("t --set ChannelId=a&amp;b", "extras", {"ChannelId": "a&b"}),
        ('t --set ExtendedParams={"t":"R&amp;D :tada:"}', "extras", {"ExtendedParams": '{"t":"R&D \U0001f389"}'}),
        (
            't --set ExtendedParams={"u":"https://x.example/:tada:?a&amp;b"}', "extras",
            {"ExtendedParams": '{"u":"https://x.example/:tada:?a&b"}'},
        ),
        ("t a=9:00:30 b=10:100:1 c=:30:", "values", {"a": "9:00:30", "b": "10:100:1", "c": ":30:"}),
        ("t --at '2026-12-01 9:00:30'", "at", datetime(2026, 12, 1, 1, 0, 30, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_every_part_of_a_draft_is_what_was_meant(line: str, part: str, expected: object) -> None:
    """Not only values reach mPaaS: names, the task and the other parameters do as well; times keep their colons."""
    said = read(line)
    assert said.problems == ()
    assert getattr(said.draft, part) == expected


def test_an_unknown_code_stays_and_is_pointed_out_to_both(desk: Desk) -> None:
    """A workspace's own emoji exists nowhere else, so whoever asks and whoever approves is told."""
    desk.types(ANA, WHOLE.format("Berlin:party-parrot:"))
    warning = 'The text has ":party-parrot:", which is Slack\'s way of writing'
    assert warning in desk.reads(ANA)
    request = asked(desk)
    assert warning in words(desk.card(request))
    desk.presses(BO, desk.card(request), "approve")
    assert warning in desk.reads(BO)


@pytest.mark.parametrize(
    "body", ["Now :smile:", "*Sale* now", "~old~ new", "`code`", "R&amp;D", "Ask <@U01ANA>", "<https://a.example|here>"]
)
def test_marks_of_a_template_are_pointed_out_to_both(desk: Desk, body: str) -> None:
    """A template's author may have copied its text out of Slack."""
    app = APPS["test"]
    desk.mpaas.put_template(app.app_id, app.workspace_id, Template("copied", "Notice", body))
    desk.types(ANA, "copied --target test --to ios --audience attached --within 60d")
    assert "which is Slack's way of writing" in desk.reads(ANA)
    assert "which is Slack's way of writing" in words(desk.card(asked(desk)))


@pytest.mark.parametrize(
    "text", ["9:00:30", "5*6*7", "snake_case_name", "a:b:c", "https://a.example/:x:/y", "R&D", "<b>", "~5 km"]
)
def test_ordinary_texts_are_not_pointed_out(desk: Desk, text: str) -> None:
    """A warning that comes for nothing is not read when it counts."""
    desk.types(ANA, WHOLE.format(f"'{text}'"))
    assert "Slack's way of writing" not in desk.reads(ANA)


@pytest.mark.parametrize("typed", ["&lt;", "&amp;amp;", "<@U01ANA|ana>", "'a <b> c'"])
def test_asking_again_changes_no_content(desk: Desk, typed: str) -> None:
    """A text that was read once is content; the form of the next request must not read it once more."""
    request = desk.asks(ANA)
    desk.types(ANA, f"withdraw {request.id}")
    desk.types(ANA, WHOLE.format(typed))
    desk.submits(ANA)
    desk.announces()
    before = next(each for each in desk.store.list_requests() if each.state.value == "pending_approval")
    meant = typed.strip("'")
    assert before.content.values["city"] == meant
    desk.presses(ANA, desk.card(before), "edit")
    desk.submits(ANA)
    desk.submits(ANA)
    assert desk.now(before).content.values["city"] == meant
    assert desk.now(before).revision == 2


WAYS: dict[str, Callable[[Desk, BroadcastRequest, str], object]] = {
    "withdraw by command": lambda desk, request, why: desk.types(ANA, f"withdraw {request.id} {why}"),
    "withdraw by button": lambda desk, request, why: reasoned(desk, ANA, request, "withdraw", why),
    "reject": lambda desk, request, why: reasoned(desk, BO, request, "reject", why),
}


def reasoned(desk: Desk, person: Any, request: BroadcastRequest, action: str, why: str) -> None:
    desk.presses(person, desk.card(request), action)
    if action == "reject":
        desk.fills(person, "choice", "reject")
    desk.fills(person, "reason", why)
    desk.submits(person)


@pytest.mark.parametrize("way", WAYS)
def test_a_reason_is_read_as_it_was_meant(desk: Desk, way: str) -> None:
    """Everybody who sees the card reads the reason, and read it escaped twice."""
    request = desk.asks(ANA)
    WAYS[way](desk, request, "R&D found :bug: in <it>")
    desk.announces()
    remark = desk.now(request).remark
    assert remark is not None
    assert remark.why == "R&D found \U0001f41b in <it>"
    assert "R&D found \U0001f41b in <it>" in words(desk.card(request))


def test_the_reason_of_a_halt_is_read_as_it_was_meant(desk: Desk) -> None:
    """The reason of a halt is shown to all, and refused for nothing."""
    desk.slack.should_escape = True
    deed = desk.types(BO, "halt R&D says stop, ask @ana :fire:")
    assert "R&D says stop, ask @ana \U0001f525" in words(deed)


@given(st.text(max_size=30) | st.lists(st.sampled_from(["&", "&lt;", "<", ">", "<b>", "amp;", " ", "a"])).map("".join))
def test_what_slack_escapes_is_read_as_it_was_typed(text: str) -> None:
    """Whatever is typed behind a name comes back as it was, once Slack has escaped it and the bot has read it."""
    quoted = "'" + text.replace("'", "") + "'"
    if plain_text(escape(text)) == text:
        assert read(f"t a={escape(quoted)}").draft.values["a"] == text.replace("'", "")


@given(st.text(max_size=30))
def test_a_field_that_nobody_touched_is_not_read_again(text: str) -> None:
    """Slack gives back what the bot put into an input, also when it looks like one of Slack's marks."""
    blocks = [{"type": "input", "block_id": "values.1.a", "element": {"initial_value": text}}]
    state = {"values": {"values.1.a": {"input": {"type": "plain_text_input", "value": text}}}}
    assert Inputs({"blocks": blocks, "state": state}).written("values.1.a") == text


def test_a_draft_written_as_a_command_is_read_as_itself(desk: Desk) -> None:
    """An example that is copied into Slack is escaped there, and must say the same."""
    draft = draft_of(desk.asks(ANA).content).model_copy(update={"values": {"city": "<b> & 'c' &lt; <@U1|x>"}})
    assert read(write_command(draft)).draft.values == draft.values


def read(line: str) -> Any:
    return read_command(line, now=NOW, zone=ZoneInfo("Asia/Shanghai"))
