"""The simulated mPaaS, driven by the vendor's real SDK: what that client can read is the vendor's shape."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import clock
import pytest
from alibabacloud_mpaas20201028 import models
from alibabacloud_mpaas20201028.client import Client
from alibabacloud_tea_openapi.exceptions import ClientException, ServerException, ThrottlingException
from playground.mpaas_bench import APP, GUARDED, runtime, simulated, vendor_broadcast, vendor_client

from bot.playground.mpaas.calendar import SHANGHAI
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.mpaas.sim import MpaasSim

HERE = {"app_id": APP.app_id, "workspace_id": APP.workspace_id}


@pytest.fixture(scope="module")
def shared() -> Iterator[MpaasSim]:
    sim = simulated(clock.now).start()
    yield sim
    sim.stop()
    assert not sim.failures


@pytest.fixture
def sim() -> Iterator[MpaasSim]:
    sim = simulated(clock.now).start()
    yield sim
    sim.stop()
    assert not sim.failures


def broadcast(sim: MpaasSim, client: Client | None = None, **changed: object) -> models.PushBroadcastResponseBody:
    client = client or vendor_client(sim)
    return client.push_broadcast_with_options(vendor_broadcast(**changed), runtime()).body


def test_an_immediate_broadcast_succeeds_and_tells_no_task_id(sim: MpaasSim) -> None:
    body = broadcast(sim)
    assert (body.result_code, body.push_result.success, body.push_result.data) == ("OK", True, "")
    assert re.fullmatch(r"[0-9A-F]{8}-([0-9A-F]{4}-){3}[0-9A-F]{12}", body.request_id)
    assert sim.journal.entries()[0].signature == "right"


def test_the_task_is_found_by_its_name(sim: MpaasSim) -> None:
    start = int((clock.now() - timedelta(minutes=1)).timestamp() * 1000)
    broadcast(sim)
    broadcast(sim, task_name="another")
    ask = models.QueryPushAnalysisTaskListRequest(**HERE, start_time=start, task_name="outage 7F3K")
    rows = vendor_client(sim).query_push_analysis_task_list_with_options(ask, runtime()).body.result_content.data
    assert [(row.task_name, row.template_name, row.type) for row in rows] == [("outage 7F3K", "outage", 3)]
    assert rows[0].task_id == sim.tasks()[0].task_id


@pytest.fixture
def standing() -> Iterator[MpaasSim]:
    """Give a simulator whose clock stands still, at a time that the client's signatures fit."""
    began = clock.now()
    sim = simulated(lambda: began).start()
    yield sim
    sim.stop()
    assert not sim.failures


def details_of(client: Client, sim: MpaasSim) -> list[Any]:
    return [
        client.query_push_analysis_task_detail_with_options(
            models.QueryPushAnalysisTaskDetailRequest(**HERE, task_id=task.task_id), runtime()
        ).body.result_content.data
        for task in sim.tasks()
    ]


def index_of(client: Client, sim: MpaasSim) -> Any:
    now = int(sim.now().timestamp() * 1000)
    ask = models.QueryPushAnalysisCoreIndexRequest(**HERE, start_time=now - 86_400_000, end_time=now, type="BROADCAST")
    return client.query_push_analysis_core_index_with_options(ask, runtime()).body.result_content.data


@pytest.mark.parametrize("seconds", [0, 1, 12, 30, 59, 60, 600])
def test_numbers_of_a_task_and_of_all_tasks_agree_at_any_time(standing: MpaasSim, seconds: int) -> None:
    client = vendor_client(standing)
    broadcast(standing, client)
    broadcast(standing, client, delivery_type=2, msgkey="7F3K-ios")
    standing.advance(seconds)
    total, details = index_of(client, standing), details_of(client, standing)
    assert total.push_total_num == sum(detail.push_num for detail in details)
    assert total.push_num == sum(detail.push_success_num for detail in details)
    assert total.arrival_num == sum(detail.push_arrival_num for detail in details)
    assert [detail.end_time - detail.start_time for detail in details] == [min(seconds, 60) * 1000] * 2


def test_in_the_end_the_numbers_are_those_of_the_whole_fleet(standing: MpaasSim) -> None:
    client = vendor_client(standing)
    broadcast(standing, client)
    broadcast(standing, client, delivery_type=2, msgkey="7F3K-ios")
    standing.advance(60)
    total = index_of(client, standing)
    assert (total.push_total_num, total.push_num, total.arrival_num) == (2000.0, 1960.0, 1861.0)
    assert 0 < total.open_rate < total.ignore_rate < total.arrival_rate < 1
    assert [detail.duration for detail in details_of(client, standing)] == ["0:01:00"] * 2


