"""The model of the bot: it breaks no rule in any state of the small scopes, and every planted mistake is caught.

``python tests/model/explore.py`` explores the large scopes too, and prints the numbers; the decision is 0015.
"""

import pytest
from model.explore import explored, main, told
from model.mistakes import MISTAKES, Mistake
from model.rules import AT_MOST_ONCE
from model.scopes import LARGE, LIMITS, SMALL, Limit
from model.world import Bot, Scope

pytestmark = pytest.mark.long


def named(thing: Scope | Mistake | Limit) -> str:
    return thing.scope.name if isinstance(thing, Limit) else thing.name


@pytest.mark.parametrize("scope", SMALL, ids=named)
def test_the_real_bot_breaks_no_rule_in_any_state(scope: Scope) -> None:
    model, result = explored(scope)
    assert result.found is None, told(model, result.found)
    assert result.complete
    assert result.states > 100


@pytest.mark.parametrize("mistake", MISTAKES, ids=named)
def test_every_planted_mistake_is_caught_by_its_rule(mistake: Mistake) -> None:
    _, result = explored(mistake.scope, mistake.bot)
    assert result.found is not None
    assert result.found.rule == mistake.rule


@pytest.mark.parametrize("scope", dict.fromkeys(mistake.scope for mistake in MISTAKES), ids=named)
def test_where_a_mistake_is_caught_the_real_bot_makes_none(scope: Scope) -> None:
    model, result = explored(scope)
    assert result.found is None, told(model, result.found)
    assert result.complete


@pytest.mark.parametrize("limit", LIMITS, ids=named)
def test_what_the_real_bot_does_not_withstand_is_found(limit: Limit) -> None:
    """When this fails because nothing is found, a limit has fallen: move its scope to the others."""
    _, result = explored(limit.scope)
    assert result.found is not None
    assert result.found.rule == limit.rule


def test_a_counterexample_can_be_read() -> None:
    mistake = next(mistake for mistake in MISTAKES if mistake.name == "a call is made again after a timeout")
    model, result = explored(mistake.scope, mistake.bot)
    assert result.found is not None
    story = told(model, result.found)
    assert story.startswith("at most once: mPaaS executes a leg twice, after ")
    assert "a worker claims\n        version 3, sending (android sending); mPaaS executed 0" in story
    assert story.endswith("mPaaS executed 2")


def test_the_table_says_how_much_was_explored_and_whether_it_holds() -> None:
    lines = list[str]()
    totals = main(scopes=SMALL[2:3], mistakes=MISTAKES[1:4], limits=LIMITS[-2:-1], say=lines.append)
    assert (totals.scopes, totals.mistakes, totals.caught, totals.limits) == (1, 3, 3, 1)
    assert totals.as_promised
    assert f"{totals.states:,} states" in lines[-1]


def test_the_table_says_so_when_a_mistake_is_not_caught_or_a_limit_has_fallen() -> None:
    scope = MISTAKES[2].scope
    no_mistake, no_limit = Mistake("none", Bot(), scope, AT_MOST_ONCE), Limit(scope, AT_MOST_ONCE, "nothing")
    lines = list[str]()
    assert not main(scopes=(scope,), mistakes=(no_mistake,), limits=(), say=lines.append).as_promised
    assert lines[-1].endswith("no rule broken: NO; 0 of 1 mistakes caught")
    assert not main(scopes=(scope,), mistakes=(), limits=(no_limit,), say=lines.append).as_promised


def test_every_scope_has_a_name_of_its_own() -> None:
    names = [scope.name for scope in (*SMALL, *LARGE)]
    assert len(set(names)) == len(names)
