"""Traps of Bolt and slack_sdk, as measured: each is shown with plain Bolt where that is cheap, then that we avoid it.

Numbers are those of the list of traps in the project's notes about Slack: 2 (an exception after ``ack()`` erases it), 3
(a lazy listener's exception reaches nobody), 4 (a listener that is late still runs to its end), 9 (Bolt's context hides
the outsider) and 16 (waiting as long as Slack asks, inside a listener).
"""

import ast
import copy
import json
import math
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import pytest
from desk import ASK, CHANNELS, Desk, button_of, words
from house import tree
from slack_bolt import Ack, App, BoltContext, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot import wiring
from bot.operations.pace import USUAL
from bot.playground.cast import ANA, BO, GENERAL, OLGA, TEAM
from bot.playground.slack.sim import SlackSim
from bot.views.ids import Callback

PATIENCE = 0.2
"""Seconds that plain Bolt waits here for an acknowledgement; Slack's and Bolt's own are 3."""


def plain_app(**parts: Any) -> App:
    """Make an app as Bolt's documentation does, without a Slack behind it."""
    ours = AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_token="xoxb-nobody", bot_id="B1", bot_user_id="U09BOT")
    return App(authorize=lambda: ours, signing_secret="nobody's", request_verification_enabled=False, **parts)


def sent_to(app: App, body: dict[str, Any]) -> BoltResponse:
    form = body if "command" in body else {"payload": json.dumps(body)}
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return app.dispatch(BoltRequest(body=urlencode(form), headers=headers))


def command(app: App, listener: Callable[..., Any] | dict[str, Any], name: str = "/plain") -> BoltResponse:
    """Let one listener hear one command, with little patience."""
    if isinstance(listener, dict):
        app.command(name)(**listener)
    else:
        app.command(name)(listener)
    for one in app._listeners:
        one.ack_timeout = PATIENCE  # type: ignore[attr-defined]  # the listeners of commands have one
    body = {"command": name, "text": "", "user_id": ANA.id, "team_id": TEAM, "channel_id": GENERAL.id}
    return sent_to(app, body)


def listeners() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in sorted((tree.ROOT / "handlers").glob("*.py")):
        for node in ast.walk(tree.parsed(path)):
            if isinstance(node, ast.FunctionDef) and any(argument.arg == "ack" for argument in node.args.args):
                yield f"{tree.name_of(path)}::{node.name}", node


