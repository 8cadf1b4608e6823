"""What is so in the simulated workspace: people, channels, messages, views, triggers; one lock, one clock, one journal.

State only. What may be done with it stands in ``messages``, ``modals`` and ``people``. Messages and
views are values: a change puts a new one in place of the old, so whoever holds one holds a true picture of a moment.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from bot.playground.cast import Cast, Channel, Group, Person
from bot.playground.slack.fill_in import long_id
from bot.playground.slack.schema import Json

T = TypeVar("T")
Values = dict[str, dict[str, Json]]
"""``state.values``: block id, action id, state of the element."""

TRIGGER_LIFE = timedelta(seconds=3)
"""docs.slack.dev/interactivity/handling-user-interaction: a trigger is good for three seconds, once."""
RESPONSE_URL_LIFE = timedelta(minutes=30)
RESPONSE_URL_USES = 5
"""docs.slack.dev/interactivity/handling-user-interaction: five times within 30 minutes."""
REMEMBERED = 5000
"""Entries of the journal and of the list of events, triggers and response URLs that are kept."""


@dataclass(frozen=True)
class Message:
    """Hold one message; ``viewer`` is set on ephemeral ones, ``extra`` carries attachments and the like."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] | None = None
    thread_ts: str | None = None
    metadata: Json | None = None
    viewer: str | None = None
    edited: Json | None = None
    extra: Json = field(default_factory=dict)


@dataclass(frozen=True)
class View:
    """Hold one modal or Home view of one person, with what is filled in (``state``) and the errors shown below it."""

    id: str
    owner: str
    content: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    channel: str | None = None
    state: Values = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """Say ``modal`` or ``home``."""
        return str(self.content["type"])

    @property
    def blocks(self) -> list[Json]:
        """List the blocks as Slack keeps them, ids filled in."""
        return list(self.content["blocks"])

    @property
    def title(self) -> str:
        """Say the title; a Home view has none."""
        return str((self.content.get("title") or {}).get("text", ""))


@dataclass
class Trigger:
    """Let the bot open one view in answer to one thing a person did."""

    user: str
    channel: str | None
    view: str | None
    issued_at: datetime
    used: bool = False


@dataclass
class ResponseUrl:
    """Let the bot answer where a person did something; ``source`` is the message that was pressed, if any."""

    user: str
    channel: str
    issued_at: datetime
    source: Message | None = None
    thread_ts: str | None = None
    uses: int = 0


@dataclass(frozen=True)
class Happening:
    """Tell one change, for a page that follows along: ``seq`` counts up by one."""

    seq: int
    at: datetime
    kind: str
    facts: Json


@dataclass(frozen=True)
class Entry:
    """Journal one Web API call (``direction`` "call") or one delivery to the bot ("delivery")."""

    seq: int
    at: datetime
    direction: str
    name: str
    sent: Json
    answer: Any
    status: int | None
    milliseconds: float
    note: str = ""


class World:
    """Hold everything; whoever reads more than one thing, or writes, holds ``lock``."""

    def __init__(self, cast: Cast, now: Callable[[], datetime] | None = None) -> None:
        self.cast = cast
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self._clock = now or _wall_clock
        self._ahead = timedelta()
        self._last_ts = 0
        self._seq = 0
        self.people: dict[str, Person] = {person.id: person for person in (*cast.people, cast.bot)}
        self.groups: dict[str, Group] = {group.id: group for group in cast.groups}
        self.channels: dict[str, Channel] = {channel.id: channel for channel in cast.channels}
        self.messages: dict[str, dict[str, Message]] = {}
        self.ephemerals: dict[str, dict[str, Message]] = {}
        self.message_state: dict[tuple[str, str, str], Values] = {}
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[str]] = {}
        self.homes: dict[str, str] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.happenings: deque[Happening] = deque(maxlen=REMEMBERED)
        self.journal: deque[Entry] = deque(maxlen=REMEMBERED)
        self.on_change: list[Callable[[], None]] = []

    def now(self) -> datetime:
        """Tell the simulated time, aware."""
        return self._clock() + self._ahead

    def advance(self, by: timedelta) -> None:
        """Move the simulated clock forward."""
        if by < timedelta():
            raise ValueError("The clock only moves forward.")
        with self.lock:
            self._ahead += by
            self.happened("clock_moved", seconds=by.total_seconds())

    def next_ts(self) -> str:
        """Mint a message's ``ts``: seconds and microseconds, later than every one before."""
        with self.lock:
            self._last_ts = max(int(self.now().timestamp() * 1_000_000), self._last_ts + 100)
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def happened(self, kind: str, **facts: Any) -> None:
        """Record a change and wake everybody who waits for one."""
        with self.lock:
            self._seq += 1
            self.happenings.append(Happening(self._seq, self.now(), kind, facts))
            self.changed.notify_all()
            for tell in self.on_change:
                tell()

    @property
    def seq(self) -> int:
        """Tell the number of the last change."""
        return self._seq

    def note(self, direction: str, name: str, **facts: Any) -> Entry:
        """Write one line into the journal."""
        with self.lock:
            entry = Entry(self._seq + 1, self.now(), direction, name, **facts)
            self.journal.append(entry)
            self.happened(direction, name=name, status=entry.status, milliseconds=round(entry.milliseconds, 1))
            return entry

    def wait_until(self, predicate: Callable[[], T], *, timeout: float, description: str) -> T:
        """Return what ``predicate`` says once it is truthy; raises TimeoutError after ``timeout`` real seconds."""
        until = time.monotonic() + timeout
        with self.changed:
            while not (value := predicate()):
                if not self.changed.wait(until - time.monotonic()):
                    raise TimeoutError(f"Waited {timeout} s for {description}.")
        return value

    def trigger(self, user: str, *, channel: str | None = None, view: str | None = None) -> str:
        """Mint a ``trigger_id`` for something a person just did."""
        trigger_id = f"{self._last_ts}.{long_id('')}.{long_id('')}".lower()
        with self.lock:
            self.triggers[trigger_id] = Trigger(user, channel, view, self.now())
            _forget_the_oldest(self.triggers)
        return trigger_id

    def response_url(self, url: ResponseUrl) -> str:
        """Keep a response URL and mint its unguessable last part."""
        key = long_id("") + long_id("")
        with self.lock:
            self.response_urls[key] = url
            _forget_the_oldest(self.response_urls)
        return key

    def direct_channel(self, user: str) -> Channel:
        """Find, or open, the direct conversation of the bot with a person."""
        members = frozenset({user, self.cast.bot.id})
        with self.lock:
            for channel in self.channels.values():
                if channel.is_im and channel.members == members:
                    return channel
            channel = Channel(long_id("D"), "directmessage", members, is_im=True, is_private=True)
            self.channels[channel.id] = channel
            return channel


def _forget_the_oldest(remembered: dict[str, T]) -> None:
    while len(remembered) > REMEMBERED:
        del remembered[next(iter(remembered))]


def _wall_clock() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)
