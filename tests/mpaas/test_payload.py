"""PushBroadcast's parameters, one by one: what people approved, and the text that goes on the wire for it.

The names and numbers are the vendor's (help page 2871129); that the bytes are the SDK's is in
``test_payload_interop.py``.
"""

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from builders import a_content, a_destination, a_leg, a_request, a_template
from hypothesis import given
from hypothesis import strategies as st
from strategies import extra_values

from bot.domain.content import Audience, AudienceStatus, Content, Period, Platform, TimeRange
from bot.domain.delivery import Cycle, Delivery, Now, Recurring, Scheduled
from bot.domain.extras import EXTRAS
from bot.mpaas.form import flatten
from bot.mpaas.payload import parameters, parameters_of

ATTACHED, DETACHED, ALL = AudienceStatus.ATTACHED, AudienceStatus.DETACHED, AudienceStatus.ALL
# The range of the vendor's example, 2025-05-09 00:00 to 23:56:59 in Asia/Shanghai.
MAY = TimeRange(start=datetime(2025, 5, 8, 16, tzinfo=UTC), end=datetime(2025, 5, 9, 15, 56, 59, tzinfo=UTC))
JUNE = TimeRange(start=datetime(2025, 6, 1, tzinfo=UTC), end=datetime(2025, 6, 2, tzinfo=UTC))


def said(content: Content, platform: Platform = Platform.ANDROID, **names: str) -> dict[str, str]:
    return parameters(content, platform, **{"msgkey": "7K3M-Q2XD-1-android", "task_name": "Sale 7K3M"} | names)


def of(content: Content, *prefixes: str) -> dict[str, str]:
    """Give the parameters whose names begin so."""
    return {name: value for name, value in said(content).items() if name.startswith(prefixes)}


def test_a_push_without_anything_special_says_this_and_nothing_else() -> None:
    assert said(a_content()) == {
        "AppId": "ONEX570DA89211721",
        "WorkspaceId": "default",
        "TaskName": "Sale 7K3M",
        "DeliveryType": "1",
        "Msgkey": "7K3M-Q2XD-1-android",
        "ExpiredSeconds": "10800",
        "TemplateName": "outage",
        "TemplateKeyValue": '{"city":"Berlin"}',
        "PushStatus": "0",
        "TimeMode": "0",
        "BindPeriod": "3",
        "StrategyType": "0",
    }


@pytest.mark.parametrize(
    ("platform", "number"), [(Platform.ANDROID, "1"), (Platform.IOS, "2"), (Platform.HARMONYOS, "7")]
)
def test_each_platform_has_its_number(platform: Platform, number: str) -> None:
    assert said(a_content(), platform)["DeliveryType"] == number


def test_the_destination_is_said_with_its_tenant_when_it_has_one() -> None:
    destination = a_destination(app_id="ONEX1", workspace_id="test", tenant_id="LZFPEFIM")
    found = said(a_content(destination=destination))
    assert (found["AppId"], found["WorkspaceId"], found["TenantId"]) == ("ONEX1", "test", "LZFPEFIM")
    assert "TenantId" not in said(a_content())


def test_values_are_json_with_every_character_as_itself() -> None:
    values = {"city": '\u67cf\u6797 "B"\n\U0001f4e3'}
    written = said(a_content(values=values))["TemplateKeyValue"]
    assert written == '{"city":"\u67cf\u6797 \\"B\\"\\n\U0001f4e3"}'
    assert json.loads(written) == values


def test_a_template_without_placeholders_needs_no_values() -> None:
    assert "TemplateKeyValue" not in said(a_content(template=a_template(body="Hello", variables=()), values={}))


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        ({"status": ATTACHED, "within": Period.DAYS_7}, {"PushStatus": "0", "TimeMode": "0", "BindPeriod": "1"}),
        ({"status": ATTACHED, "within": Period.DAYS_15}, {"PushStatus": "0", "TimeMode": "0", "BindPeriod": "2"}),
        ({"status": ATTACHED, "within": Period.DAYS_60}, {"PushStatus": "0", "TimeMode": "0", "BindPeriod": "3"}),
        ({"status": ATTACHED, "within": Period.EVER}, {"PushStatus": "0", "TimeMode": "0", "BindPeriod": "4"}),
        ({"status": DETACHED, "within": Period.DAYS_7}, {"PushStatus": "2", "TimeMode": "0", "UnBindPeriod": "1"}),
        ({"status": DETACHED, "within": Period.EVER}, {"PushStatus": "2", "TimeMode": "0", "UnBindPeriod": "4"}),
        (
            {"status": ALL, "within": Period.DAYS_60},
            {"PushStatus": "1", "TimeMode": "0", "BindPeriod": "3", "UnBindPeriod": "3"},
        ),
        (
            {"status": ATTACHED, "attached_between": MAY},
            {"PushStatus": "0", "TimeMode": "1", "BindStartTime": "1746720000000", "BindEndTime": "1746806219000"},
        ),
        (
            {"status": DETACHED, "detached_between": MAY},
            {"PushStatus": "2", "TimeMode": "1", "UnBindStartTime": "1746720000000", "UnBindEndTime": "1746806219000"},
        ),
        (
            {"status": ALL, "attached_between": MAY, "detached_between": JUNE},
            {
                "PushStatus": "1",
                "TimeMode": "1",
                "BindStartTime": "1746720000000",
                "BindEndTime": "1746806219000",
                "UnBindStartTime": "1748736000000",
                "UnBindEndTime": "1748822400000",
            },
        ),
    ],
)
def test_an_audience_is_said_like_this(audience: dict[str, Any], expected: dict[str, str]) -> None:
    content = a_content(audience=Audience(**audience))
    assert of(content, "PushStatus", "TimeMode", "Bind", "UnBind") == expected


