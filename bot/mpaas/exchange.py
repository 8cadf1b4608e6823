"""One POST to mPaaS: bytes out, and back comes an answer, the proof that nothing left, or "unknown".

A new connection per call, so that no stale one can lose a request; no redirects, no proxy but the one it is given, no
cookies, no HTTP/2. Nothing here tries again, and nothing here knows what an answer means.
"""

import http.cookiejar
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import NamedTuple
from urllib.parse import quote

import httpx

from bot.domain.outcome import NotSent, Unknown
from bot.mpaas.auth import Acs3Auth
from bot.mpaas.deadline import Deadline, TooLate, Trace
from bot.mpaas.endpoint import base_url
from bot.mpaas.signing import Credentials

VERSION = "2020-10-28"
"""The API's version; the older ones cannot schedule (SDK 3.4.1)."""

MAX_BODY = 1024 * 1024  # bytes; the largest answer, 500 scheduled tasks, has a quarter of this
_LONGEST_REASON = 200  # characters
CONNECT_PAUSE = 0.2
"""Seconds to wait before another connection (our choice: a restarting gateway needs a moment)."""

_HEADERS = {
    "accept": "application/json",
    "accept-encoding": "identity",
    "connection": "close",
    "content-type": "application/x-www-form-urlencoded",
    "user-agent": "broadcast-bot",
    "x-acs-version": VERSION,
}


class Timeouts(NamedTuple):
    """Bound the steps of one exchange, and with ``total`` a whole call with its retries; in seconds."""

    connect: float = 2.0
    write: float = 2.0
    read: float = 5.0
    total: float = 8.0


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold a complete answer: ``date`` is mPaaS's clock, ``retry_after`` the wait it asks for, in seconds."""

    status: int
    body: bytes
    date: datetime | None
    retry_after: float | None


class Exchange:
    """Post signed forms to one endpoint with one pair of credentials; close it when done.

    ``tls`` replaces the public certificate authorities; through the tunnel of ``proxy``, as through none, it is mPaaS's
    certificate that counts. Raises EndpointRefused (a ValueError) for a bad endpoint.
    """

    def __init__(
        self,
        endpoint: str,
        credentials: Credentials,
        *,
        now: Callable[[], datetime],
        nonce: Callable[[], str],
        transport: httpx.BaseTransport | None = None,
        timeouts: Timeouts = Timeouts(),  # noqa: B008 - an immutable value
        tls: ssl.SSLContext | None = None,
        proxy: str | None = None,
    ) -> None:
        self.url = base_url(endpoint)
        self.timeouts = timeouts
        self._way = f"{self.url} through the proxy" if proxy else self.url
        self._hidden = _spellings(credentials)
        self._auth = Acs3Auth(credentials, now=now, nonce=nonce)
        self._http = httpx.Client(
            headers=_HEADERS,
            cookies=http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(allowed_domains=[])),
            follow_redirects=False,
            trust_env=False,
            http2=False,
            verify=_public_authorities() if tls is None else tls,
            limits=httpx.Limits(max_keepalive_connections=0),
            transport=transport,
            proxy=proxy,
        )

    def close(self) -> None:
        """Close every connection."""
        self._http.close()

    def post(
        self, action: str, body: bytes, *, deadline: Deadline, signed_at: datetime | None = None
    ) -> Answer | NotSent | Unknown:
        """Send the bytes once, signed now or at ``signed_at``, and wait for the answer until the deadline."""
        auth = self._auth if signed_at is None else self._auth.dated(signed_at)
        try:
            with deadline.watching() as trace:
                return self._post(action, body, auth=auth, deadline=deadline, trace=trace)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            return NotSent(why=f"No connection to {self._way}: {_in_words(error)}.", retry_after=CONNECT_PAUSE)
        except (httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.LocalProtocolError) as error:
            return NotSent(why=f"The request to {self.url} could not be built: {_in_words(error)}.")
        except TooLate:
            return NotSent(why=f"The time for the call was over before anything was sent to {self.url}.")
        except httpx.HTTPError as error:
            if not deadline.began:  # the tunnel never stood, so mPaaS heard nothing
                return NotSent(why=f"No connection to {self._way}: {_in_words(error)}.", retry_after=CONNECT_PAUSE)
            return Unknown(why=_lost(error, is_over=deadline.remaining() == 0))

    def _post(self, action: str, body: bytes, *, auth: Acs3Auth, deadline: Deadline, trace: Trace) -> Answer | Unknown:
        with self._http.stream(
            "POST",
            self.url,
            content=body,
            auth=auth,
            headers={"x-acs-action": action},
            timeout=self._bounded(deadline.remaining()),
            extensions={"trace": trace},
        ) as response:
            content = b""
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > MAX_BODY:
                    return Unknown(why=f"mPaaS answered HTTP {response.status_code} with more than {MAX_BODY} bytes.")
            headers = response.headers
            return Answer(response.status_code, self._hide(content), _date(headers), _retry_after(headers))

    def _bounded(self, remaining: float) -> httpx.Timeout:
        """Let no step wait longer than the whole call may; httpx takes 0 for "do not wait at all"."""
        connect, write, read, _ = (min(timeout, max(remaining, 0.001)) for timeout in self.timeouts)
        return httpx.Timeout(connect=connect, write=write, read=read, pool=connect)

    def _hide(self, content: bytes) -> bytes:
        """Take our secrets out of an answer: SignatureDoesNotMatch quotes what was signed, with the token."""
        for secret in self._hidden:
            content = content.replace(secret, b"(hidden)")
        return content


@cache
def _public_authorities() -> ssl.SSLContext:
    """Read the public certificate authorities once: it takes longer than anything else here does."""
    return httpx.create_ssl_context(trust_env=False)


def _spellings(credentials: Credentials) -> tuple[bytes, ...]:
    secrets = (credentials.access_key_secret.get_secret_value(), credentials.security_token.get_secret_value())
    return tuple(text.encode() for secret in secrets if secret for text in (secret, quote(secret, safe="~")))


def _in_words(error: Exception) -> str:
    """Say what failed, on a card too; a proxy may put words of its own into it, as many as it likes."""
    return str(error)[:_LONGEST_REASON].rstrip(".") or type(error).__name__


def _lost(error: httpx.HTTPError, *, is_over: bool) -> str:
    if is_over or isinstance(error, httpx.TimeoutException):
        return "mPaaS did not answer in time; the request may have arrived."
    return "The connection broke before the answer was complete; the request may have arrived."


def _date(headers: httpx.Headers) -> datetime | None:
    """Read the ``Date`` header, with its zone; None when it is missing or no date."""
    try:
        date = parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, OverflowError):
        return None
    return date if date.tzinfo is not None else None


def _retry_after(headers: httpx.Headers) -> float | None:
    """Read ``x-acs-retry-after``, which the SDK takes for milliseconds (``alibabacloud_tea_openapi`` 0.4.6)."""
    text = headers.get("x-acs-retry-after", "")
    is_number = text.isascii() and text.isdigit() and len(text) < len("1000000000")
    return int(text) / 1000 if is_number and int(text) else None
