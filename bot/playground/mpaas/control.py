"""The simulated mPaaS's control API: JSON under ``/_control/...``, for tests in other processes and the demo page.

| call | what |
|---|---|
| ``GET /_control/journal?action=A`` , ``DELETE`` | the journal; clear it |
| ``GET /_control/wait?action=A&count=N&seconds=S&finished=1`` | wait for N requests, arrived or finished |
| ``GET /_control/misbehaviour``, ``POST`` (fields of ``Misbehaviour``), ``DELETE`` | what will go wrong |
| ``POST /_control/let_go`` ``{"execute": true}`` | let hanging requests go on, or drop them |
| ``GET /_control/templates``, ``PUT`` ``{"AppId","WorkspaceId","Name","Title","Content",…}``, ``DELETE`` | templates |
| ``GET /_control/tasks``, ``GET /_control/scheduled`` | pushes that went out; pushes that wait |
| ``POST /_control/clock`` ``{"advance": seconds}`` | move the clock |
| ``POST /_control/listing_delay`` ``{"seconds": s}`` | hide fresh tasks from the task list |
| ``GET /_control/statistics``, ``GET /_control/msgkeys`` | counts; executed broadcasts by Msgkey |

Who may call it is checked by ``http_server``; what the words do, by ``MpaasSim``.
"""

from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING

from pydantic import JsonValue, ValidationError

from bot.playground.http_server import Request, Response
from bot.playground.mpaas.journal import Entry
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.mpaas.results import Failure
from bot.playground.mpaas.shown import scheduled_shown, task_shown
from bot.playground.mpaas.templates import Template

if TYPE_CHECKING:
    from bot.playground.mpaas.sim import MpaasSim

PREFIX = "/_control/"
LONGEST_WAIT = 60.0
"""Seconds that one ``wait`` call may take."""


class Control:
    """Route requests: control paths here, everything else to ``serve``."""

    def __init__(self, sim: "MpaasSim", serve: Callable[[Request], Response]) -> None:
        self._sim, self._serve = sim, serve
        self._routes: dict[tuple[str, str], Callable[[Request], JsonValue]] = {
            ("GET", "journal"): lambda request: sim.journal.exported(request.arguments().get("action", "")),
            ("DELETE", "journal"): lambda _: sim.journal.clear(),
            ("GET", "wait"): self._wait,
            ("GET", "misbehaviour"): lambda _: sim.faults.planned(),
            ("POST", "misbehaviour"): self._misbehave,
            ("DELETE", "misbehaviour"): lambda _: sim.faults.clear(),
            ("POST", "let_go"): self._let_go,
            ("GET", "templates"): lambda _: self._templates(),
            ("PUT", "templates"): self._put_template,
            ("DELETE", "templates"): self._delete_template,
            ("GET", "tasks"): lambda _: [task_shown(task) for task in sim.tasks()],
            ("GET", "scheduled"): lambda _: [scheduled_shown(sub) for sub in sim.scheduled()],
            ("POST", "clock"): lambda request: sim.advance(_number(request, "advance")).isoformat(),
            ("POST", "listing_delay"): lambda request: sim.delay_listing(_number(request, "seconds")),
            ("GET", "statistics"): lambda _: sim.statistics(),
            ("GET", "msgkeys"): lambda _: {**sim.journal.executed_by_msgkey()},
        }

    def route(self, request: Request) -> Response:
        """Answer a control call with ``{"ok": true, "value": …}`` or ``{"ok": false, "error": sentence}``."""
        if not request.path.startswith(PREFIX):
            return self._serve(request)
        act = self._routes.get((request.method, request.path.removeprefix(PREFIX)))
        if act is None:
            return _no(404, f"There is no {request.method} {request.path}.")
        try:
            return Response.of_json({"ok": True, "value": act(request)})
        except ValidationError as no:
            return _no(400, "; ".join(f"{'.'.join(map(str, e['loc'])) or 'request'}: {e['msg']}" for e in no.errors()))
        except KeyError as no:
            return _no(404, f"There is no {no.args[0]}.")
        except (Failure, ValueError, OverflowError) as no:
            return _no(400, str(no))

    def _wait(self, request: Request) -> JsonValue:
        said = request.arguments()
        action, count, finished = said.get("action", ""), int(said.get("count", "1")), said.get("finished", "") == "1"

        def enough(entries: list[Entry]) -> bool:
            return sum((not action or e.action == action) and (e.finished or not finished) for e in entries) >= count

        return self._sim.journal.wait(enough, seconds=max(0.0, min(float(said.get("seconds", "10")), LONGEST_WAIT)))

    def _misbehave(self, request: Request) -> JsonValue:
        self._sim.misbehave(Misbehaviour.model_validate_json(request.body))
        return self._sim.faults.planned()

    def _let_go(self, request: Request) -> JsonValue:
        self._sim.let_go(execute=_object(request).get("execute", True) is not False)
        return None

    def _templates(self) -> JsonValue:
        return [
            {"AppId": app_id, "WorkspaceId": workspace_id, **template.on_the_wire()}
            for app_id, workspace_id in self._sim.vendor.houses
            for template in self._sim.templates(app_id, workspace_id)
        ]

    def _put_template(self, request: Request) -> JsonValue:
        said = _texts(request)
        words = {"".join(part.capitalize() for part in item.name.split("_")): item.name for item in fields(Template)}
        given = {words[name]: value for name, value in said.items() if name in words}
        template = Template(**{"name": "", "title": "", "content": "", **given})
        return self._sim.put_template(said["AppId"], said["WorkspaceId"], template).on_the_wire()

    def _delete_template(self, request: Request) -> JsonValue:
        said = _texts(request)
        self._sim.delete_template(said["AppId"], said["WorkspaceId"], said["Name"])
        return None


def _no(status: int, sentence: str) -> Response:
    return Response.of_json({"ok": False, "error": sentence}, status)


def _object(request: Request) -> dict[str, JsonValue]:
    value = request.json()
    if not isinstance(value, dict):
        raise ValueError("The body must be a JSON object.")  # noqa: TRY004  what arrived is a wrong value
    return value


def _texts(request: Request) -> dict[str, str]:
    return {name: value for name, value in _object(request).items() if isinstance(value, str)}


def _number(request: Request, name: str) -> float:
    value = _object(request).get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{name} must be a number.")  # noqa: TRY004  likewise
    return value
