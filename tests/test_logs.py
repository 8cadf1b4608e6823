import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any, TextIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt import App, BoltRequest

from bot import logs
from bot.errors import Conflict, Problem, Refused, SettingsError
from bot.redaction import GONE, Redactor

SECRET = 's3cret/with+signs&"quotes"\\ and blanks'
SetUp = Callable[..., Any]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class FullDisk(io.StringIO):
    """A stream that cannot be written to."""

    def write(self, _: str) -> int:
        raise OSError(28, "No space left on device")


@pytest.fixture
def set_up() -> Iterator[SetUp]:
    """Set up logging as the command line does, and take it down again."""
    root = logging.getLogger()
    level, ours = root.level, list[logging.Handler]()

    def build(stream: TextIO | None = None, level: str = "INFO") -> TextIO:
        stream = io.StringIO() if stream is None else stream
        # pytest's own handlers raise where a production handler must not.
        root.handlers[:] = [handler for handler in root.handlers if not type(handler).__module__.startswith("_pytest")]
        ours.append(logs.set_up(stream, secrets=[SECRET, ""], level=level))
        return stream

    yield build
    for handler in ours:
        root.removeHandler(handler)
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def ticks(*moments: float) -> Callable[[], float]:
    return iter(moments).__next__


def test_an_operation_is_one_line_with_its_facts_and_how_long_it_took(set_up: SetUp) -> None:
    stream = set_up()
    with logs.operation("approve", timer=ticks(10.0, 10.0125), request="7QK2", person="U02BO") as line:
        line["state"] = "approved"
    (written,) = lines(stream)
    at = str(written.pop("at"))
    assert written == {
        "level": "info",
        "event": "approve",
        "request": "7QK2",
        "person": "U02BO",
        "state": "approved",
        "ms": 12.5,
    }
    assert at.endswith("+00:00")


def test_a_refusal_is_expected_and_carries_its_code(set_up: SetUp) -> None:
    stream = set_up()
    with pytest.raises(Refused), logs.operation("approve"):
        raise Refused(Problem("", "own_request", "You asked for it yourself."))
    (written,) = lines(stream)
    assert (written["level"], written["code"]) == ("info", "own_request")
    assert "trace" not in written


def test_what_the_bot_knows_is_a_warning_without_a_trace(set_up: SetUp) -> None:
    stream = set_up()
    with pytest.raises(Conflict), logs.operation("approve"):
        raise Conflict("Bo was first.")
    (written,) = lines(stream)
    assert (written["level"], written["error"], written["why"]) == ("warning", "Conflict", "Bo was first.")
    assert "trace" not in written


def test_what_nobody_expected_is_an_error_with_its_trace_on_the_same_line(set_up: SetUp) -> None:
    stream = set_up()
    with pytest.raises(ZeroDivisionError), logs.operation("claim", request="7QK2"):
        _ = 1 / 0
    (written,) = lines(stream)
    assert (written["level"], written["error"]) == ("error", "ZeroDivisionError")
    assert "test_logs.py" in str(written["trace"])


def test_a_stopped_process_still_writes_the_line(set_up: SetUp) -> None:
    stream = set_up()
    with pytest.raises(KeyboardInterrupt), logs.operation("claim"):
        raise KeyboardInterrupt
    assert lines(stream)[0]["event"] == "claim"


def test_something_that_happened_is_one_line(set_up: SetUp) -> None:
    stream = set_up()
    logs.write("halted", level=logging.WARNING, person="U02BO", why="wrong text")
    (written,) = lines(stream)
    assert (written["event"], written["level"], written["why"]) == ("halted", "warning", "wrong text")


def test_no_fact_can_pass_itself_off_as_the_lines_time_or_event(set_up: SetUp) -> None:
    stream = set_up()
    logs.write("halted", at="yesterday", logger="x")
    assert str(lines(stream)[0]["at"]).startswith("20")


def test_a_line_break_in_what_somebody_wrote_starts_no_new_line(set_up: SetUp) -> None:
    stream = set_up()
    logs.write("asked", text='x\n{"event": "approved"}')
    assert len(lines(stream)) == 1


