"""What changes, as server-sent events: one stream per open page, for the person who looks at it.

The first piece is ``hello`` with everything; each later one is a JSON array of what changed since. A page that lost its
stream opens a new one and gets a new ``hello``, so nothing has to be repeated or remembered here.

Events: ``hello``; ``message`` (new or changed), ``message_gone``; ``channel`` (a conversation that was opened);
``views`` and ``home`` (whole); ``log`` (one line, new or finished); ``mpaas`` and ``backstage`` (whole); ``clock``.
"""

import json
from collections.abc import Iterator
from typing import Any

from bot.playground.page import log, picture
from bot.playground.page.backstage import Backstage
from bot.playground.page.bell import Bell
from bot.playground.page.other_side import other_side
from bot.playground.slack.schema import Json
from bot.playground.stage import Stage

LOOK = 1.0
"""Seconds after which a page is told what changes by itself, such as statistics that grow and the clock."""

Event = dict[str, Any]


class Live:
    """Follow a stage as one person sees it."""

    def __init__(self, stage: Stage, backstage: Backstage, bell: Bell, *, run: str, user: str) -> None:
        self._stage, self._backstage, self._bell = stage, backstage, bell
        self._run, self._user = run, user
        self._seen: dict[str, str] = {}
        self._log: dict[str, Json] = {}
        self._channels: set[str] = set()
        self._seq = 0

    def stream(self) -> Iterator[bytes]:
        """Yield events as the bytes of ``text/event-stream`` until the bell is closed or nobody reads any more."""
        heard = self._bell.rung
        yield _written([self._hello()])
        while not self._bell.closed:
            heard = self._bell.wait(heard, seconds=LOOK)
            yield _written([*self._changes(), self._clock()])

    def _hello(self) -> Event:
        slack = self._stage.slack
        with slack.world.lock:
            self._seq = slack.world.seq
            opening = picture.opening(slack, self._user)
        self._channels = {channel["id"] for channel in opening["channels"]}
        whole = {name: value for name, value in self._wholes().items() if self._is_new(name, value)}
        lines = list(self._new_lines())
        return {"kind": "hello", "run": self._run, **opening, **whole, "log": lines, **_without_kind(self._clock())}

    def _clock(self) -> Event:
        now = self._stage.slack.world.now()
        return {"kind": "clock", "now": now.isoformat()}

    def _changes(self) -> Iterator[Event]:
        yield from self._changes_in_slack()
        for name, value in self._wholes().items():
            if self._is_new(name, value):
                yield {"kind": name, name: value}
        for line in self._new_lines():
            yield {"kind": "log", "line": line}

    def _changes_in_slack(self) -> Iterator[Event]:
        world = self._stage.slack.world
        with world.lock:
            new = [one for one in world.happenings if one.seq > self._seq]
            self._seq = world.seq
            places = dict.fromkeys(
                (str(one.facts["channel"]), str(one.facts["ts"])) for one in new if one.kind.startswith("message_")
            )
            found = [event for channel, ts in places for event in self._in_channel(channel, ts)]
        yield from found

    def _in_channel(self, channel_id: str, ts: str) -> Iterator[Event]:
        """Tell what became of a message, if the person is there and may see it."""
        world = self._stage.slack.world
        channel = world.channels[channel_id]
        if self._user not in channel.members:
            return
        if channel_id not in self._channels:
            self._channels.add(channel_id)
            yield {"kind": "channel", "channel": picture.channel_shown(channel, self._user)}
        message = picture.find(world, self._user, channel_id, ts)
        if message is not None:
            yield {"kind": "message", "message": picture.message_shown(message)}
        else:
            yield {"kind": "message_gone", "channel": channel_id, "ts": ts}

    def _wholes(self) -> dict[str, Any]:
        forms = picture.forms(self._stage.slack, self._user)
        return {
            **forms,
            "mpaas": other_side(self._stage.mpaas),
            "backstage": self._backstage.shown(),
        }

    def _is_new(self, name: str, value: Any) -> bool:
        text = json.dumps(value, sort_keys=True, default=str)
        changed = self._seen.get(name) != text
        self._seen[name] = text
        return changed

    def _new_lines(self) -> Iterator[Json]:
        for line in log.lines(self._stage.slack, self._stage.mpaas):
            if self._log.get(line["id"]) != line:
                self._log[line["id"]] = line
                yield line


def _without_kind(event: Event) -> Event:
    return {name: value for name, value in event.items() if name != "kind"}


def _written(events: list[Event]) -> bytes:
    return f"data: {json.dumps(events, ensure_ascii=False)}\n\n".encode()
