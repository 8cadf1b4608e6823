"""Faults on demand: what shall go wrong with the next calls of a Web API method."""

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, get_args

from bot.playground.slack.schema import Json

EVERY = "*"
"""Stands for every method."""

FaultKind = Literal["ratelimited", "error", "slow", "http_500", "reset_before", "reset_after"]


@dataclass(frozen=True)
class Fault:
    """Say what goes wrong with one call.

    ``ratelimited`` answers 429 with ``Retry-After``; ``error`` answers ``ok: false`` with ``code``; ``slow`` waits
    ``seconds`` and then works; ``http_500`` answers without JSON; ``reset_before`` cuts the connection without doing
    anything, ``reset_after`` does what was asked and then cuts it: the caller cannot tell them apart.
    Raises ValueError for another kind, and for seconds below 0.
    """

    kind: FaultKind
    code: str = "internal_error"
    seconds: float = 1.0

    def __post_init__(self) -> None:
        if self.kind not in get_args(FaultKind):
            raise ValueError(f"There is no fault {self.kind!r}; there are: {', '.join(get_args(FaultKind))}.")
        if not self.seconds >= 0:
            raise ValueError("seconds must not be negative")

    @property
    def retry_after(self) -> int:
        """Tell how many whole seconds ``Retry-After`` asks to wait, at least 1."""
        return max(1, round(self.seconds))

    @property
    def in_words(self) -> str:
        """Say for the journal what the caller could not tell from the answer; empty where the answer says it all."""
        return {
            "ratelimited": f"ratelimited, Retry-After {self.retry_after} s",
            "slow": f"answered {self.seconds:g} s late",
            "reset_before": "connection reset, nothing was done",
            "reset_after": "connection reset, it was done",
        }.get(self.kind, "")


@dataclass(frozen=True)
class Planned:
    """Hold a fault that is still to come: it meets ``times`` more calls of ``method``; None: all until forgotten.

    With a ``channel`` it meets only calls that name it: Slack limits chat.postMessage for each channel by itself.
    """

    id: int
    method: str
    fault: Fault
    times: int | None
    channel: str = ""

    def shown(self) -> Json:
        """Show it as JSON."""
        fault = self.fault
        about: Json = {"kind": fault.kind, "code": fault.code, "seconds": fault.seconds}
        where: Json = {"channel": self.channel} if self.channel else {}
        return {"id": self.id, "method": self.method, **about, "times": self.times, **where}


class Faults:
    """Plan faults by method; thread-safe. ``tell`` hears what changed: a word for it, and facts."""

    def __init__(self, tell: Callable[..., object] = lambda _, **__: None) -> None:
        self._lock = threading.Lock()
        self._tell = tell
        self._numbers = itertools.count(1)
        self._planned: list[Planned] = []

    def add(self, method: str, fault: Fault, *, times: int | None = 1, channel: str = "") -> int:
        """Let the next ``times`` calls of ``method`` ("*": of any) meet this fault, None: all; return the plan's id.

        Raises ValueError for fewer times than one.
        """
        if times is not None and times < 1:
            raise ValueError("times must be 1 or more, or nothing for all calls until it is forgotten")
        with self._lock:
            planned = Planned(next(self._numbers), method, fault, times, channel)
            self._planned.append(planned)
        self._tell("fault_planned", method=method, fault=fault.kind)
        return planned.id

    def planned(self) -> list[Planned]:
        """List what is still to come, in the order in which it was planned."""
        with self._lock:
            return list(self._planned)

    def forget(self, plan_id: int) -> bool:
        """Forget one plan; return whether it was still to come."""
        with self._lock:
            kept = [one for one in self._planned if one.id != plan_id]
            forgotten = len(kept) < len(self._planned)
            self._planned = kept
        self._tell("faults_forgotten", faults=int(forgotten))
        return forgotten

    def clear(self) -> None:
        """Forget every fault that was not met yet."""
        with self._lock:
            count = len(self._planned)
            self._planned = []
        self._tell("faults_forgotten", faults=count)

    def take(self, method: str, *, channel: str = "") -> Fault | None:
        """Take the fault this call meets, if any: of those for its method the first, then of those for every one."""
        with self._lock:
            planned = self._first(method, channel) or self._first(EVERY, channel)
            if planned is None:
                return None
            left = [] if planned.times == 1 else [replace(planned, times=planned.times and planned.times - 1)]
            index = self._planned.index(planned)
            self._planned[index : index + 1] = left
        self._tell("fault_met", method=method, fault=planned.fault.kind)
        return planned.fault

    def _first(self, method: str, channel: str) -> Planned | None:
        meant = (one for one in self._planned if one.method == method)
        return next((one for one in meant if one.channel in {"", channel}), None)
