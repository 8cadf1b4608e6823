"""The client's reads over real sockets: all pages, mPaaS's own clock, and ReadFailed for everything else."""

import itertools
import json
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import pytest
from mpaas.loopback import Behaviour, Loopback, answering, closing, hanging
from pydantic import SecretStr

from bot.mpaas.client import PushClient
from bot.mpaas.exchange import Timeouts
from bot.mpaas.results import ReadFailed
from bot.mpaas.signing import Credentials

_PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # loopback speaks http: no test waits for authorities to load
_NOON = datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)


def _client(endpoint: str, *, read: float = 5.0) -> PushClient:
    numbers = itertools.count()
    return PushClient(
        endpoint,
        Credentials("testid", SecretStr("testsecret")),
        app_id="ONEX",
        workspace_id="test",
        tenant_id="TENANT",
        now=lambda: _NOON,
        nonce=lambda: f"nonce-{next(numbers)}",
        tls=_PLAIN,
        timeouts=Timeouts(read=read),
        pause=lambda _: None,
    )


def _page(answer: object, headers: str = "") -> Behaviour:
    return answering(json.dumps(answer).encode(), headers=headers)


def _templates(names: Sequence[str], total: int | None) -> Behaviour:
    data = [{"Name": name} for name in names]
    return _page({"Success": True, "Code": "100", "Data": data, "TotalSize": total})


def _tasks(*tasks: dict[str, Any], headers: str = "") -> Behaviour:
    return _page({"ResultCode": "OK", "ResultContent": {"Data": list(tasks)}}, headers)


def _scheduled(ids: Sequence[str], total: int) -> Behaviour:
    data = {"TotalCount": total, "List": [{"UniqueId": unique_id} for unique_id in ids]}
    return _page({"ResultCode": "OK", "ResultContent": {"Data": data}})


def _said(raw: bytes) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(raw.partition(b"\r\n\r\n")[2].decode()).items()}


def test_templates_are_read_to_the_last_page() -> None:
    with Loopback(_templates(["a", "b"], 3), _templates(["c"], 3)) as mpaas, _client(mpaas.endpoint) as client:
        assert [template.name for template in client.list_templates()] == ["a", "b", "c"]
    assert [_said(raw)["CurrentPage"] for raw in mpaas.requests] == ["1", "2"]
    assert _said(mpaas.requests[0]) == {
        "AppId": "ONEX",
        "WorkspaceId": "test",
        "TenantId": "TENANT",
        "CurrentPage": "1",
        "PageSize": "50",
    }


@pytest.mark.parametrize("total", [None, 9])
def test_a_page_that_brings_nothing_new_is_the_last(total: int | None) -> None:
    with Loopback(_templates(["a", "b"], total)) as mpaas, _client(mpaas.endpoint) as client:
        assert [template.name for template in client.list_templates()] == ["a", "b"]
    assert len(mpaas.requests) == 2


def test_pages_without_end_are_given_up() -> None:
    pages = [_templates([f"t{number}"], None) for number in range(100)]
    with (
        Loopback(*pages) as mpaas,
        _client(mpaas.endpoint) as client,
        pytest.raises(ReadFailed, match="goes on listing after 40 pages"),
    ):
        client.list_templates()
    assert len(mpaas.requests) == 40


def test_one_template_is_read_by_its_name() -> None:
    answer = {"Success": True, "Code": "100", "Data": {"Name": "outage", "Title": "t"}}
    with Loopback(_page(answer)) as mpaas, _client(mpaas.endpoint) as client:
        assert client.get_template("outage").title == "t"
    assert _said(mpaas.requests[0])["TemplateName"] == "outage"
    assert b"x-acs-action: GetTemplate\r\n" in mpaas.requests[0]


def test_a_template_that_does_not_exist_fails_with_its_code() -> None:
    with (
        Loopback(_page({"Success": False, "Code": "3022", "Msg": "m"})) as mpaas,
        _client(mpaas.endpoint) as client,
        pytest.raises(ReadFailed, match="Choose a template that exists") as failure,
    ):
        client.get_template("gone")
    assert failure.value.code == "3022"


