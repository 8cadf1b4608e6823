"""What every value of the domain is made of: the frozen base class, and the one way to write a value for a digest."""

import json

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """Be frozen, compared by content, and closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def canonical_json(value: object) -> bytes:
    """Write JSON in the one form that digests are made over: sorted keys, no blanks, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
