"""Seals: what only somebody with the seal key could have made, over votes, stored records and the audit trail.

A seal is an HMAC-SHA256 over canonical JSON that begins with what is sealed, so that a seal of one kind is never one of
another. What a seal covers is told here; what a broken one leads to is told where it is met (``gates``, ``tending``).
"""

import hashlib
import hmac
from typing import Final

from bot.domain.content import RequestId
from bot.domain.request import Vote
from bot.domain.value import canonical_json

_NAMESPACE: Final = "broadcast-bot/1"
"""Begins everything that is sealed; another number is another set of seals."""

ALARM: Final = "seal_broken"
"""The code of the one alarm: somebody changed the store behind the bot's back."""


class Sealer:
    """Make and check seals with one key, which it never shows."""

    def __init__(self, key: bytes) -> None:
        if not key:
            raise ValueError("Nothing can be sealed with an empty key.")
        self._key = key

    def __repr__(self) -> str:
        return "Sealer(...)"

    def vote(self, request_id: RequestId, vote: Vote) -> Vote:
        """Give the vote with its seal: over the request, its revision and digest, the approver and the time."""
        return vote.model_copy(update={"seal": self._vote(request_id, vote)})

    def vote_holds(self, request_id: RequestId, vote: Vote) -> bool:
        """Tell whether this very vote was sealed, for this very request."""
        return _same(self._vote(request_id, vote), vote.seal)

    def document(self, request_id: RequestId, text: str) -> str:
        """Seal a stored record, byte for byte, under the id that it is stored under."""
        return self.seal("document", request_id, text)

    def document_holds(self, request_id: RequestId, text: str, seal: str) -> bool:
        """Tell whether this very text was sealed under this id."""
        return _same(self.document(request_id, text), seal)

    def seal(self, kind: str, *parts: str | int) -> str:
        """Seal parts of one kind, as 64 hexadecimal characters; their order and borders count."""
        sealed = canonical_json([f"{_NAMESPACE} {kind}", *parts])
        return hmac.digest(self._key, sealed, hashlib.sha256).hex()

    def holds(self, seal: str, kind: str, *parts: str | int) -> bool:
        """Tell whether a seal is the one of these parts, in a time that tells nothing."""
        return _same(self.seal(kind, *parts), seal)

    def _vote(self, request_id: RequestId, vote: Vote) -> str:
        covered = vote.model_dump(mode="json", exclude={"seal"})
        return self.seal("vote", request_id, canonical_json(covered).decode())


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