def statements_after_ack(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Give what may still run in a block, or around it, once it has acknowledged; a ``return`` of nothing is fine."""
    for place, statement in enumerate(body):
        for name in ("body", "orelse", "finalbody"):
            yield from statements_after_ack(getattr(statement, name, []))
        for handler in getattr(statement, "handlers", []):
            yield from statements_after_ack(handler.body)
        calls = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
        if calls and ast.unparse(statement.value.func) == "ack":  # type: ignore[attr-defined]  # a call, as just asked
            rest = body[place + 1 :]
            yield from (each for each in rest if not (isinstance(each, ast.Return) and each.value is None))


# Trap 2 ------------------------------------------------------------------------------------------------------------


def boom(ack: Ack) -> None:
    ack("All is well.")
    raise ZeroDivisionError


def test_trap_2_is_real_in_plain_bolt_an_exception_after_ack_erases_it() -> None:
    # Bolt looks every 10 ms, so that an attempt may be seen between the two statements.
    answers = (command(plain_app(), boom) for _ in range(20))
    assert any(answer.status == 404 and "All is well." not in answer.body for answer in answers)


def test_trap_2_our_app_answers_such_a_listener_in_words_and_at_once(desk: Desk) -> None:
    with desk.app_with() as app:
        app.command("/boom")(boom)
        deed = desk.slack.command(ANA.id, GENERAL.id, "/boom")
    assert deed.acked
    assert deed.milliseconds < 1_000
    assert "incident " in words(deed)


def test_trap_2_no_listener_does_anything_after_it_acknowledged() -> None:
    assert len(list(listeners())) > 20
    late = {place: [ast.unparse(one) for one in statements_after_ack(node.body)] for place, node in listeners()}
    assert {place: rest for place, rest in late.items() if rest} == {}


@pytest.mark.parametrize(
    "source", ["ack()\nx()", "if a:\n ack()\n b = 1", "try:\n ack()\n x()\nexcept E:\n pass", "ack()\nreturn x()"]
)
def test_trap_2_work_after_an_acknowledgement_would_be_found(source: str) -> None:
    assert list(statements_after_ack(ast.parse(f"def f(ack):\n {source.replace(chr(10), chr(10) + ' ')}").body[0].body))  # type: ignore[attr-defined]  # a function


# Trap 3 ------------------------------------------------------------------------------------------------------------


def test_trap_3_is_real_in_plain_bolt_a_lazy_listeners_exception_reaches_no_error_handler(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app, seen, ended = plain_app(), list[Exception](), threading.Event()

    @app.error
    def on_error(error: Exception) -> None:
        seen.append(error)

    def lazily() -> None:
        try:
            raise ZeroDivisionError("lost")
        finally:
            ended.set()

    assert command(app, {"ack": lambda ack: ack(), "lazy": [lazily]}).status == 200
    assert ended.wait(5)
    app.listener_runner.lazy_listener_runner.executor.shutdown(wait=True)  # type: ignore[attr-defined]  # the thread's
    assert seen == []
    assert "Failed to run an internal function (lost)" in caplog.text


def test_trap_3_our_app_has_no_lazy_listener(desk: Desk) -> None:
    with desk.app_with() as app:
        assert len(app._listeners) > 20
        assert [one for one in app._listeners if one.lazy_functions] == []


# Trap 4 ------------------------------------------------------------------------------------------------------------


def test_trap_4_is_real_in_plain_bolt_a_late_listener_is_given_up_and_still_runs_to_its_end() -> None:
    go_on, done = threading.Event(), threading.Event()

    def slow(ack: Ack) -> None:
        go_on.wait(5)
        ack()
        done.set()

    assert command(plain_app(), slow).status == 404
    go_on.set()
    assert done.wait(5)


class Held:
    """Random numbers of which the first is given only when somebody lets it go: its listener is late."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()
        self._numbers = iter(range(1, 100_000))
        self._lock = threading.Lock()

    def __call__(self, bits: int) -> int:
        with self._lock:
            number = next(self._numbers)
        if number == 1:
            self.begun.set()
            assert self.go_on.wait(5)
        return number % 2**bits


def pressed_again(desk: Desk, payload: dict[str, Any]) -> None:
    """Deliver a form whose listener is held up, and once more while it hangs; then let the first one go on."""
    held = Held()
    with desk.app_with(random_bits=held), ThreadPoolExecutor(1) as late:
        first = late.submit(desk.deliver, "interactive", payload)
        assert held.begun.wait(5)
        assert desk.deliver("interactive", payload).status == 200
        held.go_on.set()
        assert first.result().status == 200
    desk.announces()


def test_trap_4_a_vote_whose_first_press_was_late_counts_once(desk: Desk) -> None:
    request = desk.asks(ANA, "pair")
    desk.presses(BO, desk.card(request), "approve")
    desk.fills(BO, "typed_target", "pair")
    payload = view_submission(desk, BO.id, Callback.APPROVE_FORM)
    pressed_again(desk, payload)
    assert [vote.approver for vote in desk.now(request).votes] == [BO.id]
    assert [line.event for line in desk.store.history(request.id)] == ["submit", "vote"]


def test_trap_4_a_request_whose_first_submit_was_late_is_one_request(desk: Desk) -> None:
    desk.types(ANA, ASK.format(target="test"))
    payload = view_submission(desk, ANA.id, Callback.PREVIEW)
    pressed_again(desk, payload)
    (request,) = desk.store.list_requests()
    assert len(desk.store.history(request.id)) == 1


def view_submission(desk: Desk, user: str, callback: str) -> dict[str, Any]:
    """Say what Slack would send if the topmost view were submitted now, without sending it."""
    view = desk.slack.view(user)
    content = {key: value for key, value in view.content.items() if key != "type"}
    team = {"id": TEAM, "domain": "team"}
    values = {block: {action: dict(value) for action, value in inputs.items()} for block, inputs in view.state.items()}
    return {
        "type": "view_submission",
        "team": team,
        "user": {"id": user, "team_id": TEAM, "username": user, "name": user},
        "api_app_id": "A0001",
        "trigger_id": "1.1.a",
        "view": {
            **content,
            "id": view.id,
            "type": "modal",
            "team_id": TEAM,
            "callback_id": str(callback),
            "hash": view.hash,
            "state": {"values": values},
            "app_installed_team_id": TEAM,
        },
    }


# Trap 9 ------------------------------------------------------------------------------------------------------------


def of_another_company(payload: dict[str, Any]) -> dict[str, Any]:
    """Let the same person be of another company, in a shared channel."""
    foreign = copy.deepcopy(payload)
    foreign["user"] = foreign["user"] | {"team_id": OLGA.team_id}
    foreign["is_ext_shared_channel"] = True
    return foreign


def test_trap_9_is_real_in_plain_bolt_the_context_names_our_team_for_an_outsider(desk: Desk) -> None:
    request = desk.asks(ANA)
    desk.presses(BO, desk.card(request), "approve")
    payload = of_another_company(view_submission(desk, BO.id, Callback.APPROVE_FORM))
    app, seen = plain_app(), list[tuple[str | None, str | None]]()

    @app.view(Callback.APPROVE_FORM)
    def listen(ack: Ack, context: BoltContext) -> None:
        seen.append((context.team_id, context.actor_team_id))
        ack()

    assert sent_to(app, payload).status == 200
    assert seen == [(TEAM, TEAM)]
    assert payload["user"]["team_id"] != TEAM


@pytest.mark.parametrize("action", ["approve", "reject", "edit", "withdraw", "show_details"])
def test_trap_9_a_press_of_an_approver_of_another_company_is_refused(desk: Desk, action: str) -> None:
    request = desk.asks(ANA)
    person = ANA if action in {"edit", "withdraw"} else BO
    before = desk.store.history(request.id)
    desk.presses(BO, desk.card(request), "show_details")
    payload = of_another_company(desk.last_payload("block_actions"))
    desk.clears(BO)
    payload["user"]["id"] = person.id
    payload["actions"] = [payload["actions"][0] | {"action_id": action, "value": button_of(request)}]
    payload["trigger_id"] = desk.slack.world.trigger(person.id, channel=CHANNELS["test"].id)
    desk.deliver("interactive", payload)
    assert "belongs to another company" in desk.reads(person)
    assert desk.store.history(request.id) == before


@pytest.mark.parametrize(
    ("action", "callback"), [("approve", Callback.APPROVE_FORM), ("withdraw", Callback.WITHDRAW_FORM)]
)
def test_trap_9_a_form_of_an_approver_of_another_company_is_refused(
    desk: Desk, action: str, callback: Callback
) -> None:
    request = desk.asks(ANA)
    desk.presses(BO, desk.card(request), action)
    answer = desk.deliver("interactive", of_another_company(view_submission(desk, BO.id, callback)))
    assert "belongs to another company" in words(answer)
    assert desk.now(request) == request


def test_trap_9_no_module_asks_bolts_context_who_somebody_is() -> None:
    named = {"team_id", "actor_team_id", "enterprise_id", "user_id", "actor_user_id"}
    asked = [
        tree.name_of(path)
        for path in tree.product()
        if "slack_bolt" in {name.partition(".")[0] for name in tree.imports_in(tree.parsed(path))}
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in named and ast.unparse(node.value) == "context"
    ]
    assert asked == []


# Trap 16 -----------------------------------------------------------------------------------------------------------


def test_trap_16_is_real_slack_sdk_sleeps_as_long_as_slack_asks_inside_the_call() -> None:
    with SlackSim() as slack:
        client = WebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[RateLimitErrorRetryHandler()])
        slack.fault("auth.test", "ratelimited", seconds=1)
        began = time.monotonic()
        client.auth_test()
    assert time.monotonic() - began >= 1


