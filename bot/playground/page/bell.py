"""One bell for everything that changes, so that whoever follows along waits in one place."""

import threading


class Bell:
    """Count changes and wake who waits for one; may be rung from any thread, also one that holds other locks."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._rung = 0
        self.closed = False

    @property
    def rung(self) -> int:
        """Tell how often it was rung."""
        return self._rung

    def ring(self) -> None:
        """Tell that something changed."""
        with self._changed:
            self._rung += 1
            self._changed.notify_all()

    def close(self) -> None:
        """Wake everybody for the last time."""
        self.closed = True
        self.ring()

    def wait(self, heard: int, *, seconds: float) -> int:
        """Wait until it was rung more than ``heard`` times, so many seconds at most; return how often it was."""
        with self._changed:
            self._changed.wait_for(lambda: self._rung > heard or self.closed, seconds)
            return self._rung
