"""The form while it is filled in: what a choice changes, what it keeps, and where it says what is wrong."""

import json
from datetime import timedelta

import clock
import pytest
from desk import APPS, Desk, block_of, has_block, words

from bot.playground.cast import ANA
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.mpaas.templates import Template
from bot.playground.slack.world import View


def held(desk: Desk, block: str) -> object:
    """Tell what an input of Ana's form holds: a text, a choice, several, or a moment."""
    view = desk.sees(ANA)
    found = block_of(view, block)
    state = view.state[found["block_id"]][found["element"]["action_id"]]
    if "selected_options" in state:
        return [option["value"] for option in state["selected_options"]]
    if "selected_option" in state:
        return (state["selected_option"] or {}).get("value")
    return next(value for name, value in state.items() if name not in {"type", "timezone"})


def fill_everything(desk: Desk) -> None:
    """Fill in what every push needs, for one platform of the test target."""
    desk.types(ANA)
    desk.fills(ANA, "target", "test")
    desk.fills(ANA, "template", "outage")
    value(desk, "city", "Berlin")
    value(desk, "time", "18:00")
    desk.fills(ANA, "platforms", ["ios"])
    desk.fills(ANA, "audience", "attached")
    desk.fills(ANA, "within", "60d")


def value(desk: Desk, name: str, text: str) -> None:
    view = desk.sees(ANA)
    block = next(each["block_id"] for each in view.blocks if each["block_id"].endswith(f".{name}"))
    desk.slack.type(ANA.id, view, "input", text, block_id=block)


def test_the_target_brings_its_platforms(desk: Desk) -> None:
    desk.types(ANA)
    assert not has_block(desk.sees(ANA), "platforms")
    desk.fills(ANA, "target", "live")
    options = block_of(desk.sees(ANA), "platforms.live")["element"]["options"]
    assert [option["value"] for option in options] == ["android", "ios", "harmonyos"]
    assert held(desk, "platforms") == []


def test_another_target_starts_its_platforms_afresh(desk: Desk) -> None:
    desk.types(ANA)
    desk.fills(ANA, "target", "live")
    desk.fills(ANA, "platforms", ["ios"])
    desk.fills(ANA, "target", "test")
    assert block_of(desk.sees(ANA), "platforms")["block_id"] == "platforms.test"


def test_templates_are_searched_for_at_the_target_by_what_was_typed(desk: Desk) -> None:
    desk.types(ANA)
    found = desk.slack.load_options(ANA.id, desk.sees(ANA), "form_template", "")
    assert (found.options, found.failure) == ([], "No results")
    desk.fills(ANA, "target", "test")
    everything = desk.slack.load_options(ANA.id, desk.sees(ANA), "form_template", "")
    assert [option["value"] for option in everything.options] == sorted(
        ["december_sale", "maintenance", "outage", "recall", "停机通知"]
    )
    some = desk.slack.load_options(ANA.id, desk.sees(ANA), "form_template", " SAL")
    assert [option["value"] for option in some.options] == ["december_sale"]


def test_the_template_brings_its_text_and_its_placeholders(desk: Desk) -> None:
    desk.types(ANA)
    desk.fills(ANA, "target", "test")
    desk.fills(ANA, "template", "outage")
    assert "#city# is back online at #time#." in desk.reads(ANA)
    assert [each["label"]["text"] for each in desk.sees(ANA).blocks if each["block_id"].startswith("values.")] == [
        "Value of city",
        "Value of time",
    ]
    value(desk, "city", "Berlin")
    desk.fills(ANA, "template", "maintenance")
    assert not has_block(desk.sees(ANA), "values")


def test_a_filled_form_leads_to_the_preview_and_to_a_request(desk: Desk) -> None:
    fill_everything(desk)
    desk.submits(ANA)
    assert "Berlin is back online at 18:00" in desk.reads(ANA)
    desk.submits(ANA)
    (request,) = desk.store.list_requests()
    assert (request.content.values, request.content.platforms) == ({"city": "Berlin", "time": "18:00"}, ("ios",))


def test_going_back_from_the_preview_finds_the_form_as_it_was(desk: Desk) -> None:
    fill_everything(desk)
    desk.submits(ANA)
    desk.slack.close(ANA.id, desk.sees(ANA))
    assert (held(desk, "template"), held(desk, "platforms"), held(desk, "within")) == ("outage", ["ios"], "60d")