def test_a_fact_that_json_does_not_know_is_written_as_text(set_up: SetUp) -> None:
    stream = set_up()
    logs.write("odd", what={"set": {1}, "tuple": (None, 2.5)}, error=ValueError("no"), letter="\ud800")
    assert lines(stream)[0]["what"] == {"set": [1], "tuple": [None, 2.5]}
    assert lines(stream)[0]["error"] == "no"


@pytest.mark.parametrize(
    "say",
    [
        lambda log: log.warning(f"token is {SECRET}"),  # noqa: G004 - a library may
        lambda log: log.warning("token is %s", SECRET),
        lambda log: log.warning("parts %r", {"token": [SECRET]}),
        lambda log: log.warning("%s %s", SECRET),  # noqa: PLE1206 - the mistake whose answer must not be a leak
        lambda log: log.warning("%d", SECRET),
        lambda log: log.warning(ValueError(SECRET)),
        lambda log: log.warning("failed", exc_info=ValueError(f"with {SECRET}")),
        lambda log: log.warning("failed", exc_info=ValueError(b"with " + SECRET.encode())),
        lambda _: logs.write("x", deep={"a": [{SECRET: (SECRET,)}]}),
        lambda _: logs.write("x", url="https://x/?k=s3cret%2Fwith%2Bsigns%26%22quotes%22%5C%20and%20blanks"),
        lambda _: logs.write("x", form="k=s3cret%2Fwith%2Bsigns%26%22quotes%22%5C+and+blanks"),
        lambda _: logs.write("x", body=json.dumps({"k": SECRET})),
        lambda _: logs.write("x", error=SettingsError(SECRET)),
    ],
)
@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_a_secret_we_were_told_is_in_no_line(
    set_up: SetUp, capsys: pytest.CaptureFixture[str], say: Callable[[logging.Logger], None], stream: type[io.StringIO]
) -> None:
    written = set_up(stream())
    say(logging.getLogger("someone"))
    text = written.getvalue() + capsys.readouterr().err
    assert "redacted" in text
    assert "s3cret" not in text


@pytest.mark.parametrize(
    ("text", "hidden", "kept"),
    [
        ("got xoxb-123-456-aBc from", "aBc", "from"),
        ("xoxe.xoxp-1-aBc", "aBc", ""),
        ("app token xapp-1-A0-12-aBc.", "aBc", "app token"),
        ("id LTAI5tQnKxxxxxxxaBc!", "aBc", "id"),
        ("STS.NTxxxxxxxxaBc", "aBc", ""),
        ("Authorization: ACS3-HMAC-SHA256 Credential=x,SignedHeaders=host;y,Signature=aBc", "aBc", "Authorization"),
        ("{'Authorization': 'Bearer aBc', 'Host': 'slack.com'}", "aBc", "slack.com"),
        ("[(b'authorization', b'aBc')]", "aBc", "authorization"),
        ("sent with Bearer aBcdefghij", "aBc", "sent with"),
        ("SignedHeaders=host,Signature=0123aBc, next", "aBc", "next"),
        ("x-acs-security-token: aBc", "aBc", "x-acs"),
        ("POST https://hooks.slack.com/actions/T0/1/aBc done", "aBc", "https://hooks.slack.com/"),
        ("'response_url': 'https://hooks.slack.com/commands/T0/1/aBc', 'user': 'U1'", "aBc", "'user': 'U1'"),
        ("wss://wss-primary.slack.com/link/?ticket=aBc&app_id=A1", "aBc", "app_id=A1"),
        ("token=aBc&team_id=T1", "aBc", "team_id=T1"),
        ("client_secret=aBc&x=1", "aBc", "x=1"),
        ('{"token": "aBc", "type": "view_submission"}', "aBc", "view_submission"),
        ('"{\\"token\\": \\"aBc\\", \\"type\\": \\"x\\"}"', "aBc", "type"),
        ("X-Slack-Signature v0=" + "ab" * 32, "abab", "X-Slack-Signature"),
        ("redis://user:aBc@redis:6379/0", "aBc", "redis:6379"),
    ],
)
def test_what_looks_like_a_secret_is_taken_out_and_the_rest_stays(text: str, hidden: str, kept: str) -> None:
    clean = Redactor([])(text)
    assert hidden not in clean
    assert GONE in clean
    assert kept in clean


