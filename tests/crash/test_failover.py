"""Fail-overs that lose the last writes, each kind once; ``failover.py`` tries many, and lets sentinels promote."""

from pathlib import Path

import pytest
from crash.failover import SCENES, Forgetful, tried
from crash.pair import SENTINELS


@pytest.mark.parametrize("name", list(SCENES))
def test_nothing_is_sent_twice_and_it_ends_as_it_must(tmp_path: Path, name: str) -> None:
    trial = tried(name, tmp_path)
    assert (trial.duplicates, trial.found) == (0, ())


def test_the_same_when_sentinels_promote(tmp_path: Path) -> None:
    trial = tried("claim unconfirmed", tmp_path, sentinels=SENTINELS)
    assert (trial.duplicates, trial.found) == (0, ())


@pytest.mark.parametrize("name", ["claim unconfirmed", "alone at the claim", "failed back", "split brain"])
def test_without_epoch_fence_and_wait_the_same_trials_find_a_duplicate(tmp_path: Path, name: str) -> None:
    assert tried(name, tmp_path, make=Forgetful).duplicates > 0
