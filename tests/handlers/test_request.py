"""Ask for a push: the command, its preview and its submit; what is wrong is said in words, and nothing is lost."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from desk import APPS, ASK, EVERYTHING, Desk, block_of, has_block, words

from bot.playground.cast import ANA, BO, CHEN, DANA, GENERAL, GUS, Person
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.mpaas.templates import Template
from bot.playground.slack import payloads

WHOLE = ASK.format(target="test")


def opened(desk: Desk) -> str:
    return str(desk.sees(ANA).content["callback_id"])


def chosen(desk: Desk, block: str) -> str:
    """Tell what is chosen or written in an input of Ana's form."""
    view = desk.sees(ANA)
    found = block_of(view, block)
    state = view.state[found["block_id"]][found["element"]["action_id"]]
    option = state.get("selected_option") or {}
    many = [each["value"] for each in state.get("selected_options", [])]
    return str(option.get("value") or ",".join(many) or state.get("value") or "")


def test_the_command_alone_opens_the_empty_form(desk: Desk) -> None:
    deed = desk.types(ANA)
    assert (deed.failure, deed.answer, opened(desk)) == ("", None, "request_form")
    assert (chosen(desk, "target"), chosen(desk, "template"), chosen(desk, "audience")) == ("", "", "")
    assert "Platforms appear once you have chosen the target." in desk.reads(ANA)


def test_a_command_that_says_everything_opens_the_preview(desk: Desk) -> None:
    desk.types(ANA, WHOLE)
    assert opened(desk) == "preview"
    assert "Ask for a test push on test" in desk.reads(ANA)
    assert "Berlin is back online at 18:00" in desk.reads(ANA)
    assert desk.store.list_requests() == []


def test_phones_write_smart_quotes_and_long_dashes(desk: Desk) -> None:
    desk.types(ANA, f"outage city=“New York” time=\u201818:00\u2019 —target test {EVERYTHING}")
    assert opened(desk) == "preview"
    assert "New York is back online at 18:00" in desk.reads(ANA)


def test_a_command_that_says_a_part_opens_the_form_filled_with_it(desk: Desk) -> None:
    desk.types(ANA, "outage city=Berlin --target live --to ios --expires 90min")
    assert opened(desk) == "request_form"
    assert (chosen(desk, "target"), chosen(desk, "template"), chosen(desk, "platforms")) == ("live", "outage", "ios")
    view = desk.sees(ANA)
    values = {each["label"]["text"]: each["element"].get("initial_value") for each in view.blocks if "label" in each}
    assert (values["Value of city"], values["Value of time"]) == ("Berlin", None)
    assert values["Stays valid for"] == "1 h 30 min"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("--to androd", '"androd" is not a platform: android, ios, harmonyos or all. Did you mean android?'),
        ("--audience everyone", '"everyone" is not an audience: attached, detached or all.'),
        ("--within 9d", '"9d"'),
        ("--expires soon", '"soon"'),
        ("--at yesterdayish", '"yesterdayish"'),
        ("--every moonday", '"moonday"'),
        ("--time 25:00", '"25:00"'),
        ("--from 2026-13-01", '"2026-13-01"'),
        ("--attached-between 2026", '"2026"'),
        ("--targte live", '"--targte" is not an option. Did you mean --target?'),
        ("--target", "--target needs a value, such as --target live."),
        ("--target live --target test", '--target is said twice; the first counts, "test" does not.'),
        ("--set Nonsense=1", "Nonsense"),
        ("--set alone", '"alone" is not a parameter with its value'),
        ("--task " + "x" * 300, "has 300 characters"),
        ("--at 'in 2h' --every day", "--at is for a push that goes out once, --every for one that repeats"),
        ("--within 7d --attached-between 2026-05-01..2026-05-31", "both say how far back the audience reaches"),
        ("city=Berlin city=Rome", '"city" is said twice: as "Berlin" and as "Rome".'),
        ("city=New York", 'write city="New York"'),
        ("=Berlin", "has no name: write name=value"),
        ("'open", "quot"),
    ],
)
def test_every_error_of_a_command_says_which_word_and_why(desk: Desk, typed: str, why: str) -> None:
    deed = desk.types(ANA, f"outage {typed}")
    assert deed.answer["response_type"] == "ephemeral"
    assert why in words(deed).replace("“", '"').replace("”", '"')
    assert opened(desk) == "request_form"
    assert chosen(desk, "template") == "outage"


