from datetime import UTC, date, datetime, time, timedelta

import pytest
from builders import NOON, a_content, a_destination, a_request, a_template
from views.gallery import TEST, WEEKLY

from bot.domain.content import Audience, AudienceStatus, Period, Platform, TimeRange
from bot.domain.delivery import Cycle, Now, Recurring, Scheduled
from bot.domain.states import State
from bot.views import phrases

SPAN = TimeRange(start=NOON, end=NOON + timedelta(days=1))


def test_words_are_joined_as_people_do() -> None:
    assert phrases.listed([]) == ""
    assert phrases.listed(["a"]) == "a"
    assert phrases.listed(["a", "b"]) == "a and b"
    assert phrases.listed(["a", "b", "c"]) == "a, b and c"
    assert phrases.platforms(Platform) == "Android, iOS and HarmonyOS"


def test_live_and_test_never_look_alike() -> None:
    assert phrases.destination(a_destination()) == "*LIVE*: real people's devices, target live"
    assert phrases.destination(TEST) == "TEST: testers' devices only, target test"


@pytest.mark.parametrize(
    ("audience", "words"),
    [
        (Audience(status=AudienceStatus.ATTACHED, within=Period.DAYS_60), "Everybody attached within 60 days"),
        (Audience(status=AudienceStatus.DETACHED, within=Period.EVER), "Everybody detached, however long ago"),
        (
            Audience(status=AudienceStatus.ALL, within=Period.DAYS_7),
            "Everybody, attached or detached within 7 days",
        ),
        (
            Audience(status=AudienceStatus.ATTACHED, attached_between=SPAN),
            "Everybody attached between 2026-11-30 12:00 UTC and 2026-12-01 12:00 UTC",
        ),
    ],
)
def test_an_audience_is_said_in_words(audience: Audience, words: str) -> None:
    assert phrases.audience(audience, tokens=False) == words


def test_every_audience_has_its_words() -> None:
    for status in AudienceStatus:
        for period in Period:
            assert phrases.audience(Audience(status=status, within=period))
    both = Audience(status=AudienceStatus.ALL, attached_between=SPAN, detached_between=SPAN)
    assert phrases.audience(both).count("<!date^") == 4


def test_a_time_is_said_in_words() -> None:
    monthly = Recurring(
        cycle=Cycle.MONTHLY, on=(1, 15), time=time(9, 0, 5), first=date(2026, 12, 1), last=date(2027, 1, 31)
    )
    daily = Recurring(cycle=Cycle.DAILY, time=time(9, 0), first=date(2026, 12, 1), last=date(2026, 12, 3))
    assert phrases.when(Now()) == "At once, after the last approval and the time to stop it"
    assert phrases.when(Scheduled(at=NOON), tokens=False) == "Once, at 2026-11-30 12:00 UTC"
    assert phrases.when(WEEKLY) == (
        "Every Monday and Wednesday at 09:00 (Asia/Shanghai), from 2026-12-01 to 2026-12-31"
    )
    assert phrases.when(monthly).startswith("Every month on day 1 and 15 at 09:00:05 (Asia/Shanghai)")
    assert phrases.when(daily) == "Every day at 09:00 (Asia/Shanghai), from 2026-12-01 to 2026-12-03"


def test_the_next_three_times_of_a_recurring_push_are_shown() -> None:
    times = phrases.next_times(WEEKLY, now=NOON)
    assert len(times) == 3
    assert "2026-12-02 01:00 UTC" in times[0]
    assert phrases.next_times(Now(), now=NOON) == []


def test_the_headline_names_target_and_state() -> None:
    assert phrases.headline(a_request()) == "Push to all devices of live: waiting for approval"
    assert phrases.headline(a_request(content=a_content(destination=TEST))) == (
        "Test push on test: waiting for approval"
    )
    waiting = a_request(State.APPROVED, waiting_for="halted")
    assert phrases.headline(waiting) == "Push to all devices of live: approved, but kept waiting"


def test_every_state_has_its_own_words() -> None:
    assert len({phrases.status(a_request(state)) for state in State}) == len(State)


def test_the_first_words_are_the_title_as_devices_show_it() -> None:
    assert phrases.first_words(a_content(template=a_template(title="Hello\n#city#"))) == "Hello Berlin"


def test_a_date_before_the_first_day_has_its_times_ahead() -> None:
    assert phrases.next_times(WEEKLY, now=datetime(2027, 1, 1, tzinfo=UTC)) == []
