"""A file system of a few hundred kilobytes, to be filled to the last byte and emptied again."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

PAGE = 4096


class SmallDisk:
    """Know where it is, fill it, and make room again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ballast = path / "ballast"

    def fill(self) -> None:
        """Leave no room, as a log that nobody looks after does."""
        with self._ballast.open("ab", buffering=0) as ballast, suppress(OSError):
            while ballast.write(b"x" * PAGE):
                pass

    def make_room(self) -> None:
        self._ballast.unlink()


@contextmanager
def small_disk(path: Path, *, kilobytes: int = 512) -> Iterator[SmallDisk]:
    """Mount a small file system for the block; skip the test where that is not allowed."""
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "small-disk", str(path)]
    try:
        subprocess.run(mount, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"A small disk cannot be mounted here: {getattr(error, 'stderr', '') or error}")
    try:
        yield SmallDisk(path)
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)
