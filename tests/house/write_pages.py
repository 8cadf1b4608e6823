"""Every document that is made from the code: ``make docs`` writes them, ``test_pages.py`` holds them up to date."""

import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # run as a script, it must find the project and its neighbours

from house import commands_page, lifecycle_page, settings_pages  # noqa: E402 - after the path is known

from bot.views.manifest import manifest, written  # noqa: E402 - after the path is known

PAGES: dict[str, Callable[[], str]] = {
    **settings_pages.PAGES,
    **lifecycle_page.PAGES,
    **commands_page.PAGES,
    "manifest.json": lambda: written(manifest(socket_mode=True)),
}


if __name__ == "__main__":
    for place, render in PAGES.items():
        (ROOT / place).write_text(render(), encoding="utf-8")
