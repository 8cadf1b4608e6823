"""Kind 0: a suite that is red at some hour. What is tested goes by one clock, which a run is told."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import clock
import pytest
from builders import REQUEST_ID, a_line, a_step
from operations.bench import Bench

from bot.operations import auditing
from bot.store.store import RequestStore

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_store_bot_slack_and_mpaas_go_by_the_clock_of_the_tests(store: RequestStore, tmp_path: Path) -> None:
    """A test compared a day by one clock with a day by another, and failed for eight hours of each day."""
    with Bench(store, tmp_path) as bench:
        told = [store.now(), bench.context.machine_now(), bench.slack.world.now(), bench.mpaas.now()]
    assert all(abs(clock.now() - moment) < timedelta(minutes=1) for moment in told)


@pytest.mark.parametrize("hour", range(24))
def test_a_day_of_the_export_begins_in_the_configured_zone_at_every_hour(store: RequestStore, hour: int) -> None:
    """From 16:00 UTC on it is tomorrow in Asia/Shanghai: yesterday's line was asked for by UTC's day and not found."""
    at = clock.BEGIN.replace(hour=hour)
    store.commit(a_step(line=a_line(at=at)), commit_id="c1")
    begins = at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0)
    assert [row["request"] for row in auditing.rows(store, since=begins)] == [REQUEST_ID]
    assert list(auditing.rows(store, since=begins + timedelta(days=1))) == []
