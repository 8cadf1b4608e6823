"""A process of the bot that stands still for a while, as on a machine that is far too busy: it answers too late."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from bot.playground.stage import Stage


@contextmanager
def paused(stage: Stage, role: str) -> Iterator[None]:
    """Let the process of a role ("slack", "worker") do nothing until the block ends."""
    pid = next(bot.pid for bot in stage.bots if bot.verb[0] == role)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
