"""The simulated mPaaS's journal: what arrived, whether it was executed, and what was answered.

It is the witness of the crash tests: an entry is there as soon as a request arrives, before anything happens to it. The
latest entries are kept; how often each push was executed is counted for ever.
"""

import base64
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic import JsonValue

KEPT = 5000
"""Entries that are kept at least; a playground may run for weeks."""


@dataclass
class Entry:
    """Hold one request and its fate. ``signature`` is "right", "unchecked", or the gateway's code.

    ``line`` is the method and what was asked for.
    ``milliseconds`` is the real time from its arrival to the end of the answer; None while it is under way.
    """

    number: int
    at: str
    action: str
    parameters: dict[str, str]
    headers: tuple[tuple[str, str], ...]
    body: bytes
    line: str = "POST /"
    signature: str = "unchecked"
    executed: bool = False
    finished: bool = False
    status: int | None = None
    reply: str = ""
    reply_headers: tuple[tuple[str, str], ...] = ()
    misbehaviour: str = ""
    began: float = 0.0
    milliseconds: float | None = None

    def exported(self) -> dict[str, JsonValue]:
        """Return the entry as JSON; the body's bytes are in Base64."""
        return {
            "number": self.number,
            "at": self.at,
            "line": self.line,
            "action": self.action,
            "parameters": {**self.parameters},
            "headers": [[name, value] for name, value in self.headers],
            "body_base64": base64.b64encode(self.body).decode(),
            "signature": self.signature,
            "executed": self.executed,
            "finished": self.finished,
            "status": self.status,
            "reply": self.reply,
            "reply_headers": [[name, value] for name, value in self.reply_headers],
            "misbehaviour": self.misbehaviour,
            "milliseconds": self.milliseconds,
        }


@dataclass
class Journal:
    """Keep entries in memory, thread-safe; what it hands out are copies."""

    _entries: list[Entry] = field(default_factory=list)
    _executed: Counter[str] = field(default_factory=Counter)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _count: int = 0
    on_change: list[Callable[[], None]] = field(default_factory=list)

    def arrived(
        self,
        at: str,
        action: str,
        parameters: dict[str, str],
        *,
        headers: tuple[tuple[str, str], ...],
        body: bytes,
        line: str = "POST /",
    ) -> Entry:
        """Write down a request and return its entry, to be told its fate with ``note``."""
        with self._changed:
            self._count += 1
            entry = Entry(self._count, at, action, parameters, headers, body, line, began=time.monotonic())
            self._entries.append(entry)
            if len(self._entries) >= 2 * KEPT:
                del self._entries[:KEPT]
            self._tell()
        return entry

    def note(self, entry: Entry, **fate: str | bool | int | tuple[tuple[str, str], ...] | None) -> None:
        """Write down what became of a request, by the names of ``Entry``'s fields."""
        with self._changed:
            was_executed = entry.executed
            for name, value in fate.items():
                setattr(entry, name, value)
            if entry.executed and not was_executed and entry.action == "PushBroadcast":
                self._executed[entry.parameters.get("Msgkey", "")] += 1
            if entry.finished and entry.milliseconds is None:
                entry.milliseconds = round((time.monotonic() - entry.began) * 1000, 1)
            self._tell()

    def _tell(self) -> None:
        self._changed.notify_all()
        for tell in self.on_change:
            tell()

    def entries(self, action: str = "") -> list[Entry]:
        """Return copies of the entries, oldest first, of one action or of all."""
        with self._changed:
            return [Entry(**vars(entry)) for entry in self._entries if action in ("", entry.action)]

    def exported(self, action: str = "") -> list[JsonValue]:
        """Return the entries as JSON."""
        return [entry.exported() for entry in self.entries(action)]

    def clear(self) -> None:
        """Forget every entry and every count; numbers go on."""
        with self._changed:
            self._entries.clear()
            self._executed.clear()
            self._tell()

    def executed_by_msgkey(self) -> dict[str, int]:
        """Return how often a PushBroadcast was executed, by its Msgkey: more than 1 is a duplicate."""
        with self._changed:
            return dict(self._executed)

    def wait(self, condition: Callable[[list[Entry]], bool], *, seconds: float = 10.0) -> bool:
        """Wait until ``condition`` holds for the entries, at most ``seconds``; return whether it does."""
        with self._changed:
            return self._changed.wait_for(lambda: condition(self._entries), timeout=seconds)
