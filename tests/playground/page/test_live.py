"""What changes, as one person sees it: everything that is theirs, nothing that is not, and always the whole truth."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playground.page.viewer import PATIENCE, Event, Viewer, read_events

from bot.playground.cast import ANA, BO, BOT, BROADCASTS, CHEN, DANA, DEX, GENERAL, GUS, OLGA, PARTNERS, SECRET
from bot.playground.page.backstage import Backstage
from bot.playground.page.bell import Bell
from bot.playground.page.live import Live
from bot.playground.page.shared import LOOK, Shared
from bot.playground.slack import messages, modals
from bot.playground.slack.schema import Json
from bot.playground.slack.sim import SlackSim
from bot.playground.slack.world import REMEMBERED, Message
from bot.playground.stage import Stage

PEOPLE = (ANA.id, BO.id, GUS.id, OLGA.id, DEX.id)
PLACES = (GENERAL.id, PARTNERS.id, SECRET.id, BROADCASTS.id)
View = Callable[[str], Viewer]


def whisper(slack: SlackSim, channel: str, viewer: str, text: str) -> Message:
    """Say something to one person, as chat.postEphemeral does."""
    said = Message(channel, slack.world.next_ts(), BOT.id, text, viewer=viewer)
    return messages.post(slack.world, said)


def modal(title: str) -> Json:
    return modals.checked_view(
        {"type": "modal", "title": {"type": "plain_text", "text": title}, "blocks": [{"type": "divider"}]}
    )


def texts(event: Event) -> set[str]:
    """Collect the texts of a hello's messages."""
    return {one["text"] for shown in event["messages"].values() for one in shown}


# What is seen when a page is opened ----------------------------------------------------------------------------------


def test_the_first_event_tells_a_person_all_that_is_theirs(stage: Stage, view: View) -> None:
    slack = stage.slack
    slack.say(ANA.id, GENERAL.id, "to all")
    whisper(slack, GENERAL.id, ANA.id, "to Ana")
    modals.stack(slack.world, modal("Ana's"), user=ANA.id, channel=None)
    hello = view(ANA.id).hello
    assert hello["me"] == ANA.id
    assert texts(hello) == {"to all", "to Ana"}
    assert [one["title"] for one in hello["views"]] == ["Ana's"]
    assert {channel["id"] for channel in hello["channels"]} == {channel.id for channel in slack.channels(ANA.id)}
    for part in ("run", "team", "bot", "people", "groups", "commands", "shortcuts", "log", "mpaas", "backstage", "now"):
        assert part in hello


def test_it_tells_nothing_that_is_somebody_elses(stage: Stage, view: View) -> None:
    slack = stage.slack
    slack.say(ANA.id, GENERAL.id, "to all")
    slack.say(ANA.id, SECRET.id, "to Ana and Bo")
    slack.say(ANA.id, PARTNERS.id, "to partners")
    whisper(slack, GENERAL.id, BO.id, "to Bo")
    modals.stack(slack.world, modal("Bo's"), user=BO.id, channel=None)
    messages.post(slack.world, Message(slack.world.direct_channel(BO.id).id, slack.world.next_ts(), BOT.id, "to Bo"))
    dana, olga, dex = view(DANA.id).hello, view(OLGA.id).hello, view(DEX.id).hello
    assert texts(dana) == {"to all", "to partners"}
    assert (dana["views"], dana["home"]) == ([], None)
    assert texts(olga) == {"to partners"}
    assert [channel["name"] for channel in olga["channels"]] == ["partners"]
    assert (texts(dex), dex["channels"]) == (set(), [])


def test_every_stream_of_one_front_names_the_same_run(view: View) -> None:
    assert view(ANA.id).hello["run"] == view(BO.id).hello["run"] != ""


# What is told afterwards ---------------------------------------------------------------------------------------------


def test_messages_that_come_change_and_go_are_told_to_all_who_are_there(stage: Stage, view: View) -> None:
    slack, viewers = stage.slack, [view(ANA.id), view(ANA.id), view(BO.id)]
    said = slack.say(ANA.id, GENERAL.id, "first")
    for viewer in viewers:
        viewer.wait_for("message", lambda one: one["message"]["text"] == "first")
    messages.put_back(slack.world, replace(said, text="second"))
    for viewer in viewers:
        told = viewer.wait_for("message", lambda one: one["message"]["text"] == "second")
        assert (told["message"]["ts"], told["message"]["channel"]) == (said.ts, GENERAL.id)
    messages.remove(slack.world, said)
    for viewer in viewers:
        assert viewer.wait_for("message_gone") == {"kind": "message_gone", "channel": GENERAL.id, "ts": said.ts}


