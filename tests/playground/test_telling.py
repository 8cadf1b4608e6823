"""How the story is printed."""

from io import StringIO
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.telling import NARROWEST, SPEAKER, WIDEST, Teller, width_of

COMMAND = "/broadcast outage city=Berlin --target live --to android,ios --audience attached --within 60d --expires 3h"


def told(*said: str, width: int | None, bold: bool = False) -> list[str]:
    out = StringIO()
    ticks = count(100.0, 1.5)
    teller = Teller(out, width=width, bold=bold, clock=lambda: next(ticks))
    teller.tell("Ana", "begins")
    teller.tell("#approvals", *said)
    return out.getvalue().splitlines()


def test_who_speaks_and_what_they_say_stand_in_columns() -> None:
    assert told("Push: sent", "[Recall]", width=80) == [
        "  0.0 s  Ana          begins",
        "  1.5 s  #approvals   Push: sent",
        "                      [Recall]",
    ]


def test_a_long_command_is_wrapped_between_its_words() -> None:
    assert told(COMMAND, width=80)[1:] == [
        "  1.5 s  #approvals   /broadcast outage city=Berlin --target live --to",
        "                          android,ios --audience attached --within 60d --expires",
        "                          3h",
    ]


def test_into_a_pipe_everything_takes_one_line() -> None:
    assert told(COMMAND, "[Recall]", width=None)[1:] == [f"  1.5 s  #approvals   {COMMAND} | [Recall]"]


def test_in_bold_who_speaks_stands_out_and_nothing_moves() -> None:
    line = told("Push: sent", width=80, bold=True)[1]
    assert line.replace("\x1b[1m", "").replace("\x1b[0m", "") == told("Push: sent", width=80)[1]
    assert "\x1b[1m#approvals" in line


@given(st.text(alphabet="ab -", min_size=1, max_size=300), st.integers(0, 300))
def test_no_line_is_wider_than_the_terminal_unless_one_word_is(said: str, width: int) -> None:
    room = min(max(width, NARROWEST), WIDEST)
    longest_word = max((len(word) for word in said.split()), default=0)
    lines = told(said, width=width)
    assert all(len(line) <= max(room, longest_word + room - SPEAKER) for line in lines)
    assert "".join(lines[1:]).split()[3:] == said.split()


@pytest.mark.parametrize("out", [StringIO()])
def test_what_is_no_terminal_has_no_width(out: StringIO) -> None:
    assert width_of(out) is None
