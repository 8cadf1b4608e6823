"""One push, from the slash to the result, told as it happens.

Nothing here is staged: each line is told after the thing happened, read back from the simulators, and whatever does
not happen ends the story with a sentence. How it is printed is ``telling``'s.
"""

import time
from collections.abc import Callable
from typing import Protocol, TypeVar

from bot.playground.cast import ANA, APPROVALS, BO, CAST, GENERAL, Person
from bot.playground.mpaas.journal import Entry
from bot.playground.reading import buttons, names_of, read
from bot.playground.slack.world import Message, View
from bot.playground.stage import Stage

COMMAND = (
    "/broadcast outage city=Berlin time=18:00 "
    "--target live --to android,ios --audience attached --within 60d --expires 3h"
)
PLATFORMS = {"1": "Android", "2": "iOS", "7": "HarmonyOS"}
"""What mPaaS's DeliveryType stands for (vendor page 2871129)."""

PATIENCE = 20.0
"""Seconds for each thing to happen."""

_NAMES = names_of(CAST)
_FOR_A_MOMENT = "loading"

T = TypeVar("T")


class Tell(Protocol):
    """Say who said or did what, in one or more lines."""

    def __call__(self, who: str, *said: str) -> None:
        """Tell it."""


class Untold(Exception):
    """Tell that something that belongs to the story did not happen."""


class Story:
    """Play the story on a stage, and say each thing with ``tell`` once it has happened.

    ``patience`` are the seconds that each thing may take.
    """

    def __init__(self, stage: Stage, *, tell: Tell, patience: float = PATIENCE) -> None:
        self._stage = stage
        self._slack = stage.slack
        self._tell = tell
        self._patience = patience

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
        self._tell("bot to Ana", *_whole(preview))
        self._tell("Ana", f"presses {buttons(preview)[-1]}")
        self._slack.submit(ANA.id, preview)
        self._slack.close(ANA.id, self._view(ANA, "submitted"))
        card = self._until(self._card, "the card in #approvals")
        self._tell("#approvals", *_whole(card), _row(card))
        return card

    def _ana_cannot_approve(self, card: Message) -> None:
        self._tell("Ana", "presses Approve on her own request")
        self._slack.press(ANA.id, card, "approve")
        refusal = self._view(ANA, "error")
        self._tell("bot to Ana", *_whole(refusal))
        self._slack.close(ANA.id, refusal)
        if self._card_says("approved"):
            raise Untold("Ana's own press was counted.")

    def _bo_approves(self, card: Message) -> None:
        self._tell("Bo", "presses Approve")
        self._slack.press(BO.id, card, "approve")
        dialog = self._view(BO, "approve_form")
        self._tell("bot to Bo", *_about(dialog, "type the target"))
        self._slack.type(BO.id, dialog, "input", "live", block_id="typed_target")
        self._tell("Bo", f"types live, and presses {buttons(dialog)[-1]}")
        self._slack.submit(BO.id, self._slack.view(BO.id))
        self._until(lambda: self._card_says("approved"), "the card saying that it is approved")
        approved = self._present_card()
        self._tell("#approvals", *_about(approved, "approvals:", "stopped until"), _row(approved))

    def _veto_window_runs(self) -> None:
        began = time.monotonic()
        if any(entry.executed for entry in self._pushes()):
            raise Untold("mPaaS was called before the veto window was over.")
        self._until(lambda: not self._card_says("can still be stopped"), "the end of the veto window")
        self._tell("bot", f"waits {time.monotonic() - began:.0f} s, in which Bo, Chen or Ana could press Stop")

    def _mpaas_receives(self) -> None:
        wanted = len(("android", "ios"))
        if not self._stage.mpaas.journal.wait(lambda entries: _finished(entries) == wanted, seconds=self._patience):
            raise Untold(f"mPaaS did not receive {wanted} requests within {self._patience:.0f} s.")
        for entry in self._pushes():
            said, key = entry.parameters, entry.parameters.get("Msgkey", "")
            if not (entry.signature == "right" and entry.executed):
                raise Untold(f"mPaaS did not execute {key}; it answered: {entry.reply or 'nothing'}")
            platform = PLATFORMS.get(said.get("DeliveryType", ""), "?")
            self._tell("mPaaS", f"PushBroadcast for {platform}: signature right, executed (Msgkey {key})")
        counts = self._stage.mpaas.journal.executed_by_msgkey()
        if set(counts.values()) != {1}:
            raise Untold(f"A platform was not sent exactly once: {counts}.")

    def _result_is_posted(self) -> None:
        result = self._until(lambda: next(iter(self._bots_messages(GENERAL.id)), None), "the result in #general")
        self._tell("#general", *_whole(result))
        direct = self._until(lambda: next((m for m in self._slack.direct(ANA.id) if _says(m, "sent")), None), "the DM")
        self._tell("bot to Ana", *_whole(direct)[1:])
        self._until(lambda: self._card_says("sent"), "the card as the record")
        record = self._present_card()
        self._tell("#approvals", *_about(record, "approvals:", "accepted"), _row(record))

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
        """Wait for the person's next view; any other one than that of the story ends it, with what it says."""

        def open_view() -> View | None:
            views = self._slack.views(person.id)
            return views[-1] if views and views[-1].content["callback_id"] != _FOR_A_MOMENT else None

        view = self._until(open_view, f"the view {callback!r} for {person.real_name}")
        if view.content["callback_id"] != callback:
            said = " ".join(_whole(view)[:3])
            raise Untold(f"{person.real_name} was shown “{view.title}” in place of the view {callback!r}: {said}")
        return view

    def _until(self, happened: Callable[[], T | None], what: str) -> T:
        try:
            return self._slack.wait_until(happened, timeout=self._patience, description=what)  # type: ignore[return-value]  # None is not truthy
        except TimeoutError as error:
            raise Untold(f"This did not happen within {self._patience:.0f} s: {what}.") from error


def _finished(entries: list[Entry]) -> int:
    return sum(entry.action == "PushBroadcast" and entry.finished for entry in entries)


def _whole(shown: Message | View) -> list[str]:
    """Read all of it but the table of facts."""
    return read(shown, _NAMES, facts=False)


def _about(shown: Message | View, *words: str) -> list[str]:
    """Read the first line, and every other that has one of the words."""
    first, *more = read(shown, _NAMES)
    return [first, *(line for line in more if any(word in line.casefold() for word in words))]


def _says(message: Message, words: str) -> bool:
    return words in read(message, _NAMES)[0].casefold()


def _row(shown: Message) -> str:
    return " ".join(f"[{label}]" for label in buttons(shown))
