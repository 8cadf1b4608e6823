"""What can be broken and mended from the page: the bot's processes, the store, mPaaS, Slack, the clock.

Each verb is a few lines over the stage; what a fault does is the simulators' business. What was done is kept as a short
history, so that a page can tell what followed it.
"""

import itertools
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from pydantic import JsonValue, ValidationError

from bot.playground.bot_process import BotDied
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.mpaas.results import Failure
from bot.playground.page import log
from bot.playground.page.other_side import ENVIRONMENTS
from bot.playground.passing_time import let_time_pass
from bot.playground.slack.control import plain
from bot.playground.slack.refusal import CannotDo
from bot.playground.slack.schema import Json
from bot.playground.stage import Stage

KEPT = 60
"""Deeds of the history that a page gets."""


class Backstage:
    """Steer a stage; every method may be called from any thread."""

    def __init__(self, stage: Stage, store_alive: Callable[[], bool] | None = None) -> None:
        self._stage = stage
        self._store_alive = store_alive or stage.store_alive
        self._numbers = itertools.count(1)
        self._history: deque[Json] = deque(maxlen=KEPT)
        self._refuses_until = 0.0
        self._planning = threading.Lock()

    def shown(self) -> Json:
        """Show what runs, what is planned to go wrong, what is under way, and what was done lately."""
        stage = self._stage
        return {
            "processes": [plain(process) for process in stage.processes()],
            "store_alive": self._store_alive(),
            "sockets": stage.slack.sockets,
            "ahead": stage.ahead.total_seconds(),
            "mpaas_faults": stage.mpaas.faults.planned(),
            "slack_faults": stage.slack.planned_faults(),
            "event_twice": stage.slack.duplicates_planned,
            "refusing": time.monotonic() < self._refuses_until,
            "hanging": _hanging(stage),
            "under_way": [log.under_way_shown(one, stage.slack.world) for one in stage.slack.under_way()],
            "history": list(self._history),
        }

    def acts(self) -> dict[str, Any]:
        """List the verbs by name, for the control API."""
        running = (self.kill, self.revive, self.kill_store, self.start_store, self.advance)
        faults = (self.misbehave, self.forget_misbehaviour, self.behave, self.let_go, self.clear_everything)
        return {
            verb.__name__: verb for verb in (*running, *faults, self.put_template, self.delete_template, self.entries)
        }

    # What runs --------------------------------------------------------------------------------------------------------

    def kill(self, name: str) -> None:
        """Kill a process of the bot (SIGKILL)."""
        self._stage.kill(name)
        self._did("process_killed", name)

    def revive(self, name: str) -> None:
        """Start a killed process again, and wait until it is ready."""
        try:
            self._stage.revive(name)
        except BotDied as died:
            raise CannotDo(f"{name} did not start: {str(died).splitlines()[-1]}") from died
        self._did("process_started", name)

    def kill_store(self) -> None:
        """Kill the store's server (SIGKILL)."""
        self._stage.kill_store()
        self._did("store_killed")

    def start_store(self) -> None:
        """Start the store's server again, on the same data."""
        self._stage.start_store()
        self._did("store_started")

    def advance(self, seconds: float) -> None:
        """Let time pass for everybody: the bot, the store, Slack and mPaaS; what falls due on the way is done."""
        let_time_pass(self._stage, seconds)
        self._did("clock_moved", f"{seconds:g}")

    # What goes wrong at mPaaS -----------------------------------------------------------------------------------------

    def misbehave(self, **fault: Any) -> None:
        """Plan a fault of mPaaS; the words are those of ``Misbehaviour``."""
        try:
            planned = Misbehaviour.model_validate(fault)
        except ValidationError as no:
            wrong = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'fault'}: {one['msg']}" for one in no.errors())
            raise CannotDo(f"mPaaS cannot go wrong like that: {wrong}.") from no
        self._stage.mpaas.misbehave(planned)
        if planned.kind == "refuse":
            self._refuses_until = time.monotonic() + (planned.seconds or 0)

    def forget_misbehaviour(self, fault: dict[str, Any]) -> bool:
        """Forget one planned fault of mPaaS, as ``shown`` shows it; return whether it was still to come."""
        faults, wanted = self._stage.mpaas.faults, _without_times(dict(fault))
        with self._planning:
            planned: list[Any] = faults.planned()
            found = next((one for one in planned if _without_times(one) == wanted), None)
            if found is not None:
                planned.remove(found)
                faults.clear()
                for one in planned:
                    faults.plan(Misbehaviour.model_validate(one))
        return found is not None

    def behave(self) -> None:
        """Forget every planned fault of mPaaS, and let it listen again."""
        self._stage.mpaas.faults.clear()
        self._stage.mpaas.accept()
        self._refuses_until = 0.0

    def let_go(self, execute: bool = True) -> None:
        """Let what hangs at mPaaS go on, or drop it unexecuted."""
        self._stage.mpaas.let_go(execute=execute)
        self._did("let_go" if execute else "dropped")

    def clear_everything(self) -> None:
        """Forget what is planned to go wrong, at mPaaS and in Slack; what hangs already goes on hanging."""
        self.behave()
        self._stage.slack.clear_faults()

    # Templates --------------------------------------------------------------------------------------------------------

    def put_template(self, environment: str, name: str, title: str, content: str, uri: str = "") -> None:
        """Add a template of an environment ("live", "test") at mPaaS, or edit its words and keep the rest of it."""
        app = self._app(environment)
        try:
            self._stage.mpaas.edit_template(*app, name, title=title, content=content, uri=uri)
        except Failure as no:
            raise CannotDo(f"mPaaS refuses the template: {no.message} ({no.code}).") from no

    def delete_template(self, environment: str, name: str) -> None:
        """Delete a template at mPaaS."""
        try:
            self._stage.mpaas.delete_template(*self._app(environment), name)
        except KeyError as no:
            raise CannotDo(f"mPaaS has no template {name!r} there.") from no

    def _app(self, environment: str) -> tuple[str, str]:
        for app, named in ENVIRONMENTS.items():
            if named == environment:
                return app
        raise CannotDo(f"There is no environment {environment!r}; there are: {', '.join(ENVIRONMENTS.values())}.")

    # The log ----------------------------------------------------------------------------------------------------------

    def entries(self, lines: list[str]) -> list[JsonValue]:
        """Return everything about many lines of the log, to be copied; None for a line that is gone."""
        return log.entries(self._stage.slack, self._stage.mpaas, lines)

    def _did(self, what: str, about: str = "") -> None:
        """Keep what was done, with the time on the stage after it."""
        at = self._stage.slack.world.now().isoformat()
        self._history.append({"number": next(self._numbers), "at": at, "what": what, "about": about})


def _hanging(stage: Stage) -> int:
    """Count the requests that hang at mPaaS until somebody lets them go."""
    entries = stage.mpaas.journal.entries()
    return sum(not entry.finished and entry.misbehaviour.startswith("hang") for entry in entries)


def _without_times(fault: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fault.items() if name != "times"}
