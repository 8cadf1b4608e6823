"""Lists, details and the Home tab's shelves, as the store has them."""

import pytest
from operations.bench import DRAFT, Bench

from bot.domain.content import RequestId
from bot.domain.request import BroadcastRequest
from bot.domain.states import SETTLED_STATES, State
from bot.errors import Refused, UnknownRequest
from bot.mpaas.payload import parameters_of
from bot.operations import looking
from bot.operations.looking import Shelves
from bot.operations.tending import tend
from bot.playground.cast import ANA, BO, CHEN, DANA, GUS, OLGA, TEAM
from bot.playground.mpaas.misbehaviour import Misbehaviour


def ids(requests: list[BroadcastRequest]) -> list[RequestId]:
    return [request.id for request in requests]


@pytest.mark.parametrize("user", [ANA.id, DANA.id])
def test_every_full_member_may_look(bench: Bench, user: str) -> None:
    looking.check_member(bench.context, user, team_id=TEAM)


@pytest.mark.parametrize(("user", "code"), [(GUS.id, "guest"), (OLGA.id, "other_team")])
def test_guests_and_strangers_may_not_look(bench: Bench, user: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        looking.check_member(bench.context, user, team_id="")
    assert refused.value.code == code


def test_what_is_under_way_is_listed_newest_first_and_what_ended_is_not(bench: Bench) -> None:
    first, second, ended = bench.submitted(), bench.approved(), bench.submitted()
    bench.commit(ended, state=State.REJECTED)
    assert ids(looking.open_requests(bench.context)) == [second.id, first.id]
    assert not set(looking.OPEN) & SETTLED_STATES


def test_what_mpaas_keeps_is_listed_as_scheduled(bench: Bench) -> None:
    kept = bench.commit(bench.approved(), state=State.SCHEDULED)
    bench.submitted()
    assert ids(looking.scheduled(bench.context)) == [kept.id]


def test_a_look_shows_the_wire_the_history_and_what_to_change_after_a_refusal(bench: Bench) -> None:
    request = bench.approved()
    bench.mpaas.misbehave(Misbehaviour(kind="result", code="3007", action="PushBroadcast"))
    tend(bench.context, request.id)
    seen = looking.look(bench.context, request.id)
    assert seen.request == bench.now(request)
    assert [line.event for line in seen.history] == ["submit", "quorum", "claim android", "decline android"]
    assert seen.wire == {leg.platform: parameters_of(request, leg) for leg in request.legs}
    assert seen.hints == {"3007": "Check app_id, workspace_id and tenant_id of the target in broadcast.toml."}


def test_a_request_that_is_not_there_is_told_by_its_id(bench: Bench) -> None:
    with pytest.raises(UnknownRequest, match="There is no request 0000-0000"):
        looking.look(bench.context, RequestId("0000-0000"))


def test_the_home_tab_sorts_by_whose_turn_it_is(bench: Bench) -> None:
    waiting = bench.submitted()
    approved = bench.approved()
    kept = bench.commit(bench.approved(), state=State.SCHEDULED)
    assert looking.home_of(bench.context, ANA.id).waiting == []
    assert ids(looking.home_of(bench.context, ANA.id).mine) == [approved.id, waiting.id]
    home = looking.home_of(bench.context, BO.id)
    assert (ids(home.waiting), home.mine, ids(home.scheduled)) == ([waiting.id], [], [kept.id])
    assert ids(home.recent) == [kept.id]


def test_who_voted_already_is_not_waited_for(bench: Bench) -> None:
    context = bench.context_with(quorum=2)
    request = bench.approve(bench.submitted(context=context), context=context)
    assert looking.home_of(context, BO.id).waiting == []
    assert ids(looking.home_of(context, CHEN.id).waiting) == [request.id]


def test_a_request_for_a_target_that_is_gone_waits_for_nobody(bench: Bench) -> None:
    request = bench.submitted(DRAFT)
    home = looking.home_of(bench.context_with("test"), BO.id)
    assert (home.waiting, ids(home.recent)) == ([], [])
    assert ids(looking.open_requests(bench.context)) == [request.id]


@pytest.mark.parametrize("user", [OLGA.id, GUS.id, "U0NOBODY"])
def test_outsiders_find_empty_shelves(bench: Bench, user: str) -> None:
    bench.submitted()
    assert looking.home_of(bench.context, user) == Shelves([], [], [], [])