def test_all_errors_come_at_once_and_what_was_understood_stays(desk: Desk) -> None:
    deed = desk.types(ANA, "outage --target live --to androd --expires soon")
    assert len(words(deed).splitlines()) == 4
    assert "Please look at this first" in desk.reads(ANA)
    assert "androd" in desk.reads(ANA)
    assert (chosen(desk, "target"), chosen(desk, "template")) == ("live", "outage")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (WHOLE.replace("outage", "outrage"), "mPaaS has no template 'outrage' for test."),
        (WHOLE.replace("test", "lvie"), "There is no target 'lvie' in broadcast.toml."),
        (WHOLE.replace("city=Berlin ", ""), "The template needs a value for city."),
        (f"{WHOLE} town=Rome", "The template has no placeholder 'town'; it has: city, time."),
        (f"{WHOLE} --at '2026-01-01 09:00'", "2026-01-01"),
    ],
)
def test_what_only_mpaas_and_the_settings_know_is_said_on_top_of_the_form(desk: Desk, said: str, why: str) -> None:
    desk.types(ANA, said)
    assert opened(desk) == "request_form"
    assert why in desk.reads(ANA)


@pytest.mark.parametrize(
    ("person", "why"),
    [
        (CHEN, "You are not listed as a requester of live."),
        (GUS, "Guests cannot do that; ask a full member of this workspace."),
    ],
)
def test_who_may_not_ask_reads_why_and_sees_no_form(desk: Desk, person: Person, why: str) -> None:
    assert why in words(desk.types(person, WHOLE))
    assert desk.slack.views(person.id) == []


def test_members_of_a_listed_group_may_ask(desk: Desk) -> None:
    desk.types(DANA, WHOLE)
    desk.submits(DANA)
    assert [request.requester for request in desk.store.list_requests()] == [DANA.id]


def test_the_submit_of_the_preview_stores_the_request_and_asks_the_approvers(desk: Desk) -> None:
    desk.types(ANA, WHOLE)
    desk.submits(ANA)
    (request,) = desk.store.list_requests()
    assert f"Request {request.id} is stored, and its card goes to the approvers" in desk.reads(ANA)
    assert (request.requester, request.channel, request.state) == (ANA.id, GENERAL.id, "pending_approval")
    desk.announces()
    shown = words(desk.card(request))
    assert "<!subteam^S02ONCALL>: please read the exact text and decide." in shown
    assert "Berlin is back online at 18:00. Thank you for waiting." in shown
    assert request.short_digest in shown


def test_a_second_submit_of_the_same_preview_is_told_so(desk: Desk) -> None:
    desk.types(ANA, WHOLE)
    desk.submits(ANA)
    again = desk.deliver("interactive", desk.last_payload("view_submission"))
    assert "was already stored by an earlier press; nothing was asked twice." in words(again)
    assert len(desk.store.list_requests()) == 1


def test_a_double_click_on_the_submit_stores_one_request(desk: Desk) -> None:
    desk.types(ANA, WHOLE)
    view = desk.sees(ANA)
    trigger = desk.slack.world.trigger(ANA.id, view=view.id)
    submission = payloads.submission(desk.slack.world.cast, ANA, view, trigger_id=trigger, response_urls=[])
    start = threading.Barrier(2)

    def submit(_: int) -> str:
        start.wait()
        return words(desk.deliver("interactive", submission))

    with ThreadPoolExecutor(2) as both:
        first, second = sorted(both.map(submit, range(2)), key=lambda said: "already" in said)
    assert "is stored, and its card goes to the approvers" in first
    assert "was already stored by an earlier press" in second
    assert len(desk.store.list_requests()) == 1


def test_a_template_that_changed_since_the_preview_is_shown_anew(desk: Desk) -> None:
    desk.types(ANA, WHOLE)
    app = APPS["test"]
    desk.mpaas.put_template(app.app_id, app.workspace_id, Template("outage", "Notice", "#city# is down since #time#."))
    desk.submits(ANA)
    assert "The template changed since the preview. Check it once more." in desk.reads(ANA)
    assert "Berlin is down since 18:00." in desk.reads(ANA)
    assert desk.store.list_requests() == []
    desk.submits(ANA)
    (request,) = desk.store.list_requests()
    assert request.content.template.body == "#city# is down since #time#."


