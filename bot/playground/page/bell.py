"""One bell for everything that changes, so that whoever follows along waits in one place."""

import threading
from collections import Counter


class Bell:
    """Count changes by what has changed, and wake who waits for one.

    It may be rung from any thread, also from one that holds other locks: nothing is called, and no other lock is taken,
    while its own is held.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition(threading.Lock())
        self._rung: Counter[str] = Counter()
        self._closed = False

    @property
    def closed(self) -> bool:
        """Tell whether it will ring no more."""
        return self._closed

    def rung(self, *what: str) -> int:
        """Tell how often it was rung for any of ``what``; without a word, for anything."""
        with self._changed:
            return self._count(what)

    def ring(self, what: str) -> None:
        """Tell that something changed."""
        with self._changed:
            self._rung[what] += 1
            self._changed.notify_all()

    def close(self) -> None:
        """Wake everybody for the last time."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def wait(self, heard: int, *what: str, seconds: float) -> int:
        """Wait until it was rung more than ``heard`` times for any of ``what``, so many seconds at most.

        Return how often it was; without a word, for anything.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._count(what) > heard or self._closed, seconds)
            return self._count(what)

    def _count(self, what: tuple[str, ...]) -> int:
        return sum(self._rung[one] for one in what) if what else self._rung.total()
