"""What is watched in a soak run: memory of processes and store, every key, and every request's end."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import redis

from bot.domain.content import RequestId
from bot.domain.request import BroadcastRequest
from bot.domain.states import SETTLED_STATES, LegState
from bot.playground.mpaas.journal import Journal
from bot.playground.slack.sim import SlackSim
from bot.playground.slack.world import Message
from bot.store.keys import Keys, Lifetime
from bot.store.store import RequestStore
from bot.views.phrases import headline

_MORTAL = frozenset({Lifetime.SHORT, Lifetime.KEPT, Lifetime.SETTLED})
_NO_EXPIRY = -1
"""What TTL answers for a key that stays for ever; one that has gone meanwhile is -2."""

WENT_OUT = frozenset({LegState.ACCEPTED, LegState.RECALLED, LegState.CANCELLED})


def resident(pid: int) -> float:
    """Read how much memory a process has (MiB), as the kernel counts it."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


@dataclass(frozen=True)
class Sample:
    """Hold what was measured at a quiet moment: requests so far, MiB by process, MiB and keys of the store."""

    requests: int
    processes: dict[str, float]
    store: float
    keys: int


def keys_without_reason(client: redis.Redis) -> Iterator[str]:
    """Name every key that stands in no row of the table, or that has no expiry though its row says that it has one."""
    table = Keys()
    for name in client.scan_iter(count=1000):
        kind = table.kind_of(str(name))
        if kind is None:
            yield f"{name}: no row of the table knows it"
        elif kind.lifetime in _MORTAL and client.ttl(name) == _NO_EXPIRY:
            yield f"{name}: it has no expiry, though every request is settled"


def wrongs(request_ids: Collection[RequestId], store: RequestStore, journal: Journal, slack: SlackSim) -> Iterator[str]:
    """Say everything that is wrong about requests whose life is over; nothing when every law was kept."""
    executed = journal.executed_by_msgkey()
    for request_id in request_ids:
        request = store.get(request_id)
        if request.state not in SETTLED_STATES:
            yield f"{request_id}: it did not end, it is {request.state}"
        yield from _wrong_legs(request, executed)
        yield from _wrong_messages(request, store, slack)


def _wrong_legs(request: BroadcastRequest, executed: dict[str, int]) -> Iterator[str]:
    for leg in request.legs:
        count = executed.get(leg.msgkey, 0)
        if count > 1:
            yield f"{request.id}: DUPLICATE, {leg.platform} was executed {count} times"
        if (leg.state in WENT_OUT) != bool(count):
            yield f"{request.id}: {leg.platform} is {leg.state}, and mPaaS executed it {count} times"
        if count and not request.votes:
            yield f"{request.id}: it was sent without an approval"


def _wrong_messages(request: BroadcastRequest, store: RequestStore, slack: SlackSim) -> Iterator[str]:
    posts = store.posts(request.id)
    slots = Counter(_slot(message, request.id) for shelf in slack.world.messages.values() for message in shelf.values())
    slots.pop("", None)
    for slot, count in slots.items():
        if count > 1:
            yield f"{request.id}: {count} messages for {slot}"
    card = posts.get("card")
    shown = "" if card is None else str(slack.message(card.channel, card.ts).blocks)
    if headline(request) not in shown:
        yield f"{request.id}: the card does not say {headline(request)!r}"
    ended = {slot.split(":")[1] for slot in posts if slot.startswith("direct:")}
    if request.state.value not in ended:
        yield f"{request.id}: its requester was not told that it is {request.state}"


def _slot(message: Message, request_id: RequestId) -> str:
    payload = (message.metadata or {}).get("event_payload", {})
    return str(payload.get("slot", "")) if payload.get("id") == request_id else ""