@pytest.mark.parametrize(
    "text",
    ["Push to all devices of live: waiting for approval", "request 7QK2 approved by U02BO in C0123APPROVE", "ms=12.5"],
)
def test_what_is_no_secret_stays_as_it_is(text: str) -> None:
    assert Redactor([SECRET])(text) == text


@given(st.text(min_size=1), st.text(), st.text())
def test_no_text_keeps_a_secret_it_was_told(secret: str, before: str, after: str) -> None:
    clean = Redactor([f"<{secret}>"])(f"{before}<{secret}>{after}")
    assert f"<{secret}>" not in clean


def test_a_secret_that_contains_another_goes_as_a_whole() -> None:
    assert Redactor(["abc", "abcdef"])("x abcdef y abc") == f"x {GONE} y {GONE}"


def test_bolt_does_not_log_the_body_of_a_request_it_refused(set_up: SetUp) -> None:
    stream = set_up()
    app = App(signing_secret="not the sender's", token="xoxb-1", token_verification_enabled=False)
    answer = app.dispatch(
        BoltRequest(
            body="token=x&text=launch+codes&response_url=https://hooks.slack.com/commands/T/1/x",
            headers={"X-Slack-Signature": "v0=0", "X-Slack-Request-Timestamp": "1"},
        )
    )
    assert answer.status == 401
    assert "launch" not in stream.getvalue()
    assert [line["event"] for line in lines(stream)] == ["A request whose signature is wrong was refused."]


@pytest.mark.parametrize("name", ["httpx", "httpcore.http11", "websockets.client", "slack_sdk.web", "slack_bolt.App"])
def test_libraries_are_heard_from_warning_on_whatever_their_own_level(set_up: SetUp, name: str) -> None:
    stream = set_up(level="DEBUG")
    logger = logging.getLogger(name)
    logger.debug("a whole body")
    logger.info("HTTP Request: POST ...")
    logger.warning("something is wrong")
    assert [(line["event"], line["logger"]) for line in lines(stream)] == [("something is wrong", name)]


def test_the_level_is_ours_to_choose(set_up: SetUp) -> None:
    stream = set_up(level="WARNING")
    logs.write("quiet")
    logs.write("loud", level=logging.WARNING)
    assert [line["event"] for line in lines(stream)] == ["loud"]


def test_setting_up_twice_writes_every_line_once(set_up: SetUp) -> None:
    first, second = set_up(), set_up()
    logs.write("once")
    assert first.getvalue() == ""
    assert len(lines(second)) == 1


def test_a_line_that_cannot_be_written_is_lost_and_not_printed_elsewhere(
    set_up: SetUp, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(FullDisk())
    logging.getLogger("someone").warning("token is %s", SECRET)
    assert capsys.readouterr().err == ""


def test_a_terminal_gets_a_line_for_people(set_up: SetUp) -> None:
    stream = set_up(Terminal())
    logs.write("approve", request="7QK2", person="U02BO", code="", text="\x1b[2Jx\ny")
    (line,) = stream.getvalue().splitlines()
    assert line[13:] == r"info    approve  request=7QK2  person=U02BO  text=\x1b[2Jx\ny"


def test_a_terminal_gets_the_trace_below_the_line(set_up: SetUp) -> None:
    stream = set_up(Terminal())
    with pytest.raises(ZeroDivisionError), logs.operation("claim"):
        _ = 1 / 0
    first, *below = stream.getvalue().splitlines()
    assert "error=ZeroDivisionError" in first
    assert below[-1] == "ZeroDivisionError: division by zero"


def test_logging_to_the_real_standard_error_works(set_up: SetUp, capsys: pytest.CaptureFixture[str]) -> None:
    set_up(sys.stderr)
    logs.write("hello", who="世界")
    assert json.loads(capsys.readouterr().err)["who"] == "世界"


def test_a_warning_of_bolt_about_what_is_meant_is_left_out(set_up: SetUp) -> None:
    stream = set_up()
    logging.getLogger("slack_bolt.App").warning("As you gave `client` as well, `token` will be unused.")
    logging.getLogger("slack_bolt.App").warning("Something else.")
    assert [line["event"] for line in lines(stream)] == ["Something else."]
