"""Somebody closes a view while the bot is still about to fill it: that is no incident, and nobody is told of one."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import clock
import httpx
import pytest
from desk import ASK, KEY, Desk, words
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError

from bot.errors import Problem, Refused
from bot.mpaas.client import PushClient
from bot.mpaas.signing import Credentials
from bot.playground.cast import ANA, BO
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.slack.people import Person
from bot.wiring import slack_client
from handlers.opening import View, open_slowly, update


class Meanwhile(httpx.HTTPTransport):
    """Let something happen in Slack while the bot waits for mPaaS, then carry the request as always."""

    def __init__(self, happens: Callable[[], None]) -> None:
        super().__init__(trust_env=False)
        self._happens = happens

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._happens()
        return super().handle_request(request)


@contextmanager
def closing_while_mpaas_is_read(desk: Desk, person: Person) -> Iterator[None]:
    where = desk.context.targets["test"].destination
    client = PushClient(
        where.endpoint,
        Credentials(KEY[0], SecretStr(KEY[1])),
        app_id=where.app_id,
        workspace_id=where.workspace_id,
        now=clock.now,
        nonce=desk.context.mint,
        transport=Meanwhile(lambda: desk.clears(person)),
    )
    with client, desk.app_with(quick_clients={"test": client}):
        yield


def incidents(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def a_view(text: str, **changes: object) -> View:
    section = {"type": "section", "text": {"type": "plain_text", "text": text}}
    return {"type": "modal", "title": {"type": "plain_text", "text": "Drawn"}, "blocks": [section]} | changes


def trigger(desk: Desk) -> str:
    return desk.slack.world.trigger(ANA.id)


def test_a_form_that_was_closed_while_its_templates_are_read_is_no_incident(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """The person pressed Escape while "One moment" was shown, and got an incident number in the channel."""
    with closing_while_mpaas_is_read(desk, ANA):
        deed = desk.types(ANA, ASK.format(target="test"))
    assert deed.acked
    assert words(deed) == ""
    assert incidents(caplog) == []
    assert (desk.slack.views(ANA.id), desk.slack.direct(ANA.id)) == ([], [])


def test_a_settle_dialog_that_was_closed_while_mpaas_is_asked_is_no_incident(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """The dialog that looks at mPaaS first was closed before it was drawn."""
    request = desk.asks(ANA)
    desk.approves(BO, request)
    desk.mpaas.misbehave(Misbehaviour(kind="reset", action="PushBroadcast", when="after"))
    desk.works(2)
    assert desk.now(request).state == "outcome_unknown"
    caplog.clear()
    channel = desk.card(request).channel
    with closing_while_mpaas_is_read(desk, BO):
        assert desk.presses(BO, desk.card(request), "settle").acked
    assert incidents(caplog) == []
    assert desk.whispers(BO, channel) == []


def test_a_form_that_was_closed_while_a_choice_redraws_it_is_no_incident(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """A target was chosen and the form closed at once; the choice reached the bot when the form was gone."""
    desk.types(ANA)
    desk.fills(ANA, "target", "test")
    late = desk.last_payload("block_actions") | {"trigger_id": trigger(desk)}
    desk.clears(ANA)
    answer = desk.deliver("interactive", late)
    assert answer.status == 200
    assert incidents(caplog) == []
    assert (desk.slack.views(ANA.id), desk.slack.direct(ANA.id)) == ([], [])


def test_what_is_refused_in_a_view_that_was_closed_is_no_incident(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """The rule's refusal was to be said in the loading view, which nobody looks at any more."""

    def draw() -> View:
        desk.clears(ANA)
        raise Refused(Problem("", "late", "It is over."))

    open_slowly(slack_client(desk.settings, timeout=2), trigger(desk), draw)
    assert incidents(caplog) == []
    assert desk.slack.views(ANA.id) == []


def test_a_fault_behind_a_view_that_was_closed_is_still_an_incident(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """That nobody waits for the answer hides no bug: the log has its trace."""

    def draw() -> View:
        desk.clears(ANA)
        raise ZeroDivisionError

    open_slowly(slack_client(desk.settings, timeout=2), trigger(desk), draw)
    assert incidents(caplog) == ["incident"]


def test_a_view_that_was_closed_is_written_down_without_alarm(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever looks for the form that did not come finds a line, and no warning."""
    client = slack_client(desk.settings, timeout=2)
    opened = client.views_open(trigger_id=trigger(desk), view=a_view("first"))["view"]
    desk.clears(ANA)
    with caplog.at_level(logging.INFO):
        update(client, a_view("second"), view_id=opened["id"], view_hash=opened["hash"])
    (line,) = [record for record in caplog.records if record.getMessage() == "view_gone"]
    assert (line.levelname, vars(line)["bot_facts"]) == ("INFO", {"why": "not_found"})


@pytest.mark.parametrize(
    ("view", "code"),
    [(a_view("x" * 3001), "invalid_arguments"), (a_view("x", private_metadata="x" * 300_000), "view_too_large")],
)
def test_a_view_that_slack_refuses_is_still_a_fault(desk: Desk, view: View, code: str) -> None:
    """Only a closed or newer view is forgiven; one that was drawn wrongly is not."""
    client = slack_client(desk.settings, timeout=2)
    opened = client.views_open(trigger_id=trigger(desk), view=a_view("first"))["view"]
    with pytest.raises(SlackApiError, match=code):
        update(client, view, view_id=opened["id"], view_hash=opened["hash"])


def test_slack_has_no_view_to_replace_once_it_was_closed(desk: Desk) -> None:
    """The simulated Slack answers as the real one: a view that was closed, alone or with its stack, is not found."""
    client = slack_client(desk.settings, timeout=2)
    below = client.views_open(trigger_id=trigger(desk), view=a_view("below"))["view"]
    above = desk.slack.world.trigger(ANA.id, view=below["id"])
    top = client.views_push(trigger_id=above, view=a_view("top"))["view"]
    desk.clears(ANA)
    for view in (below, top):
        with pytest.raises(SlackApiError, match="not_found"):
            client.views_update(view_id=view["id"], hash=view["hash"], view=a_view("late"))


def test_what_nobody_can_see_in_a_closed_form_is_said_in_a_message(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """The store was away when a choice came, and the form closed, so no view could be put on top of it."""
    desk.types(ANA)
    desk.fills(ANA, "target", "test")
    late = desk.last_payload("block_actions") | {"trigger_id": trigger(desk)}
    desk.clears(ANA)
    with desk.store_down():
        assert desk.deliver("interactive", late).status == 200
    assert "Nothing was recorded; press again." in words(desk.slack.direct(ANA.id)[-1])
    assert "incident" not in incidents(caplog)
