"""The limit on a whole call: what is left of it, and what happens to an exchange when it is over."""

import socket
from types import SimpleNamespace

import pytest

from bot.mpaas.deadline import Deadline, TooLate


class _Clock:
    """Stand still until it is set."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


def test_what_is_left_shrinks_with_the_clock_and_never_below_zero() -> None:
    clock = _Clock()
    deadline = Deadline(8.0, monotonic=clock)
    assert deadline.remaining() == 8.0
    clock.time = 105.0
    assert deadline.remaining() == 3.0
    clock.time = 200.0
    assert deadline.remaining() == 0.0


def test_a_wait_is_allowed_when_time_is_left_after_it() -> None:
    deadline = Deadline(8.0, monotonic=_Clock())
    assert deadline.allows(7.9)
    assert not deadline.allows(8.0)


def test_in_time_a_request_may_be_written() -> None:
    with Deadline(8.0, monotonic=_Clock()).watching() as trace:
        trace("http11.send_request_headers.started", {})


def test_too_late_no_request_is_written() -> None:
    clock = _Clock()
    with Deadline(8.0, monotonic=clock).watching() as trace:
        clock.time = 108.0
        with pytest.raises(TooLate):
            trace("http11.send_request_headers.started", {})


@pytest.mark.parametrize("event", ["connection.connect_tcp.complete", "connection.start_tls.complete"])
def test_at_the_deadline_a_blocked_read_ends(event: str) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, Deadline(0.05, monotonic=_Clock()).watching() as trace:
        trace(event, {"return_value": SimpleNamespace(get_extra_info=lambda _: ours)})
        ours.settimeout(10)
        assert ours.recv(1) == b""
