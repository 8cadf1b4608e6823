"""What the page is told of mPaaS: what went out, what waits, what is on the shelf, and what was asked for."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playground.mpaas_bench import BROADCAST, NOON, call

from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.mpaas.sim import MpaasSim
from bot.playground.mpaas.templates import Template
from bot.playground.page.other_side import COMING, PASSED, SHOWN, environment_of, other_side
from bot.playground.stage import LIVE, TEST

KEYS = {"testid": "testsecret"}
"""The pair that the bench signs with."""
PUSH = {**BROADCAST, "AppId": LIVE.app_id, "WorkspaceId": LIVE.workspace_id}
TRIAL = {**BROADCAST, "AppId": TEST.app_id, "WorkspaceId": TEST.workspace_id, "Msgkey": "7F3K-trial"}
LATER = {"StrategyType": "1", "StrategyContent": json.dumps({"fixedTime": int(NOON.timestamp() + 3600) * 1000})}


@pytest.fixture
def sim() -> Iterator[MpaasSim]:
    sim = MpaasSim(apps=[LIVE, TEST], access_keys=KEYS, now=lambda: NOON).start()
    yield sim
    sim.stop()
    assert not sim.failures


def shown(sim: MpaasSim) -> Any:
    """Give what a page gets: the JSON, read again."""
    return json.loads(json.dumps(other_side(sim)))


def daily(days: int) -> dict[str, str]:
    first = int(NOON.replace(hour=16, minute=0).timestamp())  # 00:00 of tomorrow in Shanghai
    content = {"startTime": first * 1000, "endTime": (first + (days - 1) * 86_400) * 1000, "circleType": 1}
    return {"StrategyType": "2", "StrategyContent": json.dumps({**content, "time": "09:45:11"})}


def test_each_environment_is_called_as_people_call_it(sim: MpaasSim) -> None:
    call(sim, "PushBroadcast", PUSH)
    call(sim, "PushBroadcast", TRIAL)
    assert [task["Environment"] for task in shown(sim)["tasks"]] == ["live", "test"]
    assert [row["Environment"] for row in shown(sim)["requests"]] == ["live", "test"]
    assert {row["Environment"] for row in shown(sim)["templates"]} == {"live", "test"}
    assert environment_of("ANOTHER", "default") == "ANOTHER"


def test_nothing_changes_while_nothing_happens(sim: MpaasSim) -> None:
    call(sim, "PushBroadcast", PUSH)
    sim.advance(60)
    before = shown(sim)
    sim.advance(60)
    assert shown(sim) == before


def test_the_numbers_grow_and_then_stand(sim: MpaasSim) -> None:
    call(sim, "PushBroadcast", PUSH)
    (fresh,) = shown(sim)["tasks"]
    assert (fresh["Counts"]["PushTotalNum"], fresh["Devices"], fresh["IsDelivered"]) == (0, 1200, False)
    sim.advance(30)
    (under_way,) = shown(sim)["tasks"]
    assert 0 < under_way["Counts"]["ArrivalNum"] < under_way["Counts"]["PushTotalNum"]
    sim.advance(30)
    (done,) = shown(sim)["tasks"]
    assert (done["Counts"]["PushTotalNum"], done["IsDelivered"]) == (1200, True)
    assert shown(sim)["statistics"]["totals"]["live"]["PushTotalNum"] == 1200.0
    assert shown(sim)["statistics"]["totals"]["test"]["PushTotalNum"] == 0.0


def test_a_task_names_the_request_that_brought_it(sim: MpaasSim) -> None:
    call(sim, "PushBroadcast", {**PUSH, "TemplateName": "none"})
    call(sim, "PushBroadcast", PUSH)
    call(sim, "PushBroadcast", PUSH)
    assert [task["Request"] for task in shown(sim)["tasks"]] == [2, 3]
    sim.journal.clear()
    assert [task["Request"] for task in shown(sim)["tasks"]] == [None, None]


def test_all_dates_of_a_recurring_push_come_from_one_request(sim: MpaasSim) -> None:
    call(sim, "PushBroadcast", {**PUSH, **daily(3)})
    sim.advance(3 * 86_400)
    assert [task["Request"] for task in shown(sim)["tasks"]] == [1, 1, 1]


def test_a_msgkey_that_was_executed_twice_is_told_however_old_it_is(sim: MpaasSim) -> None:
    call(sim, "PushBroadcast", PUSH)
    call(sim, "PushBroadcast", PUSH)
    for number in range(SHOWN + 1):
        call(sim, "PushBroadcast", {**PUSH, "Msgkey": f"later-{number}"})
    statistics = shown(sim)["statistics"]
    assert statistics["executed_by_msgkey"][PUSH["Msgkey"]] == 2
    assert "later-0" not in statistics["executed_by_msgkey"]
    assert statistics["msgkeys"] == SHOWN + 2
    assert len(shown(sim)["tasks"]) == len(shown(sim)["requests"]) == SHOWN


def test_a_scheduled_push_is_shown_with_its_date_until_it_was_sent(sim: MpaasSim) -> None:
    call(sim, "PushBroadcast", {**PUSH, **LATER})
    (waiting,) = shown(sim)["scheduled"]
    assert (waiting["Executed"], waiting["Total"], waiting["PushTitle"]) == (0, 1, "Service notice")
    assert waiting["Dates"][0]["PushAt"] == (NOON + timedelta(hours=1)).isoformat()
    sim.advance(3600)
    (sent,) = shown(sim)["scheduled"]
    assert (sent["Executed"], sent["Dates"][0]["Executed"]) == (1, True)


def test_the_dates_of_a_recurring_push_are_one_group_and_not_endless(sim: MpaasSim) -> None:
    call(sim, "PushBroadcast", {**PUSH, **daily(30)})
    sim.advance(5 * 86_400)
    (group,) = shown(sim)["scheduled"]
    assert (group["Executed"], group["Total"]) == (5, 30)
    assert [date["Executed"] for date in group["Dates"]] == [True] * PASSED + [False] * COMING
    assert group["Dates"][PASSED]["PushAt"] == "2026-12-07T01:45:11+00:00"
    assert group["LastAt"] == "2026-12-31T01:45:11+00:00"


def test_what_goes_out_next_stands_first_and_what_is_finished_last(sim: MpaasSim) -> None:
    call(sim, "PushBroadcast", {**PUSH, **daily(2), "TaskName": "tomorrow"})
    call(sim, "PushBroadcast", {**PUSH, **LATER, "TaskName": "in an hour"})
    assert [group["TaskName"] for group in shown(sim)["scheduled"]] == ["in an hour", "tomorrow"]
    sim.advance(3600)
    assert [group["TaskName"] for group in shown(sim)["scheduled"]] == ["tomorrow", "in an hour"]


def test_a_request_that_hangs_is_told_as_unfinished(sim: MpaasSim) -> None:
    sim.misbehave(Misbehaviour(kind="slow", seconds=0))
    call(sim, "PushBroadcast", PUSH)
    (row,) = shown(sim)["requests"]
    assert (row["misbehaviour"], row["finished"], row["code"]) == ("slow before", True, "OK")
    entry = sim.journal.arrived("2026-12-01T04:00:00+00:00", "PushBroadcast", PUSH, headers=(), body=b"")
    row = shown(sim)["requests"][-1]
    assert (row["number"], row["finished"], row["status"], row["code"]) == (entry.number, False, None, "")
    assert (row["about"], row["DeliveryType"], row["milliseconds"]) == (PUSH["Msgkey"], 1, None)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, ("right", 200, "OK", True)),
        ({"TemplateName": "none"}, ("right", 200, "3022", False)),
        ({"DeliveryType": "many"}, ("right", 200, "3028", False)),
    ],
    ids=str,
)
def test_a_request_is_told_with_its_result(
    sim: MpaasSim, changed: dict[str, str], told: tuple[str, int, str, bool]
) -> None:
    call(sim, "PushBroadcast", {**PUSH, **changed})
    (row,) = shown(sim)["requests"]
    assert (row["signature"], row["status"], row["code"], row["executed"]) == told


def test_a_forged_request_is_told_as_forged(sim: MpaasSim) -> None:
    call(sim, "PushBroadcast", PUSH, secret="guess")
    (row,) = shown(sim)["requests"]
    assert (row["signature"], row["code"]) == ("SignatureDoesNotMatch", "SignatureDoesNotMatch")


def test_a_reply_that_is_no_json_has_no_result(sim: MpaasSim) -> None:
    entry = sim.journal.arrived("", "PushBroadcast", {}, headers=(), body=b"")
    sim.journal.note(entry, finished=True, reply="<html>")
    assert shown(sim)["requests"][0]["code"] == ""


def test_requests_that_only_read_are_left_to_the_log(sim: MpaasSim) -> None:
    here = {"AppId": LIVE.app_id, "WorkspaceId": LIVE.workspace_id}
    call(sim, "GetTemplate", {**here, "TemplateName": "outage"})
    call(sim, "QueryPushAnalysisTaskList", {**here, "StartTime": "0"})
    call(sim, "CancelPushScheduler", {**here, "UniqueIds": "0" * 32})
    assert [(row["action"], row["about"]) for row in shown(sim)["requests"]] == [("CancelPushScheduler", "0" * 32)]


def test_a_template_is_told_with_its_placeholders(sim: MpaasSim) -> None:
    sim.put_template(TEST.app_id, TEST.workspace_id, Template("hello", "Hi #name#", "Welcome"))
    found = [row for row in shown(sim)["templates"] if row["Name"] == "hello"]
    assert [(row["Environment"], row["Variables"]) for row in found] == [("test", "name")]
