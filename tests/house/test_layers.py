"""Who may import whom: the contracts stand in pyproject.toml and import-linter judges them."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from house import tree

# One line that breaks each contract, and where.
VIOLATIONS = {
    "Imports point down only": ("bot/domain/states.py", "import bot.store"),
    "Conversations do not know each other": ("handlers/settle.py", "import handlers.halt"),
    "The core does no I/O, reads no clock and throws no dice": ("bot/views/ids.py", "import random"),
    "One door to Redis": ("bot/worker.py", "import redis"),
    "One door to HTTP": ("bot/health.py", "import httpx"),
    "One door to the environment": ("bot/wiring.py", "import os"),
    "Bolt stays outside": ("bot/operations/__init__.py", "import slack_bolt"),
}


def contracts() -> list[dict[str, object]]:
    settings = tomllib.loads((tree.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[dict[str, object]] = settings["tool"]["importlinter"]["contracts"]
    return found


def lint(directory: Path) -> subprocess.CompletedProcess[str]:
    command: list[str | Path] = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=directory, capture_output=True, check=False, text=True, timeout=120)


def verdicts(output: str) -> dict[str, str]:
    return {name.strip(): verdict for name, verdict in re.findall(r"^(.+?) (KEPT|BROKEN)\b", output, re.MULTILINE)}


def test_every_contract_is_kept() -> None:
    result = lint(tree.ROOT)
    assert result.returncode == 0, result.stdout + result.stderr
    assert verdicts(result.stdout) == {str(contract["name"]): "KEPT" for contract in contracts()}


def test_every_contract_breaks_when_one_line_goes_against_it(tmp_path: Path) -> None:
    shutil.copy(tree.ROOT / "pyproject.toml", tmp_path)
    for package in ("bot", "handlers"):
        shutil.copytree(tree.ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    for place, line in VIOLATIONS.values():
        path = tmp_path / place
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    assert verdicts(lint(tmp_path).stdout) == dict.fromkeys(VIOLATIONS, "BROKEN")


def test_every_part_of_the_bot_stands_in_a_layer() -> None:
    (layers,) = [contract["layers"] for contract in contracts() if contract["type"] == "layers"]
    assert isinstance(layers, list)
    known = {part.strip() for layer in layers for part in layer.split("|")}
    parts = {f"bot.{path.stem}" for path in (tree.ROOT / "bot").glob("*.py") if path.name != "__init__.py"}
    parts |= {f"bot.{path.parent.name}" for path in (tree.ROOT / "bot").glob("*/__init__.py")}
    assert parts | {"handlers"} == known


def test_the_environment_is_read_by_the_command_line_and_passed_on() -> None:
    """Hold what import-linter cannot say: ``os`` is also files and processes."""
    readers = {"os.environ", "os.getenv", "os.environb", "os.putenv"}
    found = {tree.name_of(path) for path in tree.product() if readers & tree.dotted_names_in(tree.parsed(path))}
    assert {name for name in found if not name.startswith("bot/playground/")} <= {"bot/cli.py", "bot/cli/__init__.py"}


@pytest.mark.parametrize("path", sorted((tree.ROOT / "bot" / "views").rglob("*.py")), ids=tree.name_of)
def test_views_take_models_from_the_sdk_of_slack_and_nothing_else(path: Path) -> None:
    """Hold what import-linter cannot say: it sees another project as one piece."""
    used = {name for name in tree.imports_in(tree.parsed(path)) if name.split(".")[0] == "slack_sdk"}
    assert all(name.startswith("slack_sdk.models") for name in used), used
