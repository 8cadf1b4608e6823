"""Faults on demand: what shall go wrong with the next calls of a Web API method."""

import threading
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Literal

EVERY = "*"
"""Stands for every method."""


@dataclass(frozen=True)
class Fault:
    """Say what goes wrong with one call.

    ``ratelimited`` answers 429 with ``Retry-After``; ``error`` answers ``ok: false`` with ``code``; ``slow`` waits
    ``seconds`` and then works; ``http_500`` answers without JSON; ``reset_before`` cuts the connection without doing
    anything, ``reset_after`` does what was asked and then cuts it: the caller cannot tell them apart.
    """

    kind: Literal["ratelimited", "error", "slow", "http_500", "reset_before", "reset_after"]
    code: str = "internal_error"
    seconds: float = 1.0


class Faults:
    """Queue faults by method; each is used once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, deque[Fault]] = defaultdict(deque)

    def add(self, method: str, fault: Fault, *, times: int = 1) -> None:
        """Let the next ``times`` calls of ``method`` ("*": of any) meet this fault."""
        with self._lock:
            self._waiting[method].extend([fault] * times)

    def clear(self) -> None:
        """Forget every fault that was not met yet."""
        with self._lock:
            self._waiting.clear()

    def take(self, method: str) -> Fault | None:
        """Take the fault this call meets, if any."""
        with self._lock:
            for name in (method, EVERY):
                if self._waiting[name]:
                    return self._waiting[name].popleft()
            return None
