"""What every part of the side must stand: narrow and wide windows, light and dark, and people who do not see it."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

NARROW = 900
"""Pixels below which the page shows one pane at a time."""


def looks_right_everywhere(page: Page) -> None:
    """Check the side in windows of both sizes and themes: nothing runs out of it, axe-core finds nothing serious."""
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 900})
        if width < NARROW:
            page.locator(".frame-pane[data-pane=side]").click()
        panel = page.locator("#side-panel")
        assert panel.evaluate("(panel) => panel.scrollWidth <= panel.clientWidth"), f"runs out at {width} px"
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found = Axe().run(page, context="#side-panel").response["violations"]
            serious = [one for one in found if one["impact"] in ("serious", "critical")]
            assert [(one["id"], [node["html"] for node in one["nodes"][:3]]) for one in serious] == []
