"""What is explored, each scope exhaustively: together they hold every fault at every step.

``SMALL`` is for the tests, ``LARGE`` for the long run; both with the real bot, which must break nothing. ``LIMITS`` are
what the real bot does not withstand, each with its counterexample: they say what is promised by saying what is not.
"""

from dataclasses import dataclass

from model.documents import ANA, BO, CY, DI
from model.forging import CHANGES_TEXT, INVENTS_VOTES, PUTS_BACK, REARMS, WRITES_VOTE
from model.rules import ANNOUNCED, AT_MOST_ONCE, HALTED, TRUE_NO
from model.world import (
    ALL_DEAD,
    ALL_DEAD_LATER,
    ALL_EXPIRED,
    JUST_TOO_LATE,
    LAST_SECONDS,
    LEASE_OVER,
    STOP,
    VETO_OVER,
    Press,
    Scope,
    settles,
)

SENDING = (0, VETO_OVER, LEASE_OVER, ALL_DEAD)
DECIDING = (0, VETO_OVER, ALL_EXPIRED)
LAST_MOMENT = (0, LAST_SECONDS, JUST_TOO_LATE, ALL_DEAD_LATER)
SHORT = (0, VETO_OVER, ALL_DEAD)


def approves(*who: str, revision: int = 1) -> tuple[Press, ...]:
    return tuple(Press("approve", one, revision) for one in who)


EDIT = Press("revise", ANA, 2)
EVERYBODY = approves(BO, CY, ANA, DI)
RECORD = Press("record", BO)
DECISIONS = (Press("reject", BO), Press("ask for changes", CY), Press("withdraw", ANA))

SLOW_COMMIT = Scope(
    "a slow commit over a fail-over", instants=(0, VETO_OVER), begins="submitted", crashes=False, veto_window=0,
    replicas=1, deaths=1, presses=approves(BO),
)  # fmt: skip
PAUSED_BEFORE_ITS_CLAIM = Scope(
    "an older record put back, and a worker paused before its claim", instants=SENDING, listing_lags=True, forgers=1,
    forgeries=(PUTS_BACK,), judged=frozenset({AT_MOST_ONCE}),
)  # fmt: skip

SMALL = (
    Scope("two workers that crash, people who stop and settle", instants=SENDING, presses=(*settles(1), STOP)),
    Scope("the last moment", instants=LAST_MOMENT, presses=(*settles(1), STOP)),
    Scope("two platforms", instants=SENDING, platforms=2, workers=1, presses=settles(2)),
    Scope("halt and resume", instants=SENDING, workers=1, halts=2, presses=(STOP,)),
    Scope("a store that loses an answer, and hears late", instants=SHORT, faults=1, late=1, presses=settles(1)),
    Scope(
        "mPaaS cannot be read, the store is unfit", instants=SENDING, workers=1, platforms=2, reads_fail=True,
        store_unfit=True,
    ),
    Scope(
        "a look between a loss and a late report", instants=SENDING, crashes=False, looks=True, listing_lags=True,
        presses=(*settles(1), RECORD),
    ),
    Scope(
        "a record changed behind the bot's back", instants=SENDING, listing_lags=True, forgers=1,
        forgeries=(CHANGES_TEXT, REARMS),
    ),
    Scope(
        "an older record put back", instants=SENDING, workers=1, listing_lags=True, forgers=1, forgeries=(PUTS_BACK,),
    ),
    Scope(
        "a vote put into the store", instants=SENDING, begins="submitted", quorum=2, veto_window=0, listing_lags=True,
        forgers=1, forgeries=(INVENTS_VOTES, CHANGES_TEXT, WRITES_VOTE), presses=(*approves(BO), DECISIONS[2]),
    ),
    Scope(
        "four people and a quorum of two", instants=DECIDING, begins="submitted", quorum=2, workers=1, crashes=False,
        people=2, presses=(*EVERYBODY, DECISIONS[0]),
    ),
    Scope(
        "an edit among the votes", instants=DECIDING, begins="submitted", workers=1, people=2, crashes=False,
        presses=(*approves(BO, ANA), *approves(BO, revision=2), EDIT), leavers=(BO,),
    ),
    Scope("a store that restarts", instants=SENDING, workers=1, deaths=2, presses=(*settles(1), STOP)),
    Scope(
        "a fail-over to the only replica", instants=SHORT, begins="submitted", veto_window=0, workers=1, replicas=1,
        deaths=1, listing_lags=True, presses=approves(BO),
    ),
    Scope(
        "a fail-over to either of two replicas", instants=SHORT, begins="submitted", veto_window=0, workers=1,
        replicas=2, deaths=1, listing_lags=True, presses=(*approves(BO), *settles(1)),
    ),
    Scope(
        "a fail-over to a replica that was cut off", instants=SENDING, workers=1, replicas=2, cut_off=1, deaths=1,
        listing_lags=True, judged=frozenset({AT_MOST_ONCE}),
    ),
    SLOW_COMMIT,
    PAUSED_BEFORE_ITS_CLAIM,
    Scope("an announcer", instants=SHORT, workers=1, crashes=False, announcers=1),
)  # fmt: skip

