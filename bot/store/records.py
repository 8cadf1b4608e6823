"""Stored records and whether they are what the bot wrote: a seal over the text, and what must agree with it.

A record that is not is read as far as it can be read, so that it can be shown, and kept from being sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from bot.domain.content import RequestId
from bot.domain.request import BroadcastRequest, HistoryLine
from bot.domain.seals import Sealer
from bot.errors import SealBroken, StoreUnfit
from bot.store.documents import load

FIELDS: Final = ["document", "seal", "version", "state"]
"""What is read of a request's hash, in this order."""


@dataclass(frozen=True)
class Record:
    """What is stored under a request's id."""

    request_id: RequestId
    text: str
    version: int
    """The version that the store compares; 0 when it is no number."""
    request: BroadcastRequest | None
    """The request, as far as it can be read; None when it can't, or is another's."""
    complaint: str = ""
    """What gives away that it was changed outside the bot; empty: nothing does."""

    def sound(self) -> BroadcastRequest:
        """Give the request; raise SealBroken when it can't be trusted, StoreUnfit when a newer version wrote it."""
        if self.complaint:
            raise SealBroken(self.request_id, self.complaint)
        return self.request if self.request is not None else load(self.text)


def read_record(request_id: RequestId, fields: Sequence[str | None], *, sealer: Sealer) -> Record:
    """Read ``FIELDS`` of a request's hash, and check them."""
    text, seal, version, state = (str(field or "") for field in fields)
    sealed = sealer.document_holds(request_id, text, seal)
    request = _readable(text)
    number = int(version) if version.isascii() and version.isdecimal() else 0
    complaint = ""
    if not seal:
        complaint = "It carries no seal: it was written by an older version of the bot, or by somebody else."
    elif not sealed:
        complaint = "Its seal is broken."
    elif request is not None and (number, state) != (request.version, request.state):
        complaint = "Its version or state is not the one that was sealed."
    return Record(request_id, text, number, request if request and request.id == request_id else None, complaint)


def _readable(text: str) -> BroadcastRequest | None:
    try:
        return load(text)
    except StoreUnfit:
        return None


def read_line(kept: str) -> HistoryLine:
    """Read an element of a request's history; raise StoreUnfit when it is none."""
    try:
        return HistoryLine.model_validate_json(kept.partition(" ")[2])
    except ValidationError as error:
        raise StoreUnfit("A stored line of history cannot be read: was it changed by hand?") from error