@pytest.mark.parametrize("method", ["users.info", "usergroups.users.list", "views.open"])
def test_trap_16_a_press_is_answered_in_words_and_in_time_although_slack_asks_to_wait(desk: Desk, method: str) -> None:
    request = desk.asks(ANA)
    card = desk.card(request)
    desk.slack.fault(method, "ratelimited", seconds=30, times=2)
    deed = desk.presses(BO, card, "approve")
    assert deed.acked
    assert deed.milliseconds < 2_500
    whispers = "\n".join(map(words, desk.whispers(BO, CHANNELS["test"].id)))
    said = whispers or desk.reads(BO)
    assert "Slack" in said
    assert "Nothing was recorded" in said or "nothing was done" in said


def test_trap_16_a_short_wait_is_waited_for(desk: Desk) -> None:
    request = desk.asks(ANA)
    card = desk.card(request)
    desk.slack.fault("users.info", "ratelimited", seconds=1)
    assert desk.presses(BO, card, "approve").acked
    assert "It begins:" in desk.reads(BO)


def test_trap_16_whoever_nobody_waits_for_waits_as_long_as_slack_asks(desk: Desk) -> None:
    client = wiring.slack_client(desk.settings, timeout=USUAL.slack_call, patience=math.inf)
    desk.slack.fault("auth.test", "ratelimited", seconds=2)
    began = time.monotonic()
    client.auth_test()
    assert time.monotonic() - began >= 2
