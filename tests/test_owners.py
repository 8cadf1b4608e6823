import os
from pathlib import Path

import pytest

from bot.owners import owner_of, why_refused

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")


@needs_root
def test_an_owner_has_a_name_or_at_least_a_number(tmp_path: Path) -> None:
    assert owner_of(tmp_path) == "root"
    os.chown(tmp_path, 54_321, -1)
    assert owner_of(tmp_path) == "uid 54321"


@needs_root
def test_a_link_belongs_to_who_made_it(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/nowhere")
    os.chown(tmp_path / "link", 54_321, -1, follow_symlinks=False)
    assert owner_of(tmp_path / "link") == "uid 54321"


def test_the_nearest_folder_that_can_be_looked_at_is_named(tmp_path: Path) -> None:
    owner = owner_of(tmp_path)
    assert why_refused(tmp_path) == f"belongs to {owner}"
    assert why_refused(tmp_path / "none" / "file") == f"{tmp_path} belongs to {owner}"