@pytest.mark.parametrize(
    ("delivery", "number", "calendar"),
    [
        (Now(), "0", None),
        (
            # The page's example of a fixed time, 2022-01-01 00:00 in Asia/Shanghai, said by somebody in Berlin.
            Scheduled(at=datetime(2021, 12, 31, 17, tzinfo=timezone(timedelta(hours=1)))),
            "1",
            {"fixedTime": 1640966400000},
        ),
        (
            Recurring(cycle=Cycle.DAILY, time=time(9), first=date(2021, 5, 1), last=date(2021, 7, 8)),
            "2",
            {
                "startTime": 1619798400000,
                "endTime": 1625673600000,
                "circleType": 1,
                "circleValue": [],
                "time": "09:00:00",
            },
        ),
        (
            Recurring(
                cycle=Cycle.WEEKLY, on=(1, 7), time=time(9, 45, 11), first=date(2021, 5, 1), last=date(2021, 5, 1)
            ),
            "2",
            {
                "startTime": 1619798400000,
                "endTime": 1619798400000,
                "circleType": 2,
                "circleValue": [1, 7],
                "time": "09:45:11",
            },
        ),
        (
            Recurring(cycle=Cycle.MONTHLY, on=(31,), time=time(0), first=date(2021, 5, 1), last=date(2021, 7, 8)),
            "2",
            {
                "startTime": 1619798400000,
                "endTime": 1625673600000,
                "circleType": 3,
                "circleValue": [31],
                "time": "00:00:00",
            },
        ),
    ],
)
def test_a_delivery_is_said_with_the_keys_of_its_kind_alone(
    delivery: Delivery, number: str, calendar: dict[str, Any] | None
) -> None:
    found = of(a_content(delivery=delivery), "Strategy")
    assert found["StrategyType"] == number
    assert (json.loads(found["StrategyContent"]) if "StrategyContent" in found else None) == calendar


@pytest.mark.parametrize(
    ("extras", "expected"),
    [
        ({"AndroidChannel": 2}, {"AndroidChannel": "2"}),
        ({"Classification": "0"}, {"Classification": "0"}),
        ({"ThirdChannelCategory": {"hms": "9", "vivo": "1"}}, {"ThirdChannelCategory": '{"hms":"9","vivo":"1"}'}),
        ({"NotifyLevel": {"oppo": "2"}}, {"NotifyLevel": '{"oppo":"2"}'}),
        ({"MiChannelId": "123321"}, {"MiChannelId": "123321"}),
        ({"ChannelId": "news"}, {"ChannelId": "news"}),
        (
            {"TransparentMessagePayload": {"hms": {"data": "d1", "l": [1, True]}}, "TransparentMessageUrgency": "HIGH"},
            {
                "TransparentMessagePayload.hms.data": "d1",
                "TransparentMessagePayload.hms.l.1": "1",
                "TransparentMessagePayload.hms.l.2": "True",
                "TransparentMessageUrgency": "HIGH",
            },
        ),
        ({"ExtendedParams": {"badge": 1, "k": "\u4e2d"}}, {"ExtendedParams": '{"badge":1,"k":"\u4e2d"}'}),
        ({"NotifyType": "notify"}, {"NotifyType": "notify"}),
        ({"PushAction": 0}, {"PushAction": "0"}),
        ({"Silent": 0}, {"Silent": "0"}),
        ({"Silent": 1}, {"Silent": "1"}),
        ({"VendorTemplate": '{"oppo":"x"}'}, {"VendorTemplate": '{"oppo":"x"}'}),
    ],
)
def test_a_parameter_without_an_option_of_its_own_is_said_like_this(
    extras: dict[str, Any], expected: dict[str, str]
) -> None:
    plain = said(a_content())
    assert dict(said(a_content(extras=extras)).items() - plain.items()) == expected


def test_an_empty_text_inside_a_pass_through_body_is_kept() -> None:
    extras = {"TransparentMessagePayload": {"hms": {"data": ""}}}
    assert of(a_content(extras=extras), "Transparent") == {"TransparentMessagePayload.hms.data": ""}


@given(st.sampled_from(list(EXTRAS)).flatmap(lambda name: st.tuples(st.just(name), extra_values(name))))
def test_every_value_of_every_such_parameter_reaches_the_wire_whole(named: tuple[str, Any]) -> None:
    name, value = named
    found = {key: text for key, text in said(a_content(extras={name: value})).items() if key.startswith(name)}
    if name == "TransparentMessagePayload":
        assert found == flatten(name, value)
    else:
        assert found.keys() == {name}
        assert (json.loads(found[name]) if isinstance(value, dict) else found[name]) == (
            value if isinstance(value, dict) else str(value)
        )


def test_a_leg_of_a_request_is_said_with_its_own_names() -> None:
    leg = a_leg(Platform.IOS)
    found = parameters_of(a_request(), leg)
    assert (found["DeliveryType"], found["Msgkey"], found["TaskName"]) == ("2", leg.msgkey, leg.task_name)
    assert found == parameters(a_content(), Platform.IOS, msgkey=leg.msgkey, task_name=leg.task_name)
