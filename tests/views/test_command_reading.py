"""Tests of what is wrong with a command line: everything at once, each with its word, a reason and a way out."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import NOW, drafts

from bot.domain.draft import Draft
from bot.views.command import Said, read_command, write_command
from bot.views.command_options import OPTIONS

BERLIN = ZoneInfo("Europe/Berlin")


def read(text: str) -> Said:
    return read_command(text, now=NOW, zone=BERLIN)


@pytest.mark.parametrize(
    ("text", "field", "code", "parts"),
    [
        ("t --to androd", "platforms", "platform_unknown", ['"androd"', "ios, harmonyos or all", "mean android?"]),
        ("t --to all,ios", "platforms", "platforms_all_and_more", ['"all,ios"']),
        ("t --audience everybody", "audience", "audience_unknown", ['"everybody"', "attached, detached or all"]),
        ("t --within 30d", "within", "period_unknown", ['"30d"', "7d, 15d, 60d or ever"]),
        ("t --expires 5", "expires", "duration_without_unit", ['"5"', '"5m"']),
        ("t --at 12/01/2026", "at", "day_ambiguous", ["2026-12-01"]),
        ("t --every sometimes", "on", "days_unreadable", ['"sometimes"', "mon"]),
        ("t --time 25:00", "time", "time_impossible", ['"25:00"']),
        ("t --from 2026-02-30", "first", "day_missing", ["28 days"]),
        ("t --until someday", "last", "day_unreadable", ['"someday"']),
        ("t --attached-between 2026-05-01", "attached_between", "range_unreadable", ['"2026-05-01"']),
        ("t --detached-between b..a", "detached_between", "day_unreadable", ['"b"']),
        (f"t --task {'x' * 61}", "task", "task_too_long", ["61 characters", "60"]),
        ("t --set NotifyLevel=5", "extras.NotifyLevel", "extra_object", ["NotifyLevel"]),
        ("t --set NotifyLevl=5", "extras", "extra_unknown", ["Did you mean NotifyLevel?"]),
        ("t --set PushStatus=0", "extras", "extra_has_option", ["--audience"]),
        ("t --set x", "extras", "extra_nameless", ['"x"', "--set MiChannelId=123321"]),
        ("t --set ChannelId=a --set ChannelId=b", "extras.ChannelId", "option_twice", ["ChannelId", '"b"']),
        ("t --taget live", "", "option_unknown", ['"--taget"', "Did you mean --target?", "--set"]),
        ("t --target", "target", "option_value_missing", ["--target live"]),
        ("t --target --to ios", "target", "option_value_missing", ["--target live"]),
        ("t --set", "extras", "option_value_missing", ["--set MiChannelId=123321"]),
        ("t --target a --target b", "target", "option_twice", ["--target", '"b"']),
        ("t --template u", "template", "option_twice", ['"t"', '"u"']),
        ("t city=New York", "", "word_stray", ['"York"', 'city="New York"']),
        ("t u", "", "word_stray", ['"u"', "quotes"]),
        ("t city=a city=b", "values.city", "value_twice", ['"a"', '"b"']),
        ("t =a", "values", "value_nameless", ['"=a"', "name=value"]),
        ("t --at 13:00 --every mon", "when", "at_and_every", ["--at", "--every"]),
        ("t --within 7d --attached-between 2026-05-01..2026-05-02", "within", "audience_twice", ["--within"]),
        ('t city="a', "", "quote_unclosed", ['"a"']),
    ],
)  # fmt: skip
def test_each_mistake_is_told_with_its_field_and_a_way_out(text: str, field: str, code: str, parts: list[str]) -> None:
    (problem,) = read(text).problems
    assert (problem.field, problem.code) == (field, code)
    assert all(part in problem.sentence for part in parts), problem.sentence
    assert problem.sentence.endswith((".", "?"))


def test_every_mistake_is_told_and_what_is_right_is_kept() -> None:
    said = read("outage city=Berlin --to androd --target live --expires 5 --taget x --at tomorow 9:00 --task Sale")
    assert [problem.code for problem in said.problems] == [
        "platform_unknown",
        "duration_without_unit",
        "option_unknown",
        "day_unreadable",
    ]
    assert said.draft == Draft(
        template="outage", values={"city": "Berlin"}, target="live", when="scheduled", task="Sale"
    )


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("--at nonsense", "scheduled"),
        ("--at", "scheduled"),
        ("--att 13:00", "scheduled"),
        ("--when 13:00", "scheduled"),
        ("--every nonsense", "recurring"),
        ("--evry day", "recurring"),
        ("--time 9:00", "recurring"),
        ("--at 13:00 --every day", "scheduled"),
        ("--to ios", "now"),
    ],
)
def test_a_mistyped_time_never_becomes_now(text: str, when: str) -> None:
    assert read(text).draft.when == when


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("--at tomorrow 9:00 outage", "outage"),
        ("--at in 1 day 2 hours outage", "outage"),
        ("--at 2026-12-01 09:00 outage", "outage"),
        ("--at 9:30 pm outage", "outage"),
        ("--at tomorow 9:00 outage", "outage"),
        ("--every mon, wed outage", "outage"),
        ("--to ios, android outage", "outage"),
        ("--from 1 Dec --until 31 Dec outage", "outage"),
        ("--expires 1 h 30 min outage", "outage"),
        ("--within 60 days outage", "outage"),
        ("--attached-between 2026-05-01 9:00 .. 2026-05-02 9:00 outage", "outage"),
        ("--target live outage", "outage"),
    ],
)
def test_a_value_with_blanks_needs_no_quotes_where_it_makes_sense(text: str, rest: str) -> None:
    said = read(text)
    assert said.draft.template == rest
    assert {problem.code for problem in said.problems} <= {"day_unreadable"}


def test_days_of_a_recurring_push_are_days_in_shanghai() -> None:
    late = NOW.replace(hour=20)  # already tomorrow in Shanghai, still today in Berlin
    draft = read_command("--from today", now=late, zone=BERLIN).draft
    assert f"{draft.first}" == "2026-11-26"


def test_placeholders_may_be_written_as_in_the_template() -> None:
    assert read("outage #city#=Berlin \u57ce\u5e02\uff1d\u67cf\u6797").draft.values == {
        "city": "Berlin",
        "\u57ce\u5e02": "\u67cf\u6797",
    }


NOISE = ["--set", "=", "outage", "a=b", "live", "9:00", "tomorrow", '"', "\u201c", "\\", "\u2014", "{"]
SNIPPETS = st.sampled_from([*(f"--{name}" for name in OPTIONS), *NOISE])


@given(st.text() | st.lists(SNIPPETS | st.text(max_size=4)).map(" ".join) | st.text(alphabet=st.characters()))
def test_any_text_gives_an_answer(text: str) -> None:
    said = read(text)
    assert all(problem.sentence.strip() for problem in said.problems)
    assert said.word != "form" or isinstance(said.draft, Draft)


@given(drafts(), st.integers(0, 400), st.text(max_size=3))
@settings(deadline=None)  # drawing takes long on a busy machine
def test_a_command_that_was_spoiled_still_gives_an_answer(draft: Draft, place: int, noise: str) -> None:
    line = write_command(draft)
    assert isinstance(read(line[:place] + noise + line[place:]), Said)
