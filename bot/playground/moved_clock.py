"""The bot's own command line by a clock that can be moved forward, at another pace: all else is as in production.

``python -m bot.playground.moved_clock FILE [--pace PACE] VERB ...`` is ``python -m bot VERB ...`` with every clock as
far ahead as FILE says at that moment (``clock_file``), and with the waits of the file PACE (``pace_file``). It is an
entry to the bot and stands above it, as ``bot.__main__`` does.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from bot import cli
from bot.playground.clock_file import ClockFile
from bot.playground.pace_file import OPTION, read_pace


def main(arguments: Sequence[str]) -> int:
    """Run one verb of the bot by the clock of a file, and return its exit status; 2 without a file."""
    match list(arguments):
        case [clock, option, pace, *verb] if option == OPTION:
            return cli.main(verb, ahead=ClockFile(Path(clock)).ahead, pace=read_pace(Path(pace)))
        case [clock, *verb]:
            return cli.main(verb, ahead=ClockFile(Path(clock)).ahead)
    print(f"usage: python -m bot.playground.moved_clock FILE [{OPTION} PACE] VERB ...", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
