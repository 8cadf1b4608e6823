"""A long life in a short time: many requests through real processes with random faults, and what they leave behind.

Run: ``make soak``, or in ``tests``: ``python -m soak.run [requests] [--seed N] [--batch N] [--minutes N]``. Real
processes (two that listen to Slack, three that send and announce), an embedded store, simulated Slack and mPaaS,
everything on loopback; it ends by itself after so many requests or minutes. People ask, approve, reject and settle as
fast as they can. After each batch the run waits until all is quiet and asks: has every request ended, was every leg
executed once or never, as the store says, does every card say so, are all keys documented and will they expire, and is
memory flat? If not, its status is 1.
"""

import argparse
import random  # noqa: TID251 - a plan that can be repeated, no secret
import statistics
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial

from crash.theatre import FAST
from soak import crowd, watching
from soak.faults import MORTAL, Faults
from soak.people import Office

from bot.domain.content import RequestId
from bot.domain.sending import SIGNATURE_LIVES, unsettled
from bot.domain.states import SETTLED_STATES, State
from bot.errors import StoreUnavailable
from bot.playground.stage import Stage
from bot.store.connection import connect, facts
from bot.store.store import RequestStore

PROCESSES = (("slack",), ("worker",), ("slack",), ("worker",), ("worker",))
AT_ONCE = 8
"""People who act at the same time."""

QUIET = 120.0
"""Seconds in which everything must have come to rest after a batch: leases and deliveries that are taken over."""

GROWTH = 1.15
"""How much more memory a process may have at the end than after the first quarter: fragments, not a leak."""

_OPEN = tuple(state for state in State if state not in SETTLED_STATES)


@dataclass
class Run:
    """Hold what a run has found."""

    requests: int = 0
    wrong: list[str] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    executed: int = 0
    duplicates: int = 0
    samples: list[watching.Sample] = field(default_factory=list)
    seconds: float = 0.0


