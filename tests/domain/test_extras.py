"""Tests of the table of PushBroadcast parameters that have no option of their own."""

import re
from typing import Any

import pytest
from alibabacloud_mpaas20201028.models import PushBroadcastRequest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import extra_values

from bot.domain.extras import EXTRAS, OWN_OPTION, Kind, check_extras, parse_extra, write_extra
from bot.errors import Refused

URGENT = {"TransparentMessageUrgency": "HIGH"}


def test_the_table_and_the_options_cover_every_parameter_of_the_vendors_sdk() -> None:
    fields = vars(PushBroadcastRequest())
    wire_names = {"".join(part.capitalize() for part in field.split("_")) for field in fields}
    assert wire_names == EXTRAS.keys() | OWN_OPTION.keys()
    assert not EXTRAS.keys() & OWN_OPTION.keys()


@pytest.mark.parametrize("name", EXTRAS)
def test_every_row_has_words_for_people(name: str) -> None:
    extra = EXTRAS[name]
    assert (extra.name, bool(extra.label), bool(extra.hint)) == (name, True, True)
    assert bool(extra.choices) == (extra.kind in {Kind.INTEGER_CHOICE, Kind.TEXT_CHOICE})
    assert all(choice.label and choice.source for choice in extra.choices)


@given(st.data())
@settings(deadline=None)  # drawing takes long on a busy machine
def test_what_is_written_is_read_back(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(list(EXTRAS)))
    value = data.draw(extra_values(name))
    assert parse_extra(name, write_extra(name, value)) == value


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("AndroidChannel", "2", 2),
        ("Classification", "system", "1"),
        ("TransparentMessageUrgency", "high", "HIGH"),
        ("NotifyType", "Transparent", "transparent"),
        ("MiChannelId", " 123321 ", "123321"),
        ("ThirdChannelCategory", '{"hms": "9", "vivo": 1}', {"hms": "9", "vivo": "1"}),
        ("ThirdChannelCategory", '{"hms": "MAIL", "harmonyos": "mail"}', {"hms": "12", "harmonyos": "11"}),
        ("NotifyLevel", "{\u201coppo\u201d: \u201c2\u201d}", {"oppo": "2"}),
        ("TransparentMessagePayload", '{"hms": {"data": "d1"}}', {"hms": {"data": "d1"}}),
        ("ExtendedParams", '{"badge": 3, "big_text": 1, "k": "v"}', {"badge": 3, "big_text": 1, "k": "v"}),
        ("VendorTemplate", '{"oppo": {"x": "y"}}', '{"oppo":{"x":"y"}}'),
        ("Silent", "0", 0),
    ],
)
def test_a_value_is_read_as_people_write_it(name: str, text: str, value: object) -> None:
    assert parse_extra(name, text) == value


