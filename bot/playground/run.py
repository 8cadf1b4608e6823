"""The verb ``playground``: put up a stage with its page, play the story in the terminal, stay for more until Ctrl-C."""

import os
import signal
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import TextIO

from bot.playground.bot_process import BotDied
from bot.playground.page.front import Front
from bot.playground.stage import Stage
from bot.playground.story import PATIENCE, Story, Untold
from bot.playground.telling import Teller, width_of

VETO = "2s"
"""The live target's time to stop an approved push, in a story that is only watched."""

VETO_TO_PLAY = "8s"
"""The same where people play on: long enough to find the button Stop."""

LOOK = 0.25
"""Seconds between two looks at whether somebody asked to end, or a process ended."""

LAST_LINES = 20
"""Lines of each process's log that are shown when something went wrong."""


class Stopped(BaseException):
    """Tell that somebody asked to end (Ctrl-C, SIGTERM); like KeyboardInterrupt, no handler of errors may catch it."""


def main(*, port: int = 0, story: bool = False, browser: bool = False) -> int:
    """Run the playground; with ``story`` play it once and return 0 only if everything happened.

    With ``browser`` its page is opened where somebody sits at a terminal. Ctrl-C ends it at any time: that is a success
    of the playground, but not of a story that was not over.
    """
    try:
        with stopping_at_a_signal() as asked:
            return _perform(asked, port=port, story=story, browser=browser)
    except Stopped:
        print("\nThe playground has ended.", flush=True)
        return 1 if story else 0
    except BotDied as error:
        print(f"The playground ended: {error}", file=sys.stderr)
        return 1


@dataclass
class Asked:
    """Say whether somebody asked to end, and whether that is only noted, because somebody looks here again and again.

    What a signal raises can come between any two steps, and so between taking a lock and giving it back.
    """

    to_end: bool = False
    is_noted: bool = False

    def stop(self, _number: int, _frame: FrameType | None) -> None:
        """Raise Stopped at the first signal, unless it is noted; those that come after it change nothing."""
        if not self.to_end:
            self.to_end = True
            if not self.is_noted:
                raise Stopped


@contextmanager
def stopping_at_a_signal() -> Iterator[Asked]:
    """Raise Stopped at the first SIGINT or SIGTERM; those that come while everything is taken down change nothing."""
    asked = Asked()
    before = {number: signal.signal(number, asked.stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _perform(asked: Asked, *, port: int, story: bool, browser: bool) -> int:
    terminal = sys.stdout.isatty()
    if terminal:
        print("Putting up the stage: simulated Slack, simulated mPaaS, an embedded store, the real bot ...", flush=True)
    with Stage(port=port, veto=VETO if story else VETO_TO_PLAY) as stage, Front(stage) as front:
        if terminal or not story:
            _introduce(stage, front)
        status = play(stage, out=sys.stdout, err=sys.stderr)
        return status if story else _stay(stage, front, status, asked, browser=browser and terminal)


def _introduce(stage: Stage, front: Front) -> None:
    print(f"  page    {front.address}   (everything in a browser tab)")
    print(f"  Slack   {stage.slack.api_url}   (simulated; control at {stage.slack.control_url})")
    print(f"  mPaaS   {stage.mpaas.url}   (simulated; control at {stage.mpaas.url.rstrip('/')}/_control/)")
    print(f"  bot     {', '.join(f'{bot.verb[0]} (pid {bot.pid})' for bot in stage.bots)}")
    print(f"  files   {stage.directory}\n", flush=True)


def play(stage: Stage, *, out: TextIO, err: TextIO, patience: float = PATIENCE) -> int:
    """Play the story on the stage and return 0; say in ``err`` what did not happen, with the bot's log, and return 1.

    ``patience`` are the seconds that each thing may take.
    """
    width = width_of(out)
    teller = Teller(out, width=width, bold=width is not None and not os.environ.get("NO_COLOR"))
    try:
        Story(stage, tell=teller.tell, patience=patience).play()
    except Untold as error:
        print(f"\nThe story broke. {error}", file=err)
        for bot in stage.bots:
            print(f"--- {' '.join(bot.verb)}, its last lines", *bot.lines[-LAST_LINES:], sep="\n", file=err, flush=True)
        return 1
    ending = "The story is complete: asked, refused to its requester, approved by another, sent once per platform."
    print(f"\n{ending}", file=out, flush=True)
    return 0


def _has_windows() -> bool:
    """Tell whether a browser would open in a window: one that draws in the terminal would take it from the reader."""
    return sys.platform == "darwin" or any(os.environ.get(name) for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"))


def _stay(stage: Stage, front: Front, status: int, asked: Asked, *, browser: bool) -> int:
    """Stay until a signal ends it, and return the story's status; return 1 when a process of the bot ends by itself."""
    print(f"\nThe playground stays up. Now play it yourself, in a browser:\n\n  {front.address}\n", flush=True)
    asked.is_noted = True
    if browser and _has_windows():
        webbrowser.open(front.address)
    print("Ctrl-C ends it.", flush=True)
    bot = None  # who is killed on the page may be started again there, so that ends nothing
    while bot is None and not asked.to_end:
        bot = stage.first_to_end_by_itself(within=LOOK)
    if bot is None or asked.to_end:
        print("\nTaking the stage down ...", flush=True)
        return status
    print(f"{' '.join(bot.verb)} ended by itself:", *bot.lines[-LAST_LINES:], sep="\n", file=sys.stderr)
    return 1
