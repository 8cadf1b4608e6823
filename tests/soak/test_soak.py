"""The soak run in small, and that it would notice what it looks for."""

from collections import Counter

import pytest
from soak import crowd, watching
from soak.run import Run, leaks, soak
from soak.watching import Sample

from bot.playground.stage import Stage
from bot.store.connection import connect


@pytest.mark.long
def test_some_requests_live_through_faults_and_end_as_the_store_says() -> None:
    found = soak(16, batch=16, seed=7, minutes=4, tell=Counter().update)
    assert found.wrong == []
    assert (found.duplicates, found.requests >= 16, sum(found.ends.values())) == (0, True, found.requests)
    assert found.executed


def test_a_process_that_grows_is_found() -> None:
    flat = [Sample(number, {"worker": 60.0 + number % 2}, 1.0, 1) for number in range(20)]
    growing = [Sample(number, {"worker": 60.0 + 2 * number}, 1.0, 1) for number in range(20)]
    assert leaks(Run(samples=flat)) == []
    assert leaks(Run(samples=growing)) == ["worker grew from 74 to 94 MiB"]


def test_a_key_that_nobody_knows_and_one_that_never_goes_are_found() -> None:
    with Stage(processes=(), targets={"live": crowd.RULES}, cast=crowd.COMPANY) as stage, stage.store() as store:
        store.keep_draft("of a form", "{}", seconds=60)
        with connect(f"unix://{stage.directory / 'var' / 'valkey.sock'}") as client:
            assert list(watching.keys_without_reason(client)) == []
            client.set("{broadcast}:nobody", "knows")
            client.persist("{broadcast}:draft:of a form")
            assert sorted(watching.keys_without_reason(client)) == [
                "{broadcast}:draft:of a form: it has no expiry, though every request is settled",
                "{broadcast}:nobody: no row of the table knows it",
            ]