def test_a_template_that_is_gone_at_the_submit_is_said(desk: Desk) -> None:
    desk.types(ANA, WHOLE)
    desk.mpaas.delete_template(APPS["test"].app_id, APPS["test"].workspace_id, "outage")
    desk.submits(ANA)
    assert "mPaaS has no template 'outage' for test." in desk.reads(ANA)
    assert desk.store.list_requests() == []


def test_somebody_who_is_no_longer_a_requester_cannot_submit(desk: Desk) -> None:
    desk.types(ANA, WHOLE)
    desk.submits(ANA)
    forged = desk.last_payload("view_submission") | {"user": payloads.user_of(BO)}
    assert "You are not listed as a requester of" in words(desk.deliver("interactive", forged))
    assert len(desk.store.list_requests()) == 1


@pytest.mark.parametrize("kind", ["status", "reset", "rubbish"])
def test_an_mpaas_that_is_down_leaves_the_form_with_everything_in_it(desk: Desk, kind: str) -> None:
    desk.mpaas.misbehave(Misbehaviour.model_validate({"kind": kind, "action": "GetTemplate", "times": None}))
    desk.types(ANA, WHOLE)
    assert opened(desk) == "request_form"
    assert "mPaaS did not show its templates" in desk.reads(ANA)
    assert (chosen(desk, "target"), chosen(desk, "template")) == ("test", "outage")
    desk.mpaas.faults.clear()
    desk.submits(ANA)
    assert opened(desk) == "preview"
    assert "Berlin is back online at 18:00" in desk.reads(ANA)


def test_an_mpaas_that_hangs_is_waited_for_once_and_within_slacks_3_seconds(desk: Desk) -> None:
    desk.mpaas.misbehave(Misbehaviour(kind="hang", action="GetTemplate", times=None))
    deed = desk.types(ANA, WHOLE)
    assert deed.milliseconds < 3000
    assert len(desk.mpaas.journal.entries("GetTemplate")) == 1
    assert "mPaaS did not show its templates" in desk.reads(ANA)


def test_a_trigger_that_expired_is_answered_in_the_command(desk: Desk) -> None:
    desk.types(ANA)
    payload = desk.last_payload("/broadcast")
    desk.slack.advance(4)
    answer = desk.deliver("slash_commands", payload)
    assert "Slack did not open the form in time. Nothing was recorded; please try once more." in words(answer)


def test_the_shortcut_opens_the_empty_form(desk: Desk) -> None:
    desk.slack.shortcut(ANA.id, "new_broadcast")
    assert opened(desk) == "request_form"
    assert json.loads(desk.sees(ANA).content["private_metadata"])["channel"] == ANA.id


def test_the_shortcut_tells_those_who_may_not_ask_why(desk: Desk) -> None:
    desk.slack.shortcut(CHEN.id, "new_broadcast")
    assert "You are not listed as a requester of live." in desk.reads(CHEN)


def test_the_button_of_the_home_tab_opens_the_empty_form(desk: Desk) -> None:
    desk.slack.open_home(ANA.id)
    home = desk.slack.home(ANA.id)
    assert home is not None
    desk.presses(ANA, home, "new_broadcast")
    assert opened(desk) == "request_form"


def test_the_button_of_the_help_opens_the_form_for_that_channel(desk: Desk) -> None:
    desk.types(ANA, "help")
    (answer,) = desk.whispers(ANA, GENERAL.id)
    desk.presses(ANA, answer, "new_broadcast")
    assert json.loads(desk.sees(ANA).content["private_metadata"])["channel"] == GENERAL.id


def test_a_result_of_what_was_asked_for_from_the_home_tab_is_told_once(desk: Desk) -> None:
    desk.slack.shortcut(ANA.id, "new_broadcast")
    desk.fills(ANA, "target", "test")
    desk.fills(ANA, "template", "maintenance")
    desk.fills(ANA, "platforms", ["ios"])
    desk.fills(ANA, "audience", "all")
    desk.fills(ANA, "within", "ever")
    desk.submits(ANA)
    desk.submits(ANA)
    (request,) = desk.store.list_requests()
    assert not has_block(desk.sees(ANA), "values")
    desk.announces()
    desk.approves(BO, request)
    desk.works(3)
    said = [words(message).splitlines()[0] for message in desk.slack.direct(ANA.id)]
    assert said == ["*Test push on test: approved, can still be stopped*", "*Test push on test: sent*"]
