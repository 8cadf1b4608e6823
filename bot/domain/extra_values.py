"""How the text of one parameter becomes its value: a choice, a text, a JSON object, a map of vendors.

Makers of parse functions: each gives a function from text to value that raises Refused with a sentence. Which
parameter takes what is in the table of ``bot.domain.extras``.
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.words import either, meant, quoted, refusal
from bot.errors import Refused

ExtraValue = str | int | dict[str, Any]
Parse = Callable[[str, str], ExtraValue]
"""From a parameter's wire name and what was written to its value; raises Refused."""

MOST_KEYS = 20
"""Keys of ExtendedParams (result code 3035, help page 2871134)."""

RESERVED_KEYS = ("notifyType", "action", "silent", "pushType", "templateCode", "channel", "taskId")
"""Keys that ExtendedParams must not use (help page 2871133)."""

_STRAIGHT_QUOTES = str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u201f\uff02", '"'))


@dataclass(frozen=True)
class Choice:
    """One allowed value: what goes on the wire, what people read, and who says so."""

    value: int | str
    label: str
    source: str


def choice_of(choices: tuple[Choice, ...]) -> Parse:
    """Accept one of the values, in any case, or its label."""

    def parse(name: str, text: str) -> ExtraValue:
        said = text.strip().casefold()
        for choice in choices:
            if said in {str(choice.value).casefold(), choice.label.casefold()}:
                return choice.value
        allowed = either(f"{choice.value} ({choice.label})" for choice in choices)
        raise _no(name, "choice", f"{quoted(text)} is not a value of {name}: {allowed}.", word=text)

    return parse


def any_text(name: str, text: str) -> ExtraValue:
    """Accept text on one line."""
    said = text.strip()
    if not said or not said.isprintable():
        why = "is empty" if not said else "holds a line break or an invisible character"
        raise _no(name, "text", f"{name} {why}: write plain text on one line.", word=text)
    return said


def text_or_json(name: str, text: str) -> ExtraValue:
    """Accept text as it stands; text that begins like JSON must be JSON."""
    said = text.strip()
    return any_text(name, said if not said.startswith("{") else write_json(read_object(name, said)))


def vendor_map(vendors: Mapping[str, tuple[Choice, ...]]) -> Parse:
    """Accept a JSON object from vendor to one of its values, which are texts on the wire; names work as well."""

    def parse(name: str, text: str) -> ExtraValue:
        value = _filled_object(name, text)
        return {key: _vendor_value(name, key, item, vendors) for key, item in value.items()}

    return parse


def vendor_objects(vendors: tuple[str, ...]) -> Parse:
    """Accept a JSON object from vendor to the JSON object that is pushed to it."""

    def parse(name: str, text: str) -> ExtraValue:
        value = _filled_object(name, text)
        for key, item in value.items():
            _check_vendor(name, key, vendors)
            if not isinstance(item, dict) or not item:
                raise _no(
                    name, "payload", f"{name}: what {key} gets must be a JSON object that is not empty.", word=key
                )
            _check_sayable(name, item, path=key)
        return value

    return parse


def extended_params(name: str, text: str) -> ExtraValue:
    """Accept the keys that go to the app with the message (help page 2871133)."""
    value = _filled_object(name, text)
    if len(value) > MOST_KEYS:
        raise _no(name, "keys", f"{name} has {len(value)} keys; mPaaS takes at most {MOST_KEYS}.", word=text)
    for key, item in value.items():
        if not key.strip():
            raise _no(name, "key_empty", f"{name} has a key without a name.", word=key)
        if key in RESERVED_KEYS:
            reserved = ", ".join(RESERVED_KEYS)
            sentence = f"{name}: the key {quoted(key)} is mPaaS's own, choose another; reserved are {reserved}."
            raise _no(name, "key_reserved", sentence, word=key)
        if key in _KEYS_WITH_A_MEANING and not _KEYS_WITH_A_MEANING[key][0](item):
            sentence = f"{name}: {quoted(key)} must be {_KEYS_WITH_A_MEANING[key][1]}, not {quoted(json.dumps(item))}."
            raise _no(name, "key_value", sentence, word=key)
    return value


