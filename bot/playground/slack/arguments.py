"""The arguments of one Web API call, whether they came as a form, a query or JSON."""

import json
from typing import Any

from bot.playground.slack.refusal import SlackRefused, invalid_arguments
from bot.playground.slack.schema import Json


class Arguments:
    """Read arguments by name and kind; a wrong one is refused as ``invalid_arguments``."""

    def __init__(self, values: Json) -> None:
        self.values = {name: value for name, value in values.items() if value is not None}

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str, default: str = "") -> str:
        """Read a string; numbers are taken as they are written."""
        value = self.values.get(name, default)
        if isinstance(value, (dict, list)):
            raise invalid_arguments(f"must provide a string [json-pointer:/{name}]")
        return str(value)

    def required(self, name: str) -> str:
        """Read a string that must be there and not be empty."""
        if not (value := self.text(name)):
            raise invalid_arguments(f"missing required field: {name}")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Read a truth value: true, "true", 1 and "1" are yes."""
        return str(self.values.get(name, default)).lower() in ("true", "1")

    def whole(self, name: str, default: int, *, least: int, most: int) -> int:
        """Read a whole number within limits; others are refused as Slack does with ``limit``: ``invalid_limit``."""
        try:
            value = int(self.text(name) or default)
        except ValueError:
            raise SlackRefused(f"invalid_{name}") from None
        if not least <= value <= most:
            raise SlackRefused(f"invalid_{name}")
        return value

    def json(self, name: str, bad: str = "invalid_arguments") -> Any:
        """Read a value that a form carries as JSON text; absent is None, text that is no JSON is refused as ``bad``."""
        value = self.values.get(name)
        if not isinstance(value, str) or not value:
            return value or None if isinstance(value, str) else value
        try:
            return json.loads(value)
        except ValueError:
            raise SlackRefused(bad, response_metadata={"messages": [f"[ERROR] {name} is not JSON"]}) from None

    def names(self, name: str) -> list[str]:
        """Read a list of ids: an array, or a text with commas."""
        value = self.values.get(name, "")
        parts = value if isinstance(value, list) else str(value).split(",")
        return [str(part).strip() for part in parts if str(part).strip()]
