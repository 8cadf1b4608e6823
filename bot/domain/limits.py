"""How much one person may do, so that nobody can keep the bot, Slack or the approvers busy for everybody else.

The numbers are constants with reasons and no settings: whoever needs more than these is a script. They must never be in
the way of somebody in a hurry, so what holds a push back is counted by itself, and ``halt`` is not counted at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import Problem, Refused

WINDOW = 60
"""Seconds in which things are counted; a new count begins with the first one after that."""

TOLD = 5
"""How many presses over the limit are answered in words: showing words takes a call to Slack, which limits those of
the whole workspace (``views.open``: 100 a minute and more)."""


class Counted(StrEnum):
    """What is counted together."""

    ASKING = "asking"
    """Commands, opening a form, asking for approval: they write to the store, or call Slack and mPaaS."""
    HOLDING_BACK = "holding_back"
    """Reject, Withdraw, Stop, Cancel, Recall and their forms."""
    OTHER = "other"
    """Everything else, such as a choice in a form, a search for a template, a vote, the Home tab."""


@dataclass(frozen=True)
class Limits:
    """Hold the most that one person may do of each kind in a window, and how many requests may wait for approval."""

    asking: int = 20
    """A request takes two of these (command and submit): ten a minute are more than anybody reads or approves."""
    holding_back: int = 60
    """One a second: nobody in a hurry is kept waiting."""
    other: int = 60
    """One a second, for a whole minute: filling in the longest form takes about twenty."""
    open_requests: int = 20
    """Each of them mentions the approvers: more would teach them to press without reading."""

    def of(self, kind: Counted) -> int:
        """Give the most of one kind."""
        most: Mapping[Counted, int] = {
            Counted.ASKING: self.asking,
            Counted.HOLDING_BACK: self.holding_back,
            Counted.OTHER: self.other,
        }
        return most[kind]


LIMITS = Limits()


def check_pace(limits: Limits, kind: Counted, *, count: int, seconds_left: int) -> None:
    """Refuse what is one too many; ``count`` includes it, ``seconds_left`` is until the count begins anew."""
    most = limits.of(kind)
    if count > most:
        wait = f"{seconds_left} second{'' if seconds_left == 1 else 's'}"
        sentence = (
            f"That was more than {most} times within a minute, the most for one person. Nothing was recorded. "
            f"Wait {wait}, then go on; halt works meanwhile."
        )
        raise Refused(Problem("", "too_fast", sentence, {"most": str(most), "wait": str(seconds_left)}))


def check_room(limits: Limits, *, waiting: int) -> None:
    """Refuse one more request while so many of the person's wait for approval or for changes."""
    if waiting >= limits.open_requests:
        sentence = (
            f"{waiting} of your requests wait for approval or for changes; {limits.open_requests} are the most. "
            "Withdraw one, or wait until one is decided."
        )
        raise Refused(Problem("", "too_many_open", sentence, {"most": str(limits.open_requests)}))
