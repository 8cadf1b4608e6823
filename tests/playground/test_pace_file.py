"""A pace goes through a file unchanged, and a process of the bot waits by it."""

from pathlib import Path

import pytest
from operations.bench import nothing_of_ours

from bot.mpaas.exchange import Timeouts
from bot.operations.pace import USUAL, Pace
from bot.playground.bot_process import BotDied, BotProcess
from bot.playground.pace_file import OPTION, read_pace, write_pace

FAST = Pace(
    calls=Timeouts(connect=0.5, write=0.5, read=1.0, total=1.5),
    slowest_start=0.5,
    lease=4.0,
    look_again=0.5,
    after_fault=1.0,
    slack_call=1,
    reserved=3,
    take_over=2.0,
)


@pytest.mark.parametrize("pace", [USUAL, FAST], ids=["usual", "fast"])
def test_what_was_written_is_read(tmp_path: Path, pace: Pace) -> None:
    write_pace(tmp_path / "pace", pace)
    assert read_pace(tmp_path / "pace") == pace


def test_a_pace_that_cannot_be_is_refused_before_anything_starts(tmp_path: Path) -> None:
    write_pace(tmp_path / "pace", FAST)
    text = (tmp_path / "pace").read_text(encoding="ascii").replace('"lease": 4.0', '"lease": 1.0')
    (tmp_path / "pace").write_text(text, encoding="ascii")
    program = ("-m", "bot.playground.moved_clock", str(tmp_path / "clock"), OPTION, str(tmp_path / "pace"))
    process = BotProcess("worker", directory=tmp_path, environ=nothing_of_ours(), program=program)
    with pytest.raises(BotDied, match=r"A lease of 1\.0 s is shorter"):
        process.ready()
    assert process.stop() == 1
