"""What is wrong after a crash: mPaaS's journal and Slack's messages compared with the store, one sentence each."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from crash.people import marker

from bot.domain.content import RequestId
from bot.domain.request import BroadcastRequest, NoticeKind
from bot.domain.states import LegState, State
from bot.playground.cast import ANA, DANA, GENERAL
from bot.playground.slack.world import Message
from bot.playground.stage import Stage
from bot.store.store import RequestStore
from bot.views import phrases

ENDS = frozenset(State) - {State.PENDING_APPROVAL, State.CHANGES_REQUESTED, State.APPROVED, State.SENDING}
"""The states in which nothing is left for a machine to do: final, or waiting for a person."""

TOLD_IN_THE_CHANNEL = frozenset(
    {State.SENT, State.SCHEDULED, State.PARTLY_SENT, State.FAILED, State.OUTCOME_UNKNOWN, State.HELD}
)

DUPLICATE, LOST, WRONG = "duplicate", "lost", "wrong"

_CERTAIN = {
    LegState.ACCEPTED: {1},
    LegState.CANCELLED: {1},
    LegState.RECALLED: {1},
    LegState.UNKNOWN: {0, 1},
    LegState.HELD: {0, 1},
}
"""How often mPaaS can have executed a leg of that state if what the store says is true; any other one never."""


@dataclass(frozen=True)
class Journals:
    """Hold what mPaaS executed, by Msgkey, and the bot's messages in Slack, by request."""

    executed: dict[str, int]
    messages: dict[str, list[Message]]

    @classmethod
    def of(cls, stage: Stage) -> "Journals":
        """Read both as they are now."""
        channels = {GENERAL.id, *(rules.approvals for rules in stage.targets.values())}
        every = [one for channel in sorted(channels) for one in stage.slack.messages(channel, seen_by=ANA.id)]
        by_request = defaultdict(list)
        for message in (*every, *stage.slack.direct(ANA.id), *stage.slack.direct(DANA.id)):
            by_request[marker(message)[0]].append(message)
        return cls(stage.mpaas.journal.executed_by_msgkey(), dict(by_request))


def findings(journals: Journals, store: RequestStore, request_id: RequestId) -> Iterator[str]:
    """Compare everything about one request; each finding begins with "duplicate", "lost" or "wrong"."""
    request = store.get(request_id)
    counts = Counter({key: n for key, n in journals.executed.items() if key.startswith(request_id)})
    yield from (f"{DUPLICATE}: mPaaS executed {key} {n} times" for key, n in counts.items() if n > 1)
    if request.state not in ENDS:
        yield f"{LOST}: {request_id} stays {request.state}"
    for leg in request.legs:
        if min(counts[leg.msgkey], 1) not in _CERTAIN.get(leg.state, {0}):
            yield f"{WRONG}: {leg.msgkey} is {leg.state}, and mPaaS executed it {counts[leg.msgkey]} times"
    yield from _history(store, request)
    yield from unsaid(journals, request)


def _history(store: RequestStore, request: BroadcastRequest) -> Iterator[str]:
    lines = store.history(request.id)
    if [line.version for line in lines] != list(range(1, request.version + 1)):
        yield f"{WRONG}: the history of {request.id} has a gap"
    if lines[-1].after != request.state:
        yield f"{WRONG}: the history of {request.id} ends with {lines[-1].after}, not with {request.state}"


def unsaid(journals: Journals, request: BroadcastRequest) -> Iterator[str]:
    """Look for the card, the result and the direct message of the present state: there once, and saying it."""
    there = journals.messages.get(request.id, [])
    counts = Counter(marker(message)[1] for message in there)
    yield from (f"{DUPLICATE}: the message {slot} is there {n} times" for slot, n in counts.items() if n > 1)
    wanted, headline = expected(request), phrases.headline(request)
    yield from (f"{LOST}: {request.id} has no message {slot}" for slot in wanted if not counts[slot])
    for message in there:
        if marker(message)[1] in wanted and headline not in message.text:
            yield f"{WRONG}: the message {marker(message)[1]} says {message.text!r}, and the store {headline!r}"


def expected(request: BroadcastRequest) -> tuple[str, ...]:
    """Name the messages that a request in its last state must have."""
    told = (NoticeKind.DIRECT, NoticeKind.RESULT) if request.state in TOLD_IN_THE_CHANNEL else (NoticeKind.DIRECT,)
    return (NoticeKind.CARD.value, *(f"{kind.value}:{request.state.value}" for kind in told))


def is_quiet(stage: Stage, store: RequestStore, request_id: RequestId) -> bool:
    """Tell whether nothing is left to do for a request: it has ended, everything is said, and the card shows it."""
    request = store.get(request_id)
    if request.state not in ENDS or store.notices_waiting():
        return False
    return not any(unsaid(Journals.of(stage), request))
