"""Who signed a request that came over HTTP: the check that stands before every listener."""

import hmac
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.middleware import RequestVerification
from slack_sdk.signature import SignatureVerifier

from bot import logs

SIGNED_WITHIN = 300
"""Seconds by which a request's timestamp may differ; Slack's own advice (docs.slack.dev, verifying requests)."""

TELL_AGAIN = timedelta(minutes=1)
"""How long the log is spared the same news about the clocks."""


class Verification(RequestVerification):
    """Check who signed a request as Bolt does, by a clock that is an argument, and tell a clock from a forgery.

    Only who has the secret signs right, so nobody else learns what the clock says. Slack's questions about the
    certificate (``ssl_check``) are answered here, behind the check: Bolt answers them to anybody.
    """

    def __init__(self, signing_secret: str, now: Callable[[], datetime]) -> None:
        super().__init__(signing_secret)
        self._now = now
        self._signer = SignatureVerifier(signing_secret)
        self._told = Lock()
        self._told_at: datetime | None = None

    def process(
        self,
        *,
        req: BoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - Bolt's signature
        next: Callable[[], BoltResponse],  # noqa: A002 - likewise
    ) -> BoltResponse:
        """Pass a request on, or answer it: signed by nobody we know, signed at another time, or a mere question."""
        if self._can_skip(req.mode, req.body):
            return next()
        stamp, signature = _header(req, "x-slack-request-timestamp"), _header(req, "x-slack-signature")
        signed = self._signer.generate_signature(timestamp=stamp, body=req.raw_body)
        if signed is None or not hmac.compare_digest(signed, signature):
            self._debug_log_error(signature, stamp, req.raw_body)
            return self._build_error_response()
        gap = self._now().timestamp() - int(stamp)
        if abs(gap) > SIGNED_WITHIN:
            self._tell(gap)
            return BoltResponse(status=401, body={"error": _other_time(gap)})
        return BoltResponse(status=200, body="") if req.body.get("ssl_check") == "1" else next()

    def _tell(self, gap: float) -> None:
        """Say it in the log, once a minute at most: every request of Slack meets it while the clocks differ."""
        with self._told:
            now = self._now()
            if self._told_at is not None and abs(now - self._told_at) < TELL_AGAIN:
                return
            self._told_at = now
        logs.write("clocks_differ", level=logging.WARNING, seconds=round(gap), why=_other_time(gap))


def _header(req: BoltRequest, name: str) -> str:
    return str(req.headers.get(name, [""])[0])


def _other_time(gap: float) -> str:
    side = "ahead of" if gap > 0 else "behind"
    old = ", or the request is an old one that was sent again" if gap > 0 else ""
    return (
        f"The signature is right, but this machine's clock is {abs(gap):.0f} s {side} the time at which Slack signed"
        f"{old}: {SIGNED_WITHIN} s are allowed. Set the clock."
    )
