"""What changes, as server-sent events: one stream per open page, for the person who looks at it.

The first piece is ``hello`` with everything; each later one is a JSON array of what changed since. A page that lost its
stream opens a new one and gets a new ``hello``, so nothing has to be repeated or remembered here.

Events: ``hello``; ``message`` (new or changed), ``message_gone``; ``channel`` (a conversation that was opened);
``views`` and ``home`` (whole); ``log`` (one line, new or finished); ``mpaas`` (its parts that changed, each whole);
``backstage`` (whole); ``clock``.
What happened in Slack is told first, in a piece of its own: people wait for it; what takes longest to make comes last.
"""

import itertools
import time
from collections.abc import Iterator

from bot.playground.page import picture
from bot.playground.page.bell import Bell
from bot.playground.page.shared import LOOK, Shared, as_json
from bot.playground.slack.schema import Json
from bot.playground.slack.sim import SlackSim
from bot.playground.slack.world import Happening

AGAIN = 1000
"""Milliseconds after which a browser opens a lost stream again."""


class Live:
    """Follow a stage as one person sees it."""

    def __init__(self, slack: SlackSim, shared: Shared, bell: Bell, *, run: str, user: str) -> None:
        self._slack, self._shared, self._bell = slack, shared, bell
        self._run, self._user = run, user
        self._told: dict[str, str] = {}
        self._mpaas: dict[str, str] = {}
        self._channels: set[str] = set()
        self._seq = self._fed = 0

    def stream(self) -> Iterator[bytes]:
        """Yield events as the bytes of ``text/event-stream`` until the bell is closed or nobody reads any more."""
        heard, looked = self._bell.rung(), time.monotonic()
        yield f"retry: {AGAIN}\n".encode() + _piece([self._hello()])
        while not self._bell.closed:
            heard = self._bell.wait(heard, seconds=looked + LOOK - time.monotonic())
            for changes in (self._in_slack, self._in_log, self._in_mpaas, self._in_backstage):
                if found := list(changes()):
                    yield _piece([*found, self._clock()])
            if time.monotonic() >= looked + LOOK:
                looked = time.monotonic()
                yield _piece([self._clock()])  # also finds out whether anybody still reads

    def _hello(self) -> str:
        world = self._slack.world
        with world.lock:
            self._seq = world.seq
            opening = picture.opening(self._slack, self._user)
        self._channels = {channel["id"] for channel in opening["channels"]}
        lines, self._fed = self._shared.lines()
        self._mpaas = self._shared.mpaas()
        self._told = {name: as_json(opening[name]) for name in ("views", "home")}
        self._told["backstage"] = self._shared.backstage()
        told = {name: as_json(value) for name, value in opening.items()} | self._told
        told["mpaas"] = _object(self._mpaas)
        others = {"kind": "hello", "run": self._run, "now": world.now().isoformat(), "log": lines}
        return _object(told | {name: as_json(value) for name, value in others.items()})

    def _clock(self) -> str:
        return _event("clock", now=as_json(self._slack.world.now().isoformat()))

    def _in_mpaas(self) -> Iterator[str]:
        now = self._shared.mpaas()
        changed = {name: part for name, part in now.items() if self._mpaas[name] != part}
        self._mpaas = now
        if changed:
            yield _event("mpaas", mpaas=_object(changed))

    def _in_backstage(self) -> Iterator[str]:
        yield from self._new_wholes({"backstage": self._shared.backstage()})

    def _in_log(self) -> Iterator[str]:
        lines, self._fed = self._shared.lines_after(self._fed)
        yield from (_event("log", line=as_json(line)) for line in lines)

    def _new_wholes(self, wholes: dict[str, str]) -> Iterator[str]:
        for name, text in wholes.items():
            if self._told[name] != text:
                self._told[name] = text
                yield _event(name, **{name: text})

    def _in_slack(self) -> Iterator[str]:
        world = self._slack.world
        with world.lock:
            if world.seq == self._seq:
                return
            oldest = world.happenings[0].seq if world.happenings else world.seq + 1
            has_missed = oldest > self._seq + 1
            found = [] if has_missed else [*self._new_channels(), *self._messages(self._new())]
            self._seq = world.seq
            forms = picture.forms(self._slack, self._user)
        if has_missed:
            yield self._hello()
            return
        yield from map(as_json, found)
        yield from self._new_wholes({name: as_json(value) for name, value in forms.items()})

    def _new(self) -> list[Happening]:
        """List what happened since the last look, the newest first."""
        return list(itertools.takewhile(lambda one: one.seq > self._seq, reversed(self._slack.world.happenings)))

    def _new_channels(self) -> Iterator[Json]:
        for channel in self._slack.world.channels.values():
            if self._user in channel.members and channel.id not in self._channels:
                self._channels.add(channel.id)
                yield {"kind": "channel", "channel": picture.channel_shown(channel, self._user)}

    def _messages(self, new: list[Happening]) -> Iterator[Json]:
        """Tell what became of each message that the person may see, the oldest change first."""
        seen = (one.facts for one in reversed(new) if one.kind.startswith("message_") and self._may_see(one.facts))
        for channel, ts in dict.fromkeys((str(facts["channel"]), str(facts["ts"])) for facts in seen):
            message = picture.find(self._slack.world, self._user, channel, ts)
            if message is None:
                yield {"kind": "message_gone", "channel": channel, "ts": ts}
            else:
                yield {"kind": "message", "message": picture.message_shown(message)}

    def _may_see(self, facts: Json) -> bool:
        return facts["channel"] in self._channels and facts["viewer"] in (None, self._user)


def _event(kind: str, **facts: str) -> str:
    """Write an event whose facts are JSON already."""
    return _object({"kind": as_json(kind), **facts})


def _object(members: dict[str, str]) -> str:
    return "{" + ",".join(f'"{name}":{text}' for name, text in members.items()) + "}"


def _piece(events: list[str]) -> bytes:
    return f"data: [{','.join(events)}]\n\n".encode()
