"""The simulated mPaaS's control API and its life as a process of its own: what other processes' tests rely on."""

import base64
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from places import ROOT
from playground.mpaas_bench import APP, BROADCAST, GUARDED, NOON, call, control, exchange, signed, simulated

from bot.playground.mpaas.results import Failure
from bot.playground.mpaas.sim import MpaasSim, main
from bot.playground.mpaas.tasks import DELIVERY

HERE = {"AppId": APP.app_id, "WorkspaceId": APP.workspace_id}


@pytest.fixture
def sim() -> Iterator[MpaasSim]:
    sim = simulated().start()
    yield sim
    sim.stop()
    assert not sim.failures


def test_the_journal_tells_each_request_and_its_fate(sim: MpaasSim) -> None:
    call(sim, "PushBroadcast", BROADCAST)
    call(sim, "PushBroadcast", {**BROADCAST, "TaskName": ""})
    call(sim, "PushBroadcast", BROADCAST, secret="guess")
    right, broken, forged = control(sim.url, "GET", "journal?action=PushBroadcast")
    assert [entry["executed"] for entry in (right, broken, forged)] == [True, False, False]
    assert [entry["signature"] for entry in (right, broken, forged)] == ["right", "right", "SignatureDoesNotMatch"]
    assert [entry["status"] for entry in (right, broken, forged)] == [200, 200, 400]
    assert right["parameters"] == BROADCAST
    assert base64.b64decode(right["body_base64"]) == urlencode(BROADCAST).encode()
    assert json.loads(broken["reply"])["ResultCode"] == "3019"
    assert ["x-acs-version", "2020-10-28"] in right["headers"]
    assert control(sim.url, "DELETE", "journal") is None
    assert control(sim.url, "GET", "journal") == []


def test_executed_broadcasts_are_counted_by_msgkey(sim: MpaasSim) -> None:
    for key in ("a", "b", "a"):
        call(sim, "PushBroadcast", {**BROADCAST, "Msgkey": key})
    call(sim, "PushBroadcast", {**BROADCAST, "Msgkey": "c", "TemplateName": "none"})
    assert control(sim.url, "GET", "msgkeys") == {"a": 2, "b": 1}
    statistics = control(sim.url, "GET", "statistics")
    assert (statistics["requests"], statistics["broadcasts_executed"], statistics["tasks"]) == (4, 3, 3)


def test_misbehaviour_is_planned_shown_and_cleared(sim: MpaasSim) -> None:
    planned = control(sim.url, "POST", "misbehaviour", {"kind": "status", "when": "after", "times": 2})
    assert (planned[0]["kind"], planned[0]["times"]) == ("status", 2)
    assert call(sim, "PushBroadcast", BROADCAST)["Code"] == "ServiceUnavailable"
    assert control(sim.url, "GET", "misbehaviour")[0]["times"] == 1
    control(sim.url, "DELETE", "misbehaviour")
    assert call(sim, "PushBroadcast", BROADCAST)["ResultCode"] == "OK"
    assert control(sim.url, "POST", "let_go", {"execute": False}) is None


def test_a_closed_door_opens_by_itself(sim: MpaasSim) -> None:
    control(sim.url, "POST", "misbehaviour", {"kind": "refuse", "seconds": 0})
    assert sim.reopened()
    assert control(sim.url, "GET", "journal") == []


def test_waiting_ends_when_enough_requests_are_there_or_time_is_up(sim: MpaasSim) -> None:
    assert control(sim.url, "GET", "wait?action=PushBroadcast&seconds=0") is False
    call(sim, "PushBroadcast", BROADCAST)
    assert control(sim.url, "GET", "wait?action=PushBroadcast&count=1&finished=1") is True
    assert control(sim.url, "GET", "wait?count=2&seconds=0.01") is False


def test_templates_can_be_edited_while_the_service_runs(sim: MpaasSim) -> None:
    names = [row["Name"] for row in control(sim.url, "GET", "templates") if row["AppId"] == APP.app_id]
    assert names == ["outage", "recall", "december_sale", "maintenance", "停机通知"]
    edited = control(sim.url, "PUT", "templates", {**HERE, "Name": "outage", "Title": "New", "Content": "Hi #who#"})
    assert (edited["Variables"], edited["Id"]) == ("who", "1001")
    assert call(sim, "GetTemplate", {**HERE, "TemplateName": "outage"})["Data"]["Title"] == "New"
    assert call(sim, "PushBroadcast", {**BROADCAST, "TemplateKeyValue": "{}"})["ResultCode"] == "3023"
    control(sim.url, "DELETE", "templates", {**HERE, "Name": "outage"})
    assert call(sim, "PushBroadcast", BROADCAST)["ResultCode"] == "3022"


