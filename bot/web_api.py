"""The client of Slack's Web API: slack_sdk's own, but for three habits of it that would hurt here.

It follows redirects, and takes the token along; it waits as long as Slack asks, whoever waits for it; and it reads the
environment for a proxy by itself, which then sees calls to this very machine too.
"""

import copy
import math
from base64 import b64encode
from collections.abc import Mapping, Sequence
from email.message import Message
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import unquote, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, Request, build_opener

from slack_sdk import WebClient
from slack_sdk.http_retry import HttpRequest, HttpResponse, RateLimitErrorRetryHandler, RetryState


def seconds_asked(headers: Mapping[str, Sequence[str]]) -> float:
    """Read for how many seconds Slack asks to wait; forever when it does not say."""
    found = next((values for name, values in headers.items() if name.lower() == "retry-after" and values), ["inf"])
    return float(found[0]) if found[0].isascii() and found[0].isdigit() else math.inf


class Waiting(RateLimitErrorRetryHandler):
    """Wait once as long as Slack asks (429), unless that is longer than ``patience`` seconds: then it is a failure.

    slack_sdk sleeps inside the call, however long; a listener would sleep past Slack's 3 seconds, its thread with it.
    """

    def __init__(self, patience: float) -> None:
        super().__init__(max_retry_count=1)
        self._patience = patience

    def _can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        asked = super()._can_retry(state=state, request=request, response=response, error=error)
        return asked and response is not None and seconds_asked(response.headers) <= self._patience


class _Nowhere(HTTPRedirectHandler):
    """Follow no redirect: urllib would carry the Authorization header to wherever it is sent."""

    def redirect_request(
        self,
        req: Request,
        fp: IO[bytes],
        code: int,
        msg: str,  # noqa: ARG002 - urllib's signature
        headers: Message,
        newurl: str,  # noqa: ARG002 - likewise: what it says is of no interest
    ) -> Request | None:
        raise HTTPError(req.full_url, code, "Slack's address sends elsewhere, which is not followed", headers, fp)


class WebApi(WebClient):
    """Call Slack's Web API at one address, through ``proxy`` or straight, and nowhere else."""

    def __init__(self, *, proxy: str | None = None, **options: Any) -> None:
        super().__init__(proxy=proxy, **options)
        self.proxy = proxy

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:  # noqa: ARG002 - slack_sdk's
        """Open the address as slack_sdk does, but without redirects and without urllib's own look for proxies."""
        opener = build_opener(ProxyHandler({}), HTTPSHandler(context=self.ssl), _Nowhere)
        routed = _through(self.proxy, req) if self.proxy else req
        with opener.open(routed, timeout=self.timeout) as answer:
            charset = answer.headers.get_content_charset() or "utf-8"
            return {"status": answer.status, "headers": answer.headers, "body": answer.read().decode(charset)}


def _through(proxy: str, req: Request) -> Request:
    """Route a copy of a request through a proxy's tunnel: urllib tunnels one only once, and a 429 repeats it."""
    parts = urlsplit(proxy)
    routed = copy.copy(req)
    if parts.username and parts.password:
        user = f"{unquote(parts.username)}:{unquote(parts.password)}"
        routed.add_header("Proxy-Authorization", f"Basic {b64encode(user.encode()).decode()}")
    routed.set_proxy(parts.netloc.rpartition("@")[2], "http")
    return routed
