"""What people do outside forms: type a command, press a button, use a shortcut, open the Home tab, say something."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.playground.cast import Person
from bot.playground.slack import payloads
from bot.playground.slack.block_elements import STATEFUL
from bot.playground.slack.block_objects import all_options
from bot.playground.slack.delivery import Answer, Kind, Retry
from bot.playground.slack.fill_in import long_id
from bot.playground.slack.messages import post, remove
from bot.playground.slack.parts import BADGES, TROUBLE, Deed, Parts, Target, pick_element
from bot.playground.slack.refusal import CannotDo, SlackRefused
from bot.playground.slack.response_url import show
from bot.playground.slack.schema import Json
from bot.playground.slack.sent_text import sent_text
from bot.playground.slack.state import filled, first_state
from bot.playground.slack.world import Message, ResponseUrl, View

RETRIES = (timedelta(), timedelta(minutes=1), timedelta(minutes=5))
"""When an event that was not acknowledged comes again (docs.slack.dev/apis/events-api)."""
REASONS = {"timeout": "http_timeout", "unreachable": "connection_failed", "status": "http_error"}


class People(Parts):
    """Let people act; every deed returns what the person saw of it."""

    def __init__(self, *args: Any, commands: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._commands = commands
        self.should_escape = False
        """Whether the app has links, people and channels sent as sequences (``should_escape`` of its manifest)."""
        self._retries: list[tuple[datetime, int, Json, str]] = []
        self._duplicates = 0

    def say(self, user: str, channel: str, text: str, *, thread_ts: str | None = None) -> Message:
        """Post a person's own message; the bot is not told (it subscribes to no message events)."""
        person = self._person(user)
        place = self._channel(person, channel)
        return post(self.world, Message(place.id, self.world.next_ts(), person.id, text, thread_ts=thread_ts))

    def delete(self, user: str, message: Message) -> None:
        """Delete a message, anybody's, as an admin does; the bot is not told (it subscribes to no message events)."""
        self._at_hand(self._person(user), message)
        remove(self.world, message)

    def archive(self, channel: str, *, archived: bool = True) -> None:
        """Archive a channel, or take it out of the archive: its members stay, and nobody posts there."""
        with self.world.lock:
            self.world.channels[channel] = replace(self.world.channels[channel], is_archived=archived)
            self.world.happened("channel_archived", channel=channel, archived=archived)

    def command(self, user: str, channel: str, said: str) -> Deed:
        """Type a slash command into a channel; raises CannotDo where Slack would not take it."""
        person = self._person(user)
        place = self._channel(person, channel)
        word = said.split(" ", maxsplit=1)[0]
        if person.is_stranger:
            raise CannotDo("People of another company cannot use this workspace's commands.")
        if not word.startswith("/") or (self._commands and word not in self._commands):
            raise CannotDo(f"{word} is not a valid command.")
        payload = payloads.command(
            self.world.cast,
            person,
            place,
            said=sent_text(said, self.world.cast, should_escape=self.should_escape),
            trigger_id=self.world.trigger(person.id, channel=place.id),
            response_url=self._response_url(person, place.id),
        )
        answer = self._deliver("slash_commands", word, payload)
        if not answer.acked:
            return _failed(answer, f'{word} failed with the error "{BADGES[answer.problem]}"')
        return self._show_answer(person, place.id, said, answer)

    def _show_answer(self, person: Person, channel: str, said: str, answer: Answer) -> Deed:
        body = {"text": answer.body} if isinstance(answer.body, str) else answer.body
        try:
            if isinstance(body, dict) and (body.get("text") or body.get("blocks")):
                if body.get("response_type") == "in_channel":
                    self.say(person.id, channel, said)
                show(self.world, ResponseUrl(person.id, channel, self.world.now()), body)
        except SlackRefused:
            return _failed(answer, f'{said.split(" ", maxsplit=1)[0]} failed with the error "dispatch_unknown_error"')
        return Deed(sent=True, acked=True, milliseconds=answer.milliseconds, answer=answer.body)

    def press(
        self,
        user: str,
        target: Target,
        action_id: str,
        *,
        value: Any = None,
        block_id: str = "",
        confirm: bool = True,
    ) -> Deed:
        """Press a button, or choose ``value`` in an overflow menu or any other element that answers at once.

        A message is pressed as the person holds it: an older picture of it can still be pressed, as on a slow screen.
        ``confirm=False`` backs out of the element's confirmation dialog, so that nothing is sent.
        """
        person = self._person(user)
        target = self._at_hand(person, target)
        block, element = pick_element(target, action_id, block_id=block_id, value=str(value or ""))
        if block["type"] == "input":
            raise CannotDo("An input is filled in, not pressed.")
        state: Json = {}
        if element["type"] in STATEFUL:
            state = filled(element, value)
            target = self._remember(person, target, block["block_id"], action_id, state)
        elif element["type"] == "overflow":
            state = {"selected_option": _overflow_option(element, value)}
        if "confirm" in element and not confirm:
            return Deed(sent=False)
        return self._act(person, target, block, element, state=state)

    def _act(self, person: Person, target: Target, block: Json, element: Json, *, state: Json) -> Deed:
        """Send ``block_actions``."""
        cast, action_ts = self.world.cast, self.world.next_ts()
        action = payloads.action_of(element, block["block_id"], state=state, action_ts=action_ts)
        if isinstance(target, View):
            trigger_id = self.world.trigger(person.id, channel=target.channel, view=target.id)
            payload = payloads.view_press(cast, person, target, action=action, trigger_id=trigger_id)
        else:
            payload = payloads.message_press(
                cast,
                person,
                target,
                self.world.channels[target.channel],
                action=action,
                values=first_state(target.blocks or [], kept=self._values(person, target)),
                trigger_id=self.world.trigger(person.id, channel=target.channel),
                response_url=self._response_url(person, target.channel, target),
            )
        return self._plain_deed("interactive", "block_actions", payload)

    def _remember(self, person: Person, target: Target, block_id: str, action_id: str, state: Json) -> Target:
        """Keep what was filled in; a view's errors under that input go away."""
        with self.world.lock:
            if isinstance(target, Message):
                key = (target.channel, target.ts, person.id)
                self.world.message_state.setdefault(key, {}).setdefault(block_id, {})[action_id] = state
                return target
            current = self.world.views[target.id]
            values = {**current.state, block_id: {**current.state.get(block_id, {}), action_id: state}}
            errors = {place: sentence for place, sentence in current.errors.items() if place != block_id}
            self.world.views[target.id] = replace(current, state=values, errors=errors)
            self.world.happened("view_filled", view=target.id, block_id=block_id, action_id=action_id)
            return self.world.views[target.id]

    def shortcut(self, user: str, callback_id: str, *, message: Message | None = None) -> Deed:
        """Use a global shortcut, or one on a message."""
        person, cast = self._person(user), self.world.cast
        if person.is_stranger:
            raise CannotDo("People of another company cannot use this workspace's shortcuts.")
        action_ts = self.world.next_ts()
        if message is None:
            trigger_id = self.world.trigger(person.id)
            payload = payloads.shortcut(
                cast, person, callback_id=callback_id, action_ts=action_ts, trigger_id=trigger_id
            )
            return self._plain_deed("interactive", "shortcut", payload)
        self._at_hand(person, message)
        payload = payloads.message_shortcut(
            cast,
            person,
            message,
            self.world.channels[message.channel],
            callback_id=callback_id,
            action_ts=action_ts,
            trigger_id=self.world.trigger(person.id, channel=message.channel),
            response_url=self._response_url(person, message.channel, message),
        )
        return self._plain_deed("interactive", "message_action", payload)

    def open_home(self, user: str) -> Deed:
        """Open the bot's Home tab."""
        person = self._person(user)
        if person.is_stranger:
            raise CannotDo("People of another company do not see this workspace's apps.")
        home = self.world.views.get(self.world.homes.get(user, ""))
        channel = self.world.direct_channel(user)
        inner = payloads.home_opened(self.world.cast, person, channel=channel, event_ts=self.world.next_ts(), view=home)
        return self.event(inner)

    def event(self, inner: Json) -> Deed:
        """Deliver an Events API event, twice if that was asked for; an unacknowledged one comes again."""
        event_time = int(self.world.now().timestamp())
        payload = payloads.event(self.world.cast, inner, event_id=long_id("Ev"), event_time=event_time)
        with self.world.lock:
            twice, self._duplicates = self._duplicates > 0, max(0, self._duplicates - 1)
        answer = self._deliver("events_api", inner["type"], payload)
        if not answer.acked:
            answer = self._again(payload, 1, answer)
        elif twice:
            self._deliver("events_api", inner["type"], payload)
        if not answer.acked:
            return _failed(answer, "")
        return Deed(sent=True, acked=True, milliseconds=answer.milliseconds, answer=answer.body)

    def duplicate_events(self, times: int = 1) -> None:
        """Let the next ``times`` acknowledged events arrive twice with the same event id."""
        with self.world.lock:
            self._duplicates += times

    def advance(self, seconds: float) -> None:
        """Move the simulated clock forward and deliver the events whose repetition has fallen due."""
        self.world.advance(timedelta(seconds=seconds))
        with self.world.lock:
            due = [retry for retry in self._retries if retry[0] <= self.world.now()]
            self._retries = [retry for retry in self._retries if retry[0] > self.world.now()]
        for _, attempt, payload, reason in due:
            self._again(payload, attempt, Answer("status", 0.0), reason=reason)

    def _again(self, payload: Json, attempt: int, failed: Answer, *, reason: str = "") -> Answer:
        retry = Retry(attempt, reason or REASONS.get(failed.problem, "unknown_error"))
        answer = self._deliver("events_api", payload["event"]["type"], payload, retry)
        if not answer.acked and attempt < len(RETRIES):
            next_reason = REASONS.get(answer.problem, "unknown_error")
            with self.world.lock:
                self._retries.append((self.world.now() + RETRIES[attempt], attempt + 1, payload, next_reason))
        return answer

    def _plain_deed(self, kind: Kind, name: str, payload: Json) -> Deed:
        answer = self._deliver(kind, name, payload)
        if not answer.acked:
            return _failed(answer, TROUBLE)
        return Deed(sent=True, acked=True, milliseconds=answer.milliseconds, answer=answer.body)


def _failed(answer: Answer, sentence: str) -> Deed:
    return Deed(sent=True, acked=answer.acked, milliseconds=answer.milliseconds, answer=answer.body, failure=sentence)


def _overflow_option(element: Json, value: Any) -> Json:
    for option in all_options(element):
        if option["value"] == value:
            return option
    raise CannotDo(f"The menu has no entry {value!r}.")
