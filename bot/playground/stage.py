"""A stage: simulated Slack, simulated mPaaS, a store and the bot's real processes, put up and taken down together.

The story plays on it, and so do the tests. What is on it can be steered: processes and the store are killed and started
again, and all clocks are moved forward together. What the bot is told stands in ``bot_settings``; no ``.env`` is read.
"""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

from bot.domain.seals import Sealer
from bot.operations.pace import USUAL, Pace
from bot.playground.bot_process import START, BotProcess
from bot.playground.bot_settings import ACCESS_KEYS, LIVE, TEST, Rules, configuration, environment
from bot.playground.cast import BROADCASTS, CAST, Cast
from bot.playground.clock_file import ClockFile
from bot.playground.ensemble import Ensemble, ProcessState
from bot.playground.mpaas.sim import MpaasSim
from bot.playground.pace_file import OPTION, write_pace
from bot.playground.slack.sim import SlackSim
from bot.playground.staged_store import StagedStore
from bot.store.store import RequestStore
from bot.views.ids import COMMAND

__all__ = ["LIVE", "TEST", "Rules", "Stage"]

OPERATOR = 30.0
"""Seconds that an operator's verb may take."""

HANGS_UP = 2.0
"""Seconds in which Slack notices that a killed process is gone: the kernel tells it at once."""

FARTHEST = timedelta(days=400)
"""The longest step of the clock: all that mPaaS can be asked for happens within a year."""

FARTHEST_AHEAD = 100 * FARTHEST
"""How far ahead all steps may lead together; calendars end some thousand years later."""


