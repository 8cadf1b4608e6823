"""What can be broken and mended from the page: the bot's processes, the store, mPaaS, Slack, the clock.

Each verb is a few lines over the stage; what a fault does is the simulators' business.
"""

from typing import Any

from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.mpaas.templates import Template
from bot.playground.page.other_side import ENVIRONMENTS
from bot.playground.slack.control import plain
from bot.playground.slack.refusal import CannotDo
from bot.playground.slack.schema import Json
from bot.playground.stage import Stage


class Backstage:
    """Steer a stage."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def shown(self) -> Json:
        """Show what runs, what is planned to go wrong, and what time it is."""
        stage = self._stage
        return {
            "processes": [plain(process) for process in stage.processes()],
            "store_alive": stage.store_alive(),
            "sockets": stage.slack.sockets,
            "ahead": stage.ahead.total_seconds(),
            "mpaas_faults": stage.mpaas.faults.planned(),
            "slack_faults": stage.slack.planned_faults(),
        }

    def acts(self) -> dict[str, Any]:
        """List the verbs by name, for the control API."""
        verbs = (self.kill, self.revive, self.kill_store, self.start_store, self.advance, self.misbehave)
        more = (self.behave, self.let_go, self.put_template, self.delete_template)
        return {verb.__name__: verb for verb in (*verbs, *more)}

    def kill(self, name: str) -> None:
        """Kill a process of the bot (SIGKILL)."""
        self._stage.kill(name)

    def revive(self, name: str) -> None:
        """Start a killed process again, and wait until it is ready."""
        self._stage.revive(name)

    def kill_store(self) -> None:
        """Kill the store's server (SIGKILL)."""
        self._stage.kill_store()

    def start_store(self) -> None:
        """Start the store's server again, on the same data."""
        self._stage.start_store()

    def advance(self, seconds: float) -> None:
        """Move every clock forward: the bot's, the store's, Slack's and mPaaS's."""
        self._stage.advance(seconds)

    def misbehave(self, **fault: Any) -> None:
        """Plan a fault of mPaaS; the words are those of ``Misbehaviour``."""
        self._stage.mpaas.misbehave(Misbehaviour.model_validate(fault))

    def behave(self) -> None:
        """Forget every planned fault of mPaaS, and let it listen again."""
        self._stage.mpaas.faults.clear()
        self._stage.mpaas.accept()

    def let_go(self, execute: bool = True) -> None:
        """Let what hangs at mPaaS go on, or drop it unexecuted."""
        self._stage.mpaas.let_go(execute=execute)

    def put_template(self, environment: str, name: str, title: str, content: str, uri: str = "") -> None:
        """Add or edit a template of an environment ("live", "test") at mPaaS."""
        template = Template(name, title, content, uri)
        self._stage.mpaas.put_template(*self._app(environment), template)

    def delete_template(self, environment: str, name: str) -> None:
        """Delete a template at mPaaS."""
        self._stage.mpaas.delete_template(*self._app(environment), name)

    def _app(self, environment: str) -> tuple[str, str]:
        for app, named in ENVIRONMENTS.items():
            if named == environment:
                return app
        raise CannotDo(f"There is no environment {environment!r}; there are: {', '.join(ENVIRONMENTS.values())}.")
