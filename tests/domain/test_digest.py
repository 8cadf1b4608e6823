"""The digest approvals are bound to: it covers everything that is sent and shown, and nothing that does not matter."""

import re
from typing import Any

import pytest
from builders import REQUEST_ID, a_content, a_destination, a_template
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import contents

from bot.domain.content import Content, Destination, Environment, Platform, RequestId, Template
from bot.domain.digest import digest_of

LEGS = {
    Platform.ANDROID: {"Msgkey": "7K3M-Q2XD-1-android", "DeliveryType": "1"},
    Platform.IOS: {"Msgkey": "7K3M-Q2XD-1-ios", "DeliveryType": "2"},
}


def digest(**changes: Any) -> str:
    parts: dict[str, Any] = {
        "request_id": REQUEST_ID,
        "revision": 1,
        "destination": a_destination(),
        "template": a_template(),
        "legs": LEGS,
    }
    said = parts | changes
    return digest_of(said.pop("request_id"), said.pop("revision"), **said)


def test_a_digest_is_64_hexadecimal_characters_and_the_same_each_time() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", digest())
    assert digest() == digest()


def test_a_digest_does_not_change_from_one_release_to_the_next() -> None:
    """Requests in the store carry it: another way to write it would void every open approval."""
    assert digest() == "a1174c6ef56fd9df3a0dcff602308f4c55b1005ae5c8291f7c6f32b83cc42344"


@pytest.mark.parametrize(
    "changes",
    [
        {"request_id": RequestId("7K3M-Q2XE")},
        {"revision": 2},
        {"legs": {}},
        {"legs": {Platform.ANDROID: LEGS[Platform.ANDROID]}},
        {"legs": {Platform.ANDROID: LEGS[Platform.IOS], Platform.IOS: LEGS[Platform.ANDROID]}},
        {"legs": LEGS | {Platform.HARMONYOS: {}}},
    ],
)
def test_another_request_revision_or_platform_has_another_digest(changes: dict[str, Any]) -> None:
    assert digest(**changes) != digest()


@pytest.mark.parametrize("field", list(Destination.model_fields))
def test_every_field_of_the_destination_counts(field: str) -> None:
    other = Environment.TEST if field == "environment" else "other"
    assert digest(destination=a_destination(**{field: other})) != digest()


@pytest.mark.parametrize("field", list(Template.model_fields))
def test_every_field_of_the_template_counts(field: str) -> None:
    other: Any = {"silent": True, "variables": ("city", "time")}.get(field, "other")
    assert digest(template=a_template(**{field: other})) != digest()


_texts = st.text(max_size=6)
_parameters = st.dictionaries(_texts, _texts, max_size=4)


@given(_parameters, _texts, _texts)
def test_every_parameter_of_every_leg_counts(parameters: dict[str, str], name: str, value: str) -> None:
    changed = parameters | {name: value}
    same = changed == parameters
    for platform in LEGS:
        assert (digest(legs=LEGS | {platform: changed}) == digest(legs=LEGS | {platform: parameters})) is same


@given(_parameters)
def test_a_parameter_that_is_left_out_counts(parameters: dict[str, str]) -> None:
    for name in parameters:
        fewer = {key: value for key, value in parameters.items() if key != name}
        assert digest(legs={Platform.IOS: fewer}) != digest(legs={Platform.IOS: parameters})


@given(_parameters)
def test_the_order_of_keys_and_legs_does_not_count(parameters: dict[str, str]) -> None:
    backwards = dict(reversed(parameters.items()))
    assert digest(legs={Platform.IOS: backwards}) == digest(legs={Platform.IOS: parameters})
    assert digest(legs=dict(reversed(LEGS.items()))) == digest()


@given(contents(), contents())
@settings(deadline=None, max_examples=20)
def test_contents_with_another_template_or_destination_have_another_digest(one: Content, other: Content) -> None:
    same = (one.destination, one.template) == (other.destination, other.template)
    digests = [digest(destination=each.destination, template=each.template) for each in (one, other)]
    assert (digests[0] == digests[1]) is same


def test_the_name_of_a_parameter_cannot_be_taken_for_its_value() -> None:
    assert digest(legs={Platform.IOS: {"a": "b"}}) != digest(legs={Platform.IOS: {"b": "a"}})
    assert digest(legs={Platform.IOS: {"a": 'b","c":"d'}}) != digest(legs={Platform.IOS: {"a": "b", "c": "d"}})


def test_the_example_content_is_covered_by_its_destination_and_template() -> None:
    content = a_content()
    assert digest(destination=content.destination, template=content.template) == digest()
