"""The catalogue is complete, nothing in it is dead, and no sentence for people stands anywhere else in the views."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest
from places import ROOT

from bot.views.wording import WORDS, say

VIEWS = sorted((ROOT / "bot" / "views").glob("*.py"))
# The command's reader says its refusals where it finds them, like the rules of the domain.
SILENT = [path for path in VIEWS if not path.stem.startswith(("wording", "command", "quoting", "__init__"))]
SPEAKING = [*VIEWS, *(ROOT / "handlers").glob("*.py")]


ANY_PART = r"\w+(?:[.:]\w+)*"


def trees(paths: list[Path]) -> list[tuple[str, ast.Module]]:
    return [(path.stem, ast.parse(path.read_text(encoding="utf-8"))) for path in paths]


def patterns_of(node: ast.expr) -> list[str]:
    """Turn the first argument of ``say`` into patterns of keys: f-strings match any part."""
    match node:
        case ast.Constant(value=str(key)):
            return [re.escape(key)]
        case ast.JoinedStr(values=values):
            parts = [re.escape(str(part.value)) if isinstance(part, ast.Constant) else ANY_PART for part in values]
            return ["".join(parts)]
        case ast.IfExp(body=body, orelse=orelse):
            return [*patterns_of(body), *patterns_of(orelse)]
        case ast.Name(id="key") | ast.Subscript(value=ast.Name()):
            return []  # one of the constants or of the table beside it, which are strings of this module
    raise AssertionError(ast.dump(node))


def said() -> set[str]:
    found = set[str]()
    for name, tree in trees(SPEAKING):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                found |= set(patterns_of(node.args[0]))
            is_text = name != "wording" and isinstance(node, ast.Constant) and isinstance(node.value, str)
            if is_text and node.value in WORDS:  # type: ignore[attr-defined]
                found.add(re.escape(node.value))  # type: ignore[attr-defined]
    return found


def test_every_key_that_is_said_is_in_the_catalogue() -> None:
    assert [pattern for pattern in said() if not any(re.fullmatch(pattern, key) for key in WORDS)] == []


def test_every_sentence_of_the_catalogue_is_said_somewhere() -> None:
    patterns = said()
    assert [key for key in WORDS if not any(re.fullmatch(pattern, key) for pattern in patterns)] == []


def docstrings(tree: ast.Module) -> set[int]:
    """Name the strings that stand alone: they document, they are not shown."""
    return {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def test_no_sentence_for_people_stands_outside_the_catalogue() -> None:
    found = []
    for name, tree in trees(SILENT):
        silent = docstrings(tree)
        for node in ast.walk(tree):
            is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent
            if is_text and re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", node.value):  # type: ignore[attr-defined]
                found.append((name, ast.unparse(node)))
    assert found == []


@pytest.mark.parametrize("key", WORDS)
def test_a_sentence_has_only_named_parts(key: str) -> None:
    assert all(part is None or re.fullmatch(r"[a-z_]+", part) for _, part, _, _ in Formatter().parse(WORDS[key]))


def test_a_missing_key_or_part_is_a_mistake_of_the_program() -> None:
    with pytest.raises(KeyError):
        say("no.such.key")
    with pytest.raises(KeyError):
        say("range", start="now")


def test_a_part_may_contain_braces() -> None:
    assert say("range", start="{end}", end="{x}") == "{end} and {x}"


def test_emoji_come_after_the_words_if_at_all() -> None:
    assert [key for key, words in WORDS.items() if words and not (words[0].isascii() or words[0] in "“•")] == []
