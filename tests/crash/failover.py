"""Fail-overs that lose the last writes: ``python tests/crash/failover.py [--trials N] [--sentinels] [--mutant]``.

In each trial a push is under way, the link to the replica is stalled or cut at a chosen moment, the primary is killed,
and the replica, which lacks what was written last, is promoted. Then everything that can be tended is tended, as if the
leases were over. mPaaS does not list what it was sent: its list may lag, and the promise must not hang on it.

``Forgetful`` is the mutant: a store without epoch fence and without WAIT. With it the trials must find duplicates.
"""

import argparse
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

import clock
from builders import SEALER
from crash.pair import SENTINELS, Pair, pair
from operations.bench import ACCESS_KEY, LIVE, Bench
from pydantic import SecretStr
from store.users import eventually

from bot.domain.request import BroadcastRequest, Step
from bot.domain.states import LegState, State
from bot.errors import BotError
from bot.mpaas.client import PushClient, TaskListing
from bot.mpaas.signing import Credentials
from bot.operations.context import Context
from bot.operations.tending import tend
from bot.playground.mpaas.misbehaviour import Misbehaviour
from bot.store.claims import raise_unless_stored
from bot.store.connection import answering, apart, connect
from bot.store.store import RequestStore

LEASE_OVER = timedelta(seconds=25)
"""More than a lease, less than what clocks may be apart."""

TURNS = 8
"""More than a request with two legs can need."""

Make = Callable[..., RequestStore]


class Forgetful(RequestStore):
    """A store without the two guards: it claims in whichever store it meets, and waits for no replica."""

    def claim(self, step: Step, *, commit_id: str, epoch: str) -> BroadcastRequest:  # noqa: ARG002 - that is the point
        with answering(), apart(self._client) as line:
            reply, _ = self._scripts.claim(
                step, commit_id=commit_id, epoch=self.epoch(), line=line, replicas=0, newest=self.trail_head
            )
        raise_unless_stored(reply, step)
        return step.request


class Lagging(PushClient):
    """An mPaaS whose list of tasks lags behind for longer than the trial lasts."""

    def tasks_named(self, task_name: str, *, since: datetime) -> TaskListing:
        return super().tasks_named(task_name, since=since)._replace(tasks=())


class Scene:
    """One pair, one bench, one push."""

    def __init__(self, servers: Pair, bench: Bench, context: Context) -> None:
        self.pair, self.bench, self.context = servers, bench, context
        self.ahead = timedelta()

    def submitted(self) -> BroadcastRequest:
        request = self.bench.submitted()
        self.pair.replicated()
        return request

    def approved(self) -> BroadcastRequest:
        request = self.bench.approved()
        self.pair.replicated()
        return request

    def at_the_claim(self, event: Callable[[], None]) -> Context:
        """Let something happen when every gate is open and the claim is about to be written."""
        readings: list[float] = []

        def stopwatch() -> float:
            if not readings:
                event()
            readings.append(0.0)
            return 0.0

        return replace(self.context, stopwatch=stopwatch)

    def while_mpaas_works(self, request: BroadcastRequest, event: Callable[[], None]) -> None:
        """Let something happen when mPaaS has executed a push and the worker has not reported it."""
        mpaas = self.bench.mpaas
        mpaas.misbehave(Misbehaviour(kind="hang", action="PushBroadcast"))
        no_patience = replace(self.context, pause=_give_up)
        worker = threading.Thread(target=_tend_until_it_breaks, args=(no_patience, request), daemon=True)
        worker.start()
        assert mpaas.journal.wait(lambda _: bool(self.bench.pushes()), seconds=30)
        event()
        mpaas.let_go()
        worker.join(30)

    def tend_all(self, request: BroadcastRequest) -> BroadcastRequest:
        """Tend for as long as anything can come of it, when every lease is over."""
        self.ahead = LEASE_OVER
        for _ in range(TURNS):
            tend(self.context, request.id)
        return self.bench.now(request)

    def duplicates(self) -> int:
        return sum(count > 1 for count in self.bench.executed().values())


class _GivenUp(Exception):
    """Tell that a worker was stopped while it tried to report."""


def _give_up(_: float) -> None:
    raise _GivenUp


def _tend_until_it_breaks(context: Context, request: BroadcastRequest) -> None:
    try:
        tend(context, request.id)
    except (_GivenUp, BotError):
        return


