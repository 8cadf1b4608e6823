"""What people do in a soak run: ask, approve, settle, and press again when Slack says that it had trouble.

Everything goes through the simulated Slack as through a screen. A person who gets no answer tries a few times, as
people do; what was acknowledged is never tried again.
"""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.domain.content import Platform, RequestId
from bot.errors import StoreUnavailable
from bot.playground.cast import GENERAL, Person
from bot.playground.slack.parts import Deed
from bot.playground.slack.refusal import CannotDo
from bot.playground.slack.sim import SlackSim
from bot.playground.slack.world import Message, View
from bot.store.store import RequestStore

PATIENCE = 90.0
"""Seconds for anything to happen: a store and two processes may be down meanwhile."""

TRIES = 150
"""How often somebody presses again."""

AGAIN = 0.3
"""Seconds before somebody presses again."""

COMMAND = "/broadcast outage city=Berlin time=18:00 --target live --audience attached --within 60d --expires 3h --to "

_STORED = re.compile(r"(\w{4}-\w{4})")

T = TypeVar("T")


class GaveUp(Exception):
    """Tell that somebody pressed again and again, and never got an answer."""


@dataclass(frozen=True)
class Office:
    """Hold the workspace and the store that people look into."""

    slack: SlackSim
    store: RequestStore
    waiting: threading.Event

    def pause(self, seconds: float) -> None:
        """Let a moment pass."""
        self.waiting.wait(seconds)

    def until(self, found: Callable[[], T | None], what: str) -> T:
        """Look again and again until something is there; a store that is down is no answer."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                if (value := found()) is not None:
                    return value
            except StoreUnavailable:
                pass
            self.pause(0.02)
        raise GaveUp(f"Waited {PATIENCE:.0f} s for {what}.")

    def acked(self, deed: Callable[[], Deed], what: str) -> Deed:
        """Do something until Slack says that the bot has taken it."""
        for _ in range(TRIES):
            done = deed()
            if done.acked:
                return done
            self.pause(AGAIN)
        raise GaveUp(f"Nobody answered: {what}.")

    def close_all(self, person: Person) -> None:
        """Close whatever somebody has open."""
        for view in reversed(self.slack.views(person.id)):
            try:
                self.slack.close(person.id, view, clear=True)
            except CannotDo:
                return

    def ask(self, person: Person, platforms: str) -> RequestId:
        """Ask for a push; return the id of the request when Slack has shown that it is stored."""
        for _ in range(TRIES):
            self.close_all(person)
            self.acked(lambda: self.slack.command(person.id, GENERAL.id, COMMAND + platforms), "the command")
            preview = self._open(person, "preview")
            if preview is not None and (stored := self._submitted(person, preview)):
                return stored
            self.pause(AGAIN)
        raise GaveUp(f"{person.real_name} could not ask.")

    def _submitted(self, person: Person, preview: View) -> RequestId | None:
        """Submit, again while Slack says that it had trouble: the second submit of one form is told so by the bot."""
        for _ in range(TRIES):
            try:
                deed = self.slack.submit(person.id, preview)
            except CannotDo:
                return None
            views = self.slack.views(person.id)
            said = str(views[-1].content) if views else ""
            if deed.acked and ("is stored" in said or "was already stored" in said):
                return RequestId(_STORED.findall(said)[0])
            if deed.acked and views and views[-1].id != preview.id:
                self.slack.close(person.id, views[-1])  # a sentence on top of the form: nothing was recorded
            self.pause(AGAIN)
        return None

    def _open(self, person: Person, callback: str) -> View | None:
        """Return a person's topmost view if it is that one."""
        views = self.slack.views(person.id)
        return views[-1] if views and views[-1].content["callback_id"] == callback else None

    def card(self, request_id: RequestId) -> Message:
        """Wait for the card of a request."""
        return self.until(lambda: self.find_card(request_id), f"the card of {request_id}")

    def find_card(self, request_id: RequestId) -> Message | None:
        """Find the card of a request as it is now."""
        post = self.store.posts(request_id).get("card")
        return None if post is None else self.slack.message(post.channel, post.ts)

    def decide(self, person: Person, request_id: RequestId, *, says: str) -> None:
        """Approve or reject, until it is so: somebody else's word, or our own that was lost, counts as well."""
        for _ in range(TRIES):
            card = self.card(request_id)
            if not _offers(card, "approve"):
                return
            self.close_all(person)
            self.slack.press(person.id, card, says)
            form = self._open(person, f"{says}_form")
            if form is not None and self._answered(person, form, says):
                return
            self.pause(AGAIN)
        raise GaveUp(f"{person.real_name} could not {says} {request_id}.")

    def _answered(self, person: Person, form: View, says: str) -> bool:
        try:
            if says == "approve":
                self.slack.type(person.id, form, "input", "live", block_id="typed_target")
            else:
                self.slack.choose(person.id, form, "input", "reject", block_id="choice")
                self.slack.type(person.id, form, "input", "Not today.", block_id="reason")
            deed = self.slack.submit(person.id, self.slack.view(person.id))
        except CannotDo:
            return False
        return deed.acked and not self.slack.views(person.id)

    def settle(self, person: Person, request_id: RequestId, sent: dict[Platform, bool]) -> None:
        """Say of every unsettled leg whether it went out, as mPaaS's own list shows it."""
        for _ in range(TRIES):
            self.close_all(person)
            card = self.card(request_id)
            if not _offers(card, "settle"):
                return
            self.slack.press(person.id, card, "settle")
            if self._found(person, sent):
                return
            self.pause(AGAIN)
        raise GaveUp(f"{person.real_name} could not settle {request_id}.")

    def _found(self, person: Person, sent: dict[Platform, bool]) -> bool:
        form = self._open(person, "settle_form")
        if form is None:
            return False
        try:
            for block in form.blocks:
                kind, _, platform = block["block_id"].partition(".")
                if kind == "leg":
                    answer = "sent" if sent[Platform(platform)] else "unsent"
                    self.slack.choose(person.id, form, "input", answer, block_id=block["block_id"])
            deed = self.slack.submit(person.id, self.slack.view(person.id))
        except CannotDo:
            return False
        return deed.acked and not self.slack.views(person.id)


def _offers(card: Message, action: str) -> bool:
    return any(
        element.get("action_id") == action for block in card.blocks or [] for element in block.get("elements", [])
    )