def test_a_time_can_be_chosen_and_taken_back(desk: Desk) -> None:
    fill_everything(desk)
    at = int((clock.now() + timedelta(hours=3)).timestamp())
    desk.fills(ANA, "when", "scheduled")
    assert "In your own time zone (Europe/Berlin)." in desk.reads(ANA)
    desk.fills(ANA, "at", at)
    desk.fills(ANA, "when", "now")
    assert not has_block(desk.sees(ANA), "at")
    desk.fills(ANA, "when", "scheduled")
    assert held(desk, "at") == at
    desk.submits(ANA)
    desk.submits(ANA)
    (request,) = desk.store.list_requests()
    assert request.content.delivery.model_dump(mode="json")["kind"] == "scheduled"


def test_a_recurring_push_asks_for_its_cycle_days_time_and_span(desk: Desk) -> None:
    fill_everything(desk)
    today = clock.now().date()
    desk.fills(ANA, "when", "recurring")
    assert not has_block(desk.sees(ANA), "on")
    desk.fills(ANA, "cycle", "weekly")
    desk.fills(ANA, "on", ["1", "5"])
    desk.fills(ANA, "cycle", "monthly")
    assert held(desk, "on") == []
    desk.fills(ANA, "on", ["1", "15"])
    desk.fills(ANA, "time", "09:30")
    desk.fills(ANA, "first", (today + timedelta(days=2)).isoformat())
    desk.fills(ANA, "last", (today + timedelta(days=90)).isoformat())
    desk.submits(ANA)
    assert "Every month on day 1 and 15 at 09:30 (Asia/Shanghai)" in desk.reads(ANA)


def test_advanced_opens_and_closes_and_keeps_what_was_written(desk: Desk) -> None:
    fill_everything(desk)
    desk.presses(ANA, desk.sees(ANA), "form_advanced")
    assert len(desk.sees(ANA).blocks) > 30
    desk.fills(ANA, "task", "December sale")
    desk.fills(ANA, "extras.MiChannelId", "123321")
    desk.presses(ANA, desk.sees(ANA), "form_advanced")
    assert not has_block(desk.sees(ANA), "task")
    assert "Set under Advanced: Task name and " in desk.reads(ANA)
    assert (held(desk, "template"), held(desk, "platforms")) == ("outage", ["ios"])
    desk.presses(ANA, desk.sees(ANA), "form_advanced")
    assert (held(desk, "task"), held(desk, "extras.MiChannelId")) == ("December sale", "123321")
    desk.submits(ANA)
    desk.submits(ANA)
    (request,) = desk.store.list_requests()
    assert (request.content.task, request.content.extras["MiChannelId"]) == ("December sale", "123321")


def test_a_time_range_can_take_the_place_of_a_period(desk: Desk) -> None:
    fill_everything(desk)
    desk.presses(ANA, desk.sees(ANA), "form_advanced")
    desk.fills(ANA, "within", None)
    month_ago = int((clock.now() - timedelta(days=30)).timestamp())
    desk.fills(ANA, "attached_between.start", month_ago)
    desk.submits(ANA)
    assert "A time range needs both its start and its end." in desk.reads(ANA)
    desk.fills(ANA, "attached_between.end", month_ago + 86_400)
    desk.submits(ANA)
    assert "Everybody attached between" in desk.reads(ANA)


def test_a_choice_that_was_overtaken_by_a_newer_one_is_not_drawn(desk: Desk) -> None:
    desk.types(ANA)
    desk.fills(ANA, "target", "live")
    older = desk.last_payload("block_actions")
    desk.fills(ANA, "target", "test")
    before = desk.sees(ANA)
    answer = desk.deliver("interactive", older)
    assert (answer.status, answer.body) == (200, None)
    assert desk.slack.journal("views.update")[-1].answer["error"] == "hash_conflict"
    assert desk.sees(ANA) == before


def test_what_is_wrong_stands_under_its_field(desk: Desk) -> None:
    fill_everything(desk)
    value(desk, "city", "   ")
    desk.fills(ANA, "expires", "soon")
    desk.submits(ANA)
    city = next(each["block_id"] for each in desk.sees(ANA).blocks if each["block_id"].endswith(".city"))
    errors = desk.sees(ANA).errors
    assert errors[city] == "The template needs a value for city."
    assert "soon" in errors["expires"]


def test_a_validity_nobody_can_read_is_the_only_thing_wrong_and_does_not_become_the_usual_one(desk: Desk) -> None:
    fill_everything(desk)
    desk.fills(ANA, "expires", "soon")
    desk.submits(ANA)
    assert list(desk.sees(ANA).errors) == ["expires"]
    assert desk.sees(ANA).content["callback_id"] == "request_form"


def test_slack_itself_asks_for_what_is_missing_before_the_bot_is_asked(desk: Desk) -> None:
    desk.types(ANA)
    deed = desk.submits(ANA)
    assert deed.sent is False
    assert {"target", "template", "audience", "within"} <= set(deed.problems)


