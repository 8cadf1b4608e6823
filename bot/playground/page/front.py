"""The page's way in: the HTML page, its files, and the stream of what changes, on the simulated Slack's own address.

Who may knock is checked by ``http_server``. The page's policy lets it load from this address alone.
"""

import base64
import hashlib
import mimetypes
import re
import secrets
from importlib.resources import files
from types import TracebackType
from typing import Self

from bot.playground.http_server import Request, Response
from bot.playground.page import log
from bot.playground.page.backstage import Backstage
from bot.playground.page.bell import Bell
from bot.playground.page.live import Live
from bot.playground.stage import Stage

ASSETS = files("bot.playground.page") / "assets"
_NAME = re.compile(r"(?:[a-z0-9_-]+/)*[a-z0-9_-]+\.(?:js|css|svg|html)")
_INLINE = re.compile(rb"<script[^>]*>(.+?)</script>", re.DOTALL)
_NO_STORE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


class Front:
    """Serve the page of a stage while it is entered."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._bell = Bell()
        self._backstage = Backstage(stage)
        self._run = secrets.token_hex(4)

    def __enter__(self) -> Self:
        slack, mpaas = self._stage.slack, self._stage.mpaas
        slack.offer(acts=self._backstage.acts(), reads={"entry": self._entry})
        for told in (slack.world.on_change, mpaas.journal.on_change, self._stage.on_change):
            told.append(self._bell.ring)
        slack.front = self.answer
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Serve nothing more, and let the open pages go."""
        self._stage.slack.front = None
        self._bell.close()

    @property
    def address(self) -> str:
        """Tell where the page is."""
        return f"{self._stage.slack.address}/"

    def answer(self, request: Request) -> Response:
        """Answer a request for the page, one of its files, or its stream."""
        if request.method not in ("GET", "HEAD"):
            return _no(405, "Only GET is taken here.")
        if request.path == "/":
            return _page()
        if request.path == "/live":
            return self._live(request.arguments().get("as", ""))
        if request.path.startswith("/assets/"):
            return _asset(request.path.removeprefix("/assets/"))
        return _no(404, f"There is nothing at {request.path}.")

    def _live(self, user: str) -> Response:
        if user not in {person.id for person in self._stage.slack.people()}:
            return _no(404, f"There is no person {user!r} here.")
        live = Live(self._stage, self._backstage, self._bell, run=self._run, user=user)
        return Response(headers={**_NO_STORE, "Content-Type": "text/event-stream"}, stream=live.stream())

    def _entry(self, line: str) -> object:
        """Return everything about one line of the log."""
        return log.entry(self._stage.slack, self._stage.mpaas, line)


def _page() -> Response:
    html = (ASSETS / "index.html").read_bytes()
    return Response(body=html, headers={**_headers("index.html"), "Content-Security-Policy": policy(html)})


def policy(html: bytes) -> str:
    """Write the page's Content-Security-Policy: this address alone, and of inline scripts those that it has."""
    hashes = [base64.b64encode(hashlib.sha256(script).digest()).decode() for script in _INLINE.findall(html)]
    scripts = " ".join(["'self'", *(f"'sha256-{one}'" for one in hashes)])
    return f"default-src 'self'; script-src {scripts}; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"


def _asset(name: str) -> Response:
    found = ASSETS / name
    if not _NAME.fullmatch(name) or not found.is_file():
        return _no(404, f"There is no file {name!r}.")
    return Response(body=found.read_bytes(), headers=_headers(name))


def _headers(name: str) -> dict[str, str]:
    kind = {"js": "text/javascript"}.get(name.rpartition(".")[2]) or mimetypes.guess_type(name)[0] or "text/plain"
    return {**_NO_STORE, "Content-Type": f"{kind}; charset=utf-8"}


def _no(status: int, sentence: str) -> Response:
    return Response.of_json({"ok": False, "error": sentence}, status)