def test_what_one_person_alone_sees_is_told_to_nobody_else(stage: Stage, view: View) -> None:
    slack, ana, bo, olga = stage.slack, view(ANA.id), view(BO.id), view(OLGA.id)
    said = whisper(slack, PARTNERS.id, ANA.id, "to Ana")
    ana.wait_for("message", lambda one: one["message"]["viewer"] == ANA.id)
    messages.remove(slack.world, said)
    ana.wait_for("message_gone")
    slack.say(ANA.id, SECRET.id, "to Ana and Bo")
    last = slack.say(ANA.id, PARTNERS.id, "to all")
    for viewer, heard in ((bo, ["to Ana and Bo", "to all"]), (olga, ["to all"])):
        viewer.wait_for("message", lambda one: one["message"]["ts"] == last.ts)
        assert [one["message"]["text"] for one in viewer.seen("message")] == heard
        assert viewer.seen("message_gone") == []


def test_a_conversation_that_is_opened_comes_before_its_first_message(stage: Stage, view: View) -> None:
    slack, ana, bo = stage.slack, view(ANA.id), view(BO.id)
    place = slack.world.direct_channel(ANA.id)
    messages.post(slack.world, Message(place.id, slack.world.next_ts(), BOT.id, "hello"))
    ana.wait_for("message", lambda one: one["message"]["channel"] == place.id)
    kinds = [one["kind"] for one in ana.events]
    assert kinds.index("channel") < kinds.index("message")
    assert ana.wait_for("channel")["channel"]["with"] == BOT.id
    bo.wait_for("log", lambda _: True) if bo.seen("log") else None
    slack.say(BO.id, GENERAL.id, "to all")
    bo.wait_for("message")
    assert [one["message"]["text"] for one in bo.seen("message")] == ["to all"]
    assert bo.seen("channel") == []


def test_modals_and_the_home_tab_are_told_to_their_owner_alone(stage: Stage, view: View) -> None:
    slack, ana, bo = stage.slack, view(ANA.id), view(BO.id)
    opened = modals.stack(slack.world, modal("Ana's"), user=ANA.id, channel=None)
    ana.wait_for("views", lambda one: [shown["title"] for shown in one["views"]] == ["Ana's"])
    modals.close_view(slack.world, slack.find_view(str(opened.id)))
    ana.wait_for("views", lambda one: one["views"] == [])
    slack.say(ANA.id, GENERAL.id, "later")
    bo.wait_for("message")
    assert (bo.seen("views"), bo.seen("home")) == ([], [])


def test_a_line_of_the_log_comes_new_and_comes_finished(stage: Stage, view: View) -> None:
    ana = view(ANA.id)
    stage.slack.world.note("call", "chat.test", sent={}, answer={"ok": True}, status=200, milliseconds=1.0)
    ana.wait_for("log", lambda one: one["line"]["name"] == "chat.test")
    pushed = stage.mpaas.journal.arrived("2026-01-01T00:00:00+00:00", "PushBroadcast", {}, headers=(), body=b"")
    new = ana.wait_for("log", lambda one: one["line"]["name"] == "PushBroadcast" and not one["line"]["finished"])
    stage.mpaas.journal.note(pushed, finished=True, status=200)
    done = ana.wait_for("log", lambda one: one["line"]["name"] == "PushBroadcast" and one["line"]["finished"])
    assert new["line"]["id"] == done["line"]["id"]
    ana.wait_for("mpaas")


def test_of_mpaass_side_only_what_has_changed_is_told(stage: Stage, view: View) -> None:
    ana = view(ANA.id)
    stage.mpaas.journal.arrived("2026-01-01T00:00:00+00:00", "PushBroadcast", {}, headers=(), body=b"")
    told = ana.wait_for("mpaas")["mpaas"]
    assert told.keys() == {"requests"}
    assert len(told["requests"]) == len(ana.hello["mpaas"]["requests"]) + 1


def test_the_clock_is_told_although_nothing_happens(view: View) -> None:
    ana = view(ANA.id)
    first = ana.wait_for("clock")
    ana.wait_for("clock", lambda one: one["now"] > first["now"])


def test_a_clock_that_is_moved_is_told_at_once(stage: Stage, view: View) -> None:
    ana = view(ANA.id)
    year = stage.slack.world.now().year
    stage.advance(366 * 24 * 3600)
    ana.wait_for("clock", lambda one: int(one["now"][:4]) > year)
    ana.wait_for("backstage", lambda one: one["backstage"]["ahead"] >= 366 * 24 * 3600)


