"""A worker with a planted mistake: what it claimed and did not report in time, it sends again.

``python wrong_bot.py CLOCK --pace PACE worker`` takes the place of the bot's own entry. It is composed of the bot's own
parts, and two of its own: when a lease is over the leg goes back to those that wait, and mPaaS is not asked before a
push whether it knows the task already. A harness that finds nothing here would find nothing anywhere.
"""

import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot import logs, wiring
from bot.announcer import Announcer
from bot.domain import lifecycle
from bot.domain.content import RequestId
from bot.domain.outcome import SendOutcome
from bot.domain.request import BroadcastRequest, Leg
from bot.domain.states import LegState, State
from bot.errors import Conflict
from bot.mpaas.client import PushClient, TaskListing
from bot.mpaas.readings import Template
from bot.operations.conditions import Conditions
from bot.operations.context import Context
from bot.playground.clock_file import ClockFile
from bot.playground.pace_file import read_pace
from bot.settings import Settings
from bot.worker import Worker


class Unseeing(PushClient):
    """Send as the bot's client does, and see no task at mPaaS."""

    def __init__(self, client: PushClient) -> None:
        self._client = client

    def push_broadcast(self, parameters: Mapping[str, str | int], *, signed_at: datetime | None = None) -> SendOutcome:
        return self._client.push_broadcast(parameters, signed_at=signed_at)

    def get_template(self, name: str) -> Template:
        return self._client.get_template(name)

    def list_templates(self) -> tuple[Template, ...]:
        return self._client.list_templates()

    def tasks_named(self, task_name: str, *, since: datetime) -> TaskListing:
        return TaskListing((), self._client.tasks_named(task_name, since=since).server_date)


class Requeueing(Worker):
    """Put what nobody reported in time back among what waits, just before it would be given up: the mistake."""

    def _tend(self, request_id: RequestId) -> bool:
        request, now = self._context.store.get(request_id), self._context.store.now()
        if request.state is State.SENDING and any(_lost(leg, now) for leg in request.legs):
            _again(self._context, request, now)
        return super()._tend(request_id)


def _again(context: Context, request: BroadcastRequest, now: datetime) -> None:
    fresh = {"state": LegState.WAITING, "attempt": "", "attempted_at": None, "lease_until": None}
    legs = tuple(leg.model_copy(update=fresh) if _lost(leg, now) else leg for leg in request.legs)
    step = lifecycle.step(request, event="requeue", actor="worker", now=now, legs=legs, wake_at=now)
    try:
        context.store.commit(step, commit_id=context.mint())
    except Conflict:
        return


def _lost(leg: Leg, now: datetime) -> bool:
    return leg.state is LegState.SENDING and leg.lease_until is not None and leg.lease_until <= now


def main(arguments: Sequence[str]) -> int:
    """Be a worker until a signal asks to stop."""
    clock, _, pace, _ = arguments
    ahead, stopping = ClockFile(Path(clock)).ahead, threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    needs = frozenset({"announce", "mpaas"})
    settings = Settings.from_environ(os.environ, directory=Path.cwd(), needs=needs).with_seal_key()
    logs.set_up(sys.stderr, secrets=settings.secrets(), level="INFO")
    with wiring.open_store(settings, ahead=ahead) as store:
        seeing = wiring.make_context(settings, store, Conditions(ahead, read_pace(Path(pace))))
        context = replace(seeing, clients={name: Unseeing(client) for name, client in seeing.clients.items()})
        _work(context, settings, f"wrong-{os.getpid()}", stopping)
    return 0


def _work(context: Context, settings: Settings, name: str, stopping: threading.Event) -> None:
    slack = wiring.slack_client(settings, timeout=context.pace.slack_call)
    announcer = threading.Thread(target=Announcer(context, slack, name=name, stopping=stopping).run, daemon=True)
    announcer.start()
    logs.write("ready", pid=os.getpid())
    Requeueing(context, name=name, stopping=stopping).run()
    announcer.join()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
