"""What reads bring: typed values, or ReadFailed with a code and a sentence."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.outcome import Accepted, Declined, NotSent, Unknown
from bot.mpaas.readings import (
    PushTask,
    ScheduledTask,
    SchedulerPage,
    Template,
    read_cancellation,
    read_scheduled,
    read_tasks,
    read_template,
    read_templates,
)
from bot.mpaas.results import ReadFailed

_TEMPLATE = {
    "Id": 1024,
    "Name": "Broadcast template",
    "DescInfo": None,
    "Title": "Dear #name#",
    "Content": "#money# arrived",
    "Uri": "https://example.com/#name#",
    "Variables": "name, money,name,",
    "ShowStyle": "1",
}


def _b(answer: object) -> bytes:
    return json.dumps(answer).encode()


def _templates(**more: object) -> bytes:
    return _b({"RequestId": "r", "Success": True, "Code": "100", "Msg": "", **more})


def _content(content: object, code: str = "OK") -> bytes:
    return _b({"RequestId": "r", "ResultCode": code, "ResultMessage": "", "ResultContent": content})


def test_a_page_of_templates_is_read() -> None:
    page = read_templates(200, _templates(Data=[_TEMPLATE], TotalSize=7, CurrentPage=1, PageSize=1))
    assert page.total == 7
    assert [(found.id, found.name, found.desc_info) for found in page.templates] == [("1024", "Broadcast template", "")]


def test_a_template_names_its_placeholders_once_and_in_order() -> None:
    template = read_template(200, _templates(Data=_TEMPLATE))
    assert template.placeholders == ("name", "money")
    assert template.is_silent


def test_a_template_without_placeholders_has_none() -> None:
    assert Template(name="plain").placeholders == ()


def test_no_template_is_an_empty_page() -> None:
    assert read_templates(200, _templates(Data=None)).templates == ()


def test_tasks_of_both_levels_stand_side_by_side_once() -> None:
    inner = {"TaskId": "2", "TaskName": "inner", "GmtCreate": 1746720000000, "Type": 3}
    outer = {"TaskId": "1", "TaskName": "outer", "List": [inner]}
    group = {"TaskId": None, "TaskName": None, "List": [inner]}
    assert read_tasks(200, _content({"Data": [outer, group]})) == (
        PushTask(task_id="1", task_name="outer"),
        PushTask(task_id="2", task_name="inner", type=3, gmt_create=datetime(2025, 5, 8, 16, tzinfo=UTC)),
    )


@pytest.mark.parametrize("content", [{"Data": []}, {"Data": None}, {}, None, "", '{"Data": []}'])
def test_no_task_is_an_empty_list(content: object) -> None:
    assert read_tasks(200, _content(content)) == ()


_SCHEDULED = {
    "UniqueId": "sub",
    "ParentId": "parent",
    "PushTime": "1640966400000",
    "PushTitle": "t",
    "PushContent": "c",
    "Type": 3,
    "DeliveryType": 1,
    "StrategyType": 2,
    "ExecutedStatus": 0,
    "CreateType": 0,
    "GmtCreate": 1640966400000,
}


@pytest.mark.parametrize("as_text", [False, True])
def test_scheduled_tasks_come_as_an_object_or_as_json_text(*, as_text: bool) -> None:
    content = {"Data": {"TotalCount": 1, "List": [_SCHEDULED]}}
    page = read_scheduled(200, _content(json.dumps(content) if as_text else content))
    due = datetime(2021, 12, 31, 16, tzinfo=UTC)
    assert page == SchedulerPage(
        (
            ScheduledTask(
                unique_id="sub",
                parent_id="parent",
                push_time=due,
                push_title="t",
                push_content="c",
                type=3,
                delivery_type=1,
                strategy_type=2,
                executed_status="0",
                create_type=0,
                gmt_create=due,
            ),
        ),
        1,
    )


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (200, _templates(Success=False, Code="3022"), "3022"),
        (200, _content(None, "8012"), "8012"),
        (200, _content(None, "777"), "777"),
        (200, _templates(Success=False), "100"),
        (200, b"<html>", "unreadable"),
        (502, b"<html>", "http_502"),
        (500, _content({"Data": []}), "OK"),
        (403, _b({"Code": "NoPermission", "Message": "m"}), "NoPermission"),
        (404, b"{}", "http_404"),
        (200, _content(7), "unreadable"),
        (200, _content("not json"), "unreadable"),
        (200, _content({"Data": {"TotalCount": -1}}), "unreadable"),
        (200, _content({"Data": {"List": [{"UniqueId": ""}]}}), "unreadable"),
        (200, _content({"Data": {"List": [{**_SCHEDULED, "PushTime": 10**30}]}}), "unreadable"),
        (200, _content({"Data": {"List": [{**_SCHEDULED, "PushTime": True}]}}), "unreadable"),
        (200, _content({"Data": {"List": "many"}}), "unreadable"),
        (200, _content({"Data": {}, "data": {"List": []}}), "unreadable"),
    ],
)
def test_everything_else_fails_with_a_code_and_a_sentence(status: int, body: bytes, code: str) -> None:
    with pytest.raises(ReadFailed) as failure:
        read_scheduled(status, body)
    assert failure.value.code == code
    assert failure.value.sentence.startswith("mPaaS ")
    assert failure.value.sentence == str(failure.value)


@pytest.mark.parametrize("data", [None, [], {"Title": "no name"}, {"Name": ""}, {"Name": {}}])
def test_a_template_that_is_none_is_unreadable(data: object) -> None:
    with pytest.raises(ReadFailed) as failure:
        read_template(200, _templates(Data=data))
    assert failure.value.code == "unreadable"


def test_a_cancellation_is_told_id_by_id() -> None:
    found = read_cancellation(200, _content('{"a":"1","b":"0","c":"maybe"}'), ["a", "b", "c", "d"])
    kinds = {unique_id: outcome.kind for unique_id, outcome in found.items()}
    assert kinds == {"a": "accepted", "b": "declined", "c": "unknown", "d": "unknown"}


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, _content("", "8012"), Declined),
        (200, _content("", "8011"), NotSent),
        (200, _content("", "9000"), Unknown),
        (200, _content("3 tasks"), Unknown),
        (502, b"", Unknown),
    ],
)
def test_a_cancellation_that_failed_as_a_whole_failed_for_every_id(status: int, body: bytes, expected: type) -> None:
    found = read_cancellation(status, body, ["a", "b"])
    assert [type(outcome) for outcome in found.values()] == [expected, expected]


@pytest.mark.parametrize("said", [True, False, None, "true", 2, ["1"], {}])
def test_a_cancellation_counts_only_as_one_or_zero(said: object) -> None:
    assert isinstance(read_cancellation(200, _content({"a": said}), ["a"])["a"], Unknown)


def test_a_cancellation_may_come_as_numbers_in_an_object() -> None:
    found = read_cancellation(200, _content({"a": 1, "b": 0}), ["a", "b"])
    assert isinstance(found["a"], Accepted)
    assert isinstance(found["b"], Declined)


_names = st.sampled_from(
    ["ResultCode", "ResultContent", "Code", "Success", "Data", "List", "TotalCount", "Name", "TaskId"]
)
_plain = st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["OK", "100"])
_json = st.recursive(_plain, lambda inner: st.lists(inner) | st.dictionaries(_names, inner), max_leaves=6)
_answers = st.dictionaries(_names, _json).map(lambda answer: {**answer, "ResultCode": "OK", "Code": None})


@given(_answers, st.sampled_from([read_templates, read_template, read_tasks, read_scheduled]))
def test_no_json_makes_a_reader_raise_anything_but_read_failed(
    answer: dict[str, Any], read: Callable[[int, bytes], object]
) -> None:
    with suppress(ReadFailed):
        read(200, _b(answer))


@given(st.integers(100, 599), st.binary())
def test_random_bytes_cancel_nothing_and_raise_nothing(status: int, body: bytes) -> None:
    assert isinstance(read_cancellation(status, body, ["a"])["a"], Unknown)
