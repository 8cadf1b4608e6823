"""What a state of the model is, how large a scope is explored, and what the bot under study does.

Time is abstracted to a few instants: the moment of the votes, one when the veto window is over, one when the lease of a
claim made then is over but its signature still lives, one when every signature is dead and nothing may be sent any
more, and one when the time to approve is over.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from builders import REQUEST_ID, TEAM
from model.documents import ANA, BO, Documents
from model.replay import Context, Program, Wrap, unchanged

from bot.domain import lifecycle
from bot.domain.policy import Person, may_revise
from bot.domain.request import BroadcastRequest, Step
from bot.errors import Problem, Refused
from bot.operations import deciding, settling
from bot.operations.context import change
from bot.operations.tending import tend

VETO_OVER, LEASE_OVER, ALL_DEAD, ALL_EXPIRED = 61, 90, 1_141, 86_401
"""Seconds after the submit. A claim at 61 has its lease until 81, its signature until 961, its "no" from 1,081 on; one
at 90 has its lease until 110. What was approved at 0 may be sent until 960."""

LAST_SECONDS, JUST_TOO_LATE, ALL_DEAD_LATER = 940, 970, 2_000
"""At 940 it may still be claimed, until 960; at 970 it is too late for another claim, but the signature of the first
lives until 1,840, and its "no" begins at 1,960. At 2,000 nothing of this approval can arrive any more."""


class Store(NamedTuple):
    """One server's data: the request, when it is due (an instant), the halt, the notices that are not finished.

    ``trail`` is the document that the audit trail knows as the newest; ``sealed`` says whether the record's seal is
    right, and ``alarmed`` whether somebody found lately that it is not.
    """

    document: int
    due: int
    halted: bool
    notices: int
    trail: int
    sealed: bool = True
    alarmed: bool = False


class Actor(NamedTuple):
    """A worker or a person's press under way: where its operation stands, and what it waits for.

    ``wait`` is ``()``, or an answer that is under way: ``("replicas",)`` after a claim, ``("again", stored)`` when the
    client asks the same commit once more because the answer was lost, ``("post", …)`` while mPaaS is called.
    """

    node: int
    wait: tuple[Any, ...] = ()
    left: int = 0
    """Who had left the approvers when it began."""


class Post(NamedTuple):
    """A signed request on its way to mPaaS, or its answer on its way back."""

    platform: int
    revision: int
    signed: int
    answer: str = ""


class Showing(NamedTuple):
    """An announcer at work: the notice in its hands, the document it read, whether that was said."""

    notice: int
    document: int
    said: bool = False


class World(NamedTuple):
    """One state of everything."""

    clock: int
    store: Store
    epoch: int
    replicas: tuple[Store, ...]
    workers: tuple[Actor, ...]
    people: tuple[Actor, ...]
    late: tuple[tuple[Any, ...], ...]
    """Commits and claims whose sender gave up, and that the server may still carry out."""
    net: tuple[Post, ...]
    executed: tuple[tuple[int, ...], ...]
    """The revisions that mPaaS executed, for each platform."""
    announcers: tuple[Showing, ...]
    told: int
    """The messages that were posted."""
    card: int
    """The version the card shows."""
    pressed: int
    """Who pressed Approve on which revision."""
    halted: bool
    """Whether people believe, with reason, that sending is halted."""
    left: int
    """Who left the approvers."""
    faults: int
    """How often the store may still lose an answer."""
    deaths: int
    """How often the store may still die."""
    halts: int
    """How often people may still halt."""
    forgers: int
    """How often somebody may still change the record behind the bot's back."""


_Item = TypeVar("_Item")


def more(items: tuple[_Item, ...], one: _Item) -> tuple[_Item, ...]:
    """Add one to a collection in which order and names do not matter."""
    return tuple(sorted((*items, one)))  # type: ignore[type-var]  # everything here is a tuple of numbers and words


def less(items: tuple[_Item, ...], one: _Item) -> tuple[_Item, ...]:
    place = items.index(one)
    return items[:place] + items[place + 1 :]


def clean(world: World) -> World:
    """Forget answers of mPaaS for which nobody waits any more."""
    if not any(post.answer for post in world.net):
        return world
    awaited = {actor.wait[1:] for actor in world.workers if actor.wait and actor.wait[0] == "post"}
    return world._replace(net=tuple(post for post in world.net if not post.answer or post[:3] in awaited))


@dataclass(frozen=True)
class Press:
    """Something a person does, on a card that shows ``revision``."""

    verb: str
    who: str
    revision: int = 1
    platform: int = 0
    sent: bool = False

    def __str__(self) -> str:
        what = f" {('not sent', 'sent')[self.sent]} for platform {self.platform}" if self.verb == "settle" else ""
        return f"{self.who} presses {self.verb}{what} on revision {self.revision}"


