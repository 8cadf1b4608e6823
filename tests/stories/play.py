"""The words the stories are told in: people who press what they see, the card everybody looks at, and mPaaS's journal.

Everything goes through the simulated Slack as through a screen: buttons and fields are found by their labels. What is
waited for is waited for as long as it takes, at most ``PATIENCE`` seconds, and nothing is slept over.
"""

import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

from bot.domain import lifecycle, sending
from bot.domain.content import RequestId
from bot.domain.evidence import Evidence
from bot.domain.request import BroadcastRequest, HistoryLine, Notice, NoticeKind, Step
from bot.domain.states import State
from bot.errors import Conflict
from bot.playground.cast import ANA, BO, BOT, CAST, CHEN, DANA, GENERAL, GUS, OLGA, Channel, Person
from bot.playground.mpaas.journal import Entry
from bot.playground.reading import buttons, elements, names_of, read
from bot.playground.slack.parts import Deed
from bot.playground.slack.world import Message, View
from bot.playground.stage import Stage

PATIENCE = 20.0
"""Seconds for anything to happen: far more than it takes, because the machine may be busy."""

WHOM = "--audience attached --within 60d --expires 3h"
"""The part of a command that is the same in most stories."""

NAMES = names_of(CAST)

_TAKEN_BACK = {
    State.PENDING_APPROVAL: lifecycle.withdraw,
    State.CHANGES_REQUESTED: lifecycle.withdraw,
    State.APPROVED: lifecycle.stop,
}
"""How a request is taken back, by the state in which it waits."""


class Play:
    """Put people on a stage and let them play."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.slack = stage.slack
        self.mpaas = stage.mpaas
        self.ana, self.bo, self.chen = Somebody(self, ANA), Somebody(self, BO), Somebody(self, CHEN)
        self.dana, self.gus, self.olga = Somebody(self, DANA), Somebody(self, GUS), Somebody(self, OLGA)

    def pushes(self, card: "Card") -> list[Entry]:
        """List the pushes for a request that reached mPaaS, executed or not."""
        entries = self.mpaas.journal.entries("PushBroadcast")
        return [entry for entry in entries if entry.parameters["Msgkey"].startswith(card.id)]

    def executed(self, card: "Card") -> dict[str, int]:
        """Count what mPaaS executed for a request, by platform."""
        executed = [entry.parameters["Msgkey"] for entry in self.pushes(card) if entry.executed]
        return dict(Counter(key.rpartition("-")[2] for key in executed))

    def push_arrives(self, *, finished: bool = False) -> None:
        """Wait until mPaaS has got a push of this moment, or has finished with it."""

        def there(entries: list[Entry]) -> bool:
            return any(entry.action == "PushBroadcast" and entry.finished is finished for entry in entries)

        assert self.mpaas.journal.wait(there, seconds=PATIENCE), "No push came to mPaaS."

    def request(self, card: "Card") -> BroadcastRequest:
        """Look up a request as it is stored."""
        with self.stage.store() as store:
            return store.get(card.id)

    def found(self, card: "Card", so: Callable[[Evidence], bool]) -> None:
        """Wait until what the bot found of the request's first leg is so."""

        def seen() -> bool:
            evidence = self.request(card).legs[0].evidence
            return evidence is not None and so(evidence)

        self.slack.wait_until(seen, timeout=PATIENCE, description="something to be found at mPaaS")

    def passes(self, card: "Card", **time: float) -> None:
        """Let time pass for one request: all its times move into the past, and the worker is told to look at it."""
        with self.stage.store() as store:
            for _ in range(10):
                try:
                    store.commit(_earlier(store.get(card.id), timedelta(**time)), commit_id=secrets.token_hex(16))
                except Conflict:
                    continue
                return
        raise AssertionError(f"Request {card.id} never held still.")

    def settles_everything(self) -> None:
        """Settle whatever is unknown or held, so that the bot looks for nothing any more when the next test begins."""
        with self.stage.store() as store:
            for _ in range(100):
                waiting = store.list_requests(states=(State.OUTCOME_UNKNOWN, State.HELD), limit=1)
                if not waiting:
                    return
                leg = sending.unsettled(waiting[0])[0]
                step = sending.settle(waiting[0], leg.platform, sent=True, by="operator:play", now=store.now())
                with suppress(Conflict):  # the bot was just looking
                    store.commit(step, commit_id=secrets.token_hex(16))
        raise AssertionError("Something stays unsettled.")

    def takes_everything_back(self) -> None:
        """Take back whatever still waits, and see it told: no moment or message of it reaches into the next test."""
        with self.stage.store() as store:
            for _ in range(100):
                waiting = store.list_requests(states=tuple(_TAKEN_BACK), limit=1)
                if not waiting:
                    return
                take_back = _TAKEN_BACK[waiting[0].state]
                step = take_back(waiting[0], by=ANA.id, why="the test is over", now=store.now())
                with suppress(Conflict):  # the bot was just looking
                    store.commit(step, commit_id=secrets.token_hex(16))
                    card = Card(self, waiting[0].id)
                    card.will_say("withdrawn")
                    self.ana.hears(card, "withdrawn")
        raise AssertionError("Something still waits.")

    @contextmanager
    def without(self, person: Person) -> Iterator[None]:
        """Deactivate somebody's account for a while, as when they leave the company."""
        people = self.slack.world.people
        people[person.id] = replace(person, deleted=True)
        try:
            yield
        finally:
            people[person.id] = person

    def law_one_holds(self) -> None:
        """Whatever happened in a story: no push went out twice, and the simulators did not fail."""
        counts = self.mpaas.journal.executed_by_msgkey()
        assert {key: count for key, count in counts.items() if count != 1} == {}
        assert self.mpaas.failures == []


