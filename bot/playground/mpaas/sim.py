"""A simulated Alibaba Cloud mPaaS push service on loopback: checks what the real one checks, remembers everything.

``POST /`` is the vendor's API (version 2020-10-28), ``/_control/...`` steers the simulator (``control``). It shares no
code with the bot: signature, rules and calendar are written a second time, from the vendor's pages, in the modules
beside this one. A repeated ``Msgkey`` is executed again, since no page promises otherwise: that is how a duplicate is
seen.

As a process of its own: ``python -m bot.playground.mpaas.sim --port N`` prints one JSON line with its address.
"""

import argparse
import json
import secrets
import signal
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from pydantic import JsonValue

from bot.playground.http_server import LoopbackServer, Request, Response
from bot.playground.mpaas.actions import Vendor
from bot.playground.mpaas.control import Control
from bot.playground.mpaas.gateway import Gateway, GatewayRefusal
from bot.playground.mpaas.journal import Entry, Journal
from bot.playground.mpaas.misbehaviour import Faults, Misbehaviour
from bot.playground.mpaas.parameters import read_form
from bot.playground.mpaas.results import App, Failure, failed, refused, success
from bot.playground.mpaas.tasks import SubTask, Task
from bot.playground.mpaas.templates import DEFAULT_TEMPLATES, Template