def test_an_edit_keeps_what_it_does_not_name(sim: MpaasSim) -> None:
    before = next(one for one in sim.templates(APP.app_id, APP.workspace_id) if one.name == "december_sale")
    after = sim.edit_template(APP.app_id, APP.workspace_id, "december_sale", title="Over", content="It is over.")
    assert (after.title, after.content, after.uri) == ("Over", "It is over.", before.uri)
    assert (after.push_style, after.image_urls, after.desc_info) == (before.push_style, before.image_urls, "Promotion")
    new = sim.edit_template(APP.app_id, APP.workspace_id, "new", title="New", content="Text")
    assert (new.name, new.push_style) == ("new", "0")
    with pytest.raises(Failure, match="TEMPLATE_TITLE_INVALID"):
        sim.edit_template(APP.app_id, APP.workspace_id, "another", content="Text")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"TemplateName": ""}, "3037"),
        ({"TemplateName": "a,b"}, "3038"),
        ({"TemplateName": "n" * 201}, "3038"),
        ({"Content": " "}, "3039"),
        ({"Title": ""}, "3040"),
        ({"Uri": " app://x"}, "3042"),
        ({"Variables": "other"}, "3028"),
        ({"ShowStyle": "2"}, "3028"),
        ({"TemplateName": "outage"}, "3036"),
        ({"Variables": "who"}, "100"),
    ],
    ids=str,
)
def test_a_new_template_is_checked(sim: MpaasSim, changed: dict[str, str], code: str) -> None:
    said = {**HERE, "TemplateName": "new", "Title": "Hi", "Content": "Hi #who#", **changed}
    assert call(sim, "CreateTemplate", said)["Code"] == code


def test_an_app_holds_at_most_a_hundred_templates(sim: MpaasSim) -> None:
    said = {**HERE, "Title": "t", "Content": "c"}
    codes = [call(sim, "CreateTemplate", {**said, "TemplateName": f"t{number}"})["Code"] for number in range(96)]
    assert codes == ["100"] * 95 + ["3028"]


def test_a_message_that_is_blank_after_filling_is_refused(sim: MpaasSim) -> None:
    control(sim.url, "PUT", "templates", {**HERE, "Name": "blank", "Title": "#a#", "Content": "c"})
    blank = {**BROADCAST, "TemplateName": "blank", "TemplateKeyValue": '{"a":" "}'}
    assert call(sim, "PushBroadcast", blank)["ResultCode"] == "3024"


@pytest.mark.parametrize(("targets", "code"), [(10, "OK"), (11, "3029"), (0, "3021")])
def test_a_targeted_push_takes_ten_targets(sim: MpaasSim, targets: int, code: str) -> None:
    said = {name: BROADCAST[name] for name in ("TaskName", "ExpiredSeconds", "TemplateName", "TemplateKeyValue")}
    keys = json.dumps({f"user{number}": f"m{number}" for number in range(targets)})
    assert call(sim, "PushTemplate", {**HERE, **said, "DeliveryType": "3", "TargetMsgkey": keys})["ResultCode"] == code


@pytest.mark.parametrize("ids", ["", "a,,b", ",".join(f"{number}" for number in range(31))])
def test_cancelling_takes_one_to_thirty_ids(sim: MpaasSim, ids: str) -> None:
    assert call(sim, "CancelPushScheduler", {**HERE, "UniqueIds": ids})["ResultCode"] == "3028"


@pytest.mark.parametrize("page", [{"PageNumber": "0"}, {"PageSize": "-1"}])
def test_a_page_that_cannot_be_is_refused(sim: MpaasSim, page: dict[str, str]) -> None:
    assert call(sim, "QueryPushAnalysisTaskList", {**HERE, "StartTime": "0", **page})["ResultCode"] == "3028"