@pytest.mark.parametrize(
    ("name", "text", "code", "part"),
    [
        ("AndroidChannel", "3", "extra_choice", "1 (mPaaS's own channel only) or 2"),
        ("TransparentMessageUrgency", "URGENT", "extra_choice", "HIGH (High) or NORMAL (Normal)"),
        ("MiChannelId", " ", "extra_text", "is empty"),
        ("ChannelId", "a\nb", "extra_text", "line break"),
        ("NotifyLevel", "{oppo:2}", "extra_json", "NotifyLevel is not JSON"),
        ("NotifyLevel", "[2]", "extra_object", "in braces"),
        ("NotifyLevel", "{}", "extra_empty", "leave it out"),
        ("NotifyLevel", '{"hms": "3"}', "extra_vendor_value", "1 (LOW (silent)) or 2"),
        ("NotifyLevel", '{"xiaomi": "1"}', "extra_vendor", "hms, oppo"),
        ("ThirdChannelCategory", '{"viva": "1"}', "extra_vendor", "Did you mean vivo?"),
        ("ThirdChannelCategory", '{"harmonyos": "14"}', "extra_vendor_value", "13 (MARKETING)"),
        ("ThirdChannelCategory", '{"hms": true}', "extra_vendor_value", "true"),
        ("TransparentMessagePayload", '{"xiaomi": {"a": 1}}', "extra_vendor", "hms, honor, fcm, harmonyos"),
        ("TransparentMessagePayload", '{"hms": "text"}', "extra_payload", "what hms gets"),
        ("TransparentMessagePayload", '{"hms": {"a": [{"b": null}]}}', "extra_payload_empty", "hms.a.1.b is empty"),
        ("TransparentMessagePayload", '{"hms": {"a": {}}}', "extra_payload_empty", "hms.a is empty"),
        ("TransparentMessagePayload", '{"hms": {"a": []}}', "extra_payload_empty", "leave it out"),
        ("TransparentMessagePayload", '{"hms": {"a.b": 1, "a": {"b": 2}}}', "extra_payload_key", '"a.b"'),
        ("TransparentMessagePayload", '{"fcm": {"a": {"": 1}}}', "extra_payload_key", "fcm.a has the key"),
        ("ExtendedParams", '{"taskId": 1}', "extra_key_reserved", "pushType"),
        ("ExtendedParams", '{"badge": "3"}', "extra_key_value", "whole number"),
        ("ExtendedParams", '{"badge": true}', "extra_key_value", "whole number"),
        ("ExtendedParams", '{"mutable-content": 2}', "extra_key_value", "the number 1"),
        ("ExtendedParams", '{"big_text": true}', "extra_key_value", "the number 1"),
        ("ExtendedParams", '{"sound": ""}', "extra_key_value", "the path of the sound"),
        ("ExtendedParams", '{" ": 1}', "extra_key_empty", "without a name"),
        ("VendorTemplate", '{"oppo": ', "extra_json", "VendorTemplate is not JSON"),
    ],
)
def test_what_a_parameter_does_not_take_is_refused_with_what_it_takes(
    name: str, text: str, code: str, part: str
) -> None:
    with pytest.raises(Refused) as caught:
        parse_extra(name, text)
    assert caught.value.code == code
    assert part in caught.value.sentence
    assert name in caught.value.sentence
    assert caught.value.problems[0].field == f"extras.{name}"


def test_extended_params_have_at_most_twenty_keys() -> None:
    twenty = {f"k{number}": number for number in range(20)}
    assert parse_extra("ExtendedParams", write_extra("ExtendedParams", twenty)) == twenty
    with pytest.raises(Refused, match="has 21 keys"):
        parse_extra("ExtendedParams", write_extra("ExtendedParams", twenty | {"one more": 1}))


@pytest.mark.parametrize(("name", "instead"), OWN_OPTION.items())
def test_a_parameter_with_an_option_of_its_own_says_which(name: str, instead: str) -> None:
    with pytest.raises(Refused, match=re.escape(f"{name} {instead}.")) as caught:
        parse_extra(name, "1")
    assert (caught.value.code, caught.value.problems[0].field) == ("extra_has_option", "extras")


def test_a_mistyped_name_is_guessed_and_the_known_ones_are_named() -> None:
    with pytest.raises(Refused, match=r'"michannelID" .* Did you mean MiChannelId\? --set takes AndroidChannel, '):
        parse_extra("michannelID", "1")
    with pytest.raises(KeyError):
        write_extra("michannelID", "1")


@pytest.mark.parametrize(
    ("extras", "codes"),
    [
        ({}, []),
        (URGENT, ["urgency_without_payload"]),
        (URGENT | {"TransparentMessagePayload": {"fcm": {"a": 1}}}, ["urgency_without_payload"]),
        (URGENT | {"TransparentMessagePayload": {"honor": {"a": 1}}}, []),
        ({"ThirdChannelCategory": {"hms": "13"}}, ["play_voice_without_payload"]),
        ({"ThirdChannelCategory": {"hms": "13"}, "TransparentMessagePayload": {"hms": {"a": 1}}}, []),
        ({"ThirdChannelCategory": {"harmonyos": "13"}}, []),
        ({"NotifyType": "transparent"}, []),
        ({"NotifyType": "transparent", "AndroidChannel": 1}, []),
        ({"NotifyType": "notify", "AndroidChannel": 2}, []),
        ({"NotifyType": "transparent", "AndroidChannel": 2}, ["channels_contradict"]),
        ({"NotifyType": "notify", "AndroidChannel": 1}, ["channels_contradict"]),
    ],
)
def test_parameters_that_do_not_go_together_are_told(extras: dict[str, Any], codes: list[str]) -> None:
    problems = check_extras(extras)
    assert [problem.code for problem in problems] == codes
    assert all(problem.field.removeprefix("extras.") in problem.sentence for problem in problems)
