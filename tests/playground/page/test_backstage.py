"""What can be broken and mended from the page, by the verbs that its buttons use."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playground.mpaas_bench import call
from playground.page.viewer import Viewer
from slack_sdk import WebClient

from bot.playground.cast import BO
from bot.playground.page.backstage import Backstage
from bot.playground.page.front import Front
from bot.playground.slack.refusal import CannotDo
from bot.playground.stage import ACCESS_KEYS, LIVE, Stage

KEY = "playground-live-id"
PUSH = {
    "AppId": LIVE.app_id,
    "WorkspaceId": LIVE.workspace_id,
    "TaskName": "trial",
    "DeliveryType": "1",
    "Msgkey": "TRIAL-1",
    "ExpiredSeconds": "600",
    "TemplateName": "maintenance",
    "PushStatus": "0",
    "BindPeriod": "3",
}


@pytest.fixture
def backstage(stage: Stage) -> Backstage:
    return Backstage(stage)


@pytest.fixture
def page(stage: Stage, front: Front) -> Iterator[httpx.Client]:
    del front
    with httpx.Client(base_url=stage.slack.control_url, trust_env=False, timeout=30) as client:
        yield client


def push(stage: Stage) -> dict[str, Any]:
    return call(stage.mpaas, "PushBroadcast", PUSH, key=KEY, secret=ACCESS_KEYS[KEY])


def faults(backstage: Backstage) -> list[str]:
    return [fault["kind"] for fault in backstage.shown()["mpaas_faults"]]


def did(backstage: Backstage) -> list[tuple[str, str]]:
    return [(deed["what"], deed["about"]) for deed in backstage.shown()["history"]]


def test_a_planned_fault_is_shown_until_it_is_met(stage: Stage, backstage: Backstage) -> None:
    backstage.misbehave(kind="result", code="3022", action="PushBroadcast")
    assert faults(backstage) == ["result"]
    assert push(stage)["ResultCode"] == "3022"
    assert faults(backstage) == []
    assert push(stage)["ResultCode"] == "OK"


def test_a_fault_until_cleared_strikes_every_call(stage: Stage, backstage: Backstage) -> None:
    backstage.misbehave(kind="result", code="9000", action="PushBroadcast", times=None)
    assert [push(stage)["ResultCode"] for _ in range(3)] == ["9000"] * 3
    backstage.behave()
    assert push(stage)["ResultCode"] == "OK"


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ({"kind": "explode"}, "mPaaS cannot go wrong like that: kind: "),
        ({"kind": "slow"}, "slow needs seconds"),
        ({"kind": "hang", "colour": "red"}, "colour: "),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused_in_a_sentence(
    backstage: Backstage, fault: dict[str, Any], why: str
) -> None:
    with pytest.raises(CannotDo, match=why) as caught:
        backstage.misbehave(**fault)
    assert "\n" not in str(caught.value)
    assert faults(backstage) == []


def test_one_planned_fault_can_be_taken_back(backstage: Backstage) -> None:
    for kind, times in (("rubbish", 1), ("half", 2), ("rubbish", None)):
        backstage.misbehave(kind=kind, action="PushBroadcast", times=times)
    shown = backstage.shown()["mpaas_faults"]
    assert backstage.forget_misbehaviour(shown[1]) is True
    assert backstage.shown()["mpaas_faults"] == [shown[0], shown[2]]
    # It counts down while the page still shows the number of before: it is the same fault all the same.
    assert backstage.forget_misbehaviour(shown[0] | {"times": 7}) is True
    assert backstage.shown()["mpaas_faults"] == [shown[2]]
    assert backstage.forget_misbehaviour(shown[1]) is False


def test_everything_can_be_cleared_at_once(stage: Stage, backstage: Backstage) -> None:
    backstage.misbehave(kind="rubbish", times=None)
    backstage.misbehave(kind="refuse", seconds=600)
    stage.slack.fault("*", "http_500", times=None)
    stage.slack.duplicate_events()
    shown = backstage.shown()
    assert (shown["refusing"], len(shown["slack_faults"]), shown["event_twice"]) == (True, 1, 1)
    backstage.clear_everything()
    shown = backstage.shown()
    assert (shown["refusing"], shown["slack_faults"], shown["event_twice"]) == (False, [], 0)
    assert faults(backstage) == []
    assert push(stage)["ResultCode"] == "OK"


def test_refusing_ends_by_itself(stage: Stage, backstage: Backstage) -> None:
    backstage.misbehave(kind="refuse", seconds=0.05)
    assert stage.mpaas.reopened()
    assert push(stage)["ResultCode"] == "OK"
    assert backstage.shown()["refusing"] is False


@pytest.mark.parametrize(("execute", "executed", "told"), [(True, 1, "let_go"), (False, 0, "dropped")])
def test_what_hangs_is_counted_and_let_go_or_dropped(
    stage: Stage, backstage: Backstage, execute: bool, executed: int, told: str
) -> None:
    backstage.misbehave(kind="hang", action="PushBroadcast")
    answers: list[object] = []

    def ask() -> None:
        try:
            answers.append(push(stage))
        except OSError as error:
            answers.append(error)

    caller = threading.Thread(target=ask)
    caller.start()
    assert stage.mpaas.journal.wait(lambda entries: any(entry.misbehaviour for entry in entries))
    assert backstage.shown()["hanging"] == 1
    backstage.let_go(execute)
    caller.join()
    assert backstage.shown()["hanging"] == 0
    assert len(stage.mpaas.tasks()) == executed
    assert isinstance(answers[0], dict if execute else OSError)
    assert did(backstage) == [(told, "")]


def test_the_store_is_killed_and_started_again(stage: Stage, backstage: Backstage) -> None:
    backstage.kill_store()
    assert backstage.shown()["store_alive"] is False
    with pytest.raises(ValueError, match="not running"):
        backstage.kill_store()
    backstage.start_store()
    assert backstage.shown()["store_alive"] is True
    with stage.store() as store:
        assert store.fitness() == []
    assert did(backstage) == [("store_killed", ""), ("store_started", "")]


def test_the_clock_is_moved_and_remembered(stage: Stage, backstage: Backstage) -> None:
    before = stage.now()
    backstage.advance(90_000)
    assert (stage.now() - before).total_seconds() >= 90_000
    assert backstage.shown()["ahead"] == 90_000
    (deed,) = backstage.shown()["history"]
    assert (deed["what"], deed["about"], deed["at"] > before.isoformat()) == ("clock_moved", "90000", True)


def test_a_process_is_killed_and_started_again(backstage: Backstage, stage: Stage) -> None:
    stage.start("worker").ready()
    backstage.kill("worker")
    (shown,) = backstage.shown()["processes"]
    assert (shown["name"], shown["verb"], shown["alive"], shown["killed"]) == ("worker", ["worker"], False, True)
    backstage.revive("worker")
    (again,) = backstage.shown()["processes"]
    assert (again["alive"], again["ready"], again["restarts"], again["pid"] != shown["pid"]) == (True, True, 1, True)
    assert did(backstage) == [("process_killed", "worker"), ("process_started", "worker")]


def test_a_process_that_does_not_start_says_why(backstage: Backstage, stage: Stage) -> None:
    stage.start("worker").ready()
    backstage.kill("worker")
    (stage.directory / "broadcast.toml").write_text("nonsense = 1\n", encoding="utf-8")
    with pytest.raises(CannotDo, match=r"worker did not start: .*nonsense"):
        backstage.revive("worker")
    assert did(backstage) == [("process_killed", "worker")]


def test_deliveries_under_way_are_shown(stage: Stage, backstage: Backstage) -> None:
    stage.slack.world.on_change.append(lambda: seen.append(backstage.shown()["under_way"]))
    seen: list[list[dict[str, Any]]] = []
    stage.slack.open_home(BO.id)
    assert [one["name"] for one in seen[0]] == ["app_home_opened"]
    assert backstage.shown()["under_way"] == []


def test_templates_of_mpaas_are_edited(stage: Stage, backstage: Backstage) -> None:
    backstage.put_template("live", "fresh", "Title", "Content of #city#")
    names = [template.name for template in stage.mpaas.templates(LIVE.app_id, LIVE.workspace_id)]
    assert "fresh" in names
    backstage.delete_template("live", "fresh")
    assert len(stage.mpaas.templates(LIVE.app_id, LIVE.workspace_id)) == len(names) - 1
    with pytest.raises(CannotDo, match="no template 'fresh'"):
        backstage.delete_template("live", "fresh")
    with pytest.raises(CannotDo, match="no environment 'moon'"):
        backstage.delete_template("moon", "fresh")
    with pytest.raises(CannotDo, match="mPaaS refuses the template"):
        backstage.put_template("live", "", "", "")


def test_the_lines_of_the_log_are_given_in_full(stage: Stage, backstage: Backstage) -> None:
    WebClient(stage.slack.bot_token, base_url=stage.slack.api_url).auth_test()
    push(stage)
    seq = stage.slack.journal()[0].seq
    said, pushed, gone = backstage.entries([f"slack-{seq}", "mpaas-1", "slack-0"])
    assert isinstance(said, dict)
    assert isinstance(pushed, dict)
    assert (said["name"], pushed["action"], gone) == ("auth.test", "PushBroadcast", None)


def test_every_verb_is_offered_to_the_page(page: httpx.Client) -> None:
    done = page.post("misbehave", json={"kind": "rubbish", "action": "PushBroadcast"}).json()
    refused = page.post("misbehave", json={"kind": "explode"})
    unknown = page.post("kill", json={"name": "nobody"})
    assert done == {"ok": True, "result": None}
    assert (refused.status_code, unknown.status_code) == (409, 409)
    assert "There is no process 'nobody'" in unknown.json()["error"]


def test_a_planned_fault_reaches_the_open_pages(
    page: httpx.Client, view: Callable[[str], Viewer], stage: Stage
) -> None:
    viewer = view(BO.id)
    page.post("misbehave", json={"kind": "result", "code": "3022", "action": "PushBroadcast"})
    viewer.wait_for("backstage", lambda event: event["backstage"]["mpaas_faults"])
    page.post("fault", json={"method": "auth.test", "kind": "http_500"})
    viewer.wait_for("backstage", lambda event: event["backstage"]["slack_faults"])
    assert push(stage)["ResultCode"] == "3022"
    viewer.wait_for("backstage", lambda event: is_met(event["backstage"]))


def is_met(shown: dict[str, Any]) -> bool:
    """Tell whether mPaaS's fault is over while Slack's, which was planned after it, is still to come."""
    return bool(shown["slack_faults"]) and not shown["mpaas_faults"]
