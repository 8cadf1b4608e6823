"""One call, what a relay may do with its bytes in either direction, and the plan that says so."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Pass:
    """Pass them on as they are."""


@dataclass(frozen=True)
class Drop:
    """Pass nothing on, and close both sides: politely, or with a reset."""

    reset: bool = False


@dataclass(frozen=True)
class Hold:
    """Wait so many seconds, then pass them on, whether or not anybody still waits for them."""

    seconds: float


@dataclass(frozen=True)
class Cut:
    """Pass on the first ``at`` bytes, all but the last of them for -1, and close both sides."""

    at: int
    reset: bool = False


@dataclass(frozen=True)
class Twice:
    """Do it twice: a request a second time on a connection of its own, a reply a second time right behind the first.

    Of a request that is said twice the caller hears the first answer, or the second one (``hears_second``).
    """

    hears_second: bool = False


@dataclass(frozen=True)
class Garble:
    """Pass on other bytes."""

    change: Callable[[bytes], bytes]


@dataclass(frozen=True)
class Drip:
    """Pass them on in pieces of ``size`` bytes, and wait so many seconds after each."""

    seconds: float
    size: int = 1


Deed = Pass | Drop | Hold | Cut | Twice | Garble | Drip

PASS: Final = Pass()
DROP: Final = Drop()
RESET: Final = Drop(reset=True)
TWICE: Final = Twice()


@dataclass(frozen=True)
class Call:
    """One call as it arrived. ``number`` counts the relay's calls from 1, ``connection`` its connections.

    ``name`` says what was asked: "EVALSHA", "MULTI,XACK,XDEL,EXEC", "PushBroadcast", "chat.postMessage".
    """

    link: str
    number: int
    connection: int
    name: str
    said: bytes


class Plan:
    """Decide what becomes of each call; this one lets everything pass. Both may block; each connection has a thread."""

    def asked(self, call: Call) -> Deed:  # noqa: ARG002 - for those who decide otherwise
        """Say what to do with a whole call, of which nothing was forwarded yet."""
        return PASS

    def answered(self, call: Call, reply: bytes) -> Deed:  # noqa: ARG002 - likewise
        """Say what to do with the server's whole reply, of which nothing was passed back yet."""
        return PASS


HONEST = Plan()
