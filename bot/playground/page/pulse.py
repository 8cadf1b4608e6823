"""Whether the store answers, asked beside everything else: whoever wants to know gets the latest answer at once.

The store answers when it has synced what it was given to disk. A page that asked it after every change waited for that
each time, and let the bot wait.
"""

import threading
from collections.abc import Callable

from bot.playground.page.bell import Bell

LOOK = 1.0
"""Seconds after which is looked again, because a server can also end by itself."""


class Pulse:
    """Ask when something changed on the stage or a second has passed, until the bell is closed; ring what is new."""

    def __init__(self, ask: Callable[[], bool], bell: Bell) -> None:
        self._ask, self._bell = ask, bell
        self._alive = ask()
        self._thread = threading.Thread(target=self._follow, name="pulse", daemon=True)

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def join(self) -> None:
        """Wait until nobody is asked any more, once the bell is closed."""
        self._thread.join()

    def alive(self) -> bool:
        """Tell what was answered last."""
        return self._alive

    def _follow(self) -> None:
        heard = self._bell.rung("stage")
        while not self._bell.closed:
            self._look()
            heard = self._bell.wait(heard, "stage", seconds=LOOK)

    def _look(self) -> None:
        before, self._alive = self._alive, self._ask()
        if before != self._alive:
            self._bell.ring("stage")
