"""Kill -9 at every crash point: ``python tests/crash/points.py [--every N] [--scenario NAME]``.

Recording stories give the list of points; then each point gets two stories in which its process is killed there, before
the call is forwarded and after the server has done it. A table of every kill is printed with what was found.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

from crash.findings import DUPLICATE, LOST, WRONG
from crash.theatre import SCENARIOS, Ending, Theatre, points_of, strikes_at, theatre
from crash.watch import Strike

RECORDINGS = 5
"""Stories that are recorded: a point is what all of them met, so that it is met again."""

TRIES = 4
"""Stories that a kill gets: which of a process's two threads is first differs from one to the other."""


def recorded(played: Theatre, name: str, *, stories: int = RECORDINGS) -> list[Strike]:
    """Record what all stories of a scenario meet, and make the kills of it.

    One story is played before: a server that was just started learns each script at its first call, in two calls more.
    """
    scenario = SCENARIOS[name]
    played.play(scenario=scenario)
    endings = [played.play(scenario=scenario) for _ in range(stories)]
    if wrong := [sentence for ending in endings for sentence in ending.found]:
        raise AssertionError(f"Without a kill: {wrong}")
    points = [point for point in points_of(*endings) if scenario.act in {None, point.act}]
    return strikes_at(points, *endings)


def struck(played: Theatre, strikes: Sequence[Strike], *, scenario: str) -> Iterator[Ending]:
    """Play a story for each kill, again when its point was not met."""
    for strike in strikes:
        for _ in range(TRIES):
            ending = played.play(strike, scenario=SCENARIOS[scenario])
            if ending.hit or ending.found:
                break
        yield ending


def line(ending: Ending) -> str:
    """Write one row of the table."""
    what = "; ".join(ending.found) or ("" if ending.hit else "NOT MET")
    legs = ",".join(ending.legs)
    return f"{ending.seconds:5.1f} s  {ending.strike!s:<67} {ending.state:<16} {legs:<18} {what}".rstrip()


def summary(endings: Sequence[Ending]) -> dict[str, int]:
    """Count what was tried and found."""
    kinds = Counter(sentence.partition(":")[0] for ending in endings for sentence in ending.found)
    return {
        "points": len({ending.strike.point for ending in endings if ending.strike}),
        "kills": sum(ending.hit for ending in endings),
        "not met": sum(not ending.hit for ending in endings),
        "duplicates": kinds[DUPLICATE],
        "losses": kinds[LOST],
        "wrong": kinds[WRONG],
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the points, print the table and the sums; return 0 only if nothing was found."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="try every Nth kill only")
    parser.add_argument("--first", type=int, default=0, metavar="K", help="begin with the Kth kill (default 0)")
    parser.add_argument("--scenario", action="append", choices=list(SCENARIOS), help="which story (default: all)")
    chosen = parser.parse_args(arguments)
    begun, endings = time.monotonic(), list[Ending]()
    with theatre() as played:
        for scenario in chosen.scenario or SCENARIOS:
            strikes = recorded(played, scenario)[chosen.first :: chosen.every]
            print(f"{scenario}: {len(strikes)} kills", flush=True)
            for ending in struck(played, strikes, scenario=scenario):
                print(line(ending), flush=True)
                endings.append(ending)
    sums = summary(endings)
    print(", ".join(f"{count} {name}" for name, count in sums.items()), f"in {time.monotonic() - begun:.0f} s")
    return int(any(sums[name] for name in ("not met", "duplicates", "losses", "wrong")))


if __name__ == "__main__":
    sys.exit(main())
