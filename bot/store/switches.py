"""Switches that concern everybody: sending is halted, and which processes are alive.

A halt ends by the store's clock, as people were told. Whether a process is alive is a question about this very moment,
so heartbeats go by the server's own time: a clock that was moved ahead must not make the living look dead.
"""

from datetime import UTC, datetime
from typing import Any, Final

from pydantic import AwareDatetime
from redis.client import Pipeline

from bot.domain.value import Value
from bot.store.connection import answering
from bot.store.keys import HEARTBEATS_KEPT
from bot.store.room import Room
from bot.store.scripts import milliseconds

REACHED: Final = "slack"
UNREACHED: Final = "slack_unreached"
"""The two roles of a process that listens to Slack: it is reached, or it is alive and deaf."""


class Halt(Value):
    """Who stopped all sending, why, when, and until when; without ``until`` somebody must resume."""

    by: str
    why: str = ""
    at: AwareDatetime
    until: AwareDatetime | None = None

    @property
    def words(self) -> str:
        """Say who halted, until when, and why: the end of a sentence, without its full stop."""
        until = f" until {self.until.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if self.until else ""
        return f"by {self.by}{until}" + (f" ({self.why})" if self.why else "")


class Switches(Room):
    """Halt and resume sending, and keep count of the living."""

    def halt(self, by: str, why: str, *, until: datetime | None, at: datetime) -> Halt:
        """Stop every claim from now on; a later halt takes the place of an earlier one. The store's clock ends it."""
        halt = Halt(by=by, why=why, at=at, until=until)
        # The server forgets it by its own clock.
        end = None if until is None else milliseconds(until - self._ahead())
        with answering():
            self._client.set(self._keys.halt, halt.model_dump_json(), pxat=end)
        return halt

    def halted(self) -> Halt | None:
        """Say whether sending is halted, and by whom."""
        with answering():
            text = self._client.get(self._keys.halt)
        halt = self._still(text)
        if text is not None and halt is None:
            self._drop_halt(str(text))  # a claim asks for the key alone
        return halt

    def resume(self) -> Halt | None:
        """Let claims happen again; return the halt that ended, or None when there was none."""
        with answering():
            text = self._client.getdel(self._keys.halt)
        return self._still(text)

    def _still(self, text: Any) -> Halt | None:
        """Read a stored halt; None when its time is over, though the server has not forgotten it yet."""
        halt = None if text is None else Halt.model_validate_json(text)
        return halt if halt is None or halt.until is None or self.now() < halt.until else None

    def _drop_halt(self, text: str) -> None:
        """Forget this very halt, and no other that came meanwhile."""

        def drop(asked: Pipeline) -> None:
            same = asked.get(self._keys.halt) == text
            asked.multi()
            if same:
                asked.delete(self._keys.halt)

        with answering():
            self._client.transaction(drop, self._keys.halt)

    def beat(self, process: str, role: str, *, seconds: float) -> None:
        """Say that a process lives, and will for so many seconds if nothing more is heard."""
        key, now = self._keys.alive(role), milliseconds(self._server_now())
        with answering():
            both = self._client.pipeline()
            both.zremrangebyscore(key, "-inf", now)
            both.zadd(key, {process: now + int(seconds * 1000)})
            both.expire(key, HEARTBEATS_KEPT)
            both.execute()

    def alive(self, role: str) -> tuple[str, ...]:
        """Name the processes of a role whose last beat still counts."""
        now = milliseconds(self._server_now())
        with answering():
            names = self._client.zrangebyscore(self._keys.alive(role), f"({now}", "+inf")
        return tuple(sorted(str(name) for name in names))