def scheduled_at(moment: datetime) -> dict[str, object]:
    return {"strategy_type": 1, "strategy_content": json.dumps({"fixedTime": int(moment.timestamp()) * 1000})}


def listed(sim: MpaasSim, **more: object) -> list[Any]:
    window = {"start_time": 0, "end_time": int((clock.now() + timedelta(days=200)).timestamp() * 1000)}
    ask = models.QueryPushSchedulerListRequest(**{**HERE, **window, **more})
    data = vendor_client(sim).query_push_scheduler_list_with_options(ask, runtime()).body.result_content.data
    assert data.total_count >= len(data.list)
    return list(data.list)


def test_a_scheduled_broadcast_waits_under_the_id_that_was_told(sim: MpaasSim) -> None:
    task_id = broadcast(sim, **scheduled_at(clock.now() + timedelta(hours=1))).push_result.data
    assert re.fullmatch(r"[0-9a-f]{32}", task_id)
    (row,) = listed(sim, unique_id=task_id)
    assert (row.unique_id, row.parent_id, row.executed_status, row.type) == (task_id, task_id, "0", 3)
    assert not sim.tasks()
    sim.advance(3600)
    assert [task.parent_id for task in sim.tasks()] == [task_id]
    assert [sub.executed for sub in sim.scheduled()] == [True]


def test_a_recurring_broadcast_has_one_sub_task_for_each_date(sim: MpaasSim) -> None:
    first = clock.now().astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    content = {
        "startTime": int(first.timestamp()) * 1000,
        "endTime": int((first + timedelta(days=2)).timestamp()) * 1000,
        "circleType": 1,
        "time": "09:45:11",
    }
    parent = broadcast(sim, strategy_type=2, strategy_content=json.dumps(content)).push_result.data
    rows = listed(sim, unique_id=parent)
    assert [datetime.fromtimestamp(row.push_time / 1000, UTC).astimezone(SHANGHAI) for row in rows] == [
        first.replace(hour=9, minute=45, second=11) + timedelta(days=day) for day in range(3)
    ]
    assert {row.parent_id for row in rows} == {parent}
    assert parent not in {row.unique_id for row in rows}
    assert len(listed(sim, unique_id=rows[1].unique_id)) == 1


def test_cancelling_answers_for_each_id_in_a_json_string(sim: MpaasSim) -> None:
    task_id = broadcast(sim, **scheduled_at(clock.now() + timedelta(hours=1))).push_result.data
    ask = models.CancelPushSchedulerRequest(**HERE, unique_ids=f"{task_id},{'0' * 32}")
    body = vendor_client(sim).cancel_push_scheduler_with_options(ask, runtime()).body
    assert json.loads(body.result_content) == {task_id: "1", "0" * 32: "0"}
    sim.advance(7200)
    assert not sim.tasks()


def test_a_sent_task_is_revoked_for_seven_days(sim: MpaasSim) -> None:
    broadcast(sim)
    number = sim.tasks()[0].task_id

    def revoke(task_id: str) -> tuple[bool, str]:
        ask = models.RevokePushTaskRequest(**HERE, task_id=task_id)
        body = vendor_client(sim).revoke_push_task_with_options(ask, runtime()).body
        return body.push_result.success, body.result_code

    assert revoke(number) == (True, "OK")
    assert sim.tasks()[0].revoked_at is not None
    assert revoke("1") == (False, "3028")


def test_templates_are_listed_by_pages_read_and_made(sim: MpaasSim) -> None:
    client = vendor_client(sim)
    page = client.list_template_page_with_options(
        models.ListTemplatePageRequest(**HERE, current_page=2, page_size=2), runtime()
    ).body
    assert (page.success, page.code, page.total_size, page.current_page) == (True, "100", 5, 2)
    assert [row.name for row in page.data] == ["december_sale", "maintenance"]
    new = models.CreateTemplateRequest(**HERE, template_name="hello", title="Hi #name#", content="Welcome to #place#")
    assert client.create_template_with_options(new, runtime()).body.code == "100"
    assert client.create_template_with_options(new, runtime()).body.code == "3036"
    found = client.get_template_with_options(models.GetTemplateRequest(**HERE, template_name="hello"), runtime()).body
    assert (found.data.title, found.data.variables) == ("Hi #name#", "name,place")
    missing = client.get_template_with_options(models.GetTemplateRequest(**HERE, template_name="no"), runtime()).body
    assert (missing.success, missing.code) == (False, "3022")


