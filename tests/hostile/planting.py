"""Put a text into every place of a value where a text can be, whatever the rules say: the store may hold anything."""

from collections.abc import Mapping
from dataclasses import is_dataclass, replace
from enum import Enum
from typing import Any

from pydantic import BaseModel

OWN_WORDS = {
    "id": "the bot mints it, and reads it strictly wherever it comes back",
    "digest": "a hash the bot makes",
    "kind": "tells which member of a union it is",
    "when": "one of three words, checked when it is read",
    "waiting_for": "the code of a gate",
    "code_of_gate": "the code of a gate",
}
"""Fields that hold no word from outside, with the reason."""


def planted(value: Any, text: str, *, name: str = "") -> Any:
    """Give the value with the text in place of every text in it, in keys of mappings too."""
    if isinstance(value, BaseModel):
        fields = {field: planted(getattr(value, field), text, name=field) for field in type(value).model_fields}
        return type(value).model_construct(**fields)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field: planted(part, text, name=field) for field, part in vars(value).items()})
    if isinstance(value, tuple | frozenset):
        return type(value)(planted(part, text) for part in value)
    if isinstance(value, Mapping):
        return {key if isinstance(key, Enum) else text: planted(part, text) for key, part in value.items()}
    is_text = isinstance(value, str) and not isinstance(value, Enum) and name not in OWN_WORDS
    return text if is_text else value


def texts_in(value: Any) -> int:
    """Count the places of a value in which the text of ``planted`` would stand."""
    if isinstance(value, BaseModel):
        return sum(texts_in(getattr(value, field)) for field in type(value).model_fields if field not in OWN_WORDS)
    if isinstance(value, Mapping):
        return sum(texts_in(part) + (not isinstance(key, Enum)) for key, part in value.items())
    if isinstance(value, tuple | frozenset):
        return sum(map(texts_in, value))
    return isinstance(value, str) and not isinstance(value, Enum)
