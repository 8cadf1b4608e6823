"""Tests of writing a draft as a command; the mirror of ``test_command.py``."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from strategies import NOW, drafts

from bot.domain.content import AudienceStatus, Period
from bot.domain.delivery import Cycle
from bot.domain.draft import Draft
from bot.views.command import read_command, write_command
from bot.views.command_options import OWN_WORDS

BERLIN = ZoneInfo("Europe/Berlin")


@given(drafts(), st.sampled_from([BERLIN, ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")]))
@example(
    Draft(template="--to", task="--at", values={"a": "it's \u201cit\u201d \\ {"}, extras={"ChannelId": "-"}), BERLIN
)
@example(Draft(template="\u2019tis", target="\u2014x", values={"x": '{"a": 1} \n\u00a0'}), BERLIN)
@settings(deadline=None)  # drawing takes long on a busy machine
def test_what_was_written_is_read_back_as_the_same_draft(draft: Draft, zone: ZoneInfo) -> None:
    said = read_command(write_command(draft), now=NOW, zone=zone)
    assert said.problems == ()
    assert said.draft == draft


def test_a_whole_request_is_written_as_a_person_would_type_it() -> None:
    draft = Draft(
        target="live",
        template="outage",
        values={"city": "New York"},
        platforms=("android", "ios"),
        when="scheduled",
        at=datetime(2026, 12, 1, 9, tzinfo=UTC),
        expires=5400,
        audience=AudienceStatus.ATTACHED,
        within=Period.DAYS_60,
        task="December sale",
        extras={"NotifyLevel": '{"oppo":"2"}'},
    )
    assert write_command(draft) == (
        "outage city='New York' --target live --to android,ios --at 2026-12-01T09:00:00+00:00 --expires 1h30min "
        "--audience attached --within 60d --task 'December sale' --set NotifyLevel='{\"oppo\":\"2\"}'"
    )


def test_a_recurring_push_is_written_with_its_days() -> None:
    draft = Draft(
        template="news",
        when="recurring",
        cycle=Cycle.WEEKLY,
        on=(1, 3),
        time=time(9),
        first=date(2026, 12, 1),
        last=date(2026, 12, 31),
    )
    assert write_command(draft) == "news --every mon,wed --time 09:00 --from 2026-12-01 --until 2026-12-31"


@pytest.mark.parametrize("name", sorted(OWN_WORDS))
def test_a_template_called_like_a_word_of_its_own_is_written_as_an_option(name: str) -> None:
    assert write_command(Draft(template=name)) == f"--template {name}"


def test_an_empty_draft_is_an_empty_line() -> None:
    assert write_command(Draft()) == ""
