"""The simulated gateway in front of mPaaS: who calls, is the signature right, which action is meant.

It recomputes Signature V3 (ACS3-HMAC-SHA256) from the bytes that arrived, in its own words: it shares no line with the
bot's signer, so that one mistake cannot hide in both. Rules and codes: https://help.aliyun.com (Signature V3 and common
error codes), as the vendor's SDK 3.4.1 sends it. What an action does belongs to ``actions``.
"""

import hashlib
import hmac
import re
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote

ALGORITHM = "ACS3-HMAC-SHA256"
VERSION = "2020-10-28"
DATE_WINDOW = timedelta(minutes=15)
"""How far ``x-acs-date`` may be from the server's clock (vendor page, Signature V3)."""
NONCE_MEMORY = timedelta(minutes=31)
"""How long a nonce is remembered: both halves of the date window and a minute."""
FORM = "application/x-www-form-urlencoded"

Headers = Sequence[tuple[str, str]]

_AUTHORIZATION = re.compile(rf"{ALGORITHM} Credential=([^,\s]+),SignedHeaders=([^,\s]+),Signature=([0-9a-f]{{64}})")
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


class GatewayRefusal(Exception):
    """Carry the gateway's HTTP status, code and sentence for a request that gets no further."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


@dataclass(frozen=True, slots=True)
class Call:
    """Name what a well-signed request asks for, and who signed it."""

    action: str
    access_key_id: str


@dataclass(frozen=True, slots=True)
class _Claim:
    """Hold the three parts of an ``Authorization`` header, unproven."""

    access_key_id: str
    signed: tuple[str, ...]
    signature: str


@dataclass
class Gateway:
    """Check requests against the known AccessKeys. Thread-safe; ``security_tokens`` makes a key a temporary one."""

    access_keys: Mapping[str, str] = field(repr=False)
    actions: Collection[str]
    now: Callable[[], datetime]
    security_tokens: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._nonces: dict[tuple[str, str], datetime] = {}
        self._lock = threading.Lock()

    def check(self, headers: Headers, body: bytes, *, method: str = "POST", path: str = "/", query: str = "") -> Call:
        """Return what is asked for; raise ``GatewayRefusal`` when signature, date, nonce or action is wrong."""
        values = _joined(headers)
        _shape(values, method, path)
        claim = _claim(values.get("authorization", ""))
        secret = self._secret(claim.access_key_id, values)
        self._date(values["x-acs-date"])
        _coverage(claim.signed, values)
        text = string_to_sign(method, path, query, values=values, signed=claim.signed, body=body)
        right = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(right, claim.signature):
            raise _mismatch(text)
        if values["x-acs-content-sha256"] != hashlib.sha256(body).hexdigest():
            raise _mismatch(text)
        self._nonce(claim.access_key_id, values["x-acs-signature-nonce"])
        return Call(self._action(values), claim.access_key_id)

    def _secret(self, access_key_id: str, values: Mapping[str, str]) -> str:
        secret = self.access_keys.get(access_key_id)
        token = self.security_tokens.get(access_key_id, "")
        given = values.get("x-acs-security-token", "")
        if secret is None or (token and not given):  # a temporary key means nothing without its token
            raise GatewayRefusal(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
        if not hmac.compare_digest(token.encode(), given.encode()):
            raise GatewayRefusal(400, "InvalidSecurityToken.MismatchWithAccessKey", "The token is not this key's.")
        if given and values.get("x-acs-accesskey-id") != access_key_id:
            raise GatewayRefusal(400, "InvalidSecurityToken.MismatchWithAccessKey", "x-acs-accesskey-id is wrong.")
        return secret

    def _date(self, text: str) -> None:
        try:
            date = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) if _DATE.fullmatch(text) else None
        except ValueError:
            date = None
        if date is None:
            raise GatewayRefusal(400, "InvalidTimeStamp.Format", "Specified time stamp is not well formatted.")
        if abs(self.now() - date) > DATE_WINDOW:
            raise GatewayRefusal(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")

    def _nonce(self, access_key_id: str, nonce: str) -> None:
        """Remember the nonce of a right signature; a wrong one must not use up somebody's nonce."""
        with self._lock:
            now = self.now()
            while self._nonces and now - next(iter(self._nonces.values())) > NONCE_MEMORY:
                del self._nonces[next(iter(self._nonces))]  # the oldest come first
            if (access_key_id, nonce) in self._nonces:
                raise GatewayRefusal(400, "SignatureNonceUsed", "Specified signature nonce was used already.")
            self._nonces[access_key_id, nonce] = now

    def _action(self, values: Mapping[str, str]) -> str:
        action = values["x-acs-action"]
        if values["x-acs-version"] != VERSION:
            raise GatewayRefusal(400, "InvalidVersion", "Specified parameter Version is not valid.")
        if action not in self.actions:
            raise GatewayRefusal(404, "InvalidAction.NotFound", f"Specified api {action[:64]} is not found.")
        return action


