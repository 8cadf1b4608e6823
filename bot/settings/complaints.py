"""Turn what pydantic found wrong into sentences for the person who wrote the file.

Each complaint begins with the place ("broadcast.toml, targets.live.quorum: ...") and says what is allowed. The value is
repeated only where a validator of ``bot.settings.values`` chose to; a key pasted into the wrong place is not printed.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.domain.words import meant

# pydantic's error types that the models can run into, and the end of our sentence.
_SENTENCES: Final = {
    "string_type": "must be a text in quotes",
    "int_type": "must be a whole number, without quotes",
    "tuple_type": 'must be a list of texts, such as ["one", "two"]',
    "dict_type": "must be a table",
    "model_type": "must be a table with keys of its own",
    "string_too_short": "must not be empty",
    "string_pattern_mismatch": "a target's name is 1 to 32 small letters, digits, - and _, no sign first",
}


def of_validation(error: ValidationError, label: str, models: Sequence[type[BaseModel]]) -> Iterator[str]:
    """Say each mistake in a sentence; ``models`` are asked, by depth, which keys there are at an unknown one.

    ``label`` is the file's name, or empty for the environment, whose names need no file.
    """
    for details in error.errors(include_url=False, include_input=False):
        # Left out: the place in a list (the sentence repeats the entry) and pydantic's mark for "the key itself".
        place = ".".join(part for part in details["loc"] if isinstance(part, str) and part != "[key]")
        yield f"{label}, {place}: {_sentence(details, models)}" if label else f"{place}: {_sentence(details, models)}"


def _sentence(details: ErrorDetails, models: Sequence[type[BaseModel]]) -> str:
    kind, loc = details["type"], details["loc"]
    # A target's key is two levels deeper than the file's own: targets, its name, the key.
    fields = models[min(len(loc) // 2, len(models) - 1)].model_fields
    if kind == "extra_forbidden":
        return f"there is no such key; there are {', '.join(fields)}.{meant(str(loc[-1]), fields)}"
    if kind == "missing":
        return f"is missing: {fields[str(loc[-1])].description}."
    if kind == "enum":
        return f"must be {details['ctx']['expected']}."
    if kind == "value_error":
        sentence = str(details["ctx"]["error"])
        return sentence if sentence.endswith(("?", ".")) else f"{sentence}."
    return f"{_SENTENCES.get(kind, details['msg'])}."