def read_object(name: str, text: str) -> dict[str, Any]:
    """Read a JSON object that can be written again as it is; curly quotes of a phone are taken for straight ones."""
    try:
        value = _strict(text)
    except (ValueError, RecursionError) as error:
        straight = text.translate(_STRAIGHT_QUOTES)
        if straight != text:
            return read_object(name, straight)
        sentence = f'{name} is not JSON ({_why(error)}). Write it like {{"key": "value"}}, between single quotes.'
        raise _no(name, "json", sentence, word=text) from None
    if not isinstance(value, dict):
        raise _no(name, "object", f'{name} must be a JSON object, in braces, such as {{"key": "value"}}.', word=text)
    return value


def write_json(value: Mapping[str, Any]) -> str:
    """Write a JSON object shortly, in the order of its keys, with Chinese characters as they are."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _is_count(item: object) -> bool:
    return isinstance(item, int) and not isinstance(item, bool) and item >= 0


def _is_one(item: object) -> bool:
    return _is_count(item) and item == 1


def _is_text(item: object) -> bool:
    return isinstance(item, str) and bool(item.strip())


_KEYS_WITH_A_MEANING: dict[str, tuple[Callable[[object], bool], str]] = {
    "badge": (_is_count, "a whole number from 0"),
    "badge_add_num": (_is_count, "a whole number from 0"),
    "badge_class": (_is_text, "a text, the app's entry class"),
    "big_text": (_is_one, "the number 1"),
    "mutable-content": (_is_one, "the number 1"),
    "sound": (_is_text, "a text, the path of the sound"),
}
"""The keys of ExtendedParams that vendors read (help page 2871133), and what they must hold."""


def _no(name: str, rule: str, sentence: str, *, word: str) -> Refused:
    return refusal(f"extras.{name}", f"extra_{rule}", sentence, name=name, word=word)


def _strict(text: str) -> object:
    value = json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_constant, parse_float=_finite)
    json.dumps(value, ensure_ascii=False).encode()  # a lone half of a surrogate pair cannot be sent
    return value


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands there twice")
    return value


def _no_constant(text: str) -> object:
    raise ValueError(f"{text} is not a JSON value")


def _finite(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise ValueError("a number is too large")
    return number


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg.lower()} at character {error.pos + 1}"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return "it holds half a character" if isinstance(error, UnicodeEncodeError) else str(error)


def _filled_object(name: str, text: str) -> dict[str, Any]:
    value = read_object(name, text)
    if not value:
        raise _no(name, "empty", f"{name} is an empty object: leave it out, or name a key.", word=text)
    return value


def _check_vendor(name: str, key: str, vendors: Mapping[str, object] | tuple[str, ...]) -> None:
    if key not in vendors:
        sentence = (
            f"{name}: {quoted(key)} is not a known vendor key; known are {', '.join(vendors)}.{meant(key, vendors)}"
        )
        raise _no(name, "vendor", sentence, word=key)


def _check_sayable(name: str, value: object, *, path: str) -> None:
    """Refuse what the wire's dotted names (``hms.data.1``) lose or confuse: null, emptiness, and keys with dots."""
    if value is None or value in ({}, []):
        raise _no(name, "payload_empty", f"{name}: {path} is empty, and would not be sent: leave it out.", word=path)
    for key, inner in _inner(value):
        if not key or "." in key:
            sentence = f"{name}: {path} has the key {quoted(key)}, but keys may not be empty nor have dots."
            raise _no(name, "payload_key", sentence, word=key)
        _check_sayable(name, inner, path=f"{path}.{key}")


def _inner(value: object) -> Iterator[tuple[str, object]]:
    """Give what is inside an object by its keys, inside a list by its numbers, as the wire names them."""
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from ((str(number), item) for number, item in enumerate(value, 1))


def _vendor_value(name: str, key: str, item: object, vendors: Mapping[str, tuple[Choice, ...]]) -> str:
    _check_vendor(name, key, vendors)
    said = str(item).casefold() if isinstance(item, str | int) and not isinstance(item, bool) else ""
    for choice in vendors[key]:
        if said in {str(choice.value), choice.label.split(" ", maxsplit=1)[0].casefold()}:
            return str(choice.value)
    allowed = either(f"{choice.value} ({choice.label})" for choice in vendors[key])
    sentence = f"{name}: {quoted(json.dumps(item))} is not a value for {key}: {allowed}."
    raise _no(name, "vendor_value", sentence, word=key)
