"""The folder of an embedded server is its owner's alone, and has a socket that can be reached."""

import stat
from pathlib import Path
from urllib.parse import unquote

import pytest
from store.users import another_process, is_running

from bot.errors import StoreUnavailable
from bot.store.embedded import EmbeddedValkey
from bot.store.embedded_folder import Folder


def test_the_folder_is_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "with a blank" / "data"
    with EmbeddedValkey(folder) as server:
        assert is_running(server.ensure())
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert (folder / "appendonlydir").is_dir()


def test_a_folder_that_was_open_to_others_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with EmbeddedValkey(tmp_path):
        assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


def test_a_folder_for_everybody_is_refused_and_left_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    with pytest.raises(StoreUnavailable, match="folder of its own"):
        EmbeddedValkey(tmp_path).ensure()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o1777
    assert list(tmp_path.iterdir()) == []


def test_a_path_that_is_too_long_for_a_socket_gets_a_short_one_that_is_remembered(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 30)
    with EmbeddedValkey(folder) as server:
        url = server.ensure()
        assert is_running(url)
        assert len(url) < 100
        with another_process(folder) as guest:
            assert guest.stdout.readline().strip() == url
    with EmbeddedValkey(folder) as again:
        assert again.ensure() == url
    Path(unquote(url.removeprefix("unix://"))).parent.rmdir()


def test_a_short_path_that_somebody_else_could_use_is_not_used_again(tmp_path: Path) -> None:
    folder, open_to_all = tmp_path / ("long" * 30), tmp_path / "open"
    folder.mkdir(mode=0o700)
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    (folder / "valkey.socket-path").write_text(str(open_to_all / "valkey.sock"))
    with EmbeddedValkey(folder) as server:
        path = Path(unquote(server.ensure().removeprefix("unix://")))
        assert path.parent != open_to_all
    path.parent.rmdir()


def test_what_the_server_had_to_tell_is_read_from_the_end(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    assert folder.last_words() == "(it wrote nothing)"
    folder.log.write_text("".join(f"{number}\n" for number in range(20)))
    assert folder.last_words().splitlines() == [str(number) for number in range(12, 20)]


def test_a_folder_that_cannot_be_used_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    server = EmbeddedValkey(tmp_path / "file" / "data")
    for look in (server.ensure, server.lives):
        with pytest.raises(StoreUnavailable, match=r"file/data cannot be used: .*Not a directory"):
            look()
