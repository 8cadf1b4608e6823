"""Requests as they are stored: JSON with a schema number.

An older schema is upgraded when it is read, one number at a time, so that a new version of the bot can read what the
one before it wrote. A newer one is refused, so that an old process cannot damage it during a rolling deploy.
"""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, get_args

from pydantic import ValidationError

from bot.domain.request import BroadcastRequest
from bot.errors import StoreUnfit

_NUMBERS = BroadcastRequest.model_fields["schema_number"].annotation
SCHEMA: Final[int] = get_args(_NUMBERS)[0]
"""The schema this version writes: the one number the model allows."""

Upgrade = Callable[[dict[str, Any]], dict[str, Any]]

UPGRADES: Final[Mapping[int, Upgrade]] = MappingProxyType({})
"""From a schema number, the function that makes the next one of it."""


def dump(request: BroadcastRequest) -> str:
    """Write a request as JSON."""
    return request.model_dump_json()


def load(text: str, *, upgrades: Mapping[int, Upgrade] = UPGRADES) -> BroadcastRequest:
    """Read a stored request; raise StoreUnfit when this version of the bot cannot read it."""
    try:
        return BroadcastRequest.model_validate(_upgraded(json.loads(text), upgrades))
    except (ValidationError, ValueError, KeyError, TypeError) as error:
        raise StoreUnfit(
            f"A stored request cannot be read ({type(error).__name__}): was it changed by hand?"
        ) from error


def _upgraded(document: dict[str, Any], upgrades: Mapping[int, Upgrade]) -> dict[str, Any]:
    number = document["schema_number"]
    if number > SCHEMA:
        raise StoreUnfit(
            f"A stored request has schema {number}; this version reads up to {SCHEMA}: update this process."
        )
    while number < SCHEMA:
        document = upgrades[number](document) | {"schema_number": number + 1}
        number += 1
    return document
