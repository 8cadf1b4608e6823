"""Reading what people filled in: one value per input of ``view["state"]["values"]``, whatever kind of input it is.

Slack's shapes differ by kind (an empty text is null, an empty choice is null or an empty list, a moment is a number);
nothing here raises for what it finds. What the values mean is the business of the form they belong to.
"""

from collections.abc import Iterable, Mapping, Sequence

from bot.errors import Problem
from bot.views.ids import base_of
from bot.views.plain_text import plain_text

LONGEST_SENTENCE = 2000
"""Characters of an error below an input; Slack names no limit, and this is the limit of a hint."""


class Inputs:
    """Hold the inputs of a view by block id, each as text, list of texts, or number."""

    def __init__(self, view: Mapping[str, object]) -> None:
        values = _mapping(_mapping(view.get("state")).get("values"))
        self._elements = {
            block: _mapping(next(iter(_mapping(actions).values()), None)) for block, actions in values.items()
        }
        blocks = view.get("blocks")
        drawn = [_mapping(block) for block in blocks] if isinstance(blocks, Sequence) else []
        self._presets = {block.get("block_id"): _mapping(block.get("element")).get("initial_value") for block in drawn}

    def ids(self, base: str) -> list[str]:
        """List the block ids of that name, with whatever suffix."""
        return [block for block in self._elements if base_of(block) == base]

    def __contains__(self, block: str) -> bool:
        return block in self._elements

    def text(self, block: str) -> str:
        """Read a text, a single choice, a date or a time of day; empty when nothing was said."""
        element = self._elements.get(block, {})
        option = _mapping(element.get("selected_option"))
        for value in (element.get("value"), option.get("value"), element.get("selected_date")):
            if isinstance(value, str):
                return value
        time = element.get("selected_time")
        return time if isinstance(time, str) else ""

    def written(self, block: str) -> str:
        """Read a text as it was meant; what the bot put there itself was read before, and stays as it is."""
        text = self.text(block)
        return text if text == self._presets.get(block) else plain_text(text)

    def texts(self, block: str) -> tuple[str, ...]:
        """Read the values of several choices."""
        options = self._elements.get(block, {}).get("selected_options")
        values = [_mapping(option).get("value") for option in options] if isinstance(options, Sequence) else []
        return tuple(value for value in values if isinstance(value, str))

    def epoch(self, block: str) -> int | None:
        """Read a moment, in seconds since 1970."""
        value = self._elements.get(block, {}).get("selected_date_time")
        return value if isinstance(value, int) else None


def errors(problems: Iterable[Problem], view: Mapping[str, object]) -> dict[str, str]:
    """Put each problem under its input: block id to sentence, only for inputs that the view has.

    Slack takes errors for input blocks alone; ``homeless`` lists the rest.
    """
    found: dict[str, list[str]] = {}
    for problem in problems:
        block = _home_of(problem, view)
        if block is not None:
            found.setdefault(block, []).append(problem.sentence)
    return {block: " ".join(dict.fromkeys(sentences))[:LONGEST_SENTENCE] for block, sentences in found.items()}


def homeless(problems: Iterable[Problem], view: Mapping[str, object]) -> list[Problem]:
    """List the problems that belong to no input of the view."""
    return [problem for problem in problems if _home_of(problem, view) is None]


def _home_of(problem: Problem, view: Mapping[str, object]) -> str | None:
    blocks = view.get("blocks")
    present = [_mapping(block) for block in blocks] if isinstance(blocks, Sequence) else []
    ids = [str(block.get("block_id", "")) for block in present if block.get("type") == "input"]
    return next((block for block in ids if _belongs(problem.field, block)), None)


def _belongs(field: str, block: str) -> bool:
    """Match ``values.city`` with its own input, and ``platforms`` with ``platforms.live``."""
    if not field:
        return False
    own = field.startswith("values.") and base_of(block) == "values" and block.split(".", 2)[2:] == [field[7:]]
    return block == field or own or ("." not in field and base_of(block) == field)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