def test_tasks_are_found_by_name_with_the_time_at_mpaas() -> None:
    mine = {"TaskId": "1", "TaskName": "Sale B7K2"}
    nameless = {"TaskId": "2"}
    other = {"TaskId": "3", "TaskName": "Sale B7K21"}
    dated = _tasks(mine, nameless, other, headers="Date: Thu, 02 Jan 2025 03:04:06 GMT\r\n")
    with Loopback(dated) as mpaas, _client(mpaas.endpoint) as client:
        listing = client.tasks_named("Sale B7K2", since=_NOON)
    assert [task.task_id for task in listing.tasks] == ["1", "2"]
    assert listing.server_date == datetime(2025, 1, 2, 3, 4, 6, tzinfo=UTC)
    assert _said(mpaas.requests[0])["StartTime"] == "1735787045000"
    assert _said(mpaas.requests[0])["TaskName"] == "Sale B7K2"


@pytest.mark.parametrize("date", ["", "Date: soon\r\n", "Date: Thu, 02 Jan 2025 03:04:06 -0000\r\n"])
def test_without_a_readable_date_there_is_no_time_at_mpaas(date: str) -> None:
    with Loopback(_tasks(headers=date)) as mpaas, _client(mpaas.endpoint) as client:
        assert client.tasks_named("x", since=_NOON) == ((), None)
    assert len(mpaas.requests) == 1


def test_scheduled_tasks_are_read_between_two_times() -> None:
    with Loopback(_scheduled(["a"], 2), _scheduled(["b"], 2)) as mpaas, _client(mpaas.endpoint) as client:
        tasks = client.scheduled_tasks(_NOON, _NOON.replace(year=2026), unique_id="parent")
    assert [task.unique_id for task in tasks] == ["a", "b"]
    said = _said(mpaas.requests[1])
    assert (said["StartTime"], said["EndTime"]) == ("1735787045000", "1767323045000")
    assert (said["Type"], said["UniqueId"], said["PageNumber"]) == ("3", "parent", "2")


def test_a_list_of_scheduled_tasks_with_gaps_is_no_evidence() -> None:
    with (
        Loopback(_scheduled(["a"], 2)) as mpaas,
        _client(mpaas.endpoint) as client,
        pytest.raises(ReadFailed, match="says there are 2 scheduled tasks, but listed 1") as failure,
    ):
        client.scheduled_tasks(_NOON, _NOON)
    assert failure.value.code == "incomplete"


def test_a_time_without_a_zone_is_refused() -> None:
    with _client("mpaas.invalid") as client, pytest.raises(ValueError, match="a time with a zone"):
        client.tasks_named("x", since=_NOON.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        (closing, "lost"),
        (answering(b"<html>", status=502), "http_502"),
        (answering(b'{"Code":"NoPermission"}', status=403), "NoPermission"),
        (answering(b'{"Code":"Throttling"}', status=429), "Throttling"),
    ],
)
def test_a_read_that_failed_says_so_in_a_sentence(behaviour: Behaviour, code: str) -> None:
    with Loopback(behaviour) as mpaas, _client(mpaas.endpoint) as client, pytest.raises(ReadFailed) as failure:
        client.tasks_named("x", since=_NOON)
    assert failure.value.code == code
    assert failure.value.sentence.endswith(".") or failure.value.sentence.endswith(")")


def test_a_read_without_an_answer_in_time_says_so() -> None:
    mpaas = Loopback(hanging)
    with mpaas, _client(mpaas.endpoint, read=0.2) as client, pytest.raises(ReadFailed, match="in time") as failure:
        client.get_template("x")
    assert failure.value.code == "lost"


def test_a_read_that_reached_nobody_says_so() -> None:
    with (
        Loopback(listening=False) as mpaas,
        _client(mpaas.endpoint) as client,
        pytest.raises(ReadFailed, match="No connection to") as failure,
    ):
        client.list_templates()
    assert failure.value.code == "not_sent"
