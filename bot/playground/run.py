"""The verb ``playground``: put up a stage, play the story in the terminal, and stay for more until Ctrl-C."""

import signal
import sys
import threading
import time

from bot.playground.bot_process import BotDied
from bot.playground.stage import Stage
from bot.playground.story import Story, Untold

WIDTH = 11
"""Columns for who speaks."""


def main(*, port: int = 0, story: bool = False) -> int:
    """Run the playground; with ``story`` play it once and return 0 only if everything happened."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _stop(stopping))
    print("Putting up the stage: simulated Slack, simulated mPaaS, an embedded store, the real bot ...", flush=True)
    try:
        with Stage(port=port) as stage:
            _introduce(stage)
            status = _play(stage)
            if not story and not stopping.is_set():
                _stay(stage, stopping)
            return status
    except (BotDied, KeyboardInterrupt) as error:
        print(f"The playground ended: {str(error) or 'interrupted'}", file=sys.stderr)
        return 1


def _stop(stopping: threading.Event) -> None:
    """End the waiting; a second signal, or one during the story, ends everything."""
    if stopping.is_set():
        raise KeyboardInterrupt
    stopping.set()


def _introduce(stage: Stage) -> None:
    print(f"  Slack   {stage.slack.address}   (simulated; control at {stage.slack.control_url})")
    print(f"  mPaaS   {stage.mpaas.url}   (simulated; control at {stage.mpaas.url.rstrip('/')}/_control/)")
    print(f"  bot     {', '.join(f'{bot.verb[0]} (pid {bot.pid})' for bot in stage.bots)}")
    print(f"  files   {stage.directory}\n", flush=True)


def _play(stage: Stage) -> int:
    began = time.monotonic()

    def tell(who: str, what: str) -> None:
        print(f"{time.monotonic() - began:5.1f} s  {who:<{WIDTH}} {what}", flush=True)

    try:
        Story(stage, tell=tell).play()
    except Untold as error:
        print(f"\nThe story broke: {error}", file=sys.stderr)
        for bot in stage.bots:
            print(f"--- {' '.join(bot.verb)}\n" + "\n".join(bot.lines[-20:]), file=sys.stderr)
        return 1
    print("\nThe story is complete: asked, refused to its requester, approved by another, sent once per platform.")
    return 0


def _stay(stage: Stage, stopping: threading.Event) -> None:
    print("The playground stays up. Try more, for example as Ana:\n")
    body = '{"user": "U01ANA", "channel": "C0001GENERAL", "said": "/broadcast help"}'
    print(f"  curl -s -H 'content-type: application/json' -d '{body}' {stage.slack.control_url}command\n")
    print("Ctrl-C ends it.", flush=True)
    while not stopping.wait(1.0):
        for bot in stage.bots:
            if not bot.alive:
                print(f"{' '.join(bot.verb)} ended by itself:\n" + "\n".join(bot.lines[-20:]), file=sys.stderr)
                return
    print("\nTaking the stage down ...", flush=True)