def test_half_a_character_does_not_break_the_stream(stage: Stage, view: View) -> None:
    ana = view(ANA.id)
    stage.slack.say(ANA.id, GENERAL.id, "half \ud83d and whole \u2028 😀")
    told = ana.wait_for("message")
    assert told["message"]["text"] == "half \ud83d and whole \u2028 😀"
    assert view(BO.id).hello["messages"][GENERAL.id][0]["text"].startswith("half \ud83d")


# One stream, piece by piece ------------------------------------------------------------------------------------------


class Window:
    """Hold what a page knows: a ``hello``, and every later event put into it, as the page does."""

    def __init__(self, live: Live) -> None:
        self._pieces = live.stream()
        self.known: Event = {}
        self.read()

    def read(self) -> list[Event]:
        """Read one piece of the stream."""
        events = read_events(next(self._pieces))
        for event in events:
            self._put(event)
        return events

    def _put(self, event: Event) -> None:
        match event:
            case {"kind": "hello"}:
                self.known = event
            case {"kind": "message", "message": message}:
                shown = self._messages(message["channel"], message["ts"])
                shown[:] = sorted([*shown, message], key=lambda one: one["ts"])
            case {"kind": "message_gone", "channel": channel, "ts": ts}:
                self._messages(channel, ts)
            case {"kind": "channel", "channel": channel}:
                self.known["channels"].append(channel)
            case {"kind": ("views" | "home") as name}:
                self.known[name] = event[name]

    def _messages(self, channel: str, ts: str) -> list[Event]:
        shown: list[Event] = self.known["messages"].setdefault(channel, [])
        shown[:] = [one for one in shown if one["ts"] != ts]
        return shown

    def read_until(self, text: str) -> None:
        """Read until a message with that text was told, and what came with it."""
        while not any(text == one.get("message", {}).get("text") for one in self.read()):
            pass

    def slack(self) -> Event:
        """Give all that it knows about Slack."""
        names = ("channels", "messages", "views", "home")
        shown = {name: self.known[name] for name in names}
        return shown | {"messages": {channel: some for channel, some in shown["messages"].items() if some}}


class Scene:
    """Hold a Slack of its own, so that many can be played one after the other on one stage."""

    def __init__(self, stage: Stage) -> None:
        self.slack, self.bell = SlackSim(), Bell()
        self.slack.world.on_change.append(partial(self.bell.ring, "slack"))
        self._shared = Shared(stage, Backstage(stage), self.bell)

    def window(self, user: str) -> Window:
        return Window(Live(self.slack, self._shared, self.bell, run="1", user=user))


def test_who_is_too_far_behind_gets_everything_again(stage: Stage) -> None:
    scene = Scene(stage)
    window = scene.window(ANA.id)
    for number in range(REMEMBERED + 1):
        scene.slack.world.happened("view_filled", number=number)
    scene.slack.say(ANA.id, GENERAL.id, "after all that")
    assert [event["kind"] for event in window.read()] == ["hello", "clock"]
    assert texts(window.known) == {"after all that"}
    scene.slack.say(ANA.id, GENERAL.id, "and more")
    assert [event["kind"] for event in window.read()] == ["message", "clock"]


def test_many_changes_of_one_message_are_told_once(stage: Stage) -> None:
    scene = Scene(stage)
    window = scene.window(ANA.id)
    said = scene.slack.say(ANA.id, GENERAL.id, "0")
    for number in range(1, 50):
        messages.put_back(scene.slack.world, replace(said, text=str(number)))
    assert [event["message"]["text"] for event in window.read() if event["kind"] == "message"] == ["49"]


def test_a_stream_remembers_no_more_the_longer_it_lives(stage: Stage) -> None:
    scene = Scene(stage)
    live = Live(scene.slack, Shared(stage, Backstage(stage), scene.bell), scene.bell, run="1", user=ANA.id)
    window = Window(live)

    def remembered() -> int:
        return sum(len(value) for value in vars(live).values() if isinstance(value, dict | list | set | deque))

    scene.slack.say(ANA.id, GENERAL.id, "0")
    window.read_until("0")
    before = remembered()
    for number in range(1, 30):
        scene.slack.say(ANA.id, GENERAL.id, str(number))
        scene.slack.world.note("call", "chat.test", sent={}, answer={}, status=200, milliseconds=1.0)
        window.read_until(str(number))
    assert remembered() == before


said = st.text(max_size=20)
deeds = st.lists(
    st.tuples(
        st.sampled_from(["say", "whisper", "change", "remove", "open", "close", "direct"]),
        st.sampled_from(PLACES),
        st.sampled_from(PEOPLE),
        said,
    ),
    max_size=25,
)


