"""What a relay may do with the bytes of one call, in either direction."""

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
    """Do it twice: a request a second time on a connection of its own, a reply a second time on the same one.

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