def test_a_push_to_test_devices_is_no_broadcast(sim: MpaasSim) -> None:
    said = {"delivery_type": 3, "expired_seconds": 300, "template_name": "maintenance", "task_name": "try"}
    ask = models.PushTemplateRequest(**HERE, **said, target_msgkey='{"user1":"m1","user2":"m2"}')
    assert vendor_client(sim).push_template_with_options(ask, runtime()).body.push_result.success
    assert sim.tasks()[0].push.msgkeys == ("m1", "m2")
    assert sim.journal.executed_by_msgkey() == {}
    none = models.PushTemplateRequest(**HERE, **said, target_msgkey="{}")
    assert vendor_client(sim).push_template_with_options(none, runtime()).body.result_code == "3021"


@pytest.mark.parametrize(
    "payload", [{"hms": {"data": "d1", "n": 1, "l": [1, "x"], "b": True}}, '{"hms":{"data":"d1"}}']
)
def test_a_transparent_payload_is_taken_flattened_and_as_json(shared: MpaasSim, payload: object) -> None:
    body = broadcast(shared, transparent_message_payload=payload, transparent_message_urgency="HIGH")
    assert body.push_result.success


DECLINED: list[tuple[str, dict[str, object]]] = [
    ("3003", {"app_id": ""}),
    ("3007", {"app_id": "ONEX0"}),
    ("8012", {"workspace_id": "default"}),
    ("8014", {"app_id": GUARDED.app_id, "workspace_id": GUARDED.workspace_id}),
    ("8013", {"app_id": GUARDED.app_id, "workspace_id": GUARDED.workspace_id, "tenant_id": "OTHER"}),
    ("3019", {"task_name": None}),
    ("3009", {"delivery_type": 4}),
    ("3009", {"delivery_type": None}),
    ("3030", {"delivery_type": 3}),
    ("3028", {"msgkey": None}),
    ("3020", {"expired_seconds": None}),
    ("3020", {"expired_seconds": 0}),
    ("3026", {"expired_seconds": 2**31}),
    ("3025", {"template_name": ""}),
    ("3028", {"template_name": "a,b"}),
    ("3022", {"template_name": "nowhere"}),
    ("3023", {"template_key_value": '{"city":"Berlin"}'}),
    ("3028", {"template_key_value": '{"city":"Berlin","time":14}'}),
    ("3028", {"template_key_value": "[]"}),
    ("3028", {"template_key_value": '{"city":'}),
    ("3050", {"template_key_value": json.dumps({"city": "城" * 700, "time": "14:00"})}),
    ("3028", {"push_status": 3}),
    ("3028", {"bind_period": None}),
    ("3028", {"bind_period": 5}),
    ("3028", {"push_status": 1}),
    ("3028", {"push_status": 2, "un_bind_period": 0}),
    ("3028", {"time_mode": 1}),
    ("3028", {"time_mode": 1, "bind_start_time": 2, "bind_end_time": 1}),
    ("3028", {"bind_start_time": 1}),
    ("3028", {"android_channel": 3}),
    ("3028", {"strategy_type": 3}),
    ("3028", {"strategy_type": 1}),
    ("3028", {"strategy_type": 1, "strategy_content": '{"fixedTime":1}'}),
    ("3028", {"classification": "2"}),
    ("3028", {"third_channel_category": {"harmonyos": "14"}}),
    ("3028", {"third_channel_category": {"hms": 9}}),
    ("3028", {"notify_level": {"hms": "3"}}),
    ("3028", {"transparent_message_payload": {"apns": {"data": "d"}}}),
    ("3028", {"transparent_message_payload": '{"hms":"text"}'}),
    ("3028", {"transparent_message_urgency": "HIGH"}),
    ("3028", {"transparent_message_payload": '{"fcm":{"a":"b"}}', "transparent_message_urgency": "LOW"}),
    ("3035", {"extended_params": json.dumps({f"k{number}": "v" for number in range(21)})}),
    ("3044", {"extended_params": '{"taskId":"1"}'}),
    ("3044", {"extended_params": '{"badge":"many"}'}),
    ("3028", {"notify_type": "loud"}),
    ("3028", {"push_action": 2}),
    ("3028", {"silent": 2}),
    ("3028", {"vendor_template": "[]"}),
]


