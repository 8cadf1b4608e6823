"""The numbers of a push: how they grow after it went out, and what stops them."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from playground.mpaas_bench import BROADCAST, NOON, call, simulated

from bot.playground.mpaas.tasks import DELIVERY, MOST_KEPT, Ledger, Task

ORDER = ("PushTotalNum", "PushNum", "ArrivalNum", "OpenNum")


def pushed(platform: str = "1") -> Task:
    sim = simulated().start()
    try:
        call(sim, "PushBroadcast", {**BROADCAST, "DeliveryType": platform})
        return sim.tasks()[0]
    finally:
        sim.stop()


@pytest.mark.parametrize("platform", ["1", "2", "7"])
def test_the_numbers_grow_from_nothing_to_the_final_ones(platform: str) -> None:
    task = pushed(platform)
    seen = [task.counts(NOON + timedelta(seconds=second)) for second in range(int(DELIVERY.total_seconds()) + 1)]
    assert set(seen[0].values()) == {0}
    assert seen[-1] == task.final_counts()
    assert all(before[name] <= after[name] for before, after in pairwise(seen) for name in before)
    assert task.counts(NOON + timedelta(days=3)) == task.final_counts()


def test_no_number_is_larger_than_the_one_it_is_part_of() -> None:
    task = pushed()
    for tenth in range(601):
        counts = task.counts(NOON + timedelta(seconds=tenth / 10))
        assert [counts[name] for name in ORDER] == sorted((counts[name] for name in ORDER), reverse=True)
        assert counts["OpenNum"] + counts["IgnoreNum"] <= counts["ArrivalNum"]


def test_half_way_something_has_arrived_and_more_is_under_way() -> None:
    counts = pushed().counts(NOON + DELIVERY / 2)
    assert counts["PushTotalNum"] == 1200
    assert 0 < counts["OpenNum"] < counts["ArrivalNum"] < counts["PushNum"]


def test_a_revoked_push_reaches_nobody_more() -> None:
    task = pushed()
    revoked = replace(task, revoked_at=NOON + DELIVERY / 2)
    assert revoked.counts(NOON + DELIVERY) == task.counts(NOON + DELIVERY / 2)
    assert revoked.counts(NOON + DELIVERY) != task.final_counts()


def test_before_it_went_out_there_is_nothing_to_count() -> None:
    assert set(pushed().counts(NOON - timedelta(seconds=1)).values()) == {0}


def test_old_tasks_are_forgotten_and_waiting_ones_never() -> None:
    push = pushed().push
    waiting = replace(push, strategy_type=1, moments=(NOON + timedelta(days=1),))
    ledger = Ledger(new_id=lambda: "1", new_number=lambda: 1)
    ledger.add(waiting, NOON)
    for _ in range(2 * MOST_KEPT + 1):
        ledger.add(push, NOON)
    assert MOST_KEPT <= len(ledger.tasks) < 2 * MOST_KEPT
    assert [sub.push for sub in ledger.scheduled] == [waiting]
