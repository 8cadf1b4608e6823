"""Where variables come from: the process's environment, which wins, and a file ``.env``; each as its writers mean it.

Docker's ``--env-file`` and Kubernetes keep quotes, python-dotenv takes them off; an editor may save a byte order mark.
What might be meant otherwise than it is written is not taken: the variable gets a doubt, the end of a sentence, and who
needs that variable is told so. A doubt about a variable that nobody reads is nobody's concern.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Final, Self

from dotenv import dotenv_values
from dotenv.parser import Binding, parse_stream

from bot.errors import SettingsError
from bot.settings import text_files

DOTENV: Final = ".env"

_QUOTED: Final = re.compile(r"""(["'`]).*\1|\u201c.*\u201d|\u2018.*\u2019""", re.DOTALL)
_KEPT_QUOTES: Final = "is in quotes, which docker --env-file and Kubernetes keep: write it without"
_REFERS: Final = (
    "holds ${...} in .env, in whose place earlier versions put another variable or nothing, and this one puts nothing: "
    "write out the value as it was until now, or set a value with ${ in it outside of .env"
)


@dataclass(frozen=True)
class Variables:
    """Hold every variable, and for those whose value is in doubt the end of the sentence that says why."""

    values: Mapping[str, str]
    doubts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_process(cls, environ: Mapping[str, str]) -> Self:
        """Take a process's environment as it is."""
        values = {name: as_utf8(value) for name, value in environ.items()}
        return cls(values, {name: _KEPT_QUOTES for name, value in values.items() if _QUOTED.fullmatch(value.strip())})

    @classmethod
    def of_dotenv(cls, path: Path) -> Self:
        """Read a file ``.env`` where there is one; raise SettingsError with the place of what cannot be read in it."""
        try:
            text = text_files.read(path) if _is_there(path) else ""
        except ValueError as error:
            raise SettingsError(f"{DOTENV}{error}") from None
        bindings = list(parse_stream(StringIO(text)))
        if wrong := [_line(each) for each in bindings if each.error]:
            sentence = "is not NAME=VALUE, or a quote in it does not end."
            raise SettingsError(*(f"{DOTENV}, line {line}: {sentence}" for line in wrong))
        values = {each.key: each.value for each in bindings if each.key and each.value is not None}
        return cls(values, dict(_changed(text, values)) | dict(_twice(bindings)))

    def under(self, winner: "Variables") -> "Variables":
        """Join with variables that win over these."""
        own = {name: doubt for name, doubt in self.doubts.items() if name not in winner.values}
        return Variables({**self.values, **winner.values}, own | dict(winner.doubts))


def _is_there(path: Path) -> bool:
    try:
        return path.exists() and not path.is_dir()  # a virtual environment may have that name
    except PermissionError:  # a folder that this user may not enter has no settings for him
        return False


def as_utf8(text: str) -> str:
    """Read as UTF-8 what Python, in a terminal whose locale knows no such letters, took for bytes."""
    with suppress(UnicodeError):
        return os.fsencode(text).decode() if any("\udc80" <= letter <= "\udcff" for letter in text) else text
    return text


def _line(binding: Binding) -> int:
    """Say in which line something is said: what was read begins with the blank lines before it."""
    before = len(binding.original.string) - len(binding.original.string.lstrip())
    return binding.original.line + binding.original.string[:before].replace("\r\n", "\n").count("\n")


def _changed(text: str, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Find the values in which python-dotenv would put something else in the place of ``${...}``."""
    for name, replaced in dotenv_values(stream=StringIO(text), interpolate=True).items():
        if replaced != values.get(name):
            yield name, _REFERS


def _twice(bindings: list[Binding]) -> Iterator[tuple[str, str]]:
    first: dict[str, Binding] = {}
    for each in bindings:
        if each.key and first.setdefault(each.key, each).value != each.value:
            lines = f"lines {_line(first[each.key])} and {_line(each)}"
            yield each.key, f"stands in {DOTENV} with two values, in {lines}: keep one of them"
