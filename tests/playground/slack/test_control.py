"""The control API of the simulated Slack, as a page or another process uses it; and the simulator as a process."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from places import ROOT
from playground.slack_bot import ScriptedBot, actions, button, field_of, modal
from slack_sdk import WebClient

from bot.playground.cast import ANA, BO, DEX, GENERAL
from bot.playground.slack.sim import SlackSim, main


@pytest.fixture
def page(sim: SlackSim) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sim.control_url, trust_env=False) as client:
        yield client


def done(page: httpx.Client, verb: str, **arguments: Any) -> Any:
    answer = page.post(verb, json=arguments)
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def test_a_whole_conversation_can_be_held_over_http(sim: SlackSim, bot: ScriptedBot, page: httpx.Client) -> None:
    web = WebClient(sim.bot_token, base_url=sim.api_url)
    assert done(page, "command", user=ANA.id, channel=GENERAL.id, said="/broadcast")["acked"] is True
    web.views_open(trigger_id=bot.last["trigger_id"], view=modal(field_of("plain_text_input", "title")))
    view = done(page, "views", user=ANA.id)[-1]["id"]
    done(page, "type", user=ANA.id, target=view, action_id="title", text="Sale")
    assert done(page, "submit", user=ANA.id, view=view)["problems"] == {}
    assert bot.last["view"]["state"]["values"]["title"]["title"]["value"] == "Sale"
    ts = web.chat_postMessage(channel=GENERAL.id, text="card", blocks=[actions(button("approve"))])["ts"]
    target = {"channel": GENERAL.id, "ts": ts}
    assert done(page, "press", user=BO.id, target=target, action_id="approve")["failure"] == ""
    seen = page.get("messages", params={"channel": GENERAL.id, "seen_by": BO.id}).json()["result"]
    assert [message["ts"] for message in seen] == [ts]


def test_changes_are_followed_by_number(sim: SlackSim, page: httpx.Client) -> None:
    sim.say(ANA.id, GENERAL.id, "x")
    changes = page.get("happenings", params={"after": "0", "wait": "0"}).json()["result"]
    assert [one["kind"] for one in changes] == ["message_posted"]
    assert page.get("happenings", params={"after": str(changes[-1]["seq"])}).json()["result"] == []


def test_faults_and_the_clock_are_steered_over_http(sim: SlackSim, page: httpx.Client) -> None:
    done(page, "fault", method="auth.test", kind="error", code="fatal_error")
    answer = httpx.post(
        f"{sim.api_url}auth.test", headers={"Authorization": f"Bearer {sim.bot_token}"}, trust_env=False
    )
    assert answer.json()["error"] == "fatal_error"
    before = sim.world.now()
    done(page, "advance", seconds=1800)
    assert (sim.world.now() - before).total_seconds() >= 1800


@pytest.mark.parametrize(
    ("verb", "arguments", "status", "why"),
    [
        ("command", {"user": DEX.id, "channel": GENERAL.id, "said": "/broadcast"}, 409, "has left the workspace"),
        ("command", {"user": ANA.id}, 400, "missing a required argument"),
        ("press", {"user": ANA.id, "target": "V404", "action_id": "x"}, 409, "There is no open view V404"),
        ("press", {"user": ANA.id, "target": 7, "action_id": "x"}, 400, "name a view by its id"),
        ("connect_http", {"url": "https://bot.example"}, 409, "must be http://127.0.0.1"),
        ("advance", {"seconds": -1}, 409, "only moves forward"),
        ("stop", {}, 404, "There is no POST /_control/stop"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    page: httpx.Client, verb: str, arguments: dict[str, Any], status: int, why: str
) -> None:
    answer = page.post(verb, json=arguments)
    assert answer.status_code == status
    assert why in answer.json()["error"]


def test_deeds_need_a_post_with_json(page: httpx.Client) -> None:
    assert page.get("advance", params={"seconds": "1"}).status_code == 404
    assert page.post("advance", data={"seconds": "1"}).status_code == 415
    assert page.post("advance", content="[]", headers={"Content-Type": "application/json"}).status_code == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 200),
    ],
)
def test_only_loopback_pages_of_this_origin_may_knock(page: httpx.Client, headers: dict[str, str], status: int) -> None:
    assert page.get("people", headers=headers).status_code == status


def test_its_own_page_may_knock(sim: SlackSim, page: httpx.Client) -> None:
    assert page.get("people", headers={"Origin": sim.address}).status_code == 200


def test_everything_a_page_reads_is_json(sim: SlackSim, page: httpx.Client) -> None:
    WebClient(sim.bot_token, base_url=sim.api_url).views_publish(user_id=ANA.id, view={"type": "home", "blocks": []})
    assert page.get("home", params={"user": ANA.id}).json()["result"]["owner"] == ANA.id
    assert page.get("channels", params={"user": ANA.id}).json()["result"][0]["name"] == "general"
    assert page.get("journal").json()["result"][0]["name"] == "views.publish"


def test_it_runs_as_a_process_of_its_own_until_it_is_told_to_stop() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bot.playground.slack.sim", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as process:
        assert process.stdout is not None
        addresses = json.loads(process.stdout.readline())
        web = WebClient(addresses["bot_token"], base_url=addresses["api_url"])
        assert web.auth_test()["ok"] is True
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_a_wrong_option_ends_with_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--harbour"])
    assert "usage:" in capsys.readouterr().err
