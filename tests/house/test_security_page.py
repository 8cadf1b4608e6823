"""Every threat of the security page names tests, and they exist."""

import ast
import re

import pytest
from house import tree

PAGE = (tree.ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith(("| who |", "| ---"))]
NAMED = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", "\n".join(ROWS))


def defined_in(path: str) -> set[str]:
    found = ast.walk(tree.parsed(tree.ROOT / path))
    return {node.name for node in found if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


@pytest.mark.parametrize(("path", "function"), NAMED, ids=["::".join(one) for one in NAMED])
def test_each_test_that_is_named_exists(path: str, function: str) -> None:
    assert (tree.ROOT / path).is_file()
    assert defined_in(path)
    assert not function or function in defined_in(path)


@pytest.mark.parametrize("row", ROWS)
def test_each_row_says_who_what_how_and_by_which_test(row: str) -> None:
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert len(cells) == len(["who", "what", "control", "test"])
    assert all(cells)
    assert re.search(r"`tests/[\w/]+\.py", cells[-1])


def test_there_are_rows_and_it_says_what_is_not_defended() -> None:
    assert len(ROWS) > 15
    assert "## What is not defended" in PAGE
