"""What the people, the forms and the inspection of one simulated Slack share: its world and its way to the bot."""

from dataclasses import dataclass, field
from typing import Any

from bot.playground.cast import Channel, Person
from bot.playground.slack.blocks import elements_of
from bot.playground.slack.delivery import Answer, Courier, Kind, Retry
from bot.playground.slack.refusal import CannotDo
from bot.playground.slack.schema import Json
from bot.playground.slack.world import Message, ResponseUrl, Values, View, World

Target = Message | View
TROUBLE = "We had some trouble connecting. Try again?"
"""What Slack shows in a modal, and beside a button, when the bot did not answer in time or not well."""
BADGES = {
    "timeout": "operation_timeout",
    "status": "dispatch_failed",
    "unreachable": "dispatch_failed",
    "no_connection": "app_unreachable",
}
"""The codes people report Slack to show for a command that failed; no page lists them."""


@dataclass(frozen=True)
class Deed:
    """Tell how it went for the person: was the bot told, did it answer in time, what did the person read.

    ``failure`` is Slack's own sentence when something went wrong; ``problems`` are sentences under the inputs, by
    block id, from Slack's client (then ``sent`` is False) or from the bot; ``options`` are those an external select
    was given.
    """

    sent: bool
    acked: bool = False
    milliseconds: float = 0.0
    answer: Any = None
    failure: str = ""
    problems: dict[str, str] = field(default_factory=dict)
    options: list[Json] = field(default_factory=list)


class Parts:
    """Hold the world and the way to the bot, and find people, places and elements."""

    def __init__(self, world: World, courier: Courier, response_base: str = "") -> None:
        self.world = world
        self._courier = courier
        self._response_base = response_base

    def _deliver(self, kind: Kind, name: str, payload: Json, retry: Retry | None = None) -> Answer:
        answer = self._courier.deliver(kind, payload, retry or Retry())
        self.world.note(
            "delivery",
            name,
            sent=payload,
            answer=answer.body,
            status=answer.status,
            milliseconds=answer.milliseconds,
            note=answer.problem,
        )
        return answer

    def _person(self, user: str) -> Person:
        person = self.world.people.get(user)
        if person is None or person.is_bot:
            raise CannotDo(f"There is no person {user!r} here.")
        if person.deleted:
            raise CannotDo(f"{person.real_name} has left the workspace and cannot do anything in it.")
        return person

    def _channel(self, person: Person, channel_id: str) -> Channel:
        channel = self.world.channels.get(channel_id)
        if channel is None or person.id not in channel.members:
            raise CannotDo(f"{person.real_name} is not in the channel {channel_id!r}.")
        return channel

    def _at_hand(self, person: Person, target: Target) -> Target:
        """Check that the person has the message or the view before them; a view is taken as it is now."""
        if isinstance(target, View):
            return self._open_view(person, target)
        self._channel(person, target.channel)
        if target.viewer not in (None, person.id):
            raise CannotDo(f"{person.real_name} cannot see that message.")
        return target

    def _open_view(self, person: Person, view: View) -> View:
        current = self.world.views.get(view.id)
        if current is None or current.owner != person.id:
            raise CannotDo(f"{person.real_name} does not have that view open.")
        if current.type == "modal" and self.world.stacks[person.id][-1] != current.id:
            raise CannotDo("Another modal lies on top of that one.")
        return current

    def _response_url(self, person: Person, channel: str, source: Message | None = None) -> str:
        thread_ts = source.thread_ts if source else None
        url = ResponseUrl(person.id, channel, self.world.now(), source=source, thread_ts=thread_ts)
        return f"{self._response_base}{self.world.response_url(url)}"

    def _values(self, person: Person, target: Target) -> Values:
        if isinstance(target, View):
            return target.state
        return self.world.message_state.get((target.channel, target.ts, person.id), {})


def pick_element(target: Target, action_id: str, *, block_id: str = "", value: str = "") -> tuple[Json, Json]:
    """Find an element with its block by action id; block id and a button's value choose among several."""
    found = [
        (block, element)
        for block in target.blocks or []
        for _, element in elements_of(block)
        if element["action_id"] == action_id and block_id in ("", block["block_id"])
    ]
    if len(found) > 1 and value:
        found = [(block, element) for block, element in found if element.get("value") == value]
    if not found:
        there = [element["action_id"] for block in target.blocks or [] for _, element in elements_of(block)]
        raise CannotDo(f"There is no element {action_id!r} here; there are: {', '.join(there) or 'none'}.")
    return found[0]
