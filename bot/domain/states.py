"""What may follow what: the only tables of states, and the laws they keep.

Laws, each held by ``tests/domain/test_states.py``:

1. Every state has a row; a final state has an empty one. A missing cell raises and changes nothing.
2. Exactly one cell enters ``sending`` in each table: APPROVED + CLAIM for a request, WAITING + CLAIM for a leg.
3. Nothing leads from ``sending``, ``outcome_unknown`` or ``held`` back to anything that can be sent: at most once is
   not a mechanism, it is this absent edge.
4. The leg is the unit that is claimed and settled; once a request is being sent, its state is a fold over its legs.

Who may cause an event is ``policy``'s business; what an event does besides moving the state is ``lifecycle``'s.
"""

from collections.abc import Iterable
from enum import StrEnum

from bot.errors import IllegalTransition


class State(StrEnum):
    """The states of a request."""

    PENDING_APPROVAL = "pending_approval"
    """Waits for votes."""
    CHANGES_REQUESTED = "changes_requested"
    """An approver asked for changes, or what was approved no longer holds; waits for the requester."""
    APPROVED = "approved"
    """Has its quorum; the veto window runs, or the gates keep it waiting."""
    SENDING = "sending"
    """At least one leg was claimed, and not every leg has an outcome yet."""
    SENT = "sent"
    """Every leg was accepted, to go out at once."""
    SCHEDULED = "scheduled"
    """Every leg was accepted; mPaaS keeps the calendar."""
    PARTLY_SENT = "partly_sent"
    """Some legs were accepted, the others certainly not."""
    FAILED = "failed"
    """No leg was accepted, for certain."""
    OUTCOME_UNKNOWN = "outcome_unknown"
    """At least one leg may or may not have gone out; people settle it."""
    HELD = "held"
    """The store changed under the request and may have forgotten a send; people settle it."""
    REJECTED = "rejected"
    """An approver said no."""
    WITHDRAWN = "withdrawn"
    """The requester or an approver took it back before it was sent."""
    EXPIRED = "expired"
    """It was not approved, or not sent, in time."""
    CANCELLED = "cancelled"
    """It was scheduled, and cancelled at mPaaS before it went out."""
    RECALLED = "recalled"
    """It went out, and was recalled at mPaaS."""


class Event(StrEnum):
    """What can happen to a request."""

    VOTE = "vote"
    QUORUM = "quorum"
    REJECT = "reject"
    ASK_CHANGES = "ask_changes"
    VOID = "void"
    """What was approved no longer holds (the template changed, an approver left): the approvals are void."""
    REVISE = "revise"
    WITHDRAW = "withdraw"
    STOP = "stop"
    EXPIRE = "expire"
    CLAIM = "claim"
    HOLD = "hold"
    ALL_SENT = "all_sent"
    ALL_SCHEDULED = "all_scheduled"
    SOME_SENT = "some_sent"
    NONE_SENT = "none_sent"
    LOST = "lost"
    CANCEL = "cancel"
    RECALL = "recall"


_ENDS = {
    Event.ALL_SENT: State.SENT,
    Event.ALL_SCHEDULED: State.SCHEDULED,
    Event.SOME_SENT: State.PARTLY_SENT,
    Event.NONE_SENT: State.FAILED,
}

TRANSITIONS: dict[State, dict[Event, State]] = {
    State.PENDING_APPROVAL: {
        Event.VOTE: State.PENDING_APPROVAL,
        Event.QUORUM: State.APPROVED,
        Event.REJECT: State.REJECTED,
        Event.ASK_CHANGES: State.CHANGES_REQUESTED,
        Event.REVISE: State.PENDING_APPROVAL,
        Event.WITHDRAW: State.WITHDRAWN,
        Event.EXPIRE: State.EXPIRED,
    },
    State.CHANGES_REQUESTED: {
        Event.REVISE: State.PENDING_APPROVAL,
        Event.WITHDRAW: State.WITHDRAWN,
        Event.EXPIRE: State.EXPIRED,
    },
    State.APPROVED: {
        Event.STOP: State.WITHDRAWN,
        Event.VOID: State.CHANGES_REQUESTED,
        Event.EXPIRE: State.EXPIRED,
        Event.HOLD: State.HELD,
        Event.CLAIM: State.SENDING,
    },
    State.SENDING: {**_ENDS, Event.LOST: State.OUTCOME_UNKNOWN, Event.HOLD: State.HELD},
    State.OUTCOME_UNKNOWN: {**_ENDS},
    State.HELD: {**_ENDS, Event.LOST: State.OUTCOME_UNKNOWN, Event.WITHDRAW: State.WITHDRAWN},
    State.SENT: {Event.RECALL: State.RECALLED},
    State.SCHEDULED: {Event.CANCEL: State.CANCELLED},
    State.PARTLY_SENT: {Event.CANCEL: State.CANCELLED, Event.RECALL: State.RECALLED},
    State.FAILED: {},
    State.REJECTED: {},
    State.WITHDRAWN: {},
    State.EXPIRED: {},
    State.CANCELLED: {},
    State.RECALLED: {},
}