# What is lost --------------------------------------------------------------------------------------------------------


def claim_unconfirmed(scene: Scene) -> Iterator[str]:
    """The replica is silent when the claim is written: WAIT is not satisfied, and nothing is sent, before or after."""
    request = scene.approved()
    tend(scene.at_the_claim(scene.pair.link.stall), request.id)
    yield from _not(scene.bench.executed() != {}, "sent although no replica confirmed the claim")
    scene.pair.fail_over()
    after = scene.tend_all(request)
    yield from _not(after.state is not State.HELD, f"ends as {after.state}")
    yield from _not(scene.bench.executed() != {}, "sent after the fail-over")


def alone_at_the_claim(scene: Scene) -> Iterator[str]:
    """The replica was lost before the claim: what the primary alone would write, the fail-over would lose."""
    request = scene.approved()
    scene.pair.link.cut()
    _lone(scene)
    tend(scene.context, request.id)
    yield from _waits_unsent(scene, request)
    scene.pair.fail_over()
    after = scene.tend_all(request)
    yield from _not(after.state is not State.HELD, f"ends as {after.state}")
    yield from _not(scene.bench.executed() != {}, "sent after the fail-over")


def _waits_unsent(scene: Scene, request: BroadcastRequest) -> Iterator[str]:
    waiting = scene.bench.now(request)
    yield from _not(scene.bench.executed() != {}, "sent by a primary that has lost its replica")
    yield from _not("lost its replicas" not in str(waiting.remark), "the card does not say why it waits")


def report_lost(scene: Scene) -> Iterator[str]:
    """Claim confirmed, push executed, report lost: the leg becomes unknown, the other one is held."""
    request = scene.approved()
    scene.while_mpaas_works(request, scene.pair.link.stall)
    scene.pair.fail_over()
    after = scene.tend_all(request)
    states = [leg.state for leg in after.legs]
    yield from _not(states != [LegState.UNKNOWN, LegState.HELD], f"legs end as {states}")
    yield from _not(sum(scene.bench.executed().values()) != 1, "not sent once")


def approval_lost(scene: Scene) -> Iterator[str]:
    """The vote was acknowledged and is gone: the request waits for another, then for a replica, and is sent once."""
    request = scene.submitted()
    scene.pair.link.stall()
    scene.bench.approve(request)
    scene.pair.fail_over()
    waiting = scene.tend_all(request)
    yield from _not(waiting.state is not State.PENDING_APPROVAL, f"without its vote it is {waiting.state}")
    yield from _not(scene.bench.executed() != {}, "sent without a vote")
    scene.ahead = timedelta()
    scene.bench.approve(scene.bench.now(request))
    tend(scene.context, request.id)
    yield from _waits_unsent(scene, request)
    scene.pair.old_one_follows()
    after = scene.tend_all(request)
    yield from _not(after.state is not State.SENT, f"ends as {after.state}")


def failed_back(scene: Scene) -> Iterator[str]:
    """The old process is primary again: the same run_id, but another line of replication, and what it wrote is gone."""
    request = scene.approved()
    life = scene.context.store.epoch().split(":")
    scene.pair.link.cut()
    _lone(scene)
    tend(scene.context, request.id)
    yield from _waits_unsent(scene, request)
    scene.pair.promote_second()
    scene.pair.fail_back()
    again = scene.context.store.epoch().split(":")
    yield from _not((again[0], again[1] != life[1]) != (life[0], True), "not the same process with another line")
    after = scene.tend_all(request)
    yield from _not(after.state is not State.HELD, f"ends as {after.state}")
    yield from _not(scene.bench.executed() != {}, "sent after the fail-back")


def replica_is_back(scene: Scene) -> Iterator[str]:
    """A replica was away for a moment: the request waits for it, and is sent."""
    request = scene.approved()
    scene.pair.link.cut()
    _lone(scene)
    tend(scene.context, request.id)
    yield from _waits_unsent(scene, request)
    scene.pair.link.mend()
    eventually(lambda: scene.pair.first.replicas == 1, "the replica is back")
    scene.pair.replicated()
    after = scene.tend_all(request)
    yield from _not(after.state is not State.SENT, f"ends as {after.state}")