@dataclass(frozen=True)
class Scope:
    """How much is explored, all of it."""

    name: str
    platforms: int = 1
    quorum: int = 1
    veto_window: int = 60
    instants: tuple[int, ...] = (0, VETO_OVER, LEASE_OVER, ALL_DEAD, ALL_EXPIRED)
    begins: str = "approved"
    """``approved`` or ``submitted``."""
    workers: int = 2
    people: int = 1
    """How many presses are under way at once."""
    presses: tuple[Press, ...] = ()
    crashes: bool = True
    halts: int = 0
    leavers: tuple[str, ...] = ()
    faults: int = 0
    late: int = 0
    """How many commits may be under way to the store without a sender, at once."""
    replicas: int = 0
    cut_off: int = 0
    """How many replicas the primary does not count when a claim is confirmed; they can take over all the same."""
    deaths: int = 0
    announcers: int = 0
    announcers_crash: bool = True
    listing_lags: bool = False
    """Whether mPaaS may not list yet what it executed."""
    reads_fail: bool = False
    store_unfit: bool = False
    """Whether the store may say, when a claim asks, that it could forget it: it may evict, or lost its replicas."""
    looks: bool = False
    """Whether the worker looks at mPaaS for what is unsettled. Elsewhere a look is left out: it writes down what it saw
    and moves the wake-up, and changes nothing that a rule speaks of."""
    forgers: int = 0
    forgeries: tuple[str, ...] = ()
    """What somebody may do who changes the record behind the bot's back (``model.forging``)."""
    judged: frozenset[str] = frozenset()
    """The rules that are judged; empty: all of them."""


def approve(press: Press) -> Program:
    return lambda context, documents: deciding.approve(
        context,
        REQUEST_ID,
        press.who,
        team_id=TEAM,
        revision=press.revision,
        digest=documents.digests[press.revision - 1],
    )


def _decide(verb: Callable[..., BroadcastRequest]) -> Callable[[Press], Program]:
    return lambda press: (
        lambda context, documents: verb(
            context,
            REQUEST_ID,
            press.who,
            team_id=TEAM,
            revision=press.revision,
            digest=documents.digests[press.revision - 1],
            why="",
        )
    )


def withdraw(press: Press) -> Program:
    return lambda context, _: deciding.withdraw(context, REQUEST_ID, press.who, team_id=TEAM, why="")


def revise(press: Press) -> Program:
    """Submit the edit that makes ``press.revision``: ``asking.revise`` without its form."""
    return lambda context, documents: change(
        context, REQUEST_ID, lambda request: revised(request, press, context, documents)
    )


def revised(request: BroadcastRequest, press: Press, context: Context, documents: Documents) -> Step:
    if request.revision + 1 != press.revision:
        raise Refused(Problem("", "already_submitted", "Somebody edited since."))
    editor = Person(id=press.who, team_id=TEAM)
    may_revise(editor, request, documents.target, team_id=context.team_id).insist()
    content, digest = documents.contents[press.revision - 1], documents.digests[press.revision - 1]
    now = context.store.now()
    return lifecycle.revise(request, content, editor=editor.id, digest=digest, target=documents.target, now=now)


def settle(press: Press) -> Program:
    return lambda context, documents: settling.settle(
        context, REQUEST_ID, documents.platforms[press.platform], sent=press.sent, by=press.who, team_id=TEAM
    )


def record(press: Press) -> Program:
    return lambda context, documents: settling.record(
        context,
        REQUEST_ID,
        documents.platforms[press.platform],
        by=press.who,
        team_id=TEAM,
        revision=press.revision,
        digest=documents.digests[press.revision - 1],
    )


def work(context: Context, _: Documents) -> object:
    return tend(context, REQUEST_ID)


VERBS: dict[str, Callable[[Press], Program]] = {
    "approve": approve,
    "reject": _decide(deciding.reject),
    "ask for changes": _decide(deciding.ask_changes),
    "withdraw": withdraw,
    "revise": revise,
    "settle": settle,
    "record": record,
}


@dataclass(frozen=True)
class Bot:
    """The bot under study. As it is made, it is the real one; a mistake is another value of one field."""

    work: Program = work
    verbs: dict[str, Callable[[Press], Program]] = field(default_factory=lambda: VERBS)
    wrap: Wrap = unchanged
    checks_version: bool = True
    """``commit.lua`` compares the version."""
    checks_line_before: bool = True
    """``commit.lua`` compares the newest line's hash too, but for an alarm."""
    knows_commit_ids: bool = True
    """``commit.lua`` knows a repeated commit by its id."""
    checks_halt: bool = True
    """``claim.lua`` reads the halt."""
    checks_epoch: bool = True
    """``claim.lua`` compares the epoch."""
    waits_for_replicas: bool = True
    """``Claims.claim`` counts the replicas that confirmed."""
    checks_seals: bool = True
    """``RequestStore.get`` checks the record's seal."""
    checks_trail: bool = True
    """The gates ask the audit trail."""
    claims_under_trail: bool = True
    """A claim asks it too, and is stored under the newest entry that it read."""
    writes_notices_with_the_commit: bool = True
    finishes_after_saying: bool = True
    """The announcer strikes a notice off after it was said."""


def settles(platforms: int) -> tuple[Press, ...]:
    return tuple(Press("settle", BO, platform=place, sent=sent) for place in range(platforms) for sent in (True, False))


STOP = Press("withdraw", ANA)
