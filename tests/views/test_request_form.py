import json

import pytest
from builders import a_template
from hypothesis import given, settings
from hypothesis import strategies as st
from views.drafts import drafts
from views.fill import fill, inputs_of, picked, typed
from views.gallery import FULL, TARGETS, a_form, texts_of

from bot.domain.content import Template
from bot.domain.draft import DEFAULT_EXPIRES, Draft
from bot.errors import Problem
from bot.playground.slack.blocks import check_view
from bot.views.inputs import errors
from bot.views.request_form import template_options
from bot.views.request_form_state import MetadataTooLong, parse

FULL_OF_WORDS = a_template(variables=("city",))
Drawn = tuple[Draft, Template | None]


@settings(deadline=None, max_examples=60)
@given(drawn=drafts(), advanced=st.booleans())
def test_a_form_that_is_submitted_as_it_was_opened_gives_the_same_draft(drawn: Drawn, advanced: bool) -> None:
    draft, template = drawn
    view = a_form(draft, template=template, advanced=advanced)
    assert check_view(view) == []
    filled = parse(fill(view))
    assert filled.draft == draft
    assert filled.problems == ()
    assert filled.metadata.advanced is advanced


@settings(deadline=None, max_examples=20)
@given(drawn=drafts(), advanced=st.booleans())
def test_nothing_is_lost_when_advanced_is_opened_and_closed(drawn: Drawn, advanced: bool) -> None:
    draft, template = drawn
    once = parse(fill(a_form(draft, template=template, advanced=advanced))).draft
    twice = parse(fill(a_form(once, template=template, advanced=not advanced))).draft
    assert twice == draft


@settings(deadline=None, max_examples=20)
@given(drawn=drafts(), when=st.sampled_from(["now", "scheduled", "recurring"]))
def test_nothing_is_lost_when_another_kind_of_time_is_looked_at(drawn: Drawn, when: str) -> None:
    draft, template = drawn
    looked = parse(fill(a_form(draft, template=template), {"when": picked(when)})).draft
    back = parse(fill(a_form(looked, template=template), {"when": picked(draft.when)})).draft
    assert back == draft


def test_an_empty_form_chooses_nothing_that_widens() -> None:
    view = a_form()
    inputs = inputs_of(view)
    assert view["title"]["text"] == "New broadcast"
    assert (view["submit"]["text"], view["close"]["text"]) == ("Preview", "Cancel")
    assert "initial_option" not in inputs["target"]
    assert "initial_option" not in inputs["audience"]
    assert "initial_option" not in inputs["within"]
    assert not [block_id for block_id in inputs if block_id.startswith("platforms")]
    assert parse(fill(view)).draft == Draft(expires=DEFAULT_EXPIRES)


def test_platforms_follow_the_target_and_all_means_each_of_them() -> None:
    view = a_form(Draft(target="test", platforms=("all",)))
    options = [option["value"] for option in inputs_of(view)["platforms.test"]["options"]]
    assert options == ["android", "ios"]
    assert parse(fill(view)).draft.platforms == ("android", "ios")


def test_platforms_that_another_target_has_not_are_dropped() -> None:
    chosen = parse(fill(a_form(FULL), {"target": picked("test")})).draft
    assert chosen.target == "test"
    assert parse(fill(a_form(chosen))).draft.platforms == ("android",)


def test_a_template_shows_its_text_and_one_input_per_placeholder() -> None:
    template = a_template(body="<#city#> & #day#", variables=("city", "day"))
    view = a_form(Draft(template="outage", values={"day": "Monday", "gone": "x"}), template=template)
    assert "Service disruption\n<#city#> & #day#" in texts_of(view, "plain_text")
    city, day = (f"values.{template.fingerprint[:8]}.{name}" for name in ("city", "day"))
    assert inputs_of(view)[day]["initial_value"] == "Monday"
    filled = parse(fill(view, {city: typed("Berlin")}))
    assert filled.draft.values == {"city": "Berlin", "day": "Monday"}


def test_another_template_s_placeholders_start_afresh_in_slack() -> None:
    one = set(inputs_of(a_form(Draft(template="a"), template=a_template())))
    other = set(inputs_of(a_form(Draft(template="b"), template=a_template(name="b"))))
    assert len(one ^ other) == 2


def test_an_input_that_is_emptied_empties_the_draft() -> None:
    view = a_form(FULL, advanced=True)
    filled = parse(
        fill(view, {"task": typed(None), "extras.MiChannelId": typed(None), "extras.AndroidChannel": picked()})
    )
    assert filled.draft.task == ""
    assert set(filled.draft.extras) == {"NotifyLevel"}


def test_problems_stand_on_top_and_under_their_inputs() -> None:
    problems = [Problem("expires", "x", "Too <long>."), Problem("", "not_involved", "Ask <@U02BO>.")]
    view = a_form(problems=problems)
    assert texts_of(view)[0] == "*Please look at this first:*\nToo &lt;long&gt;.\nAsk <@U02BO>."
    assert errors(problems, view) == {"expires": "Too <long>."}


def test_without_a_target_to_choose_the_form_says_why() -> None:
    assert "You are not listed as a requester of any target." in texts_of(a_form(targets=()))[0]


def test_a_draft_that_is_too_long_to_travel_is_kept_elsewhere() -> None:
    extras = {"ExtendedParams": "x" * 3000}
    draft = FULL.model_copy(update={"extras": extras, "time": None})
    with pytest.raises(MetadataTooLong):
        a_form(draft)
    view = a_form(draft, draft_key="drafts/1")
    assert json.loads(view["private_metadata"])["draft_key"] == "drafts/1"
    filled = parse(fill(view, {"expires": typed("2 d")}), kept=draft)
    assert filled.draft == draft.model_copy(update={"expires": 172_800})


def test_a_text_that_the_form_must_cut_is_pointed_out() -> None:
    draft = FULL.model_copy(update={"values": {"city": "B" * 3001}})
    view = a_form(draft, template=FULL_OF_WORDS)
    assert "3,000 characters" in texts_of(view)[0]
    assert check_view(view) == []


def test_a_template_with_very_many_placeholders_is_sent_to_the_command() -> None:
    many = a_template(variables=tuple(f"v{number}" for number in range(60)))
    view = a_form(Draft(template="outage"), template=many, advanced=True)
    assert "more placeholders than this form shows" in texts_of(view)[0]
    assert len(view["blocks"]) <= 100
    assert check_view(view) == []


def test_a_template_name_that_no_list_of_slack_takes_stays_as_it_was_typed() -> None:
    draft = Draft(template="t" * 180, expires=1)
    view = a_form(draft, template=None)
    assert check_view(view) == []
    assert parse(fill(view)).draft == draft


def test_templates_are_offered_by_what_was_typed() -> None:
    names = ["Outage", "December sale", "t" * 151, *(f"outage {number}" for number in range(150))]
    offered = [option["value"] for option in template_options(names, " OUT ")]
    assert offered[:2] == ["Outage", "outage 0"]
    assert len(offered) == 100
    assert template_options(["t" * 151]) == []


def test_editing_a_request_says_so() -> None:
    view = a_form(FULL, revision=2)
    assert view["title"]["text"] == "Edit broadcast"
    assert parse(fill(view)).metadata.revision == 2


def test_the_targets_of_a_form_say_which_of_them_is_live() -> None:
    labels = [option["text"]["text"] for option in inputs_of(a_form())["target"]["options"]]
    assert labels == ["live (LIVE: real people)", "test (test devices)"]
    assert len(TARGETS) == len(labels)
