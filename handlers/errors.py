"""Every press gets an answer, also when something went wrong: the one place where exceptions become sentences.

A refusal is a rule's own sentence. What nobody foresaw gets an incident number, which is in the log with the trace.
"""

import json
import logging
import secrets
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any

from slack_bolt import App, BoltResponse
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import logs
from bot.errors import Conflict, Refused, StoreUnavailable, StoreUnfit, UnknownRequest
from bot.views import messages
from bot.views.wording import say

_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"})
_LOST = (SlackClientError, HTTPException, OSError)


def register(app: App) -> None:
    """Answer whatever a listener raises."""
    app.error(answer)


def answer(error: Exception, body: Mapping[str, Any], client: WebClient) -> BoltResponse:
    """Say what went wrong where the person looks: in the command's answer, or in a view."""
    if isinstance(error, BoltUnhandledRequestError):
        logs.write("unhandled", level=logging.WARNING, kind=str(body.get("type") or body.get("command") or ""))
        return BoltResponse(status=404, body=json.dumps({"error": "unhandled request"}))
    return _tell(sentence_for(error), body, client)


def sentence_for(error: Exception) -> str:
    """Find the sentence for an exception; log what nobody foresaw under a number the person can quote."""
    match error:
        case Refused() | UnknownRequest():
            return str(error)
        case Conflict():
            return say("conflict")
        case StoreUnavailable() | StoreUnfit():
            logs.write("store_unavailable", level=logging.WARNING, why=str(error))
            return say("nothing_recorded")
        case SlackApiError() if error.response.get("error") in _LATE:
            return say("trigger_expired")
    incident = secrets.token_hex(4)
    logs.failure("incident", error, incident=incident)
    return say("incident", incident=incident)


def _tell(sentence: str, body: Mapping[str, Any], client: WebClient) -> BoltResponse:
    if "command" in body:
        message = messages.note(sentence)
        return _json({"response_type": "ephemeral", "text": message.text, "blocks": message.blocks})
    if body.get("type") == "view_submission":
        return _json({"response_action": "push", "view": messages.error(sentence)})
    if body.get("type") == "block_suggestion":
        return _json({"options": []})
    if body.get("trigger_id"):
        _open(sentence, body, client)
    return BoltResponse(status=200, body="")


def _open(sentence: str, body: Mapping[str, Any], client: WebClient) -> None:
    """Show the sentence in a view, on top of the one that is open."""
    in_modal = (body.get("view") or {}).get("type") == "modal"
    show = client.views_push if in_modal else client.views_open
    try:
        show(trigger_id=body["trigger_id"], view=messages.error(sentence))
    except _LOST as error:
        logs.write("sentence_not_shown", level=logging.WARNING, sentence=sentence, why=str(error))


def _json(answer: Mapping[str, object]) -> BoltResponse:
    return BoltResponse(status=200, body=json.dumps(answer), headers={"content-type": "application/json"})
