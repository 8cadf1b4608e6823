"""People who do not give up: when Slack says that something went wrong, they look what is there, and press again."""

import re
from collections import deque
from collections.abc import Callable

from bot.domain.content import RequestId
from bot.domain.states import State
from bot.errors import UnknownRequest
from bot.playground.cast import BOT, CAST, GENERAL, Person
from bot.playground.reading import buttons, elements, names_of, read
from bot.playground.slack.parts import Deed
from bot.playground.slack.refusal import CannotDo
from bot.playground.slack.world import Message, View
from bot.playground.stage import Stage
from bot.store.store import RequestStore

TRIES = 12
"""Presses of one button before somebody gives up."""

LOOKS = 20.0
"""Seconds for which somebody looks out for a card."""

_STORED = re.compile(r"Request (\w{4}-\w{4}) (?:is|was already) stored")
_COUNTED = re.compile(r"already|approved this|It was")


class Unanswered(Exception):
    """Tell that somebody got no answer, or a wrong one, however often they pressed."""


class Somebody:
    """Be one person. ``calm`` waits before a press is repeated; ``broken`` counts the presses that failed."""

    def __init__(self, stage: Stage, person: Person, store: RequestStore, *, calm: Callable[[], object]) -> None:
        self._stage, self._slack = stage, stage.slack
        self._person, self._store, self._calm = person, store, calm
        self.broken = 0
        self.wrong: list[str] = []
        self._answers: deque[str] = deque(maxlen=TRIES)

    def asks(self, command: str) -> RequestId:
        """Type the command until its preview is there, and submit that until it is said to be stored."""
        for _ in range(TRIES):
            self._close_all()
            if self._went_well(self._slack.command(self._person.id, GENERAL.id, f"/broadcast {command}")):
                preview = self._top()
                if preview is not None and preview.content["callback_id"] == "preview":
                    return self._submits(preview)
            self._calm()
        raise Unanswered(f"{self._person.real_name} never got a preview; {self._told()}")

    def _submits(self, preview: View) -> RequestId:
        for _ in range(TRIES):
            if self._went_well(self._slack.submit(self._person.id, preview)):
                if found := _STORED.search(self._words()):
                    return self._acknowledged(RequestId(found[1]))
                self._back_to(preview)
            self._calm()
        raise Unanswered(f"{self._person.real_name} never heard that the request is stored; {self._told()}")

    def _acknowledged(self, request_id: RequestId) -> RequestId:
        """Compare what was just said with the store: what was acknowledged is there."""
        try:
            self._store.get(request_id)
        except UnknownRequest:
            self.wrong.append(f"acknowledged, but not stored: {request_id}")
        self._close_all()
        return request_id

    def approves(self, request_id: RequestId, *, typing: str) -> None:
        """Press Approve, type the target's name, and submit, until it is said to be counted."""
        for _ in range(TRIES):
            self._close_all()
            card = self.card_of(request_id)
            if "Approve" not in buttons(card):
                return
            if self._went_well(self._press(card, "Approve")):
                dialog = self._top()
                if dialog is None or dialog.content["callback_id"] != "approve_form":
                    if _COUNTED.search(self._words()):
                        return  # an earlier press was counted though its answer was lost, and this says so
                elif self._confirms(dialog, request_id, typing):
                    return
            self._calm()
        raise Unanswered(f"{self._person.real_name} never heard that the vote counts; {self._told()}")

    def _confirms(self, dialog: View, request_id: RequestId, typing: str) -> bool:
        if any(block["block_id"].startswith("typed_target") for block in dialog.blocks):
            self._slack.type(self._person.id, dialog, "input", typing, block_id="typed_target")
        for _ in range(TRIES):
            if self._went_well(self._slack.submit(self._person.id, self._slack.find_view(dialog.id))):
                top = self._top()
                if top is None:
                    self._counts(request_id)
                    return True
                if _COUNTED.search(self._words()):
                    return True
                self._back_to(dialog)
            self._calm()
        return False

    def _counts(self, request_id: RequestId) -> None:
        if self._person.id not in {vote.approver for vote in self._store.get(request_id).votes}:
            self.wrong.append(f"acknowledged, but not stored: the vote of {self._person.real_name} on {request_id}")

    def takes_back(self, request_id: RequestId, label: str) -> None:
        """Press Cancel or Recall until the card offers it no more, or somebody says that it was done already."""
        for _ in range(TRIES):
            self._close_all()
            card = self.card_of(request_id)
            if label not in buttons(card):
                return
            if self._went_well(self._press(card, label)):
                if self._top() is None:
                    self._is_ended(request_id, State.CANCELLED, State.RECALLED)
                    return
                if _COUNTED.search(self._words()):
                    return
            self._calm()
        raise Unanswered(f"{self._person.real_name} could not {label.lower()} it; {self._told()}")

    def settles(self, request_id: RequestId) -> None:
        """Press Settle and say of every leg that it went out, until that is written down."""
        for _ in range(TRIES):
            self._close_all()
            card = self.card_of(request_id)
            if "Settle" not in buttons(card):
                return
            if self._went_well(self._press(card, "Settle")):
                dialog = self._top()
                if dialog is None or dialog.content["callback_id"] != "settle_form":
                    if "nothing to settle" in self._words():
                        return
                elif self._says_sent(dialog, request_id):
                    return
            self._calm()
        raise Unanswered(f"{self._person.real_name} could not settle it; {self._told()}")

    def _says_sent(self, dialog: View, request_id: RequestId) -> bool:
        for block in dialog.blocks:
            if str(block["block_id"]).startswith("leg"):
                self._slack.choose(self._person.id, dialog, "input", "sent", block_id=block["block_id"])
        for _ in range(TRIES):
            if self._went_well(self._slack.submit(self._person.id, self._slack.find_view(dialog.id))):
                if self._top() is None:
                    self._is_ended(request_id, State.SENT)
                    return True
                if "nothing to settle" in self._words():
                    return False  # a part of it was written down by an earlier press: look again what is left
                self._back_to(dialog)
            self._calm()
        return False

    def _is_ended(self, request_id: RequestId, *states: State) -> None:
        state = self._store.get(request_id).state
        if state not in states:
            self.wrong.append(f"acknowledged, but not stored: {request_id} is {state}")

    def card_of(self, request_id: RequestId) -> Message:
        """Look out for a request's card."""

        def there() -> Message | None:
            channels = {rules.approvals for rules in self._stage.targets.values()}
            every = [one for channel in channels for one in self._slack.messages(channel, seen_by=self._person.id)]
            return next((one for one in every if marker(one) == (request_id, "card")), None)

        card = self._slack.wait_until(there, timeout=LOOKS, description=f"the card of {request_id}")
        assert card is not None
        return card

    def _press(self, message: Message, label: str) -> Deed:
        button = next(one for one in elements(message) if one["type"] == "button" and one["text"]["text"] == label)
        return self._slack.press(self._person.id, message, button["action_id"], value=button.get("value"))

    def _went_well(self, deed: Deed) -> bool:
        well = deed.acked and not deed.failure and not deed.problems
        self.broken += not well
        self._answers.append("acknowledged" if well else f"{deed.failure or deed.problems or 'no answer'}")
        return well

    def _told(self) -> str:
        """Say what somebody was told lately, and what is open."""
        return f"answers: {'; '.join(self._answers)}; open: {self._words()}"

    def _top(self) -> View | None:
        views = self._slack.views(self._person.id)
        return views[-1] if views else None

    def _words(self) -> str:
        top = self._top()
        return "" if top is None else " ".join(read(top, names_of(CAST)))

    def _back_to(self, view: View) -> None:
        """Close what lies on top of a view: a sentence that says what went wrong."""
        top = self._top()
        self._answers.append(self._words()[:200])
        while top is not None and top.id != view.id and len(self._slack.views(self._person.id)) > 1:
            self._slack.close(self._person.id, top)
            top = self._top()

    def _close_all(self) -> None:
        top = self._top()
        if top is not None:
            try:
                self._slack.close(self._person.id, top, clear=True)
            except CannotDo:  # the bot has just put another one on top
                self._close_all()


def marker(message: Message) -> tuple[str, str]:
    """Read which request a message of the bot is about, and which of its messages it is."""
    payload = dict((message.metadata or {}).get("event_payload", {}))
    return (payload.get("id", ""), payload.get("slot", "")) if message.user == BOT.id else ("", "")
