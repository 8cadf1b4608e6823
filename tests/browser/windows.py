"""Windows of people at the page, each with a browser profile of its own, and what they complain about."""

import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, expect

from bot.playground.cast import ANA

PATIENCE = 60_000
"""Milliseconds for anything to happen: far more than it takes, because the machine may be busy."""

_PREFER = """
const key = "broadcast-playground";
try {
  const kept = JSON.parse(localStorage.getItem(key) ?? "{}");
  localStorage.setItem(key, JSON.stringify({ ...%s, ...kept }));
} catch { /* about:blank has no storage */ }
"""

expect.set_options(timeout=PATIENCE)


class Windows:
    """Open windows and remember every complaint: errors of the console and of scripts, and steps to other hosts."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser, self._address = browser, address
        self._pages: list[Page] = []
        self.complaints: list[str] = []

    def open(
        self,
        person_id: str = ANA.id,
        *,
        prefer: dict[str, str] | None = None,
        allow: tuple[str, ...] = (),
        **options: Any,
    ) -> Page:
        """Open the page as a person, in a profile of its own, and wait until everything is drawn.

        ``prefer`` are choices kept in the profile ("language", "theme", "tour"); the tour is dismissed unless it says
        otherwise. ``allow`` are patterns of complaints that the test provokes. ``options`` are those of Playwright's
        ``new_context``, such as ``viewport`` or ``color_scheme``.
        """
        page = self._page(allow, prefer={"tour": "dismissed", **(prefer or {})}, **options)
        page.goto(f"{self._address}/?as={person_id}")
        page.wait_for_selector(f'.frame[data-person="{person_id}"]')
        return page

    def blank(self, **options: Any) -> Page:
        """Open a window with the page's address and policy, and nothing in it but the page's first HTML."""
        page = self._page((), prefer={}, **options)
        page.route("**/assets/page.js", lambda route: route.fulfill(content_type="text/javascript", body=""))
        page.goto(self._address)
        return page

    def _page(self, allow: tuple[str, ...], *, prefer: dict[str, str], **options: Any) -> Page:
        chosen = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce", **options}
        context = self._browser.new_context(**chosen)
        context.add_init_script(_PREFER % json.dumps(prefer))
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        self._pages.append(page)

        def complain(sentence: str) -> None:
            if not any(re.search(pattern, sentence) for pattern in allow):
                self.complaints.append(sentence)

        # Of the whole profile, so that a window that the page itself opens is heard as well.
        context.on("console", lambda said: complain(_written(said)) if said.type == "error" else None)
        context.on("weberror", lambda told: complain(f"{told.error}\n{told.error.stack}"))
        context.on("request", lambda asked: complain(f"asked {asked.url}") if self._is_abroad(asked) else None)
        page.on("crash", lambda _: complain("The page crashed."))
        return page

    def _is_abroad(self, asked: Request) -> bool:
        return not asked.url.startswith((f"{self._address}/", "data:", "blob:", "about:"))

    def picture(self, folder: Path) -> None:
        """Keep what every window shows, and say where: a test failed."""
        for number, page in enumerate(self._pages):
            with suppress(Error):
                page.screenshot(path=folder / f"window-{number}.png")
                print(f"window-{number}: {page.url}, see {folder}/window-{number}.png")  # noqa: T201 - for the report

    def close(self) -> None:
        """Close every window."""
        for page in self._pages:
            page.context.close()


def _written(said: ConsoleMessage) -> str:
    return f"{said.text} ({said.location.get('url', '')})"