def test_the_clock_moves_forward_and_sends_what_is_due(sim: MpaasSim) -> None:
    later = int((NOON + timedelta(hours=1)).timestamp()) * 1000
    strategy = {"StrategyType": "1", "StrategyContent": json.dumps({"fixedTime": later})}
    task_id = call(sim, "PushBroadcast", {**BROADCAST, **strategy})["PushResult"]["Data"]
    (waiting,) = control(sim.url, "GET", "scheduled")
    assert (waiting["UniqueId"], waiting["ExecutedStatus"], waiting["PushTime"]) == (task_id, "0", later)
    assert control(sim.url, "POST", "clock", {"advance": 3599}) == "2026-12-01T04:59:59+00:00"
    assert control(sim.url, "GET", "tasks") == []
    control(sim.url, "POST", "clock", {"advance": 1})
    (task,) = control(sim.url, "GET", "tasks")
    assert (task["ParentId"], task["Content"]) == (task_id, "Berlin is back online at 14:00. Thank you for waiting.")
    assert control(sim.url, "GET", "scheduled")[0]["ExecutedStatus"] == "1"


def test_a_fresh_task_can_stay_out_of_the_list_for_a_while(sim: MpaasSim) -> None:
    control(sim.url, "POST", "listing_delay", {"seconds": 30})
    call(sim, "PushBroadcast", BROADCAST)
    ask = {**HERE, "StartTime": "0", "TaskName": BROADCAST["TaskName"]}
    assert call(sim, "QueryPushAnalysisTaskList", ask)["ResultContent"]["Data"] == []
    sim.advance(30)
    assert len(call(sim, "QueryPushAnalysisTaskList", ask)["ResultContent"]["Data"]) == 1


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "nothing", b"", 404),
        ("PATCH", "journal", b"", 404),
        ("POST", "misbehaviour", b'{"kind":"explode"}', 400),
        ("POST", "misbehaviour", b"{", 400),
        ("POST", "clock", b'{"advance":-1}', 400),
        ("POST", "clock", b'{"advance":1e300}', 400),
        ("POST", "clock", b'{"advance":NaN}', 400),
        ("POST", "clock", b'{"advance":"1"}', 400),
        ("POST", "clock", b"[]", 400),
        ("GET", "wait?count=many", b"", 400),
        ("PUT", "templates", b'{"AppId":"x"}', 404),
        ("PUT", "templates", b'{"AppId":"x","WorkspaceId":"y","Name":"n"}', 404),
        ("DELETE", "templates", json.dumps({**HERE, "Name": "none"}).encode(), 404),
        ("PUT", "templates", json.dumps({**HERE, "Name": "n", "Title": "t"}).encode(), 400),
    ],
)
def test_a_control_call_that_makes_no_sense_gets_a_sentence(
    sim: MpaasSim, method: str, path: str, body: bytes, status: int
) -> None:
    got, _, answer = exchange(sim.url, method, f"/_control/{path}", body=body)
    assert (got, answer["ok"]) == (status, False)
    assert answer["error"]
    assert control(sim.url, "GET", "statistics")["now"] == NOON.isoformat()


def test_another_site_cannot_steer_the_simulator(sim: MpaasSim) -> None:
    for headers in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}):
        status, _, answer = exchange(sim.url, "POST", "/_control/clock", body=b'{"advance":60}', headers=headers)
        assert (status, list(answer)) == (403, ["error"])
    assert sim.now() == NOON


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"AppId=%FF", "3031"),
        (b"AppId=a&AppId=b", "3028"),
        (b"AppId", "3028"),
        (b"AppId=%zz", "3028"),
        (b"", "3003"),
        (urlencode({**BROADCAST, "Colour": "red"}).encode(), "3028"),
        (urlencode({**BROADCAST, "BindPeriod": "True"}).encode(), "3028"),
        (urlencode({**BROADCAST, "ExpiredSeconds": "6e2"}).encode(), "3028"),
        (urlencode({**BROADCAST, "TemplateKeyValue": '{"city":"\\ud800","time":"1"}'}).encode(), "3028"),
        (urlencode({**BROADCAST, "TemplateKeyValue": '{"city":"a","city":"b","time":"1"}'}).encode(), "3028"),
        (urlencode({**BROADCAST, "TransparentMessagePayload.hms": "d"}).encode(), "3028"),
        (
            urlencode(
                {**BROADCAST, "TransparentMessagePayload.fcm.a": "d", "TransparentMessagePayload": '{"fcm":{}}'}
            ).encode(),
            "3028",
        ),
        (
            urlencode(
                {**BROADCAST, "TransparentMessagePayload.fcm.a": "d", "TransparentMessagePayload.fcm.a.b": "e"}
            ).encode(),
            "3028",
        ),
    ],
)
def test_a_malformed_body_is_a_business_failure(sim: MpaasSim, body: bytes, code: str) -> None:
    _, _, answer = exchange(sim.url, "POST", "/", body=body, headers=signed(sim, "PushBroadcast", body))
    assert answer["ResultCode"] == code