class MpaasSim:
    """Be mPaaS for these apps and AccessKeys. ``now`` is the clock; ``advance`` moves the simulator's reading of it.

    Every method may be called from any thread. ``token`` mints 32 hex digits for task and request ids.
    """

    def __init__(
        self,
        *,
        apps: Iterable[App],
        access_keys: Mapping[str, str],
        now: Callable[[], datetime],
        templates: Iterable[Template] = DEFAULT_TEMPLATES,
        security_tokens: Mapping[str, str] | None = None,
        token: Callable[[], str] = lambda: secrets.token_hex(16),
    ) -> None:
        self._clock, self._shift, self._token = now, timedelta(0), token
        self.journal = Journal()
        self.faults = Faults()
        self.vendor = Vendor(apps, templates, now=self.now, new_id=token)
        self.gateway = Gateway(access_keys, self.vendor.actions, self.now, security_tokens or {})
        self._server = LoopbackServer(Control(self, self._serve).route)
        self._timer: threading.Timer | None = None

    @property
    def url(self) -> str:
        """Return the base address, for example ``http://127.0.0.1:41234``."""
        return self._server.url

    @property
    def failures(self) -> list[Exception]:
        """Return what went wrong inside the simulator itself; a test may demand that there is nothing."""
        return self._server.failures

    def start(self, port: int = 0) -> "MpaasSim":
        """Listen on ``port`` of 127.0.0.1 (0: a free one) and return self; what was remembered before is kept."""
        self.faults.open()
        self._server.start(port)
        return self

    def stop(self) -> None:
        """Stop; requests that hang before their execution are dropped without it."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()
        self.faults.close()
        self._server.stop()

    def now(self) -> datetime:
        """Return the simulator's time, in UTC."""
        return self._clock().astimezone(UTC) + self._shift

    def advance(self, seconds: float) -> datetime:
        """Move the simulator's clock forward, send what became due, and return the new time.

        Raises ``ValueError`` for a step back, ``OverflowError`` for one beyond the calendar.
        """
        if not seconds >= 0:
            raise ValueError("The clock only moves forward.")
        with self.vendor.lock:
            later = self.now() + timedelta(seconds=seconds)
            self._shift = later - self._clock().astimezone(UTC)
            self.vendor.run_due()
            return self.now()

    def misbehave(self, misbehaviour: Misbehaviour) -> None:
        """Plan a misbehaviour; ``refuse`` begins at once."""
        if misbehaviour.kind == "refuse":
            self.refuse(misbehaviour.seconds)
        else:
            self.faults.plan(misbehaviour)

    def refuse(self, seconds: float | None = None) -> None:
        """Close the listening socket for ``seconds`` of real time, or until ``accept``."""
        self._server.refuse()
        if seconds is not None:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = threading.Timer(seconds, self._server.accept)
            self._timer.daemon = True
            self._timer.start()

    def reopened(self, *, seconds: float = 10.0) -> bool:
        """Wait until the time of the last ``refuse`` is over; return whether it is."""
        if self._timer is not None:
            self._timer.join(seconds)
        return self._timer is None or not self._timer.is_alive()

    def accept(self) -> None:
        """Listen again."""
        self._server.accept()

    def let_go(self, *, execute: bool = True) -> None:
        """Let every hanging request go on, or drop them all unexecuted."""
        self.faults.let_go(execute=execute)

    def tasks(self) -> list[Task]:
        """Return the pushes that went out, of every app, oldest first."""
        with self.vendor.lock:
            self.vendor.run_due()
            found = [task for house in self.vendor.houses.values() for task in house.ledger.tasks]
        return sorted(found, key=lambda task: (task.created_at, int(task.task_id)))

    def scheduled(self) -> list[SubTask]:
        """Return the scheduled pushes, of every app, waiting or executed, earliest first."""
        with self.vendor.lock:
            self.vendor.run_due()
            found = [sub for house in self.vendor.houses.values() for sub in house.ledger.scheduled]
        return sorted(found, key=lambda sub: sub.push_time)

    def templates(self, app_id: str, workspace_id: str) -> list[Template]:
        """Return the app's templates. Raises ``KeyError`` for an app that is not simulated."""
        with self.vendor.lock:
            return list(self.vendor.houses[app_id, workspace_id].shelf.templates.values())

    def put_template(self, app_id: str, workspace_id: str, template: Template) -> Template:
        """Add or edit a template. Raises ``Failure`` as CreateTemplate would, ``KeyError`` for an unknown app."""
        with self.vendor.lock:
            shelf = self.vendor.houses[app_id, workspace_id].shelf
            return shelf.put(template, self.now().isoformat(timespec="seconds"))

    def edit_template(self, app_id: str, workspace_id: str, name: str, **changed: str) -> Template:
        """Change some fields of a template and keep the others, or add one. Raises as ``put_template`` does."""
        with self.vendor.lock:
            old = self.vendor.houses[app_id, workspace_id].shelf.templates.get(name, Template(name, "", ""))
            return self.put_template(app_id, workspace_id, replace(old, **changed))

    def delete_template(self, app_id: str, workspace_id: str, name: str) -> None:
        """Delete a template. Raises ``KeyError`` when there is none of that name."""
        with self.vendor.lock:
            del self.vendor.houses[app_id, workspace_id].shelf.templates[name]

    def delay_listing(self, seconds: float) -> None:
        """Keep tasks out of QueryPushAnalysisTaskList for their first ``seconds``, as a slow index would."""
        self.vendor.listing_delay = timedelta(seconds=seconds)

    def _serve(self, request: Request) -> Response:
        """Answer one API call, as planned or as it should be."""
        ticket = self.faults.ticket()
        action = request.header("x-acs-action")
        parameters: dict[str, str] = {}
        with suppress(Failure):
            parameters = read_form(request.body)
        entry = self.journal.arrived(
            self.now().isoformat(),
            action,
            parameters,
            headers=request.headers,
            body=request.body,
            line=f"{request.method} {request.path}{'?' if request.query else ''}{request.query}",
        )
        request_id = self._request_id()
        reply = self._fate(request, entry, request_id, ticket=ticket)
        date = format_datetime(self.now(), usegmt=True)
        reply = replace(reply, headers={"Date": date, "x-acs-request-id": request_id, **reply.headers})
        self._note_reply(entry, reply)
        return reply

    def _note_reply(self, entry: Entry, reply: Response) -> None:
        if reply.ending in ("reset", "close"):
            self.journal.note(entry, finished=True)
            return
        text = reply.body.decode("utf-8", "replace")
        headers = tuple(reply.headers.items())
        self.journal.note(entry, finished=True, status=reply.status, reply=text, reply_headers=headers)

    def _fate(self, request: Request, entry: Entry, request_id: str, *, ticket: int) -> Response:
        fault = self.faults.take(entry.action)
        if fault is None:
            return self._reply(request, entry, request_id, execute=True)
        self.journal.note(entry, misbehaviour=f"{fault.kind} {fault.when}")
        if fault.waits and fault.when == "before" and not self.faults.wait(ticket, fault.seconds):
            return Response(ending="close")
        reply = self._reply(request, entry, request_id, execute=not fault.prevents)
        if fault.waits and fault.when == "after" and not self.faults.wait(ticket, fault.seconds):
            return Response(ending="close")
        return fault.distorted(reply, entry.action, request_id, now=self.now())

    def _reply(self, request: Request, entry: Entry, request_id: str, *, execute: bool) -> Response:
        try:
            call = self.gateway.check(
                request.headers, request.body, method=request.method, path=request.path, query=request.query
            )
        except GatewayRefusal as no:
            self.journal.note(entry, signature=no.code)
            return refused(no.status, no.code, no.message, request_id=request_id)
        self.journal.note(entry, signature="right")
        try:
            content = self.vendor.perform(call, request.body) if execute else None
        except Failure as no:
            return Response.of_json(failed(call.action, no, request_id))
        self.journal.note(entry, executed=execute)
        return Response.of_json(success(call.action, content, request_id))

    def _request_id(self) -> str:
        digits = self._token().upper()
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def statistics(self) -> dict[str, JsonValue]:
        """Return counts: requests that are kept, executed pushes, tasks, waiting sub-tasks, executions by Msgkey."""
        entries, scheduled = self.journal.entries(), self.scheduled()
        executed = self.journal.executed_by_msgkey()
        by_msgkey: dict[str, JsonValue] = {**executed}
        return {
            "now": self.now().isoformat(),
            "requests": len(entries),
            "executed": sum(entry.executed for entry in entries),
            "broadcasts_executed": sum(executed.values()),
            "tasks": len(self.tasks()),
            "scheduled_waiting": sum(not sub.executed for sub in scheduled),
            "executed_by_msgkey": by_msgkey,
        }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a simulator until SIGTERM or SIGINT; its address is the one line that it prints, as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bot.playground.mpaas.sim", description="A simulated mPaaS.")
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    parser.add_argument("--app", action="append", metavar="APP:WORKSPACE[:TENANT]", type=_app, help="may be repeated")
    parser.add_argument("--access-key", action="append", metavar="ID:SECRET", type=_pair, help="invented pairs only")
    said = parser.parse_args(arguments)
    done = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: done.set())
    sim = MpaasSim(
        apps=said.app or [App("ONEX570DA89211721", "test"), App("ONEX570DA89211721", "default")],
        access_keys=dict(said.access_key or [("testid", "testsecret")]),
        now=lambda: datetime.fromtimestamp(time.time(), UTC),
    ).start(said.port)
    print(json.dumps({"url": sim.url}), flush=True)
    done.wait()
    sim.stop()
    return 0


def _app(text: str) -> App:
    parts = text.split(":")
    if len(parts) not in (2, 3) or not parts[0] or not parts[1]:
        raise argparse.ArgumentTypeError("say APP:WORKSPACE or APP:WORKSPACE:TENANT")
    return App(parts[0], parts[1], parts[2] if parts[2:] else "")


def _pair(text: str) -> tuple[str, str]:
    name, colon, secret = text.partition(":")
    if not (name and colon and secret):
        raise argparse.ArgumentTypeError("say ID:SECRET")
    return name, secret


if __name__ == "__main__":
    raise SystemExit(main())
