"""Every press gets an answer, also when something went wrong: the one place where exceptions become sentences.

A refusal is a rule's own sentence. What nobody foresaw gets an incident number, which is in the log with the trace.
"""

import json
import logging
import secrets
from collections.abc import Iterable, Mapping
from http.client import HTTPException
from typing import Any, NamedTuple

from slack_bolt import Ack, App, BoltResponse
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import logs
from bot.errors import (
    AnswerLost,
    Conflict,
    Problem,
    Refused,
    SealBroken,
    StoreRefused,
    StoreUnavailable,
    StoreUnfit,
    UnknownRequest,
)
from bot.views import inputs, messages
from bot.views.wording import say

_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"})
_LOST = (SlackClientError, HTTPException, OSError)
_STRANGE = {"block_actions": "refused.foreign_button", "view_submission": "refused.foreign_form"}
"""What is said of buttons and forms that nobody listens to: an older version made them."""


class Said(NamedTuple):
    """What is said, and whether the ids in it are mentions."""

    sentence: str
    names_people: bool = False


def register(app: App) -> None:
    """Answer whatever a listener raises."""
    app.error(answer)


def answer(error: Exception, body: Mapping[str, Any], client: WebClient) -> BoltResponse:
    """Say what went wrong where the person looks: in the command's answer, or in a view."""
    if not isinstance(error, BoltUnhandledRequestError):
        return _tell(Said(sentence_for(error), names_people(error)), body, client)
    kind = str(body.get("type") or body.get("command") or "")
    logs.write("unhandled", level=logging.WARNING, kind=kind)
    if kind in _STRANGE:
        return _tell(Said(say(_STRANGE[kind])), body, client)
    return _json({"error": "This bot does not listen to that."}, status=404)


def shown_under_inputs(problems: Iterable[Problem], body: Mapping[str, Any], ack: Ack) -> bool:
    """Show problems below the inputs they belong to; raise Refused when one belongs to none. False: there is none."""
    found = list(problems)
    if homeless := inputs.homeless(found, body["view"]):
        raise Refused(*homeless)
    if found:
        ack(response_action="errors", errors=inputs.errors(found, body["view"]))
    return bool(found)


def sentence_for(error: Exception) -> str:
    """Find the sentence for an exception; log what nobody foresaw under a number the person can quote."""
    match error:
        case Refused() | UnknownRequest():
            sentence = str(error)
        case SealBroken():
            logs.write("seal_broken", level=logging.ERROR, request=error.request_id, why=error.why)
            sentence = str(error)
        case Conflict():
            sentence = say("conflict")
        case StoreUnavailable() | StoreUnfit():
            logs.write("store_unavailable", level=logging.WARNING, why=str(error))
            key = _not_stored(error)
            sentence = say(key)
        case SlackApiError() if error.response.get("error") in _LATE:
            sentence = say("trigger_expired")
        case SlackApiError() if error.response.get("error") == "ratelimited":
            logs.write("slack_busy", level=logging.WARNING, why=str(error.response.get("error")))
            sentence = say("slack_busy")
        case _:
            incident = secrets.token_hex(4)
            logs.failure("incident", error, incident=incident)
            sentence = say("incident", incident=incident)
    return sentence


def _not_stored(error: StoreUnavailable | StoreUnfit) -> str:
    """Name the sentence for a store that did not record something: silent, perhaps too late, or unwilling."""
    match error:
        case AnswerLost():
            return "perhaps_recorded"
        case StoreRefused() | StoreUnfit():
            return "store_refused"
        case _:
            return "nothing_recorded"


def names_people(error: Exception) -> bool:
    """Tell whether the people whose ids stand in its sentence are to be mentioned."""
    return isinstance(error, Refused) and error.names_people


def _tell(said: Said, body: Mapping[str, Any], client: WebClient) -> BoltResponse:
    if "command" in body:
        message = messages.note(said.sentence, names_people=said.names_people)
        return _json({"response_type": "ephemeral", "text": message.text, "blocks": message.blocks})
    if body.get("type") == "view_submission":
        return _json({"response_action": "push", "view": messages.error(said.sentence, names_people=said.names_people)})
    if body.get("type") == "block_suggestion":
        return _json({"options": []})
    if body.get("trigger_id") and not _open(said, body, client):
        _whisper(said, body, client)
    return BoltResponse(status=200, body="")


def _open(said: Said, body: Mapping[str, Any], client: WebClient) -> bool:
    """Show the sentence in a view, on top of the one that is open; False when Slack does not (the trigger is spent)."""
    show = client.views_push if _part(body, "view").get("type") == "modal" else client.views_open
    try:
        show(trigger_id=str(body["trigger_id"]), view=messages.error(said.sentence, names_people=said.names_people))
    except _LOST:
        return False
    return True


def _whisper(said: Said, body: Mapping[str, Any], client: WebClient) -> None:
    """Say the sentence to this one person where they pressed, or in a direct message where that is no channel."""
    message = messages.note(said.sentence, names_people=said.names_people)
    channel, user = _part(body, "channel").get("id"), str(_part(body, "user").get("id", ""))
    try:
        if channel:
            client.chat_postEphemeral(channel=str(channel), user=user, text=message.text, blocks=message.blocks)
        else:
            client.chat_postMessage(channel=user, text=message.text, blocks=message.blocks)
    except _LOST as error:
        logs.write("sentence_not_shown", level=logging.WARNING, sentence=said.sentence, why=str(error))


def _part(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = body.get(name)
    return part if isinstance(part, Mapping) else {}


def _json(answer: Mapping[str, object], *, status: int = 200) -> BoltResponse:
    return BoltResponse(status=status, body=json.dumps(answer), headers={"content-type": "application/json"})
