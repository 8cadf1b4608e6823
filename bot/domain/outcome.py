"""What became of one call to mPaaS: a closed union, so that every case is handled everywhere.

``Unknown`` is the default; an answer leaves it only by a row, with its source, in ``bot.mpaas.results``.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Outcome(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Accepted(_Outcome):
    """mPaaS took the push: HTTP 200 and ``PushResult.Success`` true."""

    kind: Literal["accepted"] = "accepted"
    task_id: str = ""
    """mPaaS's own id of the task; empty for an immediate push, which gets none in the answer."""
    request_id: str = ""
    """mPaaS's ``RequestId``, for its support."""


class Declined(_Outcome):
    """mPaaS certainly refused: the code is on the list of certain refusals."""

    kind: Literal["declined"] = "declined"
    code: str
    message: str = ""
    request_id: str = ""


class NotSent(_Outcome):
    """Nothing left the house, or mPaaS turned it away before any work: proof that nothing was executed."""

    kind: Literal["not_sent"] = "not_sent"
    why: str
    retry_after: float | None = None
    """Seconds to wait before one more try inside the same claim; None: trying again is pointless."""


class Unknown(_Outcome):
    """Everything else: it may have gone out, and no machine may send it again."""

    kind: Literal["unknown"] = "unknown"
    why: str
    request_id: str = ""


SendOutcome = Annotated[Accepted | Declined | NotSent | Unknown, Field(discriminator="kind")]
