"""The judges of the crash tests: each thing that must not be is found when it is, and nothing else is."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from builders import a_line, a_request, a_step
from crash.findings import DUPLICATE, LOST, WRONG, Journals, findings
from crash.relay import Call
from crash.watch import Watch

from bot.domain.request import BroadcastRequest
from bot.domain.states import LegState, State
from bot.playground.cast import BOT
from bot.playground.slack.world import Message
from bot.store.store import RequestStore
from bot.views import phrases


def said(request: BroadcastRequest, slot: str, *, text: str = "") -> Message:
    payload = {"event_payload": {"id": request.id, "slot": slot}}
    return Message("C1", f"{len(slot)}.0", BOT.id, text or phrases.headline(request), metadata=payload)


@pytest.fixture
def sent(store: RequestStore) -> BroadcastRequest:
    request = a_request(State.SENT)
    store.commit(a_step(request, line=a_line(after="sent")), commit_id="1")
    return request


@pytest.fixture
def good(sent: BroadcastRequest) -> Journals:
    messages = [said(sent, slot) for slot in ("card", "direct:sent", "result:sent")]
    return Journals({leg.msgkey: 1 for leg in sent.legs}, {sent.id: messages})


def kinds(journals: Journals, store: RequestStore, request: BroadcastRequest) -> list[str]:
    return [sentence.partition(":")[0] for sentence in findings(journals, store, request.id)]


def test_where_everything_fits_nothing_is_found(good: Journals, store: RequestStore, sent: BroadcastRequest) -> None:
    assert kinds(good, store, sent) == []


Spoil = Callable[[Journals, BroadcastRequest], Journals]


def twice(journals: Journals, request: BroadcastRequest) -> Journals:
    return replace(journals, executed=journals.executed | {request.legs[0].msgkey: 2})


def never(journals: Journals, request: BroadcastRequest) -> Journals:
    return replace(journals, executed={leg.msgkey: 1 for leg in request.legs[1:]})


def posted_twice(journals: Journals, request: BroadcastRequest) -> Journals:
    return replace(journals, messages={request.id: [*journals.messages[request.id], said(request, "result:sent")]})


def not_posted(journals: Journals, request: BroadcastRequest) -> Journals:
    return replace(journals, messages={request.id: journals.messages[request.id][:2]})


def old_card(journals: Journals, request: BroadcastRequest) -> Journals:
    card = said(request, "card", text="Push to all devices of live: being sent")
    return replace(journals, messages={request.id: [card, *journals.messages[request.id][1:]]})


@pytest.mark.parametrize(
    ("spoil", "found"),
    [(twice, DUPLICATE), (never, WRONG), (posted_twice, DUPLICATE), (not_posted, LOST), (old_card, WRONG)],
)
def test_what_does_not_fit_is_found(
    good: Journals, store: RequestStore, sent: BroadcastRequest, spoil: Spoil, found: str
) -> None:
    assert kinds(spoil(good, sent), store, sent) == [found]


def test_a_request_that_hangs_is_lost(store: RequestStore) -> None:
    request = a_request(State.SENDING)
    store.commit(a_step(request, line=a_line(after="sending")), commit_id="1")
    assert LegState.SENDING in {leg.state for leg in request.legs}
    assert f"{LOST}: {request.id} stays sending" in list(findings(Journals({}, {}), store, request.id))


@pytest.mark.parametrize(("state", "wrong"), [(State.PENDING_APPROVAL, 0), (State.SENT, 1)])
def test_what_is_announced_and_not_committed_is_found(store: RequestStore, state: State, wrong: int) -> None:
    request = a_request()
    store.commit(a_step(request, line=a_line()), commit_id="1")
    announced = {
        "text": phrases.headline(request.model_copy(update={"state": state})),
        "metadata": {"event_payload": {"id": request.id, "slot": "card"}},
    }
    body = b"POST /api/chat.postMessage HTTP/1.1\r\n\r\n" + json.dumps(announced).encode()
    watch = Watch(kill=lambda _: None, read=lambda: store)
    watch.asked(Call("worker>slack", 1, 1, "chat.postMessage", body))
    assert len(watch.unbacked) == wrong