def test_apps_see_neither_each_others_tasks_nor_templates(sim: MpaasSim) -> None:
    call(sim, "PushBroadcast", BROADCAST)
    there = {"AppId": GUARDED.app_id, "WorkspaceId": GUARDED.workspace_id, "TenantId": GUARDED.tenant_id}
    assert (
        call(sim, "QueryPushAnalysisTaskList", {**there, "StartTime": "0"}, key="liveid")["ResultContent"]["Data"] == []
    )
    control(sim.url, "PUT", "templates", {**HERE, "Name": "only here", "Title": "t", "Content": "c"})
    assert call(sim, "GetTemplate", {**there, "TemplateName": "only here"}, key="liveid")["Code"] == "3022"
    del there["TenantId"]
    assert call(sim, "GetTemplate", {**there, "TemplateName": "outage"}, key="liveid")["Code"] == "8013"


def test_a_task_is_revoked_within_seven_days(sim: MpaasSim) -> None:
    call(sim, "PushBroadcast", BROADCAST)
    ask = {**HERE, "TaskId": sim.tasks()[0].task_id}
    sim.advance(7 * 86_400)
    assert call(sim, "RevokePushTask", ask)["ResultCode"] == "OK"
    sim.advance(1)
    assert call(sim, "RevokePushTask", ask)["ResultCode"] == "3028"


@pytest.mark.parametrize(
    ("asked", "pushes"),
    [
        ({}, 2001.0),
        ({"Platform": "IOS"}, 800.0),
        ({"Channel": "ANDROID"}, 1200.0),
        ({"Channel": "HMS"}, 0.0),
        ({"Type": "TEMPLATE"}, 1.0),
        ({"TaskId": "20842863"}, 1200.0),
    ],
    ids=str,
)
def test_statistics_count_what_was_asked_for(sim: MpaasSim, asked: dict[str, str], pushes: float) -> None:
    call(sim, "PushBroadcast", BROADCAST)
    call(sim, "PushBroadcast", {**BROADCAST, "DeliveryType": "2"})
    said = {name: BROADCAST[name] for name in ("TaskName", "ExpiredSeconds", "TemplateName", "TemplateKeyValue")}
    call(sim, "PushTemplate", {**HERE, **said, "DeliveryType": "3", "TargetMsgkey": '{"user1":"m1"}'})
    sim.advance(DELIVERY.total_seconds())
    day = str(int(NOON.timestamp()) * 1000)
    answer = call(sim, "QueryPushAnalysisCoreIndex", {**HERE, "StartTime": day, "EndTime": day, **asked})
    assert answer["ResultContent"]["Data"]["PushTotalNum"] == pushes


@pytest.mark.parametrize("days", [-1, 91])
def test_statistics_cover_at_most_ninety_days(sim: MpaasSim, days: int) -> None:
    window = {"StartTime": "1764547200000", "EndTime": str(1764547200000 + days * 86_400_000)}
    assert call(sim, "QueryPushAnalysisCoreIndex", {**HERE, **window})["ResultCode"] == "3028"


def test_it_starts_again_and_remembers(sim: MpaasSim) -> None:
    call(sim, "PushBroadcast", BROADCAST)
    sim.stop()
    sim.start()
    assert len(control(sim.url, "GET", "tasks")) == 1


def test_as_a_process_it_prints_its_address_serves_and_stops_on_sigterm() -> None:
    command = [sys.executable, "-m", "bot.playground.mpaas.sim", "--app", "A1:live:T1", "--access-key", "k:s"]
    root = ROOT
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        url = json.loads(process.stdout.readline())["url"]
        assert {row["AppId"] for row in control(url, "GET", "templates")} == {"A1"}
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert process.stderr.read() == b""


@pytest.mark.parametrize("arguments", [["--app", "A1"], ["--access-key", "k"], ["--port", "x"]])
def test_a_wrong_command_line_is_told_in_words(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "error: argument" in capsys.readouterr().err
