"""The waits belong together: what would let a live worker lose its lease, or a live announcer its post, is refused."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mpaas.exchange import Timeouts
from bot.operations.pace import REPORTING, USUAL, Pace

SECONDS = st.floats(0.1, 60)


def test_production_waits_as_long_as_before() -> None:
    assert (
        Pace(
            calls=Timeouts(connect=2.0, write=2.0, read=5.0, total=8.0),
            slowest_start=5.0,
            lease=20.0,
            look_again=10.0,
            after_fault=30.0,
            slack_call=10,
            reserved=25,
            take_over=30.0,
        )
        == USUAL
    )


@given(SECONDS, SECONDS, SECONDS)
def test_a_lease_outlasts_the_start_the_call_and_the_report_it_is_for(start: float, total: float, lease: float) -> None:
    calls = Timeouts(total=total)
    if lease < start + total + REPORTING:
        with pytest.raises(ValueError, match="A lease of"):
            replace(USUAL, slowest_start=start, calls=calls, lease=lease)
    else:
        assert replace(USUAL, slowest_start=start, calls=calls, lease=lease).lease == lease


def test_a_reservation_outlasts_the_calls_it_is_for() -> None:
    with pytest.raises(ValueError, match="A reservation of 1 s"):
        replace(USUAL, slack_call=1, reserved=1)
    assert replace(USUAL, slack_call=1, reserved=2).reserved == 2


@pytest.mark.parametrize("wait", ["look_again", "after_fault", "slack_call", "take_over", "slowest_start"])
def test_no_wait_is_nothing(wait: str) -> None:
    with pytest.raises(ValueError, match="Every wait takes some time"):
        replace(USUAL, **{wait: 0})
