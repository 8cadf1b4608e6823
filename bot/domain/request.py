"""The broadcast request: one document, and what surrounds a change of it.

Only shapes live here; what may change is ``states``', how it changes is ``lifecycle``'s.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, Self

from pydantic import AwareDatetime, Field

from bot.domain.content import ChannelId, Content, Platform, RequestId, UserId
from bot.domain.evidence import Evidence
from bot.domain.outcome import SendOutcome
from bot.domain.states import LegState, State
from bot.domain.value import Value, canonical_json
from bot.domain.words import bare, plain

ID_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is read as a digit or spelled with another."""

SHORT_DIGEST = 12
"""Hexadecimal characters of the digest that people and buttons see."""


class Vote(Value):
    """One approver's yes to one digest."""

    approver: UserId
    digest: str
    revision: int
    at: AwareDatetime
    seal: str = ""
    """Made when it was counted (``bot.domain.seals``); a vote without a right one counts for nothing."""


class Leg(Value):
    """One platform of a request: the unit that is claimed, sent once, and settled."""

    platform: Platform
    state: LegState = LegState.WAITING
    msgkey: str
    """Chosen once per revision and platform, never reused (Msgkey)."""
    task_name: str
    """Unique at mPaaS and readable: it carries the request's id (TaskName)."""
    attempt: str = ""
    """The id of the one claim; a late report must carry it."""
    attempted_at: AwareDatetime | None = None
    lease_until: AwareDatetime | None = None
    outcome: SendOutcome | None = None
    evidence: Evidence | None = None
    """What mPaaS showed when the outcome was unknown; None: the bot has not looked."""
    settled_by: str = ""
    """Who settled an unknown outcome, when a person did."""


class Remark(Value):
    """Who ended or stopped something, when, and why, in their words."""

    by: str
    at: AwareDatetime
    why: str = ""


class BroadcastRequest(Value):
    """A push that somebody asked for: from the submitted form to its last word."""

    schema_number: Literal[1] = 1
    id: RequestId
    version: int = Field(ge=1)
    """Counts the commits; the store refuses one that is not next."""
    revision: int = Field(default=1, ge=1)
    """Counts the edits; votes count for one revision."""
    state: State
    content: Content
    digest: str
    """SHA-256 over everything that will be sent, of this revision."""
    requester: UserId
    editor: UserId
    """Who wrote this revision; like the requester, never an approver of it."""
    channel: ChannelId
    """Where it was asked for; the result goes there unless the target names a channel."""
    created_at: AwareDatetime
    submitted_at: AwareDatetime
    """When this revision was submitted."""
    approve_by: AwareDatetime
    """Votes count until then."""
    votes: tuple[Vote, ...] = ()
    approved_at: AwareDatetime | None = None
    veto_until: AwareDatetime | None = None
    legs: tuple[Leg, ...] = ()
    remark: Remark | None = None
    """The last word of a person or a rule: reject, withdraw, stop, expire, ask for changes, hold."""
    waiting_for: str = ""
    """While approved: the code of the gate that keeps it from being sent, shown on the card."""
    wake_at: AwareDatetime | None = None
    """When the worker must look at it again; None: never by itself."""
    epoch: str = ""
    """The store's identity when the quorum was reached; it must be the same at the claim."""
    head: str = ""
    """The hash of the newest line of its history."""
    alarm: str = ""
    """What somebody changed in the store behind the bot's back; it stays, and nothing is sent any more."""

    @property
    def short_digest(self) -> str:
        """Show the digest's first characters: enough to compare, and what buttons carry."""
        return self.digest[:SHORT_DIGEST]

    @property
    def at_once(self) -> bool:
        """Tell an immediate push from one that mPaaS keeps for later."""
        return self.content.delivery.kind == "now"

    def leg(self, platform: Platform) -> Leg:
        """Pick the leg of a platform; raise KeyError when the request has none."""
        for leg in self.legs:
            if leg.platform is platform:
                return leg
        raise KeyError(platform)


class NoticeKind(StrEnum):
    """What the announcer does for a notice; it always renders the request as it is now."""

    CARD = "card"
    """Post or redraw the card in the approvals channel."""
    RESULT = "result"
    """Post the outcome in the results channel."""
    DIRECT = "direct"
    """Tell the requester in a direct message."""


class Notice(Value):
    """Ask the announcer for one message; the same kind and state again is the same message."""

    kind: NoticeKind
    state: State

    @property
    def slot(self) -> str:
        """Name the message this notice stands for: a second notice of the slot changes nothing new."""
        return self.kind.value if self.kind is NoticeKind.CARD else f"{self.kind.value}:{self.state.value}"


class HistoryLine(Value):
    """One line of a request's history: what happened, by whom, and what it made of the request."""

    version: int
    at: AwareDatetime
    event: str
    actor: str
    """A Slack user id, ``worker``, or ``operator:NAME``."""
    before: str
    after: str
    detail: str = ""
    previous: str = ""
    """The hash of the line before it; empty for the first."""

    def written(self) -> str:
        """Write the line as it is stored, and as its hash is made over it."""
        return canonical_json(self.model_dump(mode="json")).decode()

    @property
    def fingerprint(self) -> str:
        """Hash the line, as 64 hexadecimal characters (SHA-256)."""
        return hash_of(self.written())


@dataclass(frozen=True)
class Step:
    """One change, decided but not yet committed: the next document, its line of history, and who must hear of it."""

    request: BroadcastRequest
    line: HistoryLine
    notices: tuple[Notice, ...] = ()

    @property
    def expected_version(self) -> int:
        """Say which version must be in the store for this step to be committed; 0 when there is none yet."""
        return self.request.version - 1

    @classmethod
    def chained(cls, request: BroadcastRequest, line: HistoryLine, notices: tuple[Notice, ...] = ()) -> Self:
        """Make the step of a request that still names the line before: the new line follows it, and is the newest."""
        follower = line.model_copy(update={"previous": request.head})
        return cls(request.model_copy(update={"head": follower.fingerprint}), follower, notices)


def hash_of(text: str) -> str:
    """Hash the text of a history line, as 64 hexadecimal characters (SHA-256)."""
    return hashlib.sha256(text.encode()).hexdigest()


def request_id_from(number: int) -> RequestId:
    """Write a random 40-bit number as an id people can say: four characters, a hyphen, four characters."""
    letters = [ID_ALPHABET[number >> shift & 31] for shift in range(35, -1, -5)]
    return RequestId("".join(letters[:4]) + "-" + "".join(letters[4:]))


def read_request_id(text: str) -> RequestId | None:
    """Read an id as people type it, or None: any case, O for 0, I or L for 1, whatever clings to it, any or no dash."""
    signs = plain(bare(text)).upper().replace("-", "").translate(str.maketrans("OIL", "011"))
    if len(signs) != 8 or any(letter not in ID_ALPHABET for letter in signs):  # noqa: PLR2004 - the id's own length
        return None
    return RequestId(f"{signs[:4]}-{signs[4:]}")


def leg_names(request_id: RequestId, revision: int, platform: Platform, *, task: str) -> tuple[str, str]:
    """Make a leg's Msgkey and TaskName: functions of the request, never of the attempt."""
    msgkey = f"{request_id}-{revision}-{platform.value}"
    return msgkey, f"{task} {msgkey}".strip()


def earliest(*moments: datetime | None) -> datetime | None:
    """Pick the earliest of the moments that are there."""
    return min((moment for moment in moments if moment is not None), default=None)
