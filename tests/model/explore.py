"""Explore the model and print what was found: ``python tests/model/explore.py``, or in ``tests`` as ``model.explore``.

Every scope with the real bot must break nothing, every planted mistake must break its rule. What the real bot does not
withstand is printed too. Status 0 only if all of it is as it should be. With ``--small`` the large scopes are left out:
less than a minute instead of about five, on one core that has nothing else to do.
"""

import argparse
import logging
import sys
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # run as a script, it must find the project and its neighbours

from model.checker import Counterexample, Result, explore, readable  # noqa: E402 - after the path is known
from model.mistakes import MISTAKES, Mistake  # noqa: E402
from model.scopes import LARGE, LIMITS, SMALL, Limit  # noqa: E402
from model.system import Model  # noqa: E402
from model.world import Bot, Scope, World  # noqa: E402


@dataclass(frozen=True)
class Totals:
    """What one run of everything came to."""

    states: int
    moves: int
    scopes: int
    mistakes: int
    caught: int
    limits: int
    as_promised: bool


def explored(scope: Scope, bot: Bot | None = None) -> tuple[Model, Result]:
    """Explore a scope, with the real bot unless another is given."""
    model = Model(scope, bot)
    return model, explore(model)


def told(model: Model, found: Counterexample) -> str:
    """Write a counterexample down for people."""
    return readable(found, lambda state: described(model, state))


def described(model: Model, state: Hashable) -> str:
    """Say in a line what a state is about: the request, its legs, what mPaaS executed."""
    world = state if isinstance(state, World) else None
    if world is None and isinstance(state, tuple) and isinstance(state[0], World):
        world = state[0]
    if world is None:
        return ""
    request = model.documents.all[world.store.document]
    legs = ", ".join(f"{leg.platform} {leg.state}" for leg in request.legs)
    executed = sum(len(revisions) for revisions in world.executed)
    return f"version {request.version}, {request.state} ({legs}); mPaaS executed {executed}"


def main(
    *,
    scopes: Sequence[Scope] = (*SMALL, *LARGE),
    mistakes: Sequence[Mistake] = MISTAKES,
    limits: Sequence[Limit] = LIMITS,
    say: Callable[[str], object] = print,
) -> Totals:
    """Explore everything, print a table, and give the totals."""
    say(f"{'states':>10} {'moves':>10} {'steps':>6} {'seconds':>8}  scope")
    results = [_scope(scope, say) for scope in scopes]
    say("\nPlanted mistakes, each caught by the rule that stands beside it, after so many steps:")
    caught = sum(_mistake(mistake, say) for mistake in mistakes)
    say("\nWhat the real bot does not withstand:")
    met = sum(_limit(limit, say) for limit in limits)
    totals = Totals(
        states=sum(result.states for result in results),
        moves=sum(result.moves for result in results),
        scopes=len(results),
        mistakes=len(mistakes),
        caught=caught,
        limits=met,
        as_promised=all(result.complete and result.found is None for result in results)
        and (caught, met) == (len(mistakes), len(limits)),
    )
    say(
        f"\n{totals.states:,} states and {totals.moves:,} moves in {totals.scopes} scopes, nothing left out, no rule "
        f"broken: {'yes' if totals.as_promised else 'NO'}; {caught} of {len(mistakes)} mistakes caught"
    )
    return totals


def _scope(scope: Scope, say: Callable[[str], object]) -> Result:
    model, result = explored(scope)
    say(f"{result.states:10,} {result.moves:10,} {result.depth:6} {result.seconds:8.1f}  {scope.name}")
    if result.found:
        say(told(model, result.found))
    return result


def _mistake(mistake: Mistake, say: Callable[[str], object]) -> bool:
    model, result = explored(mistake.scope, mistake.bot)
    found = result.found
    rule, steps = (found.rule, len(found.steps) - 1) if found else ("not caught", 0)
    say(f"{steps:4}  {mistake.name}: {rule}")
    if found and found.rule != mistake.rule:
        say(told(model, found))
    return rule == mistake.rule


def _limit(limit: Limit, say: Callable[[str], object]) -> bool:
    _, result = explored(limit.scope)
    found = result.found
    say(f"{len(found.steps) - 1 if found else 0:4}  {limit.what}")
    return found is not None and found.rule == limit.rule


def asked(arguments: Sequence[str] | None = None) -> bool:
    """Explore what the command line asks for, and tell whether everything is as promised."""
    parser = argparse.ArgumentParser(description="Explore every state of the model, and print what was found.")
    parser.add_argument("--small", action="store_true", help="leave the large scopes out")
    is_small = parser.parse_args(arguments).small
    logging.getLogger("bot").addHandler(logging.NullHandler())  # a forged record is complained of in every other state
    return main(scopes=SMALL if is_small else (*SMALL, *LARGE), say=_say).as_promised


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(0 if asked() else 1)