@dataclass(frozen=True)
class Somebody:
    """Be one person in Slack."""

    play: Play
    person: Person

    def asks(self, command: str, *, channel: Channel = GENERAL) -> "Card":
        """Ask for a push by a command that says everything: look at the preview, and submit it."""
        self._acked(self.play.slack.command(self.person.id, channel.id, f"/broadcast {command}"))
        preview = self.looks_at("preview")
        return self.card_of(preview.submit())

    def card_of(self, submitted: "Sheet | None") -> "Card":
        """Find the card of the request that was just submitted."""
        assert submitted is not None, "Nothing said that the request was stored."
        found = re.search(r"Request (\w{4}-\w{4}) is stored", submitted.words)
        assert found is not None, submitted.words
        card = Card(self.play, RequestId(found[1]))
        card.will_say("waiting for approval")
        return card

    def types(self, command: str) -> str:
        """Type a command and read the answer: the one in the channel, or the form that opens."""
        deed = self._acked(self.play.slack.command(self.person.id, GENERAL.id, f"/broadcast {command}"))
        if not deed.answer:
            return self.looks_at().words
        answer = Message(GENERAL.id, "", BOT.id, str(deed.answer["text"]), blocks=deed.answer.get("blocks"))
        return _text(answer)

    def presses(self, card: "Card | Message", label: str) -> "Sheet | None":
        """Press a button by its label; return what is open afterwards."""
        message = card.will_offer(label) if isinstance(card, Card) else card
        self.closes_everything()
        found = [one for one in elements(message) if one["type"] == "button" and one["text"]["text"] == label]
        assert found, f"There is no button {label!r}, only: {', '.join(buttons(message))}"
        slack = self.play.slack
        self._acked(slack.press(self.person.id, message, found[0]["action_id"], value=found[0].get("value")))
        return self.sheet()

    def opens(self, card: "Card | Message", label: str) -> "Sheet":
        """Press a button that opens something."""
        sheet = self.presses(card, label)
        assert sheet is not None, f"{label} opened nothing."
        return sheet

    def approves(self, card: "Card", *, typing: str = "live") -> None:
        """Press Approve, type the target's name where it is asked for, and press on."""
        dialog = self.opens(card, "Approve")
        if dialog.asks_for("Type the target's name"):
            dialog.fill("Type the target's name", typing)
        assert dialog.submit() is None, dialog.words

    def answers(self, card: "Card", answer: str, why: str) -> None:
        """Press Reject, and choose one of its two answers, with a reason."""
        dialog = self.opens(card, "Reject").fill("Your answer", answer).fill("Why", why)
        assert dialog.submit() is None, dialog.words

    def hears(self, card: "Card", *words: str) -> Message:
        """Wait for a direct message about a request that says all the words."""
        direct = lambda: self.play.slack.direct(self.person.id)  # noqa: E731 - one expression, used once
        return _wait_for(self.play, direct, card, words)

    def sees_in(self, channel: Channel, card: "Card", *words: str) -> Message:
        """Wait for a message in a channel about a request that says all the words."""
        there = lambda: self.play.slack.messages(channel.id, seen_by=self.person.id)  # noqa: E731 - one expression, used once
        return _wait_for(self.play, there, card, words)

    def sheet(self) -> "Sheet | None":
        """Look at the topmost form, dialog or sentence that is open, if there is one."""
        views = self.play.slack.views(self.person.id)
        return Sheet(self, views[-1]) if views else None

    def looks_at(self, callback: str = "") -> "Sheet":
        """Look at what is open; with ``callback``, it must be that view."""
        sheet = self.sheet()
        assert sheet is not None, f"{self.person.real_name} has nothing open."
        assert callback in {"", sheet.view.content["callback_id"]}, sheet.words
        return sheet

    def closes_everything(self) -> None:
        """Close whatever is open."""
        if sheet := self.sheet():
            self.play.slack.close(self.person.id, sheet.view, clear=True)

    def _acked(self, deed: Deed) -> Deed:
        assert deed.acked, deed.failure
        assert not deed.failure
        return deed


