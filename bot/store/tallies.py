"""What somebody did lately: counters and marks that forget themselves.

Real seconds of the server: a flood is a matter of this very moment, however far ahead the clock is.
"""

from typing import NamedTuple

from bot.store.connection import answering
from bot.store.room import Room


class Tally(NamedTuple):
    """How many times, the present one included, and in how many seconds it begins anew."""

    times: int
    seconds_left: int


class Tallies(Room):
    """Count what people do, and know again what came before."""

    def take_once(self, command: str, *, by: str, seconds: int) -> bool:
        """Take a command for the first time; False when somebody took it before, so many seconds ago at most.

        ``by`` names this very attempt, so that one whose answer was lost may be repeated.
        """
        with answering():
            before = self._client.set(self._keys.taken(command), by, nx=True, get=True, ex=seconds)
        return before is None or str(before) == by

    def tally(self, kind: str, person: str, *, seconds: int) -> Tally:
        """Count one more of a kind; the count ends so many seconds after its first. A repeated call counts twice."""
        key = self._keys.tally(kind, person)
        with answering():
            asked = self._client.pipeline(transaction=True)
            asked.incr(key)
            asked.expire(key, seconds, nx=True)
            asked.pttl(key)
            count, _, left = asked.execute()
        return Tally(int(count), max(1, -(-int(left) // 1000)))
