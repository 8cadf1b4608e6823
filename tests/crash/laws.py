"""The laws that hold whatever is killed and whoever lies; every crash test ends with them.

``Witness`` watches while it happens: at the moment a push leaves, the store must know its claim, and at the moment
something is said in Slack, the store must know what is said. ``broken`` looks at the end: it compares mPaaS's journal
and Slack's messages with the store. Both give sentences; none is the good news.
"""

import json
import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from crash.relay import Call, Deed, Plan

from bot.domain.content import RequestId
from bot.domain.request import BroadcastRequest, HistoryLine
from bot.domain.states import SETTLED_STATES, LegState, State
from bot.errors import BotError, UnknownRequest
from bot.playground.cast import BOT
from bot.playground.slack.world import Message
from bot.playground.stage import Stage
from bot.views.ids import Block

WAITS_FOR_PEOPLE = frozenset({State.PENDING_APPROVAL, State.CHANGES_REQUESTED, State.OUTCOME_UNKNOWN, State.HELD})
TOLD_IN_THE_CHANNEL = frozenset(
    {State.SENT, State.SCHEDULED, State.PARTLY_SENT, State.FAILED, State.OUTCOME_UNKNOWN, State.HELD}
)
"""States whose result is posted where the push was asked for; said a second time, so that a lost row is noticed."""

NEVER_EXECUTED = frozenset({LegState.WAITING, LegState.DECLINED, LegState.NOT_SENT})
EXECUTED_ONCE = frozenset({LegState.ACCEPTED, LegState.CANCELLED, LegState.RECALLED})
_CARD = re.compile(re.escape(Block.CARD.value) + r"\.(\d+)")


@dataclass(frozen=True)
class Acknowledged:
    """Something a person was told is done: who did it, and the event it must have left in the request's history."""

    request_id: RequestId
    actor: str
    events: frozenset[str]


# While it happens ----------------------------------------------------------------------------------------------------


class Witness(Plan):
    """Ask another plan, and look into the store at the moments that the laws speak of."""

    def __init__(self, stage: Stage, plan: Plan) -> None:
        self._stage, self._plan = stage, plan
        self._lock = threading.Lock()
        self.looks = 0
        self.broken: list[str] = []

    def asked(self, call: Call) -> Deed:
        """Look before anything is forwarded; a push or a message that is not backed by the store breaks a law."""
        for complaint in self._complaints(call):
            with self._lock:
                self.broken.append(complaint)
        return self._plan.asked(call)

    def answered(self, call: Call, reply: bytes) -> Deed:
        """Leave replies to the other plan."""
        return self._plan.answered(call, reply)

    def _complaints(self, call: Call) -> Iterator[str]:
        if call.name not in {"PushBroadcast", "chat.postMessage", "chat.update"}:
            return
        with self._lock:
            self.looks += 1
        body = call.said.partition(b"\r\n\r\n")[2].decode()
        try:
            with self._stage.store() as store:
                if call.name == "PushBroadcast":
                    msgkey = parse_qs(body)["Msgkey"][0]
                    yield from unclaimed(store.get(request_of(msgkey)), msgkey)
                elif (said := announced(json.loads(body))) is not None:
                    yield from uncommitted(store.history(said[0]), *said)
        except UnknownRequest as error:
            yield f"{call.name} is about a request that the store does not know: {error}"
        except BotError:
            return  # the store is down at this moment: `broken` looks again when it is there


def request_of(msgkey: str) -> RequestId:
    """Read the request's id from a leg's Msgkey."""
    return RequestId(msgkey.rsplit("-", 2)[0])


def unclaimed(request: BroadcastRequest, msgkey: str) -> Iterator[str]:
    """Complain about a push that leaves while the store does not know its leg as claimed."""
    leg = next((leg for leg in request.legs if leg.msgkey == msgkey), None)
    if leg is None or leg.state not in {LegState.SENDING, LegState.UNKNOWN} or not leg.attempt:
        yield f"{msgkey} left for mPaaS while the store says {leg.state if leg else 'that there is no such leg'}."


