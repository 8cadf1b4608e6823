"""From what somebody said to content and back: every problem at once, each under its field, in a sentence."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from builders import a_content, a_destination, a_target, a_template
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import NOW, attempt, contents, drafts, placeholder_names, templates

from bot.domain.content import AudienceStatus, Content, Period, Platform, Template
from bot.domain.delivery import Cycle, Now, Recurring, Scheduled
from bot.domain.draft import DEFAULT_EXPIRES, Draft, Moments
from bot.domain.drafting import complete, draft_of
from bot.domain.target import Target
from bot.errors import Refused

FRIDAY = datetime(2026, 11, 27, 1, tzinfo=UTC)
MAY = Moments(start=datetime(2026, 5, 1, tzinfo=UTC), end=datetime(2026, 5, 31, tzinfo=UTC))
ATTACHED, DETACHED = AudienceStatus.ATTACHED, AudienceStatus.DETACHED
WEEKLY: dict[str, Any] = {
    "when": "recurring",
    "cycle": Cycle.WEEKLY,
    "on": (1, 3),
    "time": time(9),
    "first": date(2026, 12, 1),
    "last": date(2026, 12, 31),
}


def a_draft(**changes: Any) -> Draft:
    """Say everything that the example content needs."""
    parts: dict[str, Any] = {
        "target": "live",
        "template": "outage",
        "values": {"city": "Berlin"},
        "platforms": ("android", "ios"),
        "audience": ATTACHED,
        "within": Period.DAYS_60,
    }
    return Draft(**parts | changes)


def completed(draft: Draft, **changes: Any) -> Content:
    given_: dict[str, Any] = {"target": a_target(), "template": a_template(), "now": NOW}
    return complete(draft, **given_ | changes)


def problems(draft: Draft, **changes: Any) -> dict[tuple[str, str], str]:
    """Give every problem's sentence by its field and code."""
    with pytest.raises(Refused) as caught:
        completed(draft, **changes)
    return {(problem.field, problem.code): problem.sentence for problem in caught.value.problems}


def test_what_was_said_becomes_content() -> None:
    assert completed(a_draft()) == a_content(expires=DEFAULT_EXPIRES)


def test_nothing_said_is_told_field_by_field_in_one_go() -> None:
    found = problems(Draft(), target=None, template=None)
    assert found.keys() == {
        ("audience", "audience_missing"),
        ("platforms", "platforms_missing"),
        ("target", "target_missing"),
        ("template", "template_missing"),
    }


def test_nothing_widens_by_itself() -> None:
    """No default target, platform or audience: what was not said is asked for."""
    for name, empty in (("target", ""), ("platforms", ()), ("audience", None), ("template", "")):
        field, code = name, f"{name}_missing"
        assert (field, code) in problems(a_draft(**{name: empty}), target=a_target() if name != "target" else None)


@pytest.mark.parametrize(
    ("changes", "field", "code", "words"),
    [
        ({"target": ""}, "target", "target_missing", "which target"),
        ({"template": ""}, "template", "template_missing", "Choose the template"),
        ({"values": {}}, "values.city", "values_missing", "a value for city"),
        ({"values": {"city": " "}}, "values.city", "values_missing", "a value for city"),
        ({"values": {"city": "x", "town": "y"}}, "values", "values_unknown", "'town'; it has: city"),
        ({"platforms": ()}, "platforms", "platforms_missing", "android, ios, harmonyos, or all"),
        ({"platforms": ("symbian",)}, "platforms", "platform_unknown", "symbian is not a platform of live"),
        ({"audience": None}, "audience", "audience_missing", "attached, detached or all"),
        ({"within": None}, "within", "audience_period_missing", "7d, 15d, 60d or ever"),
        ({"attached_between": MAY}, "within", "audience_twice", "not both"),
        (
            {"within": None, "detached_between": MAY},
            "audience",
            "audience_range_mismatch",
            "the time range of attached",
        ),
        (
            {"within": None, "attached_between": Moments(start=MAY.end, end=MAY.start)},
            "attached_between",
            "range_backwards",
            "must end after it starts",
        ),
        (
            {"audience": DETACHED, "within": None, "detached_between": Moments(start=MAY.end, end=MAY.end)},
            "detached_between",
            "range_backwards",
            "must end after it starts",
        ),
        ({"when": "scheduled"}, "at", "at_missing", "when the push goes out"),
        ({"when": "scheduled", "at": NOW}, "at", "at_not_whole_seconds", "precise to the second"),
        (
            {"when": "scheduled", "at": NOW.replace(microsecond=0)},
            "at",
            "at_past",
            "choose a later time",
        ),
        ({"when": "recurring"}, "cycle", "cycle_missing", "daily, weekly or monthly"),
        ({"when": "recurring"}, "time", "time_missing", "what time of day"),
        ({"when": "recurring"}, "first", "first_missing", "starts"),
        ({"when": "recurring"}, "last", "last_missing", "ends"),
        (WEEKLY | {"on": ()}, "on", "days_missing", "on which days a weekly push"),
        (WEEKLY | {"on": (8,)}, "on", "days_out_of_range", "from 1 to 7"),
        (WEEKLY | {"on": (3, 1)}, "on", "days_repeated", "once, in order"),
        (WEEKLY | {"cycle": Cycle.DAILY}, "on", "days_with_daily", "takes no days"),
        (WEEKLY | {"last": date(2026, 11, 30)}, "last", "last_before_first", "before the first day"),
        (WEEKLY | {"time": time(9, tzinfo=UTC)}, "time", "time_not_plain", "HH:MM"),
        (WEEKLY | {"first": date(2026, 11, 24)}, "first", "first_past", "today, which is 2026-11-25"),
        (WEEKLY | {"last": date(2027, 5, 25)}, "last", "last_too_far", "more than 180 days away"),
        (
            WEEKLY | {"on": (1,), "last": date(2026, 12, 1)},
            "on",
            "no_such_day",
            "None of the chosen days",
        ),
        ({"expires": 0}, "expires", "expires_out_of_range", "at least 1 second"),
        ({"expires": 2**31}, "expires", "expires_out_of_range", "at most 2147483647 seconds"),
        ({"task": "x" * 61}, "task", "task_too_long", "at most 60 characters"),
        ({"extras": {"Sound": "x"}}, "extras", "extra_unknown", "not a parameter of PushBroadcast"),
        ({"extras": {"Msgkey": "x"}}, "extras", "extra_has_option", "made by the bot"),
        ({"extras": {"AndroidChannel": "3"}}, "extras.AndroidChannel", "extra_choice", "3"),
        (
            {"extras": {"TransparentMessageUrgency": "HIGH"}},
            "extras.TransparentMessageUrgency",
            "urgency_without_payload",
            "goes only with a TransparentMessagePayload",
        ),
    ],
)
def test_a_problem_is_told_under_its_field(changes: dict[str, Any], field: str, code: str, words: str) -> None:
    found = problems(a_draft(**changes))
    assert words in found[field, code]
    assert found[field, code].endswith((".", "?"))


