"""The bot's own command line by a clock that can be moved forward, at another pace: all else is as in production.

``python -m bot.playground.moved_clock FILE [--pace PACE] VERB ...`` is ``python -m bot VERB ...`` with every clock as
far ahead as FILE says at that moment (``clock_file``), with the waits of the file PACE (``pace_file``), and with limits
per person that fit scripts: on a stage Ana asks in a minute for what people ask in a day. It is an entry to the bot and
stands above it, as ``bot.__main__`` does.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from bot import cli
from bot.domain.limits import Limits
from bot.operations.conditions import Conditions
from bot.operations.pace import USUAL
from bot.playground.clock_file import ClockFile
from bot.playground.pace_file import OPTION, read_pace

OF_A_STAGE = Limits(asking=60_000, holding_back=60_000, other=60_000, open_requests=60_000)
"""Scripts press a thousand times a second at most."""


def main(arguments: Sequence[str]) -> int:
    """Run one verb of the bot by the clock of a file, and return its exit status; 2 without a file."""
    match list(arguments):
        case [clock, option, file, *verb] if option == OPTION:
            pace = read_pace(Path(file))
        case [clock, *verb]:
            pace = USUAL
        case _:
            print(f"usage: python -m bot.playground.moved_clock FILE [{OPTION} PACE] VERB ...", file=sys.stderr)
            return 2
    return cli.main(verb, conditions=Conditions(ClockFile(Path(clock)).ahead, pace, OF_A_STAGE))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
