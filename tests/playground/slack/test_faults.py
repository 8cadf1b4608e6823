"""Faults on demand, and response URLs that die as Slack's do; driven by the real slack_sdk."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.client import IncompleteRead, RemoteDisconnected
from typing import Any
from urllib.error import URLError

import pytest
from playground.slack_bot import Received, ScriptedBot, actions, button, section
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.webhook import WebhookClient

from bot.playground.cast import ANA, BO, BROADCASTS, GENERAL
from bot.playground.slack.faults import FaultKind
from bot.playground.slack.sim import SlackSim, UnderWay

MORNING = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
CUT = (ConnectionError, RemoteDisconnected, IncompleteRead, URLError)


@pytest.fixture
def bot() -> Iterator[ScriptedBot]:
    with ScriptedBot() as listening:
        yield listening


@pytest.fixture
def sim(bot: ScriptedBot) -> Iterator[SlackSim]:
    with SlackSim(now=lambda: MORNING) as running:
        running.connect_http(bot.url)
        yield running


@pytest.fixture
def web(sim: SlackSim) -> WebClient:
    return WebClient(sim.bot_token, base_url=sim.api_url, retry_handlers=[])


def test_a_rate_limit_names_the_seconds_to_wait(sim: SlackSim, web: WebClient) -> None:
    sim.fault("auth.test", "ratelimited", seconds=7)
    with pytest.raises(SlackApiError) as caught:
        web.auth_test()
    response = caught.value.response
    assert (response.status_code, response["error"], response.headers["Retry-After"]) == (429, "ratelimited", "7")
    assert web.auth_test()["ok"] is True


def test_a_limit_of_one_channel_leaves_the_others_alone(sim: SlackSim, web: WebClient) -> None:
    sim.fault("chat.postMessage", "ratelimited", seconds=30, times=None, channel=GENERAL.id)
    with pytest.raises(SlackApiError, match="ratelimited"):
        web.chat_postMessage(channel=GENERAL.id, text="no")
    assert web.chat_postMessage(channel=BROADCASTS.id, text="yes")["ok"] is True
    (planned,) = sim.planned_faults()
    assert planned["channel"] == GENERAL.id


def test_slacks_own_retry_handler_gets_through(sim: SlackSim) -> None:
    patient = WebClient(sim.bot_token, base_url=sim.api_url, retry_handlers=[RateLimitErrorRetryHandler(1)])
    sim.fault("auth.test", "ratelimited", seconds=1)
    assert patient.auth_test()["ok"] is True
    assert [entry.status for entry in sim.journal("auth.test")] == [429, 200]


def test_any_error_code_can_be_asked_for_so_many_times(sim: SlackSim, web: WebClient) -> None:
    sim.fault("*", "error", code="fatal_error", times=2)
    for _ in range(2):
        with pytest.raises(SlackApiError, match="fatal_error"):
            web.auth_test()
    assert web.auth_test()["ok"] is True


def test_a_500_is_not_json(sim: SlackSim, web: WebClient) -> None:
    sim.fault("auth.test", "http_500")
    with pytest.raises(SlackApiError) as caught:
        web.auth_test()
    assert caught.value.response.status_code == 500


def test_a_slow_answer_outlasts_an_impatient_client(sim: SlackSim) -> None:
    hasty = WebClient(sim.bot_token, base_url=sim.api_url, timeout=1, retry_handlers=[])
    sim.fault("auth.test", "slow", seconds=30)
    with pytest.raises((TimeoutError, URLError)):
        hasty.auth_test()


def test_a_cut_before_acting_and_one_after_cannot_be_told_apart(sim: SlackSim, web: WebClient) -> None:
    sim.fault("chat.postMessage", "reset_before")
    with pytest.raises(CUT):
        web.chat_postMessage(channel=GENERAL.id, text="lost")
    assert sim.messages(GENERAL.id, seen_by=ANA.id) == []
    sim.fault("chat.postMessage", "reset_after")
    with pytest.raises(CUT):
        web.chat_postMessage(channel=GENERAL.id, text="posted")
    assert [message.text for message in sim.messages(GENERAL.id, seen_by=ANA.id)] == ["posted"]


def test_slack_sdk_posts_twice_after_a_cut(sim: SlackSim) -> None:
    retrying = WebClient(sim.bot_token, base_url=sim.api_url)
    sim.fault("chat.postMessage", "reset_after")
    retrying.chat_postMessage(channel=GENERAL.id, text="twice")
    assert [message.text for message in sim.messages(GENERAL.id, seen_by=ANA.id)] == ["twice", "twice"]


def test_faults_can_be_forgotten(sim: SlackSim, web: WebClient) -> None:
    sim.fault("*", "http_500", times=9)
    sim.clear_faults()
    assert web.auth_test()["ok"] is True


def test_the_journal_holds_every_call_but_no_token(sim: SlackSim, web: WebClient) -> None:
    web.chat_postMessage(channel=GENERAL.id, text="x")
    entry = sim.journal("chat.postMessage")[-1]
    assert (entry.direction, entry.status, entry.sent["text"], entry.answer["ok"]) == ("call", 200, "x", True)
    assert sim.bot_token not in repr(sim.journal())


@pytest.fixture
def hook(sim: SlackSim, bot: ScriptedBot) -> WebhookClient:
    sim.command(ANA.id, GENERAL.id, "/broadcast")
    return WebhookClient(bot.last["response_url"])


def test_a_response_url_answers_the_person_or_the_channel(sim: SlackSim, hook: WebhookClient) -> None:
    assert hook.send(text="for you").body == "ok"
    hook.send(text="for all", response_type="in_channel")
    assert [message.text for message in sim.messages(GENERAL.id, seen_by=ANA.id)] == ["for you", "for all"]
    assert [message.text for message in sim.messages(GENERAL.id, seen_by=BO.id)] == ["for all"]


def test_a_response_url_is_used_up_after_five_times(hook: WebhookClient) -> None:
    assert [hook.send(text=str(number)).status_code for number in range(5)] == [200] * 5
    sixth = hook.send(text="6")
    assert (sixth.status_code, sixth.body) == (404, "used_url")


def test_a_response_url_expires_after_thirty_minutes(sim: SlackSim, hook: WebhookClient) -> None:
    sim.advance(timedelta(minutes=30).total_seconds())
    assert hook.send(text="in time").status_code == 200
    sim.advance(0.001)
    late = hook.send(text="late")
    assert (late.status_code, late.body) == (404, "expired_url")


def test_what_a_response_url_cannot_show_is_refused_and_counts_for_nothing(hook: WebhookClient) -> None:
    for _ in range(9):
        assert hook.send(blocks=[{"type": "nope"}]).status_code == 400
    assert hook.send(text="fine").status_code == 200


def test_the_source_message_can_be_replaced_and_deleted(sim: SlackSim, bot: ScriptedBot, web: WebClient) -> None:
    card = {"text": "card", "blocks": [actions(button())]}
    web.chat_postEphemeral(channel=GENERAL.id, user=ANA.id, **card)
    sim.press(ANA.id, sim.messages(GENERAL.id, seen_by=ANA.id)[0], "go")
    hook = WebhookClient(bot.last["response_url"])
    hook.send(text="done", blocks=[section("done")], replace_original=True)
    assert [message.text for message in sim.messages(GENERAL.id, seen_by=ANA.id)] == ["done"]
    hook.send(delete_original=True)
    assert sim.messages(GENERAL.id, seen_by=ANA.id) == []


def test_an_invented_response_url_leads_nowhere(sim: SlackSim) -> None:
    assert WebhookClient(f"{sim.address}/response/guessed").send(text="x").status_code == 404


def test_parallel_posts_all_arrive_with_times_of_their_own(sim: SlackSim, web: WebClient) -> None:
    threads = [
        threading.Thread(target=web.chat_postMessage, kwargs={"channel": GENERAL.id, "text": str(number)})
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({message.ts for message in sim.messages(GENERAL.id, seen_by=ANA.id)}) == 8


def test_what_is_planned_is_listed_with_the_calls_that_are_left(sim: SlackSim, web: WebClient) -> None:
    first = sim.fault("auth.test", "ratelimited", seconds=3, times=2)
    sim.fault("*", "error", code="fatal_error", times=None)
    with pytest.raises(SlackApiError, match="ratelimited"):
        web.auth_test()
    one, other = sim.planned_faults()
    about = {"method": "auth.test", "kind": "ratelimited", "code": "internal_error", "seconds": 3, "times": 1}
    assert one == {"id": first, **about}
    assert (other["method"], other["kind"], other["code"], other["times"]) == ("*", "error", "fatal_error", None)


def test_a_fault_for_all_calls_stays_until_it_is_forgotten(sim: SlackSim, web: WebClient) -> None:
    plan = sim.fault("auth.test", "error", code="fatal_error", times=None)
    for _ in range(3):
        with pytest.raises(SlackApiError, match="fatal_error"):
            web.auth_test()
    assert (sim.forget_fault(plan), sim.forget_fault(plan)) == (True, False)
    assert web.auth_test()["ok"] is True


def test_a_fault_of_the_method_comes_before_one_of_every_method(sim: SlackSim, web: WebClient) -> None:
    sim.fault("*", "error", code="of_any")
    sim.fault("auth.test", "error", code="of_this")
    for code in ("of_this", "of_any"):
        with pytest.raises(SlackApiError, match=code):
            web.auth_test()
    assert sim.planned_faults() == []


@pytest.mark.parametrize(
    ("method", "fault", "why"),
    [
        ("auth.test", {"kind": "explodes"}, "There is no fault 'explodes'"),
        ("auth.best", {"kind": "error"}, r"There is no method 'auth\.best'"),
        ("*", {"kind": "slow", "seconds": -1}, "must not be negative"),
        ("*", {"kind": "error", "times": 0}, "times must be 1 or more"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(sim: SlackSim, method: str, fault: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        sim.fault(method, **fault)
    assert sim.planned_faults() == []


def test_planning_meeting_and_forgetting_a_fault_are_changes(sim: SlackSim, web: WebClient) -> None:
    told: list[None] = []
    sim.world.on_change.append(lambda: told.append(None))
    before = sim.world.seq
    sim.fault("auth.test", "error")
    with pytest.raises(SlackApiError):
        web.auth_test()
    sim.clear_faults()
    kinds = [one.kind for one in sim.happenings(before)]
    assert kinds == ["fault_planned", "fault_met", "call", "faults_forgotten"]
    assert len(told) == len(kinds)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("ratelimited", "ratelimited, Retry-After 2 s"),
        ("slow", "answered 0.01 s late"),
        ("reset_before", "connection reset, nothing was done"),
        ("reset_after", "connection reset, it was done"),
        ("error", ""),
    ],
)
def test_the_journal_says_what_was_done_to_a_call(sim: SlackSim, web: WebClient, kind: FaultKind, said: str) -> None:
    sim.fault("auth.test", kind, seconds=0.01 if kind == "slow" else 2)
    with suppress(SlackApiError, *CUT):
        web.auth_test()
    assert [entry.note for entry in sim.journal("auth.test")] == [said]


def test_clearing_forgets_the_events_that_were_to_come_twice(sim: SlackSim, bot: ScriptedBot) -> None:
    sim.duplicate_events(3)
    assert sim.duplicates_planned == 3
    sim.clear_faults()
    sim.open_home(ANA.id)
    assert (sim.duplicates_planned, len(bot.received)) == (0, 1)


def test_a_delivery_is_under_way_until_the_bot_answers(sim: SlackSim, bot: ScriptedBot) -> None:
    seen: list[UnderWay] = []

    def look(received: Received) -> None:
        del received
        seen.extend(sim.under_way())

    bot.answer = look
    sim.command(ANA.id, GENERAL.id, "/broadcast x")
    sim.open_home(ANA.id)
    assert [(one.name, one.at) for one in seen] == [("/broadcast", MORNING), ("app_home_opened", MORNING)]
    assert seen[0].sent["text"] == "x"
    assert sim.under_way() == []