@dataclass(frozen=True)
class Sheet:
    """Be one open form or dialog, as its owner sees it."""

    owner: Somebody
    view: View

    @property
    def words(self) -> str:
        """Read all of it."""
        return "\n".join(read(self.view, NAMES))

    def asks_for(self, label: str) -> bool:
        """Tell whether it has a field of that label."""
        return any(label in block["label"]["text"] for block in self.view.blocks if block["type"] == "input")

    def fill(self, label: str, said: str) -> Self:
        """Fill in a field by its label; a choice is named by its own label."""
        block = next(block for block in self.view.blocks if label in (block.get("label") or {"text": ""})["text"])
        element, slack, user = block["element"], self.owner.play.slack, self.owner.person.id
        place = {"block_id": block["block_id"]}
        if "options" in element:
            value = next(one["value"] for one in element["options"] if one["text"]["text"] == said)
            slack.choose(user, self.view, element["action_id"], value, **place)
        else:
            slack.type(user, self.view, element["action_id"], said, **place)
        return self

    def submit(self) -> "Sheet | None":
        """Press its button; return what is open afterwards, None when everything has closed."""
        deed = self.owner.play.slack.submit(self.owner.person.id, self.view)
        assert deed.acked, (deed.failure, deed.problems)
        assert not deed.problems, deed.problems
        return self.owner.sheet()


@dataclass(frozen=True)
class Card:
    """Be the card of one request in its approvals channel."""

    play: Play
    id: RequestId

    def message(self) -> Message:
        """Look at the card as it is now."""
        found = self._find()
        assert found is not None, f"There is no card of {self.id}."
        return found

    def will_say(self, *words: str) -> str:
        """Wait until the card says all the words, and return everything it says."""
        return _text(self._will(lambda card: all(word in _text(card) for word in words), f"say {words}"))

    def will_offer(self, *labels: str) -> Message:
        """Wait until the card has all the buttons, and return it."""
        return self._will(lambda card: set(labels) <= set(buttons(card)), f"offer {labels}")

    def offers_only(self, *labels: str) -> None:
        """Wait until the card has these buttons, in this order, and no other."""
        self._will(lambda card: buttons(card) == list(labels), f"offer {labels} and nothing else")

    def _will(self, so: Callable[[Message], bool], what: str) -> Message:
        """Wait until the card is so; for a moment it may show less than was there before (two announcers draw it)."""

        def now() -> Message | None:
            found = self._find()
            return found if found and so(found) else None

        try:
            message = self.play.slack.wait_until(now, timeout=PATIENCE, description=what)
        except TimeoutError:
            raise AssertionError(f"The card did not {what}:\n{_text(self.message())}") from None
        assert message is not None
        return message

    def _find(self) -> Message | None:
        channels = {rules.approvals for rules in self.play.stage.targets.values()}
        cards = [message for channel in channels for message in self._about_it(channel)]
        return cards[0] if cards else None

    def _about_it(self, channel: str) -> list[Message]:
        messages = self.play.slack.messages(channel, seen_by=ANA.id)
        return [one for one in messages if one.user == BOT.id and _is_about(one, self) and _slot(one) == "card"]


def _text(shown: Message) -> str:
    return "\n".join(read(shown, NAMES))


def _wait_for(play: Play, messages: Any, card: Card, words: tuple[str, ...]) -> Message:
    def found() -> Message | None:
        about = [message for message in messages() if _is_about(message, card)]
        return next((message for message in about if all(word in _text(message) for word in words)), None)

    message: Message | None = play.slack.wait_until(found, timeout=PATIENCE, description=f"a message with {words}")
    assert message is not None
    return message


def _is_about(message: Message, card: Card) -> bool:
    return card.id == _payload(message).get("id")


def _slot(message: Message) -> str:
    return str(_payload(message).get("slot"))


def _payload(message: Message) -> dict[str, Any]:
    return dict((message.metadata or {}).get("event_payload", {}))


def _earlier(request: BroadcastRequest, by: timedelta) -> Step:
    """Make the step after which everything about a request happened earlier."""
    legs = tuple(leg.model_copy(update=_moved(leg, by)) for leg in request.legs)
    changes = _moved(request, by) | {"legs": legs, "version": request.version + 1}
    after = request.model_copy(update=changes)
    line = HistoryLine(
        version=after.version,
        at=request.submitted_at,
        event="time passed",
        actor="worker",
        before=request.state,
        after=request.state,
    )
    return Step.chained(after, line, (Notice(kind=NoticeKind.CARD, state=after.state),))


def _moved(document: Any, by: timedelta) -> dict[str, Any]:
    fields = {name: getattr(document, name) for name in type(document).model_fields}
    moved = {name: value - by for name, value in fields.items() if isinstance(value, datetime)}
    inside = {name: value for name, value in fields.items() if isinstance(value, Evidence)}
    return moved | {name: value.model_copy(update=_moved(value, by)) for name, value in inside.items()}
