"""What no kept file may say: where somebody's packages came from, and how somebody's machine is laid out."""

import re
from pathlib import Path

import pytest
from house import tree

FORBIDDEN = {
    "the host of a package registry": re.compile(
        r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|registry\.yarnpkg\.com|proxy\.golang\.org|"
        r"\b(?:pypi|pip|npm|registry|mirrors?)\.[a-z0-9-]+\.(?:com|cn|org|net|io|dev)\b|"
        r"(?:extra-)?index[-_]url\s*=\s*[\"']?http"
    ),
    "a path of somebody's machine": re.compile(
        r"(?<![\w.~$}/-])/(?:work|root|home/[a-z]|Users/[A-Za-z]|opt/pypi)[\w.-]*/"
    ),
}


def found_in(text: str) -> list[str]:
    return [f"{what}: {hit.group()}" for what, shape in FORBIDDEN.items() for hit in shape.finditer(text)]


def is_text(path: Path) -> bool:
    return b"\0" not in path.read_bytes()[:8_000]


@pytest.mark.skipif(not (tree.ROOT / ".git").exists(), reason="only a git checkout knows which files are kept")
def test_no_kept_file_names_a_registry_or_a_machine() -> None:
    files = [path for path in tree.kept_files() if is_text(path)]
    assert files
    texts = {tree.name_of(path): path.read_text(encoding="utf-8", errors="replace") for path in files}
    assert {name: hits for name, text in texts.items() if (hits := found_in(text))} == {}


@pytest.mark.parametrize(
    "parts",
    [
        ("https://py", "pi.org/simple"),
        ("files.python", "hosted.org"),
        ('"resolved": "htt', "ps://registry.npm", 'js.org/left-pad"'),
        ("mirrors.", "example.com"),
        ("index-", "url = https://packages.example"),
        ("see /", "work/main/bot"),
        ("'/", "root/.cache/'"),
        ("in /", "home/ana/bot"),
        ("in /", "Users/Ana/bot"),
    ],
)
def test_what_must_not_be_kept_would_be_found(parts: tuple[str, ...]) -> None:
    """The samples are in parts, or this very file would be found."""
    assert found_in("".join(parts))


@pytest.mark.parametrize(
    "text", ["bot/worker.py", "https://docs.slack.dev/work/with", "homework/", "/healthz", "var/root/x"]
)
def test_ordinary_words_are_not_found(text: str) -> None:
    assert found_in(text) == []