LARGE = (
    Scope("two workers, two platforms", instants=SENDING, platforms=2),
    Scope("two workers, three platforms, no crash", instants=SHORT, platforms=3, crashes=False),
    Scope("two workers, halt, stop", instants=SENDING, halts=1, presses=(STOP,)),
    Scope("two workers, settle, stop", presses=(*settles(1), STOP)),
    Scope("a store that loses two answers", instants=SHORT, workers=1, faults=2, late=1, presses=settles(1)),
    Scope("two workers, a store that loses an answer", instants=SENDING, faults=1, late=1, presses=settles(1)),
    Scope(
        "quorum of two, edit, an approver leaves", instants=DECIDING, begins="submitted", quorum=2, workers=1, people=2,
        crashes=False, presses=(*EVERYBODY, *approves(BO, CY, ANA, revision=2), EDIT), leavers=(CY,),
    ),
    Scope(
        "every decision at once, a lost answer", instants=DECIDING, begins="submitted", quorum=2, workers=1, people=2,
        crashes=False, faults=1, presses=(*approves(BO, CY), *DECISIONS),
    ),
    Scope("two workers, a store that restarts", instants=SENDING, deaths=1, presses=(*settles(1), STOP)),
    Scope(
        "two workers, looks, a store that loses an answer", instants=SENDING, looks=True, faults=1, presses=settles(1),
    ),
    Scope(
        "two platforms, looks", instants=SENDING, platforms=2, workers=1, looks=True, listing_lags=True,
        presses=(*settles(2), RECORD, STOP),
    ),
    Scope(
        "two workers, looks, a store that restarts", instants=SENDING, looks=True, deaths=1,
        presses=(*settles(1), RECORD, STOP),
    ),
    Scope(
        "two platforms, a record changed twice", instants=SENDING, platforms=2, workers=1, listing_lags=True,
        forgers=2, forgeries=(CHANGES_TEXT, REARMS, PUTS_BACK),
    ),
    Scope(
        "votes and text changed, a lost answer", instants=SENDING, begins="submitted", quorum=2, veto_window=0,
        workers=1, listing_lags=True, faults=1, forgers=1, forgeries=(INVENTS_VOTES, CHANGES_TEXT, WRITES_VOTE),
        presses=(*approves(BO, CY), DECISIONS[0]),
    ),
    Scope(
        "two workers, a fail-over in the last moment", instants=LAST_MOMENT, replicas=2, deaths=1, listing_lags=True,
        presses=settles(1),
    ),
    Scope("an announcer, a worker that crashes", instants=SHORT, workers=1, announcers=1),
    Scope("two announcers", instants=SHORT, workers=1, crashes=False, announcers=2, announcers_crash=False),
)  # fmt: skip


@dataclass(frozen=True)
class Limit:
    """Something the real bot does not withstand: where it is found, the rule it breaks, and what it takes."""

    scope: Scope
    rule: str
    what: str


LIMITS = (
    Limit(
        Scope(
            "a replica cut off, votes lost, a listing that lags", instants=SHORT, begins="submitted", veto_window=0,
            workers=1, replicas=2, cut_off=1, deaths=1, listing_lags=True, presses=approves(BO),
            judged=frozenset({AT_MOST_ONCE}),
        ),
        AT_MOST_ONCE,
        "A claim is confirmed by every replica that the primary counts. If one that was cut off takes over, and had not"
        " the last vote either, the request waits for votes again, in the new epoch; cast again, it is sent again,"
        " unless mPaaS lists the first task.",
    ),
    Limit(
        Scope(
            "a decision over a fail-over", instants=LAST_MOMENT, replicas=2, cut_off=1, deaths=1, crashes=False,
            listing_lags=True,
        ),
        TRUE_NO,
        "A worker that has decided to expire a request, and is paused until a cut-off replica took over, says"
        " that nothing went out: a commit, unlike a claim, does not compare the epoch.",
    ),
    Limit(
        Scope(
            "an older record put back, and taken back by a person", instants=SENDING, workers=1, forgers=1,
            forgeries=(PUTS_BACK,), presses=(STOP,),
        ),
        TRUE_NO,
        "People's verbs do not ask the audit trail: who stops a request whose older record was put back behind the"
        " bot's back after the send, is told that it is stopped. `audit verify` finds it.",
    ),
    Limit(
        Scope(
            "held, and settled at once", instants=SENDING, workers=1, replicas=2, cut_off=1, deaths=1,
            presses=settles(1),
        ),
        TRUE_NO,
        'A held leg has no attempt in the store, so "not sent" can be said of it at once; the request of a forgotten'
        " attempt may still arrive until 15 minutes later.",
    ),
    Limit(
        Scope(
            "a halt lost by a fail-over", instants=SHORT, begins="submitted", veto_window=0, workers=1, replicas=1,
            deaths=1, halts=1, presses=approves(BO),
        ),
        HALTED,
        "A halt waits for no replica: a fail-over can lose it, and what is approved after that is sent.",
    ),
    Limit(
        Scope("two announcers, one killed", instants=(0, ALL_DEAD), workers=1, crashes=False, announcers=2),
        ANNOUNCED,
        "An announcer that is paused until another takes its notice over, then draws an old card over a newer"
        " one, and is killed before it looks again, leaves the old card.",
    ),
)  # fmt: skip
