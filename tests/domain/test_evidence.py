"""What the bot found at mPaaS, and when it looks again: often while it matters, seldom later, and not for ever."""

from datetime import datetime, timedelta

import pytest
from builders import NOON
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.evidence import ENOUGH, FOLLOWED, SOON, Evidence, described, is_news, looked, next_look

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
DIES = NOON + 17 * MINUTE
MOST_LOOKS, MOST_WRITTEN = 30, 20

Finding = tuple[tuple[str, ...], str]
NOTHING, ONE, SILENT = ((), ""), (("4711",), ""), ((), "connection refused")
findings = st.sampled_from([NOTHING, NOTHING, ONE, (("4711", "4712"), ""), SILENT])


def look(before: Evidence | None, at: datetime, finding: Finding = NOTHING) -> Evidence:
    return looked(before, now=at, dies=DIES, task_ids=finding[0], failure=finding[1])


def looks(found: list[Finding], *, late: timedelta = timedelta(0), begun: datetime = NOON) -> list[Evidence]:
    """Look as often as the rule says, each time so much too late; what is found last is found for ever."""
    seen, at = list[Evidence](), begun
    while len(seen) <= 2 * MOST_LOOKS:
        finding = found[min(len(seen), len(found) - 1)]
        seen.append(look(seen[-1] if seen else None, at, finding))
        following = next_look(seen[-1], dies=DIES)
        if following is None:
            return seen
        at = following + late
    raise AssertionError("It never ends.")


def test_the_first_looks_come_soon_and_each_wait_is_as_long_as_all_before() -> None:
    ages = [(one.looked_at - NOON).total_seconds() for one in looks([NOTHING])]
    assert ages[:9] == [0, 10, 20, 40, 80, 160, 320, 640, 17 * 60]


def test_when_the_signature_dies_three_looks_follow_over_two_minutes_and_then_seldom_ones() -> None:
    minutes = [(one.looked_at - DIES) / MINUTE for one in looks([NOTHING]) if one.looked_at >= DIES]
    assert minutes == [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 496, 736, 976, 1216, 1440]


def test_what_was_found_is_looked_at_until_a_second_one_cannot_follow_it() -> None:
    assert looks([ONE])[-1].looked_at == DIES + 2 * MINUTE


@given(st.lists(findings, min_size=1, max_size=40), st.integers(0, 7200), st.integers(-600, 7200))
def test_whatever_is_found_the_bot_looks_a_bounded_number_of_times(found: list[Finding], late: int, begun: int) -> None:
    seen = looks(found, late=late * SECOND, begun=NOON + begun * SECOND)
    assert len(seen) <= MOST_LOOKS
    assert seen[-1].looked_at <= max(DIES + FOLLOWED, NOON + begun * SECOND) + late * SECOND


@given(st.lists(findings, min_size=1, max_size=40), st.integers(0, 7200))
def test_each_look_is_planned_after_the_one_before_and_no_sooner_than_soon(found: list[Finding], late: int) -> None:
    for one in looks(found, late=late * SECOND):
        following = next_look(one, dies=DIES)
        assert following is None or following > one.looked_at
        assert following is None or following == DIES or following - one.looked_at >= SOON


@given(st.integers(0, 7200))
def test_an_absence_takes_three_answered_looks_over_two_minutes_after_the_signature_is_dead(late: int) -> None:
    seen = looks([NOTHING], late=late * SECOND)
    shown = next(one for one in seen if one.shows_absence)
    conclusive = [one.looked_at for one in seen if one.looked_at >= DIES and one.looked_at <= shown.looked_at]
    assert len(conclusive) == ENOUGH
    assert conclusive[-1] - conclusive[0] >= 2 * MINUTE


@given(st.lists(findings, max_size=12))
def test_nothing_that_was_seen_before_the_signature_died_shows_an_absence(found: list[Finding]) -> None:
    seen: Evidence | None = None
    for number, finding in enumerate(found):
        seen = look(seen, NOON + number * MINUTE, finding)
        assert (seen.conclusive, seen.shows_absence) == (0, False)


@given(st.lists(findings, min_size=1, max_size=40))
def test_what_is_written_down_does_not_grow_for_ever(found: list[Finding]) -> None:
    # What stays the same is written down while people watch, and not any more when it shows an absence.
    steady = looks(found[:1])
    written = [one for before, one in zip([None, *steady], steady, strict=False) if is_news(before, one, dies=DIES)]
    assert len(written) <= MOST_WRITTEN
    changing = looks(found)
    assert {one.looked_at for one in changing if one.looked_at < DIES} == {
        one.looked_at
        for before, one in zip([None, *changing], changing, strict=False)
        if is_news(before, one, dies=DIES) and one.looked_at < DIES
    }


@pytest.mark.parametrize(
    ("before", "after", "news"),
    [(NOTHING, NOTHING, False), (NOTHING, ONE, True), (NOTHING, SILENT, True), (SILENT, SILENT, False)],
)
def test_late_at_night_only_a_change_is_news(before: Finding, after: Finding, news: bool) -> None:
    known = look(None, DIES + HOUR, before).model_copy(update={"conclusive": ENOUGH})
    assert is_news(known, look(known, DIES + 2 * HOUR, after), dies=DIES) is news


def test_the_last_look_is_written_down_because_it_ends_the_looking() -> None:
    known = look(None, DIES + HOUR).model_copy(update={"conclusive": ENOUGH})
    assert is_news(known, look(known, DIES + FOLLOWED), dies=DIES)


def test_a_look_that_mpaas_did_not_answer_takes_back_nothing() -> None:
    found = looked(None, now=NOON, dies=DIES, task_ids=("4711",), in_calendar=True)
    silent = look(found, NOON + MINUTE, SILENT)
    assert (silent.task_id, silent.in_calendar, silent.failure) == ("4711", True, "connection refused")
    assert look(silent, NOON + 2 * MINUTE).task_ids == ()


def test_the_one_task_is_one_with_an_id() -> None:
    assert look(None, NOON, ONE).task_id == "4711"
    assert [look(None, NOON, (ids, "")).task_id for ids in ((), ("",), ("1", "2"))] == ["", "", ""]


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        (NOTHING, "mPaaS lists no such task"),
        (ONE, "mPaaS lists task 4711"),
        ((("4711", ""), ""), "mPaaS lists more than one task 4711, without an id"),
        (SILENT, "mPaaS could not be asked: connection refused"),
    ],
)
def test_what_was_found_can_be_said_in_a_few_words(finding: Finding, words: str) -> None:
    assert described(look(None, NOON, finding)) == words
