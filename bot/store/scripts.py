"""The Lua scripts, with names for what goes in and what comes out.

The scripts travel with the code that understands them (EVALSHA, loaded again when the server does not know one). What
each expects and replies stands at the head of its file.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from importlib.resources import files
from threading import Lock
from typing import Any, Final

import redis

from bot.domain.content import RequestId
from bot.domain.request import Step
from bot.domain.seals import Sealer
from bot.domain.states import SETTLED_STATES, State
from bot.domain.trail import Entry, Head
from bot.errors import StoreUnavailable
from bot.store.documents import dump
from bot.store.keys import KEEP_SECONDS, Keys

WAIT_MS: Final = 500
"""Milliseconds to wait for replicas to confirm a claim; half of the time allowed for an answer."""

TRIES: Final = 100
"""How often a step is sealed anew because another process committed first; each try takes less than a millisecond."""

PATIENCE: Final = 0.1
"""Seconds to wait for the other threads of this process; a store that does not answer must not make a queue."""

Arguments = Sequence[str | int]
Ask = Callable[[Arguments], "Reply"]
Newest = Callable[[], Head]


class Verdict(StrEnum):
    """What a script made of a step."""

    OK = "ok"
    REPEATED = "repeated"
    CONFLICT = "conflict"
    MISSING = "missing"
    HALTED = "halted"
    EPOCH = "epoch"
    HEAD = "head"


_STORED: Final = frozenset({Verdict.OK, Verdict.REPEATED})


@dataclass(frozen=True)
class Reply:
    """A script's answer. ``detail`` is a version, halt, epoch or audit entry, as the verdict says."""

    verdict: Verdict
    detail: str


def milliseconds(moment: datetime) -> int:
    """Write a moment as Redis scores it; rounded up, so that nothing is due before its time."""
    return math.ceil(moment.timestamp() * 1000)


def source(*names: str) -> str:
    """Read Lua files and put them together, in this order."""
    folder = files("bot.store") / "lua"
    return "".join((folder / name).read_text(encoding="utf-8") for name in names)


class Scripts:
    """Run the scripts under one prefix of keys."""

    def __init__(self, client: redis.Redis, keys: Keys, sealer: Sealer) -> None:
        self._keys = keys
        self._sealer = sealer
        self._newest = Head()
        self._turn = Lock()
        self._commit = client.register_script(source("trail.lua", "index.lua", "order.lua", "commit.lua"))
        self._claim = client.register_script(source("trail.lua", "index.lua", "order.lua", "claim.lua", "commit.lua"))
        self._post = client.register_script(source("post.lua"))

    def commit(self, step: Step, *, commit_id: str) -> Reply:
        """Store a step if its version is next; see ``commit.lua``."""
        names = self._names(step)
        return self._sealed(step, commit_id, "", lambda said: _reply(self._commit(keys=names, args=said)), self._known)

    def claim(
        self,
        step: Step,
        *,
        commit_id: str,
        epoch: str,
        line: redis.Redis,
        replicas: int,
        newest: Newest,
    ) -> tuple[Reply, int]:
        """Store a claim if nothing stands against it; see ``claim.lua``. Say how many replicas confirmed it.

        ``newest`` reads the audit trail, raises what speaks against the claim, and names the newest entry that it read:
        when another came after that, nothing is stored, and it is asked again.

        The script and the WAIT leave in one write on one connection: after a silent reconnect between the two, WAIT
        would answer for a connection that wrote nothing, and be satisfied at once.
        """
        names, confirmed = [*self._names(step), self._keys.halt], 0

        def ask(said: Arguments) -> Reply:
            nonlocal confirmed
            both = line.pipeline(transaction=False)
            self._claim(keys=names, args=said, client=both)
            if replicas:
                both.wait(replicas, WAIT_MS)
            answers = both.execute()
            confirmed = answers[1] if replicas else 0
            return _reply(answers[0])

        return self._sealed(step, commit_id, epoch, ask, newest), confirmed

    def _known(self) -> Head:
        return self._newest

    def _sealed(self, step: Step, commit_id: str, epoch: str, ask: Ask, newest: Newest) -> Reply:
        """Ask for a step with its audit entry after the newest one that is known; again when another came first.

        Threads of one process take turns, so that they don't outrun each other; who waits for long does not wait on.
        """
        mine = self._turn.acquire(timeout=PATIENCE)
        try:
            for _ in range(TRIES):
                entry = Entry.after(
                    newest(), step.line, request_id=step.request.id, commit=commit_id, sealer=self._sealer
                )
                reply = ask(_said(step, entry, epoch=epoch, sealer=self._sealer))
                if reply.verdict is not Verdict.HEAD:
                    self._newest = entry.head if reply.verdict in _STORED else self._newest
                    return reply
                self._newest = _newest(reply.detail)
        finally:
            if mine:
                self._turn.release()
        raise StoreUnavailable("Others committed at the same moment, again and again: nothing was recorded.")

    def remember_post(self, request_id: RequestId, *, slot: str, post: str, gone: str) -> str:
        """Keep where a message was posted, unless that is known already; return what is known; see ``post.lua``."""
        names = [self._keys.posts(request_id), self._keys.request(request_id)]
        return str(self._post(keys=names, args=[slot, post, KEEP_SECONDS * 1000, gone]))

    def _names(self, step: Step) -> list[str]:
        request, keys = step.request, self._keys
        others = [keys.state(state) for state in State if state is not request.state]
        return [
            keys.request(request.id),
            keys.history(request.id),
            keys.posts(request.id),
            keys.due,
            keys.alarms if request.alarm else keys.notices,
            keys.audit,
            keys.requester(request.requester),
            keys.state(request.state),
            *others,
        ]


def _newest(detail: str) -> Head:
    head = Head() if detail == "0:" else Head.read(detail)
    if head is None:
        raise StoreUnavailable("The newest entry of the audit trail cannot be read; see `broadcast-bot audit verify`.")
    return head


def _said(step: Step, entry: Entry, *, epoch: str, sealer: Sealer) -> Arguments:
    if not entry.commit or " " in entry.commit:
        raise ValueError("A commit id is a token without blanks.")
    if step.request.head != entry.line:
        raise ValueError("The request does not name this line of history as its newest: make steps by Step.chained.")
    request, document = step.request, dump(step.request)
    said: list[str | int] = [request.id, step.expected_version, entry.commit, document, request.state.value]
    said += ["" if request.wake_at is None else milliseconds(request.wake_at), step.line.written()]
    said += ["settled" if request.state in SETTLED_STATES else "open", KEEP_SECONDS * 1000, epoch]
    fields = [part for pair in entry.written().items() for part in pair]
    # An alarm is written over whatever somebody else put there.
    followed = "" if request.alarm else step.line.previous
    said += [sealer.document(request.id, document), entry.previous, entry.line, followed, len(fields), *fields]
    return [*said, *(part for notice in step.notices for part in (notice.kind.value, notice.state.value))]


def _reply(answer: Any) -> Reply:
    verdict, detail = answer
    return Reply(Verdict(verdict), str(detail))