SETTLED_STATES = frozenset({
    State.SENT, State.SCHEDULED, State.PARTLY_SENT, State.FAILED, State.REJECTED,
    State.WITHDRAWN, State.EXPIRED, State.CANCELLED, State.RECALLED,
})  # fmt: skip
"""Nothing more happens to these by itself; their records expire after the time of keeping."""


class LegState(StrEnum):
    """The states of a leg: one platform of one request."""

    WAITING = "waiting"
    """Not claimed yet."""
    SENDING = "sending"
    """Claimed and written down; the call may be under way."""
    ACCEPTED = "accepted"
    """mPaaS took it, to go out at once or later."""
    DECLINED = "declined"
    """mPaaS certainly refused."""
    NOT_SENT = "not_sent"
    """Certainly nothing was executed."""
    UNKNOWN = "unknown"
    """It may or may not have gone out; people settle it."""
    HELD = "held"
    """The store may have forgotten that it was claimed; people settle it."""
    CANCELLED = "cancelled"
    """It was scheduled, and cancelled at mPaaS."""
    RECALLED = "recalled"
    """It went out, and was recalled at mPaaS."""


class LegEvent(StrEnum):
    """What can happen to a leg."""

    CLAIM = "claim"
    ACCEPT = "accept"
    DECLINE = "decline"
    NOT_SEND = "not_send"
    LOSE = "lose"
    SKIP = "skip"
    """Its turn never came: the time ran out, or a gate closed, between two legs."""
    HOLD = "hold"
    FIND_SENT = "find_sent"
    FIND_UNSENT = "find_unsent"
    CANCEL = "cancel"
    RECALL = "recall"


_REPORTS = {
    LegEvent.ACCEPT: LegState.ACCEPTED,
    LegEvent.DECLINE: LegState.DECLINED,
    LegEvent.NOT_SEND: LegState.NOT_SENT,
}
_FINDINGS = {LegEvent.FIND_SENT: LegState.ACCEPTED, LegEvent.FIND_UNSENT: LegState.NOT_SENT}

LEG_TRANSITIONS: dict[LegState, dict[LegEvent, LegState]] = {
    LegState.WAITING: {
        LegEvent.CLAIM: LegState.SENDING,
        LegEvent.SKIP: LegState.NOT_SENT,
        LegEvent.HOLD: LegState.HELD,
    },
    LegState.SENDING: {**_REPORTS, LegEvent.LOSE: LegState.UNKNOWN},
    # A late report of the same attempt is true, and is taken in.
    LegState.UNKNOWN: {**_REPORTS, **_FINDINGS},
    LegState.HELD: {**_FINDINGS},
    LegState.ACCEPTED: {LegEvent.CANCEL: LegState.CANCELLED, LegEvent.RECALL: LegState.RECALLED},
    LegState.DECLINED: {},
    LegState.NOT_SENT: {},
    LegState.CANCELLED: {},
    LegState.RECALLED: {},
}

_FOLD_EVENT = {target: event for event, target in _ENDS.items()} | {
    State.SENDING: Event.CLAIM,
    State.OUTCOME_UNKNOWN: Event.LOST,
    State.HELD: Event.HOLD,
}


def next_state(state: State, event: Event) -> State:
    """Look up the state that follows; raise IllegalTransition when the table has no such cell."""
    try:
        return TRANSITIONS[state][event]
    except KeyError:
        raise IllegalTransition(state, event) from None


def next_leg_state(state: LegState, event: LegEvent) -> LegState:
    """Look up the state of the leg that follows; raise IllegalTransition when the table has no such cell."""
    try:
        return LEG_TRANSITIONS[state][event]
    except KeyError:
        raise IllegalTransition(state, event) from None


def fold(legs: Iterable[LegState], *, at_once: bool) -> State:
    """Say what the legs' states make of the request; ``at_once`` tells an immediate push from a scheduled one."""
    states = set(legs)
    if states & {LegState.WAITING, LegState.SENDING}:
        return State.SENDING
    if LegState.HELD in states:
        return State.HELD
    if LegState.UNKNOWN in states:
        return State.OUTCOME_UNKNOWN
    if states == {LegState.ACCEPTED}:
        return State.SENT if at_once else State.SCHEDULED
    return State.PARTLY_SENT if LegState.ACCEPTED in states else State.FAILED


def after_legs(state: State, legs: Iterable[LegState], *, at_once: bool) -> State:
    """Move the request to the fold of its legs, through the table; stay where it is when nothing changed."""
    folded = fold(legs, at_once=at_once)
    return state if folded == state else next_state(state, _FOLD_EVENT[folded])
