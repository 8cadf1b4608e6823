"""A request is passed on when it is signed, and signed now; the clock is an argument."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loops.log_lines import logged
from slack_bolt import BoltRequest, BoltResponse

from bot.playground.slack.delivery import signature
from bot.verification import SIGNED_WITHIN, TELL_AGAIN, Verification

SECRET = "a signing secret of tests"
NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
BODY = "command=%2Fbroadcast&text=help"
PASSED = 299


class Clock:
    """Tell the time that a test set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def request(stamp: int, *, body: str = BODY, secret: str = SECRET) -> BoltRequest:
    signed = signature(secret, str(stamp), body.encode())
    headers = {"x-slack-request-timestamp": str(stamp), "x-slack-signature": signed}
    return BoltRequest(body=body, headers=headers)


def answer(check: Verification, asked: BoltRequest) -> BoltResponse:
    return check.process(req=asked, resp=BoltResponse(status=404), next=lambda: BoltResponse(status=PASSED))


def stamp_at(seconds: int) -> int:
    return int(NOW.timestamp()) + seconds


@given(st.integers(-(10**9), 10**9))
def test_a_signed_request_is_passed_on_within_five_minutes_and_no_others(seconds: int) -> None:
    given_answer = answer(Verification(SECRET, Clock()), request(stamp_at(seconds)))
    assert given_answer.status == (PASSED if abs(seconds) <= SIGNED_WITHIN else 401)


@given(st.integers(-(10**6), 10**6))
def test_a_forged_request_learns_nothing_about_the_clock(seconds: int) -> None:
    given_answer = answer(Verification(SECRET, Clock()), request(stamp_at(seconds), secret="another"))
    assert (given_answer.status, given_answer.body) == (401, '{"error": "invalid request"}')


@pytest.mark.parametrize(("seconds", "side"), [(-600, "ahead of"), (600, "behind")])
def test_the_gap_and_its_side_are_said(seconds: int, side: str) -> None:
    with logged() as lines:
        said = answer(Verification(SECRET, Clock()), request(stamp_at(seconds))).body
    assert f"this machine's clock is 600 s {side} the time" in said
    (line,) = lines.of("clocks_differ")
    assert (line["level"], line["seconds"]) == ("warning", -seconds)


def test_the_log_says_it_once_a_minute_however_many_requests_come() -> None:
    clock = Clock()
    check = Verification(SECRET, clock)
    with logged() as lines:
        for _ in range(5):
            answer(check, request(stamp_at(-600)))
        clock.now += TELL_AGAIN - timedelta(seconds=1)
        answer(check, request(stamp_at(-600)))
        assert len(lines.of("clocks_differ")) == 1
        clock.now += timedelta(seconds=1)
        answer(check, request(stamp_at(-600)))
        assert len(lines.of("clocks_differ")) == 2


def test_a_question_about_the_certificate_is_answered_to_slack_alone() -> None:
    check = Verification(SECRET, Clock())
    assert answer(check, request(stamp_at(0), body="ssl_check=1&token=x")).status == 200
    assert answer(check, request(stamp_at(0), body="ssl_check=1&token=x", secret="another")).status == 401