def test_a_target_that_is_not_there_is_told_by_its_name() -> None:
    assert "'moon'" in problems(a_draft(target="moon"), target=None, template=None)["target", "target_unknown"]


def test_a_template_that_mpaas_does_not_have_is_told_only_when_the_target_is_known() -> None:
    assert "'outage' for live" in problems(a_draft(), template=None)["template", "template_unknown"]
    assert ("template", "template_unknown") not in problems(a_draft(target="moon"), target=None, template=None)


def test_a_template_without_text_is_refused() -> None:
    found = problems(a_draft(), template=a_template(title=" "))
    assert "vendors refuse" in found["template", "template_empty"]


def test_problems_of_every_part_are_told_together() -> None:
    draft = a_draft(
        values={}, platforms=("symbian",), within=None, when="scheduled", task="x" * 61, extras={"AndroidChannel": "3"}
    )
    assert {field for field, _ in problems(draft)} == {
        "values.city", "platforms", "within", "at", "task", "extras.AndroidChannel",
    }  # fmt: skip


def test_a_platform_that_the_target_does_not_reach_is_refused() -> None:
    target = a_target(platforms=(Platform.ANDROID,))
    found = problems(a_draft(), target=target)
    assert found["platforms", "platform_unknown"] == "ios is not a platform of live; allowed are android."


def test_all_platforms_are_those_of_the_target_and_order_does_not_matter() -> None:
    target = a_target(platforms=(Platform.ANDROID, Platform.HARMONYOS))
    assert completed(a_draft(platforms=("all",)), target=target).platforms == (Platform.ANDROID, Platform.HARMONYOS)
    assert completed(a_draft(platforms=("ios", "android"))).platforms == (Platform.ANDROID, Platform.IOS)


def test_parts_of_another_kind_of_delivery_are_left_behind() -> None:
    """The form keeps what was typed under "recurring" while "now" is chosen; it is not sent."""
    assert completed(a_draft(**WEEKLY | {"when": "now"})).delivery == Now()
    at = FRIDAY
    assert completed(a_draft(**WEEKLY | {"when": "scheduled", "at": at})).delivery == Scheduled(at=at)
    assert completed(a_draft(**WEEKLY | {"at": at})).delivery == Recurring(
        **{name: value for name, value in WEEKLY.items() if name != "when"}
    )


def targets_of(content: Content) -> Target:
    return a_target(destination=content.destination, platforms=tuple(Platform))


@given(contents())
@settings(deadline=None, max_examples=60)
def test_content_said_as_a_draft_and_completed_again_is_the_same_content(content: Content) -> None:
    again = complete(draft_of(content), target=targets_of(content), template=content.template, now=NOW)
    assert again == content
    assert draft_of(again) == draft_of(content)
    assert again.model_dump_json() == content.model_dump_json()


def test_a_time_that_has_passed_stays_in_the_draft_for_the_form_to_refuse() -> None:
    content = a_content(delivery=Scheduled(at=FRIDAY))
    draft = draft_of(content)
    assert (draft.when, draft.at) == ("scheduled", FRIDAY)
    assert ("at", "at_past") in problems(draft, now=FRIDAY + timedelta(seconds=1))


@given(
    drafts(),
    st.none() | st.just(a_target()) | st.just(a_target(platforms=(Platform.IOS,), destination=a_destination())),
    st.none() | templates() | st.lists(placeholder_names(), unique=True).map(
        lambda names: a_template(title="", variables=tuple(names))
    ),
)  # fmt: skip
@settings(deadline=None, max_examples=80)
def test_any_draft_is_completed_or_refused_in_sentences(
    draft: Draft, target: Target | None, template: Template | None
) -> None:
    found = attempt(lambda: complete(draft, target=target, template=template, now=NOW))
    if isinstance(found, Refused):
        assert found.problems
        assert all(problem.code and problem.sentence.strip() for problem in found.problems)
    else:
        assert target is not None
        assert (found.destination, found.template) == (target.destination, template)
