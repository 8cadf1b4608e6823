"""Kill -9 at random moments while people ask and approve: a short run of ``python tests/crash/random_kills.py``."""

from random import Random  # noqa: TID251 - dice whose seed is printed when something is found

from crash.random_kills import Tally, crowd, wave

ROUNDS = 6


def test_at_random_moments_too_every_push_ends_well(turn: int) -> None:
    tally = Tally()
    with crowd() as (stage, store):
        wave(stage, store, rounds=ROUNDS, dice=Random(turn), tally=tally)  # noqa: S311 - dice, not secrets
    assert tally.found == [], f"seed {turn}: {tally}"
    assert tally.kills.total() >= ROUNDS
    assert tally.requests > ROUNDS