def announced(said: dict[str, Any]) -> tuple[RequestId, str] | None:
    """Read from a message which request it is about, and its slot, or its card's version ("card.3"); None: neither."""
    text = json.dumps(said.get("blocks") or [])
    payload = (said.get("metadata") or {}).get("event_payload") or {}
    about = payload.get("id") or next(iter(re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", text)), None)
    card = _CARD.search(text)
    slot = card[0] if card else payload.get("slot")
    return None if about is None or slot is None else (RequestId(about), slot)


def uncommitted(history: list[HistoryLine], request_id: RequestId, slot: str) -> Iterator[str]:
    """Complain about a message that says what the history does not."""
    kind, _, rest = slot.replace(".", ":").partition(":")
    if kind == "card":
        if int(rest) > len(history):
            yield f"The card of {request_id} shows version {rest}, and {len(history)} are committed."
    elif rest.partition(":")[0] not in {line.after for line in history}:
        yield f"{slot} of {request_id} was announced, and its history never was in that state."


# At the end ----------------------------------------------------------------------------------------------------------


def broken(stage: Stage, ids: Iterable[RequestId], acknowledged: Iterable[Acknowledged] = ()) -> list[str]:
    """Say which laws are broken when everything has come to rest: in a sentence each."""
    executed = stage.mpaas.journal.executed_by_msgkey()
    found = [f"{key} was executed {count} times." for key, count in executed.items() if count > 1]
    found += [f"A simulator failed: {failure!r}" for failure in stage.mpaas.failures]
    with stage.store() as store:
        for promise in acknowledged:
            found += _forgotten(store.history(promise.request_id), promise)
        for request_id in ids:
            request, history = store.get(request_id), store.history(request_id)
            found += _of_legs(request, executed)
            found += _of_the_end(request)
            found += _of_messages(request, history, _messages(stage, request_id))
        waiting = store.notices_waiting()
    return found + ([f"{waiting} notices were never said."] if waiting else [])


def _forgotten(history: list[HistoryLine], promise: Acknowledged) -> Iterator[str]:
    if not any(line.actor == promise.actor and line.event in promise.events for line in history):
        yield f"{promise.request_id}: {promise.actor} was told that it is done, but there is no {set(promise.events)}."


def _of_legs(request: BroadcastRequest, executed: dict[str, int]) -> Iterator[str]:
    for leg in request.legs:
        count = executed.get(leg.msgkey, 0)
        if leg.state in NEVER_EXECUTED and count:
            yield f"{leg.msgkey} was executed, and the store says {leg.state}."
        if leg.state in EXECUTED_ONCE and count != 1:
            yield f"{leg.msgkey} was executed {count} times, and the store says {leg.state}."
    known = {leg.msgkey for leg in request.legs}
    yield from (f"{key} is no leg." for key in executed if request_of(key) == request.id and key not in known)


def _of_the_end(request: BroadcastRequest) -> Iterator[str]:
    if request.state not in SETTLED_STATES | WAITS_FOR_PEOPLE:
        yield f"{request.id} is left {request.state}: it neither ended nor waits for a person."


def _of_messages(request: BroadcastRequest, history: list[HistoryLine], said: list[Message]) -> Iterator[str]:
    slots = Counter(_slot(message) for message in said)
    yield from (f"{request.id}: {slot} was posted {count} times." for slot, count in slots.items() if count > 1)
    for slot in slots:
        if slot != "card":
            yield from uncommitted(history, request.id, slot)
    yield from (f"{request.id}: {slot} is missing." for slot in sorted(_expected(request, history) - set(slots)))
    for message in said:
        shown = announced({"blocks": message.blocks}) if _slot(message) == "card" else None
        if shown is not None and shown[1] != f"card.{request.version}":
            yield f"{request.id}: the card shows {shown[1]}, and version {request.version} is stored."


def _expected(request: BroadcastRequest, history: list[HistoryLine]) -> set[str]:
    """Name what must be there about the state that was reached last; earlier ones may have been overtaken."""
    again = "" if request.revision == 1 else f":{request.revision}"
    expected = {"card"}
    if request.state in TOLD_IN_THE_CHANNEL:
        expected.add(f"result:{request.state}{again}")
    if request.state is not State.PENDING_APPROVAL and len(history) > 1:
        expected.add(f"direct:{request.state}{again}")
    return expected


def _messages(stage: Stage, request_id: RequestId) -> list[Message]:
    world = stage.slack.world
    with world.lock:
        shelves = [list(shelf.values()) for shelf in world.messages.values()]
    everything = [message for shelf in shelves for message in shelf if message.user == BOT.id]
    return [message for message in everything if _payload(message).get("id") == request_id]


def _slot(message: Message) -> str:
    return str(_payload(message).get("slot"))


def _payload(message: Message) -> dict[str, Any]:
    return dict((message.metadata or {}).get("event_payload") or {})
