"""Kill -9 at random moments under load: ``python tests/crash/random_kills.py [--rounds 1000] [--seed S]``.

Two people ask and two approve without a pause, two processes listen to Slack and two workers send. In each round one or
two of the processes are killed at a moment that the seed chooses, and started again. After every wave of rounds
everything must come to its end, and everything is compared.
"""

import argparse
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from queue import Empty, Queue
from random import Random  # noqa: TID251 - rounds that can be played again need a seed
from typing import Self

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

from crash.findings import DUPLICATE, ENDS, LOST, WRONG, Journals, findings
from crash.people import Somebody, marker
from crash.relayed import FAST

from bot.domain.content import RequestId
from bot.domain.states import SETTLED_STATES, LegState
from bot.mpaas.exchange import Timeouts
from bot.playground.bot_settings import Rules
from bot.playground.cast import ANA, BO, CHEN, DANA, MARKETING, Person
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.playground.stage import Stage
from bot.store.store import RequestStore

MACHINE = (("slack",), ("worker",))
TARGETS = {
    "live": Rules(veto="0s", requesters=(MARKETING.id,)),
    "double": Rules(veto="0s", quorum=2, requesters=(MARKETING.id,)),
}
WHAT = "outage city=Berlin time=18:00 --to android,ios --audience attached --within 60d --expires 3h"
PACE = replace(FAST, calls=Timeouts(read=3.0, total=4.0), slowest_start=4.0, lease=10.0)
"""Here leases end by themselves; a busy machine must not look like a dead worker."""

SLOW = Misbehaviour(kind="slow", action="PushBroadcast", seconds=0.15, times=None)
"""mPaaS takes its time for every push, so that many kills fall into a call."""

IN_FLIGHT = 6
"""Requests that are asked for before others have ended."""

WAVE = 20
"""Rounds after which everything must come to its end."""

LONGEST_WAIT, LONGEST_DOWN, BOTH = 0.8, 0.3, 0.25
"""Seconds before a kill and before a start, at most; how often two processes are killed at once."""

PATIENCE, LOOK = 60.0, 0.05
"""Seconds in which everything must come to its end, and between two looks."""


@dataclass
class Tally:
    """Count what happened, and keep what was found."""

    rounds: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    unknown: int = 0
    broken: int = 0
    found: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kinds = Counter(sentence.partition(":")[0] for sentence in self.found)
        kills = ", ".join(f"{name} {count}" for name, count in sorted(self.kills.items()))
        return (
            f"{self.rounds} rounds, {self.kills.total()} kills ({kills}), {self.requests} requests, "
            f"{self.unknown} legs unknown, {self.broken} presses repeated, {kinds[DUPLICATE]} duplicates, "
            f"{kinds[LOST]} losses, {kinds[WRONG]} wrong"
        )


