"""The page's way in: the HTML page, its files, and the stream of what changes, on the simulated Slack's own address.

Who may knock is checked by ``http_server``. The page's policy lets it load from this address alone.
"""

import base64
import functools
import hashlib
import re
import secrets
from collections.abc import Callable
from contextlib import ExitStack
from importlib.resources import files
from types import MappingProxyType, TracebackType
from typing import Any, Self

from bot.playground.http_server import Request, Response
from bot.playground.page import log
from bot.playground.page.backstage import Backstage
from bot.playground.page.bell import Bell
from bot.playground.page.live import Live
from bot.playground.page.pulse import Pulse
from bot.playground.page.shared import Shared
from bot.playground.stage import Stage

ASSETS = files("bot.playground.page") / "assets"
KINDS = MappingProxyType({"html": "text/html", "js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"})
"""What is served, by the end of its name; not asked of the machine, whose tables differ."""

_NAME = re.compile(r"(?:[a-z0-9_-]+/)*[a-z0-9_-]+\.(?:{})".format("|".join(KINDS)))
_INLINE = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_NO_STORE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


class Front:
    """Serve the page of a stage while it is entered."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._bell = Bell()
        self._pulse = Pulse(stage.store_alive, self._bell)
        self._backstage = Backstage(stage, self._pulse.alive)
        self._shared = Shared(stage, self._backstage, self._bell)
        self._run = secrets.token_hex(4)
        self._listening = ExitStack()

    def __enter__(self) -> Self:
        slack, mpaas = self._stage.slack, self._stage.mpaas
        acts = {name: self._and_ring(verb) for name, verb in self._backstage.acts().items()}
        slack.offer(acts=acts, reads={"entry": self._entry})
        self._listen(slack.world.on_change, "slack")
        self._listen(mpaas.journal.on_change, "mpaas")
        self._listen(self._stage.on_change, "stage")
        self._pulse.start()
        slack.front = self.answer
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Serve nothing more, and let the open pages go."""
        self._stage.slack.front = None
        self._listening.close()
        self._bell.close()
        self._pulse.join()

    def _listen(self, told: list[Callable[[], None]], what: str) -> None:
        ring = functools.partial(self._bell.ring, what)
        told.append(ring)
        self._listening.callback(told.remove, ring)

    def _and_ring(self, verb: Callable[..., Any]) -> Callable[..., Any]:
        """Ring after a deed: not everything that it changes tells by itself."""

        @functools.wraps(verb)
        def done(*args: Any, **facts: Any) -> Any:
            try:
                return verb(*args, **facts)
            finally:
                self._bell.ring("stage")

        return done

    @property
    def address(self) -> str:
        """Tell where the page is."""
        return f"{self._stage.slack.address}/"

    def answer(self, request: Request) -> Response:
        """Answer a request for the page, one of its files, or its stream."""
        if request.method not in ("GET", "HEAD"):
            return _no(405, "Only GET is taken here.", Allow="GET, HEAD")
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
        live = Live(self._stage.slack, self._shared, self._bell, run=self._run, user=user)
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
    return (
        f"default-src 'self'; script-src {scripts}; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
    )


def _asset(name: str) -> Response:
    found = ASSETS / name
    if not _NAME.fullmatch(name) or not found.is_file():
        return _no(404, f"There is no file {name!r}.")
    return Response(body=found.read_bytes(), headers=_headers(name))


def _headers(name: str) -> dict[str, str]:
    return {**_NO_STORE, "Content-Type": f"{KINDS[name.rpartition('.')[2]]}; charset=utf-8"}


def _no(status: int, sentence: str, **headers: str) -> Response:
    return Response.of_json({"ok": False, "error": sentence}, status, headers=headers)
