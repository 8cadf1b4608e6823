"""What Slack's refusals mean: the message is gone, its place is closed until people mend it, or it only has to wait.

Codes and their meaning: docs.slack.dev/reference/methods, the pages of chat.postMessage, chat.update,
conversations.history and conversations.open. A word that is in no table may pass by itself, or is given up after a day.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from slack_sdk.errors import SlackApiError

RATE_LIMITED = frozenset({"ratelimited", "rate_limited"})

PASSING = RATE_LIMITED | {"", "fatal_error", "internal_error", "request_timeout", "service_unavailable"}
"""Slack's own trouble, or no word of Slack at all."""

LEAST_WAIT = 1
"""Seconds to wait when Slack asks to: it names whole ones."""


_NAMES_ANOTHER = "whoever runs this bot names another channel in broadcast.toml."


class Mend(StrEnum):
    """Who can open a closed place, and how, in a sentence."""

    INVITE = f"Invite the bot there; if the channel is no more, {_NAMES_ANOTHER}"
    UNARCHIVE = f"Unarchive the channel; if it shall rest, {_NAMES_ANOTHER}"
    ALLOW = f"Ask an admin of the workspace to let the bot post there; if that shall not be, {_NAMES_ANOTHER}"
    PERSON = "That person is gone, or takes no messages from apps."
    INSTALL = "Whoever runs this bot has to install its app again, with every scope of its manifest."
    REPORT = "That is a fault of this bot itself: tell whoever runs it."


GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
"""The message can't be changed any more: somebody deleted it, another installation posted it, it is too old."""

_CLOSED: Mapping[Mend, frozenset[str]] = {
    Mend.INVITE: frozenset({"channel_not_found", "not_in_channel"}),
    Mend.UNARCHIVE: frozenset({"is_archived", "is_inactive"}),
    Mend.ALLOW: frozenset({
        "access_denied", "ekm_access_denied", "enterprise_is_restricted", "external_channel_migrating",
        "method_not_supported_for_channel_type", "no_permission", "not_allowed", "org_login_required",
        "restricted_action", "restricted_action_non_threadable_channel", "restricted_action_read_only_channel",
        "restricted_action_thread_locked", "restricted_action_thread_only_channel", "team_access_not_granted",
        "team_not_found",
    }),
    Mend.PERSON: frozenset({
        "cannot_dm_bot", "invalid_user_combination", "messages_tab_disabled", "user_disabled", "user_not_found",
        "user_not_visible",
    }),
    Mend.INSTALL: frozenset({
        "account_inactive", "invalid_auth", "missing_scope", "not_allowed_token_type", "not_authed", "token_expired",
        "token_revoked",
    }),
    Mend.REPORT: frozenset({
        "block_mismatch", "invalid_arguments", "invalid_blocks", "invalid_blocks_format", "invalid_metadata_format",
        "metadata_too_large", "msg_blocks_too_long", "msg_too_long", "no_text", "too_many_attachments",
    }),
}  # fmt: skip
CLOSED: Mapping[str, Mend] = {code: mend for mend, codes in _CLOSED.items() for code in codes}


def code_of(error: Exception) -> str:
    """Give Slack's word for a refusal; empty when Slack did not answer, or not with a word."""
    response: Any = error.response if isinstance(error, SlackApiError) else {}
    return str(response.get("error") or "") if hasattr(response, "get") else ""


def mend_of(error: Exception) -> str:
    """Say who can open a closed place, and how."""
    return CLOSED[code_of(error)].value


def is_gone(error: Exception) -> bool:
    """Tell whether the message that was to be changed is not there for the bot any more."""
    return code_of(error) in GONE


def is_closed(error: Exception) -> bool:
    """Tell whether the place takes no message until people mend it."""
    return code_of(error) in CLOSED


def is_passing(error: Exception) -> bool:
    """Tell whether to try again soon is all that is needed."""
    return code_of(error) in PASSING


def seconds_asked(error: Exception) -> int | None:
    """Say for how many seconds Slack asks to wait (429, Retry-After); None when it does not ask."""
    if code_of(error) not in RATE_LIMITED or not isinstance(error, SlackApiError):
        return None
    headers: Mapping[str, Any] = getattr(error.response, "headers", None) or {}
    said = next((str(value) for name, value in headers.items() if name.lower() == "retry-after"), "")
    return max(LEAST_WAIT, int(said)) if said.isascii() and said.isdecimal() else None
