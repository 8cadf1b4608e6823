"""Whatever a person can press, choose, submit or type has a listener, and no listener waits for what nobody can do."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from slack_bolt import App
from views import gallery

import handlers
from bot.operations.context import Context
from bot.views.blocks import Message
from bot.views.command_options import OWN_WORDS
from bot.views.ids import COMMAND, Action, Callback
from bot.views.manifest import EVENTS, manifest

Drawing = Message | Mapping[str, Any]
EVERYTHING = gallery.everything()
KINDS = ("command", "action", "view", "options", "shortcut", "event")


class ListeningApp(App):
    """Be Bolt's app, and remember what it was told to listen to."""

    def __init__(self) -> None:
        super().__init__(token="xoxb-nobody", signing_secret="nobody's", token_verification_enabled=False)
        self.heard: list[tuple[str, str]] = []
        self.matchers: list[Callable[[Mapping[str, str]], bool]] = []

    def _remember(self, kind: str, name: str, **more: Any) -> Callable[..., Any]:
        self.heard.append((kind, str(name)))
        self.matchers += more.get("matchers") or []
        register: Callable[..., Any] = getattr(super(), kind)(name, **more)
        return register

    def command(self, command: Any, matchers: Any = None, middleware: Any = None) -> Any:
        return self._remember("command", command, matchers=matchers, middleware=middleware)

    def action(self, constraints: Any, matchers: Any = None, middleware: Any = None) -> Any:
        return self._remember("action", constraints, matchers=matchers, middleware=middleware)

    def view(self, constraints: Any, matchers: Any = None, middleware: Any = None) -> Any:
        return self._remember("view", constraints, matchers=matchers, middleware=middleware)

    def options(self, constraints: Any, matchers: Any = None, middleware: Any = None) -> Any:
        return self._remember("options", constraints, matchers=matchers, middleware=middleware)

    def shortcut(self, constraints: Any, matchers: Any = None, middleware: Any = None) -> Any:
        return self._remember("shortcut", constraints, matchers=matchers, middleware=middleware)

    def event(self, event: Any, matchers: Any = None, middleware: Any = None) -> Any:
        return self._remember("event", event, matchers=matchers, middleware=middleware)


@pytest.fixture(scope="module")
def app() -> ListeningApp:
    """Register every listener; none of them is called, so none of them needs a context."""
    listening = ListeningApp()
    handlers.register_all(listening, cast("Context", None), zone=ZoneInfo("UTC"))
    return listening


def heard(app: ListeningApp, kind: str) -> set[str]:
    return {name for each, name in app.heard if each == kind}


def sending(drawing: Drawing) -> Iterator[dict[str, Any]]:
    """Give the elements that reach the bot at once: every one outside an input, and inputs that dispatch."""
    for block in gallery.blocks_of(drawing):
        if block["type"] != "input" or block.get("dispatch_action"):
            yield from (each for each in gallery.objects_in(block) if "action_id" in each)


def shown_actions() -> set[str]:
    return {element["action_id"] for drawing in EVERYTHING.values() for element in sending(drawing)}


def submittable() -> set[str]:
    """Give the callbacks of the views that have a submit button."""
    views = [drawing for drawing in EVERYTHING.values() if not isinstance(drawing, Message)]
    return {view["callback_id"] for view in views if view.get("submit")}


def test_what_can_be_pressed_or_chosen_is_listened_to_and_nothing_else(app: ListeningApp) -> None:
    assert shown_actions() == heard(app, "action")


def test_every_action_that_has_a_name_can_be_done_somewhere() -> None:
    assert set(Action) - {Action.INPUT} == shown_actions()


def test_what_can_be_submitted_is_listened_to_and_nothing_else(app: ListeningApp) -> None:
    assert submittable() == heard(app, "view")


def test_every_callback_is_a_view_or_the_shortcut() -> None:
    views = [drawing for drawing in EVERYTHING.values() if not isinstance(drawing, Message)]
    assert {view["callback_id"] for view in views} | {Callback.NEW_BROADCAST} == set(Callback)


def test_no_view_tells_the_bot_that_it_was_closed_because_nobody_listens() -> None:
    views = [drawing for drawing in EVERYTHING.values() if not isinstance(drawing, Message)]
    assert [view["callback_id"] for view in views if view.get("notify_on_close")] == []


def test_every_search_is_listened_to_and_nothing_else(app: ListeningApp) -> None:
    elements = [each for drawing in EVERYTHING.values() for each in gallery.objects_in(gallery.blocks_of(drawing))]
    searches = {each["action_id"] for each in elements if str(each.get("type", "")).endswith("external_select")}
    assert searches == heard(app, "options")


def test_the_manifest_and_the_listeners_name_the_same(app: ListeningApp) -> None:
    features = cast("dict[str, list[dict[str, str]]]", manifest(socket_mode=True)["features"])
    assert {command["command"] for command in features["slash_commands"]} == heard(app, "command") == {COMMAND}
    assert {shortcut["callback_id"] for shortcut in features["shortcuts"]} == heard(app, "shortcut")
    assert set(EVENTS) == heard(app, "event")


def test_every_word_that_starts_a_line_of_its_own_has_one_listener(app: ListeningApp) -> None:
    takers = {word: sum(matches({"text": word}) for matches in app.matchers) for word in sorted(OWN_WORDS)}
    assert takers == dict.fromkeys(sorted(OWN_WORDS), 1)
    assert len(app.matchers) == len(OWN_WORDS)


def test_what_starts_with_no_word_of_its_own_is_left_to_the_form(app: ListeningApp) -> None:
    names = ["", "outage", "helpful city=Berlin", "--template help"]
    assert [name for name in names if any(matches({"text": name}) for matches in app.matchers)] == []
    assert app.heard[-1][0] == "view"
    last_command = max(place for place, (kind, _) in enumerate(app.heard) if kind == "command")
    assert len([kind for kind, _ in app.heard[: last_command + 1] if kind == "command"]) == len(OWN_WORDS) + 1


def test_a_listener_is_registered_once(app: ListeningApp) -> None:
    others = [each for each in app.heard if each[0] != "command"]
    assert sorted(others) == sorted(set(others))
    assert {kind for kind, _ in app.heard} == set(KINDS)
