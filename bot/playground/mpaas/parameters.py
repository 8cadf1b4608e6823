"""Reading the simulated service's parameters: the form body to text, text to numbers, JSON maps and choices.

Which parameters an action takes and how they hang together belongs to ``rules`` and ``actions``.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from pydantic import JsonValue

from bot.playground.mpaas.results import Failure, invalid

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,18})")
_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")


def read_form(body: bytes) -> dict[str, str]:
    """Return the body's parameters. Raises ``Failure``: 3031 when it is not UTF-8, 3028 when it is no clean form."""
    parameters: dict[str, str] = {}
    for pair in body.split(b"&") if body else ():
        name, equals, value = (_unescaped(part) for part in pair.partition(b"="))
        if not equals or not name or name in parameters:
            raise invalid(f"{name or 'a parameter'} is malformed or repeated")
        parameters[name] = value
    return parameters


def _unescaped(part: bytes) -> str:
    if _BAD_ESCAPE.search(part):
        raise invalid("a percent escape is malformed")
    try:
        return unquote_to_bytes(part.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        raise Failure("3031", "REQUEST_SHOULD_BE_UTF8") from None


def read_json(name: str, text: str) -> JsonValue:
    """Return ``text`` read as strict JSON (no NaN, no repeated keys). Raises ``Failure`` 3028."""
    try:
        value: JsonValue = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
        json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate is no text
    except (ValueError, RecursionError):
        raise invalid(f"{name} is not JSON") from None
    return value


def _once(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key is repeated")
    return dict(pairs)


def _no_constant(text: str) -> JsonValue:
    raise ValueError(f"{text} is not JSON")


@dataclass(frozen=True, slots=True)
class Parameters:
    """Read named parameters; an empty value counts as one that was not given."""

    given: Mapping[str, str] = field(default_factory=dict)

    def only(self, known: Collection[str], prefixes: tuple[str, ...] = ()) -> None:
        """Refuse names that the action does not know; dotted names under ``prefixes`` are known."""
        for name in self.given:
            if name not in known and not name.startswith(prefixes):
                raise invalid(f"unknown parameter {name}")

    def text(self, name: str) -> str:
        """Return the value, or "" when it was not given."""
        return self.given.get(name, "")

    def needed(self, name: str) -> str:
        """Return the value. Raises ``Failure`` 3028 when it was not given."""
        if not self.text(name):
            raise invalid(f"{name} is required")
        return self.text(name)

    def integer(self, name: str, allowed: Collection[int] | None = None) -> int | None:
        """Return the whole number, or None when it was not given. Raises ``Failure`` 3028."""
        text = self.text(name)
        if not text:
            return None
        if not _INTEGER.fullmatch(text) or (allowed is not None and int(text) not in allowed):
            raise invalid(f"{name} must be {'one of ' + str(sorted(allowed)) if allowed else 'a whole number'}")
        return int(text)

    def number(self, name: str, allowed: Collection[int] | None = None) -> int:
        """Return the whole number that must be there. Raises ``Failure`` 3028."""
        self.needed(name)
        value = self.integer(name, allowed)
        return 0 if value is None else value

    def choice(self, name: str, allowed: Collection[str]) -> str:
        """Return the word, one of ``allowed``, or "" when it was not given. Raises ``Failure`` 3028."""
        if self.text(name) and self.text(name) not in allowed:
            raise invalid(f"{name} must be one of {sorted(allowed)}")
        return self.text(name)

    def mapping(self, name: str) -> dict[str, JsonValue] | None:
        """Return the JSON object, or None when it was not given. Raises ``Failure`` 3028."""
        if not self.text(name):
            return None
        value = read_json(name, self.text(name))
        if not isinstance(value, dict):
            raise invalid(f"{name} must be a JSON object")
        return value

    def texts(self, name: str) -> dict[str, str]:
        """Return the JSON object whose values are all text; {} when it was not given. Raises ``Failure`` 3028."""
        mapping = self.mapping(name) or {}
        texts = {key: value for key, value in mapping.items() if isinstance(value, str)}
        if len(texts) < len(mapping):
            raise invalid(f"the values in {name} must be strings")
        return texts

    def nested(self, name: str) -> dict[str, JsonValue] | None:
        """Return an object given as a JSON string, or flattened to dotted names as the vendor's SDK does it."""
        flat = self._dotted(name)
        if flat and self.text(name):
            raise invalid(f"{name} is given in two forms")
        return flat or self.mapping(name)

    def _dotted(self, name: str) -> dict[str, JsonValue]:
        root: dict[str, JsonValue] = {}
        for key, value in sorted(self.given.items()):
            if key.startswith(f"{name}."):
                _plant(root, key.split(".")[1:], value)
        return root


def _plant(root: dict[str, JsonValue], path: list[str], value: str) -> None:
    """Put ``value`` at ``path``; list items keep their numbers as keys, since nobody here reads them."""
    for step in path[:-1]:
        branch = root.setdefault(step, {})
        if not isinstance(branch, dict):
            raise invalid(f"{'.'.join(path)} is both a value and a map")
        root = branch
    if not all(path) or path[-1] in root:
        raise invalid(f"{'.'.join(path)} is malformed")
    root[path[-1]] = value
