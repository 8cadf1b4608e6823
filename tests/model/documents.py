"""The real documents of the model: numbered, so that a state of the model is a few small numbers.

A document is a ``BroadcastRequest`` as the real verbs make it; two are the same if their JSON is. What the model asks
about a document again and again (its version, when it is due, whether its votes are sound) is worked out once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from builders import ANA, BO, CHANNEL, CY, NOON, REQUEST_ID, a_content, a_destination, a_target

from bot.domain import lifecycle
from bot.domain.content import Content, Platform, RequestId, UserId
from bot.domain.digest import digest_of
from bot.domain.gates import SEND_WITHIN
from bot.domain.request import BroadcastRequest, Notice, NoticeKind, Step, leg_names
from bot.domain.sending import unsettled
from bot.domain.states import SETTLED_STATES, LegState, State
from bot.domain.target import Target
from bot.mpaas.payload import parameters, parameters_of

DI = UserId("U04DI")
"""Asks for nothing and decides nothing: not listed anywhere."""

ONCALL = "S02ONCALL"
"""The user group of the approvers Bo and Cy; whoever leaves it approves nothing more."""

PEOPLE = (BO, CY, ANA, DI)
APPROVERS = frozenset({BO, CY})
PLATFORMS = tuple(Platform)
CITIES = ("Berlin", "Hamburg", "Bremen")
"""What each revision says."""

NOTHING_SENT = frozenset(
    {State.PENDING_APPROVAL, State.CHANGES_REQUESTED, State.WITHDRAWN, State.REJECTED, State.EXPIRED}
)
"""States that say to everybody that nothing of the request went out."""

WAITS_FOR_PEOPLE = frozenset({State.PENDING_APPROVAL, State.CHANGES_REQUESTED, State.OUTCOME_UNKNOWN, State.HELD})


@dataclass(frozen=True)
class Known:
    """What the model needs to know about a document."""

    version: int
    revision: int
    state: State
    due: int
    """The number of the first instant at which it is due; one more than there are: never."""
    wakes: bool
    """Whether it is due at some time, perhaps after the last instant."""
    votes_are_sound: bool
    """Whether it has no quorum, or one of distinct, listed people other than its requester, for what would be sent."""
    denied: int
    """Bits of the platforms of which it says for certain that nothing was executed."""
    affirmed: int
    """Bits of the platforms of which it says that mPaaS took them."""
    send_until: datetime | None
    """When its approval is too old to be sent."""
    attempts: frozenset[int]
    """The attempts its legs were claimed with."""


@dataclass
class Documents:
    """Number documents, and say what is known about each."""

    instants: tuple[int, ...]
    """The moments of the model, in seconds after the request was submitted."""
    platforms: tuple[Platform, ...]
    target: Target
    looks: bool = False
    """Whether the worker looks at mPaaS for what is unsettled; if not, such a document is never due."""
    all: list[BroadcastRequest] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)
    notices: list[tuple[Notice, int]] = field(default_factory=list)
    begun: int = 0
    """The document that a scope begins with."""
    forged: dict[int, set[int]] = field(default_factory=dict)
    """For documents that somebody made behind the bot's back: those whose newest line they can name as theirs."""
    _entries: dict[tuple[NoticeKind, State, int], int] = field(default_factory=dict)
    _messages: dict[tuple[NoticeKind, State], int] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.contents = tuple(a_content(values={"city": city}, platforms=self.platforms) for city in CITIES)
        self.digests = tuple(self.digest(content, place + 1) for place, content in enumerate(self.contents))
        self.wires: dict[frozenset[tuple[str, str]], tuple[int, int]] = {
            frozenset(wire.items()): (place, revision)
            for revision, content in enumerate(self.contents, start=1)
            for place, wire in enumerate(self._legs(content, revision).values())
        }
        """Which platform and revision a set of parameters is, if it is what that revision's people saw."""
        self.tasks = {dict(wire)["TaskName"]: which for wire, which in self.wires.items()}
        """Which platform and revision a task's name belongs to."""

    def moment(self, instant: int) -> datetime:
        return NOON + timedelta(seconds=self.instants[instant])

    def instant(self, moment: datetime | None) -> int:
        """Give the first instant that is not before a moment."""
        if moment is None:
            return len(self.instants)
        seconds = (moment - NOON).total_seconds()
        return next((place for place, at in enumerate(self.instants) if at >= seconds), len(self.instants))

    def digest(self, content: Content, revision: int) -> str:
        """Make the digest as the form does when it is submitted."""
        return digest_of(
            REQUEST_ID,
            revision,
            destination=content.destination,
            template=content.template,
            legs=self._legs(content, revision),
        )

    def _legs(self, content: Content, revision: int) -> Mapping[Platform, dict[str, str]]:
        legs = {}
        for platform in content.platforms:
            msgkey, task_name = leg_names(REQUEST_ID, revision, platform, task=content.template.name)
            legs[platform] = parameters(content, platform, msgkey=msgkey, task_name=task_name)
        return legs

    def submitted(self) -> Step:
        """Let Ana submit the first revision."""
        return lifecycle.submit(
            self.contents[0],
            request_id=RequestId(REQUEST_ID),
            requester=ANA,
            channel=CHANNEL,
            digest=self.digests[0],
            target=self.target,
            now=NOON,
        )

    def number(self, request: BroadcastRequest) -> int:
        """Number a request by everything but its newest line's hash: two ways to one document are one state."""
        bare = request.model_copy(update={"head": ""})
        number = self._numbers.setdefault(bare.model_dump_json(), len(self.all))
        if number == len(self.all):
            self.all.append(bare)
            self.known.append(self._know(bare))
        return number

    def entries(self, step: Step) -> int:
        """Give the entries that a commit adds to the stream of notices, a bit each."""
        return sum(1 << self._entry(notice, step.request.version) for notice in step.notices)

    def _entry(self, notice: Notice, version: int) -> int:
        number = self._entries.setdefault((notice.kind, notice.state, version), len(self.notices))
        if number == len(self.notices):
            self.notices.append((notice, version))
        return number

    def message(self, notice: Notice) -> int:
        """Give the bit of a message: the notices of one kind and state, whatever the version, are one message."""
        return 1 << self._messages.setdefault((notice.kind, notice.state), len(self._messages))

    def last_words(self, number: int) -> int:
        """Give the bits of the messages, but the card, by which a document's final state is announced."""
        state = self.known[number].state
        if state not in SETTLED_STATES:
            return 0
        before = self.all[number].model_copy(update={"state": State.SENDING})
        written = lifecycle.step(before, event="", actor="", now=NOON, state=state).notices
        return sum(self.message(notice) for notice in written if notice.kind is not NoticeKind.CARD)

    def _know(self, request: BroadcastRequest) -> Known:
        legs = {leg.platform: leg.state for leg in request.legs}
        nothing = request.state in NOTHING_SENT
        not_sent = {LegState.NOT_SENT, LegState.DECLINED}
        denied = {platform for platform, state in legs.items() if state in not_sent or nothing}
        return Known(
            version=request.version,
            revision=request.revision,
            state=request.state,
            due=self.instant(request.wake_at if self.looks or not unsettled(request) else None),
            wakes=request.wake_at is not None,
            votes_are_sound=request.state is not State.APPROVED or self._sound(request),
            denied=self._bits(denied),
            affirmed=self._bits({platform for platform, state in legs.items() if state is LegState.ACCEPTED}),
            send_until=request.veto_until and request.veto_until + SEND_WITHIN,
            attempts=frozenset(int(leg.attempt, 16) for leg in request.legs if leg.attempt),
        )

    def _bits(self, platforms: set[Platform]) -> int:
        return sum(1 << place for place, platform in enumerate(self.platforms) if platform in platforms)

    def _sound(self, request: BroadcastRequest) -> bool:
        """Judge the votes anew, without the product's own rules."""
        wires = {leg.platform: parameters_of(request, leg) for leg in request.legs}
        sent = digest_of(
            request.id,
            request.revision,
            destination=request.content.destination,
            template=request.content.template,
            legs=wires,
        )
        voters = {
            vote.approver
            for vote in request.votes
            if (vote.digest, vote.revision) == (sent, request.revision) and vote.approver in APPROVERS
        } - {request.requester, request.editor}
        return sent == request.digest and len(voters) >= self.target.quorum


def the_target(*, quorum: int, veto_window: int) -> Target:
    """Make the target whose approvers are the group of Bo and Cy, and whose requester is Ana."""
    return a_target(
        destination=a_destination(),
        requesters=frozenset({ANA}),
        approvers=frozenset({ONCALL}),
        quorum=quorum,
        veto_window=veto_window,
    )
