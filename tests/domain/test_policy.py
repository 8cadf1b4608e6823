"""Who may do what: by name or by group, never the requester, never an outsider, never on a guess."""

import pytest
from builders import ANA, BO, CY, TEAM, a_person, a_request, a_target
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.content import UserId
from bot.domain.policy import (
    belongs,
    may_decide,
    may_halt,
    may_request,
    may_revise,
    may_take_back,
)
from bot.errors import Refused


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"team_id": "T0OTHER"}, "other_team"),
        ({"is_guest": True}, "guest"),
        ({"is_deactivated": True}, "deactivated"),
        ({"is_bot": True}, "bot"),
    ],
)
def test_only_full_members_of_the_team_may_act_even_when_they_are_listed(changes: dict[str, object], code: str) -> None:
    person = a_person(**changes)
    assert belongs(person, team_id=TEAM).code == code
    for decision in (
        may_decide(person, a_request(), a_target(), team_id=TEAM),
        may_request(person, a_target(requesters=frozenset({BO})), team_id=TEAM),
        may_take_back(person, a_request(), a_target(), team_id=TEAM),
        may_halt(person, (a_target(),), team_id=TEAM),
    ):
        assert (decision.allowed, decision.code) == (False, code)
        assert decision.because.endswith(".")


def test_a_listed_approver_may_decide() -> None:
    assert may_decide(a_person(BO), a_request(), a_target(), team_id=TEAM).allowed


def test_a_member_of_a_listed_group_may_decide() -> None:
    assert may_decide(a_person(CY, groups=frozenset({"S02ONCALL"})), a_request(), a_target(), team_id=TEAM).allowed


def test_somebody_who_is_not_listed_may_not_decide() -> None:
    decision = may_decide(a_person(CY), a_request(), a_target(), team_id=TEAM)
    assert (decision.allowed, decision.code) == (False, "not_approver")


def test_nobody_may_decide_where_nobody_is_listed() -> None:
    assert not may_decide(a_person(BO), a_request(), a_target(approvers=frozenset()), team_id=TEAM).allowed


def test_the_requester_never_decides_even_when_listed_as_an_approver() -> None:
    target = a_target(approvers=frozenset({ANA, BO}))
    assert may_decide(a_person(ANA), a_request(), target, team_id=TEAM).code == "own_request"


def test_the_last_editor_never_decides() -> None:
    assert may_decide(a_person(BO), a_request(editor=BO), a_target(), team_id=TEAM).code == "own_edit"


def test_a_failed_group_lookup_is_a_no_unless_the_person_is_listed_by_name() -> None:
    unknown = a_person(CY, groups_unknown=frozenset({"S01ASKERS", "S02ONCALL"}))
    assert may_decide(unknown, a_request(), a_target(), team_id=TEAM).code == "groups_unknown"
    assert may_request(unknown, a_target(), team_id=TEAM).code == "groups_unknown"
    assert may_take_back(unknown, a_request(), a_target(), team_id=TEAM).code == "groups_unknown"
    by_name = a_person(BO, groups_unknown=frozenset({"S01ASKERS", "S02ONCALL"}))
    assert may_decide(by_name, a_request(), a_target(), team_id=TEAM).allowed


def test_the_requester_and_the_approvers_may_take_it_back_and_nobody_else() -> None:
    assert may_take_back(a_person(ANA), a_request(), a_target(), team_id=TEAM).allowed
    assert may_take_back(a_person(BO), a_request(), a_target(), team_id=TEAM).allowed
    assert may_take_back(a_person(CY), a_request(), a_target(), team_id=TEAM).code == "not_involved"


def test_only_the_requester_may_edit_and_only_while_listed() -> None:
    assert may_revise(a_person(ANA), a_request(), a_target(), team_id=TEAM).allowed
    assert may_revise(a_person(BO), a_request(), a_target(), team_id=TEAM).code == "not_requester_of_it"
    gone = a_target(requesters=frozenset())
    assert may_revise(a_person(ANA), a_request(), gone, team_id=TEAM).code == "not_requester"


def test_anybody_listed_anywhere_may_halt() -> None:
    assert may_halt(a_person(ANA), (a_target(),), team_id=TEAM).allowed
    assert may_halt(a_person(CY), (a_target(),), team_id=TEAM).code == "not_listed"


def test_insisting_on_a_no_raises_its_sentence() -> None:
    with pytest.raises(Refused, match="not listed as an approver"):
        may_decide(a_person(CY), a_request(), a_target(), team_id=TEAM).insist()


@given(
    st.sampled_from([ANA, BO, CY]),
    st.frozensets(st.sampled_from([ANA, BO, CY, "S1", "S2"])),
    st.frozensets(st.sampled_from(["S1", "S2", "S3"])),
    st.frozensets(st.sampled_from(["S1", "S2", "S3"])),
)
def test_whoever_decides_is_listed_and_neither_requester_nor_editor(
    user_id: UserId, approvers: frozenset[str], groups: frozenset[str], unknown: frozenset[str]
) -> None:
    person = a_person(user_id, groups=groups, groups_unknown=unknown)
    decision = may_decide(person, a_request(editor=CY), a_target(approvers=approvers), team_id=TEAM)
    if decision.allowed:
        assert user_id not in {ANA, CY}
        assert user_id in approvers or groups & approvers
