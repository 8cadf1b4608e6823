"""The simulated service's actions: parameters in, the content of the answer out, or a ``Failure``.

The state behind them is in ``tasks`` and ``templates``; signatures and envelopes are elsewhere.
"""

import itertools
import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import JsonValue

from bot.playground.mpaas.calendar import of_ms
from bot.playground.mpaas.gateway import Call
from bot.playground.mpaas.parameters import Parameters, read_form
from bot.playground.mpaas.results import TEMPLATE_ACTIONS, App, Failure, invalid
from bot.playground.mpaas.rules import check_broadcast, check_template_push
from bot.playground.mpaas.statistics import core_index, task_detail
from bot.playground.mpaas.tasks import TYPES, Ledger, Task, milliseconds
from bot.playground.mpaas.templates import Shelf, Template

MOST_CANCELLED = 30
"""Ids in one CancelPushScheduler call."""
FIRST_TASK = 20_842_863
"""The first task's number; it looks like the vendor's."""
_APP = {"AppId", "WorkspaceId", "TenantId"}
_PAGE = {"PageNumber", "PageSize"}


@dataclass(frozen=True, slots=True)
class House:
    """Hold what belongs to one app and workspace."""

    app: App
    shelf: Shelf
    ledger: Ledger


class Vendor:
    """Perform actions, one at a time. ``listing_delay`` keeps fresh tasks out of QueryPushAnalysisTaskList."""

    def __init__(
        self,
        apps: Iterable[App],
        templates: Iterable[Template],
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self.now = now
        self.lock = threading.RLock()
        self.listing_delay = timedelta(0)
        numbers = itertools.count(FIRST_TASK)
        stamp, shared = now().isoformat(timespec="seconds"), tuple(templates)
        self.houses = {
            (app.app_id, app.workspace_id): House(
                app, Shelf.holding(shared, stamp), Ledger(new_id, lambda: next(numbers))
            )
            for app in apps
        }
        self._actions: dict[str, Callable[[House, Parameters], JsonValue]] = {
            "PushBroadcast": self._push_broadcast,
            "PushTemplate": self._push_template,
            "CancelPushScheduler": self._cancel,
            "QueryPushSchedulerList": self._scheduler_list,
            "RevokePushTask": self._revoke,
            "QueryPushAnalysisTaskList": self._task_list,
            "QueryPushAnalysisTaskDetail": self._task_detail,
            "QueryPushAnalysisCoreIndex": self._core_index,
            "ListTemplatePage": self._list_templates,
            "GetTemplate": self._get_template,
            "CreateTemplate": self._create_template,
        }

    @property
    def actions(self) -> frozenset[str]:
        """Return the names of the actions that exist."""
        return frozenset(self._actions)

    def perform(self, call: Call, body: bytes) -> JsonValue:
        """Do what the call asks and return the answer's content. Raises ``Failure``; then nothing was changed."""
        parameters = Parameters(read_form(body))
        with self.lock:
            house = self._house(call, parameters)
            house.ledger.run_due(self.now())
            return self._actions[call.action](house, parameters)

    def run_due(self) -> None:
        """Send what is due by now, everywhere."""
        with self.lock:
            for house in self.houses.values():
                house.ledger.run_due(self.now())

    def _house(self, call: Call, parameters: Parameters) -> House:
        app_id, workspace_id = parameters.text("AppId"), parameters.text("WorkspaceId")
        if not app_id or not workspace_id:
            raise Failure("3003", "NEED_APPID_WORKSPACEID")
        if all(app_id != known for known, _ in self.houses):
            raise Failure("3007", "APPID_WRONG")
        house = self.houses.get((app_id, workspace_id))
        if house is None:
            raise Failure("8012", "INVALID_INSTANCE_ID")
        tenant = parameters.text("TenantId")
        if house.app.tenant_id and tenant != house.app.tenant_id and (tenant or call.action in TEMPLATE_ACTIONS):
            raise Failure("8013", "INVALID_TENANT_ID")
        if house.app.access_key_ids and call.access_key_id not in house.app.access_key_ids:
            raise Failure("8014", "ACCOUNT_NO_PERMISSION")
        return house

    def _push_broadcast(self, house: House, parameters: Parameters) -> JsonValue:
        now = self.now()
        return house.ledger.add(check_broadcast(parameters, house.shelf.find, now), now)

    def _push_template(self, house: House, parameters: Parameters) -> JsonValue:
        now = self.now()
        return house.ledger.add(check_template_push(parameters, house.shelf.find, now), now)

    def _cancel(self, house: House, parameters: Parameters) -> JsonValue:
        parameters.only(_APP | {"UniqueIds", "Type"})
        ids = [name.strip() for name in parameters.needed("UniqueIds").split(",")]
        if not all(ids) or len(ids) > MOST_CANCELLED:
            raise invalid(f"UniqueIds must be 1 to {MOST_CANCELLED} ids with commas between them")
        kind = parameters.integer("Type", {0, 1}) or 0
        return json.dumps(house.ledger.cancel(ids, parents=kind == 0))

    def _scheduler_list(self, house: House, parameters: Parameters) -> JsonValue:
        parameters.only(_APP | _PAGE | {"StartTime", "EndTime", "Type", "UniqueId"})
        start, end = (of_ms(name, parameters.number(name)) for name in ("StartTime", "EndTime"))
        kind, name = parameters.integer("Type", {0, 1, 2, 3}), parameters.text("UniqueId")
        rows: list[JsonValue] = [
            sub.on_the_wire()
            for sub in house.ledger.between(start, end + timedelta(milliseconds=999))
            if (kind is None or TYPES[sub.push.action] == kind) and (not name or name in (sub.unique_id, sub.parent_id))
        ]
        return {"Data": {"TotalCount": len(rows), "List": _page(rows, parameters)}}

    def _revoke(self, house: House, parameters: Parameters) -> JsonValue:
        parameters.only(_APP | {"TaskId"})
        house.ledger.revoke(parameters.needed("TaskId"), self.now())
        return ""

    def _task_list(self, house: House, parameters: Parameters) -> JsonValue:
        parameters.only(_APP | _PAGE | {"StartTime", "TaskId", "TaskName"})
        start, seen_until = of_ms("StartTime", parameters.number("StartTime")), self.now() - self.listing_delay
        name, number = parameters.text("TaskName"), parameters.text("TaskId")
        rows: list[JsonValue] = [
            _listed(task)
            for task in reversed(house.ledger.tasks)
            if start <= task.created_at <= seen_until
            and (not name or task.push.task_name == name)
            and (not number or task.task_id == number)
        ]
        return {"Data": _page(rows, parameters)}

    def _task_detail(self, house: House, parameters: Parameters) -> JsonValue:
        parameters.only(_APP | {"TaskId"})
        return {"Data": task_detail(house.ledger.task(parameters.needed("TaskId")), self.now())}

    def _core_index(self, house: House, parameters: Parameters) -> JsonValue:
        parameters.only(_APP | {"StartTime", "EndTime", "Platform", "Channel", "Type", "TaskId"})
        return {"Data": core_index(house.ledger.tasks, parameters, self.now())}

    def _list_templates(self, house: House, parameters: Parameters) -> JsonValue:
        parameters.only(_APP | {"CurrentPage", "PageSize"})
        page, size = parameters.integer("CurrentPage") or 1, parameters.integer("PageSize") or 10
        rows: list[JsonValue] = [template.on_the_wire() for template in house.shelf.templates.values()]
        return {
            "CurrentPage": page,
            "PageSize": size,
            "TotalSize": len(rows),
            "Data": _page(rows, Parameters({"PageNumber": str(page), "PageSize": str(size)})),
        }

    def _get_template(self, house: House, parameters: Parameters) -> JsonValue:
        parameters.only(_APP | {"TemplateName", "TemplateId"})
        name, number = parameters.text("TemplateName"), parameters.text("TemplateId")
        return {"Data": house.shelf.find(name, number).on_the_wire()}

    def _create_template(self, house: House, parameters: Parameters) -> JsonValue:
        words = {"TemplateName", "DescInfo", "Title", "Content", "Uri", "Variables", "IconUrls", "ImageUrls"}
        parameters.only(_APP | words | {"ShowStyle", "PushStyle", "JumpAction"})
        template = Template(
            name=parameters.text("TemplateName"),
            title=parameters.text("Title"),
            content=parameters.text("Content"),
            uri=parameters.text("Uri"),
            desc_info=parameters.text("DescInfo"),
            action=str(parameters.integer("JumpAction") or 0),
            push_style=str(parameters.integer("PushStyle") or 0),
            show_style=str(parameters.integer("ShowStyle", {0, 1}) or 0),
            icon_urls=parameters.text("IconUrls"),
            image_urls=parameters.text("ImageUrls"),
        )
        said = {name for name in parameters.text("Variables").split(",") if name}
        if said and said != set(template.variables):
            raise invalid("Variables does not name the template's placeholders")
        if template.name in house.shelf.templates:
            raise Failure("3036", "TEMPLATE_ALREADY_EXIST")
        return {"Data": house.shelf.put(template, self.now().isoformat(timespec="seconds")).id}


def _page(rows: list[JsonValue], parameters: Parameters) -> list[JsonValue]:
    """Return the page of rows that PageNumber (from 1) and PageSize (500 when not said) ask for."""
    page, size = parameters.integer("PageNumber"), parameters.integer("PageSize")
    page, size = 1 if page is None else page, 500 if size is None else size
    if page < 1 or size < 1:
        raise invalid("the page's number and size must be 1 or more")
    return rows[(page - 1) * size : page * size]


def _listed(task: Task) -> dict[str, JsonValue]:
    return {
        "TaskId": task.task_id,
        "TaskName": task.push.task_name,
        "TemplateId": task.push.template.id,
        "TemplateName": task.push.template.name,
        "Type": TYPES[task.push.action],
        "GmtCreate": milliseconds(task.created_at),
        "List": [],
    }
