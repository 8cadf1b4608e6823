"""The embedded server's program is found, and is new enough."""

from pathlib import Path

import pytest

from bot.store.server_program import find_program, version_of


def test_a_server_program_is_found_and_new_enough() -> None:
    assert version_of(find_program()) >= (7, 2)


@pytest.mark.parametrize("program", ["/bin/true", "/nowhere/valkey-server"])
def test_a_program_that_does_not_say_its_version_has_none(program: str) -> None:
    assert version_of(Path(program)) == ()
