"""An embedded server ends with its last user, however that one ends, and not before."""

import os
import signal
from pathlib import Path

import pytest
from store.users import another_process, is_running, pid_of, watching

from bot.store.embedded import EmbeddedValkey


def test_it_stays_while_somebody_uses_it_and_ends_with_the_last(tmp_path: Path) -> None:
    starter, guest = EmbeddedValkey(tmp_path), EmbeddedValkey(tmp_path)
    url = starter.ensure()
    guest.ensure()
    starter.stop()
    assert is_running(url)
    with watching(url) as watch:
        guest.stop()
        assert watch.recv(1) == b""


def test_when_the_only_user_stops_it_has_ended(tmp_path: Path) -> None:
    server = EmbeddedValkey(tmp_path)
    url = server.ensure()
    pid = pid_of(url)
    server.stop()
    server.stop()
    assert not is_running(url)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_it_ends_when_its_starter_is_killed(tmp_path: Path) -> None:
    with another_process(tmp_path) as starter:
        url = starter.stdout.readline().strip()
        with watching(url) as watch:
            starter.send_signal(signal.SIGKILL)
            assert watch.recv(1) == b""
    with EmbeddedValkey(tmp_path) as server:
        assert is_running(server.ensure())


def test_a_starter_that_is_killed_does_not_take_it_from_the_others(tmp_path: Path) -> None:
    with another_process(tmp_path) as starter:
        url = starter.stdout.readline().strip()
        with EmbeddedValkey(tmp_path) as guest:
            pid = pid_of(guest.ensure())
            starter.kill()
            starter.wait()
            assert pid_of(url) == pid


def test_an_interrupt_from_the_terminal_does_not_reach_it(tmp_path: Path) -> None:
    """Ctrl-C goes to everybody in the foreground; the bot still has something to store then."""
    with EmbeddedValkey(tmp_path) as server:
        assert os.getpgid(pid_of(server.ensure())) != os.getpgid(0)
