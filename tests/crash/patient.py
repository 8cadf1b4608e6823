"""People who press again: whatever Slack or the bot says went wrong, they do what anybody would do, a few times.

Unlike the people of the stories they expect nothing. What they are told is done, they remember (``acknowledged``).
"""

import json
import re
from dataclasses import dataclass, field

from crash.laws import Acknowledged
from stories.play import WHOM

from bot.domain.content import RequestId
from bot.domain.states import State
from bot.playground.cast import ANA, APPROVALS, BO, CAST, GENERAL
from bot.playground.reading import elements, names_of, read
from bot.playground.slack.refusal import CannotDo
from bot.playground.slack.world import Message, View
from bot.playground.stage import Stage
from bot.views.ids import Action, Callback

TRIES = 6
"""How often somebody presses before they give up; each lie is told once, so this is far more than it takes."""

COMMAND = f"/broadcast outage city=Berlin time=18:00 --target live --to android,ios {WHOM}"
APPROVES = frozenset({"vote", "quorum"})
_NAMES = names_of(CAST)


class GaveUp(Exception):
    """Tell that somebody pressed ``TRIES`` times in vain, with what they read last."""


@dataclass
class Patient:
    """Ana, who asks, and Bo, who approves."""

    stage: Stage
    acknowledged: list[Acknowledged] = field(default_factory=list)
    heard: str = ""
    """What Bo read last after a press."""

    def looks_at_a_preview(self) -> tuple[View, RequestId]:
        """Type the command until the preview is open; give it, and the id that the request will have."""
        slack = self.stage.slack
        for _ in range(TRIES):
            self._close_everything(ANA.id)
            slack.command(ANA.id, GENERAL.id, COMMAND)
            preview = self._open(ANA.id, Callback.PREVIEW)
            if preview is not None:
                return preview, RequestId(json.loads(preview.content["private_metadata"])["request_id"])
        raise GaveUp(self._reads(ANA.id))

    def submits(self, preview: View, request_id: RequestId) -> bool:
        """Press Submit until she is told that it is stored; False when this preview leads nowhere."""
        slack = self.stage.slack
        for _ in range(TRIES):
            slack.submit(ANA.id, preview)
            if f"Request {request_id} is stored" in self._reads(ANA.id):
                self.acknowledged.append(Acknowledged(request_id, ANA.id, frozenset({"submit"})))
                return True
            preview_again = self._back_to(ANA.id, Callback.PREVIEW)
            if preview_again is None:
                return self._knows(request_id)
            preview = preview_again
        return False

    def card(self, request_id: RequestId) -> Message | None:
        """Find a card that can be approved."""
        messages = self.stage.slack.messages(APPROVALS.id, seen_by=BO.id)
        about = [one for one in messages if _approve_button(one) and request_id in _approve_button(one)]
        return about[-1] if about else None

    def approves(self, request_id: RequestId, card: Message) -> bool:
        """Press Approve, type the target's name, press on, until it is done; False when it was in vain."""
        for _ in range(TRIES):
            dialog = self._dialog(card)
            if dialog is None and not self._was_told_that_it_counts():
                if self._is_approved(request_id):
                    return True
                continue
            if dialog is None or self._confirms(dialog):
                self.acknowledged.append(Acknowledged(request_id, BO.id, APPROVES))
                return True
            if self._is_approved(request_id):
                return True
        return False

    def _dialog(self, card: Message) -> View | None:
        self._close_everything(BO.id)
        self.stage.slack.press(BO.id, card, Action.APPROVE, value=_approve_button(card))
        self.heard = self._reads(BO.id)
        return self._back_to(BO.id, Callback.APPROVE_FORM)

    def _confirms(self, dialog: View) -> bool:
        """Fill in and submit the dialog; True when Slack said that it was taken, or the bot that it was before."""
        slack = self.stage.slack
        block = next(block for block in dialog.blocks if block["type"] == "input")
        slack.type(BO.id, dialog, block["element"]["action_id"], "live", block_id=block["block_id"])
        for _ in range(TRIES):
            deed = slack.submit(BO.id, dialog)
            if deed.acked and not deed.problems and not slack.views(BO.id):
                return True
            self.heard = self._reads(BO.id)
            if self._was_told_that_it_counts():
                return True
            again = self._back_to(BO.id, Callback.APPROVE_FORM)
            if again is None or deed.problems:
                return False
            dialog = again
        return False

    def _was_told_that_it_counts(self) -> bool:
        """Tell whether an earlier press was counted whose answer was lost, and the bot has said so."""
        by_him = f"already approved by {_NAMES[BO.id]}"
        return by_him in self.heard or "You approved this already" in self.heard

    def _knows(self, request_id: RequestId) -> bool:
        with self.stage.store() as store:
            return any(one.id == request_id for one in store.list_requests(limit=10_000))

    def _is_approved(self, request_id: RequestId) -> bool:
        with self.stage.store() as store:
            return store.get(request_id).state is not State.PENDING_APPROVAL

    def _open(self, user: str, callback: str) -> View | None:
        views = self.stage.slack.views(user)
        return views[-1] if views and views[-1].content["callback_id"] == callback else None

    def _back_to(self, user: str, callback: str) -> View | None:
        """Close sentences that lie on top of a view, and give it; None when it is not open."""
        for view in reversed(self.stage.slack.views(user)):
            if view.content["callback_id"] == callback:
                return view
            self.stage.slack.close(user, view)
        return None

    def _reads(self, user: str) -> str:
        views = self.stage.slack.views(user)
        return "\n".join(read(views[-1], _NAMES)) if views else ""

    def _close_everything(self, user: str) -> None:
        try:
            for view in reversed(self.stage.slack.views(user)):
                self.stage.slack.close(user, view, clear=True)
        except CannotDo:  # the first one closed them all
            return


def _approve_button(message: Message) -> str:
    found = [one for one in elements(message) if one.get("action_id") == Action.APPROVE]
    return str(found[0]["value"]) if found else ""


def id_in(text: str) -> RequestId | None:
    """Find a request's id in a text."""
    found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", text)
    return RequestId(found[0]) if found else None
