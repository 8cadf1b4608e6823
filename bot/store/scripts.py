"""The Lua scripts, with names for what goes in and what comes out.

The scripts travel with the code that understands them (EVALSHA, loaded again when the server does not know one). What
each expects and replies stands at the head of its file.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from importlib.resources import files
from typing import Any, Final

import redis

from bot.domain.content import RequestId
from bot.domain.request import Step
from bot.domain.states import SETTLED_STATES, State
from bot.store.documents import dump
from bot.store.keys import KEEP_SECONDS, Keys

WAIT_MS: Final = 500
"""Milliseconds to wait for replicas to confirm a claim; half of the time allowed for an answer."""


class Verdict(StrEnum):
    """What a script made of a step."""

    OK = "ok"
    REPEATED = "repeated"
    CONFLICT = "conflict"
    MISSING = "missing"
    HALTED = "halted"
    EPOCH = "epoch"


@dataclass(frozen=True)
class Reply:
    """A script's answer. ``detail`` is the version that is stored, the halt, or the epoch, as the verdict says."""

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

    def __init__(self, client: redis.Redis, keys: Keys) -> None:
        self._keys = keys
        self._commit = client.register_script(source("commit.lua"))
        self._claim = client.register_script(source("claim.lua", "commit.lua"))
        self._post = client.register_script(source("post.lua"))

    def commit(self, step: Step, *, commit_id: str) -> Reply:
        """Store a step if its version is next; see ``commit.lua``."""
        return _reply(self._commit(keys=self._names(step), args=_said(step, commit_id=commit_id, epoch="")))

    def claim(self, step: Step, *, commit_id: str, epoch: str, line: redis.Redis, replicas: int) -> tuple[Reply, int]:
        """Store a claim if nothing stands against it; see ``claim.lua``. Say how many replicas confirmed it.

        The script and the WAIT leave in one write on one connection: after a silent reconnect between the two, WAIT
        would answer for a connection that wrote nothing, and be satisfied at once.
        """
        both = line.pipeline(transaction=False)
        names = [*self._names(step), self._keys.halt]
        self._claim(keys=names, args=_said(step, commit_id=commit_id, epoch=epoch), client=both)
        if replicas:
            both.wait(replicas, WAIT_MS)
        answers = both.execute()
        return _reply(answers[0]), answers[1] if replicas else 0

    def remember_post(self, request_id: RequestId, *, slot: str, post: str) -> str:
        """Keep where a message was posted, unless that is known already; return what is known; see ``post.lua``."""
        names = [self._keys.posts(request_id), self._keys.request(request_id)]
        return str(self._post(keys=names, args=[slot, post, KEEP_SECONDS * 1000]))

    def _names(self, step: Step) -> list[str]:
        request, keys = step.request, self._keys
        others = [keys.state(state) for state in State if state is not request.state]
        return [
            keys.request(request.id),
            keys.history(request.id),
            keys.posts(request.id),
            keys.due,
            keys.notices,
            keys.requester(request.requester),
            keys.state(request.state),
            *others,
        ]


def _said(step: Step, *, commit_id: str, epoch: str) -> Iterable[str | int]:
    if not commit_id or " " in commit_id:
        raise ValueError("A commit id is a token without blanks.")
    request = step.request
    yield from (request.id, step.expected_version, commit_id, dump(request), request.state.value)
    yield "" if request.wake_at is None else milliseconds(request.wake_at)
    yield step.line.model_dump_json()
    yield "settled" if request.state in SETTLED_STATES else "open"
    yield KEEP_SECONDS * 1000
    yield epoch
    for notice in step.notices:
        yield from (notice.kind.value, notice.state.value)


def _reply(answer: Any) -> Reply:
    verdict, detail = answer
    return Reply(Verdict(verdict), str(detail))
