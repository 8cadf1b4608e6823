"""A plan that only watches: it gives every call a place in the story, kills at one of them, and checks what is said.

A crash point is a call in the story of one request: which process made it, on which way, what it was, and the
how-manieth of its kind. What the loops ask all the time counts once; the time, once in every phase of the story, and a
phase begins with a commit.
"""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from crash.labels import POLLS, body_of, label_of
from crash.relay import DROP, PASS, Call, Deed, Plan

from bot.domain.content import RequestId
from bot.domain.request import BroadcastRequest
from bot.domain.states import State
from bot.store.store import RequestStore
from bot.views import phrases

Side = Literal["before", "after"]
SIDES: tuple[Side, Side] = ("before", "after")

Act = Literal["ask", "send", "end"]
"""Asking and approving, sending, and taking back: calls are counted anew in each, and between them all is quiet."""

START = "start"
_ANNOUNCES = ("chat.postMessage", "chat.update")
_DELIVERIES = "slack<slack"
_IN_EVERY_PHASE = frozenset({"TIME"})


@dataclass(frozen=True, order=True)
class Point:
    """One call of the story."""

    act: Act
    process: str
    link: str
    label: str
    occurrence: int = 1

    def __str__(self) -> str:
        more = f" ({self.occurrence})" if self.occurrence > 1 else ""
        return f"{self.act:<4} {self.process:<6} {self.link:<12} {self.label}{more}"


@dataclass(frozen=True)
class Strike:
    """Kill the process of a point when its call has arrived, or when the server has done it and nobody knows."""

    point: Point
    side: Side

    def __str__(self) -> str:
        return f"{self.side:<6} {self.point}"


class Watch(Plan):
    """Number the calls of one story, and kill ``strike``'s process there, once; ``kill`` gets its name."""

    def __init__(
        self,
        *,
        kill: Callable[[str], None],
        read: Callable[[], RequestStore],
        strike: Strike | None = None,
    ) -> None:
        self._kill, self._read, self._strike = kill, read, strike
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str, str, str]] = Counter()
        self._points: dict[tuple[str, int], Point | None] = {}
        self._delivered: set[int] = set()
        """What Slack has delivered and the bot has not answered, by the numbers of those calls."""
        self.phase = START
        self.act: Act = "ask"
        self.recorded: list[Point] = []
        self.heard: set[Point] = set()
        """The points whose answer came: where a server hangs up instead, nobody can be killed after it."""
        self.hit = threading.Event()
        self.unbacked: list[str] = []

    @property
    def strikes(self) -> bool:
        """Tell whether somebody is to be killed."""
        return self._strike is not None

    def begin(self, act: Act) -> None:
        """Begin an act: whatever is called from now on belongs to it."""
        with self._lock:
            self.act = act
            self._counts.clear()

    def asked(self, call: Call) -> Deed:
        """Number the call; kill before it is forwarded if that is the point."""
        with self._lock:
            self._delivered |= {call.number} if call.link == _DELIVERIES else set()
            point = self._numbered(call)
        if call.name in _ANNOUNCES:
            self._check_announced(call)
        return self._pass_or_kill(point, "before")

    def answered(self, call: Call, reply: bytes) -> Deed:
        """Follow the story; kill before the answer is passed back if that is the point."""
        with self._lock:
            self._delivered -= {call.number} if call.link == _DELIVERIES else set()
            point = self._points.pop((call.link, call.number), None)
            self.heard |= {point} if point else set()
            label = label_of(call)
            if label.startswith("commit ") and b"\r\nok\r\n" in reply:
                self.phase = label.removeprefix("commit ")
        return self._pass_or_kill(point, "after")

    def _numbered(self, call: Call) -> Point | None:
        """Give a call its place; None for one of the many that ask whether there is something to do."""
        label = label_of(call)
        poll = label in POLLS
        phase = self.phase if label in _IN_EVERY_PHASE else ""
        process = self._process(call)
        key = (process, call.link, label, phase)
        self._counts[key] += 1
        if poll and self._counts[key] > 1:
            return None
        point = Point(self.act, process, call.link, f"{label} after {phase}" if phase else label, self._counts[key])
        self.recorded.append(point)
        self._points[call.link, call.number] = point
        return point

    def _process(self, call: Call) -> str:
        """Name who called; of the two that call mPaaS, one does so only while somebody waits for its answer."""
        if call.link == "bot>mpaas":
            return "slack" if self._delivered else "worker"
        return call.link.partition("<")[0].partition(">")[0]

    def _pass_or_kill(self, point: Point | None, side: Side) -> Deed:
        strike = self._strike
        if strike is None or point != strike.point or side != strike.side or self.hit.is_set():
            return PASS
        self._kill(point.process)
        self.hit.set()
        return DROP

    def _check_announced(self, call: Call) -> None:
        """Compare what is about to be said in Slack with what is committed at this moment."""
        said = body_of(call)
        text, request = str(said.get("text", "")), _about(said, self._read())
        if request is not None and not any(headline in text for headline in _committed(self._read(), request)):
            self.unbacked.append(f"announced, but not committed: {text}")


def _about(said: dict[str, object], store: RequestStore) -> BroadcastRequest | None:
    """Find the request that a message is about, by its marker or by where it stands."""
    metadata = said.get("metadata")
    if isinstance(metadata, dict):
        return store.get(RequestId(metadata["event_payload"]["id"]))
    for request in store.list_requests(limit=10):
        if any(post.ts == said.get("ts") for post in store.posts(request.id).values()):
            return request
    return None


def _committed(store: RequestStore, request: BroadcastRequest) -> set[str]:
    """Say the headlines of every state that the request was in."""
    states = {State(line.after) for line in store.history(request.id)}
    return {
        phrases.headline(request.model_copy(update={"state": state, "waiting_for": waiting}))
        for state in states
        for waiting in ("", "something")
    }
