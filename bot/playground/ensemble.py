"""The bot's processes on a stage: each has a name that stays, whatever happens to the process behind it.

The first process of a verb is called like the verb ("worker"), the second "worker 2", and so on. How a process is
started, and what must be told to others when it is, is the stage's business.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.playground.bot_process import BotProcess

Starter = Callable[[tuple[str, ...]], BotProcess]


@dataclass(frozen=True)
class ProcessState:
    """Say how one process is: ``killed`` by us, ``ready`` as it said itself, started again so many times."""

    name: str
    verb: tuple[str, ...]
    pid: int
    alive: bool
    ready: bool
    killed: bool
    restarts: int
    started_at: datetime


@dataclass(frozen=True)
class _Part:
    """Hold the process that has a name at the moment."""

    name: str
    bot: BotProcess
    started_at: datetime
    restarts: int = 0

    def state(self) -> ProcessState:
        """Look at the process."""
        bot, alive = self.bot, self.bot.alive
        return ProcessState(
            name=self.name,
            verb=bot.verb,
            pid=bot.pid,
            alive=alive,
            ready=alive and bot.is_ready,
            killed=bot.killed,
            restarts=self.restarts,
            started_at=self.started_at,
        )


class Ensemble:
    """Start, kill and revive processes by name; every method may be called from any thread.

    ``now`` is the time that ``started_at`` is told in. ``news`` has to be called when a process has changed.
    """

    def __init__(self, start: Starter, *, now: Callable[[], datetime]) -> None:
        self._start = start
        self._now = now
        self._parts: dict[str, _Part] = {}
        self._hands = threading.Lock()
        self._changed = threading.Condition()
        self._dismissed = False

    @property
    def bots(self) -> list[BotProcess]:
        """List the process of each name, in the order in which the names came."""
        return [part.bot for part in tuple(self._parts.values())]

    def states(self) -> tuple[ProcessState, ...]:
        """Say how every process is."""
        return tuple(part.state() for part in tuple(self._parts.values()))

    def start(self, verb: tuple[str, ...]) -> BotProcess:
        """Start one more process, under a new name."""
        with self._hands:
            return self._put(self._new_name(verb[0]), verb, restarts=0)

    def kill(self, name: str) -> BotProcess:
        """Kill a process (SIGKILL); raises ValueError when there is none of that name, or it does not run."""
        with self._hands:
            bot = self._part(name).bot
            if not bot.alive:
                raise ValueError(f"The process {name!r} is not running; it can be started again.")
            bot.kill()
            return bot

    def revive(self, name: str) -> BotProcess:
        """Start the same verb again under the same name; raises ValueError for an unknown name, or when it runs."""
        with self._hands:
            part = self._part(name)
            if part.bot.alive:
                raise ValueError(f"The process {name!r} is running already.")
            part.bot.stop()  # it has ended; this takes its pipes away
            return self._put(name, part.bot.verb, restarts=part.restarts + 1)

    def dismiss(self) -> list[BotProcess]:
        """Ask every process to stop, do not wait for that, and let none be started any more; return them."""
        with self._hands:
            self._dismissed = True
            bots = self.bots
        for bot in bots:
            bot.terminate()
        return bots

    def news(self) -> None:
        """Wake who waits for the first to end by itself."""
        with self._changed:
            self._changed.notify_all()

    def first_to_end_by_itself(self, within: float | None) -> BotProcess | None:
        """Wait until a process has ended that nobody killed or asked to stop; None after so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: next((one for one in self.bots if one.ended_by_itself), None), within)

    def _part(self, name: str) -> _Part:
        if name not in self._parts:
            raise ValueError(f"There is no process {name!r}; there are: {', '.join(self._parts) or 'none'}.")
        return self._parts[name]

    def _new_name(self, verb: str) -> str:
        number = sum(part.bot.verb[0] == verb for part in self._parts.values()) + 1
        return verb if number == 1 else f"{verb} {number}"

    def _put(self, name: str, verb: tuple[str, ...], *, restarts: int) -> BotProcess:
        if self._dismissed:
            raise ValueError("The stage is being taken down.")
        self._parts[name] = _Part(name, self._start(verb), self._now(), restarts)
        return self._parts[name].bot
