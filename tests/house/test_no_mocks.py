"""Clocks, ids and transports are arguments, so that no test needs a mock, a patch or a pause."""

import ast
from collections.abc import Iterator

import pytest
from house import tree

MOCKS = ("unittest.mock", "mock", "pytest_mock", "freezegun", "time_machine", "fakeredis", "responses", "respx")
PATCHES = frozenset({"monkeypatch", "mocker"})
PAUSES = frozenset({"time.sleep", "asyncio.sleep"})


def breaches(module: ast.Module) -> Iterator[str]:
    """Give every way in which a test replaces something behind the product's back, or waits for luck."""
    imported = tree.imports_in(module)
    yield from (name for name in imported if name in PAUSES or name.startswith(tuple(f"{mock}." for mock in MOCKS)))
    yield from imported & set(MOCKS)
    for node in ast.walk(module):
        match node:
            case ast.arg(arg=name) if name in PATCHES:
                yield name
            case ast.Attribute(value=ast.Name(id="pytest"), attr="MonkeyPatch"):
                yield "pytest.MonkeyPatch"
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name)) if f"{owner}.{name}" in PAUSES:
                yield f"{owner}.{name}"


def test_no_test_mocks_patches_or_pauses() -> None:
    found = {tree.name_of(path): sorted(set(breaches(tree.parsed(path)))) for path in tree.tests()}
    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "source",
    [
        "from unittest.mock import Mock",
        "from unittest import mock",
        "import unittest.mock as m",
        "import fakeredis",
        "def test_x(monkeypatch): ...",
        "def test_x(*, mocker): ...",
        "with pytest.MonkeyPatch.context() as m: ...",
        "import time\ntime.sleep(1)",
        "from time import sleep",
        "async def f():\n    await asyncio.sleep(1)",
    ],
)
def test_each_way_to_do_it_would_be_found(source: str) -> None:
    assert list(breaches(ast.parse(source)))


def test_reading_a_clock_or_waiting_for_an_event_is_none_of_them() -> None:
    assert list(breaches(ast.parse("import time\ntime.monotonic()\nchanged.wait(timeout=5)"))) == []