class Load:
    """Let people ask and approve, each in a thread of their own, until they are asked to stop."""

    def __init__(self, stage: Stage, store: RequestStore) -> None:
        self._stage, self._store = stage, store
        self._stopping = threading.Event()
        self.ids: list[RequestId] = []
        self._to_approve: dict[str, Queue[tuple[RequestId, str]]] = {BO.id: Queue(), CHEN.id: Queue()}
        self._people: list[Somebody] = []
        self.failures: list[str] = []
        askers = {"live": self._somebody(ANA), "double": self._somebody(DANA)}
        self._asking = [self._thread(partial(self._ask, one, target)) for target, one in askers.items()]
        self._approving = [self._thread(partial(self._approve, self._somebody(one), one)) for one in (BO, CHEN)]

    def __enter__(self) -> Self:
        for thread in (*self._asking, *self._approving):
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Let nobody ask for more, and everything be approved that was asked for."""
        self._stopping.set()
        for thread in (*self._asking, *self._approving):
            thread.join(PATIENCE)

    @property
    def broken(self) -> int:
        return sum(one.broken for one in self._people)

    @property
    def wrong(self) -> list[str]:
        return [f"{WRONG}: {sentence}" for one in self._people for sentence in one.wrong]

    def _somebody(self, person: Person) -> Somebody:
        self._people.append(Somebody(self._stage, person, self._store, calm=self._calm))
        return self._people[-1]

    def _thread(self, work: Callable[[], None]) -> threading.Thread:
        def guarded() -> None:
            try:
                work()
            except Exception as error:  # noqa: BLE001 - whatever stopped a person is a finding
                self.failures.append(f"{LOST}: {type(error).__name__}: {error}")

        return threading.Thread(target=guarded, daemon=True)

    def _ask(self, somebody: Somebody, target: str) -> None:
        while not self._stopping.is_set():
            if self._in_flight() >= IN_FLIGHT:
                self._stopping.wait(LOOK)
                continue
            request_id = somebody.asks(f"{WHAT} --target {target}")
            self.ids.append(request_id)
            for queue in self._to_approve.values():
                queue.put((request_id, target))

    def _approve(self, somebody: Somebody, person: Person) -> None:
        while True:
            try:
                request_id, target = self._to_approve[person.id].get(timeout=LOOK)
            except Empty:
                if self._stopping.is_set() and not any(thread.is_alive() for thread in self._asking):
                    return
            else:
                somebody.approves(request_id, typing=target)

    def _in_flight(self) -> int:
        return sum(self._store.get(one).state not in ENDS for one in self.ids[-2 * IN_FLIGHT :])

    def _calm(self) -> None:
        """Wait until Slack reaches the bot again."""
        try:
            self._stage.slack.wait_until(lambda: self._stage.slack.sockets, timeout=10.0)
        except TimeoutError:
            return


def wave(stage: Stage, store: RequestStore, *, rounds: int, dice: Random, tally: Tally) -> None:
    """Kill for some rounds under load, let everything come to its end, and compare."""
    stage.mpaas.journal.clear()
    with Load(stage, store) as load:
        for _ in range(rounds):
            _round(stage, dice, tally)
    _until(lambda: all(store.get(one).state in ENDS for one in load.ids) and not store.notices_waiting())
    journals = Journals.of(stage)
    tally.found += [*load.failures, *load.wrong]
    for request_id in load.ids:
        tally.found += findings(journals, store, request_id)
        tally.unknown += sum(leg.state is LegState.UNKNOWN for leg in store.get(request_id).legs)
    tally.found += _doubtful(store, load, tally)
    tally.rounds += rounds
    tally.requests += len(load.ids)
    tally.broken += load.broken
    _forget(stage, {one for one in load.ids if store.get(one).state in SETTLED_STATES})


def _forget(stage: Stage, ids: set[RequestId]) -> None:
    """Take the messages of requests away whose life is over: who looks for a card would look through more and more."""
    world = stage.slack.world
    with world.lock:
        for shelf in world.messages.values():
            for ts in [ts for ts, message in shelf.items() if marker(message)[0] in ids]:
                del shelf[ts]


def _doubtful(store: RequestStore, load: Load, tally: Tally) -> Iterator[str]:
    """Find what nobody would expect: another end than sent without a worker's death, or more of them than deaths."""
    for request_id in load.ids:
        request = store.get(request_id)
        if any(leg.state not in {LegState.ACCEPTED, LegState.UNKNOWN} for leg in request.legs):
            yield f"{LOST}: {request_id} is {request.state}: {', '.join(leg.state for leg in request.legs)}"
    deaths = sum(count for name, count in tally.kills.items() if name.startswith("worker"))
    if tally.unknown > deaths:
        yield f"{WRONG}: {tally.unknown} legs are unknown after {deaths} deaths of workers"


def _round(stage: Stage, dice: Random, tally: Tally) -> None:
    never = threading.Event()
    never.wait(dice.uniform(0, LONGEST_WAIT))
    names = sorted(process.name for process in stage.processes())
    victims = dice.sample(names, 2 if dice.random() < BOTH else 1)
    for name in victims:
        stage.kill(name)
    tally.kills.update(victims)
    never.wait(dice.uniform(0, LONGEST_DOWN))
    for name in victims:
        stage.revive(name)


def _until(condition: Callable[[], bool]) -> None:
    deadline, never = time.monotonic() + PATIENCE, threading.Event()
    while not condition() and time.monotonic() < deadline:
        never.wait(LOOK)


@contextmanager
def crowd() -> Iterator[tuple[Stage, RequestStore]]:
    """Put up two machines, each with both kinds of processes."""
    with ExitStack() as stack:
        stage = stack.enter_context(Stage(processes=MACHINE * 2, targets=TARGETS, pace=PACE))
        stage.mpaas.misbehave(SLOW)
        yield stage, stack.enter_context(stage.store())


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the rounds, print the sums after every wave; return 0 only if nothing was found."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--rounds", type=int, default=1000, metavar="N", help="rounds to play (default 1000)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="seed of the dice (default 1)")
    chosen = parser.parse_args(arguments)
    dice, tally, begun = Random(chosen.seed), Tally(), time.monotonic()  # noqa: S311 - dice, not secrets
    with crowd() as (stage, store):
        while tally.rounds < chosen.rounds:
            wave(stage, store, rounds=min(WAVE, chosen.rounds - tally.rounds), dice=dice, tally=tally)
            print(f"{time.monotonic() - begun:6.0f} s  seed {chosen.seed}: {tally}", flush=True)
    print(*tally.found, sep="\n")
    return int(bool(tally.found))


if __name__ == "__main__":
    sys.exit(main())
