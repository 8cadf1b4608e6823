"""Tests of what can be said with ``/broadcast``; what is wrong with a line is in ``test_command_reading.py``."""

from datetime import UTC, date, datetime, time
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from strategies import NOW

from bot.domain.content import AudienceStatus, Period
from bot.domain.delivery import Cycle
from bot.domain.draft import Draft, Moments
from bot.views.command import Said, Word, needs_nothing_more, read_command, read_halt
from bot.views.command_options import OWN_WORDS

SHANGHAI = ZoneInfo("Asia/Shanghai")


def read(text: str) -> Said:
    return read_command(text, now=NOW, zone=SHANGHAI)


def drafted(text: str) -> Draft:
    said = read(text)
    assert (said.word, said.problems) == ("form", ())
    return said.draft


@pytest.mark.parametrize("text", ["", " ", "\n\u00a0"])
def test_nothing_at_all_opens_the_empty_form(text: str) -> None:
    assert drafted(text) == Draft()


def test_a_push_to_be_sent_now_is_said_in_one_line() -> None:
    line = (
        'outage city="New York" --target live --to android,ios --expires 3h --audience attached --within 60d '
        '--task "December sale" --set MiChannelId=123321 --set NotifyLevel=\'{"oppo":"2"}\''
    )
    assert drafted(line) == Draft(
        template="outage",
        values={"city": "New York"},
        target="live",
        platforms=("android", "ios"),
        expires=10_800,
        audience=AudienceStatus.ATTACHED,
        within=Period.DAYS_60,
        task="December sale",
        extras={"MiChannelId": "123321", "NotifyLevel": '{"oppo":"2"}'},
    )


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('--at "2026-12-01 09:00"', {"when": "scheduled", "at": datetime(2026, 12, 1, 1, tzinfo=UTC)}),
        ('--at "tomorrow 9:00"', {"when": "scheduled", "at": datetime(2026, 11, 26, 1, tzinfo=UTC)}),
        ('--at="in 2h"', {"when": "scheduled", "at": datetime(2026, 11, 25, 4, tzinfo=UTC)}),
        (
            "--every mon,wed --time 09:00 --from 2026-12-01 --until 2026-12-31",
            {"when": "recurring", "cycle": Cycle.WEEKLY, "on": (1, 3), "time": time(9)}
            | {"first": date(2026, 12, 1), "last": date(2026, 12, 31)},
        ),
        ("--every day --time 09:45:11", {"when": "recurring", "cycle": Cycle.DAILY, "time": time(9, 45, 11)}),
        ("--to all", {"platforms": ("all",)}),
        ("--to=iOS,ios\uff0cHarmonyOS", {"platforms": ("ios", "harmonyos")}),
        ("--audience detached --within ever", {"audience": AudienceStatus.DETACHED, "within": Period.EVER}),
        (
            "--attached-between 2026-05-01T00:00Z..2026-05-02T00:00Z",
            {"attached_between": Moments(start=datetime(2026, 5, 1, tzinfo=UTC), end=datetime(2026, 5, 2, tzinfo=UTC))},
        ),
        ("--template help --TARGET live", {"template": "help", "target": "live"}),
        ("a=1 b= c='x = y'", {"values": {"a": "1", "b": "", "c": "x = y"}}),
        ("--set TransparentMessageUrgency=high", {"extras": {"TransparentMessageUrgency": "HIGH"}}),
        ('--set NotifyLevel={"oppo": 2}', {"extras": {"NotifyLevel": '{"oppo":"2"}'}}),
        ("--task=--odd", {"task": "--odd"}),
        ("--template 'list' x=1", {"template": "list", "values": {"x": "1"}}),
        ("\u2014target live city=\u201cNew York\u201d", {"target": "live", "values": {"city": "New York"}}),
    ],
)
def test_every_option_says_its_part(text: str, parts: dict[str, Any]) -> None:
    assert drafted(text) == Draft(**parts)