def perform(slack: SlackSim, deed: str, channel: str, user: str, text: str) -> None:
    """Do one thing, as far as it can be done now."""
    world = slack.world
    shelf = [one for shelf in (world.messages, world.ephemerals) for one in shelf.get(channel, {}).values()]
    match deed:
        case "say":
            messages.post(world, Message(channel, world.next_ts(), user, text))
        case "whisper":
            whisper(slack, channel, user, text)
        case "change" if shelf:
            messages.put_back(world, replace(shelf[len(text) % len(shelf)], text=text))
        case "remove" if shelf:
            messages.remove(world, shelf[len(text) % len(shelf)])
        case "open" if len(slack.views(user)) < modals.DEPTH:
            modals.stack(world, modal("Title"), user=user, channel=None)
        case "close" if slack.views(user):
            modals.close_view(world, slack.view(user))
        case "direct":
            messages.post(world, Message(world.direct_channel(user).id, world.next_ts(), BOT.id, text))


def foreign(slack: SlackSim, user: str, known: Any) -> Iterator[str]:
    """Give everything that a person knows and may not see."""
    for channel, shown in known["messages"].items():
        yield from (f"{channel} is not theirs" for _ in [0] if user not in slack.world.channels[channel].members)
        yield from (f"{one['text']!r} is not theirs" for one in shown if one["viewer"] not in (None, user))
    yield from (f"{one['id']} is not theirs" for one in known["views"] if slack.find_view(one["id"]).owner != user)


@settings(max_examples=40)
@given(before=deeds, after=deeds, reads=st.lists(st.booleans(), min_size=25, max_size=25))
@pytest.mark.parametrize("user", PEOPLE[:4])
def test_whatever_happens_a_page_knows_what_a_new_page_would_know_and_nothing_else(
    lasting_stage: Stage, user: str, before: list[Any], after: list[Any], reads: list[bool]
) -> None:
    scene, place = Scene(lasting_stage), PARTNERS.id if user == OLGA.id else GENERAL.id
    for deed in before:
        perform(scene.slack, *deed)
    window = scene.window(user)
    for number, (deed, is_read) in enumerate(zip(after, reads, strict=False)):
        perform(scene.slack, *deed)
        if is_read:
            scene.slack.say(ANA.id, place, f"a pause to read, {number}")
            window.read_until(f"a pause to read, {number}")
    scene.slack.say(ANA.id, place, "the end of this deed")
    window.read_until("the end of this deed")
    assert list(foreign(scene.slack, user, window.known)) == []
    assert window.slack() == scene.window(user).slack()


@pytest.fixture(scope="module")
def lasting_stage() -> Iterator[Stage]:
    with Stage(processes=()) as stage:
        yield stage


# Many at once ---------------------------------------------------------------------------------------------------------


TURNS = 40


def talk(stage: Stage, name: str) -> None:
    for turn in range(TURNS):
        with stage.slack.world.lock:  # the bell is rung while this is held
            stage.slack.say(ANA.id, GENERAL.id, f"{name}-{turn}")


def push(stage: Stage) -> None:
    journal = stage.mpaas.journal
    for _ in range(TURNS):
        journal.note(journal.arrived("2026-01-01T00:00:00+00:00", "X", {}, headers=(), body=b""), finished=True)
        stage.mpaas.tasks()


def move(stage: Stage) -> None:
    for _ in range(TURNS):
        stage.advance(1)


def test_changes_from_many_threads_reach_everybody_and_nobody_waits_for_ever(stage: Stage, view: View) -> None:
    viewers = [view(user.id) for user in (ANA, BO, CHEN)]
    deeds = [partial(talk, stage, name) for name in ("one", "two")] + [partial(push, stage), partial(move, stage)]
    working = [threading.Thread(target=deed, daemon=True) for deed in deeds]
    for thread in working:
        thread.start()
    for thread in working:
        thread.join(PATIENCE)
    assert [thread for thread in working if thread.is_alive()] == []
    for viewer in viewers:
        for name in ("one", "two"):
            viewer.wait_for("message", lambda one, last=f"{name}-{TURNS - 1}": one["message"]["text"] == last)
        assert len({one["message"]["text"] for one in viewer.seen("message")}) == 2 * TURNS
        viewer.wait_for("backstage", lambda one: one["backstage"]["ahead"] == TURNS)


def test_what_changes_by_itself_is_looked_at_often_enough_to_be_called_live() -> None:
    assert LOOK <= 1
