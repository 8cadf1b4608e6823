"""Small pieces from which Block Kit's rules are put together: a check looks at a value and says what is wrong with it.

What Slack's blocks look like stands in ``block_objects``, ``block_elements`` and ``blocks``.
The sentences and the pointers are the ones Slack answers with, for example
``must be less than 3001 characters [json-pointer:/blocks/0/text/text]``.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Complaint:
    """Say what is wrong at one place; ``pointer`` is a JSON pointer such as ``/blocks/0/text``."""

    pointer: str
    message: str
    constraint: Json = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"

    def as_error(self) -> Json:
        """Shape it as one of ``errors[]`` of ``blocks.validate``; ``failed_constraint`` is the code its page names."""
        error: Json = {"pointer": self.pointer, "code": "failed_constraint", "message": self.message}
        return error | ({"constraint": self.constraint} if self.constraint else {})


Check = Callable[[Any, str], Iterator[Complaint]]


def anything(value: object, pointer: str) -> Iterator[Complaint]:
    """Accept every value."""
    del value, pointer
    return iter(())


def string(*, least: int = 1, most: int | None = None, pattern: str = "", like: str = "") -> Check:
    """Accept strings of ``least`` to ``most`` characters that match ``pattern``; ``like`` puts it in words."""
    form = re.compile(pattern) if pattern else None

    def check(value: Any, pointer: str) -> Iterator[Complaint]:
        if not isinstance(value, str):
            yield Complaint(pointer, "must provide a string", {"type": "type", "expected": "string"})
        elif len(value) < least:
            yield Complaint(pointer, f"must be more than {least - 1} characters", {"type": "min_length", "min": least})
        elif most is not None and len(value) > most:
            yield Complaint(pointer, f"must be less than {most + 1} characters", {"type": "max_length", "max": most})
        elif form is not None and not form.fullmatch(value):
            yield Complaint(pointer, f"must be {like}", {"type": "format", "expected": like})

    return check


def choice(*values: str) -> Check:
    """Accept one of the given strings."""

    def check(value: Any, pointer: str) -> Iterator[Complaint]:
        if value not in values:
            expected = {"type": "enum", "expected": list(values), "got": value}
            yield Complaint(pointer, f"must be a valid enum value: {', '.join(values)}", expected)

    return check


def boolean(value: Any, pointer: str) -> Iterator[Complaint]:
    """Accept true and false."""
    if not isinstance(value, bool):
        yield Complaint(pointer, "must provide a boolean", {"type": "type", "expected": "boolean"})


def integer(least: int, most: int) -> Check:
    """Accept whole numbers from ``least`` to ``most``."""

    def check(value: Any, pointer: str) -> Iterator[Complaint]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Complaint(pointer, "must provide an integer", {"type": "type", "expected": "integer"})
        elif value < least:
            yield Complaint(pointer, f"must be greater than or equal to {least}", {"type": "min", "min": least})
        elif value > most:
            yield Complaint(pointer, f"must be less than or equal to {most}", {"type": "max", "max": most})

    return check


def listing(each: Check, *, least: int = 1, most: int | None = None) -> Check:
    """Accept arrays of ``least`` to ``most`` items that all pass ``each``."""

    def check(value: Any, pointer: str) -> Iterator[Complaint]:
        if not isinstance(value, list):
            yield Complaint(pointer, "must provide an array", {"type": "type", "expected": "array"})
            return
        if len(value) < least:
            yield Complaint(pointer, f"no fewer than {least} items allowed", {"type": "min_items", "min": least})
        if most is not None and len(value) > most:
            yield Complaint(pointer, f"no more than {most} items allowed", {"type": "max_items", "max": most})
        for index, item in enumerate(value):
            yield from each(item, f"{pointer}/{index}")

    return check


def shape(
    required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, *rules: Check, closed: bool = True
) -> Check:
    """Accept objects with these fields; ``rules`` look at the whole object once its fields are right.

    ``closed=False`` lets fields pass that are not named: for young blocks whose full form no page of ours holds.
    """
    fields = {**required, **(optional or {})}

    def check(value: Any, pointer: str) -> Iterator[Complaint]:
        if not isinstance(value, dict):
            yield Complaint(pointer, "must provide an object", {"type": "type", "expected": "object"})
            return
        complaints = list(_fields(value, pointer, required=required, fields=fields, closed=closed))
        yield from complaints
        if not complaints:
            for rule in rules:
                yield from rule(value, pointer)

    return check


def _fields(
    value: Json, pointer: str, *, required: Mapping[str, Check], fields: Mapping[str, Check], closed: bool
) -> Iterator[Complaint]:
    for name in required:
        if name not in value:
            yield Complaint(pointer, f"missing required field: {name}", {"type": "required", "field": name})
    for name, item in value.items():
        if name in fields:
            yield from fields[name](item, f"{pointer}/{name}")
        elif closed:
            yield Complaint(pointer, f"invalid additional property: {name}", {"type": "additional", "field": name})


def typed(kinds: Mapping[str, Check], *, nowhere: Mapping[str, str] | None = None) -> Check:
    """Choose the check by the object's ``type``; ``nowhere`` says why a known type has no place here."""

    def check(value: Any, pointer: str) -> Iterator[Complaint]:
        if not isinstance(value, dict):
            yield Complaint(pointer, "must provide an object", {"type": "type", "expected": "object"})
            return
        kind = value.get("type")
        if kind is None:
            yield Complaint(pointer, "missing required field: type", {"type": "required", "field": "type"})
        elif isinstance(kind, str) and kind in kinds:
            yield from kinds[kind](value, pointer)
        else:
            because = (nowhere or {}).get(str(kind), "")
            expected = {"type": "enum", "expected": sorted(kinds), "got": kind}
            yield Complaint(f"{pointer}/type", f"unsupported type: {kind}{because}", expected)

    return check
