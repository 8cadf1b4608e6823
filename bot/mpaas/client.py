"""The calls the bot makes to mPaaS.

Writes give an outcome and never raise for what the other side did; reads raise ``ReadFailed``. A call is tried again
only after proof that nothing was executed (no connection, throttled), signed afresh, at most ``attempts`` times and
within ``timeouts.total`` seconds; everything else that is uncertain is final. What parameters mean, and whether to
send at all, is decided elsewhere.
"""

import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Self, TypeVar

import httpx

from bot.domain.outcome import NotSent, SendOutcome, Unknown
from bot.mpaas import form, readings, results
from bot.mpaas.deadline import Deadline
from bot.mpaas.exchange import Answer, Exchange, Timeouts
from bot.mpaas.readings import PushTask, ScheduledTask, Template
from bot.mpaas.results import ReadFailed
from bot.mpaas.signing import Credentials

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BROADCAST = 3  # QueryPushSchedulerList's Type (help page 2871132)
_PAGE_SIZE = 50  # an app has at most 100 templates (help page 2882067)
_MAX_PAGES = 40
_MAX_CANCELLED = 30  # ids in one CancelPushScheduler; remembered from its page, harmless if the limit is higher
_PARENTS = 0  # CancelPushScheduler's Type for the ids PushBroadcast gave; remembered, the page's tail is cut

_Item = TypeVar("_Item", Template, PushTask, ScheduledTask)


class TaskListing(NamedTuple):
    """Hold the tasks mPaaS lists, and what its clock said then (None: it did not say)."""

    tasks: tuple[PushTask, ...]
    server_date: datetime | None


