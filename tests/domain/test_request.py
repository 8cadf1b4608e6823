"""Tests of the request's document: its ids, its legs' names, what is kept, and which message a notice stands for."""

from itertools import product
from typing import Any

import pytest
from builders import NOON, REQUEST_ID, a_content, a_leg, a_line, a_request, a_step, a_vote
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from strategies import contents

from bot.domain.content import Content, Platform, RequestId
from bot.domain.delivery import Scheduled
from bot.domain.request import (
    ID_ALPHABET,
    SHORT_DIGEST,
    BroadcastRequest,
    HistoryLine,
    Leg,
    Notice,
    NoticeKind,
    Vote,
    earliest,
    leg_names,
    read_request_id,
    request_id_from,
)
from bot.domain.states import LegState, State
from bot.views.ids import ButtonValue

_numbers = st.integers(0, 2**40 - 1)


@given(_numbers)
def test_an_id_is_read_back_as_people_say_it(number: int) -> None:
    request_id = request_id_from(number)
    said = request_id.replace("0", "o").replace("1", "l")
    for typed in (request_id, request_id.lower(), request_id.replace("-", ""), f"  {said} ", said.replace("l", "I")):
        assert read_request_id(typed) == request_id


@given(_numbers, _numbers)
def test_two_numbers_never_make_the_same_id(one: int, other: int) -> None:
    assert (request_id_from(one) == request_id_from(other)) is (one == other)


@pytest.mark.parametrize(
    ("number", "written"), [(0, "0000-0000"), (1, "0000-0001"), (2**40 - 1, "ZZZZ-ZZZZ"), (31 << 20, "000Z-0000")]
)
def test_an_id_is_two_groups_of_four(number: int, written: str) -> None:
    assert request_id_from(number) == written


@pytest.mark.parametrize(
    "text", ["", "7K3M", "7K3M-Q2X", "7K3M-Q2XDD", "7K3M-Q2XU", "7K3M Q2XD", "7K3M-Q2X\u0664", "/etc"]
)
def test_what_is_no_id_is_not_taken_for_one(text: str) -> None:
    assert read_request_id(text) is None


@given(st.text(max_size=12) | st.text(ID_ALPHABET + "oil-", max_size=12))
def test_whatever_is_typed_gives_an_id_in_its_one_spelling_or_none(text: str) -> None:
    found = read_request_id(text)
    assert found is None or (read_request_id(found) == found and set(found) <= {*ID_ALPHABET, "-"})


@given(_numbers, st.integers(1, 999_999_999), st.text("0123456789abcdef", min_size=64, max_size=64))
def test_a_button_carries_id_revision_and_digest_and_nothing_is_lost(number: int, revision: int, digest: str) -> None:
    request = a_request(id=request_id_from(number), revision=revision, digest=digest)
    value = ButtonValue.of(request)
    assert ButtonValue.read(str(value)) == value
    assert (value.request_id, value.revision, value.digest) == (request.id, revision, digest[:SHORT_DIGEST])


@pytest.mark.parametrize("state", State)
def test_a_request_of_every_state_is_kept_and_read_back(state: State) -> None:
    request = a_request(state)
    assert BroadcastRequest.model_validate_json(request.model_dump_json()) == request


@given(contents(), st.sampled_from(State))
@settings(deadline=None, max_examples=30)
def test_a_request_for_any_content_is_kept_and_read_back(content: Content, state: State) -> None:
    request = a_request(state, content=content)
    again = BroadcastRequest.model_validate_json(request.model_dump_json())
    assert again == request
    assert again.model_dump_json() == request.model_dump_json()


@pytest.mark.parametrize("state", LegState)
def test_a_leg_vote_and_line_are_kept_and_read_back(state: LegState) -> None:
    leg = a_leg(state=state)
    assert Leg.model_validate_json(leg.model_dump_json()) == leg
    for kept in (a_vote(), a_line()):
        kind: type[Vote | HistoryLine] = type(kept)
        assert kind.model_validate_json(kept.model_dump_json()) == kept


def test_a_document_of_another_time_is_refused_not_guessed() -> None:
    kept = a_request().model_dump(mode="json")
    for changes in ({"schema_number": 2}, {"surprise": 1}, {"state": "posted"}, {"version": 0}, {"revision": 0}):
        with pytest.raises(ValidationError):
            BroadcastRequest.model_validate(kept | changes)


def test_the_short_digest_is_the_start_of_the_whole_one() -> None:
    request = a_request(digest="0123456789abcdef" * 4)
    assert request.short_digest == "0123456789ab"


def test_only_a_push_for_now_goes_out_at_once() -> None:
    assert a_request().at_once
    assert not a_request(content=a_content(delivery=Scheduled(at=NOON))).at_once


def test_a_leg_is_found_by_its_platform_or_not_at_all() -> None:
    request = a_request()
    assert request.leg(Platform.IOS).platform is Platform.IOS
    with pytest.raises(KeyError):
        request.leg(Platform.HARMONYOS)


def test_no_two_legs_of_any_revision_share_a_key_or_a_name() -> None:
    ids = [REQUEST_ID, RequestId("7K3M-Q2XE")]
    named = [
        leg_names(request_id, revision, platform, task=task)
        for request_id, revision, platform, task in product(ids, (1, 2, 11), Platform, ("", "Sale"))
    ]
    assert len({msgkey for msgkey, _ in named}) == len(named) / 2
    assert len({name for _, name in named}) == len(named)
    assert all(msgkey in name for msgkey, name in named)


def test_a_leg_is_named_after_its_task_and_request_never_after_an_attempt() -> None:
    assert leg_names(REQUEST_ID, 2, Platform.IOS, task="Sale") == ("7K3M-Q2XD-2-ios", "Sale 7K3M-Q2XD-2-ios")
    assert leg_names(REQUEST_ID, 1, Platform.ANDROID, task="") == ("7K3M-Q2XD-1-android", "7K3M-Q2XD-1-android")


def test_there_is_one_card_but_one_result_and_one_direct_message_for_each_state() -> None:
    slots = [Notice(kind=kind, state=state).slot for kind, state in product(NoticeKind, State)]
    assert set(slots) == {"card", *(f"{kind}:{state}" for kind in ("result", "direct") for state in State)}


def test_a_step_follows_the_version_before_it() -> None:
    assert a_step(version=1).expected_version == 0
    assert a_step(version=7).expected_version == 6


@pytest.mark.parametrize(
    ("moments", "first"), [((), None), ((None,), None), ((None, NOON), NOON), ((NOON.replace(hour=13), NOON), NOON)]
)
def test_the_earliest_moment_is_that_of_those_that_are_there(moments: tuple[Any, ...], first: object) -> None:
    assert earliest(*moments) == first