def split_brain(scene: Scene) -> Iterator[str]:
    """Both servers live as primaries that know nothing of each other, and each takes an approval and has a worker."""
    request = scene.submitted()
    scene.pair.link.cut()
    _lone(scene)
    with connect(scene.pair.first.server.url) as client:
        other = replace(scene.context, store=type(scene.context.store)(client, sealer=SEALER, ahead=clock.ahead))
        scene.bench.approve(request, context=other)
        scene.pair.promote_second()
        scene.bench.approve(request)
        for context in (other, scene.context):
            tend(context, request.id)
    yield from _not(scene.duplicates() > 0, "both sides sent")


SCENES: dict[str, Callable[[Scene], Iterator[str]]] = {
    "claim unconfirmed": claim_unconfirmed,
    "alone at the claim": alone_at_the_claim,
    "report lost": report_lost,
    "approval lost": approval_lost,
    "failed back": failed_back,
    "replica is back": replica_is_back,
    "split brain": split_brain,
}


KILLED = frozenset({"claim unconfirmed", "alone at the claim", "report lost", "approval lost"})
"""The scenes in which the primary is killed, so that sentinels have something to do; in others the test promotes."""


def _not(wrong: bool, sentence: str) -> Iterator[str]:
    if wrong:
        yield sentence


def _lone(scene: Scene) -> None:
    """Wait until the primary knows that its replica is gone."""
    eventually(lambda: scene.pair.first.replicas == 0, "the primary is alone")


# Trials --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trial:
    """Say what came of one fail-over."""

    name: str
    duplicates: int
    found: tuple[str, ...]
    seconds: float


@contextmanager
def scene(folder: Path, *, sentinels: int = 0, make: Make = RequestStore) -> Iterator[Scene]:
    """Put up a pair and a bench on it, whose mPaaS lists nothing."""
    with pair(folder, sentinels=sentinels) as servers, connect(servers.url) as client:
        stage: list[Scene] = []
        store = make(client, sealer=SEALER, ahead=lambda: clock.ahead() + (stage[0].ahead if stage else timedelta()))
        with Bench(store, folder) as bench:
            lagging = Lagging(
                bench.mpaas.url,
                Credentials(ACCESS_KEY[0], SecretStr(ACCESS_KEY[1])),
                app_id=LIVE.app_id,
                workspace_id=LIVE.workspace_id,
                now=clock.now,
                nonce=bench.context.mint,
            )
            try:
                stage.append(Scene(servers, bench, replace(bench.context, clients={"live": lagging})))
                yield stage[0]
            finally:
                lagging.close()


def tried(name: str, folder: Path, *, sentinels: int = 0, make: Make = RequestStore) -> Trial:
    """Try one fail-over."""
    begun = time.monotonic()
    with scene(folder, sentinels=sentinels, make=make) as playing:
        found = tuple(SCENES[name](playing))
        return Trial(name, playing.duplicates(), found, time.monotonic() - begun)


def main(arguments: Sequence[str] | None = None) -> int:
    """Try fail-overs, print a table and the sums; return 0 only if none sent twice and all ended as they must."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--trials", type=int, default=20, metavar="N", help="how many, all kinds in turn (default 20)")
    parser.add_argument("--sentinels", action="store_true", help="let three sentinels promote instead of the test")
    parser.add_argument("--mutant", action="store_true", help="without fence and WAIT: duplicates are expected")
    chosen = parser.parse_args(arguments)
    begun, trials = time.monotonic(), list[Trial]()
    for number in range(chosen.trials):
        with tempfile.TemporaryDirectory(prefix="failover-") as folder:
            name = list(SCENES)[number % len(SCENES)]
            trial = tried(
                name,
                Path(folder),
                sentinels=SENTINELS if chosen.sentinels and name in KILLED else 0,
                make=Forgetful if chosen.mutant else RequestStore,
            )
        trials.append(trial)
        row = f"{trial.seconds:5.1f} s  {trial.name:<20} {trial.duplicates} sent twice  {'; '.join(trial.found)}"
        print(row.rstrip(), flush=True)
    twice, wrong = sum(trial.duplicates > 0 for trial in trials), sum(bool(trial.found) for trial in trials)
    kinds = Counter(trial.name for trial in trials)
    sums = f"{len(trials)} fail-overs of {len(kinds)} kinds, {twice} with duplicates, {wrong} ended otherwise"
    print(f"{sums}, in {time.monotonic() - begun:.0f} s")
    return int(not twice) if chosen.mutant else int(bool(twice or wrong))


if __name__ == "__main__":
    sys.exit(main())
