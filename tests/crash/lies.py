"""Lies by name: which call, on which side, is told which lie. The bytes are chosen when the call is there."""

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from crash import wire
from crash.relay import DROP, PASS, RESET, TWICE, Call, Cut, Deed, Drip, Hold, Plan, Twice
from crash.relayed import FAST

from bot.store.connection import TIMEOUT

Side = Literal["request", "reply"]

OVER = MappingProxyType(
    {
        "slack>store": TIMEOUT + 0.3,
        "worker>store": TIMEOUT + 0.3,
        "slack>slack": 2.3,
        "worker>slack": FAST.slack_call + 0.3,
        "bot>mpaas": FAST.calls.read + 0.3,
        "slack<slack": 3.3,
    }
)
"""Seconds after which whoever asked has given up: a little more than each client's own timeout."""

_DETAILS = MappingProxyType(
    {
        "EVALSHA": rb'"event":"([^"]+)"',
        "PushBroadcast": rb"Msgkey=[^&]*-(\w+)",
        "chat.postMessage": rb'"slot": ?"([^"]+)"',
        "chat.update": rb'"block_id": ?"(card\.\d+)"',
    }
)

_HEAD = b"\r\nhead\r\n"
"""What ``commit.lua`` answers when another commit came first."""


def label(call: Call) -> str:
    """Name a call by what it does: "EVALSHA claim android", "chat.update card.3", "PushBroadcast ios", "HMGET"."""
    found = re.search(_DETAILS.get(call.name, rb"(?!)"), call.said)
    if found is None:
        return "EVALSHA post" if call.name == "EVALSHA" else call.name
    return f"{call.name} {found[1].decode()}"


def _head(said: bytes) -> int:
    return wire.end_of_head(said) or said.index(b"\r\n") + 2


DEEDS: dict[Side, dict[str, Callable[[str, bytes], Deed]]] = {
    "request": {
        "drop": lambda _, __: DROP,
        "reset": lambda _, __: RESET,
        "cut after a byte": lambda _, __: Cut(1),
        "cut after the head": lambda _, said: Cut(_head(said)),
        "cut in the middle": lambda _, said: Cut(len(said) // 2),
        "cut before the last byte": lambda _, __: Cut(-1),
        "hold": lambda link, _: Hold(OVER[link]),
        "twice": lambda _, __: TWICE,
        "twice, the second heard": lambda _, __: Twice(hears_second=True),
        "drip": lambda _, said: Drip(0.02, size=len(said) // 10 + 1),
    },
    "reply": {
        "drop": lambda _, __: DROP,
        "reset": lambda _, __: RESET,
        "cut after a byte": lambda _, __: Cut(1),
        "cut after the head": lambda _, said: Cut(_head(said)),
        "cut in the middle": lambda _, said: Cut(len(said) // 2),
        "cut before the last byte": lambda _, __: Cut(-1),
        "hold": lambda link, _: Hold(OVER[link]),
        "twice": lambda _, __: TWICE,
        "drip": lambda _, said: Drip(0.02, size=len(said) // 10 + 1),
        "a byte a second": lambda _, __: Drip(1.0),
        "two bytes a second": lambda _, __: Drip(0.5),
    },
}


@dataclass(frozen=True)
class Case:
    """One lie: about the ``nth`` call of a label on a link, as counted from the moment it is armed."""

    link: str
    label: str
    nth: int
    side: Side
    deed: str

    def __str__(self) -> str:
        return f"{self.link} {self.label} #{self.nth}, {self.side}: {self.deed}"


@dataclass
class _Armed:
    case: Case
    mark: bytes
    seen: int = 0
    call: Call | None = None
    told: bool = False


@dataclass
class Lies(Plan):
    """Tell the lies that are armed, each once; everything else passes. ``told`` counts them."""

    _armed: list[_Armed] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    told: list[Case] = field(default_factory=list)
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)

    def arm(self, case: Case, *, mark: str = "") -> None:
        """Arm a lie; with a ``mark``, only calls that say it count."""
        with self._lock:
            self._armed.append(_Armed(case, mark.encode()))

    def disarm(self, cases: Iterable[Case]) -> None:
        """Forget lies that were not told."""
        gone = set(cases)
        with self._lock:
            self._armed = [one for one in self._armed if one.case not in gone or one.call is not None]

    def asked(self, call: Call) -> Deed:
        """Count the call for every armed lie, and tell the one whose turn has come."""
        named = label(call)
        with self._lock:
            mine = [one for one in self._armed if self._is_meant(one, call, named)]
            for one in mine:
                one.seen += 1
                if one.seen == one.case.nth:
                    one.call = call
            now = [one for one in mine if one.call is call and one.case.side == "request"]
        return self._tell(now, call.said)

    def answered(self, call: Call, reply: bytes) -> Deed:
        """Tell the lie about the reply to this call, if there is one.

        A commit that is answered "seal anew" wrote nothing, and is said again at once: the lie is about that one.
        """
        with self._lock:
            if _HEAD in reply:
                self._arm_again(call)
            now = [one for one in self._armed if one.call is call and not one.told and one.case.side == "reply"]
        return self._tell(now, reply)

    def _arm_again(self, call: Call) -> None:
        for one in self._armed:
            if one.call is call:
                one.call, one.seen = None, one.seen - 1
                self.told = [case for case in self.told if not (one.told and case is one.case)]
                one.told = False

    @staticmethod
    def _is_meant(one: _Armed, call: Call, named: str) -> bool:
        return one.call is None and (one.case.link, one.case.label) == (call.link, named) and one.mark in call.said

    def _tell(self, some: list[_Armed], said: bytes) -> Deed:
        if not some:
            return PASS
        with self._lock:
            for one in some:
                one.told = True
                self.told.append(one.case)
        case = some[0].case
        return DEEDS[case.side][case.deed](case.link, said)
