"""The clock's file: whoever reads it reads what was written last, or what was there before, and never half of it."""

import os
import threading
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path

import pytest

from bot.playground.clock_file import ClockFile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "clock"


def test_without_a_file_or_words_in_it_nobody_has_moved_the_clock(path: Path) -> None:
    clock = ClockFile(path)
    assert clock.ahead() == timedelta(0)
    path.touch()
    assert clock.ahead() == timedelta(0)


def test_another_reader_sees_every_move_to_the_microsecond(path: Path) -> None:
    owner, reader = ClockFile(path), ClockFile(path)
    for ahead in (timedelta(hours=1), timedelta(hours=2), timedelta(days=40_000, microseconds=1)):
        owner.move(ahead)
        assert reader.ahead() == ahead
        assert owner.ahead() == ahead


def test_moves_of_one_moment_are_told_apart(path: Path) -> None:
    """Files of the same length can get the same inode again, and a clock of a few milliseconds the same time."""
    owner, reader = ClockFile(path), ClockFile(path)
    for seconds in range(1, 10):
        owner.move(timedelta(seconds=seconds))
        if seconds % 2:
            assert reader.ahead() == timedelta(seconds=seconds)


def test_the_words_are_read_only_when_the_files_mark_has_changed(path: Path) -> None:
    path.write_text("1.0")
    reader = ClockFile(path)
    assert reader.ahead() == timedelta(seconds=1)

    about = path.stat()
    path.write_text("2.0")
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert reader.ahead() == timedelta(seconds=1)

    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns + 1))
    assert reader.ahead() == timedelta(seconds=2)


def test_a_reader_never_sees_half_a_number(path: Path) -> None:
    said = [timedelta(seconds=1), timedelta(seconds=123_456_789.5)]
    owner, reader, seen = ClockFile(path), ClockFile(path), set[timedelta]()
    owner.move(said[0])
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(reader.ahead())

    reading = threading.Thread(target=read)
    reading.start()
    for ahead in islice(cycle(said), 1000):
        owner.move(ahead)
    done.set()
    reading.join()
    assert seen == set(said)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("words", ["soon", "nan", "inf", "1e300"])
def test_what_is_no_number_of_seconds_is_not_taken_for_one(path: Path, words: str) -> None:
    path.write_text(words)
    with pytest.raises((ValueError, OverflowError)):
        ClockFile(path).ahead()
