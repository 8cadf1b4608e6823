"""Tests of a target's rules as people and policy see them."""

import pytest
from builders import a_destination, a_target
from pydantic import ValidationError

from bot.domain.content import ChannelId, Platform
from bot.domain.target import Target


def test_a_target_is_called_as_its_destination_is() -> None:
    assert a_target(destination=a_destination(target="trial")).name == "trial"


def test_nobody_may_ask_or_approve_until_somebody_is_named() -> None:
    bare = Target(destination=a_destination(), platforms=(Platform.IOS,), approvals_channel=ChannelId("C1"))
    assert (bare.requesters, bare.approvers) == (frozenset(), frozenset())
    assert (bare.quorum, bare.veto_window, bare.approval_expires) == (1, 60, 86_400)


def test_there_is_no_approval_without_an_approver() -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        a_target(quorum=0)


def test_a_target_holds_no_credentials() -> None:
    assert not [name for name in Target.model_fields if "key" in name or "secret" in name or "token" in name]


def test_a_target_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        a_target().quorum = 0
