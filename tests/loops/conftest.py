"""What the tests of the two loops share: one bench for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from operations.bench import Bench

from bot.store.store import RequestStore


@pytest.fixture
def bench(store: RequestStore, tmp_path: Path) -> Iterator[Bench]:
    with Bench(store, tmp_path) as bench:
        yield bench
