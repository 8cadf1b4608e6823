"""How the simulated Slack says no: an error code to the bot, a sentence to a person."""

from collections.abc import Iterable
from typing import Any

from bot.playground.slack.schema import Complaint, Json


class SlackRefused(Exception):
    """Answer a Web API call with ``ok: false`` and this code."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details: Json = details

    @property
    def answer(self) -> Json:
        """Shape the body of the answer."""
        return {"ok": False, "error": self.code, **self.details}


class CannotDo(Exception):
    """Tell why Slack's client would not let this person do that; nothing was sent to the bot."""


def invalid_arguments(*messages: str) -> SlackRefused:
    """Refuse arguments, with the reasons where Slack puts them."""
    return SlackRefused("invalid_arguments", response_metadata={"messages": [f"[ERROR] {line}" for line in messages]})


def invalid_blocks(complaints: Iterable[Complaint]) -> SlackRefused:
    """Refuse the blocks of a message; Slack lists the reasons twice."""
    lines = [str(complaint) for complaint in complaints]
    metadata = {"messages": [f"[ERROR] {line}" for line in lines]}
    return SlackRefused("invalid_blocks", errors=lines, response_metadata=metadata)
