"""What the other tests here stand on: a browser that complains aloud, or a sentence that says what is missing."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from browser.windows import PATIENCE, Windows
from playwright.sync_api import Browser, Page

from bot.playground.stage import Stage

ROOT = Path(__file__).parents[2]
ONE_TEST = "tests/browser/test_conftest.py::test_a_window_shows_the_page_of_its_person"


def test_a_window_shows_the_page_of_its_person(windows: Windows) -> None:
    page = windows.open("U02BO")
    assert page.locator(".frame").get_attribute("data-person") == "U02BO"
    assert page.evaluate("JSON.parse(localStorage.getItem('broadcast-playground')).tour") == "dismissed"


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("console.error('broken')", "broken"),
        ("setTimeout(() => { throw new Error('thrown'); })", "thrown"),
        ("const it = document.createElement('script'); it.textContent = '1'; document.head.append(it)", "script-src"),
        ("fetch('/assets/nothing.js')", "404"),
        ("fetch('http://127.0.0.1:9/').catch(() => 0)", "connect-src"),
        ("open('http://127.0.0.1:9/')", "asked http://127.0.0.1:9/"),
    ],
)
def test_a_complaint_of_a_window_is_heard(chromium: Browser, stage: Stage, script: str, complaint: str) -> None:
    windows = Windows(chromium, stage.slack.address)
    page = windows.open()
    page.evaluate(f"() => {{ {script} }}")
    until = time.monotonic() + PATIENCE / 1000
    while not any(complaint in heard for heard in windows.complaints):
        page.evaluate("() => new Promise(requestAnimationFrame)")  # lets what was told arrive
        assert time.monotonic() < until, windows.complaints
    windows.close()


def test_a_provoked_complaint_can_be_allowed(windows: Windows) -> None:
    page = windows.open(allow=("404",))
    page.evaluate("() => fetch('/assets/nothing.js').then((answer) => answer.status)")


def test_a_blank_window_has_the_address_and_nothing_drawn(blank_page: Page, stage: Stage) -> None:
    assert blank_page.url == f"{stage.slack.address}/"
    assert blank_page.locator(".frame").count() == 0
    assert blank_page.evaluate("() => import('/assets/core/state.js').then((it) => it.EMPTY.connected)") is False


def without_a_browser(**environ: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", ONE_TEST]
    environ = {**os.environ, "CHROMIUM": "/nowhere/chromium", **environ}
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=60)


def test_without_a_browser_they_are_skipped_with_the_reason() -> None:
    told = without_a_browser(BROADCAST_BROWSER="")
    assert "needs Chromium" in told.stdout
    assert "1 skipped" in told.stdout


def test_where_a_browser_is_required_its_absence_fails() -> None:
    told = without_a_browser(BROADCAST_BROWSER="required")
    assert told.returncode != 0
    assert "needs Chromium" in told.stdout
