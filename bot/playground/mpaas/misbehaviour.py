"""How the simulated mPaaS goes wrong on request: lost, late and false answers, in a chosen number of calls.

"before" means that the action is not executed; "after" means that it is, and the caller is not told properly. For
``hang`` and ``slow`` "before" means that the request is stuck on its way: signature, date and nonce are checked when it
gets through, and then it is executed, late.
"""

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from bot.playground.http_server import Response
from bot.playground.mpaas.results import Failure, failed, refused

Kind = Literal[
    "hang", "slow", "reset", "close", "half", "rubbish", "status", "throttle", "result", "wrong_date", "refuse"
]
RUBBISH = b"<html><head><title>200</title></head><body>upstream connect error or disconnect/reset before headers"


class Misbehaviour(BaseModel):
    """Describe one way to go wrong.

    ``action`` "" is every action. ``times`` None lasts until it is cleared. ``seconds`` is real time for ``slow``,
    ``hang`` (None: until let go) and ``refuse``, and the offset of ``wrong_date``. ``status`` is for ``status``,
    ``code`` for ``result``, ``retry_after_ms`` for ``throttle`` (the vendor's SDK reads that header as milliseconds).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    action: str = ""
    when: Literal["before", "after"] = "before"
    times: Annotated[int, Field(ge=1)] | None = 1
    seconds: Annotated[float, Field(ge=-1e9, le=1e9)] | None = None
    status: Annotated[int, Field(ge=500, le=599)] = 503
    code: Annotated[str, Field(pattern=r"^-?[0-9]{1,5}$")] = "9000"
    retry_after_ms: Annotated[int, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.kind in ("throttle", "refuse") and self.when == "after":
            raise ValueError(f"{self.kind} means that nothing was executed: it cannot come after")
        if self.kind in ("slow", "wrong_date", "refuse") and self.seconds is None:
            raise ValueError(f"{self.kind} needs seconds")
        if self.kind in ("slow", "hang", "refuse") and (self.seconds or 0) < 0:
            raise ValueError("seconds must not be negative")
        if self.kind == "refuse" and self.action:
            raise ValueError("a closed socket refuses every action")
        return self

    @property
    def waits(self) -> bool:
        """Tell whether it only takes time."""
        return self.kind in ("hang", "slow")

    @property
    def prevents(self) -> bool:
        """Tell whether the action is not executed at all."""
        return self.when == "before" and not self.waits and self.kind != "wrong_date"

    def distorted(self, reply: Response, action: str, request_id: str, *, now: datetime) -> Response:
        """Return what the caller gets in place of ``reply``."""
        if self.kind in ("reset", "close", "half"):
            return replace(reply, ending=self.kind)
        if self.kind == "wrong_date":
            date = format_datetime(now + timedelta(seconds=self.seconds or 0), usegmt=True)
            return replace(reply, headers={**reply.headers, "Date": date})
        return self._stand_in(action, request_id) or reply

    def _stand_in(self, action: str, request_id: str) -> Response | None:
        match self.kind:
            case "rubbish":
                return Response(200, RUBBISH, {"Content-Type": "text/html"})
            case "status":
                code = "ServiceUnavailable" if self.status == 503 else "InternalError"  # noqa: PLR2004  HTTP's number
                return refused(self.status, code, "The request has failed for a while.", request_id=request_id)
            case "throttle":
                return self._throttled(request_id)
            case "result":
                failure = Failure(self.code, {"8011": "FLOW_CONTROL_ERROR", "9000": "SYSTEM_ERROR"}.get(self.code, ""))
                return Response.of_json(failed(action, failure, request_id))
            case _:
                return None

    def _throttled(self, request_id: str) -> Response:
        wait = {} if self.retry_after_ms is None else {"x-acs-retry-after": str(self.retry_after_ms)}
        sentence = "Request was denied due to user flow control."
        return refused(400, "Throttling.User", sentence, request_id=request_id, headers=wait)


class Faults:
    """Hold what is planned to go wrong, and let go what hangs. Thread-safe."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._planned: list[tuple[Misbehaviour, int | None]] = []
        self._generation = 0
        self._execute = True
        self._closed = False

    def plan(self, misbehaviour: Misbehaviour) -> None:
        """Add a misbehaviour; of several that fit a call, the one planned first is used."""
        with self._changed:
            self._planned.append((misbehaviour, misbehaviour.times))

    def clear(self) -> None:
        """Forget what is planned; what hangs already goes on hanging."""
        with self._changed:
            self._planned.clear()

    def planned(self) -> list[JsonValue]:
        """Return what is still to come, as JSON, with the number of calls left as ``times``."""
        with self._changed:
            return [fault.model_copy(update={"times": left}).model_dump(mode="json") for fault, left in self._planned]

    def take(self, action: str) -> Misbehaviour | None:
        """Return the misbehaviour for this call and count it, or None."""
        with self._changed:
            for index, (fault, left) in enumerate(self._planned):
                if fault.action in ("", action):
                    self._planned[index : index + 1] = [] if left == 1 else [(fault, left and left - 1)]
                    return fault
        return None

    def let_go(self, *, execute: bool = True) -> None:
        """End every wait that is under way; without ``execute`` those requests are dropped, as if lost on the way."""
        with self._changed:
            self._generation += 1
            self._execute = execute
            self._changed.notify_all()

    def open(self) -> None:
        """Allow waits again after ``close``."""
        self._closed = False

    def close(self) -> None:
        """Drop every request that waits, and from now on every one that would."""
        self._closed = True
        self.let_go(execute=False)

    def ticket(self) -> int:
        """Return a ticket for ``wait``; drawn before an arrival is told, no later ``let_go`` can be missed."""
        return self._generation

    def wait(self, ticket: int, seconds: float | None) -> bool:
        """Wait for ``seconds`` of real time or until let go; return whether the request goes on."""
        with self._changed:
            let_go = self._changed.wait_for(lambda: self._closed or self._generation != ticket, timeout=seconds)
            return not self._closed and (self._execute or not let_go)
