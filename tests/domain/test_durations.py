"""Tests of lengths of time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import attempt

from bot.domain.durations import LONGEST, parse_duration, say_duration
from bot.errors import Refused


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("3h", 10_800),
        ("2d", 172_800),
        ("1h30m", 5_400),
        ("1 week", 604_800),
        ("45 minutes", 2_700),
        ("1 h and 30 min", 5_400),
        ("2 D, 4 H", 187_200),
        ("\uff12\uff48", 7_200),
        (" 1\u00a0day ", 86_400),
    ],
)
def test_a_length_of_time_is_read_as_seconds(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("", "duration_unreadable", '""'),
        ("soon", "duration_unreadable", '"soon"'),
        ("1.5h", "duration_unreadable", '"1.5h"'),
        ("1h30", "duration_unreadable", '"1h30"'),
        ("90", "duration_without_unit", '"90s", "90m" or "90h"'),
        ("0s", "duration_zero", '"0s"'),
        ("1h 1h", "duration_unit_twice", '"1h 1h"'),
        ("2 hurs", "duration_unit_unknown", "Did you mean hours?"),
        ("1 month", "duration_without_length", "30d"),
        ("100y", "duration_without_length", "days"),
        ("24856d", "duration_too_long", '"24856d"'),
    ],
)
def test_what_is_no_length_of_time_is_refused_with_the_word_and_a_way_out(text: str, code: str, part: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_duration(text, field="within")
    assert caught.value.code == code
    assert part in caught.value.sentence
    assert caught.value.problems[0].field == "within"


@given(st.integers(1, LONGEST))
def test_what_is_said_is_read_back(seconds: int) -> None:
    assert parse_duration(say_duration(seconds)) == seconds
    assert parse_duration(say_duration(seconds).replace(" ", "")) == seconds


@pytest.mark.parametrize(
    ("seconds", "said"), [(10_800, "3 h"), (187_200, "2 d 4 h"), (5_400, "1 h 30 min"), (61, "1 min 1 s"), (0, "0 s")]
)
def test_a_length_of_time_is_said_shortly(seconds: int, said: str) -> None:
    assert say_duration(seconds) == said


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    answer = attempt(lambda: parse_duration(text))
    assert answer.sentence.endswith(".") if isinstance(answer, Refused) else 1 <= answer <= LONGEST
