"""What is told of a task: everything that decides how a phone shows it, as mPaaS was told it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playground.mpaas_bench import APP, BROADCAST, NOON, call, control, simulated

from bot.playground.mpaas.shown import scheduled_shown, task_shown
from bot.playground.mpaas.sim import MpaasSim
from bot.playground.mpaas.templates import Template


@pytest.fixture
def sim() -> Iterator[MpaasSim]:
    sim = simulated().start()
    yield sim
    sim.stop()
    assert not sim.failures


def shown_of(sim: MpaasSim, **more: str) -> dict[str, Any]:
    assert call(sim, "PushBroadcast", {**BROADCAST, **more})["ResultCode"] == "OK"
    return task_shown(sim.tasks()[-1])


def test_a_plain_push_tells_its_text_its_place_and_its_audience(sim: MpaasSim) -> None:
    shown = shown_of(sim)
    assert (shown["AppId"], shown["WorkspaceId"]) == (APP.app_id, APP.workspace_id)
    assert (shown["Title"], shown["Content"]) == (
        "Service notice",
        "Berlin is back online at 14:00. Thank you for waiting.",
    )
    assert shown["Audience"] == {"PushStatus": 0, "BindPeriod": 4}
    assert (shown["ExpiredSeconds"], shown["StrategyType"], shown["Uri"]) == (600, 0, "")
    assert (shown["PushStyle"], shown["ShowStyle"], shown["JumpAction"]) == ("0", "0", "0")


def test_what_was_not_said_is_told_as_not_said(sim: MpaasSim) -> None:
    shown = shown_of(sim)
    unsaid = [shown[name] for name in ("AndroidChannel", "NotifyType", "PushAction", "Silent")]
    assert unsaid == [None, "", None, None]
    assert (shown["ExtendedParams"], shown["TransparentMessagePayload"]) == ({}, {})


def test_the_parameters_that_change_what_a_phone_shows_are_told(sim: MpaasSim) -> None:
    shown = shown_of(
        sim,
        AndroidChannel="1",
        NotifyType="transparent",
        PushAction="1",
        Silent="1",
        ExtendedParams='{"badge":3,"note":"x"}',
    )
    assert [shown[name] for name in ("AndroidChannel", "NotifyType", "PushAction", "Silent")] == [
        1,
        "transparent",
        1,
        1,
    ]
    assert shown["ExtendedParams"] == {"badge": 3, "note": "x"}


@pytest.mark.parametrize(
    "payload",
    [
        {"TransparentMessagePayload": '{"hms":{"data":"d1"}}'},
        {"TransparentMessagePayload.hms.data": "d1"},
    ],
    ids=["as JSON", "flattened"],
)
def test_a_pass_through_body_is_told_alike_in_both_its_forms(sim: MpaasSim, payload: dict[str, str]) -> None:
    assert shown_of(sim, **payload)["TransparentMessagePayload"] == {"hms": {"data": "d1"}}


def test_the_filled_address_and_the_style_of_the_template_are_told(sim: MpaasSim) -> None:
    picture = Template("p", "t", "c", uri="app://#x#", push_style="2", image_urls='{"defaultUrl":"u"}', icon_urls="i")
    sim.put_template(APP.app_id, APP.workspace_id, picture)
    shown = shown_of(sim, TemplateName="p", TemplateKeyValue='{"x":"1"}')
    assert (shown["Uri"], shown["PushStyle"]) == ("app://1", "2")
    assert (shown["ImageUrls"], shown["IconUrls"]) == ('{"defaultUrl":"u"}', "i")


def test_a_later_edit_of_the_template_does_not_change_what_went_out(sim: MpaasSim) -> None:
    shown_of(sim)
    sim.put_template(APP.app_id, APP.workspace_id, Template("outage", "Edited", "Edited", push_style="1"))
    shown = task_shown(sim.tasks()[0])
    assert (shown["Title"], shown["PushStyle"]) == ("Service notice", "0")


def test_a_waiting_push_tells_where_it_belongs_and_when_it_goes_out(sim: MpaasSim) -> None:
    later = NOON + timedelta(hours=1)
    strategy = json.dumps({"fixedTime": int(later.timestamp()) * 1000})
    call(sim, "PushBroadcast", {**BROADCAST, "StrategyType": "1", "StrategyContent": strategy})
    shown = scheduled_shown(sim.scheduled()[0])
    assert (shown["AppId"], shown["TaskName"], shown["StrategyType"]) == (APP.app_id, BROADCAST["TaskName"], 1)
    assert (shown["PushAt"], shown["CreatedAt"]) == (later.isoformat(), NOON.isoformat())
    assert shown["PushTime"] == int(later.timestamp()) * 1000


def test_the_control_api_tells_the_same(sim: MpaasSim) -> None:
    assert control(sim.url, "GET", "tasks") == []
    shown = shown_of(sim)
    assert control(sim.url, "GET", "tasks") == [shown]
