"""What Slack refuses is sorted by one table: gone, closed until people mend it, or passing."""

import json
from http.client import RemoteDisconnected
from typing import Any

import pytest
from places import BESIDE
from slack_sdk.errors import SlackApiError, SlackRequestError

from bot.operations.refusals import CLOSED, GONE, PASSING, Mend, code_of, is_closed, is_gone, is_passing, mend_of
from bot.operations.refusals import seconds_asked as asked


class Answer(dict[str, Any]):
    """An answer of Slack with the headers that slack_sdk keeps beside it."""

    def __init__(self, code: str, **headers: str) -> None:
        super().__init__(ok=False, error=code)
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def refused(code: str, **headers: str) -> SlackApiError:
    return SlackApiError("no", Answer(code, **headers))


def test_no_word_is_in_two_tables() -> None:
    assert not GONE & set(CLOSED)
    assert not (GONE | set(CLOSED)) & PASSING


@pytest.mark.parametrize("code", sorted(CLOSED))
def test_each_closed_place_says_in_a_sentence_who_mends_it(code: str) -> None:
    error = refused(code)
    assert (is_closed(error), is_gone(error), is_passing(error)) == (True, False, False)
    assert mend_of(error).endswith(".")


@pytest.mark.parametrize("code", sorted(GONE))
def test_a_message_that_is_gone_is_no_closed_place(code: str) -> None:
    assert (is_gone(refused(code)), is_closed(refused(code))) == (True, False)


@pytest.mark.parametrize(
    "error",
    [
        refused("internal_error"),
        refused("ratelimited"),
        SlackApiError("no", {"status": 500, "body": "Internal Server Error"}),
        SlackApiError("no", "unreadable"),
        SlackRequestError("no"),
        RemoteDisconnected(),
        TimeoutError(),
        ConnectionResetError(),
    ],
)
def test_slacks_own_trouble_and_silence_pass(error: Exception) -> None:
    assert (is_passing(error), is_closed(error), is_gone(error)) == (True, False, False)


def test_a_word_that_nobody_knows_is_neither() -> None:
    error = refused("a_word_of_next_year")
    assert (is_passing(error), is_closed(error), is_gone(error)) == (False, False, False)
    assert code_of(error) == "a_word_of_next_year"


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (refused("ratelimited", Retry_After="7"), 7),
        (refused("ratelimited", retry_after="0"), 1),
        (refused("rate_limited", Retry_After="30"), 30),
        (refused("ratelimited"), None),
        (refused("ratelimited", Retry_After="soon"), None),
        (refused("internal_error", Retry_After="7"), None),
        (TimeoutError(), None),
    ],
)
def test_how_long_to_wait_is_what_slack_says(error: Exception, seconds: int | None) -> None:
    assert asked(error) == seconds


def test_every_way_to_mend_is_met_by_some_word() -> None:
    assert set(CLOSED.values()) == set(Mend)


@pytest.mark.skipif(not BESIDE.is_dir(), reason="the collection of real payloads is not beside the repository")
@pytest.mark.parametrize("method", ["chat.update", "conversations.history", "conversations.open"])
def test_what_slack_really_answered_is_in_a_table(method: str) -> None:
    found = json.loads((BESIDE / f"slack_payloads/web_api/error/{method}.json").read_text(encoding="utf-8"))
    assert found["error"] in GONE | set(CLOSED)