def test_what_has_no_field_stands_on_top_and_the_form_keeps_everything(desk: Desk) -> None:
    fill_everything(desk)
    at_first = desk.sees(ANA)
    desk.mpaas.delete_template(APPS["test"].app_id, APPS["test"].workspace_id, "outage")
    desk.mpaas.put_template(APPS["test"].app_id, APPS["test"].workspace_id, Template("outage", "Off", "We are off."))
    desk.submits(ANA)
    assert "Please look at this first" in desk.reads(ANA)
    assert "The template has no placeholder 'city'; it has: none." in desk.reads(ANA)
    assert not has_block(desk.sees(ANA), "values")
    assert desk.sees(ANA).id == at_first.id
    assert (held(desk, "template"), held(desk, "platforms"), held(desk, "within")) == ("outage", ["ios"], "60d")
    desk.submits(ANA)
    assert "We are off." in desk.reads(ANA)


def test_a_value_the_template_has_no_place_for_is_said_in_a_form_that_is_not_complete(desk: Desk) -> None:
    desk.types(ANA, "outage town=Rome --target test")
    assert "The template has no placeholder 'town'; it has: city, time." in desk.reads(ANA)


@pytest.mark.parametrize("kind", ["status", "close"])
def test_mpaas_down_while_the_form_is_filled_in_loses_nothing(desk: Desk, kind: str) -> None:
    desk.types(ANA)
    desk.fills(ANA, "target", "test")
    desk.fills(ANA, "expires", "7h")
    desk.slack.load_options(ANA.id, desk.sees(ANA), "form_template", "")
    desk.mpaas.misbehave(Misbehaviour.model_validate({"kind": kind, "times": None}))
    desk.slack.choose(ANA.id, desk.sees(ANA), "form_template", "outage")
    assert "mPaaS did not show its templates" in desk.reads(ANA)
    assert "The template could not be read yet; its placeholders appear once it is." in desk.reads(ANA)
    assert (held(desk, "target"), held(desk, "template"), held(desk, "expires")) == ("test", "outage", "7h")
    assert desk.slack.load_options(ANA.id, desk.sees(ANA), "form_template", "").failure == "No results"
    desk.mpaas.faults.clear()
    desk.slack.choose(ANA.id, desk.sees(ANA), "form_template", "outage")
    assert "#city# is back online at #time#." in desk.reads(ANA)
    assert held(desk, "expires") == "7h"


def test_an_mpaas_that_hangs_at_the_submit_is_waited_for_once_and_loses_nothing(desk: Desk) -> None:
    fill_everything(desk)
    desk.mpaas.journal.clear()
    desk.mpaas.misbehave(Misbehaviour(kind="hang", times=None))
    with desk.impatient():
        desk.submits(ANA)
    assert len(desk.mpaas.journal.entries()) == 1
    assert "mPaaS did not show its templates" in desk.reads(ANA) + str(desk.sees(ANA).errors)
    assert (held(desk, "template"), held(desk, "platforms")) == ("outage", ["ios"])


def long_form(desk: Desk) -> View:
    """Open a form that has more to keep than Slack carries: a long value of a template that nobody can read."""
    desk.types(ANA, f'unreadable text="{"lorem ipsum " * 400}" --target test --to ios')
    return desk.sees(ANA)


def test_a_draft_that_slack_cannot_carry_is_kept_in_the_store(desk: Desk) -> None:
    metadata = json.loads(long_form(desk).content["private_metadata"])
    assert "kept" not in metadata
    stored = json.loads(desk.store.draft(metadata["draft_key"]) or "")
    assert stored["values"] == {"text": "lorem ipsum " * 400}


def test_a_long_draft_comes_back_into_its_field_and_what_does_not_fit_is_said(desk: Desk) -> None:
    long_form(desk)
    app = APPS["test"]
    desk.mpaas.put_template(app.app_id, app.workspace_id, Template("unreadable", "News", "#text#"))
    desk.presses(ANA, desk.sees(ANA), "form_advanced")
    assert "A text was longer than 3,000 characters" in desk.reads(ANA)
    assert str(held(desk, "values")).startswith("lorem ipsum lorem")


def test_a_form_that_was_open_for_too_long_says_so(desk: Desk) -> None:
    view = long_form(desk)
    desk.store.drop_draft(json.loads(view.content["private_metadata"])["draft_key"])
    desk.fills(ANA, "when", "scheduled")
    assert "This form was open for more than a day; please start again." in desk.reads(ANA)


def test_a_form_of_another_version_is_refused_in_words(desk: Desk) -> None:
    fill_everything(desk)
    desk.submits(ANA)
    submitted = desk.last_payload("view_submission")
    strange = submitted | {"view": submitted["view"] | {"private_metadata": '{"form": 7}'}}
    assert "This form is not one of this bot's, or of an older version." in words(desk.deliver("interactive", strange))
