"""What somebody can do who writes to the store behind the bot's back, without the key of its seals.

Each forgery is the strongest of its kind: whatever can be made to fit without the key fits. The version and the newest
line stay, so that neither ``commit.lua`` nor the audit trail sees a difference; the digest is made again, and the votes
are said to be for it. Two need more than a hand in the store: an older record is one that the bot sealed itself, and
the last one is a process of the bot's own that writes down a vote which nobody gave.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from model.documents import APPROVERS, CITIES, CY, Documents

from bot.domain import lifecycle
from bot.domain.content import RequestId
from bot.domain.request import BroadcastRequest, Leg, Vote
from bot.domain.seals import Sealer
from bot.domain.states import SETTLED_STATES, LegState, State


@dataclass(frozen=True)
class Where:
    """When and in which life of the store somebody writes, and the documents of the model."""

    documents: Documents
    now: datetime
    epoch: str


@dataclass(frozen=True)
class Forgery:
    """One way to change a record; None where there is nothing to change."""

    change: Callable[[BroadcastRequest, Where], BroadcastRequest | None]
    has_seal: bool = False
    """Whether the record's seal is right."""
    is_in_trail: bool = False
    """Whether the audit trail knows it as the newest version."""


def _votes_put_in(request: BroadcastRequest, where: Where) -> BroadcastRequest | None:
    if request.state is not State.PENDING_APPROVAL:
        return None
    missing = sorted(APPROVERS - {vote.approver for vote in request.votes})
    invented = (Vote(approver=who, digest=request.digest, revision=request.revision, at=where.now) for who in missing)
    return _approved(request, where, votes=(*request.votes, *invented), approved_at=where.now, veto_until=where.now)


def _text_changed(request: BroadcastRequest, where: Where) -> BroadcastRequest | None:
    if request.state in SETTLED_STATES or request.alarm:
        return None
    content = request.content.model_copy(update={"values": {"city": CITIES[-1]}})
    digest = where.documents.digest(content, request.revision)
    votes = tuple(vote.model_copy(update={"digest": digest}) for vote in request.votes)
    return request.model_copy(update={"content": content, "digest": digest, "votes": votes})


def _leg_put_back(request: BroadcastRequest, where: Where) -> BroadcastRequest | None:
    if all(leg.state is LegState.WAITING for leg in request.legs):
        return None
    legs = tuple(Leg(platform=leg.platform, msgkey=leg.msgkey, task_name=leg.task_name) for leg in request.legs)
    return _approved(request, where, legs=legs, remark=None, alarm="")


def _approved(request: BroadcastRequest, where: Where, **changes: object) -> BroadcastRequest:
    ready = {"state": State.APPROVED, "wake_at": where.now, "epoch": where.epoch, "waiting_for": ""}
    return request.model_copy(update=ready | changes)


def _put_back(request: BroadcastRequest, where: Where) -> BroadcastRequest | None:
    older = where.documents.all[where.documents.begun]
    return older if older.version < request.version else None


class SealsNoVote(Sealer):
    def vote(self, _: RequestId, vote: Vote) -> Vote:
        return vote


def _vote_written(request: BroadcastRequest, where: Where) -> BroadcastRequest | None:
    if request.state is not State.PENDING_APPROVAL or any(vote.approver == CY for vote in request.votes):
        return None
    sealer, target = SealsNoVote(b"none"), where.documents.target
    return lifecycle.approve(request, voter=CY, target=target, now=where.now, epoch=where.epoch, sealer=sealer).request


INVENTS_VOTES = "puts votes into the record"
CHANGES_TEXT = "changes the text, and the votes with it"
REARMS = "makes a claimed leg wait again"
PUTS_BACK = "puts an older record back"
WRITES_VOTE = "writes a vote that nobody gave, in a sealed record"

FORGERIES: Mapping[str, Forgery] = {
    INVENTS_VOTES: Forgery(_votes_put_in),
    CHANGES_TEXT: Forgery(_text_changed),
    REARMS: Forgery(_leg_put_back),
    PUTS_BACK: Forgery(_put_back, has_seal=True),
    WRITES_VOTE: Forgery(_vote_written, has_seal=True, is_in_trail=True),
}
