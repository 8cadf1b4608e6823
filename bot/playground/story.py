"""One push, from the slash to the result, told as it happens.

Nothing here is staged: each line is printed after the thing happened, read back from the simulators, and whatever does
not happen ends the story with a sentence and exit status 1.
"""

import time
from collections.abc import Callable
from typing import TypeVar

from bot.playground.cast import ANA, APPROVALS, BO, GENERAL, Person
from bot.playground.mpaas.journal import Entry
from bot.playground.slack.world import Message, View
from bot.playground.stage import Stage

COMMAND = (
    "/broadcast outage city=Berlin time=18:00 "
    "--target live --to android,ios --audience attached --within 60d --expires 3h"
)
PATIENCE = 20.0
"""Seconds for each thing to happen."""

T = TypeVar("T")


class Untold(Exception):
    """Tell that something that belongs to the story did not happen."""


class Story:
    """Play the story on a stage, and say each thing with ``tell`` once it has happened."""

    def __init__(self, stage: Stage, *, tell: Callable[[str, str], None]) -> None:
        self._stage = stage
        self._slack = stage.slack
        self._tell = tell

    def play(self) -> None:
        """Play all of it; raise Untold at the first thing that does not happen."""
        card = self._ana_asks()
        self._ana_cannot_approve(card)
        self._bo_approves(card)
        self._veto_window_runs()
        self._mpaas_receives()
        self._result_is_posted()

    def _ana_asks(self) -> Message:
        self._tell("Ana", COMMAND)
        self._slack.command(ANA.id, GENERAL.id, COMMAND)
        preview = self._view(ANA, "preview")
        self._tell("bot", f"opens “{_title(preview)}”: {_words(preview)}")
        self._tell("Ana", f"presses {_button(preview)}")
        self._slack.submit(ANA.id, preview)
        card = self._until(self._card, "the card in #approvals")
        self._tell("#approvals", _words(card))
        return card

    def _ana_cannot_approve(self, card: Message) -> None:
        self._tell("Ana", "presses Approve on her own request")
        self._slack.press(ANA.id, card, "approve")
        refusal = self._view(ANA, "error")
        self._tell("bot", _words(refusal))
        self._slack.close(ANA.id, refusal, clear=True)
        if self._card_says("approved"):
            raise Untold("Ana's own press was counted.")

    def _bo_approves(self, card: Message) -> None:
        self._tell("Bo", "presses Approve, and types the target's name")
        self._slack.press(BO.id, card, "approve")
        dialog = self._view(BO, "approve_form")
        self._slack.type(BO.id, dialog, "input", "live", block_id="typed_target")
        self._slack.submit(BO.id, self._slack.view(BO.id))
        self._until(lambda: self._card_says("approved"), "the card saying that it is approved")
        self._tell("#approvals", _words(self._present_card()))

    def _veto_window_runs(self) -> None:
        began = time.monotonic()
        if any(entry.executed for entry in self._pushes()):
            raise Untold("mPaaS was called before the veto window was over.")
        self._until(lambda: not self._card_says("can still be stopped"), "the end of the veto window")
        self._tell("bot", f"waited {time.monotonic() - began:.0f} s, in which anybody concerned could press Stop")

    def _mpaas_receives(self) -> None:
        wanted = len(("android", "ios"))
        if not self._stage.mpaas.journal.wait(lambda entries: _finished(entries) == wanted, seconds=PATIENCE):
            raise Untold(f"mPaaS did not receive {wanted} requests within {PATIENCE:.0f} s.")
        for entry in self._pushes():
            if not (entry.signature == "right" and entry.executed):
                raise Untold(f"mPaaS did not execute {entry.parameters.get('Msgkey')}.")
            self._tell("mPaaS", f"PushBroadcast {entry.parameters['Msgkey']}: signature right, executed")
        counts = self._stage.mpaas.journal.executed_by_msgkey()
        if set(counts.values()) != {1}:
            raise Untold(f"A platform was not sent exactly once: {counts}.")

    def _result_is_posted(self) -> None:
        result = self._until(lambda: next(iter(self._bots_messages(GENERAL.id)), None), "the result in #general")
        self._tell("#general", _words(result))
        direct = self._until(lambda: next((m for m in self._slack.direct(ANA.id) if _says(m, "sent")), None), "the DM")
        self._tell("to Ana", _words(direct))
        self._until(lambda: self._card_says("sent"), "the card as the record")
        self._tell("#approvals", _words(self._present_card()))

    def _card(self) -> Message | None:
        return next(iter(self._bots_messages(APPROVALS.id)), None)

    def _present_card(self) -> Message:
        card = self._card()
        if card is None:
            raise Untold("The card is gone.")
        return card

    def _card_says(self, words: str) -> bool:
        card = self._card()
        return card is not None and _says(card, words)

    def _bots_messages(self, channel: str) -> list[Message]:
        bot = self._slack.world.cast.bot.id
        return [message for message in self._slack.messages(channel, seen_by=ANA.id) if message.user == bot]

    def _pushes(self) -> list[Entry]:
        return self._stage.mpaas.journal.entries("PushBroadcast")

    def _view(self, person: Person, callback: str) -> View:
        def open_view() -> View | None:
            views = self._slack.views(person.id)
            return views[-1] if views and views[-1].content["callback_id"] == callback else None

        return self._until(open_view, f"the view {callback!r} for {person.real_name}")

    def _until(self, happened: Callable[[], T | None], what: str) -> T:
        try:
            return self._slack.wait_until(happened, timeout=PATIENCE, description=what)  # type: ignore[return-value]
        except TimeoutError as error:
            raise Untold(f"This did not happen within {PATIENCE:.0f} s: {what}.") from error


def _finished(entries: list[Entry]) -> int:
    return sum(entry.action == "PushBroadcast" and entry.finished for entry in entries)


def _title(view: View) -> str:
    return str(view.content["title"]["text"])


def _button(view: View) -> str:
    return str(view.content["submit"]["text"])


def _says(message: Message, words: str) -> bool:
    return words in _words(message).casefold()


def _words(shown: Message | View) -> str:
    """Take the first words that somebody would read."""
    blocks = shown.content["blocks"] if isinstance(shown, View) else shown.blocks or []
    for block in blocks:
        text = block.get("text", {}).get("text", "")
        if text:
            return " ".join(str(text).split())
    return shown.text if isinstance(shown, Message) else ""