class Soak:
    """Play batches of requests on one stage."""

    def __init__(self, stage: Stage, store: RequestStore, *, seed: int) -> None:
        self._stage = stage
        self._store = store
        self._dice = random.Random(seed)  # noqa: S311 - a plan that can be repeated, no secret
        self._seed = seed
        self._office = Office(stage.slack, store, threading.Event())
        self._failed: deque[str] = deque()
        self._batches = 0
        self.run = Run()

    def batch(self, size: int) -> None:
        """Play so many requests, wait until all is quiet, and look at everything."""
        began = time.monotonic()
        self._batches += 1
        faults = Faults(self._stage, self._seed + self._batches)
        faults.start()
        try:
            asked = self._ask_all(size)
        finally:
            faults.stop()
        self.run.faults += faults.happened
        self._bring_to_an_end(asked)
        self._look(asked)
        self._forget_messages()
        self.run.seconds += time.monotonic() - began

    def _ask_all(self, size: int) -> list[RequestId]:
        """Let several people at once ask and decide."""
        asked: list[RequestId] = []
        plans = [(number, self._plan()) for number in range(size)]
        _share([partial(self._ask, number, *plan, asked) for number, plan in plans])
        return asked

    def _plan(self) -> tuple[str, str]:
        platforms = self._dice.choices(("android,ios", "android", "all"), (6, 3, 1))[0]
        return platforms, self._dice.choices(("approve", "reject"), (12, 1))[0]

    def _ask(self, number: int, platforms: str, says: str, asked: list[RequestId]) -> None:
        try:
            stored = self._office.ask(crowd.ASKING[number % crowd.SIZE], platforms)
            asked.append(stored)
            self._office.decide(crowd.DECIDING[number % crowd.SIZE], stored, says=says)
        except Exception as error:  # noqa: BLE001 - told at the end; the others go on
            self._failed.append(f"request {number}: {type(error).__name__}: {error}")

    def _bring_to_an_end(self, asked: list[RequestId]) -> None:
        """Wait for the machines, then let people settle what they have to, and wait again."""
        self._wait(self._at_rest, "the machines")
        if self._open():
            # A quarter of an hour later people may also say that something did not go out.
            self._stage.advance(SIGNATURE_LIVES.total_seconds() + 60)
            still_open = self._open()
            _share([partial(self._end_by_hand, number, request_id) for number, request_id in enumerate(still_open)])
            asked += set(still_open) - set(asked)  # stored, though nobody was told: its asker asked anew
        self._wait(lambda: self._at_rest() and not self._open(), "the ends")

    def _open(self) -> list[RequestId]:
        return [request.id for request in self._store.list_requests(states=_OPEN, limit=10_000)]

    def _end_by_hand(self, number: int, request_id: RequestId) -> None:
        request = self._store.get(request_id)
        person = crowd.DECIDING[number % crowd.SIZE]
        try:
            if request.state is State.PENDING_APPROVAL:
                self._office.decide(person, request_id, says="reject")
            elif request.state in {State.OUTCOME_UNKNOWN, State.HELD}:
                executed = self._stage.mpaas.journal.executed_by_msgkey()
                sent = {leg.platform: bool(executed.get(leg.msgkey)) for leg in unsettled(request)}
                self._office.settle(person, request_id, sent)
        except Exception as error:  # noqa: BLE001 - told at the end
            self._failed.append(f"{request_id} ({request.state}): {type(error).__name__}: {error}")

    def _at_rest(self) -> bool:
        moving = (State.APPROVED, State.SENDING)
        return not self._store.list_requests(states=moving, limit=1) and self._store.notices_waiting() == 0

    def _wait(self, so: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + QUIET
        while time.monotonic() < deadline:
            try:
                if so():
                    return
            except StoreUnavailable:
                pass
            self._office.pause(0.1)
        self._failed.append(f"{what} did not come to rest within {QUIET:.0f} s")

    def _look(self, asked: list[RequestId]) -> None:
        run, journal = self.run, self._stage.mpaas.journal
        run.requests += len(asked)
        run.wrong += [*self._failed, *watching.wrongs(asked, self._store, journal, self._stage.slack)]
        self._failed.clear()
        run.ends += Counter(self._store.get(request_id).state.value for request_id in asked)
        counts = journal.executed_by_msgkey()
        run.executed += sum(counts.values())
        run.duplicates += sum(count - 1 for count in counts.values())
        with connect(f"unix://{self._stage.directory / 'var' / 'valkey.sock'}") as client:
            run.wrong += watching.keys_without_reason(client)
            memory = facts(client, "memory", "keyspace")
            keys = sum(about["keys"] for name, about in memory.items() if name.startswith("db"))
            immortal = {one.name: one.pid for one in self._stage.processes() if one.name not in MORTAL}
            sizes = {name: watching.resident(pid) for name, pid in immortal.items()}
            run.samples.append(watching.Sample(run.requests, sizes, int(memory["used_memory"]) / 2**20, keys))

    def _forget_messages(self) -> None:
        """Take the messages and counts of a batch away: the simulators stand for services that forget by themselves."""
        world = self._stage.slack.world
        with world.lock:
            world.messages.clear()
            world.ephemerals.clear()
            world.message_state.clear()
        self._stage.mpaas.journal.clear()


def _share(deeds: Iterable[Callable[[], None]]) -> None:
    """Let several people at once do all of it, each one after the other."""
    with ThreadPoolExecutor(AT_ONCE) as hands:
        for done in [hands.submit(deed) for deed in deeds]:
            done.result()


def leaks(run: Run) -> list[str]:
    """Say which process has grown: the last quarter's median against the second's; nothing with too few samples."""
    quarter = len(run.samples) // 4
    if not quarter:
        return []
    found = []
    for name in run.samples[0].processes:
        before = statistics.median(one.processes[name] for one in run.samples[quarter : 2 * quarter])
        after = statistics.median(one.processes[name] for one in run.samples[-quarter:])
        if after > before * GROWTH:
            found.append(f"{name} grew from {before:.0f} to {after:.0f} MiB")
    return found


def soak(requests: int, *, batch: int, seed: int, minutes: float, tell: Callable[[str], object] = print) -> Run:
    """Run until so many requests or minutes are over, and return what was found."""
    deadline = time.monotonic() + minutes * 60
    with ExitStack() as stack:
        stage = stack.enter_context(
            Stage(processes=PROCESSES, targets={"live": crowd.RULES}, cast=crowd.COMPANY, pace=FAST)
        )
        playing = Soak(stage, stack.enter_context(stage.store()), seed=seed)
        while playing.run.requests < requests and time.monotonic() < deadline:
            playing.batch(min(batch, requests - playing.run.requests))
            tell(_line(playing.run))
    playing.run.wrong += leaks(playing.run)
    return playing.run


def _line(run: Run) -> str:
    last = run.samples[-1]
    memory = ", ".join(f"{name} {size:.0f}" for name, size in last.processes.items())
    return (
        f"{run.requests:>6} requests in {run.seconds:>5.0f} s, {run.executed} pushes executed, "
        f"{run.duplicates} duplicates, {len(run.wrong)} wrong; MiB: {memory}, store {last.store:.1f} ({last.keys} keys)"
    )


def table(run: Run) -> list[str]:
    """Write what was found."""
    ends = ", ".join(f"{count} {state}" for state, count in run.ends.most_common())
    faults = ", ".join(f"{count} x {name}" for name, count in run.faults.most_common())
    return [
        f"requests            {run.requests} in {run.seconds:.0f} s",
        f"faults              {faults}",
        f"ends                {ends}",
        f"pushes executed     {run.executed}, {run.duplicates} duplicates, {len(run.wrong)} wrong",
        *(f"                    {one}" for one in run.wrong[:20]),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Many requests through real processes with random faults.")
    parser.add_argument("requests", type=int, nargs="?", default=20_000)
    parser.add_argument("--batch", type=int, default=1000, help="requests between two looks at everything (1000)")
    parser.add_argument("--seed", type=int, default=1, help="of the plan of faults (1)")
    parser.add_argument("--minutes", type=float, default=170.0, help="the longest the run may take (170)")
    said = parser.parse_args(arguments)
    found = soak(said.requests, batch=said.batch, seed=said.seed, minutes=said.minutes)
    print(*table(found), sep="\n")  # noqa: T201 - a command that prints
    return 1 if found.wrong or found.duplicates else 0


if __name__ == "__main__":
    raise SystemExit(main())