def string_to_sign(
    method: str, path: str, query: str, *, values: Mapping[str, str], signed: Sequence[str], body: bytes
) -> str:
    """Return the server's own string to sign; ``values`` are the headers by lower-case name."""
    pairs = sorted((quote(k, safe="~"), quote(v, safe="~")) for k, v in parse_qsl(query, keep_blank_values=True))
    canonical = "\n".join(
        [
            method,
            path,
            "&".join(f"{k}={v}" for k, v in pairs),
            *(f"{name}:{values[name]}" for name in signed),
            "",
            ";".join(signed),
            hashlib.sha256(body).hexdigest(),
        ]
    )
    raw = canonical.encode("latin-1", "backslashreplace")  # headers arrive as Latin-1: this gives back their bytes
    return f"{ALGORITHM}\n{hashlib.sha256(raw).hexdigest()}"


def _joined(headers: Headers) -> dict[str, str]:
    """Return header values by lower-case name, stripped; values of a repeated name are joined by commas."""
    values: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in headers:
        values[name.lower()].append(value.strip())
    return {name: ",".join(parts) for name, parts in values.items()}


def _shape(values: Mapping[str, str], method: str, path: str) -> None:
    if (method, path) != ("POST", "/"):
        raise GatewayRefusal(405, "UnsupportedHTTPMethod", "Send POST to /.")
    needed = ("host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256")
    missing = [name for name in needed if not values.get(name)]
    if missing:
        raise GatewayRefusal(400, "MissingParameter", f"The header {missing[0]} is mandatory.")
    kind = values.get("content-type", FORM).split(";")[0].strip().lower()
    if kind != FORM:
        raise GatewayRefusal(400, "InvalidParameter", f"content-type must be {FORM}.")


def _claim(authorization: str) -> _Claim:
    found = _AUTHORIZATION.fullmatch(authorization)
    if found:
        return _Claim(found[1], tuple(found[2].split(";")), found[3])
    if authorization and authorization.partition(" ")[0] != ALGORITHM:
        raise GatewayRefusal(400, "InvalidSignatureMethod", f"The algorithm must be {ALGORITHM}.")
    raise GatewayRefusal(400, "IncompleteSignature", "Authorization must name Credential, SignedHeaders and Signature.")


def _coverage(signed: Sequence[str], values: Mapping[str, str]) -> None:
    """Refuse a signature that leaves out what must be signed, or names what was not sent."""
    needed = {name for name in values if name.startswith("x-acs-") or name in ("host", "content-type")}
    if list(signed) != sorted(set(signed)) or any(name != name.lower() for name in signed):
        raise GatewayRefusal(
            400, "IncompleteSignature", "SignedHeaders must be lower-case, sorted and without repeats."
        )
    left_out = sorted(needed - set(signed)) or sorted(set(signed) - set(values))
    if left_out:
        raise GatewayRefusal(400, "IncompleteSignature", f"The header {left_out[0]} must be sent and signed.")


def _mismatch(text: str) -> GatewayRefusal:
    message = f"Specified signature does not match our calculation. server string to sign is:{text}"
    return GatewayRefusal(400, "SignatureDoesNotMatch", message)