def test_times_are_those_of_the_persons_own_zone() -> None:
    said = read_command("--at 2026-12-01T09:00", now=NOW, zone=ZoneInfo("Europe/Berlin"))
    assert said.draft.at == datetime(2026, 12, 1, 8, tzinfo=UTC)


def test_the_words_of_the_type_are_the_words_of_the_table() -> None:
    assert set(get_args(Word)) == OWN_WORDS | {"form"}


@pytest.mark.parametrize(
    ("text", "word", "arguments"),
    [
        ("help", "help", ""),
        ("HELP me", "help", "me"),
        ("list", "list", ""),
        ("scheduled", "scheduled", ""),
        ("resume", "resume", ""),
        ("show 7k3m-q2xd", "show", "7K3M-Q2XD"),
        ("withdraw 7k3mq2xd", "withdraw", "7K3M-Q2XD"),
        ("halt 2h the server\u2019s \u201cdown", "halt", "2h the server\u2019s \u201cdown"),
        ("\u00a0halt\u00a0now", "halt", "now"),
    ],
)
def test_a_word_of_its_own_stands_first(text: str, word: str, arguments: str) -> None:
    assert read(text) == Said(word=word, arguments=arguments)  # type: ignore[arg-type] # the table's words are checked above


@pytest.mark.parametrize("text", ["outage help", "--target halt", "help=1", "helpful"])
def test_the_same_word_elsewhere_is_an_ordinary_word(text: str) -> None:
    assert read(text).word == "form"


@pytest.mark.parametrize(
    ("text", "part"), [("show", "show 7K3M-Q2XD"), ("withdraw", "withdraw 7K3M-Q2XD"), ("show me", '"me"')]
)
def test_a_word_that_needs_an_id_says_so(text: str, part: str) -> None:
    said = read(text)
    assert (said.word, [problem.code for problem in said.problems]) == (
        text.split(maxsplit=1)[0],
        ["request_id_unreadable"],
    )
    assert part in said.problems[0].sentence


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("", (None, "")),
        ("2h", (7_200, "")),
        ("2h wrong text", (7_200, "wrong text")),
        ("1 h 30 min wrong text", (5_400, "wrong text")),
        ("3 servers are down", (None, "3 servers are down")),
        ("wrong text", (None, "wrong text")),
    ],
)
def test_a_halt_has_a_length_and_a_reason_and_needs_neither(arguments: str, expected: tuple[int | None, str]) -> None:
    assert read_halt(arguments) == expected


ENOUGH = "outage --target live --to ios --audience attached --within 7d"
RANGE = "2026-05-01..2026-05-02"


@pytest.mark.parametrize(
    "line",
    [
        ENOUGH,
        f"{ENOUGH} --at 13:00",
        f"{ENOUGH} --every mon --time 9:00 --from 2026-12-01 --until 2026-12-31",
        f"{ENOUGH} --every day --time 0:00 --from 2026-12-01 --until 2026-12-31",
        f"outage --target live --to ios --audience attached --attached-between {RANGE}",
        f"outage --target live --to ios --audience all --attached-between {RANGE} --detached-between {RANGE}",
    ],
)
def test_the_preview_can_open_when_everything_without_a_default_was_said(line: str) -> None:
    assert needs_nothing_more(drafted(line))


@pytest.mark.parametrize(
    "line",
    [
        "",
        *(ENOUGH.replace(part, "") for part in ("outage", "--target live", "--to ios")),
        *(ENOUGH.replace(part, "") for part in ("--audience attached", "--within 7d")),
        f"outage --target live --to ios --audience attached --detached-between {RANGE}",
        f"outage --target live --to ios --audience all --attached-between {RANGE}",
        f"{ENOUGH} --every mon --time 9:00 --from 2026-12-01",
        f"{ENOUGH} --time 9:00 --from 2026-12-01 --until 2026-12-31",
    ],
)
def test_the_preview_cannot_open_while_something_is_missing(line: str) -> None:
    assert not needs_nothing_more(drafted(line))


def test_a_time_that_was_not_understood_is_missing() -> None:
    assert not needs_nothing_more(read(f"{ENOUGH} --at nonsense").draft)
