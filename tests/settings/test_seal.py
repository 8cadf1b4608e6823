import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from bot.errors import SettingsError
from bot.settings import seal_key_from


def test_the_first_start_makes_a_key_that_its_owner_alone_can_read(tmp_path: Path) -> None:
    key = seal_key_from(tmp_path / "var").get_secret_value()
    assert len(bytes.fromhex(key)) == 32
    assert stat.S_IMODE((tmp_path / "var" / "seal.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


def test_every_later_start_reads_the_same_key(tmp_path: Path) -> None:
    assert seal_key_from(tmp_path) == seal_key_from(tmp_path)


def test_two_stores_have_two_keys(tmp_path: Path) -> None:
    assert seal_key_from(tmp_path / "one") != seal_key_from(tmp_path / "two")


def test_processes_that_start_at_once_agree_on_one_key_and_leave_nothing_behind(tmp_path: Path) -> None:
    barrier = Barrier(8)

    def start() -> str:
        barrier.wait()
        return seal_key_from(tmp_path / "var").get_secret_value()

    with ThreadPoolExecutor(8) as pool:
        keys = {future.result() for future in [pool.submit(start) for _ in range(8)]}
    assert len(keys) == 1
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["seal.key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    seal_key_from(tmp_path)
    (tmp_path / "seal.key").chmod(mode)
    with pytest.raises(SettingsError, match="nobody else can read"):
        seal_key_from(tmp_path)


def test_a_link_to_a_key_elsewhere_is_not_followed(tmp_path: Path) -> None:
    seal_key_from(tmp_path / "elsewhere")
    (tmp_path / "seal.key").symlink_to(tmp_path / "elsewhere" / "seal.key")
    with pytest.raises(SettingsError, match="it is a link, which is not followed"):
        seal_key_from(tmp_path)


@pytest.mark.parametrize("content", [b"", b"too short", b"\xff" * 64])
def test_a_damaged_key_is_refused_and_not_made_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "seal.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(SettingsError, match="does not hold a key"):
        seal_key_from(tmp_path)
    assert path.read_bytes() == content


def test_something_that_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "seal.key", 0o600)
    with pytest.raises(SettingsError, match="must be a plain file"):
        seal_key_from(tmp_path)


def test_a_place_that_cannot_hold_a_key_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("not a directory")
    with pytest.raises(SettingsError, match=r"cannot be made \(.*/var is not a folder\).*BROADCAST_SEAL_KEY"):
        seal_key_from(tmp_path / "var")
