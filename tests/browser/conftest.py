"""A real Chromium in front of a real stage; without one, every test below this folder is skipped and says why.

``BROADCAST_BROWSER=required`` makes what is missing an error, so that no check can skip them unnoticed.
"""

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.playground.page.front import Front
from bot.playground.stage import Stage

if TYPE_CHECKING:  # Playwright is optional: where it is missing, this folder's tests are not even read
    from browser.windows import Windows
    from playwright.sync_api import Browser, Page

NEEDED = "needs Chromium (on Debian and Ubuntu: apt-get install chromium) and Playwright (pip install -e '.[dev]')"
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is Debian's Chromium without the parts around a window, which nobody sees here: a third faster."""
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
RULES: Mapping[str, Any] = {"veto": "2s"}
"""How the stage is put up, in the words of ``Stage``; a module's own ``RULES`` say more, or otherwise."""


def program() -> str:
    """Name the browser's program; an empty string says that there is none."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), "")
    return found if shutil.which(found) else ""


def is_ready() -> bool:
    """Tell whether there is a browser and the way to steer it."""
    parts = ("playwright", "axe_playwright_python")
    return bool(program()) and all(importlib.util.find_spec(part) for part in parts)


class Unread(pytest.Module):
    """Stand for a module of tests that cannot run here."""

    def collect(self) -> Iterator[pytest.Item]:
        """Skip, or fail where a browser is required."""
        if os.environ.get("BROADCAST_BROWSER") == "required":
            pytest.fail(NEEDED, pytrace=False)
        pytest.skip(NEEDED, allow_module_level=True)


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    return None if is_ready() else Unread.from_parent(parent, path=module_path)


def pytest_itemcollected(item: pytest.Item) -> None:
    item.add_marker("browser")


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """Start one Chromium for all tests of a worker."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=list(SWITCHES))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def stage_rules(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Say how this module's stage is put up."""
    return {**RULES, **getattr(request.module, "RULES", {})}


@pytest.fixture(scope="module")
def stage(stage_rules: dict[str, Any]) -> Iterator[Stage]:
    """Put up a stage with the page before it; in the end, nothing failed inside and no push was executed twice."""
    with Stage(**stage_rules) as stage, Front(stage):
        yield stage
        executed = stage.mpaas.journal.executed_by_msgkey()
        assert {key: times for key, times in executed.items() if times > 1} == {}
        assert [*stage.slack.failures, *stage.mpaas.failures] == []


@pytest.fixture
def windows(chromium: "Browser", stage: Stage, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator["Windows"]:
    """Give a place for windows; in the end they are closed, and none of them had anything to complain about."""
    from browser.windows import Windows

    windows = Windows(chromium, stage.slack.address)
    for person in stage.slack.people():
        for view in stage.slack.views(person.id)[:1]:  # what an earlier test left open would lie over everything
            stage.slack.close(person.id, stage.slack.view(view.owner), clear=True)
    yield windows
    if request.node.stash.get(FAILED, False):
        windows.picture(tmp_path)
    windows.close()
    assert windows.complaints == []


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture
def open_page(windows: "Windows") -> Callable[..., "Page"]:
    """Open windows of people: ``open_page("U02BO")``; see ``Windows.open`` for the options."""
    return windows.open


@pytest.fixture
def blank_page(windows: "Windows") -> "Page":
    """Open a window at the playground's address with nothing drawn in it, for modules that are tried alone."""
    return windows.blank()
