"""Anything at all, rightly signed, is answered: with 200 or a refusal, never with a fault, never with a trace."""

import copy
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from desk import ASK, Desk
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.playground.cast import ANA, BO, GENERAL
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.slack.delivery import Answer

AGAIN_AND_AGAIN = settings(
    max_examples=30,
    # One desk serves all examples: what they leave behind is only more of what a fuzzer wants.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
TRACES = ("Traceback", 'File "', "Error:", "Exception", "pydantic", "handlers/", "bot/")

SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
STRANGE = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)
FOREIGN = st.sampled_from(
    ["", "U06OLGA", "U99NOBODY", "T0987654321", "7K3M-Q2XD|1|0123456789ab", "{}", "[]", "null", "now", "-1",
     "2026-13-45", "99:99", "form_target", "approve", "preview", "request_form", "modal", "9" * 40, "\x00"]
)  # fmt: skip
WORDS = st.sampled_from(
    ["help", "list", "show", "withdraw", "halt", "resume", "outage", "--target", "test", "live", "--to", "all", "ios,",
     "--at", "tomorrow", "9:00", "--every", "mon,31", "--set", "NotifyLevel={", "city=", "=", "“", "'", "\\", "--",
     "—x", "7K3M-Q2XD", "--within", "60d", "--audience", "attached", "\u202e", "<!channel>", "0x1p9999s", "--expires",
     "9" * 30]
)  # fmt: skip


def check(answer: Answer) -> None:
    assert answer.status is not None, answer
    assert 200 <= answer.status < 500, answer
    assert answer.status < 400 or answer.body, "a refusal without words"
    text = json.dumps(answer.body, ensure_ascii=False)
    assert [trace for trace in TRACES if trace in text] == [], text


def paths(value: Any, to: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List the way to every part of a payload."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [to, *(path for key, part in inner for path in paths(part, (*to, key)))]


def mutate(payload: Any, data: st.DataObject) -> Any:
    """Leave out, replace or repeat up to three parts of a payload."""
    payload = copy.deepcopy(payload)
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from([path for path in paths(payload) if path]))
        parent = payload
        for key in path[:-1]:
            parent = parent[key]
        if data.draw(st.booleans()):
            del parent[path[-1]]
        else:
            parent[path[-1]] = data.draw(STRANGE | FOREIGN)
        if not payload:
            break
    return payload


@pytest.fixture
def recorded(desk: Desk) -> list[dict[str, Any]]:
    """Record one genuine payload of every kind that reaches the bot by interactivity."""
    desk.statuses = range(200, 500)
    live, rejected, withdrawn, lost = (desk.asks(ANA, target) for target in ("live", "test", "test", "test"))
    desk.types(ANA, ASK.format(target="test"))
    desk.submits(ANA)
    desk.presses(ANA, desk.card(live), "edit")
    desk.slack.load_options(ANA.id, desk.sees(ANA), "form_template", "out")
    desk.fills(ANA, "when", "recurring")
    desk.presses(ANA, desk.sees(ANA), "form_advanced")
    desk.presses(BO, desk.card(rejected), "reject")
    desk.fills(BO, "choice", "reject")
    desk.fills(BO, "reason", "No.")
    desk.submits(BO)
    desk.presses(BO, desk.card(withdrawn), "withdraw")
    desk.submits(BO)
    desk.approves(BO, lost)
    desk.mpaas.misbehave(Misbehaviour(kind="reset", action="PushBroadcast", times=2))
    desk.works(2)
    desk.presses(BO, desk.card(lost), "settle")
    desk.fills(BO, "leg.ios", "sent")
    desk.submits(BO)
    desk.presses(BO, desk.card(live), "show_details")
    desk.approves(BO, live)
    desk.slack.shortcut(ANA.id, "new_broadcast")
    kinds = {"block_actions", "view_submission", "block_suggestion", "shortcut"}
    return [entry.sent for entry in desk.slack.journal(direction="delivery") if entry.name in kinds]


@pytest.fixture
def home_opened(desk: Desk) -> dict[str, Any]:
    """Record the event of a Home tab that is opened for the second time, so that it carries its view."""
    desk.statuses = range(200, 500)
    desk.slack.open_home(ANA.id)
    desk.slack.open_home(ANA.id)
    return desk.last_payload("app_home_opened")


@pytest.fixture
def command(desk: Desk) -> dict[str, Any]:
    desk.statuses = range(200, 500)
    desk.types(ANA, ASK.format(target="test"))
    return desk.last_payload("/broadcast")


@AGAIN_AND_AGAIN
@given(data=st.data())
def test_any_mutation_of_a_press_a_form_or_a_search_is_answered(
    desk: Desk, recorded: list[dict[str, Any]], data: st.DataObject
) -> None:
    check(desk.deliver("interactive", mutate(data.draw(st.sampled_from(recorded)), data)))


@AGAIN_AND_AGAIN
@given(data=st.data())
def test_any_state_of_a_form_is_answered(desk: Desk, recorded: list[dict[str, Any]], data: st.DataObject) -> None:
    forms = [payload for payload in recorded if payload["type"] == "view_submission" or "view" in payload]
    payload = copy.deepcopy(data.draw(st.sampled_from(forms)))
    payload["view"]["state"] = mutate(payload["view"]["state"], data)
    check(desk.deliver("interactive", payload))


@AGAIN_AND_AGAIN
@given(said=st.text(max_size=60) | st.lists(WORDS, max_size=12).map(" ".join))
@example(ASK.format(target="test"))
@example("halt 99999999999999999999 years")
@example("\ud800")
def test_any_text_of_a_command_is_answered(desk: Desk, command: dict[str, Any], said: str) -> None:
    desk.clears(ANA)
    payload = command | {"text": said.encode(errors="replace").decode()}
    payload["trigger_id"] = desk.slack.world.trigger(ANA.id, channel=GENERAL.id)
    answer = desk.deliver("slash_commands", payload)
    check(answer)
    assert answer.status == 200
    assert answer.body or desk.slack.views(ANA.id), "neither words nor a form"


@AGAIN_AND_AGAIN
@given(data=st.data())
def test_any_mutation_of_a_commands_fields_is_answered(
    desk: Desk, command: dict[str, Any], data: st.DataObject
) -> None:
    check(desk.deliver("slash_commands", mutate(command, data)))


@AGAIN_AND_AGAIN
@given(data=st.data())
def test_any_mutation_of_an_event_is_answered(desk: Desk, home_opened: dict[str, Any], data: st.DataObject) -> None:
    check(desk.deliver("events_api", mutate(home_opened, data)))


@AGAIN_AND_AGAIN
@given(
    body=st.binary(max_size=80)
    | STRANGE.map(lambda value: urlencode({"payload": json.dumps(value)}).encode())
    | STRANGE.map(lambda value: json.dumps(value).encode()),
    content_type=st.sampled_from(["application/x-www-form-urlencoded", "application/json", "text/plain", ""]),
)
@example(b"payload={", "application/x-www-form-urlencoded")
@example(b"payload=[1]", "application/x-www-form-urlencoded")
@example(b"payload=null", "application/x-www-form-urlencoded")
@example(b"[]", "application/json")
@example(b"{", "application/json")
@example(b"\xff", "application/json")
def test_any_body_that_is_rightly_signed_is_answered(desk: Desk, body: bytes, content_type: str) -> None:
    status, text = desk.posts(body, content_type)
    check(Answer("", 0.0, text, status))
