"""The embedded server's program is found, and is new enough."""

from pathlib import Path

import pytest

from bot.errors import StoreUnavailable
from bot.store.server_program import find_program, version_of, why_no_server


def test_a_server_program_is_found_and_new_enough() -> None:
    assert version_of(find_program()) >= (7, 2)
    assert why_no_server() == ""


@pytest.mark.parametrize("program", ["/bin/true", "/nowhere/valkey-server"])
def test_a_program_that_does_not_say_its_version_has_none(program: str) -> None:
    assert version_of(Path(program)) == ()


def a_program(folder: Path, name: str, version: str) -> Path:
    """Put a program on the path that says its version, as servers do."""
    program = folder / name
    program.write_text(f'#!/bin/sh\necho "Server v={version} sha=0 bits=64"\n', encoding="utf-8")
    program.chmod(0o755)
    return program


def test_without_a_wheel_the_first_new_enough_server_on_the_path_is_taken(tmp_path: Path) -> None:
    a_program(tmp_path, "valkey-server", "7.1.9")
    newer = a_program(tmp_path, "redis-server", "7.2.0")
    assert find_program(in_wheel=lambda: None, path=str(tmp_path)) == newer


def test_where_no_server_is_new_enough_it_says_what_to_install(tmp_path: Path) -> None:
    a_program(tmp_path, "redis-server", "6.2.14")
    with pytest.raises(StoreUnavailable, match=r"put valkey-server or redis-server 7\.2 or newer on the PATH"):
        find_program(in_wheel=lambda: None, path=str(tmp_path))
