"""No test leaves this machine: what counts as this machine, and what happens to a test that tries to leave it."""

import ipaddress
from typing import Any


class LeftTheMachine(BaseException):
    """A test tried to reach another machine. No code under test can mistake this for a failed connection."""


def is_loopback(address: Any) -> bool:
    """Tell whether an address of a socket is on this machine: a path, or a loopback host."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0]).partition("%")[0]
    try:
        return host in {"localhost", ""} or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def stay_here(event: str, arguments: tuple[Any, ...]) -> None:
    """Raise for a connection that leaves the machine; an audit hook (``sys.addaudithook``)."""
    if event in {"socket.connect", "socket.sendto"} and not is_loopback(arguments[1]):
        raise LeftTheMachine(f"{event} to {arguments[1]}")
