"""What people do in forms: fill in, search options, submit, close; and what the bot's answer does to the form."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.playground.cast import Person
from bot.playground.slack import payloads
from bot.playground.slack.block_objects import OPTIONS, option, option_group
from bot.playground.slack.delivery import Answer
from bot.playground.slack.modals import checked_view, close_all, close_view, guard_external_id, stack, update_view
from bot.playground.slack.parts import TROUBLE, Deed, Target, pick_element
from bot.playground.slack.people import People
from bot.playground.slack.refusal import CannotDo, SlackRefused
from bot.playground.slack.schema import Json, listing
from bot.playground.slack.state import OPTION_SELECTS, TEXT_INPUTS, filled, inputs_of, objections
from bot.playground.slack.world import Values, View

QUERY = 3
"""Characters before an external select asks, where ``min_query_length`` does not say."""
NO_OPTIONS = "No results"


class Forms(People):
    """Let people fill in forms."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._loaded: dict[tuple[str, str, str, str], list[Json]] = {}

    def type(
        self, user: str, target: Target, action_id: str, text: str, *, enter: bool = False, block_id: str = ""
    ) -> Deed:
        """Type into a text, number, email or URL input; ``enter`` presses Return in it."""
        return self._fill(user, target, action_id, text, kinds=TEXT_INPUTS, block_id=block_id, enter=enter)

    def choose(
        self, user: str, target: Target, action_id: str, value: str | list[str] | None, *, block_id: str = ""
    ) -> Deed:
        """Choose options by their ``value``: one, a list for multi selects and checkboxes, None to clear."""
        return self._fill(user, target, action_id, value, kinds=OPTION_SELECTS, block_id=block_id)

    def pick(self, user: str, target: Target, action_id: str, value: Any, *, block_id: str = "") -> Deed:
        """Pick a day, a time, an epoch, people, channels or conversations."""
        return self._fill(user, target, action_id, value, kinds=None, block_id=block_id)

    def _fill(
        self,
        user: str,
        target: Target,
        action_id: str,
        value: Any,
        *,
        kinds: frozenset[str] | None,
        block_id: str,
        enter: bool = False,
    ) -> Deed:
        person = self._person(user)
        target = self._at_hand(person, target)
        block, element = pick_element(target, action_id, block_id=block_id)
        kind = element["type"]
        if kind not in kinds if kinds else kind in (TEXT_INPUTS | OPTION_SELECTS):
            raise CannotDo(f"{action_id!r} is a {kind}: it is filled in another way.")
        loaded = None
        if kind.endswith("external_select"):
            loaded = self._known_options(person, target, block["block_id"], element)
        state = filled(element, value, loaded=loaded)
        target = self._remember(person, target, block["block_id"], action_id, state)
        if not _dispatches(block, element, enter=enter):
            return Deed(sent=False)
        return self._act(person, target, block, element, state=state)

    def load_options(self, user: str, target: Target, action_id: str, query: str, *, block_id: str = "") -> Deed:
        """Search in an external select; too short a query is not sent. The options found can then be chosen."""
        person = self._person(user)
        target = self._at_hand(person, target)
        block, element = pick_element(target, action_id, block_id=block_id)
        if not element["type"].endswith("external_select"):
            raise CannotDo(f"{action_id!r} is a {element['type']}: its options are not searched for.")
        if len(query) < int(element.get("min_query_length", QUERY)):
            return Deed(sent=False)
        view, message = (target, None) if isinstance(target, View) else (None, target)
        place = (block["block_id"], action_id)
        payload = payloads.suggestion(self.world.cast, person, element=place, value=query, view=view, message=message)
        answer = self._deliver("interactive", "block_suggestion", payload)
        options = _options(answer)
        if not answer.acked or options is None:
            return _deed(answer, NO_OPTIONS)
        self._loaded[(person.id, _key(target), *place)] = options
        return replace(_deed(answer, "" if options else NO_OPTIONS), options=options)

    def _known_options(self, person: Person, target: Target, block_id: str, element: Json) -> list[Json]:
        found = self._loaded.get((person.id, _key(target), block_id, element["action_id"]), [])
        presets = [element["initial_option"]] if "initial_option" in element else element.get("initial_options", [])
        held = self._values(person, target).get(block_id, {}).get(element["action_id"], {})
        chosen = held.get("selected_options") or [held.get("selected_option")]
        return [*found, *presets, *filter(None, chosen)]

    def submit(self, user: str, view: View) -> Deed:
        """Press a modal's submit button: Slack's client checks first, then the bot is asked."""
        person = self._person(user)
        view = self._open_view(person, view)
        if view.content["submit"] is None:
            raise CannotDo("That view has no submit button.")
        if problems := objections(view.blocks, view.state):
            return Deed(sent=False, problems=problems)
        payload = payloads.submission(
            self.world.cast,
            person,
            view,
            trigger_id=self.world.trigger(person.id, channel=view.channel, view=view.id),
            response_urls=self._response_urls(person, view),
        )
        answer = self._deliver("interactive", "view_submission", payload)
        if not answer.acked:
            return _deed(answer, TROUBLE)
        try:
            with self.world.lock:
                problems = self._obey(view, answer.body)
        except SlackRefused as refusal:
            self.world.happened("bad_answer", view=view.id, why=str(refusal.answer))
            return _deed(answer, TROUBLE)
        return replace(_deed(answer, ""), problems=problems)

    def _obey(self, view: View, said: Any) -> dict[str, str]:
        """Do what the answer to a submission says; returns the errors to show."""
        if view.id not in self.world.views:
            return {}
        if said in (None, "", {}):
            close_view(self.world, view)
            return {}
        action = said.get("response_action") if isinstance(said, dict) else None
        obey: dict[str, Callable[[View, Json], dict[str, str]]] = {
            "errors": self._show_errors,
            "update": self._replace,
            "push": self._push,
            "clear": self._clear,
        }
        if action not in obey:
            raise SlackRefused("invalid_response_action")
        return obey[str(action)](view, said)

    def _show_errors(self, view: View, said: Json) -> dict[str, str]:
        errors = said.get("errors")
        places = {block["block_id"] for block in view.blocks if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors or not places.issuperset(errors):
            raise SlackRefused("invalid_errors")
        self.world.views[view.id] = replace(self.world.views[view.id], errors=dict(errors))
        self.world.happened("view_errors", view=view.id)
        return dict(errors)

    def _replace(self, view: View, said: Json) -> dict[str, str]:
        content = checked_view(said.get("view"))
        guard_external_id(self.world, content, but=view.id)
        update_view(self.world, self.world.views[view.id], content)
        return {}

    def _push(self, view: View, said: Json) -> dict[str, str]:
        content = checked_view(said.get("view"))
        guard_external_id(self.world, content)
        stack(self.world, content, user=view.owner, channel=view.channel)
        return {}

    def _clear(self, view: View, said: Json) -> dict[str, str]:
        del said
        close_all(self.world, view.owner)
        return {}

    def _response_urls(self, person: Person, view: View) -> list[Json]:
        urls = []
        for block, element in inputs_of(view.blocks):
            state = view.state[block["block_id"]][element["action_id"]]
            channel = state.get("selected_channel") or state.get("selected_conversation")
            if element.get("response_url_enabled") and channel:
                place = {"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": channel}
                urls.append(place | {"response_url": self._response_url(person, channel)})
        return urls

    def close(self, user: str, view: View, *, clear: bool = False) -> Deed:
        """Press a modal's close button; ``clear`` presses its x, which closes the whole stack."""
        person = self._person(user)
        view = self._open_view(person, view)
        if view.type != "modal":
            raise CannotDo("The Home tab is not closed.")
        clear = clear or bool(view.content["clear_on_close"])
        with self.world.lock:
            gone = close_all(self.world, person.id) if clear else [view]
            if not clear:
                close_view(self.world, view)
        deed = Deed(sent=False)
        for one in gone:
            if one.content["notify_on_close"]:
                payload = payloads.closed(self.world.cast, person, one, is_cleared=clear)
                deed = _deed(self._deliver("interactive", "view_closed", payload), "")
        return deed

    def filled_in(self, view: View) -> Values:
        """Tell what is filled into an open view now."""
        return self.world.views[view.id].state


def _key(target: Target) -> str:
    return target.id if isinstance(target, View) else f"{target.channel}:{target.ts}"


def _deed(answer: Answer, failure: str) -> Deed:
    return Deed(sent=True, acked=answer.acked, milliseconds=answer.milliseconds, answer=answer.body, failure=failure)


def _dispatches(block: Json, element: Json, *, enter: bool) -> bool:
    if block["type"] != "input":
        return True
    if not block.get("dispatch_action"):
        return False
    if element["type"] not in TEXT_INPUTS:
        return True
    on = element.get("dispatch_action_config", {}).get("trigger_actions_on", ["on_enter_pressed"])
    return "on_character_entered" in on or (enter and "on_enter_pressed" in on)


def _options(answer: Answer) -> list[Json] | None:
    """Read the options out of an answer; None: Slack would not take it."""
    said = answer.body if isinstance(answer.body, dict) else {}
    options, groups = said.get("options"), said.get("option_groups")
    if (options is None) == (groups is None):
        return None
    each, found = (option, options) if groups is None else (option_group, groups)
    if found is None or list(listing(each, least=0, most=OPTIONS)(found, "/options")):
        return None
    return list(found) if groups is None else [item for group in found for item in group["options"]]
