"""What a test or a page may look at: channels as somebody sees them, threads, open views, journal, changes."""

from collections.abc import Callable
from typing import TypeVar

from bot.playground.slack import messages
from bot.playground.slack.parts import Parts
from bot.playground.slack.refusal import CannotDo
from bot.playground.slack.world import Entry, Happening, Message, View

T = TypeVar("T")


class Inspection(Parts):
    """Look at everything without changing anything. What is returned never changes afterwards."""

    def messages(self, channel: str, *, seen_by: str) -> list[Message]:
        """List a channel's messages, oldest first, as one person sees them: ephemeral ones only if they are theirs."""
        with self.world.lock:
            return messages.seen_by(self.world, seen_by, channel)

    def message(self, channel: str, ts: str) -> Message:
        """Find one message, ephemeral ones too; raises CannotDo when it is gone."""
        with self.world.lock:
            for shelf in (self.world.messages, self.world.ephemerals):
                if ts in shelf.get(channel, {}):
                    return shelf[channel][ts]
        raise CannotDo(f"There is no message {ts} in {channel}.")

    def thread(self, channel: str, ts: str) -> list[Message]:
        """List the replies to a message, oldest first."""
        with self.world.lock:
            return messages.replies(self.world, channel, ts)

    def direct(self, user: str) -> list[Message]:
        """List the messages between the bot and a person, oldest first."""
        return self.messages(self.world.direct_channel(user).id, seen_by=user)

    def views(self, user: str) -> list[View]:
        """List a person's open modals, the topmost last."""
        with self.world.lock:
            return [self.world.views[view_id] for view_id in self.world.stacks.get(user, [])]

    def view(self, user: str) -> View:
        """Return a person's topmost modal; raises CannotDo when none is open."""
        stack = self.views(user)
        if not stack:
            raise CannotDo(f"{user} has no modal open.")
        return stack[-1]

    def find_view(self, view_id: str) -> View:
        """Find an open modal or a Home view by its id; raises CannotDo when it is gone."""
        with self.world.lock:
            if view_id not in self.world.views:
                raise CannotDo(f"There is no open view {view_id}.")
            return self.world.views[view_id]

    def home(self, user: str) -> View | None:
        """Return a person's Home view; None before the bot published one."""
        with self.world.lock:
            return self.world.views.get(self.world.homes.get(user, ""))

    def journal(self, name: str = "", *, direction: str = "") -> list[Entry]:
        """List Web API calls and deliveries, oldest first, all or those of one name or direction."""
        with self.world.lock:
            return [
                entry for entry in self.world.journal if name in ("", entry.name) and direction in ("", entry.direction)
            ]

    def happenings(self, after: int = 0, *, wait: float = 0.0) -> list[Happening]:
        """List the changes after number ``after``; with ``wait``, for the first of them at most so many seconds."""
        with self.world.changed:
            if wait:
                self.world.changed.wait_for(lambda: self.world.seq > after, wait)
            return [one for one in self.world.happenings if one.seq > after]

    def wait_until(self, predicate: Callable[[], T], *, timeout: float = 5.0, description: str = "a change") -> T:
        """Return what ``predicate`` says once it is truthy; it is asked again after every change.

        Raises TimeoutError after ``timeout`` seconds.
        """
        return self.world.wait_until(predicate, timeout=timeout, description=description)
