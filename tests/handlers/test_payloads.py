"""Slack's bodies, read: what Slack may leave out, and who did it."""

import json
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import BESIDE

from bot.errors import Refused
from handlers import payloads
from handlers.payloads import Presser

BERLIN = ZoneInfo("Europe/Berlin")
PRESSED = {"user": {"id": "U02BO", "team_id": "T1"}, "actions": [{"value": "7K3M-Q2XD|1|0123456789ab"}]}
SAMPLES = sorted((BESIDE / "slack_payloads").glob("block_actions/*.json"))


def test_a_command_is_read_from_the_top_level() -> None:
    body = {"user_id": "U1", "team_id": "T1", "text": "list", "channel_id": "C1", "trigger_id": "9.9.a"}
    command = payloads.command(body)
    assert command == payloads.Command(Presser("U1", "T1"), text="list", channel="C1", trigger_id="9.9.a")


def test_a_command_without_text_is_empty() -> None:
    assert payloads.command({"user_id": "U1", "text": None}).text == ""


def test_the_team_is_the_one_of_the_person_and_never_the_workspace_it_came_through() -> None:
    body = {"user": {"id": "U06", "team_id": "T_OTHER"}, "team": {"id": "T_OURS"}}
    assert payloads.presser(body) == Presser("U06", "T_OTHER")
    assert payloads.presser({"user": {"id": "U06"}, "team": {"id": "T_OURS"}}) == Presser("U06", "")


def test_a_press_outside_any_channel_answers_to_the_person() -> None:
    assert payloads.press(PRESSED).channel == "U02BO"
    assert payloads.press(PRESSED | {"channel": {"id": "C1"}}).channel == "C1"
    assert payloads.press(PRESSED | {"channel": None}).channel == "U02BO"


def test_a_button_is_bound_to_request_revision_and_digest() -> None:
    button = payloads.press(PRESSED).button
    assert (button.request_id, button.revision, button.digest) == ("7K3M-Q2XD", 1, "0123456789ab")


def test_a_button_without_a_value_is_none_of_ours() -> None:
    pressed = payloads.press({"user": {"id": "U1"}, "actions": [{"action_id": "approve"}]})
    with pytest.raises(Refused, match="stale or not of this bot"):
        _ = pressed.button


def test_a_persons_zone_is_the_one_slack_tells() -> None:
    assert payloads.zone_of("Asia/Tokyo", otherwise=BERLIN).key == "Asia/Tokyo"


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "Africa", "../etc/passwd", "x" * 300, "\0"])
def test_a_zone_nobody_knows_is_the_configured_one(name: str) -> None:
    assert payloads.zone_of(name, otherwise=BERLIN) == BERLIN


@settings(max_examples=30)
@given(st.text(max_size=20))
def test_any_name_of_a_zone_gives_a_zone(name: str) -> None:
    assert payloads.zone_of(name, otherwise=BERLIN).key


@given(st.text())
def test_a_word_is_the_first_of_the_line_in_any_case(rest: str) -> None:
    matches = payloads.begins_with("halt", "resume")
    assert matches({"text": f"  HALT {rest}"})
    assert not matches({"text": f"halting {rest}"})
    assert not matches({"text": None})


@pytest.mark.skipif(not SAMPLES, reason="the collection of real payloads is not beside the repository")
def test_real_presses_of_every_kind_are_read() -> None:
    for sample in SAMPLES:
        body = json.loads(sample.read_text(encoding="utf-8"))
        assert payloads.press(body).by.user_id == body["user"]["id"]
