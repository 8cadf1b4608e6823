"""SIGKILL to the store at every call of a whole push: ``python tests/crash/store_kills.py [--every N] [--down S]``.

Recording stories give the calls that the two processes make to the store; each gets two stories in which the server is
killed there: when the call has arrived and the server has not seen it, and when it has done it and nobody knows. It is
started again on the same data, everything converges, and the journals are compared with the store.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

from crash.points import RECORDINGS, line, recorded, struck, summary
from crash.store_theatre import store_theatre
from crash.theatre import SCENARIOS, Ending, Theatre
from crash.watch import Strike


def store_strikes(played: Theatre, scenario: str, *, stories: int = RECORDINGS) -> list[Strike]:
    """Record the stories' calls to the store, and make both kills of each."""
    strikes = recorded(played, scenario, stories=stories)
    return [strike for strike in strikes if strike.point.link.endswith(">store")]


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill the store at the points, print the table and the sums; return 0 only if nothing was found."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="try every Nth kill only")
    parser.add_argument("--first", type=int, default=0, metavar="K", help="begin with the Kth kill (default 0)")
    parser.add_argument("--down", type=float, default=0.0, metavar="SECONDS", help="how long the store stays away")
    parser.add_argument("--scenario", action="append", choices=list(SCENARIOS), help="which story (default: all)")
    chosen = parser.parse_args(arguments)
    begun, endings = time.monotonic(), list[Ending]()
    with store_theatre(down=chosen.down) as played:
        for scenario in chosen.scenario or SCENARIOS:
            strikes = store_strikes(played, scenario)[chosen.first :: chosen.every]
            print(f"{scenario}: {len(strikes)} kills of the store", flush=True)
            for ending in struck(played, strikes, scenario=scenario):
                print(line(ending), flush=True)
                endings.append(ending)
        kills = played.kills
    sums = summary(endings) | {"SIGKILLs": kills}
    print(", ".join(f"{count} {name}" for name, count in sums.items()), f"in {time.monotonic() - begun:.0f} s")
    return int(any(sums[name] for name in ("duplicates", "losses", "wrong")))


if __name__ == "__main__":
    sys.exit(main())
