"""The log beside the chat: a line for every request and answer, all of it when it is opened, and no secret in it."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from playground.mpaas_bench import APP, BROADCAST, call, simulated
from playground.slack_bot import Received, ScriptedBot
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.playground.cast import ANA, BO, GENERAL
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.mpaas.sim import MpaasSim
from bot.playground.page import log
from bot.playground.slack.refusal import CannotDo
from bot.playground.slack.schema import Json
from bot.playground.slack.sim import SlackSim

EVENING = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)


@pytest.fixture
def bot() -> Iterator[ScriptedBot]:
    with ScriptedBot() as listening:
        yield listening


@pytest.fixture
def slack(bot: ScriptedBot) -> Iterator[SlackSim]:
    with SlackSim(ack_seconds=0.3) as running:
        running.connect_http(bot.url)
        yield running


@pytest.fixture
def mpaas() -> Iterator[MpaasSim]:
    running = simulated().start()
    yield running
    running.stop()


@pytest.fixture
def web(slack: SlackSim) -> WebClient:
    return WebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])


def named(slack: SlackSim, mpaas: MpaasSim, name: str) -> Json:
    return next(line for line in reversed(log.lines(slack, mpaas)) if line["name"] == name)


def test_a_call_of_the_bot_is_a_line(slack: SlackSim, mpaas: MpaasSim, web: WebClient) -> None:
    web.chat_postMessage(channel=GENERAL.id, text="Hello")
    line = named(slack, mpaas, "chat.postMessage")
    assert (line["kind"], line["between"], line["to_bot"], line["about"]) == (
        "call",
        "slack",
        False,
        "#general · Hello",
    )
    assert (line["status"], line["limit"], line["finished"], line["trouble"]) == (200, None, True, "")


def test_a_delivery_is_a_line_with_its_limit(slack: SlackSim, mpaas: MpaasSim) -> None:
    slack.command(ANA.id, GENERAL.id, "/broadcast help")
    line = named(slack, mpaas, "/broadcast")
    assert (line["kind"], line["to_bot"], line["limit"], line["about"]) == (
        "delivery", True, 3000.0, "help · #general · Ana Alves",
    )  # fmt: skip
    assert 0 < line["milliseconds"] < 3000


def test_a_request_to_mpaas_is_a_line(slack: SlackSim, mpaas: MpaasSim) -> None:
    call(mpaas, "PushBroadcast", BROADCAST)
    line = named(slack, mpaas, "PushBroadcast")
    assert (line["kind"], line["between"], line["about"]) == ("request", "mpaas", BROADCAST["Msgkey"])
    assert (line["status"], line["finished"], line["trouble"]) == (200, True, "")


def test_a_request_that_hangs_is_a_line_that_is_not_finished(slack: SlackSim, mpaas: MpaasSim) -> None:
    mpaas.misbehave(Misbehaviour(kind="hang"))
    caller = threading.Thread(target=call, args=(mpaas, "PushBroadcast", BROADCAST))
    caller.start()
    assert mpaas.journal.wait(lambda entries: any(entry.misbehaviour for entry in entries))
    line = named(slack, mpaas, "PushBroadcast")
    assert (line["finished"], line["milliseconds"], line["trouble"]) == (False, None, "hang before")
    mpaas.let_go()
    caller.join()
    assert named(slack, mpaas, "PushBroadcast")["finished"] is True


def test_lines_of_both_stand_in_the_order_of_their_time(mpaas: MpaasSim) -> None:
    clock = iter(EVENING + timedelta(milliseconds=step * 500) for step in range(100))
    with SlackSim(now=lambda: next(clock)) as slack:
        for _ in range(3):
            slack.world.note("call", "auth.test", sent={}, answer={}, status=200, milliseconds=1.0)
        mpaas.journal.arrived("2026-12-01T18:00:00.600000+00:00", "GetTemplate", {}, headers=(), body=b"")
        lines = log.lines(slack, mpaas)
    assert sorted(line["at"] for line in lines) == [line["at"] for line in lines]
    assert {len(line["at"]) for line in lines} == {32}  # a whole second has its microseconds too, or it would sort last
    assert lines[1]["between"] == "mpaas"


@pytest.mark.parametrize(
    ("kind", "trouble"),
    [
        ("error", "fatal_error"),
        ("ratelimited", "ratelimited, Retry-After 3 s"),
        ("slow", "answered 0 s late, channel_not_found"),
    ],
)
def test_trouble_says_what_was_done_and_what_was_answered(
    slack: SlackSim, mpaas: MpaasSim, web: WebClient, kind: str, trouble: str
) -> None:
    slack.fault("*", kind, code="fatal_error", seconds=3 if kind == "ratelimited" else 0)  # type: ignore[arg-type]  # Literal
    with pytest.raises(SlackApiError):
        web.chat_postMessage(channel="C404", text="x")
    assert named(slack, mpaas, "chat.postMessage")["trouble"] == trouble


def test_a_wrong_signature_is_trouble(slack: SlackSim, mpaas: MpaasSim) -> None:
    call(mpaas, "PushBroadcast", BROADCAST, secret="another")
    assert named(slack, mpaas, "PushBroadcast")["trouble"] == "SignatureDoesNotMatch"


def test_a_late_bot_is_trouble(slack: SlackSim, mpaas: MpaasSim, bot: ScriptedBot) -> None:
    enough = threading.Event()

    def dawdle(received: Received) -> None:
        del received
        enough.wait(5)

    bot.answer = dawdle
    slack.command(ANA.id, GENERAL.id, "/broadcast")
    enough.set()
    assert named(slack, mpaas, "/broadcast")["trouble"] == "timeout"


def test_what_happened_between_the_requests_has_lines_too(slack: SlackSim, mpaas: MpaasSim) -> None:
    world = slack.world
    slack.advance(60)
    world.happened("socket_connected", connections=1)
    world.happened("late_or_unknown_ack", milliseconds=3100.0)
    world.happened("late_or_unknown_ack", milliseconds=None)
    world.happened("view_opened", view="V1")
    found = [line for line in log.lines(slack, mpaas) if line["kind"] == "event"]
    assert [(line["name"], line["about"], line["trouble"]) for line in found] == [
        ("clock_moved", "60", ""),
        ("socket_connected", "1", ""),
        ("late_or_unknown_ack", "3100", "late"),
        ("unknown_ack", "", ""),
    ]
    assert log.entry(slack, mpaas, found[0]["id"])["facts"] == {"seconds": 60.0}  # type: ignore[index,call-overload]  # JSON


def test_a_delivery_under_way_is_shown_as_its_line_will_be(slack: SlackSim, mpaas: MpaasSim, bot: ScriptedBot) -> None:
    seen: list[Json] = []

    def look(received: Received) -> None:
        del received
        seen.extend(log.under_way_shown(one, slack.world) for one in slack.under_way())

    bot.answer = look
    slack.command(BO.id, GENERAL.id, "/broadcast list")
    line = named(slack, mpaas, "/broadcast")
    assert [(one["name"], one["about"], one["limit"]) for one in seen] == [(line["name"], line["about"], line["limit"])]


def test_an_opened_line_holds_everything(slack: SlackSim, mpaas: MpaasSim, web: WebClient) -> None:
    web.chat_postMessage(channel=GENERAL.id, text="Hello")
    call(mpaas, "PushBroadcast", BROADCAST)
    said, pushed = log.entries(
        slack, mpaas, [named(slack, mpaas, name)["id"] for name in ("chat.postMessage", "PushBroadcast")]
    )
    assert isinstance(said, dict)
    assert (said["sent"]["text"], said["answer"]["ok"]) == ("Hello", True)  # type: ignore[index,call-overload]  # JSON
    assert isinstance(pushed, dict)
    assert pushed["parameters"] == BROADCAST | {"AppId": APP.app_id}
    assert (pushed["signature"], pushed["executed"]) == ("right", True)
    assert json.loads(str(pushed["reply"]))["ResultCode"] == "OK"


@pytest.mark.parametrize("line", ["slack-0", "mpaas-9", "event-0", "nonsense", ""])
def test_a_line_that_is_gone_is_said_to_be(slack: SlackSim, mpaas: MpaasSim, line: str) -> None:
    with pytest.raises(CannotDo, match="does not hold"):
        log.entry(slack, mpaas, line)
    assert log.entries(slack, mpaas, [line]) == [None]


def test_a_page_gets_the_latest_lines(slack: SlackSim, mpaas: MpaasSim) -> None:
    for number in range(log.KEPT + 5):
        slack.world.note("call", f"method.{number}", sent={}, answer={}, status=200, milliseconds=1.0)
    lines = log.lines(slack, mpaas)
    assert len(lines) == log.KEPT
    assert [lines[0]["name"], lines[-1]["name"]] == ["method.5", f"method.{log.KEPT + 4}"]


def test_no_token_and_no_secret_is_in_the_log(slack: SlackSim, mpaas: MpaasSim, web: WebClient) -> None:
    web.chat_postMessage(channel=GENERAL.id, text="x")
    web.apps_connections_open(app_token=slack.app_token)
    httpx.post(f"{slack.api_url}auth.test", data={"token": slack.bot_token}, trust_env=False)
    slack.command(ANA.id, GENERAL.id, "/broadcast")
    call(mpaas, "PushBroadcast", BROADCAST)
    lines = log.lines(slack, mpaas)
    everything = json.dumps([lines, log.entries(slack, mpaas, [line["id"] for line in lines])])
    assert len(lines) == 5
    for secret in (slack.bot_token, slack.app_token, slack.signing_secret, "testsecret"):
        assert secret not in everything
