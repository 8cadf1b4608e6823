"""The client of Slack's Web API: slack_sdk's own, but for two habits of it that would hurt here.

It follows redirects, and takes the token along; and it waits as long as Slack asks, whoever waits for it.
"""

import math
from collections.abc import Mapping, Sequence
from email.message import Message
from typing import IO, Any
from urllib.error import HTTPError
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
    """Call Slack's Web API at one address, and nowhere else."""

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:  # noqa: ARG002 - slack_sdk's
        """Open the address as slack_sdk does, without the handler of redirects."""
        proxies = ProxyHandler({"http": self.proxy, "https": self.proxy} if self.proxy else {})
        opener = build_opener(proxies, HTTPSHandler(context=self.ssl), _Nowhere)
        with opener.open(req, timeout=self.timeout) as answer:
            charset = answer.headers.get_content_charset() or "utf-8"
            return {"status": answer.status, "headers": answer.headers, "body": answer.read().decode(charset)}