@pytest.mark.parametrize(("code", "changed"), DECLINED, ids=lambda value: str(value)[:50])
def test_a_broadcast_that_breaks_a_rule_fails_with_http_200(
    shared: MpaasSim, code: str, changed: dict[str, object]
) -> None:
    before = len(shared.tasks())
    body = broadcast(shared, **changed)
    assert (body.result_code, body.push_result.success, body.push_result.data) == (code, False, "")
    assert body.result_message
    assert len(shared.tasks()) == before
    assert not shared.journal.entries()[-1].executed


ALLOWED: list[dict[str, object]] = [
    {"delivery_type": 2},
    {"delivery_type": 7},
    {"push_status": 1, "un_bind_period": 1, "bind_period": None},
    {"time_mode": 1, "bind_start_time": 1, "bind_end_time": 2, "bind_period": None},
    {"push_status": 2, "time_mode": 1, "un_bind_start_time": 1, "un_bind_end_time": 2},
    {"template_name": "maintenance", "template_key_value": None},
    {"template_name": "停机通知", "template_key_value": '{"城市":"柏林","时间":"14:00"}', "task_name": "群发 +~*"},
    {"third_channel_category": {"hms": "14", "harmonyos": "13", "vivo": "1"}, "notify_level": {"oppo": "2"}},
    {"extended_params": json.dumps({f"k{number}": "v" for number in range(20)}), "mi_channel_id": "123321"},
    {"extended_params": "", "channel_id": "c", "classification": "0", "notify_type": "notify", "silent": 1},
    {"android_channel": 2, "push_action": 0, "vendor_template": '{"oppo":{"x":"y"}}', "tenant_id": "ANY"},
]


@pytest.mark.parametrize("changed", ALLOWED, ids=lambda value: str(value)[:50])
def test_a_broadcast_within_the_rules_is_taken(shared: MpaasSim, changed: dict[str, object]) -> None:
    body = broadcast(shared, **changed)
    assert body.push_result.success, body.result_message


def test_no_more_than_a_hundred_tasks_wait(sim: MpaasSim) -> None:
    client, later = vendor_client(sim), scheduled_at(clock.now() + timedelta(hours=1))
    assert all(broadcast(sim, client, **later).push_result.success for _ in range(100))
    assert broadcast(sim, client, **later).result_code == "3028"
    waiting = sim.scheduled()[0].unique_id
    ask = models.CancelPushSchedulerRequest(**HERE, unique_ids=waiting, type=1)
    client.cancel_push_scheduler_with_options(ask, runtime())
    assert broadcast(sim, client, **later).push_result.success


def test_a_wrong_secret_and_an_unknown_key_are_stopped_at_the_gateway(shared: MpaasSim) -> None:
    with pytest.raises(ClientException, match="server string to sign is:ACS3-HMAC-SHA256") as wrong:
        broadcast(shared, vendor_client(shared, "testid", "guess"))
    assert (wrong.value.code, wrong.value.status_code) == ("SignatureDoesNotMatch", 400)
    with pytest.raises(ClientException) as unknown:
        broadcast(shared, vendor_client(shared, "nobody", "guess"))
    assert (unknown.value.code, unknown.value.status_code) == ("InvalidAccessKeyId.NotFound", 404)


def test_an_action_that_does_not_exist_is_told_by_the_gateway(shared: MpaasSim) -> None:
    ask = models.PushQueryDeviceStateRequest(app_id=APP.app_id)
    with pytest.raises(ClientException) as gone:
        vendor_client(shared).push_query_device_state_with_options(ask, runtime())
    assert (gone.value.code, gone.value.status_code) == ("InvalidAction.NotFound", 404)


def test_throttling_and_server_errors_reach_the_client_as_such(sim: MpaasSim) -> None:
    sim.misbehave(Misbehaviour(kind="throttle", retry_after_ms=1500))
    with pytest.raises(ThrottlingException) as slow_down:
        broadcast(sim)
    assert (slow_down.value.code, slow_down.value.retry_after) == ("Throttling.User", 1500)
    sim.misbehave(Misbehaviour(kind="status", status=502, when="after"))
    with pytest.raises(ServerException):
        broadcast(sim)
    assert sim.journal.executed_by_msgkey() == {"7F3K-android": 1}


def test_a_repeated_msgkey_is_executed_again_and_counted(sim: MpaasSim) -> None:
    assert broadcast(sim).push_result.success
    assert broadcast(sim).push_result.success
    assert sim.journal.executed_by_msgkey() == {"7F3K-android": 2}
