"""How long the bot waits for what may never come: an answer, a report, a worker, an announcer.

The numbers belong together, so they are one value that is handed down with the rest of the context. Production has one,
``USUAL``; who has to wait for a lease again and again (a test that kills processes) hands down a faster one.
"""

from dataclasses import dataclass

from bot.mpaas.exchange import Timeouts
from bot.store.notices import TAKE_OVER_MS

REPORTING = 2.0
"""Seconds that a report takes at most while the store answers: one reading and one writing, a second each."""

CALLS_RESERVED = 2
"""Slack calls for which a first post is reserved: to find the person's channel and look for the marker, and then once
more: to post, and as long again for a post that nobody heard of to arrive."""


@dataclass(frozen=True)
class Pace:
    """Hold the waits, in seconds; raise ValueError when one is too short for what happens within it."""

    calls: Timeouts = Timeouts()  # noqa: RUF009 - an immutable value
    """For a call that sends, with its retries."""
    slowest_start: float = 5.0
    """Between a claim and its call; a process that was paused for longer does not call."""
    lease: float = 20.0
    """How long a claim may take: the slowest start, the call's 8 seconds, its report, and a margin of 5."""
    look_again: float = 10.0
    """How soon a waiting request is looked at again."""
    after_fault: float = 30.0
    """How long a request is left alone when tending it failed or did nothing."""
    slack_call: int = 10
    """For a Slack call of the announcer, which nobody waits for."""
    reserved: int = 25
    """For which the first post of a message is one delivery's; over when its notice is delivered again."""
    take_over: float = TAKE_OVER_MS / 1000
    """After which a notice that somebody took and did not finish is delivered again."""

    unreached: float = 60.0
    """After which a process ends that Slack cannot reach: longer than Slack's side takes for a restart."""

    def __post_init__(self) -> None:
        """Refuse a lease that can end under a worker that is not dead, and a reservation under an announcer."""
        if self.lease < self.slowest_start + self.calls.total + REPORTING:
            raise ValueError(f"A lease of {self.lease} s is shorter than the start, call and report that it is for.")
        if self.reserved < CALLS_RESERVED * self.slack_call:
            raise ValueError(f"A reservation of {self.reserved} s is shorter than the Slack calls that it is for.")
        shortest = min(
            self.slowest_start, *self.calls, self.look_again, self.after_fault, self.slack_call, self.unreached
        )
        if min(shortest, self.take_over) <= 0:
            raise ValueError("Every wait takes some time: no number may be 0 or less.")


USUAL = Pace()
"""What production waits."""
