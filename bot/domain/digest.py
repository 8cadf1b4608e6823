"""The digest that approvals are bound to: one hash over everything that will be sent.

It is made when a request is submitted, shown on the card, carried by the buttons, and made again by the worker from the
very parameters it is about to put on the wire.
"""

import hashlib
from collections.abc import Mapping

from bot.domain.content import Destination, Platform, RequestId, Template
from bot.domain.value import canonical_json


def digest_of(
    request_id: RequestId,
    revision: int,
    *,
    destination: Destination,
    template: Template,
    legs: Mapping[Platform, Mapping[str, str]],
) -> str:
    """Hash, as 64 hexadecimal characters, where a push goes, what its template says, and each leg's parameters."""
    everything = {
        "request": request_id,
        "revision": revision,
        "destination": destination.model_dump(mode="json"),
        "template": template.model_dump(mode="json"),
        "legs": {platform.value: dict(parameters) for platform, parameters in legs.items()},
    }
    return hashlib.sha256(canonical_json(everything)).hexdigest()
