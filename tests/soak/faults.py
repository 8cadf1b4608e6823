"""What goes wrong in a soak run, by a seed: answers that are lost, processes and the store that are killed."""

import random  # noqa: TID251 - a plan that can be repeated, no secret
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from bot.playground.bot_process import BotDied
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.stage import Stage

MORTAL = ("slack 2", "worker 2")
"""Processes that are killed; the others live for the whole run, so that their memory can be watched."""

PAUSE = (1.0, 3.0)
"""Seconds between two faults, from and to."""

_MPAAS = (
    Misbehaviour(kind="reset", when="after", action="PushBroadcast"),
    Misbehaviour(kind="reset", when="before", action="PushBroadcast"),
    Misbehaviour(kind="status", when="after", action="PushBroadcast", status=502),
    Misbehaviour(kind="throttle", action="PushBroadcast", retry_after_ms=100),
    Misbehaviour(kind="half", when="after", action="PushBroadcast"),
    Misbehaviour(kind="slow", when="before", action="PushBroadcast", seconds=0.3),
    Misbehaviour(kind="close", when="before", action="QueryPushAnalysisTaskList"),
    Misbehaviour(kind="status", when="before", action="GetTemplate", status=503),
)
_SLACK = (
    ("chat.postMessage", "reset_after"),
    ("chat.postMessage", "http_500"),
    ("chat.update", "reset_before"),
    ("chat.update", "ratelimited"),
    ("views.open", "reset_after"),
    ("users.info", "http_500"),
    ("conversations.history", "reset_before"),
)


class Faults:
    """Let something go wrong every other second, until told to stop; the same seed plans the same faults."""

    def __init__(self, stage: Stage, seed: int) -> None:
        self._stage = stage
        self._dice = random.Random(seed)  # noqa: S311 - a plan that can be repeated, no secret
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.happened: Counter[str] = Counter()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, and leave everything whole: what was killed is started again, what was planned is forgotten."""
        self._stop.set()
        self._thread.join()
        self._stage.mpaas.faults.clear()
        self._stage.slack.clear_faults()

    def _run(self) -> None:
        kinds: list[tuple[int, str, Callable[[], None]]] = [
            (10, "mPaaS went wrong", self._mpaas),
            (8, "Slack went wrong", self._slack),
            (1, "the line to Slack broke", self._line),
            (2, "a process was killed", self._process),
            (1, "the store was killed", self._store),
        ]
        weights = [weight for weight, _, _ in kinds]
        while not self._stop.wait(self._dice.uniform(*PAUSE)):
            _, name, deed = self._dice.choices(kinds, weights)[0]
            deed()
            self.happened[name] += 1

    def _mpaas(self) -> None:
        self._stage.mpaas.misbehave(self._dice.choice(_MPAAS))

    def _slack(self) -> None:
        method, kind = self._dice.choice(_SLACK)
        self._stage.slack.fault(method, kind, seconds=1)  # type: ignore[arg-type]  # from the list above

    def _line(self) -> None:
        self._stage.slack.drop_sockets()

    def _process(self) -> None:
        name = self._dice.choice(MORTAL)
        with suppress(ValueError):
            self._stage.kill(name)
        self._stop.wait(self._dice.uniform(0, 1))
        for _ in range(3):
            with suppress(BotDied, TimeoutError):
                self._stage.revive(name)
                return

    def _store(self) -> None:
        with suppress(ValueError):
            self._stage.kill_store()
        self._stop.wait(self._dice.uniform(0, 0.5))
        with suppress(ValueError):  # one of the bot's processes was faster
            self._stage.start_store()
