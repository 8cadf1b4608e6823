"""A pace as a file: the stage writes it once, the bot's processes read it when they start."""

import json
from dataclasses import asdict
from pathlib import Path

from bot.mpaas.exchange import Timeouts
from bot.operations.pace import Pace

OPTION = "--pace"
"""What comes before the file's path when a process of the bot is started."""


def write_pace(path: Path, pace: Pace) -> None:
    """Write all of a pace's numbers, by their names."""
    path.write_text(json.dumps(asdict(pace) | {"calls": pace.calls._asdict()}), encoding="ascii")


def read_pace(path: Path) -> Pace:
    """Read a pace; raises ValueError or TypeError when the file does not hold one, or one that cannot be."""
    said = json.loads(path.read_text(encoding="ascii"))
    return Pace(**said | {"calls": Timeouts(**said["calls"])})
