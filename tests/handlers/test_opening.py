"""A view that takes a look at mPaaS: something is open at once, and what is drawn later takes its place."""

from desk import ASK, Desk, words

from bot.errors import Problem, Refused
from bot.playground.cast import ANA
from bot.playground.slack.sim import SlackSim
from bot.wiring import slack_client
from handlers.opening import View, open_slowly, update


def trigger(slack: SlackSim) -> str:
    return slack.world.trigger(ANA.id)


def drawn(text: str) -> View:
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Drawn"},
        "blocks": [{"type": "section", "text": {"type": "plain_text", "text": text}}],
    }


def test_something_is_open_before_it_is_drawn(desk: Desk) -> None:
    seen = []

    def draw() -> View:
        seen.append(desk.reads(ANA))
        return drawn("all of it")

    open_slowly(slack_client(desk.settings, timeout=2), trigger(desk.slack), draw)
    assert "Reading the templates of mPaaS" in seen[0]
    assert "all of it" in desk.reads(ANA)
    assert len(desk.slack.views(ANA.id)) == 1


def test_what_was_refused_meanwhile_is_said_in_the_open_view(desk: Desk) -> None:
    def draw() -> View:
        raise Refused(Problem("", "late", "It is over."))

    open_slowly(slack_client(desk.settings, timeout=2), trigger(desk.slack), draw)
    assert "It is over." in desk.reads(ANA)


def test_a_newer_drawing_is_not_overwritten(desk: Desk) -> None:
    client = slack_client(desk.settings, timeout=2)
    opened = client.views_open(trigger_id=trigger(desk.slack), view=drawn("first"))["view"]
    update(client, drawn("second"), view_id=opened["id"], view_hash=opened["hash"])
    update(client, drawn("third"), view_id=opened["id"], view_hash=opened["hash"])
    assert "second" in desk.reads(ANA)


def test_a_view_that_was_closed_meanwhile_is_left_closed(desk: Desk) -> None:
    desk.slack.fault("views.update", "error", code="not_found")
    deed = desk.types(ANA, ASK.format(target="test"))
    assert deed.acked
    assert words(deed) == ""
