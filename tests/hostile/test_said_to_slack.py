"""The real bot from the slash to the record with words from outside everywhere: all that it says to Slack is read."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from desk import APPS, Desk
from hostile import reading
from hostile.corpus import TOKENS

from bot.playground.cast import ANA, BO
from bot.playground.mpaas.templates import DEFAULT_TEMPLATES

PEOPLE = ("@U01ANA", "@U02BO", "@U03CHEN", "!subteam^S02ONCALL")


def said(desk: Desk) -> Iterator[str]:
    """Give every text that Slack read as mrkdwn: in calls of the Web API, and in answers to deliveries."""
    for entry in desk.slack.journal():
        yield from marked(entry.answer if entry.direction == "delivery" else entry.sent)


def marked(part: Any) -> Iterator[str]:
    if isinstance(part, str) and part[:1] in {"[", "{"}:
        try:
            yield from marked(json.loads(part))
        except ValueError:
            return
    elif isinstance(part, list):
        for each in part:
            yield from marked(each)
    elif isinstance(part, dict):
        text = part.get("text")
        if isinstance(text, str) and part.get("type") != "plain_text":
            yield text
        for each in part.values():
            yield from marked(each)


@pytest.mark.parametrize("token", ["<!channel>", "<@U0EVIL>", "<https://evil.example|https://bank.example>"])
def test_nothing_that_was_typed_or_read_reaches_anybody_as_a_mention_or_a_link(desk: Desk, token: str) -> None:
    assert token in TOKENS
    outage = next(template for template in DEFAULT_TEMPLATES if template.name == "outage")
    app = APPS["test"]
    desk.mpaas.put_template(app.app_id, app.workspace_id, replace(outage, title=f"T {token}", uri=f"app://{token}"))
    desk.types(ANA, f"'{token}' '{token}={token}' --target '{token}' --to '{token}'")
    desk.clears(ANA)
    desk.types(ANA, f"'{token}' --target test --at '{token}' --task '{token}'")
    desk.clears(ANA)
    for words in (f"show {token}", f"withdraw {token}", f"--set '{token}={token}'"):
        desk.types(ANA, words)
        desk.clears(ANA)
    request = desk.asks(ANA, more=f"--task 'x {token}'")
    desk.presses(BO, desk.card(request), "show_details")
    desk.clears(BO)
    desk.presses(BO, desk.card(request), "reject")
    desk.fills(BO, "choice", "reject")
    desk.fills(BO, "reason", token)
    desk.submits(BO)
    desk.announces()
    desk.types(BO, f"halt {token}")
    desk.slack.open_home(ANA.id)
    desk.types(BO, "list")
    texts = list(said(desk))
    assert len(texts) > 30
    strange = [one for text in texts for one in reading.strange(text) if one not in PEOPLE]
    assert strange == []