class PushClient:
    """Call mPaaS for one app and workspace; safe to share between threads, to be closed at the end.

    ``now`` and ``nonce`` sign; ``pause`` waits so many seconds; ``monotonic`` measures the call.
    Raises EndpointRefused (a ValueError) for a bad endpoint.
    """

    def __init__(
        self,
        endpoint: str,
        credentials: Credentials,
        *,
        app_id: str,
        workspace_id: str,
        tenant_id: str = "",
        now: Callable[[], datetime],
        nonce: Callable[[], str],
        transport: httpx.BaseTransport | None = None,
        timeouts: Timeouts = Timeouts(),  # noqa: B008 - an immutable value
        tls: ssl.SSLContext | None = None,
        proxy: str | None = None,
        attempts: int = 3,
        pause: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = {"AppId": app_id, "WorkspaceId": workspace_id} | ({"TenantId": tenant_id} if tenant_id else {})
        self._attempts = attempts
        self._pause = pause
        self._monotonic = monotonic
        self._exchange = Exchange(
            endpoint,
            credentials,
            now=now,
            nonce=nonce,
            transport=transport,
            timeouts=timeouts,
            tls=tls,
            proxy=proxy,
        )

    def __repr__(self) -> str:
        return f"PushClient({self._exchange.url!r}, app_id={self._app['AppId']!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._exchange.close()

    def push_broadcast(self, parameters: Mapping[str, str | int], *, signed_at: datetime | None = None) -> SendOutcome:
        """Send one broadcast with exactly these parameters (app and workspace included), and say what became of it.

        ``signed_at`` dates the signature (None: now): mPaaS takes it for 15 minutes after that, however late it comes.
        """
        return self._call("PushBroadcast", parameters, signed_at=signed_at)[1]

    def revoke(self, task_id: str) -> SendOutcome:
        """Recall a broadcast of the last 7 days by its task id (help page 2871130)."""
        return self._call("RevokePushTask", self._app | {"TaskId": task_id})[1]

    def cancel_scheduled(self, unique_ids: Iterable[str]) -> dict[str, SendOutcome]:
        """Cancel scheduled or recurring broadcasts by the ids PushBroadcast gave; one outcome for each id."""
        waiting = list(dict.fromkeys(unique_ids))
        outcomes: dict[str, SendOutcome] = {}
        for start in range(0, len(waiting), _MAX_CANCELLED):
            outcomes |= self._cancel(waiting[start : start + _MAX_CANCELLED])
        return outcomes

    def list_templates(self) -> tuple[Template, ...]:
        """Read every template of the app; raises ReadFailed."""

        def page(number: int) -> tuple[tuple[Template, ...], int | None]:
            answer = self._read("ListTemplatePage", {"CurrentPage": number, "PageSize": _PAGE_SIZE})
            return readings.read_templates(answer.status, answer.body)

        return _all_of(page)[0]

    def get_template(self, name: str) -> Template:
        """Read one template by its name; raises ReadFailed (code 3022 when there is none)."""
        answer = self._read("GetTemplate", {"TemplateName": name})
        return readings.read_template(answer.status, answer.body)

    def tasks_named(self, task_name: str, *, since: datetime) -> TaskListing:
        """Look for tasks of that name, or without one, made since then; raises ReadFailed.

        That none is listed proves nothing within 15 minutes after a request was signed.
        """
        asked: dict[str, str | int] = {"TaskName": task_name, "StartTime": _milliseconds(since)}
        dates: list[datetime | None] = []

        def page(number: int) -> tuple[tuple[PushTask, ...], int | None]:
            answer = self._read("QueryPushAnalysisTaskList", asked | {"PageNumber": number, "PageSize": _PAGE_SIZE})
            dates.append(answer.date)
            return readings.read_tasks(answer.status, answer.body), None

        listed, _ = _all_of(page)
        matching = tuple(task for task in listed if task.task_name.strip() in {"", task_name.strip()})
        return TaskListing(matching, dates[-1])

    def scheduled_tasks(self, start: datetime, end: datetime, *, unique_id: str = "") -> tuple[ScheduledTask, ...]:
        """Read the broadcasts due between two times, or those of one parent id; raises ReadFailed."""
        asked: dict[str, str | int] = {"StartTime": _milliseconds(start), "EndTime": _milliseconds(end)}
        asked |= {"Type": _BROADCAST} | ({"UniqueId": unique_id} if unique_id else {})

        def page(number: int) -> tuple[tuple[ScheduledTask, ...], int | None]:
            answer = self._read("QueryPushSchedulerList", asked | {"PageNumber": number, "PageSize": _PAGE_SIZE})
            return readings.read_scheduled(answer.status, answer.body)

        tasks, total = _all_of(page)
        if total is not None and len(tasks) < total:
            raise ReadFailed("incomplete", f"mPaaS says there are {total} scheduled tasks, but listed {len(tasks)}.")
        return tasks

    def _cancel(self, unique_ids: list[str]) -> dict[str, SendOutcome]:
        if not all(unique_id and "," not in unique_id for unique_id in unique_ids):
            refusal = NotSent(why="An id of a scheduled task is empty or has a comma; nothing was cancelled.")
            return dict.fromkeys(unique_ids, refusal)
        asked: dict[str, str | int] = {"UniqueIds": ",".join(unique_ids), "Type": _PARENTS}
        answer, outcome = self._call("CancelPushScheduler", self._app | asked)
        if answer is None:
            return dict.fromkeys(unique_ids, outcome)
        return readings.read_cancellation(answer.status, answer.body, unique_ids)

    def _read(self, action: str, parameters: Mapping[str, str | int]) -> Answer:
        answer, outcome = self._call(action, {**self._app, **parameters})
        if answer is not None:
            return answer
        if isinstance(outcome, NotSent):
            raise ReadFailed("not_sent", outcome.why)
        why = outcome.why if isinstance(outcome, Unknown) else "the answer was lost."
        raise ReadFailed("lost", f"mPaaS was asked, but nothing can be read: {why}")

    def _call(
        self, action: str, parameters: Mapping[str, str | int], *, signed_at: datetime | None = None
    ) -> tuple[Answer | None, SendOutcome]:
        """Call once, and again only after proof that nothing was executed, while tries and time last."""
        try:
            body = form.encode(parameters)
        except ValueError as why:
            return None, NotSent(why=str(why))
        deadline = Deadline(self._exchange.timeouts.total, monotonic=self._monotonic)
        tries = 0
        while True:
            tries += 1
            answer, outcome = self._once(action, body, deadline=deadline, signed_at=signed_at)
            wait = outcome.retry_after if isinstance(outcome, NotSent) else None
            if wait is None or tries >= self._attempts or not deadline.allows(wait):
                return answer, outcome
            self._pause(wait)

    def _once(
        self, action: str, body: bytes, *, deadline: Deadline, signed_at: datetime | None
    ) -> tuple[Answer | None, SendOutcome]:
        reply = self._exchange.post(action, body, deadline=deadline, signed_at=signed_at)
        if isinstance(reply, Answer):
            return reply, results.classify(reply.status, reply.body, retry_after=reply.retry_after)
        return None, reply


def _all_of(page: Callable[[int], tuple[tuple[_Item, ...], int | None]]) -> tuple[tuple[_Item, ...], int | None]:
    """Read pages until all that are promised are there, or one brings nothing new; raises ReadFailed."""
    found: dict[_Item, None] = {}
    for number in range(1, _MAX_PAGES + 1):
        before = len(found)
        items, total = page(number)
        found |= dict.fromkeys(items)
        if len(found) == before or (total is not None and len(found) >= total):
            return tuple(found), total
    raise ReadFailed("incomplete", f"mPaaS goes on listing after {_MAX_PAGES} pages.")


def _milliseconds(moment: datetime) -> int:
    """Count from 1970 in milliseconds; raises ValueError for a time without a zone."""
    if moment.utcoffset() is None:
        raise ValueError("mPaaS needs a time with a zone.")
    return (moment - _EPOCH) // timedelta(milliseconds=1)
