"""The signature as httpx asks for it: an ``Auth`` that signs the request it is given, and yields it once.

Once, because an auth flow that yields twice sends twice. What is signed, and how, is in ``bot.mpaas.signing``.
"""

from collections.abc import Callable, Generator
from datetime import UTC, datetime
from typing import Self

import httpx

from bot.mpaas import signing


class Acs3Auth(httpx.Auth):
    """Sign with ACS3-HMAC-SHA256; the clock and the nonces (unique per request) are arguments.

    A request must be a POST to ``/`` without a query, its parameters in the body; others raise ValueError.
    """

    requires_request_body = True

    def __init__(
        self, credentials: signing.Credentials, *, now: Callable[[], datetime], nonce: Callable[[], str]
    ) -> None:
        self._credentials = credentials
        self._now = now
        self._nonce = nonce

    def dated(self, moment: datetime) -> Self:
        """Make a copy that writes this moment as the date of the signature, whatever the clock says."""
        return type(self)(self._credentials, now=lambda: moment, nonce=self._nonce)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the ``x-acs-*`` headers and ``Authorization``, and send once."""
        if (request.method, request.url.raw_path) != ("POST", b"/"):
            raise ValueError("mPaaS takes POST requests to / with all parameters in the body.")
        body_hash = signing.hash_of_body(request.content)
        request.headers.update(self._own_headers(body_hash))
        to_sign = signing.headers_to_sign(request.headers.multi_items())
        request.headers["Authorization"] = signing.authorization(self._credentials, to_sign, body_hash)
        yield request

    def _own_headers(self, body_hash: str) -> dict[str, str]:
        headers = {
            "x-acs-date": _timestamp(self._now()),
            "x-acs-signature-nonce": self._nonce(),
            "x-acs-content-sha256": body_hash,
        }
        if self._credentials.security_token:
            headers["x-acs-accesskey-id"] = self._credentials.access_key_id
            headers["x-acs-security-token"] = self._credentials.security_token.get_secret_value()
        return headers


def _timestamp(moment: datetime) -> str:
    """Write ``x-acs-date``: UTC, to the second; mPaaS takes it for 15 minutes (Signature V3 page, 2593177)."""
    if moment.utcoffset() is None:
        raise ValueError("A signature needs a time with a zone.")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