class Stage:
    """Put everything up on entering, take everything down on leaving.

    ``processes`` are the bot's verbs; one with ``--http`` is called by the simulated Slack over signed HTTP. There is a
    target ``live`` with this ``quorum`` and ``veto`` ("3s"), and a target ``test``; ``targets`` adds more of them, or
    takes their place. ``pace`` is how long the bot waits for what may never come; ``cast`` lives in the workspace.

    ``on_change`` is rung, from any thread, when a process starts, becomes ready or ends, when the store was killed or
    started, and when the clock was moved.
    """

    def __init__(
        self,
        *,
        processes: Iterable[tuple[str, ...]] = (("slack",), ("worker",)),
        port: int = 0,
        quorum: int = 1,
        veto: str = "3s",
        targets: Mapping[str, Rules] = MappingProxyType({}),
        pace: Pace = USUAL,
        cast: Cast = CAST,
    ) -> None:
        self._verbs = tuple(processes)
        self._port = port
        self._pace = pace
        own = {"live": Rules(quorum=quorum, veto=veto), "test": Rules("test", veto="0s", approvals=BROADCASTS.id)}
        self.targets: Mapping[str, Rules] = MappingProxyType(own | dict(targets))
        self._stack = ExitStack()
        self.slack = SlackSim(commands=(COMMAND,), people=cast)
        self.mpaas = MpaasSim(apps=(LIVE, TEST), access_keys=ACCESS_KEYS, now=_now)
        self.directory = Path()
        self.on_change: list[Callable[[], None]] = []
        self._ahead, self._moving = timedelta(), threading.Lock()
        self._ensemble = Ensemble(self._started, now=self.now)

    def __enter__(self) -> Self:
        """Start the simulators, then the bot's processes, and wait until they are ready."""
        try:
            return self._put_up()
        except BaseException:
            self._stack.close()
            raise

    def _put_up(self) -> Self:
        self.directory = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="broadcast-")))
        self.slack.start(self._port)
        self._stack.callback(self.slack.stop)
        self.mpaas.start()
        self._stack.callback(self.mpaas.stop)
        self._clock = ClockFile(self.directory / "clock")
        write_pace(self._pace_file, self._pace)
        self._store = StagedStore(self.directory / "var")
        self._stack.callback(self._store.end)
        self.stand_between(self._stack)
        written = configuration(self.targets, endpoint=self.endpoint())
        (self.directory / "broadcast.toml").write_text(written, encoding="utf-8")
        self._stack.callback(self._stop_bots)
        for bot in [self.start(*verb) for verb in self._verbs]:
            self._introduce(bot)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the bot, then its store, then the simulators."""
        self._stack.close()

    # The bot's processes ----------------------------------------------------------------------------------------------

    @property
    def bots(self) -> list[BotProcess]:
        """List the process that each name has at the moment, in the order in which they were started first."""
        return self._ensemble.bots

    def processes(self) -> tuple[ProcessState, ...]:
        """Say how every process is, by its name."""
        return self._ensemble.states()

    def start(self, *verb: str) -> BotProcess:
        """Start one more process of the bot, and do not wait for it; it is stopped with the stage."""
        bot = self._ensemble.start(verb)
        self._tell()
        return bot

    def kill(self, name: str) -> None:
        """Kill one process (SIGKILL), and wait until its connection to Slack is gone too.

        Raises ValueError when there is no process of that name, or it does not run.
        """
        before = self.slack.sockets
        bot = self._ensemble.kill(name)
        if before and _uses_socket_mode(bot.verb):
            with suppress(TimeoutError):  # it was not connected at that moment
                self.slack.wait_until(lambda: self.slack.sockets < before, timeout=HANGS_UP)

    def revive(self, name: str) -> None:
        """Start an ended process again under its name, and wait until it is ready and Slack can reach it.

        Raises ValueError when there is no process of that name, or it runs; BotDied when it does not become ready.
        """
        bot = self._ensemble.revive(name)
        self._tell()
        self._introduce(bot)

    def first_to_end_by_itself(self, *, within: float | None = None) -> BotProcess | None:
        """Wait until a process has ended that nobody killed or asked to stop; None after so many seconds."""
        return self._ensemble.first_to_end_by_itself(within)

    @property
    def _pace_file(self) -> Path:
        return self.directory / "pace"

    def _started(self, verb: tuple[str, ...]) -> BotProcess:
        program = (*self.entry_of(verb), str(self._clock.path), OPTION, str(self._pace_file))
        return BotProcess(
            *verb, directory=self.directory, environ=self.environ_of(verb), program=program, on_change=self._tell
        )

    def _introduce(self, bot: BotProcess) -> None:
        """Wait until a process is ready, and Slack can reach it."""
        bot.ready()
        for listening in bot.logged("listening"):
            self.slack.connect_http(self.reached_at(listening["address"]))
        if _uses_socket_mode(bot.verb):
            wanted = sum(_uses_socket_mode(one.verb) for one in self.bots if one.is_ready and one.alive)
            self.slack.wait_until(lambda: self.slack.sockets >= wanted, timeout=START, description="Socket Mode")

    def _tell(self) -> None:
        self._ensemble.news()
        for listener in tuple(self.on_change):
            listener()

    def _stop_bots(self) -> None:
        """Ask all at once; Slack hangs up meanwhile, because slack_sdk's close() waits seconds for its last read."""
        bots = self._ensemble.dismiss()
        with ExitStack() as stopping:
            for bot in bots:
                stopping.callback(bot.stop)
            while any(not bot.ended(within=0.1) for bot in bots) and self.slack.sockets:
                self.slack.drop_sockets()

    def environ(self) -> dict[str, str]:
        """Make the environment of the bot's processes."""
        return environment(self.slack, data_dir=self.directory / "var")

    # The ways between the bot and the others: a stage of the crash tests has something stand in them ------------------

    def stand_between(self, stack: ExitStack) -> None:
        """Put up what stands between the bot and the others, to be taken down by ``stack`` after the bot has ended."""

    def endpoint(self) -> str:
        """Say where the bot finds mPaaS: one address for all, because approvals are bound to it."""
        return self.mpaas.url.rstrip("/")

    def environ_of(self, verb: tuple[str, ...]) -> dict[str, str]:  # noqa: ARG002 - for those who tell them apart
        """Make the environment of the processes of one verb."""
        return self.environ()

    def entry_of(self, verb: tuple[str, ...]) -> tuple[str, ...]:  # noqa: ARG002 - likewise
        """Say what Python is told to run for the processes of one verb; it takes a clock and a pace."""
        return ("-m", "bot.playground.moved_clock")

    def reached_at(self, address: str) -> str:
        """Say where Slack finds a process that listens at this address."""
        return address

    def operate(self, *verb: str) -> "subprocess.CompletedProcess[str]":
        """Run one of an operator's verbs to its end, as at a terminal of the same machine."""
        return subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "bot.playground.moved_clock", str(self._clock.path), *verb],
            cwd=self.directory,
            env=self.environ(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=OPERATOR,
        )

    # The store --------------------------------------------------------------------------------------------------------

    @contextmanager
    def store(self) -> Iterator[RequestStore]:
        """Open the store that the bot uses, by the stage's clock."""
        with self._store.opened(self._clock.ahead) as store:
            yield store

    @property
    def store_url(self) -> str:
        """Give the address of the store's server (``unix://``)."""
        return self._store.url

    def sealer(self) -> Sealer:
        """Give what the bot seals its records with."""
        return self._store.sealer()

    def store_alive(self) -> bool:
        """Tell whether the store's server answers."""
        return self._store.alive

    def kill_store(self) -> None:
        """Kill the store's server (SIGKILL); raises ValueError when it does not run."""
        self._store.kill()
        self._tell()

    def start_store(self) -> None:
        """Start the store's server again on the same data; raises ValueError when it runs."""
        self._store.start()
        self._tell()

    # The clock --------------------------------------------------------------------------------------------------------

    @property
    def ahead(self) -> timedelta:
        """Tell how far every clock on the stage is ahead of the real one."""
        return self._ahead

    def now(self) -> datetime:
        """Tell the time on the stage, in UTC."""
        return _now() + self._ahead

    def advance(self, seconds: float) -> None:
        """Move every clock forward: the bot's processes', their store's, Slack's and mPaaS's.

        The bot goes first and mPaaS follows at once: what the bot signs in between takes longer to arrive than that.
        What it signed just before may arrive just after; mPaaS refuses that as expired, as it would after a real jump,
        and executes nothing. Raises ValueError for a step back, or one that is too long.
        """
        with self._moving:
            step = self.check_step(seconds)
            self._ahead += step
            self._clock.move(self._ahead)
            self.mpaas.advance(step.total_seconds())
            self.slack.advance(step.total_seconds())
        self._tell()

    def check_step(self, seconds: float) -> timedelta:
        """Return a step of the clock that can be made; raises ValueError for one that can't, with a sentence."""
        step = _step(seconds)
        if self._ahead + step > FARTHEST_AHEAD:
            raise ValueError("The clock is as far ahead as it goes.")
        return step


def _uses_socket_mode(verb: tuple[str, ...]) -> bool:
    return verb[0] in {"slack", "run"} and "--http" not in verb


def _step(seconds: float) -> timedelta:
    try:
        step = timedelta(seconds=seconds)
    except (TypeError, ValueError, OverflowError):  # what a page says may be anything
        step = timedelta(-1)
    if not timedelta() <= step <= FARTHEST:
        raise ValueError(f"The clock moves forward, by at most {FARTHEST.days} days at a time, not by {seconds!r} s.")
    return step


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the playground reads a clock
