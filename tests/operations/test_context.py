"""Decide, commit, and decide again when somebody was faster."""

import pytest
from builders import a_step
from operations.bench import Bench

from bot.domain.request import BroadcastRequest, Step
from bot.errors import Conflict, Problem, Refused
from bot.operations.context import TRIES, change


def overtaken(bench: Bench, times: int) -> list[int]:
    """Change a request while somebody else commits first, so many times; return the versions that were decided on."""
    request = bench.submitted()
    seen: list[int] = []

    def decide(fresh: BroadcastRequest) -> Step:
        seen.append(fresh.version)
        if len(seen) <= times:
            bench.commit(fresh, waiting_for=f"other-{len(seen)}")
        return a_step(fresh, version=fresh.version + 1, waiting_for="mine")

    before, after = change(bench.context, request.id, decide)
    assert (before.version, after.version) == (seen[-1], seen[-1] + 1)
    assert bench.now(request) == after
    assert after.waiting_for == "mine"
    return seen


@pytest.mark.parametrize("times", range(TRIES))
def test_a_decision_is_made_again_on_what_somebody_else_committed(bench: Bench, times: int) -> None:
    assert overtaken(bench, times) == list(range(1, times + 2))


def test_after_three_tries_the_conflict_is_told(bench: Bench) -> None:
    with pytest.raises(Conflict):
        overtaken(bench, TRIES)


def test_a_refusal_changes_nothing(bench: Bench) -> None:
    request = bench.submitted()

    def refuse(_: BroadcastRequest) -> Step:
        raise Refused(Problem("", "no", "No."))

    with pytest.raises(Refused, match=r"No\."):
        change(bench.context, request.id, refuse)
    assert bench.now(request) == request


def test_a_target_that_is_not_configured_is_refused_by_name(bench: Bench) -> None:
    with pytest.raises(Refused, match=r"no target 'moon' in broadcast\.toml"):
        bench.context.target("moon")


def test_minted_ids_are_new_each_time_and_of_the_right_shape(bench: Bench) -> None:
    minted = {bench.context.mint() for _ in range(50)}
    assert len(minted) == 50
    assert {len(one) for one in minted} == {32}
    assert len({bench.context.mint_request_id() for _ in range(50)}) == 50
