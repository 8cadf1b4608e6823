"""What is in the house: the files, functions and names that the house tests look at."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Function:
    """One function, where it stands and how many lines it has, its docstring included."""

    module: str
    name: str
    lines: int
    arguments: frozenset[str]

    @property
    def place(self) -> str:
        return f"{self.module}::{self.name}"


def product(suffix: str = ".py") -> list[Path]:
    """Give the files that are shipped."""
    return sorted(path for folder in ("bot", "handlers") for path in (ROOT / folder).rglob(f"*{suffix}"))


def modules_of_the_page() -> list[Path]:
    """Give the page's own modules; what is vendored is others' work."""
    return [path for path in product(".js") if "vendor" not in path.parts]


def tests() -> list[Path]:
    return sorted((ROOT / "tests").rglob("*.py"))


def name_of(path: Path) -> str:
    """Name a file as people do: from the root, with slashes."""
    return path.relative_to(ROOT).as_posix()


def length(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=name_of(path))


def functions_in(tree: ast.Module, module: str) -> Iterator[Function]:
    """Give every function of a module, methods and inner ones too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            yield Function(module, node.name, lines, frozenset(argument.arg for argument in every))


def imports_in(tree: ast.Module) -> set[str]:
    """Give the dotted names that a module imports, wherever in it."""
    found = set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def dotted_names_in(tree: ast.Module) -> set[str]:
    """Give what a module imports by name or reaches through one dot, such as ``os.environ``."""
    dots = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name))
    return imports_in(tree) | {f"{node.value.id}.{node.attr}" for node in dots if isinstance(node.value, ast.Name)}


def kept_files() -> list[Path]:
    """Give what git keeps or is about to keep; generated and private files are none of our business."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True, timeout=30).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]
