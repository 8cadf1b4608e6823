"""Every test here plays with real processes that are killed or lied to: minutes together, so it has its own command."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is collected here."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.long)
