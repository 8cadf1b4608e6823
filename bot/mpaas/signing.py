"""Alibaba Cloud's Signature V3 (ACS3-HMAC-SHA256), one function per stage. Pure.

The stages, in order: ``hash_of_body``, ``canonical_request``, ``string_to_sign``, ``signature``, ``authorization``.
When a signature is wrong, the tests tell which stage is. No clock and no nonce here: they arrive as headers.
Source: the vendor's "Signature V3" page (2593177) and its SDK (``alibabacloud_tea_openapi`` 0.4.6,
``Utils.get_authorization``), whose requests ``tests/mpaas/test_signing.py`` reproduces.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import SecretStr

ALGORITHM = "ACS3-HMAC-SHA256"
Headers = Iterable[tuple[str, str]]

_HEADER_TEXT = re.compile(r"[!-~]+")  # visible ASCII: what can stand in a header, and hides no second one

_NO_TOKEN = SecretStr("")


@dataclass(frozen=True, slots=True)
class Credentials:
    """Hold an AccessKey pair and, for temporary ones, the STS token; secrets never show in ``repr``.

    Raises ValueError, with a sentence that quotes nothing, when a part cannot be one.
    """

    access_key_id: str
    access_key_secret: SecretStr
    security_token: SecretStr = _NO_TOKEN

    def __post_init__(self) -> None:
        """Refuse what could never sign, before anything is sent with it."""
        if not _HEADER_TEXT.fullmatch(self.access_key_id) or set(self.access_key_id) & set(",;="):
            raise ValueError("The AccessKey id is empty or has characters that no AccessKey id has.")
        if not _HEADER_TEXT.fullmatch(self.access_key_secret.get_secret_value()):
            raise ValueError("The AccessKey secret is empty or has characters that no AccessKey secret has.")
        if self.security_token and not _HEADER_TEXT.fullmatch(self.security_token.get_secret_value()):
            raise ValueError("The security token has characters that no security token has.")


def hash_of_body(body: bytes) -> str:
    """Give the value of ``x-acs-content-sha256``: lower-case hex SHA-256 of the exact bytes."""
    return hashlib.sha256(body).hexdigest()


def headers_to_sign(headers: Headers) -> list[tuple[str, str]]:
    """Choose what is signed: ``host``, ``content-type`` and every ``x-acs-*`` header; others may change on the way."""
    return [
        (name, value)
        for name, value in headers
        if name.lower() in {"host", "content-type"} or name.lower().startswith("x-acs-")
    ]


def canonical_request(headers: Headers, body_hash: str, *, method: str = "POST", path: str = "/") -> str:
    """Write down the request in the one way both sides agree on; the query is always empty (third line)."""
    lines, names = _canonical_headers(headers)
    return f"{method}\n{path}\n\n{lines}\n{names}\n{body_hash}"


def string_to_sign(canonical: str) -> str:
    """Put the algorithm before the hash of the canonical request."""
    return f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"


def signature(credentials: Credentials, to_sign: str) -> str:
    """Sign with the AccessKey secret as it is: no derived key, lower-case hex."""
    key = credentials.access_key_secret.get_secret_value().encode()
    return hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()


def authorization(credentials: Credentials, headers: Headers, body_hash: str) -> str:
    """Give the value of ``Authorization`` for a POST to ``/`` that carries at least the given headers."""
    signed = list(headers)
    _, names = _canonical_headers(signed)
    proof = signature(credentials, string_to_sign(canonical_request(signed, body_hash)))
    return f"{ALGORITHM} Credential={credentials.access_key_id},SignedHeaders={names},Signature={proof}"


def _canonical_headers(headers: Headers) -> tuple[str, str]:
    """Write the header lines and the list of names: lower case, in order, values of equal names joined."""
    values: dict[str, list[str]] = {}
    for name, value in headers:
        values.setdefault(name.lower(), []).append(value.strip())
    names = sorted(values)
    lines = "".join(f"{name}:{','.join(sorted(values[name]))}\n" for name in names)
    return lines, ";".join(names)
