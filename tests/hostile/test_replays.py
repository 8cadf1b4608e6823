"""Every kind of request, heard on its way and sent again ten times while its signature is good: nothing changes."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import redis
from desk import ASK, Desk
from hostile.eavesdropper import Eavesdropper

from bot.domain.request import BroadcastRequest
from bot.playground.cast import ANA, BO
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.store.keys import DEFAULT_PREFIX
from bot.views.ids import Action, Callback

TIMES = 10
PASSING = ("tally:", "taken:", "members:", "draft:", "posting:", "alive:")
"""Keys that hold nothing anybody decided: counts, marks, what forms keep, and what Slack was asked."""


@dataclass
class Heard:
    """The desk with somebody between Slack and the bot; ``kinds`` are the kinds of requests that were sent again."""

    desk: Desk
    ear: Eavesdropper
    redis: redis.Redis
    kinds: set[str] = field(default_factory=set)

    def after(self, act: Callable[[], Any]) -> None:
        """Do something, bring everybody up to date, then send all that was heard again: nothing may change by it."""
        begun = len(self.ear.heard)
        act()
        self.settle()
        before = self.snapshot()
        for request in self.ear.heard[begun:]:
            self.kinds.add(kind_of(request))
            for _ in range(TIMES):
                status, _ = self.ear.send_again(request)
                assert status == 200
        self.settle()
        assert self.snapshot() == before

    def settle(self) -> None:
        self.desk.announces()

    def snapshot(self) -> dict[str, Any]:
        """Take everything that was decided: the store, what is told about requests in Slack, and mPaaS's work.

        An answer that only the presser sees ("Slack did not open the form in time") may come again.
        """
        kept, slack = {}, self.desk.slack
        for key in self.redis.scan_iter():
            name = str(key).removeprefix(f"{DEFAULT_PREFIX}:")
            if not name.startswith((*PASSING, "notices")):
                kept[name] = self.redis.dump(key)
        told = {
            channel.id: [
                message.blocks
                for message in slack.messages(channel.id, seen_by=ANA.id)
                if not message.viewer and (message.metadata or not channel.is_im)
            ]
            for channel in slack.channels(ANA.id)
        }
        told = {channel: messages for channel, messages in told.items() if messages}
        return {"store": kept, "slack": told, "mpaas": self.desk.mpaas.journal.executed_by_msgkey()}


def kind_of(request: bytes) -> str:
    """Say what kind a request is: the word of a command, the action, or the form."""
    body = parse_qs(request.partition(b"\r\n\r\n")[2].decode())
    if "command" in body:
        return f"/broadcast {body.get('text', [''])[0].split(' ')[0]}".strip()
    payload = json.loads(body["payload"][0])
    match payload["type"]:
        case "block_actions":
            return str(payload["actions"][0]["action_id"])
        case "view_submission":
            return str(payload["view"]["callback_id"])
        case kind:
            return str(kind)


@pytest.fixture
def heard(desk: Desk, redis_client: redis.Redis) -> Iterator[Heard]:
    to = urlsplit(desk.office.url)
    with Eavesdropper(int(to.port or 0), to.path) as ear:
        desk.slack.connect_http(ear.url)
        yield Heard(desk, ear, redis_client)
        desk.slack.connect_http(desk.office.url)


def approved(desk: Desk, **more: str) -> BroadcastRequest:
    request = desk.asks(ANA, **more)
    desk.approves(BO, request)
    return request


def ask_in_the_form(desk: Desk) -> None:
    desk.types(ANA, ASK.format(target="test"))
    desk.submits(ANA)


def test_replays_of_asking(heard: Heard) -> None:
    desk = heard.desk
    heard.after(lambda: desk.types(ANA))
    heard.after(lambda: desk.fills(ANA, "target", "test"))
    heard.after(lambda: desk.slack.load_options(ANA.id, desk.sees(ANA), "form_template", "out"))
    heard.after(lambda: desk.fills(ANA, "when", "recurring"))
    heard.after(lambda: desk.presses(ANA, desk.sees(ANA), "form_advanced"))
    heard.after(lambda: desk.submits(ANA))
    desk.clears(ANA)
    heard.after(lambda: desk.slack.shortcut(ANA.id, Callback.NEW_BROADCAST))
    desk.clears(ANA)
    heard.after(lambda: ask_in_the_form(desk))
    (request,) = desk.store.list_requests()
    desk.clears(ANA)
    heard.after(lambda: desk.presses(ANA, desk.card(request), "edit"))
    heard.after(lambda: (desk.fills(ANA, "expires", "5h"), desk.submits(ANA), desk.submits(ANA)))
    assert desk.now(request).revision == 2
    assert heard.kinds >= {
        "/broadcast", "/broadcast outage", Action.FORM_TARGET, Action.FORM_WHEN, Action.FORM_ADVANCED, Action.EDIT,
        "block_suggestion", "shortcut", Callback.REQUEST_FORM, Callback.PREVIEW,
    }  # fmt: skip


def test_replays_of_deciding(heard: Heard) -> None:
    desk = heard.desk
    wanted, refused, changed, withdrawn, stopped = (desk.asks(ANA, "live") for _ in range(5))
    for verb in ("reject", "ask_changes"):
        request = refused if verb == "reject" else changed
        heard.after(lambda request=request: desk.presses(BO, desk.card(request), "reject"))
        heard.after(lambda verb=verb: reject(desk, verb))
    heard.after(lambda: desk.approves(BO, wanted))
    heard.after(lambda: (desk.presses(BO, desk.card(withdrawn), "withdraw"), desk.submits(BO)))
    desk.approves(BO, stopped)
    heard.after(lambda: desk.presses(ANA, desk.card(stopped), "stop"))
    heard.after(lambda: desk.presses(BO, desk.card(wanted), "show_details"))
    states = [desk.now(request).state for request in (wanted, refused, changed, withdrawn, stopped)]
    assert states == ["approved", "rejected", "changes_requested", "withdrawn", "withdrawn"]
    assert heard.kinds >= {
        Action.APPROVE, Callback.APPROVE_FORM, Action.REJECT, Callback.REJECT_FORM, Action.WITHDRAW,
        Callback.WITHDRAW_FORM, Action.STOP, Action.DETAILS,
    }  # fmt: skip


def reject(desk: Desk, end: str) -> None:
    desk.fills(BO, "choice", end)
    desk.fills(BO, "reason", "No.")
    desk.submits(BO)


def test_replays_of_what_comes_after(heard: Heard) -> None:
    desk = heard.desk
    sent, later, lost = approved(desk), approved(desk, more="--at 'in 2h'"), approved(desk)
    desk.works(4)
    assert desk.now(sent).state == "sent"
    lost = desk.asks(ANA)
    desk.approves(BO, lost)
    desk.mpaas.misbehave(Misbehaviour(kind="reset", action="PushBroadcast", times=2))
    desk.works(2)
    heard.after(lambda: desk.presses(BO, desk.card(lost), "settle"))
    heard.after(lambda: (desk.fills(BO, "leg.ios", "sent"), desk.submits(BO)))
    desk.clears(BO)
    heard.after(lambda: desk.presses(ANA, desk.card(later), "cancel"))
    heard.after(lambda: desk.presses(ANA, desk.card(sent), "recall"))
    heard.after(lambda: desk.presses(ANA, desk.card(sent), "new_request_like_this"))
    assert [desk.now(request).state for request in (sent, later)] == ["recalled", "cancelled"]
    assert heard.kinds >= {Action.SETTLE, Callback.SETTLE_FORM, Action.CANCEL, Action.RECALL, Action.AGAIN}


def test_replays_of_every_word_of_the_command(heard: Heard) -> None:
    desk = heard.desk
    request, other = desk.asks(ANA), desk.asks(ANA)
    for said in ("list", "scheduled", "help", f"show {request.id}", f"withdraw {request.id} no", "halt 2h why"):
        heard.after(lambda said=said: desk.types(ANA, said))
    heard.after(lambda: desk.types(ANA, "resume"))
    assert desk.now(other).state == "pending_approval"
    words = {"list", "scheduled", "help", "show", "withdraw", "halt", "resume"}
    assert heard.kinds == {f"/broadcast {word}" for word in words}


def test_a_resume_that_was_heard_cannot_end_a_later_halt(heard: Heard) -> None:
    desk = heard.desk
    desk.types(ANA, "halt first")
    desk.types(ANA, "resume")
    resume = heard.ear.heard[-1]
    desk.types(BO, "halt the wrong template goes out")
    status, answer = heard.ear.send_again(resume)
    assert status == 200
    assert "This very command was taken already" in answer.decode()
    halted = desk.store.halted()
    assert halted is not None
    assert halted.by == BO.id


def test_a_halt_that_was_heard_cannot_be_used_to_halt_again(heard: Heard) -> None:
    desk = heard.desk
    desk.types(ANA, "halt")
    halt = heard.ear.heard[-1]
    desk.types(ANA, "resume")
    heard.ear.send_again(halt)
    assert desk.store.halted() is None


def test_a_vote_that_was_heard_does_not_count_for_the_next_revision(heard: Heard) -> None:
    desk = heard.desk
    request = desk.asks(ANA, "pair")
    desk.approves(BO, request)
    vote = heard.ear.heard[-1]
    desk.presses(ANA, desk.card(request), "edit")
    desk.fills(ANA, "expires", "5h")
    desk.submits(ANA)
    desk.submits(ANA)
    assert (desk.now(request).revision, desk.now(request).votes) == (2, ())
    heard.ear.send_again(vote)
    assert desk.now(request).votes == ()
