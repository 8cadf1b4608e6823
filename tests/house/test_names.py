"""What things are called, and that every module has its test."""

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
from house import tree

# Words that name nothing: whoever reads them knows no more than before.
EMPTY_WORDS = frozenset({"manager", "managers", "helper", "helpers", "util", "utils", "utility", "service", "services"})
# In Unix and in this project a process is something that can be killed; only a module about such a one is called so.
EMPTY_MODULE_WORDS = EMPTY_WORDS | {"process", "processor"}
ABOUT_PROCESSES = frozenset({"bot/playground/bot_process.py"})
FEWEST_WORDS = 3

# Modules without a test of their own name: pattern -> (the tests that hold them, why there).
TESTED_ELSEWHERE = {
    "bot/__main__.py": ("tests/test_cli.py", "one line, started by the tests of the command line"),
    "bot/settings/complaints.py": ("tests/settings/test_settings.py", "its sentences are read where people meet them"),
    "bot/playground/cast.py": ("tests/playground/slack/test_people.py", "plain data, and every test's people"),
    "bot/playground/slack/*.py": ("tests/playground/slack/test_*.py", "parts of one simulator, driven by Slack's SDK"),
    "bot/playground/mpaas/*.py": (
        "tests/playground/mpaas/test_*.py",
        "parts of one simulator, driven by the vendor's SDK",
    ),
    "handlers/__init__.py": ("tests/house/test_listeners.py", "only registers; the test compares names and listeners"),
}


def has_twin(module: str) -> bool:
    """Tell whether ``bot/domain/states.py`` has its ``tests/domain/test_states.py`` or ``test_states_*.py``."""
    path = Path(module.replace("/__init__.py", ".py"))
    parent = path.parent if path.parts[0] == "handlers" else Path(*path.parent.parts[1:])
    # The two loops have a folder of their own, because their tests need real processes.
    folders = [parent] if parent.parts else [parent, Path("loops")]
    places = [tree.ROOT / "tests" / folder for folder in folders]
    return any([*place.glob(f"test_{path.stem}.py"), *place.glob(f"test_{path.stem}_*.py")] for place in places)


def says_something(path: Path) -> bool:
    """Tell whether a module does more than to stand for its package."""
    return path.name != "__init__.py" or any(
        isinstance(node, ast.FunctionDef | ast.ClassDef) for node in tree.parsed(path).body
    )


def words(name: str) -> set[str]:
    """Take a name apart: ``StoreManager`` and ``store_manager`` both say store and manager."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)}


def named_tests(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield node.name


def is_sentence(name: str) -> bool:
    return re.fullmatch(rf"test(?:_[a-z0-9]+){{{FEWEST_WORDS},}}", name) is not None


def test_every_module_has_its_test_or_says_where_it_is_tested() -> None:
    modules = [tree.name_of(path) for path in tree.product() if says_something(path)]
    alone = [module for module in modules if not has_twin(module)]
    assert [module for module in alone if not any(fnmatch(module, row) for row in TESTED_ELSEWHERE)] == []


@pytest.mark.parametrize(("pattern", "row"), TESTED_ELSEWHERE.items(), ids=TESTED_ELSEWHERE)
def test_where_a_module_is_said_to_be_tested_there_are_tests(pattern: str, row: tuple[str, str]) -> None:
    assert list(tree.ROOT.glob(pattern))
    assert list(tree.ROOT.glob(row[0]))


def test_no_module_has_a_name_that_says_nothing() -> None:
    paths = [*tree.product(".py"), *tree.product(".lua")]
    found = {tree.name_of(path) for path in paths if words(path.stem) & EMPTY_MODULE_WORDS}
    assert found == ABOUT_PROCESSES


def test_no_class_has_a_name_that_says_nothing() -> None:
    found = [
        f"{tree.name_of(path)}::{node.name}"
        for path in tree.product()
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.ClassDef) and words(node.name) & EMPTY_WORDS
    ]
    assert found == []


def test_the_names_of_tests_are_sentences() -> None:
    every = [(tree.name_of(path), name) for path in tree.tests() for name in named_tests(tree.parsed(path))]
    assert every
    assert [f"{path}::{name}" for path, name in every if not is_sentence(name)] == []


@pytest.mark.parametrize("name", ["StoreManager", "store_utils", "HTTPService", "HelperThing"])
def test_an_empty_word_is_found_in_either_spelling(name: str) -> None:
    assert words(name) & EMPTY_WORDS


@pytest.mark.parametrize("name", ["test_send", "test_it", "test_Client_sends_it", "test_a__b_c_d"])
def test_what_is_no_sentence_is_told_from_one(name: str) -> None:
    assert not is_sentence(name)
    assert is_sentence("test_what_is_no_sentence_is_told_from_one")
